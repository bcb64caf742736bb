//! Usernames: optional, and unique ignoring case and look-alike letters (Unicode UTS #39).

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::{GeneralSecurityProfile as _, MixedScript as _};

use super::FieldCode;

/// A name to sign in with: 1 to 40 characters of one script, never an `@`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// The longest username, in characters.
    pub const MAX_CHARS: usize = 40;

    /// Trims and NFC-normalises a typed name.
    ///
    /// # Errors
    /// `Required` when it is empty; `TextTooLong` above [`MAX_CHARS`](Self::MAX_CHARS); `UsernameInvalid` for
    /// characters outside the identifier profile of UTS #39 (no spaces, controls, emoji or `@`);
    /// `UsernameMixed` for several scripts.
    pub fn parse(raw: &str) -> Result<Self, FieldCode> {
        let name: String = raw.trim().nfc().collect();
        if name.is_empty() {
            return Err(FieldCode::Required);
        }
        if name.chars().count() > Self::MAX_CHARS {
            return Err(FieldCode::TextTooLong { max: Self::MAX_CHARS });
        }
        let allowed = |c: char| c.identifier_allowed() || matches!(c, '-' | '.' | '_');
        if !name.chars().all(allowed) || !name.chars().any(char::is_alphanumeric) {
            return Err(FieldCode::UsernameInvalid);
        }
        if !name.as_str().is_single_script() {
            return Err(FieldCode::UsernameMixed);
        }
        Ok(Self(name))
    }

    /// Takes a username from the database without checking it.
    pub fn from_store(stored: String) -> Self {
        Self(stored)
    }

    /// The username as its owner typed it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The lookup key, equal for all spellings of one name: the name in lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The UTS #39 skeleton, equal for all names that look alike.
    pub fn skeleton(&self) -> String {
        unicode_security::skeleton(&self.0).collect::<String>().to_lowercase()
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_in_any_script_are_accepted() {
        for raw in ["ada", "Ada_Lovelace-1815", "é.b", "Анна", "山田太郎", "محمد"] {
            assert!(Username::parse(raw).is_ok(), "{raw}");
        }
    }

    #[test]
    fn at_signs_spaces_controls_and_bidi_are_refused() {
        for raw in ["a@b", "a b", "a\0b", "a\u{202E}b", "a/b", "…", "😀", "-"] {
            assert_eq!(Username::parse(raw), Err(FieldCode::UsernameInvalid), "{raw:?}");
        }
        assert_eq!(Username::parse(" "), Err(FieldCode::Required));
    }

    #[test]
    fn two_scripts_in_one_name_are_refused() {
        assert_eq!(Username::parse("p\u{0430}ypal"), Err(FieldCode::UsernameMixed));
    }

    #[test]
    fn names_that_look_alike_share_a_skeleton() {
        let skeleton = |raw| Username::parse(raw).expect("valid").skeleton();
        assert_eq!(skeleton("paypa1"), skeleton("paypal"));
        assert_ne!(skeleton("ada"), skeleton("eda"));
        assert_eq!(Username::parse("ADA").expect("valid").key(), "ada");
    }
}
