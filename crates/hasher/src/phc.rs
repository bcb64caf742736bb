//! The text form of a stored hash, `$argon2id$v=19$m=…,t=…,p=…$salt$output`, parsed strictly and within
//! bounds.

use std::{fmt, ops::RangeInclusive, str::FromStr};

use base64ct::{Base64Unpadded, Encoding};

use super::HashError;
use super::cost::{HashCost, MOST_LANES, MOST_MEMORY_KIB, MOST_PASSES};

/// The salt length of a new hash, in bytes (RFC 9106, section 3.1).
pub(super) const SALT_LEN: usize = 16;
/// The output length of a new hash, in bytes (RFC 9106, section 4).
pub(super) const OUTPUT_LEN: usize = 32;

const LONGEST: usize = 64;
const SALT_LENS: RangeInclusive<usize> = 8..=LONGEST;
const OUTPUT_LENS: RangeInclusive<usize> = 16..=LONGEST;
/// Argon2 needs eight blocks of 1 KiB for each lane.
const LEAST_KIB_PER_LANE: u32 = 8;

/// A password hash as a PHC string, ready to be stored. Prints as `[redacted]`.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The PHC string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The PHC string, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl FromStr for PasswordHash {
    type Err = HashError;

    /// Parses the canonical PHC string of a hash that is safe to compute.
    ///
    /// # Errors
    /// [`HashError::Unsupported`] for any other text.
    fn from_str(text: &str) -> Result<Self, HashError> {
        Stored::parse(text).map(|stored| stored.to_phc()).ok_or(HashError::Unsupported)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash([redacted])")
    }
}

#[derive(Clone)]
struct Bytes {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Bytes {
    fn new(from: &[u8]) -> Self {
        let len = from.len().min(LONGEST);
        let mut bytes = [0; LONGEST];
        bytes[..len].copy_from_slice(&from[..len]);
        Self { bytes, len }
    }

    fn decode(text: &str) -> Option<Self> {
        let mut bytes = [0; LONGEST];
        let len = Base64Unpadded::decode(text, &mut bytes).ok()?.len();
        Some(Self { bytes, len })
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// A stored hash that is safe to compute.
#[derive(Clone)]
pub(super) struct Stored {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: Bytes,
    output: Bytes,
}

impl Stored {
    pub(super) fn new(cost: HashCost, salt: &[u8], output: &[u8]) -> Self {
        Self {
            memory_kib: cost.memory_kib,
            passes: cost.passes,
            lanes: 1,
            salt: Bytes::new(salt),
            output: Bytes::new(output),
        }
    }

    /// Returns `None` unless `text` is canonical Argon2id, version 19, within the bounds.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("$argon2id$v=19$m=")?;
        let (memory_kib, rest) = rest.split_once(",t=")?;
        let (passes, rest) = rest.split_once(",p=")?;
        let (lanes, rest) = rest.split_once('$')?;
        let (salt, output) = rest.split_once('$')?;
        let stored = Self {
            memory_kib: memory_kib.parse().ok()?,
            passes: passes.parse().ok()?,
            lanes: lanes.parse().ok()?,
            salt: Bytes::decode(salt)?,
            output: Bytes::decode(output)?,
        };
        // Canonical: writing the parsed hash gives the same text. This refuses signs, leading zeros and loose
        // base64.
        (stored.is_within_bounds() && stored.to_phc().as_str() == text).then_some(stored)
    }

    fn is_within_bounds(&self) -> bool {
        (1..=MOST_LANES).contains(&self.lanes)
            && (LEAST_KIB_PER_LANE * self.lanes..=MOST_MEMORY_KIB).contains(&self.memory_kib)
            && (1..=MOST_PASSES).contains(&self.passes)
            && SALT_LENS.contains(&self.salt.len)
            && OUTPUT_LENS.contains(&self.output.len)
    }

    /// Whether a new hash at `cost` would be stronger in any respect.
    pub(super) fn is_weaker_than(&self, cost: HashCost) -> bool {
        self.memory_kib < cost.memory_kib
            || self.passes < cost.passes
            || self.salt.len < SALT_LEN
            || self.output.len < OUTPUT_LEN
    }

    pub(super) fn params(&self) -> Result<argon2::Params, argon2::Error> {
        argon2::Params::new(self.memory_kib, self.passes, self.lanes, Some(self.output.len))
    }

    pub(super) fn salt(&self) -> &[u8] {
        self.salt.as_slice()
    }

    pub(super) fn output(&self) -> &[u8] {
        self.output.as_slice()
    }

    pub(super) fn to_phc(&self) -> PasswordHash {
        PasswordHash(format!(
            "$argon2id$v=19$m={},t={},p={}${}${}",
            self.memory_kib,
            self.passes,
            self.lanes,
            encode(self.salt()),
            encode(self.output()),
        ))
    }
}

fn encode(bytes: &[u8]) -> String {
    // 64 bytes take 86 characters in base64.
    let mut text = [0; 86];
    Base64Unpadded::encode(bytes, &mut text).map(str::to_owned).unwrap_or_default()
}
