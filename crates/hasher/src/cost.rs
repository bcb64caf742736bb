//! The cost of one hash, within bounds that keep it both safe and affordable.

use std::fmt;

/// The minimum memory of a new hash, in KiB: the minimum of the OWASP Password Storage Cheat Sheet.
pub const LEAST_MEMORY_KIB: u32 = 19_456;
/// The minimum number of passes of a new hash, from the same source.
pub const LEAST_PASSES: u32 = 2;
/// The maximum memory filled for one hash, in KiB: a row in the database must not exhaust the machine.
pub const MOST_MEMORY_KIB: u32 = 256 * 1024;
/// The maximum number of passes computed for one hash.
pub const MOST_PASSES: u32 = 16;
/// The maximum number of lanes computed for one hash.
pub const MOST_LANES: u32 = 4;

/// The cost of one hash. The number of lanes is always 1, because the pool already uses every core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
}

impl HashCost {
    /// A cost of `memory_kib` KiB and `passes` passes over it.
    ///
    /// # Errors
    /// `Memory` unless the memory is between 19,456 KiB (the OWASP minimum) and 256 MiB, `Passes` unless the
    /// passes are between 2 and 16. A costlier hash could not be verified.
    pub fn new(memory_kib: u32, passes: u32) -> Result<Self, CostError> {
        if !(LEAST_MEMORY_KIB..=MOST_MEMORY_KIB).contains(&memory_kib) {
            return Err(CostError::Memory);
        }
        if !(LEAST_PASSES..=MOST_PASSES).contains(&passes) {
            return Err(CostError::Passes);
        }
        Ok(Self { memory_kib, passes })
    }

    /// The memory of one hash, in KiB.
    #[must_use]
    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// The passes over that memory.
    #[must_use]
    pub fn passes(self) -> u32 {
        self.passes
    }
}

impl Default for HashCost {
    /// 19,456 KiB, 2 passes, 1 lane: the OWASP minimum, about 15 ms of one core.
    fn default() -> Self {
        Self { memory_kib: LEAST_MEMORY_KIB, passes: LEAST_PASSES }
    }
}

/// Why a cost was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostError {
    /// Not within 19,456–262,144 KiB.
    Memory,
    /// Not within 2–16 passes.
    Passes,
}

impl fmt::Display for CostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => write!(f, "memory must be {LEAST_MEMORY_KIB} to {MOST_MEMORY_KIB} KiB"),
            Self::Passes => write!(f, "passes must be {LEAST_PASSES} to {MOST_PASSES}"),
        }
    }
}

impl std::error::Error for CostError {}
