//! Where something stands in a file.

use std::fmt;

/// Where a record begins. Reports show it, and an import that was stopped goes on behind its number, see
/// [`Options::skip`](crate::Options).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1, where the format has lines.
    pub line: Option<u64>,
    /// The number of the record, from 1.
    pub record: u64,
    /// The byte at which it begins, from 0.
    pub offset: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}"),
            None => write!(f, "record {}, at byte {}", self.record, self.offset),
        }
    }
}
