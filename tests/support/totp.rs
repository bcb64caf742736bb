//! An authenticator app.

use domain::{Millis, TotpSecret};

/// Reads base32, with blanks or without, as apps do.
pub fn secret_of(text: &str) -> TotpSecret {
    let symbol = |c: char| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap() as u64;
    let symbols: Vec<u64> = text.chars().filter(|c| *c != ' ').map(symbol).collect();
    let groups = symbols.chunks(8).map(|group| group.iter().fold(0u64, |bits, five| (bits << 5) | five));
    let bytes: Vec<u8> = groups.flat_map(|bits| bits.to_be_bytes()[3..].to_vec()).collect();
    TotpSecret::from_slice(&bytes).unwrap()
}

/// The code that an app with `secret` shows at `now`, in milliseconds since 1970.
pub fn shown(secret: &TotpSecret, now: i64) -> String {
    secret.shown_at(Millis(now)).unwrap().as_str().to_owned()
}
