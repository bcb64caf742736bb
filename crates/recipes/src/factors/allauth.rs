//! django-allauth: `mfa_authenticator.data`, unless an adapter of the site encrypts it.

use serde_json::Value;
use zeroize::Zeroizing;

use super::super::hash::HashName;
use super::{BadFactor, RecoveryCodes, TotpSecret, base32, json};

/// The codes of a set and their digits: allauth's defaults (`MFA_RECOVERY_CODE_COUNT`, `…_DIGITS`).
const CODES: u32 = 10;
const DIGITS: usize = 8;

/// `{"secret": base32}`, of type `totp`.
///
/// # Errors
/// [`BadFactor::Malformed`].
pub fn allauth_totp(data: &str) -> Result<TotpSecret, BadFactor> {
    let data = json(data)?;
    let secret = data["secret"].as_str().ok_or(BadFactor::Malformed("no secret"))?;
    TotpSecret::usual(base32(secret)?)
}

/// The codes that were not used, of type `recovery_codes`: ten of eight digits, which are derived from
/// `{"seed": text, "used_mask": bits}`, or `{"migrated_codes": [text]}`.
///
/// # Errors
/// [`BadFactor::Malformed`].
pub fn allauth_recovery_codes(data: &str) -> Result<RecoveryCodes, BadFactor> {
    let data = json(data)?;
    if let Some(codes) = data.get("migrated_codes").and_then(Value::as_array) {
        let texts = codes.iter().map(|code| code.as_str().map(|code| Zeroizing::new(code.to_owned())));
        return RecoveryCodes::new(texts.collect::<Option<_>>().ok_or(BadFactor::Malformed("no codes"))?);
    }
    let seed = data["seed"].as_str().ok_or(BadFactor::Malformed("no seed"))?;
    let used = data["used_mask"].as_u64().ok_or(BadFactor::Malformed("no used_mask"))?;
    let codes = (0..CODES).filter(|number| used >> number & 1 == 0).map(|number| code(seed, number));
    RecoveryCodes::new(codes.collect())
}

/// The beginning of one HMAC that goes on over `  0,`, `  1,` and so on, keyed with the text of the seed, as
/// a number of eight digits.
fn code(seed: &str, number: u32) -> Zeroizing<String> {
    let message: String = (0..=number).map(|number| format!("{number:3},")).collect();
    let mac = HashName::Sha1.hmac(seed.as_bytes(), message.as_bytes());
    let start = mac.iter().take(DIGITS / 2).fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    Zeroizing::new(format!("{:08}", start % 100_000_000))
}
