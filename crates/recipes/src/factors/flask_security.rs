//! Flask-Security: passlib's TOTP as JSON, encrypted with a key of `SECURITY_TOTP_SECRETS`, and codes in
//! clear.

use aes::Aes256;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit as _, StreamCipher as _};
use zeroize::Zeroizing;

use super::super::hash::HashName;
use super::super::typed::Peppers;
use super::{BadFactor, RecoveryCodes, TotpDigest, TotpSecret, base32, json};

/// passlib writes 14. More would take longer than a second.
const MOST_LOG_ROUNDS: u64 = 22;
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 16;

/// `user.tf_totp_secret`. `secrets` are those of `SECURITY_TOTP_SECRETS`, by its names.
///
/// # Errors
/// [`BadFactor::WrongSecret`] if none has the name. Nothing in the value tells a wrong secret from the right
/// one: it gives another key, with which no code is right.
pub fn flask_security_totp(stored: &str, secrets: &(impl Peppers + ?Sized)) -> Result<TotpSecret, BadFactor> {
    const MALFORMED: BadFactor = BadFactor::Malformed("not passlib's TOTP");
    let data = json(stored)?;
    if data["type"] != "totp" || data["v"] != 1 {
        return Err(MALFORMED);
    }
    let digest = match data.get("alg") {
        None => TotpDigest::Sha1,
        Some(name) => {
            let hash = name.as_str().and_then(HashName::parse).and_then(TotpDigest::of);
            hash.ok_or(BadFactor::Unknown("an algorithm"))?
        }
    };
    let number = |name: &str, usual: u64| data.get(name).map_or(Some(usual), |value| value.as_u64());
    let (digits, period) = (number("digits", 6).ok_or(MALFORMED)?, number("period", 30).ok_or(MALFORMED)?);
    let key = match data["key"].as_str() {
        Some(key) => base32(key)?,
        None => decrypted(&data["enckey"], secrets)?,
    };
    TotpSecret::new(key, digest, digits, period)
}

/// AES-256 in counter mode. PBKDF2 with SHA-256 makes key and first counter of the secret and the salt.
fn decrypted(
    sealed: &serde_json::Value,
    secrets: &(impl Peppers + ?Sized),
) -> Result<Zeroizing<Vec<u8>>, BadFactor> {
    const MALFORMED: BadFactor = BadFactor::Malformed("no key");
    let bytes = |name: &str| base32(sealed[name].as_str().ok_or(MALFORMED)?);
    let rounds = sealed["c"].as_u64().filter(|log| *log <= MOST_LOG_ROUNDS).ok_or(MALFORMED)?;
    if sealed["v"] != 1 {
        return Err(BadFactor::Unknown("a version of the encrypted key"));
    }
    let secret = secrets.pepper(sealed["t"].as_str().ok_or(MALFORMED)?).ok_or(BadFactor::WrongSecret)?;
    let mut derived = Zeroizing::new([0; KEY_BYTES + NONCE_BYTES]);
    HashName::Sha256.pbkdf2(secret.bytes(), &bytes("s")?, 1 << rounds, derived.as_mut());
    let (key, nonce) = derived.split_at(KEY_BYTES);
    let mut opened = bytes("k")?;
    Ctr128BE::<Aes256>::new_from_slices(key, nonce).map_err(|_| MALFORMED)?.apply_keystream(&mut opened);
    Ok(opened)
}

/// `user.mf_recovery_codes`: codes between commas, in clear unless the site encrypts them.
///
/// # Errors
/// [`BadFactor::Malformed`].
pub fn flask_security_recovery_codes(stored: &str) -> Result<RecoveryCodes, BadFactor> {
    let codes = stored.split(',').filter(|code| !code.is_empty());
    RecoveryCodes::new(codes.map(|code| Zeroizing::new(code.to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::super::typed::{NoPeppers, Pepper};
    use super::*;

    /// What passlib 1.7.4 wrote and read for the key `JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP`.
    const SEALED: &str = r#"{"alg":"sha256","digits":8,"enckey":{"c":14,"k":"WKTLT654NVGA5RD73XIF7OCJMNIHQJ5I",
        "s":"HDT3Y54OGETAIAHATRJQ","t":"1","v":1},"period":60,"type":"totp","v":1}"#;
    const CLEAR: &str = r#"{"key":"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP","type":"totp","v":1}"#;

    #[test]
    fn what_passlib_wrote_is_read() {
        let secret = Pepper::from("TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B");
        let secrets = BTreeMap::from([("1".to_owned(), secret)]);
        let read = flask_security_totp(SEALED, &secrets).unwrap();
        assert_eq!((read.digest, read.digits, read.period), (TotpDigest::Sha256, 8, 60));
        let clear = flask_security_totp(CLEAR, &NoPeppers).unwrap();
        assert_eq!(read.key(), clear.key());
        assert_eq!(flask_security_totp(SEALED, &NoPeppers), Err(BadFactor::WrongSecret));
        for junk in ["", "{}", r#"{"type":"totp","v":1}"#, r#"{"type":"totp","v":1,"enckey":{"c":99,"v":1}}"#]
        {
            assert_eq!(flask_security_totp(junk, &secrets).unwrap_err().code(), "malformed", "{junk}");
        }
    }
}
