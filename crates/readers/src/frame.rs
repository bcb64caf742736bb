//! The bytes of one record, found before they are understood.

use zeroize::Zeroizing;

use super::place::Place;
use super::row_fault::RowFault;

/// The most bytes of one record. What is longer is passed over without being held.
pub(crate) const LONGEST_RECORD: usize = 1024 * 1024;

/// The bytes of one record, or why they are refused.
pub(crate) struct Frame {
    /// Where it begins.
    pub(crate) place: Place,
    /// Which list of the file it is in, where a file has several.
    pub(crate) list: Option<String>,
    /// Its bytes.
    pub(crate) bytes: Result<Zeroizing<Vec<u8>>, RowFault>,
}

/// Takes the bytes of a record as they come, and lets go of them once they are too many.
#[derive(Default)]
pub(crate) struct Taken {
    bytes: Zeroizing<Vec<u8>>,
    too_long: bool,
}

impl Taken {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if self.too_long {
        } else if self.bytes.len() + bytes.len() > LONGEST_RECORD {
            self.too_long = true;
            self.bytes = Zeroizing::default();
        } else {
            self.bytes.extend_from_slice(bytes);
        }
    }

    pub(crate) fn is_blank(&self) -> bool {
        !self.too_long && self.bytes.iter().all(u8::is_ascii_whitespace)
    }

    pub(crate) fn finish(self) -> Result<Zeroizing<Vec<u8>>, RowFault> {
        if self.too_long { Err(RowFault::TooLong) } else { Ok(self.bytes) }
    }
}
