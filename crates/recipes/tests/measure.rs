//! Measures what the estimates are made of. Run it alone, on an idle machine:
//! `cargo test --release -p vestibule-recipes --test measure -- --ignored --nocapture`.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::time::Duration;

use vestibule_recipes::{Bounds, ForeignHash, NoPeppers, Typed};

/// Nanoseconds that this thread has had of a core, which others on the machine do not change much.
fn nanos_on_a_core() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

/// The name of what is measured, how often it is done, and the stored text that does it.
const MEASURED: &[(&str, u64, &str)] = &[
    ("HMAC-MD5", 200_000, "pbkdf2(md5,rounds=200000,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAA)"),
    ("HMAC-SHA-1", 200_000, "pbkdf2(sha1,rounds=200000,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAA)"),
    ("HMAC-SHA-256", 200_000, "pbkdf2(sha256,rounds=200000,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAA)"),
    ("HMAC-SHA-512", 200_000, "pbkdf2(sha512,rounds=200000,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAA)"),
    (
        "SHA-1 chain of HMACs",
        200_000,
        "sha1-crypt(rounds=200000,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAAAAAAA)",
    ),
    ("MD5", 65_536, "phpass(md5,ln=16,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAA)"),
    ("SHA-1", 100_000, "digest(sha1,rounds=100000,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAA)"),
    ("SHA-256", 100_000, "digest(sha256,rounds=100000,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAA)"),
    ("SHA-512", 65_536, "phpass(sha512,ln=16,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAA)"),
    (
        "SHA-256-crypt",
        100_000,
        "sha-crypt(sha256,rounds=100000,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA)",
    ),
    (
        "SHA-512-crypt",
        100_000,
        "sha-crypt(sha512,rounds=100000,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA)",
    ),
    (
        "Argon2, KiB and pass",
        3 * 65_536,
        "argon2id(v=19,m=65536,t=3,p=4,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAA)",
    ),
    (
        "Argon2, small",
        2 * 19_456,
        "argon2id(v=19,m=19456,t=2,p=1,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAA)",
    ),
    ("scrypt, KiB", 65_536, "scrypt(ln=16,r=8,p=1,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAA)"),
    ("scrypt, KiB, small", 16_384, "scrypt(ln=14,r=8,p=1,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAA)"),
    (
        "yescrypt, KiB",
        65_536,
        "yescrypt(jBT,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA)",
    ),
    (
        "yescrypt, KiB, small",
        16_384,
        "yescrypt(j9T,salt=AAAAAAAAAAA,digest=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA)",
    ),
    ("bcrypt", 1024, "bcrypt($2b$10$8UJ3BBWWeUe8jMJ4Zs/gfeMf0J1XZr8p5zxYEFJf9iRZ1YVk0nQmW)"),
];

#[test]
#[ignore = "measures, and judges nothing"]
fn what_the_estimates_are_made_of() {
    let bounds = Bounds::new(1 << 20, Duration::from_secs(60));
    let password = Typed::from("correct horse battery staple");
    for (name, units, text) in MEASURED {
        let hash = ForeignHash::from_text(&format!("foreign/1|{text}"), &bounds)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let run = || {
            let before = nanos_on_a_core();
            hash.verify(&password, &NoPeppers).unwrap();
            nanos_on_a_core() - before
        };
        let least = (0..5).map(|_| run()).min().unwrap();
        println!(
            "{name}: {} ns each, {} ms; estimated {} ms",
            least / units,
            least / 1_000_000,
            hash.cost().time.as_millis()
        );
    }
}
