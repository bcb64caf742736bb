//! better-auth: the columns of `twoFactor`, encrypted with the secret of the app.

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use zeroize::Zeroizing;

use super::super::encoding::from_hex;
use super::super::hash::HashName;
use super::super::typed::Pepper;
use super::{BadFactor, RecoveryCodes, TotpSecret, base32};

/// What stands before a secret that better-auth itself had imported.
const IMPORTED: &str = "base32:";

/// `secret`: the bytes of the decrypted text are the key, and an app shows base32 of them.
///
/// # Errors
/// [`BadFactor::WrongSecret`] if it does not open, [`BadFactor::Unknown`] if the app has several secrets.
pub fn better_auth_totp(stored: &str, app_secret: &Pepper) -> Result<TotpSecret, BadFactor> {
    let text = open(stored, app_secret)?;
    match std::str::from_utf8(&text).ok().and_then(|text| text.strip_prefix(IMPORTED)) {
        Some(secret) => TotpSecret::usual(base32(secret)?),
        None => TotpSecret::usual(text),
    }
}

/// `backupCodes`: a JSON list of the codes in clear.
///
/// # Errors
/// Those of [`better_auth_totp`], and [`BadFactor::Malformed`].
pub fn better_auth_backup_codes(stored: &str, app_secret: &Pepper) -> Result<RecoveryCodes, BadFactor> {
    let text = open(stored, app_secret)?;
    let codes: Vec<String> =
        serde_json::from_slice(&text).map_err(|_| BadFactor::Malformed("no list of codes"))?;
    RecoveryCodes::new(codes.into_iter().map(Zeroizing::new).collect())
}

/// The first 24 bytes are the nonce of XChaCha20-Poly1305, and the key is the SHA-256 of the secret's text.
fn open(stored: &str, app_secret: &Pepper) -> Result<Zeroizing<Vec<u8>>, BadFactor> {
    if stored.starts_with("$ba$") {
        return Err(BadFactor::Unknown("better-auth with several secrets"));
    }
    let bytes = from_hex(stored).ok_or(BadFactor::Malformed("no hexadecimal digits"))?;
    let (nonce, sealed) = bytes.split_first_chunk::<24>().ok_or(BadFactor::Malformed("no nonce"))?;
    let key = HashName::Sha256.digest(&[app_secret.bytes()]);
    let cipher = XChaCha20Poly1305::new_from_slice(&key).map_err(|_| BadFactor::WrongSecret)?;
    let (sealed, tag) = sealed.split_last_chunk::<16>().ok_or(BadFactor::Malformed("no tag"))?;
    let mut opened = Zeroizing::new(sealed.to_vec());
    let nonce = (*nonce).into();
    cipher
        .decrypt_inout_detached(&nonce, &[], opened.as_mut_slice().into(), &(*tag).into())
        .map_err(|_| BadFactor::WrongSecret)?;
    Ok(opened)
}
