//! Defaults of every refusal: status, stable code, and `Retry-After`.

use std::time::Duration;

use domain::{AccountError, Step};
use rocket::http::Status;

use super::Refusal;

impl Refusal {
    /// The status at the pages and at every dialect without a status of its own.
    pub fn status(&self) -> Status {
        match self {
            Self::Account(error) => match error {
                AccountError::Invalid(_) => Status::UnprocessableEntity,
                AccountError::InvalidCredentials
                | AccountError::Unauthenticated
                | AccountError::StepWanted(Step::SecondFactor) => Status::Unauthorized,
                AccountError::Forbidden
                | AccountError::Locked
                | AccountError::ProofWanted
                | AccountError::RegistrationClosed { .. }
                | AccountError::StepWanted(
                    Step::Restore
                    | Step::Verify
                    | Step::Approval
                    | Step::NewPassword
                    | Step::Terms
                    | Step::SetUpFactor,
                ) => Status::Forbidden,
                AccountError::NotFound => Status::NotFound,
                AccountError::TicketSpent => Status::Gone,
                AccountError::Throttled { .. } => Status::TooManyRequests,
                AccountError::Busy { .. } | AccountError::Unavailable(_) => Status::ServiceUnavailable,
                AccountError::Internal(_) => Status::InternalServerError,
            },
            Self::Malformed => Status::BadRequest,
            Self::CrossSite => Status::Forbidden,
            Self::OtherAccount => Status::Conflict,
            Self::NotFound => Status::NotFound,
            Self::MethodNotAllowed(_) => Status::MethodNotAllowed,
            Self::TimedOut => Status::RequestTimeout,
            Self::TooLarge => Status::PayloadTooLarge,
            Self::Misdirected => Status::MisdirectedRequest,
            Self::HeadersTooLarge => Status::RequestHeaderFieldsTooLarge,
            Self::UnsupportedMediaType => Status::UnsupportedMediaType,
        }
    }

    /// The stable code, for programs. It is also the key of the refusal's sentence.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Account(error) => error.code(),
            Self::Malformed => "malformed",
            Self::CrossSite => "cross_site",
            Self::OtherAccount => "other_account",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::TimedOut => "timed_out",
            Self::TooLarge => "too_large",
            Self::Misdirected => "misdirected",
            Self::HeadersTooLarge => "headers_too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
        }
    }

    /// Time after which a retry may succeed; `None` if a retry cannot help.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Account(AccountError::Throttled { retry_after } | AccountError::Busy { retry_after }) => {
                Some(*retry_after)
            }
            Self::Account(AccountError::Unavailable(_)) => Some(Duration::from_secs(2)),
            _ => None,
        }
    }
}

/// A duration for `Retry-After`, in whole seconds, rounded up, at least one.
pub fn whole_seconds(after: Duration) -> u64 {
    (after.as_secs() + u64::from(after.subsec_nanos() > 0)).max(1)
}
