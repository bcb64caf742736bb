//! One key, and the id by which values name it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Random;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// The bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;

/// The bytes of a key's id.
pub(crate) const ID_BYTES: usize = 8;

/// A key of 256 bits. It prints as `[redacted]` and is wiped when dropped.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; KEY_BYTES]>);

/// A text that is no key: it should be the base64 of 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadKey;

impl fmt::Display for BadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key should be the base64 of 32 random bytes, such as `openssl rand -base64 32` prints")
    }
}

impl std::error::Error for BadKey {}

impl SecretKey {
    /// Draws a key.
    pub fn generate(random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        random.fill(bytes.as_mut());
        Self(bytes)
    }

    /// Reads what [`to_text`](Self::to_text) writes, with blanks around it.
    ///
    /// # Errors
    /// The text is not the base64 of 32 bytes, or all of these are the same, which no random key is.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| BadKey)?);
        let bytes = <[u8; KEY_BYTES]>::try_from(bytes.as_slice()).map_err(|_| BadKey)?;
        if bytes.iter().all(|byte| *byte == bytes[0]) {
            return Err(BadKey);
        }
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// The key as base64, for the file that keeps it.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.0.as_ref()))
    }

    /// The key's name, which tells nothing of it: a key is 256 random bits, so its digest cannot be searched.
    pub fn id(&self) -> KeyId {
        let digest =
            Sha256::new_with_prefix(b"vestibule secret key ").chain_update(self.0.as_ref()).finalize();
        let mut id = [0; ID_BYTES];
        id.copy_from_slice(&digest[..ID_BYTES]);
        KeyId(id)
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl PartialEq for SecretKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(other.0.as_ref()).into()
    }
}

impl Eq for SecretKey {}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The name of a key: the beginning of its digest. It prints as hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; ID_BYTES]);

impl KeyId {
    /// The bytes, as stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Converts a stored id. Returns `None` unless it has eight bytes.
    pub fn from_slice(stored: &[u8]) -> Option<Self> {
        stored.try_into().ok().map(Self)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::OsRandom;

    #[test]
    fn a_key_is_read_back_from_its_text_and_does_not_print() {
        let key = SecretKey::generate(&OsRandom);
        let text = key.to_text();
        let read = SecretKey::parse(&format!(" {}\n", *text)).unwrap();
        assert!(read == key && read.id() == key.id());
        assert_ne!(SecretKey::generate(&OsRandom).id(), key.id());
        assert_eq!(format!("{key:?}"), "[redacted]");
        assert_eq!(KeyId::from_slice(key.id().as_bytes()), Some(key.id()));
        assert_eq!(key.id().to_string().len(), 16);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let short = STANDARD.encode([1; 31]);
        let zeros = STANDARD.encode([0; 32]);
        for junk in ["", "secret", "AAAA", &short, &zeros, &"é".repeat(22)] {
            assert_eq!(SecretKey::parse(junk), Err(BadKey), "{junk}");
        }
    }
}
