//! Whatever the bytes of a column are, reading them ends in a hash within the bounds or in a refusal.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use vestibule_recipes::{Bounds, Columns, ForeignHash, NoPeppers, PRODUCTS, Terms, Typed, recipe_of};

use super::fixture::{Fixture, WITHOUT_BOUNDS};

/// Numbers that are the same in every run (Marsaglia's xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }
}

/// The text with a few bytes changed, put in, taken out or copied.
fn mutated(text: &str, numbers: &mut Numbers) -> String {
    const TELLING: &[u8] = b"$:|(),=!{}.0123456789azAZ-_/+\xff\0 ";
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(bytes.len());
        let byte = TELLING[numbers.below(TELLING.len())];
        match numbers.below(6) {
            0 if !bytes.is_empty() => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            2 if !bytes.is_empty() => drop(bytes.remove(at)),
            3 => bytes.truncate(at),
            4 => {
                let end = at + numbers.below(bytes.len() - at);
                let copy = bytes[at..end].to_vec();
                let to = numbers.below(bytes.len());
                drop(bytes.splice(to..to, copy));
            }
            _ if !bytes.is_empty() => bytes[at] ^= 1 << numbers.below(8),
            _ => {}
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What a hash that was accepted has to be.
fn is_sound(hash: &ForeignHash, bounds: &Bounds) {
    let text = hash.to_text();
    assert!(ForeignHash::from_text(&text, bounds).unwrap() == *hash, "{text}");
    assert!(hash.cost().memory_kib <= 64 * 1024 && hash.cost().time <= Duration::from_secs(1), "{text}");
    // Computing all of them would take minutes.
    if hash.cost().time < Duration::from_millis(1) {
        let _ = hash.verify(&Typed::from("correct horse é"), &NoPeppers);
        let _ = hash.verify(&Typed::from(""), &NoPeppers);
    }
}

fn without_a_panic<T>(text: &str, run: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| panic!("a panic for {text:?}"))
}

#[test]
fn stored_texts_with_changed_bytes_are_within_bounds_or_refused() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let hashes: Vec<_> = Fixture::all().iter().filter_map(|one| one.read(WITHOUT_BOUNDS).ok()).collect();
    assert!(hashes.len() > 240);
    let (mut accepted, mut refused) = (0, 0);
    for hash in &hashes {
        for _ in 0..200 {
            let text = mutated(&hash.to_text(), &mut numbers);
            without_a_panic(&text, || match ForeignHash::from_text(&text, &Bounds::DEFAULT) {
                Ok(hash) => {
                    accepted += 1;
                    assert_eq!(hash.to_text(), text);
                    is_sound(&hash, &Bounds::DEFAULT);
                }
                Err(_) => refused += 1,
            });
        }
    }
    // A changed digit of a digest is a digest as well.
    assert!(accepted > 1000 && refused > 10_000, "{accepted} accepted, {refused} refused");
}

#[test]
fn columns_with_changed_bytes_are_within_bounds_or_refused() {
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    let terms = Terms { allow_weak: true, bounds: Bounds::DEFAULT };
    let mut accepted = 0;
    for fixture in Fixture::all() {
        let columns = fixture.columns();
        let own = recipe_of(fixture.recipe()).unwrap();
        let peppers = fixture.peppers();
        for _ in 0..100 {
            let value = mutated(columns.value, &mut numbers);
            let salt = columns.salt.map(|salt| mutated(salt, &mut numbers));
            let algorithm = columns.algorithm.map(|text| mutated(text, &mut numbers));
            let changed =
                Columns { value: &value, salt: salt.as_deref(), algorithm: algorithm.as_deref(), ..columns };
            // Sometimes the operator names another product.
            let other = recipe_of(PRODUCTS[numbers.below(PRODUCTS.len())].0).unwrap();
            let recipe = if numbers.below(4) == 0 { &other } else { &own };
            without_a_panic(&value, || {
                if let Ok(hash) = ForeignHash::read(recipe, &changed, &terms, &peppers) {
                    accepted += 1;
                    is_sound(&hash, &Bounds::DEFAULT);
                }
            });
        }
    }
    assert!(accepted > 1000, "{accepted}");
}

#[test]
fn every_short_setting_of_yescrypt_is_refused_or_computed() {
    const CRYPT: &[u8] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut accepted = 0;
    for (n, block) in CRYPT.iter().flat_map(|n| CRYPT.iter().map(move |block| (*n, *block))) {
        let params = format!("j{}{}", char::from(n), char::from(block));
        let digest = "A".repeat(43);
        let text = format!("foreign/1|yescrypt({params},salt=c2FsdHNhbHQ,digest={digest})");
        without_a_panic(&text, || {
            if let Ok(hash) = ForeignHash::from_text(&text, &Bounds::DEFAULT) {
                accepted += 1;
                is_sound(&hash, &Bounds::DEFAULT);
            }
        });
    }
    assert!(accepted > 100, "{accepted}");
}
