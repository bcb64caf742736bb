//! A password as somebody presents it.

use std::fmt;

use recipes::Typed;
use zeroize::Zeroizing;

/// A password that is to be compared. It does not print and is wiped when dropped.
pub struct Presented {
    pub(super) composed: Zeroizing<Vec<u8>>,
    pub(super) typed: Typed,
}

impl Presented {
    /// `composed` is what hashes of ours are over, in the normal form of the caller's. `typed` is the same
    /// password exactly as it was typed, which the recipes of other products begin with.
    #[must_use]
    pub fn new(composed: &[u8], typed: &[u8]) -> Self {
        let own = |bytes: &[u8]| Zeroizing::new(bytes.to_vec());
        Self { composed: own(composed), typed: Typed::new(own(typed)) }
    }
}

/// A password that is in its normal form already.
impl From<Zeroizing<Vec<u8>>> for Presented {
    fn from(password: Zeroizing<Vec<u8>>) -> Self {
        Self { typed: Typed::new(password.clone()), composed: password }
    }
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Presented([redacted])")
    }
}
