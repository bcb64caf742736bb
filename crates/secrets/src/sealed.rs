//! The ring of keys, and the form of what is sealed: a version, the id of the key, the nonce, the encrypted
//! bytes and their tag. Version, id and context are authenticated with them.

use std::fmt;

use chacha20poly1305::{AeadInOut as _, KeyInit as _, XChaCha20Poly1305, XNonce};
use domain::Random;
use zeroize::Zeroizing;

use crate::key::{BadKey, ID_BYTES, KeyId, SecretKey};

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
const HEAD: usize = 1 + ID_BYTES;

/// Keys in order: the first seals, all open. There is always one.
#[derive(Clone)]
pub struct SecretKeys {
    first: SecretKey,
    older: Vec<SecretKey>,
}

/// Why a value was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// It was sealed under this key, which is not in the ring.
    UnknownKey(KeyId),
    /// It was sealed for another context, or is not what was sealed.
    Damaged,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey(id) => {
                write!(f, "it was encrypted under the secret key {id}, which is not here")
            }
            Self::Damaged => f.write_str("an encrypted value is damaged, or stands in another's place"),
        }
    }
}

impl std::error::Error for OpenError {}

/// The value is too long for the cipher: no value of a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealError;

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value is too long to be encrypted")
    }
}

impl std::error::Error for SealError {}

impl SecretKeys {
    /// The ring of one key.
    pub fn only(first: SecretKey) -> Self {
        Self { first, older: Vec::new() }
    }

    /// Reads keys as base64, with commas or line ends between them, the newest first. Lines that begin with
    /// `#` are left out, and so is a key that stands there again.
    ///
    /// # Errors
    /// There is none, or one of them is no key.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        let mut ring: Option<Self> = None;
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        for key in lines.flat_map(|line| line.split(',')).map(str::trim).filter(|key| !key.is_empty()) {
            let key = SecretKey::parse(key)?;
            match &mut ring {
                None => ring = Some(Self::only(key)),
                Some(ring) if ring.key(key.id()).is_none() => ring.older.push(key),
                Some(_) => {}
            }
        }
        ring.ok_or(BadKey)
    }

    /// The ring with `key` before all others.
    #[must_use]
    pub fn led_by(&self, key: SecretKey) -> Self {
        let older = self.iter().filter(|old| old.id() != key.id()).cloned().collect();
        Self { first: key, older }
    }

    /// The ring without the older keys that `wanted` does not want.
    #[must_use]
    pub fn keeping(&self, wanted: impl Fn(KeyId) -> bool) -> Self {
        let older = self.older.iter().filter(|key| wanted(key.id())).cloned().collect();
        Self { first: self.first.clone(), older }
    }

    /// The key that seals.
    pub fn first(&self) -> &SecretKey {
        &self.first
    }

    /// All keys, in order.
    pub fn iter(&self) -> impl Iterator<Item = &SecretKey> {
        std::iter::once(&self.first).chain(&self.older)
    }

    /// The key with this id.
    pub fn key(&self, id: KeyId) -> Option<&SecretKey> {
        self.iter().find(|key| key.id() == id)
    }

    /// Encrypts `plain` under the first key, for `context` alone: what stands in another row has another.
    ///
    /// # Errors
    /// `plain` has more than 256 GiB.
    pub fn seal(&self, random: &dyn Random, context: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE_BYTES];
        random.fill(&mut nonce);
        let mut sealed = Vec::with_capacity(HEAD + NONCE_BYTES + plain.len() + TAG_BYTES);
        sealed.push(VERSION);
        sealed.extend_from_slice(self.first.id().as_bytes());
        let bound = bound(&sealed, context);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let body = &mut sealed[HEAD + NONCE_BYTES..];
        let cipher = XChaCha20Poly1305::new(self.first.bytes().into());
        let tag = cipher.encrypt_inout_detached(&XNonce::from(nonce), &bound, body.into());
        sealed.extend_from_slice(&tag.map_err(|_| SealError)?);
        Ok(sealed)
    }

    /// The id of the key that a value was sealed under. `None` for what is no sealed value.
    pub fn sealed_under(sealed: &[u8]) -> Option<KeyId> {
        match sealed.split_first()? {
            (&VERSION, rest) => KeyId::from_slice(rest.get(..ID_BYTES)?),
            _ => None,
        }
    }

    /// Decrypts what was sealed for `context`.
    ///
    /// # Errors
    /// `UnknownKey` when its key is not in the ring; `Damaged` when it is not what was sealed for `context`.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let id = Self::sealed_under(sealed).ok_or(OpenError::Damaged)?;
        let key = self.key(id).ok_or(OpenError::UnknownKey(id))?;
        let (head, rest) = sealed.split_at_checked(HEAD).ok_or(OpenError::Damaged)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(OpenError::Damaged)?;
        let (body, tag) = rest.split_last_chunk::<TAG_BYTES>().ok_or(OpenError::Damaged)?;
        let mut plain = Zeroizing::new(body.to_vec());
        let cipher = XChaCha20Poly1305::new(key.bytes().into());
        cipher
            .decrypt_inout_detached(
                nonce.into(),
                &bound(head, context),
                plain.as_mut_slice().into(),
                tag.into(),
            )
            .map_err(|_| OpenError::Damaged)?;
        Ok(plain)
    }
}

impl fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(SecretKey::id)).finish()
    }
}

/// What is authenticated with the encrypted bytes: their head and their context.
fn bound(head: &[u8], context: &str) -> Vec<u8> {
    [head, context.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::OsRandom;

    fn key() -> SecretKey {
        SecretKey::generate(&OsRandom)
    }

    #[test]
    fn what_is_sealed_opens_in_its_own_place_alone() {
        let keys = SecretKeys::only(key());
        let sealed = keys.seal(&OsRandom, "totp:7", b"secret").unwrap();
        assert_eq!(keys.open("totp:7", &sealed).unwrap().as_slice(), b"secret");
        for other in ["totp:8", "totp:", "", "app:7"] {
            assert_eq!(keys.open(other, &sealed), Err(OpenError::Damaged), "{other}");
        }
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_ne!(keys.seal(&OsRandom, "totp:7", b"secret").unwrap(), sealed, "a nonce is used once");
    }

    #[test]
    fn no_byte_may_change() {
        let keys = SecretKeys::only(key());
        let sealed = keys.seal(&OsRandom, "totp:7", b"secret").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(keys.open("totp:7", &changed).is_err(), "byte {at}");
            assert!(keys.open("totp:7", &sealed[..at]).is_err(), "{at} bytes of it");
        }
        assert!(keys.open("totp:7", &[sealed, vec![0]].concat()).is_err());
    }

    #[test]
    fn the_first_key_seals_and_the_older_ones_still_open() {
        let (old, new) = (key(), key());
        let before = SecretKeys::only(old.clone());
        let sealed = before.seal(&OsRandom, "a", b"one").unwrap();
        let both = before.led_by(new.clone());
        assert_eq!(both.open("a", &sealed).unwrap().as_slice(), b"one");
        let again = both.seal(&OsRandom, "a", b"one").unwrap();
        assert_eq!(SecretKeys::sealed_under(&again), Some(new.id()));
        assert_eq!(before.open("a", &again), Err(OpenError::UnknownKey(new.id())));
        let after = both.keeping(|_| false);
        assert_eq!(after.open("a", &sealed), Err(OpenError::UnknownKey(old.id())));
        assert_eq!(after.open("a", &again).unwrap().as_slice(), b"one");
    }

    #[test]
    fn a_list_of_keys_is_read_in_its_order_and_does_not_print() {
        let (one, two) = (key(), key());
        let text = format!("# newest first\n{}, {}\n\n{}\n", *one.to_text(), *two.to_text(), *one.to_text());
        let keys = SecretKeys::parse(&text).unwrap();
        assert!(keys.iter().eq([&one, &two]));
        assert_eq!(format!("{keys:?}"), format!("[{}, {}]", one.id(), two.id()));
        for junk in ["", " , ", "# none", "AAAA", &format!("{},x", *one.to_text())] {
            assert!(SecretKeys::parse(junk).is_err(), "{junk}");
        }
    }
}
