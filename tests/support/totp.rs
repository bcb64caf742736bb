//! An authenticator app.

use domain::{Millis, TotpSecret};

/// Reads base32, with blanks or without, as apps do.
pub fn secret_of(text: &str) -> TotpSecret {
    let symbol = |c: char| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap() as u64;
    let symbols: Vec<u64> = text.chars().filter(|c| *c != ' ').map(symbol).collect();
    let bytes: Vec<u8> = symbols
        .chunks(8)
        .flat_map(|group| {
            let bits = group.iter().fold(0u64, |bits, five| (bits << 5) | five) << (5 * (8 - group.len()));
            bits.to_be_bytes()[3..3 + group.len() * 5 / 8].to_vec()
        })
        .collect();
    TotpSecret::from_slice(&bytes).unwrap()
}

/// The code that an app with `secret` shows at `now`, in milliseconds since 1970.
pub fn shown(secret: &TotpSecret, now: i64) -> String {
    secret.shown_at(Millis(now)).unwrap().as_str().to_owned()
}
