//! The code that a device shows while it waits to be paired with an account.

use std::fmt;

use super::text::is_invisible;
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

    /// Parses a typed code, in either case. Blanks and dashes are left out, because people write a code in
    /// groups (RFC 8628, section 6.1). Returns `None` for text that cannot be a code, so that it is not
    /// looked up.
    pub fn parse(typed: &str) -> Option<Self> {
        let code = Self::symbols(typed)?;
        code.iter().all(|symbol| UNMISTAKABLE.contains(symbol)).then_some(Self(code))
    }

    /// Whether `typed` is a guess at a code: six letters or digits of any kind, also those that no code has
    /// because they are mistaken for others. Anything else is a slip of the hand.
    pub fn is_guess(typed: &str) -> bool {
        Self::symbols(typed).is_some_and(|symbols| symbols.iter().all(u8::is_ascii_alphanumeric))
    }

    /// The six symbols of `typed` in upper case, without blanks and dashes.
    fn symbols(typed: &str) -> Option<[u8; Self::SYMBOLS]> {
        let mut typed = typed.chars().filter(|c| !c.is_whitespace() && !is_dash(*c) && !is_invisible(*c));
        let mut symbols = [0; Self::SYMBOLS];
        for symbol in &mut symbols {
            *symbol = u8::try_from(typed.next()?).ok()?.to_ascii_uppercase();
        }
        typed.next().is_none().then_some(symbols)
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The hyphens and dashes that keyboards and word processors make, and the minus sign.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
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
    fn a_code_is_read_back_in_any_case_with_blanks_and_dashes() {
        let code = PairingCode::draw(&OsRandom);
        assert_eq!(code.as_str().len(), 6);
        let (one, other) = code.as_str().split_at(3);
        for typed in [
            code.as_str().to_owned(),
            code.as_str().to_lowercase(),
            format!(" \t{one}{other}\n"),
            format!("{one} {other}"),
            format!("{one}-{other}"),
            format!("{one} \u{2013} {other}\u{200B}"),
            format!("-{one}\u{A0}\u{2011}{other}-"),
        ] {
            assert_eq!(PairingCode::parse(&typed).as_ref(), Some(&code), "{typed:?}");
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
    fn only_six_letters_or_digits_are_a_guess() {
        for typed in ["GHT2QA", "ght-2qa", "000 000", "GHT10Q"] {
            assert!(PairingCode::is_guess(typed), "{typed:?}");
        }
        for typed in ["", "GHT2Q", "GHT2QAB", "GHT2Q!", "ÀÀÀÀÀÀ", "ada@example.org", "\0\0\0\0\0\0"] {
            assert!(!PairingCode::is_guess(typed), "{typed:?}");
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
