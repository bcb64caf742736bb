//! `/oauth/token`: a device back end exchanges its user secret for a short-lived bearer (RFC 6749, section
//! 4.4). The client id is the account's number, and the client secret is the account's user secret.

mod calls;
mod wire;

use domain::{AccountError, Field, Step};
use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;

use super::door::Door;
use crate::urls;
use crate::web::{Answer, Dialect, Refusal, words};
pub(super) use calls::basic;
pub(super) use wire::Failure;

pub const DOOR: Door = Door {
    dialect: Dialect { name: "oauth", base: urls::OAUTH, refuse },
    cross_origin: true,
    routes: calls::routes,
    describe: calls::describe,
};

pub(super) fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let (status, error) = match refusal {
        Refusal::Account(AccountError::Invalid(_)) | Refusal::Malformed => {
            (Status::BadRequest, "invalid_request")
        }
        Refusal::Account(
            AccountError::InvalidCredentials
            | AccountError::Unauthenticated
            | AccountError::StepWanted(Step::SecondFactor),
        ) => (Status::Unauthorized, "invalid_client"),
        Refusal::Account(
            AccountError::Locked
            | AccountError::ProofWanted
            | AccountError::RegistrationClosed { .. }
            | AccountError::StepWanted(
                Step::Restore
                | Step::Verify
                | Step::Approval
                | Step::NewPassword
                | Step::Terms
                | Step::SetUpFactor,
            )
            | AccountError::Forbidden,
        )
        | Refusal::CrossSite => (Status::Forbidden, "unauthorized_client"),
        Refusal::Account(
            AccountError::Throttled { .. } | AccountError::Busy { .. } | AccountError::Unavailable(_),
        ) => (refusal.status(), "temporarily_unavailable"),
        Refusal::Account(AccountError::Internal(_)) => (refusal.status(), "server_error"),
        Refusal::Account(AccountError::NotFound | AccountError::TicketSpent)
        | Refusal::NotFound
        | Refusal::MethodNotAllowed(_)
        | Refusal::TimedOut
        | Refusal::TooLarge
        | Refusal::Misdirected
        | Refusal::OtherAccount
        | Refusal::HeadersTooLarge
        | Refusal::UnsupportedMediaType => (refusal.status(), "invalid_request"),
    };
    let failure = Failure::new(error, &words(refusal, incident, request, "en", wire_name));
    let mut answer = Answer::json(status, &failure).into_response();
    if status == Status::Unauthorized {
        // RFC 6749, section 5.2, requires it if the client used the `Authorization` header; RFC 9110, section
        // 11.6.1, requires it always.
        answer.set_raw_header("WWW-Authenticate", "Basic realm=\"oauth\", charset=\"UTF-8\"");
    }
    answer
}

fn wire_name(field: &Field) -> &str {
    match field {
        Field::AccountId => "client_id",
        Field::Password => "client_secret",
        other => other.name(),
    }
}
