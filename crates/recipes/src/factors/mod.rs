//! Second factors that other products stored: TOTP secrets and recovery codes, in clear as our own server
//! seals them. Each function takes what stands in the product's column.

mod allauth;
mod better_auth;
mod clear;
mod flask_security;

use std::fmt;

use zeroize::Zeroizing;

pub use allauth::{allauth_recovery_codes, allauth_totp};
pub use better_auth::{better_auth_backup_codes, better_auth_totp};
pub use clear::{discourse_totp, keycloak_otp};
pub use flask_security::{flask_security_recovery_codes, flask_security_totp};

use super::hash::HashName;

/// The digest of a TOTP secret's codes (RFC 6238, section 1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotpDigest {
    /// What authenticator apps assume.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

impl TotpDigest {
    fn of(name: HashName) -> Option<Self> {
        match name {
            HashName::Sha1 => Some(Self::Sha1),
            HashName::Sha256 => Some(Self::Sha256),
            HashName::Sha512 => Some(Self::Sha512),
            HashName::Md4 | HashName::Md5 | HashName::Sha384 => None,
        }
    }
}

/// A TOTP secret with its parameters. It does not print and is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret {
    key: Zeroizing<Vec<u8>>,
    /// The digest of its codes.
    pub digest: TotpDigest,
    /// The digits of a code: 6 to 8.
    pub digits: u8,
    /// Seconds that a code is shown.
    pub period: u32,
}

impl TotpSecret {
    /// The bytes of the key, whatever text the product showed for them.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// A secret as authenticator apps assume it: SHA-1, 6 digits, 30 s.
    fn usual(key: Zeroizing<Vec<u8>>) -> Result<Self, BadFactor> {
        Self::new(key, TotpDigest::Sha1, 6, 30)
    }

    fn new(key: Zeroizing<Vec<u8>>, digest: TotpDigest, digits: u64, period: u64) -> Result<Self, BadFactor> {
        let digits = u8::try_from(digits).ok().filter(|digits| (6..=8).contains(digits));
        let period = u32::try_from(period).ok().filter(|period| (1..=3600).contains(period));
        match (digits, period) {
            _ if !(LEAST_KEY..=LONGEST_KEY).contains(&key.len()) => {
                Err(BadFactor::Malformed("a key of an impossible length"))
            }
            (Some(digits), Some(period)) => Ok(Self { key, digest, digits, period }),
            _ => Err(BadFactor::Malformed("codes of an impossible length or time")),
        }
    }
}

/// 80 bits, as some products have them; RFC 4226 asks for 128, section 4.
const LEAST_KEY: usize = 10;
const LONGEST_KEY: usize = 256;

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret([redacted])")
    }
}

/// Codes of which each signs in once and that were not used yet, as people have them on paper. They do not
/// print and are wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCodes(Vec<Zeroizing<String>>);

impl RecoveryCodes {
    /// The codes.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|code| code.as_str())
    }

    fn new(codes: Vec<Zeroizing<String>>) -> Result<Self, BadFactor> {
        let right = |code: &Zeroizing<String>| !code.is_empty() && code.len() <= LONGEST_CODE;
        if codes.len() <= MOST_CODES && codes.iter().all(right) {
            Ok(Self(codes))
        } else {
            Err(BadFactor::Malformed("too many codes, or a code that is none"))
        }
    }
}

const MOST_CODES: usize = 100;
const LONGEST_CODE: usize = 100;

impl fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCodes([redacted])")
    }
}

/// Why a second factor is not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadFactor {
    /// The value is not of the product's form. Encryption by an adapter looks so as well.
    Malformed(&'static str),
    /// The form is known and not read here.
    Unknown(&'static str),
    /// The secret of the product's server is another one, or was not given.
    WrongSecret,
}

impl BadFactor {
    /// A stable word for reports and programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::Unknown(_) => "unknown_form",
            Self::WrongSecret => "wrong_secret",
        }
    }
}

impl fmt::Display for BadFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(what) => write!(f, "the second factor is not of the product's form: {what}"),
            Self::Unknown(what) => write!(f, "no form of a second factor that is read here: {what}"),
            Self::WrongSecret => {
                f.write_str("the second factor does not open with the secret that was given, if one was")
            }
        }
    }
}

impl std::error::Error for BadFactor {}

/// Base32 (RFC 4648), as people copy it: in either case, with or without padding.
fn from_base32(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text = text.trim_end_matches('=');
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() * 5 / 8));
    let (mut bits, mut waiting) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a',
            b'2'..=b'7' => byte - b'2' + 26,
            _ => return None,
        };
        bits = bits << 5 | u32::from(digit);
        waiting += 5;
        if waiting >= 8 {
            waiting -= 8;
            bytes.push(u8::try_from(bits >> waiting & 0xff).ok()?);
        }
    }
    Some(bytes)
}

fn base32(text: &str) -> Result<Zeroizing<Vec<u8>>, BadFactor> {
    from_base32(text).ok_or(BadFactor::Malformed("no base32"))
}

fn json(text: &str) -> Result<serde_json::Value, BadFactor> {
    serde_json::from_str(text).map_err(|_| BadFactor::Malformed("no JSON"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_the_rfc() {
        for (text, bytes) in [("", ""), ("MZXW6===", "foo"), ("MZXW6", "foo"), ("mzxw6ytboi", "foobar")] {
            assert_eq!(from_base32(text).unwrap().as_slice(), bytes.as_bytes());
        }
        for junk in ["M1", "MZ XW", "M=Z", "é"] {
            assert_eq!(from_base32(junk), None, "{junk}");
        }
    }

    #[test]
    fn factors_do_not_print() {
        let secret = TotpSecret::usual(Zeroizing::new(b"12345678901234567890".to_vec())).unwrap();
        let codes = RecoveryCodes::new(vec![Zeroizing::new("12345678".to_owned())]).unwrap();
        assert!(!format!("{secret:?} {codes:?}").contains("1234"));
    }
}
