//! The code that a device shows while it waits to be paired with an account.

use std::fmt;

use super::{Random, UNMISTAKABLE};

/// The longest name of a device, in characters. It fits on one line of a list.
pub const DEVICE_NAME_MAX_CHARS: usize = 60;

/// Six symbols that cannot be mistaken for each other: one of 2^30 codes.
#[derive(Clone, PartialEq, Eq)]
pub struct PairingCode([u8; Self::SYMBOLS]);

impl PairingCode {
    /// The number of symbols, as in the example of mirror's published API.
    pub const SYMBOLS: usize = 6;

    /// Draws a random code.
    pub fn draw(random: &dyn Random) -> Self {
        let mut code = [0; Self::SYMBOLS];
        random.fill(&mut code);
        // 32 divides 256, so every symbol is equally likely.
        Self(code.map(|byte| UNMISTAKABLE[usize::from(byte) % UNMISTAKABLE.len()]))
    }

    /// Parses a typed code, in either case and with blanks around it. Returns `None` for text that cannot be
    /// a code, so that it is not looked up.
    pub fn parse(typed: &str) -> Option<Self> {
        let symbols: &[u8] = typed.trim().as_bytes();
        let code = <[u8; Self::SYMBOLS]>::try_from(symbols).ok()?.map(|byte| byte.to_ascii_uppercase());
        code.iter().all(|symbol| UNMISTAKABLE.contains(symbol)).then_some(Self(code))
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Redacted: typing a device's code is enough to pair the device.
impl fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsRandom;

    #[test]
    fn a_code_is_read_back_in_any_case_with_blanks_around_it() {
        let code = PairingCode::draw(&OsRandom);
        assert_eq!(code.as_str().len(), 6);
        for typed in
            [code.as_str().to_owned(), code.as_str().to_lowercase(), format!(" \t{}\n", code.as_str())]
        {
            assert_eq!(PairingCode::parse(&typed).as_ref(), Some(&code));
        }
    }

    #[test]
    fn what_no_device_shows_is_no_code() {
        for typed in ["", "GHT2Q", "GHT2QAB", "GHT10Q", "GHTOIQ", "GHT 2Q", "GHT-2Q", "ÀÀÀ", "\0\0\0\0\0\0"]
        {
            assert_eq!(PairingCode::parse(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn every_symbol_is_drawn() {
        let drawn: Vec<PairingCode> = (0..500).map(|_| PairingCode::draw(&OsRandom)).collect();
        for symbol in UNMISTAKABLE {
            assert!(drawn.iter().any(|code| code.0.contains(symbol)), "{}", char::from(*symbol));
        }
    }

    #[test]
    fn a_code_does_not_print() {
        assert_eq!(format!("{:?}", PairingCode::draw(&OsRandom)), "[redacted]");
    }
}
