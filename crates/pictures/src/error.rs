//! The errors of an upload, in terms that its sender or the operator can act on.

use std::time::Duration;
use std::{error::Error, fmt, io};

/// Why an upload did not become a picture.
#[derive(Debug)]
pub enum PictureError {
    /// The content is not JPEG, PNG, WebP or GIF, whatever the file's name says (HTTP 415).
    NotAnImage,
    /// The file begins like a picture but is broken, cut short or of an unsupported kind (HTTP 422).
    Unreadable,
    /// The picture has more pixels than are allowed for its format (HTTP 413 or 422).
    TooManyPixels {
        /// The largest allowed number of pixels (width × height).
        max: u64,
    },
    /// The file is longer than allowed (HTTP 413).
    TooLarge {
        /// The largest allowed number of bytes.
        max: u64,
    },
    /// Too many pictures wait already, of this client or of all; nothing was computed (HTTP 503).
    Busy {
        /// The time after which another attempt may succeed; at least one second.
        retry_after: Duration,
    },
    /// This server failed to read the upload or to store the result (HTTP 500 or 503).
    Storage(io::Error),
}

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnImage => f.write_str("not a JPEG, PNG, WebP or GIF picture"),
            Self::Unreadable => f.write_str("the picture is damaged or of an unsupported kind"),
            Self::TooManyPixels { max } => write!(f, "the picture has more than {max} pixels"),
            Self::TooLarge { max } => write!(f, "the picture has more than {max} bytes"),
            Self::Busy { retry_after } => {
                write!(f, "too many pictures wait, retry in {} s", retry_after.as_secs())
            }
            Self::Storage(error) => write!(f, "the picture could not be read or kept: {error}"),
        }
    }
}

impl Error for PictureError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Storage(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for PictureError {
    fn from(error: io::Error) -> Self {
        Self::Storage(error)
    }
}
