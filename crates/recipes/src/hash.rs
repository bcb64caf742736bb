//! The digests that recipes name, over several parts, and what is built from them.

use hmac::{EagerHash, Hmac, KeyInit as _, Mac as _};
use md4::Md4;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

/// A digest by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HashName {
    Md4,
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// Calls a generic function for the digest that a [`HashName`] names.
macro_rules! with_digest {
    ($name:expr, $function:ident ( $($argument:expr),* )) => {
        match $name {
            HashName::Md4 => $function::<Md4>($($argument),*),
            HashName::Md5 => $function::<Md5>($($argument),*),
            HashName::Sha1 => $function::<Sha1>($($argument),*),
            HashName::Sha256 => $function::<Sha256>($($argument),*),
            HashName::Sha384 => $function::<Sha384>($($argument),*),
            HashName::Sha512 => $function::<Sha512>($($argument),*),
        }
    };
}

impl HashName {
    const ALL: [Self; 6] = [Self::Md4, Self::Md5, Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// The name in recipes, such as `sha256`.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Md4 => "md4",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// Reads what [`text`](Self::text) writes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.text() == text)
    }

    /// The bytes of a digest.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Md4 | Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The digest of the parts, one after the other.
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
        with_digest!(self, digest(parts))
    }

    /// The digest of the parts, digested `again` times more, each time followed by `after`.
    pub(crate) fn stretched(self, parts: &[&[u8]], after: &[u8], again: u32) -> Zeroizing<Vec<u8>> {
        with_digest!(self, stretched(parts, after, again))
    }

    /// The HMAC of the message.
    pub(crate) fn hmac(self, key: &[u8], message: &[u8]) -> Zeroizing<Vec<u8>> {
        with_digest!(self, hmac(key, &[message]))
    }

    /// The HMAC under `key` of `first`, of which the HMAC is taken `again` times more.
    pub(crate) fn chained_hmac(self, key: &[u8], first: &[u8], again: u32) -> Zeroizing<Vec<u8>> {
        with_digest!(self, chained_hmac(key, first, again))
    }

    /// PBKDF2 with HMAC, as long as `output`.
    pub(crate) fn pbkdf2(self, password: &[u8], salt: &[u8], rounds: u32, output: &mut [u8]) {
        with_digest!(self, pbkdf2(password, salt, rounds, output));
    }
}

fn digest<D: Digest>(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let mut digest = D::new();
    parts.iter().for_each(|part| digest.update(part));
    Zeroizing::new(digest.finalize().to_vec())
}

fn stretched<D: Digest>(parts: &[&[u8]], after: &[u8], again: u32) -> Zeroizing<Vec<u8>> {
    let mut digest = D::new();
    parts.iter().for_each(|part| digest.update(part));
    let mut last = digest.finalize();
    for _ in 0..again {
        last = D::new().chain_update(&last).chain_update(after).finalize();
    }
    Zeroizing::new(last.to_vec())
}

/// HMAC takes a key of any length, so the empty answer to a refused key is never given.
fn hmac<D: EagerHash>(key: &[u8], parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let Ok(mut mac) = Hmac::<D>::new_from_slice(key) else { return Zeroizing::default() };
    parts.iter().for_each(|part| mac.update(part));
    Zeroizing::new(mac.finalize().into_bytes().to_vec())
}

fn chained_hmac<D: EagerHash>(key: &[u8], first: &[u8], again: u32) -> Zeroizing<Vec<u8>> {
    let Ok(keyed) = Hmac::<D>::new_from_slice(key) else { return Zeroizing::default() };
    let next = |message: &[u8]| keyed.clone().chain_update(message).finalize().into_bytes();
    let mut last = next(first);
    for _ in 0..again {
        last = next(&last);
    }
    Zeroizing::new(last.to_vec())
}

fn pbkdf2<D: EagerHash>(password: &[u8], salt: &[u8], rounds: u32, output: &mut [u8]) {
    pbkdf2::pbkdf2_hmac::<D>(password, salt, rounds, output);
}
