//! What a hash takes to verify, estimated from its parameters. Each constant is what `tests/measure.rs` found
//! on a busy core of an AMD EPYC with SHA instructions, in 2026, and a quarter more. A processor without
//! these instructions takes three times as long for SHA-1 and SHA-256.

use std::time::Duration;

use super::super::cost::Cost;
use super::super::hash::HashName;
use super::{Check, memory_hard};

/// Nanoseconds of one round of PBKDF2 or of a chain of HMACs.
fn hmac_round(hash: HashName) -> u64 {
    match hash {
        HashName::Md4 | HashName::Md5 => 240,
        HashName::Sha1 => 125,
        HashName::Sha256 => 150,
        HashName::Sha384 | HashName::Sha512 => 435,
    }
}

/// Nanoseconds of digesting a short text.
fn digest_round(hash: HashName) -> u64 {
    match hash {
        HashName::Md4 | HashName::Md5 => 115,
        HashName::Sha1 => 70,
        HashName::Sha256 => 50,
        HashName::Sha384 | HashName::Sha512 => 230,
    }
}

/// Bytes that a digest reads at once: 64 or 128.
const DIGEST_BLOCK: u64 = 64;

/// Nanoseconds of a round of `$5$` or `$6$`: up to three short texts are digested at once.
fn sha_crypt_round(hash: HashName) -> u64 {
    match hash {
        HashName::Sha512 => 425,
        _ => 130,
    }
}

/// Nanoseconds of one pass over a KiB in Argon2.
const ARGON2_KIB: u64 = 780;
/// Nanoseconds of mixing a KiB twice, once to fill and once to read, in scrypt.
const SCRYPT_KIB: u64 = 3700;
/// Nanoseconds of the same in yescrypt.
const YESCRYPT_KIB: u64 = 2000;
/// Nanoseconds of one of the two to the power of its cost that bcrypt makes.
const BCRYPT_ROUND: u64 = 60_000;

/// Rounds below which stretching a fast digest is no protection. PBKDF2 has been specified for 1000 at least
/// since 2000 (RFC 2898, section 4.2).
const FEW_ROUNDS: u32 = 1000;

impl Check {
    /// What one verification takes.
    pub(crate) fn cost(&self) -> Cost {
        let (memory_kib, nanos) = self.memory_and_nanos();
        Cost { memory_kib, time: Duration::from_nanos(nanos) }
    }

    fn memory_and_nanos(&self) -> (u64, u64) {
        let rounds = |rounds: u32, nanos: u64| (0, u64::from(rounds).saturating_mul(nanos));
        match self {
            Self::Argon2 { memory_kib, passes, .. } => {
                let kib = u64::from(*memory_kib);
                (kib, kib.saturating_mul(u64::from(*passes)).saturating_mul(ARGON2_KIB))
            }
            Self::Bcrypt { text } => {
                let cost = text.parse::<bcrypt::HashParts>().map_or(0, |parts| parts.get_cost());
                (0, BCRYPT_ROUND.saturating_mul(1_u64 << cost.min(31)))
            }
            Self::Blake2b { .. } => (0, digest_round(HashName::Sha512)),
            Self::Digest { hash, rounds: count, after, .. } => {
                // Each round reads what stands behind the password.
                let blocks = 1 + after.len() as u64 / DIGEST_BLOCK;
                rounds(*count, digest_round(*hash).saturating_mul(blocks))
            }
            Self::Firebase { log_n, block, .. } => scrypt(*log_n, *block, 1),
            Self::Hmac { hash, .. } => (0, hmac_round(*hash)),
            Self::Md5Crypt { .. } => rounds(1000, digest_round(HashName::Md5)),
            Self::Pbkdf2 { hash, rounds: count, digest, .. } => {
                let blocks = digest.len().div_ceil(hash.bytes()) as u64;
                rounds(*count, hmac_round(*hash).saturating_mul(blocks))
            }
            Self::Phpass { hash, log_rounds, .. } => {
                (0, digest_round(*hash).saturating_mul(1_u64 << (*log_rounds).min(31)))
            }
            Self::Scram { hash, rounds: count, .. } => rounds(*count, hmac_round(*hash)),
            Self::Scrypt { log_n, block, lanes, .. } => scrypt(*log_n, *block, *lanes),
            Self::Sha1Crypt { rounds: count, .. } => rounds(*count, hmac_round(HashName::Sha1)),
            Self::ShaCrypt { hash, rounds: count, .. } => rounds(*count, sha_crypt_round(*hash)),
            Self::Yescrypt { params, .. } => {
                let Some(params) = memory_hard::yescrypt_params(params) else { return (0, 0) };
                let kib = params.n().saturating_mul(u64::from(params.r())) / 8;
                (kib, kib.saturating_mul(YESCRYPT_KIB))
            }
        }
    }

    /// Whether the password is guessed about as fast as digests are computed, once somebody has a copy of the
    /// hash. What is not stretched at all is weak, with a salt or without, and so is MD5-crypt, which its own
    /// author gave up in 2012.
    pub(crate) fn is_weak(&self) -> bool {
        match self {
            Self::Blake2b { .. } | Self::Hmac { .. } | Self::Md5Crypt { .. } => true,
            Self::Digest { rounds, .. }
            | Self::Pbkdf2 { rounds, .. }
            | Self::Scram { rounds, .. }
            | Self::Sha1Crypt { rounds, .. } => *rounds < FEW_ROUNDS,
            Self::Phpass { log_rounds, .. } => 1 << log_rounds < FEW_ROUNDS,
            _ => false,
        }
    }
}

fn scrypt(log_n: u8, block: u32, lanes: u32) -> (u64, u64) {
    // A block is 128 bytes, so that eight of them are a KiB.
    let kib = (1_u64 << log_n.min(31)).saturating_mul(u64::from(block)).div_ceil(8);
    // Beside the table there is a block for each lane, which all are made first.
    let of_lanes = u64::from(block).saturating_mul(u64::from(lanes)).div_ceil(8);
    let time = kib.saturating_add(of_lanes).saturating_mul(u64::from(lanes)).saturating_mul(SCRYPT_KIB);
    (kib.max(of_lanes), time)
}
