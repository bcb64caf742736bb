//! Every value that another product made: the right password is right, one with a changed letter is wrong,
//! and whatever is refused is refused for the reason that stands here.

use std::collections::BTreeSet;

use vestibule_recipes::{Bounds, ForeignHash, Refusal};

use super::fixture::{Fixture, STRICT, WITH_WEAK, WITHOUT_BOUNDS};

/// How many there are. One that is left out is a mistake.
const ALL: usize = 271;

/// Those that are refused whatever the terms, by their place in the file.
const REFUSED: &[(usize, &str, &str)] = &[
    (3, "second_factor", "better-auth's TOTP secret"),
    (11, "no_password", "Django's mark of an account without one"),
    (15, "second_factor", "allauth's TOTP secret"),
    (16, "second_factor", "allauth's recovery codes"),
    (25, "second_factor", "Flask-Security's TOTP secret"),
    (98, "password_in_clear", "Dovecot's {PLAIN}"),
    (99, "unknown_scheme", "Dovecot's {HMAC-MD5}"),
    (100, "unknown_scheme", "Dovecot's {OTP}"),
    (103, "unknown_scheme", "Dovecot's {DES-CRYPT}"),
    (111, "password_in_clear", "Dovecot's {CLEAR}"),
    (112, "password_in_clear", "Dovecot's {CLEARTEXT}"),
    (119, "unknown_scheme", "Dovecot's {CRAM-MD5}"),
    (129, "unknown_scheme", "yescrypt with GOST"),
    (135, "unknown_scheme", "Sun's MD5"),
    (138, "unknown_scheme", "DES"),
    (139, "unknown_scheme", "BSDI's DES"),
    (226, "unknown_scheme", "Sun's MD5"),
    (227, "unknown_scheme", "DES"),
    (228, "unknown_scheme", "BSDI's DES"),
    (266, "unknown_scheme", "Sun's MD5"),
    (267, "unknown_scheme", "DES"),
    (268, "unknown_scheme", "BSDI's DES"),
];

/// Those that the bounds refuse. They are verified within larger ones, but for the last two, which take
/// 512 MiB and 1 GiB.
const BEYOND: &[(usize, &str)] = &[
    (6, "too_much_memory"),
    (147, "too_much_memory"),
    (148, "too_much_memory"),
    (184, "too_much_memory"),
    (149, "too_much_memory"),
    (150, "too_much_memory"),
];
/// How many of them, from the end, are not computed.
const TOO_LARGE_HERE: usize = 2;

/// Those that want leave because they are guessed too fast.
const WEAK: usize = 62;

/// What became of the fixtures, by code.
#[derive(Default)]
struct Tally {
    verified: usize,
    weak: usize,
    beyond: BTreeSet<usize>,
    refused: BTreeSet<usize>,
}

fn run(fixture: &Fixture, tally: &mut Tally) {
    let place = fixture.place;
    if let Some((_, code, why)) = REFUSED.iter().find(|(refused, ..)| *refused == place) {
        if *code != "second_factor" {
            let refusal = fixture.read(WITHOUT_BOUNDS).unwrap_err();
            assert_eq!(refusal.code(), *code, "{place} {why}: {refusal}");
            assert_eq!(refusal.is_absence(), *code == "no_password");
        }
        tally.refused.insert(place);
        return;
    }
    if let Some(at) = BEYOND.iter().position(|(beyond, _)| *beyond == place) {
        let refusal = fixture.read(WITH_WEAK).unwrap_err();
        assert_eq!(refusal.code(), BEYOND[at].1, "{place}: {refusal}");
        let hash = fixture.read(WITHOUT_BOUNDS).unwrap();
        assert!(ForeignHash::from_text(&hash.to_text(), &Bounds::DEFAULT).is_err());
        if at + TOO_LARGE_HERE < BEYOND.len() {
            fixture.verify(&hash);
        }
        tally.beyond.insert(place);
        return;
    }
    let about = || format!("{place} {} {}", fixture.text("product"), fixture.text("stored"));
    let hash = fixture.read(WITH_WEAK).unwrap_or_else(|refusal| panic!("{}: {refusal}", about()));
    match fixture.read(STRICT) {
        Ok(_) => {
            assert!(!hash.is_weak());
            tally.verified += 1;
        }
        Err(refusal) => {
            assert_eq!(refusal, Refusal::Weak, "{}", about());
            assert!(hash.is_weak());
            tally.weak += 1;
        }
    }
    fixture.verify(&hash);
}

#[test]
fn every_value_of_another_product_is_verified_or_refused_for_a_reason() {
    let all = Fixture::all();
    assert_eq!(all.len(), ALL);
    let halves: Vec<Vec<&Fixture>> =
        (0..2).map(|half| all.iter().filter(|fixture| fixture.place % 2 == half).collect()).collect();
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let threads: Vec<_> = halves
            .iter()
            .map(|half| {
                scope.spawn(|| {
                    let mut tally = Tally::default();
                    half.iter().for_each(|fixture| run(fixture, &mut tally));
                    tally
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let verified: usize = tallies.iter().map(|tally| tally.verified).sum();
    let weak: usize = tallies.iter().map(|tally| tally.weak).sum();
    let refused: usize = tallies.iter().map(|tally| tally.refused.len()).sum();
    let beyond: usize = tallies.iter().map(|tally| tally.beyond.len()).sum();
    assert_eq!((refused, beyond), (REFUSED.len(), BEYOND.len()));
    assert_eq!(weak, WEAK);
    assert_eq!(verified + weak + refused + beyond, ALL, "none is left out");
}
