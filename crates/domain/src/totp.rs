//! Codes of authenticator apps (TOTP, RFC 6238): SHA-1, six digits, 30 seconds, which is all that the common
//! apps know.

use std::fmt;

use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroizing;

use super::{Millis, Random};

/// The bytes of a secret that is drawn here: as many as SHA-1 gives (RFC 4226, section 4).
const SECRET_BYTES: usize = 20;

/// The bytes of a secret that came along from elsewhere: 80 bits are the fewest that products were seen to
/// give; SHA-1 has blocks of 64 bytes.
const KNOWN_BYTES: std::ops::RangeInclusive<usize> = 10..=64;

const STEP_SECONDS: u64 = 30;

/// Steps before and after the present one whose codes are taken too, for clocks that differ and for people
/// who type (RFC 6238, section 5.2).
const EITHER_SIDE: u16 = 1;

/// The digits of a code.
const DIGITS: usize = 6;

/// The secret that an account and an authenticator app share. It prints as `[redacted]` and is wiped when
/// dropped.
pub struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    /// Draws a secret of 160 bits.
    pub fn generate(random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new(vec![0; SECRET_BYTES]);
        random.fill(bytes.as_mut());
        Self(bytes)
    }

    /// Converts a stored secret. Returns `None` unless it has 10 to 64 bytes.
    pub fn from_slice(stored: &[u8]) -> Option<Self> {
        KNOWN_BYTES.contains(&stored.len()).then(|| Self(Zeroizing::new(stored.to_vec())))
    }

    /// The bytes, to be encrypted.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_ref()
    }

    /// The step whose code this is, at `now` or one step before or after. The caller sees to it that no step
    /// is used twice.
    pub fn step_of(&self, code: &TotpCode, now: Millis) -> Option<i64> {
        let seconds = u64::try_from(now.0).ok()? / 1_000;
        let step = self.totp()?.check(code.as_str(), seconds)?;
        i64::try_from(step).ok()
    }

    /// The code that an app shows at `now`; the server itself never needs it.
    pub fn shown_at(&self, now: Millis) -> Option<TotpCode> {
        let seconds = u64::try_from(now.0).ok()? / 1_000;
        TotpCode::parse(&self.totp()?.generate(seconds).to_string())
    }

    fn totp(&self) -> Option<Totp> {
        let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(DIGITS as u8);
        let builder = builder.with_step_duration(STEP_SECONDS).with_skew(EITHER_SIDE);
        // A secret that came along may have fewer bits than a new one has to (RFC 4226, section 4, R6).
        Some(builder.with_secret(Secret::new(self.0.as_slice().into())).build_noncompliant())
    }

    /// The secret in the base32 of RFC 4648, which apps take when it is typed.
    pub fn to_base32(&self) -> Zeroizing<String> {
        const SYMBOLS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        // As much as it takes, so that nothing is moved and left behind.
        let mut text = Zeroizing::new(String::with_capacity(self.0.len() * 2));
        for group in self.0.chunks(5) {
            let bits = group.iter().fold(0u64, |bits, byte| (bits << 8) | u64::from(*byte));
            let bits = bits << (8 * (5 - group.len()));
            let symbol = |at: usize| char::from(SYMBOLS[((bits >> (35 - 5 * at)) & 31) as usize]);
            // Apps want no padding.
            text.extend((0..(group.len() * 8).div_ceil(5)).map(symbol));
        }
        text
    }

    /// The address of the secret that an app reads from a picture (Google Authenticator's *Key URI Format*).
    /// What every app takes for granted is left out, so that the picture stays small.
    pub fn uri(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        let (issuer, account, secret) = (escaped(issuer), escaped(account), self.to_base32());
        Zeroizing::new(format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", *secret))
    }
}

/// `text` as a part of an address: apps take a plus sign for itself, so that a blank is `%20`.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            all.push(char::from(byte));
        } else {
            all.push_str(&format!("%{byte:02X}"));
        }
        all
    })
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Six digits, as somebody typed them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotpCode(String);

impl TotpCode {
    /// Reads a code. Apps show it in groups, so blanks are left out. `None` for anything but six digits.
    pub fn parse(typed: &str) -> Option<Self> {
        let code: String = typed.chars().filter(|c| !c.is_whitespace()).take(DIGITS + 1).collect();
        (code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(Self(code))
    }

    /// The six digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsRandom;

    /// RFC 6238, appendix B, for SHA-1: its codes have eight digits, of which the last six are those of six.
    const VECTORS: [(i64, &str); 6] = [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ];

    fn secret() -> TotpSecret {
        TotpSecret::from_slice(b"12345678901234567890").unwrap()
    }

    fn code(digits: &str) -> TotpCode {
        TotpCode::parse(digits).unwrap()
    }

    #[test]
    fn the_codes_of_the_standard_are_taken_in_their_step_and_one_before_and_after() {
        for (seconds, eight) in VECTORS {
            let code = code(&eight[2..]);
            let at = |seconds: i64| secret().step_of(&code, Millis(seconds * 1_000));
            let step = Some(seconds / 30);
            assert_eq!(secret().shown_at(Millis(seconds * 1_000)).as_ref(), Some(&code));
            let begins = seconds / 30 * 30;
            for taken in [seconds, begins - 30, begins - 1, begins + 30, begins + 59] {
                assert_eq!(at(taken), step, "{seconds} at {taken}");
            }
            for refused in [begins - 31, begins + 60] {
                assert_eq!(at(refused), None, "{seconds} at {refused}");
            }
        }
    }

    #[test]
    fn another_secret_has_other_codes_and_no_time_is_a_panic() {
        let code = code("287082");
        assert_eq!(TotpSecret::from_slice(&[7; 20]).unwrap().step_of(&code, Millis(59_000)), None);
        for now in [i64::MIN, -1, 0, i64::MAX] {
            let _ = secret().step_of(&code, Millis(now));
        }
    }

    #[test]
    fn a_secret_of_another_length_has_the_codes_of_its_key() {
        // HMAC pads a key with zeros up to a block (RFC 2104, section 2), so these are one key.
        for length in [10, 16, 20, 32, 63] {
            let (short, long) = (vec![7; length], [vec![7; length], vec![0; 64 - length]].concat());
            let [one, other] = [short, long].map(|bytes| TotpSecret::from_slice(&bytes).unwrap());
            let shown = one.shown_at(Millis(59_000)).unwrap();
            assert_eq!(other.step_of(&shown, Millis(59_000)), Some(1), "{length}");
        }
    }

    #[test]
    fn six_digits_are_a_code_however_they_are_grouped() {
        for typed in ["287082", "287 082", " 28 70 82\n", "287\u{a0}082"] {
            assert_eq!(TotpCode::parse(typed), Some(code("287082")), "{typed:?}");
        }
        for junk in ["", "28708", "2870821", "28708a", "٢٨٧٠٨٢", "+28708", "287-082", &"1".repeat(65_536)]
        {
            assert_eq!(TotpCode::parse(junk), None, "{}", &junk[..junk.len().min(20)]);
        }
    }

    #[test]
    fn the_text_of_a_secret_is_its_base32() {
        assert_eq!(*secret().to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(*TotpSecret::from_slice(&[255; 20]).unwrap().to_base32(), "7".repeat(32));
        let drawn = TotpSecret::generate(&OsRandom);
        assert_ne!(drawn.as_bytes(), TotpSecret::generate(&OsRandom).as_bytes());
        assert_eq!(format!("{drawn:?}"), "[redacted]");
        // RFC 4648, section 10, without the padding; shorter than a secret may be.
        for (bytes, text) in [
            ("foobarfoob", "MZXW6YTBOJTG633C"),
            ("foobarfooba", "MZXW6YTBOJTG633CME"),
            ("12345678901234", "GEZDGNBVGY3TQOJQGEZDGNA"),
        ] {
            assert_eq!(*TotpSecret::from_slice(bytes.as_bytes()).unwrap().to_base32(), text);
        }
        for length in [0, 9, 65] {
            assert!(TotpSecret::from_slice(&vec![1; length]).is_none(), "{length}");
        }
    }

    #[test]
    fn the_address_of_a_secret_names_site_and_account() {
        assert_eq!(
            *secret().uri("Café: 1&2", "ada+x@example.org"),
            "otpauth://totp/Caf%C3%A9%3A%201%262:ada%2Bx@example.org\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Caf%C3%A9%3A%201%262"
        );
    }
}
