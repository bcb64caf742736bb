//! Which parameters a scheme can have at all, so that its library takes whatever is stored.

use std::ops::RangeInclusive;

use super::super::hash::HashName;
use super::super::step::Key;
use super::{Check, argon, memory_hard};

/// Fewer bytes are found by guessing at the digest.
const LEAST_DIGEST: usize = 10;
/// Payload's, before 3.90.
const LONGEST_DIGEST: usize = 512;
const LONGEST_SALT: usize = 1024;

/// What `sha-crypt` takes, and the C libraries write.
const SHA_CRYPT_ROUNDS: RangeInclusive<u32> = 1000..=999_999_999;
const BCRYPT_COSTS: RangeInclusive<u32> = 4..=31;
const PHPASS_LOG_ROUNDS: RangeInclusive<u8> = 4..=30;
/// Far more than anybody uses, and no product of them overflows.
const SCRYPT_LOG_N: RangeInclusive<u8> = 1..=30;
const SCRYPT_FACTORS: RangeInclusive<u32> = 1..=1024;
const YESCRYPT_DIGEST: usize = 32;
const FIREBASE_DIGEST: usize = 64;
const BLAKE_DIGEST: usize = 30;
const BLAKE_KEYS: RangeInclusive<usize> = 1..=64;

/// What WordPress and Django take at most.
const LONGEST_INPUT: usize = 4096;
/// What `crypt` of libxcrypt takes at most. Each round of these schemes reads the whole password, so that a
/// longer one would take a time that no bound has seen.
const LONGEST_REPEATED_INPUT: usize = 512;

impl Check {
    /// The longest input, in bytes, that is compared at all.
    pub(crate) fn longest_input(&self) -> usize {
        match self {
            Self::Md5Crypt { .. } | Self::Phpass { .. } | Self::ShaCrypt { .. } => LONGEST_REPEATED_INPUT,
            _ => LONGEST_INPUT,
        }
    }

    /// Whether the parameters can be computed with, whatever it costs.
    pub(crate) fn is_possible(&self) -> bool {
        let digest = |digest: &[u8]| (LEAST_DIGEST..=LONGEST_DIGEST).contains(&digest.len());
        let salt = |salt: &[u8]| salt.len() <= LONGEST_SALT;
        let cut = |hash: HashName, bytes: &[u8]| digest(bytes) && bytes.len() <= hash.bytes();
        match self {
            Self::Argon2 { version, salt: bytes, digest: output, .. } => {
                [16, 19].contains(version)
                    && salt(bytes)
                    && bytes.len() >= argon2::MIN_SALT_LEN
                    && digest(output)
                    && argon::params(self).is_some()
            }
            Self::Bcrypt { text } => {
                let right = ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| text.starts_with(prefix));
                let parts = text.parse::<bcrypt::HashParts>();
                right && parts.is_ok_and(|parts| BCRYPT_COSTS.contains(&parts.get_cost()))
            }
            Self::Blake2b { key, digest } => digest.len() == BLAKE_DIGEST && BLAKE_KEYS.contains(&key.len()),
            Self::Digest { hash, rounds, before, after, digest } => {
                *rounds > 0 && salt(before) && salt(after) && cut(*hash, digest)
            }
            Self::Firebase { log_n, block, salt: bytes, key, digest } => {
                let key = !matches!(key, Key::Known(known) if known.len() != FIREBASE_DIGEST);
                scrypt(*log_n, *block, 1) && salt(bytes) && key && digest.len() == FIREBASE_DIGEST
            }
            Self::Hmac { hash, salt: bytes, digest } => {
                !bytes.is_empty() && salt(bytes) && digest.len() == hash.bytes()
            }
            Self::Md5Crypt { salt, digest, .. } => salt.len() <= 8 && digest.len() == HashName::Md5.bytes(),
            Self::Pbkdf2 { rounds, salt: bytes, digest: output, .. } => {
                *rounds > 0 && salt(bytes) && digest(output)
            }
            Self::Phpass { hash, log_rounds, salt: bytes, digest } => {
                PHPASS_LOG_ROUNDS.contains(log_rounds) && salt(bytes) && cut(*hash, digest)
            }
            Self::Scram { hash, rounds, salt: bytes, digest } => {
                *rounds > 0 && salt(bytes) && digest.len() == hash.bytes()
            }
            Self::Scrypt { log_n, block, lanes, salt: bytes, digest: output } => {
                scrypt(*log_n, *block, *lanes) && salt(bytes) && digest(output)
            }
            Self::Sha1Crypt { rounds, salt: bytes, digest } => {
                *rounds > 0 && salt(bytes) && digest.len() == HashName::Sha1.bytes()
            }
            Self::ShaCrypt { hash, rounds, salt: bytes, digest } => {
                [HashName::Sha256, HashName::Sha512].contains(hash)
                    && SHA_CRYPT_ROUNDS.contains(rounds)
                    && salt(bytes)
                    && digest.len() == hash.bytes()
            }
            Self::Yescrypt { params, salt: bytes, digest } => {
                memory_hard::yescrypt_params(params).is_some()
                    && salt(bytes)
                    && digest.len() == YESCRYPT_DIGEST
            }
        }
    }
}

fn scrypt(log_n: u8, block: u32, lanes: u32) -> bool {
    SCRYPT_LOG_N.contains(&log_n) && SCRYPT_FACTORS.contains(&block) && SCRYPT_FACTORS.contains(&lanes)
}
