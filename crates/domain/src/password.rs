//! Passwords: bytes that are never trimmed, printed or kept, and the rules for choosing one (NIST SP
//! 800-63B-4).

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::FieldCode;

/// A typed password, NFC-normalised so that different keyboards agree. It prints as `[redacted]` and is wiped
/// when dropped.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// The longest password, in bytes. A longer one is refused, never truncated.
    pub const MAX_BYTES: usize = 1_024;

    /// Normalises a typed password.
    ///
    /// # Errors
    /// `Required` when it is empty, `PasswordTooLong` above [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn parse(raw: &str) -> Result<Self, FieldCode> {
        if raw.is_empty() {
            return Err(FieldCode::Required);
        }
        let too_long = FieldCode::PasswordTooLong { max: Self::MAX_BYTES };
        if raw.len() > Self::MAX_BYTES {
            return Err(too_long);
        }
        let composed = Zeroizing::new(raw.nfc().collect::<String>());
        if composed.len() > Self::MAX_BYTES {
            return Err(too_long);
        }
        Ok(Self(composed))
    }

    /// Generates a password of 20 characters that cannot be mistaken for each other: 100 bits.
    pub fn generate(random: &dyn super::Random) -> Self {
        let mut bytes = Zeroizing::new([0u8; 20]);
        random.fill(bytes.as_mut());
        let symbols = super::UNMISTAKABLE;
        let text = bytes.iter().map(|byte| char::from(symbols[usize::from(byte % 32)])).collect();
        Self(Zeroizing::new(text))
    }

    /// The text of the password, for the one answer that delivers a generated password.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The bytes that are hashed.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A typed password before parsing. It prints as `[redacted]`.
#[derive(Clone, Copy, Default)]
pub struct TypedPassword<'a>(pub &'a str);

impl fmt::Debug for TypedPassword<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The rules for a newly chosen password.
#[derive(Clone, Debug)]
pub struct PasswordPolicy {
    /// The minimum number of characters. NIST SP 800-63B-4 asks for 8 with a second factor and 15 without;
    /// the published clients of the dialects assume 8.
    pub min_length: usize,
    /// The site's name. Attackers guess it first, so it is refused as a password.
    pub site_name: String,
}

impl Default for PasswordPolicy {
    /// At least 8 characters, for a site named Vestibule.
    fn default() -> Self {
        Self { min_length: 8, site_name: "Vestibule".into() }
    }
}

impl PasswordPolicy {
    /// The minimum number of characters when a trusted server chooses the password, as promised to siberian's
    /// clients.
    pub const TRUSTED_MIN: usize = 6;

    /// Checks a password that a trusted server chose. The block list and the personal words are that server's
    /// responsibility.
    ///
    /// # Errors
    /// `PasswordTooShort`, `PasswordInvalid` (control characters).
    pub fn check_trusted(password: &Password) -> Result<(), FieldCode> {
        let chosen = password.as_str();
        if chosen.chars().count() < Self::TRUSTED_MIN {
            return Err(FieldCode::PasswordTooShort { min: Self::TRUSTED_MIN });
        }
        if chosen.chars().any(char::is_control) {
            return Err(FieldCode::PasswordInvalid);
        }
        Ok(())
    }

    /// Checks a newly chosen password against the minimal length, the block list and `own`: the account's
    /// address, the parts of the address, and the account's names.
    ///
    /// # Errors
    /// `PasswordTooShort`, `PasswordInvalid` (control characters), `PasswordCommon`, `PasswordPersonal`.
    pub fn check(&self, password: &Password, own: &[&str]) -> Result<(), FieldCode> {
        let typed = password.as_str();
        if typed.chars().count() < self.min_length {
            return Err(FieldCode::PasswordTooShort { min: self.min_length });
        }
        if typed.chars().any(char::is_control) {
            return Err(FieldCode::PasswordInvalid);
        }
        let folded = Zeroizing::new(typed.to_lowercase());
        let personal = own
            .iter()
            .chain([&self.site_name.as_str()])
            .any(|word| !word.is_empty() && word.to_lowercase() == *folded);
        if personal {
            return Err(FieldCode::PasswordPersonal);
        }
        if is_common(typed) {
            return Err(FieldCode::PasswordCommon);
        }
        Ok(())
    }
}

/// Whether the whole password is among the most used ones, a common word or name (the lists of the zxcvbn
/// project), one repeated character, or a run along the alphabet or the keyboard.
fn is_common(typed: &str) -> bool {
    use zxcvbn::matching::patterns::MatchPattern;
    if !may_be_listed(typed) {
        return false;
    }
    let estimate = zxcvbn::zxcvbn(typed, &[]);
    match estimate.sequence() {
        [only] => match &only.pattern {
            MatchPattern::Dictionary(found) => !found.reversed && !found.l33t,
            MatchPattern::Repeat(_) | MatchPattern::Sequence(_) => true,
            MatchPattern::Spatial(keys) => keys.turns <= 2,
            _ => false,
        },
        _ => false,
    }
}

/// Whether the password can be in the estimator's lists. The estimator's time grows with the square of the
/// length, and multiplies with every sign that can stand for a letter. No listed password is longer or has
/// two of them.
fn may_be_listed(typed: &str) -> bool {
    const STAND_INS: &str = "@({[<!|$+%";
    let mut stand_ins: Vec<char> = typed.chars().filter(|c| STAND_INS.contains(*c)).collect();
    stand_ins.sort_unstable();
    stand_ins.dedup();
    typed.len() <= 24 && stand_ins.len() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str) -> Result<(), FieldCode> {
        let policy = PasswordPolicy { min_length: 8, site_name: "Bookshop".into() };
        policy.check(&Password::parse(raw).expect("parsed"), &["ada@example.org", "ada-lovelace"])
    }

    #[test]
    fn eight_characters_of_any_kind_are_enough() {
        for raw in ["correct horse battery", "été à la mer", "пароль-мой", "  8 spaces  ", "tr0ub4dor&3x"]
        {
            assert_eq!(check(raw), Ok(()), "{raw}");
        }
    }

    #[test]
    fn short_common_and_personal_passwords_are_refused() {
        assert_eq!(check("seven77"), Err(FieldCode::PasswordTooShort { min: 8 }));
        for raw in ["password", "Password", "12345678", "aaaaaaaa", "qwertyuiop", "iloveyou"] {
            assert_eq!(check(raw), Err(FieldCode::PasswordCommon), "{raw}");
        }
        for raw in ["bookshop", "BOOKSHOP", "ada@example.org", "Ada-Lovelace"] {
            assert_eq!(check(raw), Err(FieldCode::PasswordPersonal), "{raw}");
        }
        assert_eq!(check("with\0a nul"), Err(FieldCode::PasswordInvalid));
    }

    #[test]
    fn a_password_is_neither_trimmed_nor_cut_nor_printed() {
        let spaced = Password::parse(" a ").expect("parsed");
        assert_eq!(spaced.as_bytes(), b" a ");
        assert_eq!(format!("{spaced:?}"), "[redacted]");
        assert!(Password::parse(&"x".repeat(1_024)).is_ok());
        assert!(Password::parse(&"x".repeat(1_025)).is_err());
    }

    #[test]
    fn no_password_takes_longer_to_judge_than_to_hash() {
        for (raw, estimated) in [
            ("4@83691700525243691@@@@@", true),
            ("1234567890@1234567890@12", true),
            ("1234567890@1234567890@123", false),
            ("4@8({[<3691!|70$5+%2abcd", false),
            ("a@b(c", false),
        ] {
            assert_eq!(may_be_listed(raw), estimated, "{raw}");
        }
    }

    #[test]
    fn composed_and_decomposed_spellings_are_one_password() {
        let bytes = |raw| Password::parse(raw).expect("parsed").as_bytes().to_vec();
        assert_eq!(bytes("Zoe\u{308}"), bytes("Zo\u{eb}"));
    }
}
