//! Every answer that is a "no", in the shape of the door it is said at.

mod allowed;
mod catcher;
mod codes;
mod dialect;

use domain::{AccountError, InternalError};
use requests::BodyError;
use store::StoreError;

pub use allowed::methods_at;
pub use catcher::{catchers, note};
pub use codes::whole_seconds;
pub use dialect::{Dialect, Dialects, lies_below, sized};

/// Everything that a door can answer "no" to: a flow's refusals, and those of HTTP itself.
#[derive(Debug)]
pub enum Refusal {
    /// A flow said no.
    Account(AccountError),
    /// The request or its body is not what it says it is.
    Malformed,
    /// Another site's page sent it.
    CrossSite,
    /// No route has this path.
    NotFound,
    /// A route has this path, but not this method; holds the methods for `Allow`.
    MethodNotAllowed(String),
    /// The body did not arrive in time.
    TimedOut,
    /// The body is too large.
    TooLarge,
    /// The body has none of the three content types that are read.
    UnsupportedMediaType,
}

impl From<AccountError> for Refusal {
    fn from(error: AccountError) -> Self {
        Self::Account(error)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Account(error.into())
    }
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Malformed | BodyError::MethodOverride | BodyError::Disconnected => Self::Malformed,
            BodyError::TooLarge | BodyError::FileTooLarge => Self::TooLarge,
            BodyError::UnsupportedMediaType => Self::UnsupportedMediaType,
            BodyError::TimedOut => Self::TimedOut,
            // The disk that the upload goes to: it may have room again.
            BodyError::Io(kind) => {
                Self::Account(AccountError::Unavailable(InternalError::new(kind.to_string())))
            }
        }
    }
}
