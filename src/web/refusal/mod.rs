//! Refusals: every error answer, worded by the dialect that owns the path.

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
pub use dialect::{Dialect, Dialects, sized};

/// Every reason to refuse a request: the errors of flows, and those of HTTP itself.
#[derive(Debug)]
pub enum Refusal {
    /// A flow refused.
    Account(AccountError),
    /// The request or its body is malformed.
    Malformed,
    /// A page of another site sent the request.
    CrossSite,
    /// A page that was another account's sent the request: in another tab somebody else has signed in since.
    OtherAccount,
    /// No route has this path.
    NotFound,
    /// A route has this path, but not this method. Contains the value of `Allow`.
    MethodNotAllowed(String),
    /// The body did not arrive in time.
    TimedOut,
    /// The body is too large.
    TooLarge,
    /// The request names a host that is not this site's.
    Misdirected,
    /// The cookies, or other headers, are too many or too long.
    HeadersTooLarge,
    /// The body has none of the three supported content types.
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
            // Writing the upload to disk failed. The disk may have room later.
            BodyError::Io(kind) => {
                Self::Account(AccountError::Unavailable(InternalError::new(kind.to_string())))
            }
        }
    }
}
