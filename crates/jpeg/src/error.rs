//! The errors of decoding.

use std::{error::Error, fmt, io};

/// Why a file could not be decoded.
#[derive(Debug)]
#[non_exhaustive]
pub enum JpegError {
    /// The reader failed.
    Io(io::Error),
    /// The file ends before its picture is complete.
    Truncated,
    /// The file violates the format.
    Malformed,
    /// The file is an unsupported JPEG: arithmetic-coded, lossless, hierarchical, not of 8 bits a sample, not
    /// of 1, 3 or 4 components, or with sampling factors that do not divide the largest.
    Unsupported,
    /// The frame header claims more pixels than [`max_pixels`](crate::DecodeLimits::max_pixels).
    TooManyPixels {
        /// The claimed width × height.
        pixels: u64,
    },
    /// Decoding would take more memory than [`max_memory`](crate::DecodeLimits::max_memory).
    TooMuchMemory {
        /// The needed memory, in bytes.
        bytes: u64,
    },
    /// The file has more scans than [`max_scans`](crate::DecodeLimits::max_scans).
    TooManyScans,
    /// Decoding takes more work than [`max_work`](crate::DecodeLimits::max_work).
    TooMuchWork,
}

impl fmt::Display for JpegError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the JPEG could not be read: {error}"),
            Self::Truncated => f.write_str("the JPEG ends before its picture does"),
            Self::Malformed => f.write_str("the JPEG is damaged"),
            Self::Unsupported => f.write_str("the JPEG is of a kind that is not decoded"),
            Self::TooManyPixels { pixels } => write!(f, "the JPEG claims {pixels} pixels"),
            Self::TooMuchMemory { bytes } => {
                write!(f, "decoding the JPEG would take {bytes} bytes")
            }
            Self::TooManyScans => f.write_str("the JPEG has too many scans"),
            Self::TooMuchWork => f.write_str("decoding the JPEG takes too much work"),
        }
    }
}

impl Error for JpegError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for JpegError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
