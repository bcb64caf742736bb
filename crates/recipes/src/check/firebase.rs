//! Firebase's use of scrypt.

use aes::Aes256;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit as _, StreamCipher as _};
use zeroize::Zeroizing;

use super::super::refusal::VerifyError;
use super::memory_hard;

/// The project's key, encrypted by AES-256 in counter mode from zero under what scrypt makes of the password.
pub(super) fn encrypted_key(
    input: &[u8],
    (log_n, block): (u8, u32),
    salt: &[u8],
    key: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VerifyError> {
    let derived = memory_hard::scrypt(input, salt, (log_n, block, 1), 32)?;
    let cipher = Ctr128BE::<Aes256>::new_from_slices(&derived, &[0; 16]);
    let mut encrypted = Zeroizing::new(key.to_vec());
    cipher.map_err(|_| VerifyError::Library)?.apply_keystream(&mut encrypted);
    Ok(encrypted)
}
