//! The scheme proper with everything that one account's hash needs, whatever the product called it.

mod argon;
mod crypt;
mod estimate;
mod firebase;
mod limits;
mod memory_hard;
mod text;

use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

pub(crate) use crypt::{APACHE, MD5_ORDER, SHA1_ORDER, sha_order};

use super::hash::HashName;
use super::refusal::VerifyError;
use super::step::{Key, PepperName};
use super::typed::Peppers;

/// Which Argon2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArgonKind {
    D,
    I,
    Id,
}

/// A scheme, its parameters and the digest that a right password gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    Argon2 {
        kind: ArgonKind,
        /// 16 or 19.
        version: u32,
        memory_kib: u32,
        passes: u32,
        lanes: u32,
        secret: Option<PepperName>,
        /// Argon2's associated data.
        data: Vec<u8>,
        salt: Vec<u8>,
        digest: Vec<u8>,
    },
    /// The 60 characters, `$2a$`, `$2b$` or `$2y$`, which mean the same today.
    Bcrypt {
        text: String,
    },
    /// BLAKE2b with a key, as long as the digest of 30 bytes.
    Blake2b {
        key: Vec<u8>,
        digest: Vec<u8>,
    },
    /// The digest of `before`, the input and `after`, digested again until there were `rounds`.
    Digest {
        hash: HashName,
        rounds: u32,
        before: Vec<u8>,
        after: Vec<u8>,
        digest: Vec<u8>,
    },
    /// scrypt as the key that encrypts the project's own key.
    Firebase {
        log_n: u8,
        block: u32,
        salt: Vec<u8>,
        key: Key,
        digest: Vec<u8>,
    },
    /// An HMAC of the input under the salt.
    Hmac {
        hash: HashName,
        salt: Vec<u8>,
        digest: Vec<u8>,
    },
    /// `$1$`, and Apache's `$apr1$`.
    Md5Crypt {
        apache: bool,
        salt: Vec<u8>,
        digest: Vec<u8>,
    },
    Pbkdf2 {
        hash: HashName,
        rounds: u32,
        salt: Vec<u8>,
        digest: Vec<u8>,
    },
    /// `$P$`, `$H$` and Drupal's `$S$`: two to the power of `log_rounds`.
    Phpass {
        hash: HashName,
        log_rounds: u8,
        salt: Vec<u8>,
        digest: Vec<u8>,
    },
    /// The stored key of RFC 5802, from which nobody can sign in elsewhere.
    Scram {
        hash: HashName,
        rounds: u32,
        salt: Vec<u8>,
        digest: Vec<u8>,
    },
    Scrypt {
        log_n: u8,
        block: u32,
        lanes: u32,
        salt: Vec<u8>,
        digest: Vec<u8>,
    },
    /// `$sha1$` of NetBSD.
    Sha1Crypt {
        rounds: u32,
        salt: Vec<u8>,
        digest: Vec<u8>,
    },
    /// `$5$` and `$6$`.
    ShaCrypt {
        hash: HashName,
        rounds: u32,
        salt: Vec<u8>,
        digest: Vec<u8>,
    },
    /// `$y$`, with the parameters as their text has them.
    Yescrypt {
        params: String,
        salt: Vec<u8>,
        digest: Vec<u8>,
    },
}

impl Check {
    /// Whether the input has the digest. Compares in constant time.
    pub(crate) fn matches(
        &self,
        input: &[u8],
        peppers: &(impl Peppers + ?Sized),
    ) -> Result<bool, VerifyError> {
        if input.len() > self.longest_input() {
            return Ok(false);
        }
        let (computed, digest) = match self {
            Self::Bcrypt { text } => return memory_hard::bcrypt_matches(text, input),
            Self::Argon2 { digest, secret, .. } => {
                let secret = secret.as_ref().map(|name| name.find(peppers)).transpose()?;
                (argon::compute(self, input, secret)?, digest)
            }
            Self::Blake2b { key, digest } => (crypt::blake2b(key, input), digest),
            Self::Digest { hash, rounds, before, after, digest } => {
                (hash.stretched(&[before, input, after], &[], rounds.saturating_sub(1)), digest)
            }
            Self::Firebase { log_n, block, salt, key, digest } => {
                let key = key.bytes(peppers)?;
                (firebase::encrypted_key(input, (*log_n, *block), salt, key)?, digest)
            }
            Self::Hmac { hash, salt, digest } => (hash.hmac(salt, input), digest),
            Self::Md5Crypt { apache, salt, digest } => (crypt::md5_crypt(input, salt, *apache), digest),
            Self::Pbkdf2 { hash, rounds, salt, digest } => {
                let mut computed = Zeroizing::new(vec![0; digest.len()]);
                hash.pbkdf2(input, salt, *rounds, &mut computed);
                (computed, digest)
            }
            Self::Phpass { hash, log_rounds, salt, digest } => {
                (hash.stretched(&[salt, input], input, 1 << log_rounds), digest)
            }
            Self::Scram { hash, rounds, salt, digest } => {
                let mut salted = Zeroizing::new(vec![0; hash.bytes()]);
                hash.pbkdf2(input, salt, *rounds, &mut salted);
                (hash.digest(&[&hash.hmac(&salted, b"Client Key")]), digest)
            }
            Self::Scrypt { log_n, block, lanes, salt, digest } => {
                (memory_hard::scrypt(input, salt, (*log_n, *block, *lanes), digest.len())?, digest)
            }
            Self::Sha1Crypt { rounds, salt, digest } => {
                let first = [salt.as_slice(), b"$sha1$", rounds.to_string().as_bytes()].concat();
                (HashName::Sha1.chained_hmac(input, &first, rounds.saturating_sub(1)), digest)
            }
            Self::ShaCrypt { hash, rounds, salt, digest } => {
                (crypt::sha_crypt(*hash, input, salt, *rounds)?, digest)
            }
            Self::Yescrypt { params, salt, digest } => {
                (memory_hard::yescrypt(input, salt, params, digest.len())?, digest)
            }
        };
        // What a product cut short is compared as far as it goes; `limits` wants ten bytes at least.
        let computed = computed.get(..digest.len()).ok_or(VerifyError::Library)?;
        Ok(computed.ct_eq(digest).into())
    }

    /// The name of the secret that the scheme needs.
    pub(crate) fn secret(&self) -> Option<&PepperName> {
        match self {
            Self::Argon2 { secret, .. } => secret.as_ref(),
            Self::Firebase { key: Key::Secret(name), .. } => Some(name),
            _ => None,
        }
    }
}
