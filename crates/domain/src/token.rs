//! Bearer secrets: the holder has 256 random bits, and the database has only their SHA-256.

use std::fmt;
use std::hash::{Hash, Hasher};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::Random;

const TOKEN_BYTES: usize = 32;

/// The characters that a token shares with its successors: 12 of its bytes. The other 20 are new in each.
const FAMILY_CHARS: usize = 16;

/// A secret that its holder presents. It prints as `[redacted]` and is wiped when dropped.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

impl Token {
    /// Draws a token: 32 random bytes in base64url without padding (43 characters).
    pub fn generate(random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0u8; TOKEN_BYTES]);
        random.fill(bytes.as_mut());
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_ref())))
    }

    /// Parses a presented token. Returns `None` for anything but 43 characters of base64url, so that invalid
    /// input of any size is neither hashed nor looked up.
    pub fn parse(presented: &str) -> Option<Self> {
        let well_formed = presented.len() == 43
            && presented.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        well_formed.then(|| Self(Zeroizing::new(presented.to_owned())))
    }

    /// Draws a token in base64 with padding (44 characters), the format of `user_secret` that amadis' device
    /// back ends were promised.
    pub fn generate_padded(random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0u8; TOKEN_BYTES]);
        random.fill(bytes.as_mut());
        Self(Zeroizing::new(STANDARD.encode(bytes.as_ref())))
    }

    /// Parses a presented token in the format of [`generate_padded`](Self::generate_padded).
    pub fn parse_padded(presented: &str) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(presented).ok()?);
        (bytes.len() == TOKEN_BYTES).then(|| Self(Zeroizing::new(presented.to_owned())))
    }

    /// Draws a token of the same family.
    pub fn successor(&self, random: &dyn Random) -> Self {
        let mut next = Self::generate(random);
        if let Some(shared) = self.0.get(..FAMILY_CHARS) {
            next.0.replace_range(..FAMILY_CHARS, shared);
        }
        next
    }

    /// The digest of what a token of [`generate`](Self::generate) and all its successors have in common: 96
    /// of their 256 bits. By it a token that was exchanged long ago is recognised; it grants no access.
    pub fn family(&self) -> TokenDigest {
        TokenDigest(
            Sha256::new_with_prefix(b"family ")
                .chain_update(self.0.get(..FAMILY_CHARS).unwrap_or(""))
                .finalize()
                .into(),
        )
    }

    /// Encrypts `next` for whoever holds this token: its 32 bytes, with a key that only this token gives. A
    /// token seals one other token at most.
    pub fn seal(&self, next: &Self) -> Option<[u8; TOKEN_BYTES]> {
        let mut sealed =
            <[u8; TOKEN_BYTES]>::try_from(URL_SAFE_NO_PAD.decode(next.0.as_bytes()).ok()?).ok()?;
        self.mask(&mut sealed);
        Some(sealed)
    }

    /// Decrypts what [`seal`](Self::seal) encrypted. `None` unless it has 32 bytes.
    pub fn unseal(&self, sealed: &[u8]) -> Option<Self> {
        let mut bytes = Zeroizing::new(<[u8; TOKEN_BYTES]>::try_from(sealed).ok()?);
        self.mask(&mut bytes);
        Some(Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_ref()))))
    }

    fn mask(&self, bytes: &mut [u8; TOKEN_BYTES]) {
        let key = Sha256::new_with_prefix(b"successor ").chain_update(self.0.as_bytes()).finalize();
        bytes.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
    }

    /// The digest by which the token is stored and looked up.
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(Sha256::digest(self.0.as_bytes()).into())
    }

    /// The secret's text, for the one answer that delivers it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The SHA-256 of a [`Token`]. It does not grant access.
#[derive(Clone, Copy, Eq)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// The digest of another secret, computed there.
    pub(crate) const fn of(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The 32 bytes, as stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Converts a stored digest. Returns `None` unless it has 32 bytes.
    pub fn from_slice(stored: &[u8]) -> Option<Self> {
        stored.try_into().ok().map(Self)
    }

    /// The text form in messages between instances (base64url).
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads [`to_text`](Self::to_text) back. Returns `None` for other text.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?)
    }
}

impl PartialEq for TokenDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Hash for TokenDigest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[digest]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsRandom;

    #[test]
    fn a_generated_token_is_accepted_back_and_has_the_same_digest() {
        let token = Token::generate(&OsRandom);
        let presented = Token::parse(token.reveal()).expect("well formed");
        assert_eq!(presented.digest(), token.digest());
        assert_eq!(TokenDigest::from_text(&token.digest().to_text()), Some(token.digest()));
    }

    #[test]
    fn the_padded_spelling_is_accepted_back_where_it_is_asked_for() {
        let secret = Token::generate_padded(&OsRandom);
        assert_eq!(secret.reveal().len(), 44);
        assert_eq!(Token::parse_padded(secret.reveal()).unwrap().digest(), secret.digest());
        for junk in ["", "AAAA", &"A".repeat(44), &"A".repeat(1_000), "é"] {
            assert!(Token::parse_padded(junk).is_none(), "{junk}");
        }
    }

    #[test]
    fn a_successor_is_of_the_same_family_and_only_its_predecessor_reads_it() {
        let (token, stranger) = (Token::generate(&OsRandom), Token::generate(&OsRandom));
        let next = token.successor(&OsRandom);
        assert!(Token::parse(next.reveal()).is_some());
        assert_ne!(next.digest(), token.digest());
        assert_eq!(next.family(), token.family());
        assert_ne!(stranger.family(), token.family());
        let sealed = token.seal(&next).unwrap();
        assert_eq!(token.unseal(&sealed).unwrap().reveal(), next.reveal());
        assert_ne!(stranger.unseal(&sealed).unwrap().reveal(), next.reveal());
        assert!(token.unseal(&sealed[1..]).is_none());
    }

    #[test]
    fn junk_is_not_a_token() {
        for junk in ["", "short", &"x".repeat(44), &"é".repeat(22), "\0"] {
            assert!(Token::parse(junk).is_none(), "{junk:?}");
        }
    }

    #[test]
    fn a_token_does_not_print() {
        let token = Token::generate(&OsRandom);
        assert_eq!(format!("{token:?}"), "[redacted]");
    }
}
