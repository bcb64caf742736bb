//! What ends the reading of a file.

use std::fmt;
use std::io;

/// The file cannot be read any further. What was read before stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadFile {
    /// The byte at which reading ended, from 0.
    pub offset: u64,
    /// Why.
    pub fault: FileFault,
}

/// Why a file cannot be read any further. No variant carries any of its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// The source failed.
    Source(io::ErrorKind),
    /// The file ends before its format does.
    Truncated,
    /// Not the structure of JSON.
    Structure,
    /// Bytes that are not UTF-8, in a format without lines.
    NotUtf8,
    /// An archive or a compressed file.
    Packed,
    /// The file has nothing of what the product exports: another one was named, or another table.
    NotThisProduct,
    /// Two lists with the same accounts' key.
    TwiceList,
    /// The heading of a CSV file has a column twice.
    TwiceColumn,
    /// The heading of a CSV file lacks a column without which its rows mean nothing.
    NoColumn(String),
}

impl FileFault {
    /// A stable word for reports and programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Source(_) => "source_failed",
            Self::Truncated => "file_truncated",
            Self::Structure => "file_not_json",
            Self::NotUtf8 => "file_not_utf8",
            Self::Packed => "file_packed",
            Self::NotThisProduct => "file_of_another_product",
            Self::TwiceList => "duplicate_list",
            Self::TwiceColumn => "duplicate_column",
            Self::NoColumn(_) => "missing_column",
        }
    }
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(kind) => write!(f, "the file could not be read: {kind}"),
            Self::Truncated => f.write_str("the file ends too early"),
            Self::Structure => f.write_str("the file is not JSON from here on"),
            Self::NotUtf8 => f.write_str("the file is not UTF-8"),
            Self::Packed => f.write_str("the file is packed; unpack it, and give what is in it"),
            Self::NotThisProduct => f.write_str("the file has no accounts as this product exports them"),
            Self::TwiceList => f.write_str("the file has the same list of records twice"),
            Self::TwiceColumn => f.write_str("the heading names a column twice"),
            Self::NoColumn(column) => write!(
                f,
                "the heading has no column `{column}`: between commas, and in these letters, small or large"
            ),
        }
    }
}

impl fmt::Display for BadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: {}", self.offset, self.fault)
    }
}

impl std::error::Error for BadFile {}
