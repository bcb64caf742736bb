//! The limits on guesses of passwords: their number, their rate, and the guessers that they apply to.

use super::*;

#[test]
fn five_failures_are_free_and_then_the_delay_doubles() {
    for guesser in [neighbour(ALICE), neighbour(Subject::UnknownIdentifier(42))] {
        let waits = waits_between_failures(&without_ip_rate(), guesser, 15);
        let seconds: Vec<i64> = waits.into_iter().map(|wait| wait / SECOND).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
    }
    let waits = waits_between_failures(&without_ip_rate(), ALICES_PHONE, 10);
    assert_eq!(waits, [0, 0, 0, 0, 0, SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 16 * SECOND]);
}

#[test]
fn the_delay_grows_to_fifteen_minutes_at_most() {
    let guessing = Guessing { ip_per_day: NonZeroU8::MAX, ..Guessing::default() };
    let settings = LimiterSettings { guessing, ..LimiterSettings::default() };
    let waits = waits_between_failures(&Limiter::new(settings), neighbour(ALICE), 20);
    assert_eq!(waits[14..], [512, 900, 900, 900, 900, 900].map(|seconds| seconds * SECOND));
}

#[test]
fn a_fingerprint_is_stable_and_tells_identifiers_apart() {
    let limiter = small(10);
    assert_eq!(limiter.fingerprint("a"), limiter.clone().fingerprint("a"));
    assert_ne!(limiter.fingerprint("a"), limiter.fingerprint("b"));
}

/// How many guesses a guesser fails before it is throttled.
fn failures(limiter: &Limiter, now: i64, guesser: Guesser) -> usize {
    (0..1_000).take_while(|_| limiter.guess_now(now, guesser).map(Attempt::failed).is_ok()).count()
}

#[test]
fn no_one_uses_up_what_is_left_to_others() {
    let limiter = without_delay();
    assert_eq!(failures(&limiter, NOW, elsewhere(1)), 15, "one address");
    assert_eq!(failures(&limiter, NOW, elsewhere(2)), 15, "another");
    assert_eq!(failures(&limiter, NOW, elsewhere(3)), 10, "what is left to strangers");
    assert_eq!(failures(&limiter, NOW, elsewhere(4)), 0);
    let tablet = Guesser::KnownDevice { account: 1, device: Device::App(7) };
    let session = Guesser::KnownDevice { account: 1, device: Device::Session(7) };
    assert_eq!(failures(&limiter, NOW, ALICES_PHONE), 10);
    assert_eq!(failures(&limiter, NOW, tablet), 10, "numbers of different kinds are different devices");
    assert_eq!(failures(&limiter, NOW, session), 0);
    assert_eq!(failures(&limiter, NOW, ALICES_SHOP), 40);
    let bob = Subject::Account(2);
    assert_eq!(failures(&limiter, NOW, neighbour(bob)), 15, "another account");
    let unknown = Subject::UnknownIdentifier(1);
    for (number, most) in [(1, 15), (2, 15), (3, 10), (4, 0)] {
        let Guesser::Stranger { ip, .. } = elsewhere(number) else { unreachable!() };
        assert_eq!(failures(&limiter, NOW, Guesser::Stranger { subject: unknown, ip }), most);
    }
    assert_eq!(failures(&limiter, NOW, Guesser::TrustedServer { subject: unknown }), 40);
}

#[test]
fn the_shares_of_a_day_make_a_hundred() {
    let Guessing { strangers_per_day, devices_per_day, servers_per_day, .. } = Guessing::default();
    let shares = [strangers_per_day, devices_per_day, servers_per_day];
    assert_eq!(shares.iter().map(|share| u32::from(share.get())).sum::<u32>(), 100);
}

#[test]
fn the_failures_of_one_address_delay_no_other_and_no_server() {
    let limiter = without_ip_rate();
    for _ in 0..5 {
        fail(&limiter, NOW, neighbour(ALICE));
    }
    assert_eq!(wait_of(limiter.guess_now(NOW, neighbour(ALICE))), SECOND);
    for other in [elsewhere(1), ALICES_PHONE, ALICES_SHOP] {
        assert!(limiter.guess_now(NOW, other).is_ok(), "{other:?}");
    }
}

#[test]
fn a_server_is_not_slowed_down_by_failures() {
    let limiter = Limiter::new(LimiterSettings::default());
    for _ in 0..39 {
        fail(&limiter, NOW, ALICES_SHOP);
        limiter.guess_now(NOW, ALICES_SHOP).unwrap().succeed_now();
    }
    fail(&limiter, NOW, ALICES_SHOP);
    assert!(wait_of(limiter.guess_now(NOW, ALICES_SHOP)) > 23 * HOUR);
}

#[test]
fn what_an_address_failed_counts_for_a_day() {
    let limiter = without_delay();
    let begun = |now| limiter.guess_now(now, neighbour(ALICE)).map(Attempt::failed);
    for number in 0..15 {
        assert!(begun(NOW + number * MINUTE).is_ok());
    }
    let wait = wait_of(begun(NOW + 15 * MINUTE));
    let end = NOW + 15 * MINUTE + wait;
    assert!((DAY..=DAY + HOUR).contains(&(end - NOW)), "{wait}");
    assert!(begun(NOW + DAY - 1).is_err());
    assert!(begun(end - 1).is_err());
    assert!(begun(end).is_ok());
}

#[test]
fn no_twenty_four_hours_hold_more_failures_than_a_share() {
    for (guessers, share) in [(vec![ALICES_SHOP], 40), ((0..20).map(elsewhere).collect::<Vec<_>>(), 40)] {
        let limiter = without_delay();
        let mut evaluated = Vec::new();
        for now in (NOW..NOW + 4 * DAY).step_by(7 * 60 * 1000) {
            if guessers.iter().any(|guesser| limiter.guess_now(now, *guesser).is_ok()) {
                evaluated.push(now);
            }
        }
        assert!(evaluated.len() > 3 * share);
        for (index, first) in evaluated.iter().enumerate() {
            let within = evaluated[index..].iter().take_while(|&&at| at - first < DAY);
            assert!(within.count() <= share);
        }
    }
}

#[test]
fn two_hundred_parallel_guesses_from_one_address_get_the_free_ones_and_no_more() {
    let limiter = without_ip_rate();
    let passed = passed_of_200(|_| limiter.guess_now(NOW, neighbour(ALICE)).map(Attempt::failed).is_ok());
    assert_eq!(passed, 5);
}

#[test]
fn two_hundred_parallel_guesses_from_everywhere_are_a_hundred_failures() {
    let limiter = without_delay();
    let guesser = |number: usize| match number % 4 {
        0 => ALICES_SHOP,
        1 => Guesser::KnownDevice { account: 1, device: Device::App(i64::try_from(number).unwrap()) },
        _ => elsewhere(u8::try_from(number).unwrap()),
    };
    let guess = |number: usize| limiter.guess_now(NOW, guesser(number)).map(Attempt::failed).is_ok();
    assert_eq!(passed_of_200(guess) + passed_of_200(guess), 100);
    assert_eq!(passed_of_200(guess), 0);
}

#[test]
fn a_known_device_is_locked_out_neither_by_others_nor_by_its_address() {
    let limiter = Limiter::new(LimiterSettings::default());
    for number in 0..60 {
        let _ = limiter.login_now(NOW, Subject::Account(number % 12), home());
    }
    assert!(limiter.login_now(NOW, ALICE, home()).is_err());
    assert!(limiter.login_now(NOW, Subject::Account(99), home()).is_err());
    for _ in 0..5 {
        fail(&limiter, NOW, ALICES_PHONE);
    }
    assert_eq!(wait_of(limiter.guess_now(NOW, ALICES_PHONE)), SECOND);
}

#[test]
fn failures_of_a_known_device_leave_the_account_open() {
    let limiter = without_ip_rate();
    for _ in 0..5 {
        fail(&limiter, NOW, ALICES_PHONE);
    }
    assert!(limiter.login_now(NOW, ALICE, home()).is_ok());
}

#[test]
fn a_success_ends_the_delay() {
    let limiter = without_ip_rate();
    for _ in 0..5 {
        fail(&limiter, NOW, neighbour(ALICE));
    }
    limiter.login_now(NOW + SECOND, ALICE, home()).unwrap().succeed_now();
    for _ in 0..5 {
        fail(&limiter, NOW + SECOND, neighbour(ALICE));
    }
    assert_eq!(wait_of(limiter.login_now(NOW + SECOND, ALICE, home())), SECOND);
}

#[test]
fn successes_use_up_none_of_the_day_and_give_none_of_it_back() {
    let limiter = without_delay();
    for _ in 0..14 {
        fail(&limiter, NOW, neighbour(ALICE));
    }
    for _ in 0..300 {
        limiter.login_now(NOW, ALICE, home()).unwrap().succeed_now();
    }
    fail(&limiter, NOW, neighbour(ALICE));
    assert!(limiter.login_now(NOW, ALICE, home()).is_err());
    assert_eq!(failures(&limiter, NOW, elsewhere(1)) + failures(&limiter, NOW, elsewhere(2)), 25);
}

#[test]
fn an_attempt_that_was_never_evaluated_leaves_no_trace() {
    let limiter = Limiter::new(LimiterSettings::default());
    for _ in 0..5 {
        fail(&limiter, NOW, neighbour(ALICE));
    }
    let later = NOW + SECOND;
    for _ in 0..500 {
        limiter.login_now(later, ALICE, home()).unwrap().refund_now();
    }
    fail(&limiter, later, neighbour(ALICE));
    assert_eq!(wait_of(limiter.login_now(later, ALICE, home())), 2 * SECOND);
}

#[test]
fn an_attempt_that_is_dropped_counts_as_a_failure() {
    let limiter = without_ip_rate();
    for _ in 0..5 {
        drop(limiter.login_now(NOW, ALICE, home()).unwrap());
    }
    assert!(limiter.login_now(NOW, ALICE, home()).is_err());
}

#[test]
fn a_throttled_attempt_uses_nothing_up() {
    let limiter = Limiter::new(LimiterSettings::default());
    for _ in 0..5 {
        fail(&limiter, NOW, neighbour(ALICE));
    }
    for _ in 0..1000 {
        assert!(limiter.login_now(NOW, ALICE, home()).is_err());
    }
    let others = (2..)
        .take_while(|&account| limiter.login_now(NOW, Subject::Account(account), home()).is_ok())
        .count();
    assert_eq!(others, 55);
    assert!(limiter.login_now(NOW + 10 * SECOND, ALICE, home()).is_ok());
    let strangers = (1..4).map(|number| failures(&limiter, NOW + HOUR, elsewhere(number))).sum::<usize>();
    assert_eq!(strangers, 15, "each address has its five free failures");
}
