//! Passwords: bytes that are never trimmed, printed or kept, and the rules for choosing one (NIST SP
//! 800-63B-4).

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::FieldCode;
use super::common_password::{is_common, is_digest_of};

/// A typed password, NFC-normalised so that different keyboards agree. It prints as `[redacted]` and is wiped
/// when dropped.
#[derive(Clone)]
pub struct Password {
    composed: Zeroizing<String>,
    /// As it was typed, where that is something else.
    typed: Option<Zeroizing<String>>,
}

impl Password {
    /// The longest typed password, in bytes. A longer one is refused, never truncated.
    pub const MAX_BYTES: usize = 1_024;
    /// The longest newly chosen password, in characters. A longer one is refused, never truncated. At
    /// sign-in, up to [`MAX_BYTES`](Self::MAX_BYTES) are read: a password may be older than this bound.
    pub const MAX_CHARS: usize = 256;

    const TOO_LONG: FieldCode = FieldCode::PasswordTooLong { max: Self::MAX_CHARS };

    /// Normalises a typed password.
    ///
    /// # Errors
    /// `Required` when it is empty, `PasswordTooLong` above [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn parse(raw: &str) -> Result<Self, FieldCode> {
        if raw.is_empty() {
            return Err(FieldCode::Required);
        }
        if raw.len() > Self::MAX_BYTES {
            return Err(Self::TOO_LONG);
        }
        let composed = Zeroizing::new(raw.nfc().collect::<String>());
        if composed.len() > Self::MAX_BYTES {
            return Err(Self::TOO_LONG);
        }
        let typed = (*composed != *raw).then(|| Zeroizing::new(raw.to_owned()));
        Ok(Self { composed, typed })
    }

    /// Generates a password of 24 characters that cannot be mistaken for each other: 120 bits.
    pub fn generate(random: &dyn super::Random) -> Self {
        let mut bytes = Zeroizing::new([0u8; 24]);
        random.fill(bytes.as_mut());
        let symbols = super::UNMISTAKABLE;
        let text = bytes.iter().map(|byte| char::from(symbols[usize::from(byte % 32)])).collect();
        Self { composed: Zeroizing::new(text), typed: None }
    }

    /// The text of the password, for the one answer that delivers a generated password.
    pub fn reveal(&self) -> &str {
        &self.composed
    }

    /// The bytes that are hashed.
    pub fn as_bytes(&self) -> &[u8] {
        self.composed.as_bytes()
    }

    /// The bytes as they were typed, which other products have hashed.
    pub fn as_typed(&self) -> &[u8] {
        self.typed.as_ref().unwrap_or(&self.composed).as_bytes()
    }

    fn as_str(&self) -> &str {
        &self.composed
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
    /// The host of the site's URL. It, its labels and its parent domains are refused like the name.
    pub host: String,
}

impl Default for PasswordPolicy {
    /// At least 8 characters, for a site named Vestibule.
    fn default() -> Self {
        Self { min_length: 8, site_name: "Vestibule".into(), host: String::new() }
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
    /// `PasswordTooShort`, `PasswordTooLong`, `PasswordInvalid` (control characters).
    pub fn check_trusted(password: &Password) -> Result<(), FieldCode> {
        check_form(password, Self::TRUSTED_MIN)
    }

    /// Checks a newly chosen password against all rules. Takes up to 4 ms, so a limiter should have counted
    /// the request before.
    ///
    /// # Errors
    /// Those of [`check_form`](Self::check_form) and [`check_strength`](Self::check_strength).
    pub fn check(&self, password: &Password, own: &[&str]) -> Result<(), FieldCode> {
        self.check_form(password, own)?;
        Self::check_strength(password)
    }

    /// Checks a newly chosen password against the lengths and `own`: the account's address, the parts of the
    /// address, and the account's names. Takes no time worth counting.
    ///
    /// # Errors
    /// `PasswordTooShort`, `PasswordTooLong`, `PasswordInvalid` (control characters), `PasswordPersonal`.
    pub fn check_form(&self, password: &Password, own: &[&str]) -> Result<(), FieldCode> {
        check_form(password, self.min_length)?;
        let words = || own.iter().copied().chain([self.site_name.as_str()]).chain(names_of(&self.host));
        let folded = Zeroizing::new(password.as_str().to_lowercase());
        let named = words().any(|word| !word.is_empty() && word.to_lowercase() == *folded);
        if named || is_digest_of(password.as_str(), words()) {
            return Err(FieldCode::PasswordPersonal);
        }
        Ok(())
    }

    /// Checks a newly chosen password against the block list. Takes up to 4 ms, so a limiter should have
    /// counted the request before.
    ///
    /// # Errors
    /// `PasswordCommon`.
    pub fn check_strength(password: &Password) -> Result<(), FieldCode> {
        if is_common(password.as_str()) { Err(FieldCode::PasswordCommon) } else { Ok(()) }
    }
}

fn check_form(password: &Password, min: usize) -> Result<(), FieldCode> {
    let typed = password.as_str();
    match typed.chars().count() {
        short if short < min => Err(FieldCode::PasswordTooShort { min }),
        long if long > Password::MAX_CHARS => Err(Password::TOO_LONG),
        _ if typed.chars().any(char::is_control) => Err(FieldCode::PasswordInvalid),
        _ => Ok(()),
    }
}

/// The host, its parent domains and its labels: `accounts.example.org`, `example.org`, `org`, `accounts`,
/// `example`.
fn names_of(host: &str) -> impl Iterator<Item = &str> {
    let parents = host.match_indices('.').map(|(dot, _)| &host[dot + 1..]);
    [host].into_iter().chain(parents).chain(host.split('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str) -> Result<(), FieldCode> {
        let host = "accounts.example.org".into();
        let policy = PasswordPolicy { min_length: 8, site_name: "Bookshop".into(), host };
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
        for raw in ["accounts.example.org", "Accounts", "EXAMPLE.org"] {
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
    fn a_chosen_password_has_at_most_256_characters_of_any_size() {
        let refused = Err(FieldCode::PasswordTooLong { max: 256 });
        for letter in ["x", "é", "漢", "🐎"] {
            assert_eq!(check(&format!("{}ab", letter.repeat(254))), Ok(()), "{letter}");
            assert_eq!(check(&format!("{}abc", letter.repeat(254))), refused, "{letter}");
            let trusted = |raw: String| PasswordPolicy::check_trusted(&Password::parse(&raw).unwrap());
            assert_eq!(trusted(letter.repeat(256)), Ok(()), "{letter}");
            if letter.len() < 4 {
                assert_eq!(trusted(letter.repeat(257)), refused, "{letter}");
            }
        }
    }

    #[test]
    fn digests_of_common_passwords_and_of_ones_own_words_are_refused() {
        // By MD5 of "password" and of "ada@example.org", by SHA-1 of "Bookshop".
        assert_eq!(check("5f4dcc3b5aa765d61d8327deb882cf99"), Err(FieldCode::PasswordCommon));
        assert_eq!(check("5bfcf2d8e394674550332640d72db509"), Err(FieldCode::PasswordPersonal));
        assert_eq!(check("2ab07bfeed6302acdf86da5d85e809f617c167d2"), Err(FieldCode::PasswordPersonal));
    }

    #[test]
    fn a_generated_password_has_at_least_112_bits_and_obeys_the_rules() {
        let password = Password::generate(&crate::OsRandom);
        let alphabet = crate::UNMISTAKABLE.len() as f64;
        let length = password.reveal().len();
        assert!(length as f64 * alphabet.log2() >= 112.0, "{length} of {alphabet}");
        assert!(password.reveal().bytes().all(|byte| crate::UNMISTAKABLE.contains(&byte)));
        assert_eq!(check(password.reveal()), Ok(()));
    }

    #[test]
    fn composed_and_decomposed_spellings_are_one_password() {
        let bytes = |raw| Password::parse(raw).expect("parsed").as_bytes().to_vec();
        assert_eq!(bytes("Zoe\u{308}"), bytes("Zo\u{eb}"));
    }
}
