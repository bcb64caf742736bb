//! Mirror: smart-mirror devices and their companion apps (`/auth/*`).

mod calls;
mod wire;

use domain::{AccountError, Field};
use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;

use super::door::Door;
use crate::urls;
use crate::web::{Answer, Dialect, Refusal, words};
use wire::Failure;

pub const DOOR: Door = Door {
    dialect: Dialect { name: "mirror", base: urls::MIRROR, refuse },
    cross_origin: true,
    routes: calls::routes,
    describe: calls::describe,
};

/// The three sentences that the published clients compare.
const REGISTRATION_FAILED: &str = "Registration failed; Invalid email or password.";
const LOGIN_FAILED: &str = "Login failed; Invalid user ID or password.";
const NO_DEVICE: &str = "No device found";

fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let (status, known) = match refusal {
        Refusal::Account(AccountError::Invalid(_)) => match request.uri().path().as_str() {
            urls::MIRROR_REGISTER => (Status::Unauthorized, Some(REGISTRATION_FAILED)),
            urls::MIRROR_LOGIN => (Status::Unauthorized, Some(LOGIN_FAILED)),
            urls::MIRROR_PAIR => (Status::NotFound, Some(NO_DEVICE)),
            _ => (refusal.status(), None),
        },
        Refusal::Account(AccountError::InvalidCredentials | AccountError::Unauthenticated) => {
            (Status::Unauthorized, Some(LOGIN_FAILED))
        }
        Refusal::Account(AccountError::NotFound) => (Status::NotFound, Some(NO_DEVICE)),
        Refusal::Account(
            AccountError::Locked
            | AccountError::StepWanted(_)
            | AccountError::ProofWanted
            | AccountError::RegistrationClosed { .. }
            | AccountError::Forbidden
            | AccountError::TicketSpent
            | AccountError::Throttled { .. }
            | AccountError::Busy { .. }
            | AccountError::Unavailable(_)
            | AccountError::Internal(_),
        )
        | Refusal::Malformed
        | Refusal::CrossSite
        | Refusal::NotFound
        | Refusal::MethodNotAllowed(_)
        | Refusal::TimedOut
        | Refusal::TooLarge
        | Refusal::Misdirected
        | Refusal::OtherAccount
        | Refusal::HeadersTooLarge
        | Refusal::UnsupportedMediaType => (refusal.status(), None),
    };
    let message = match known {
        Some(known) => known.to_owned(),
        None => words(refusal, incident, request, "en", wire_name),
    };
    let mut answer = Answer::json(status, &Failure { message }).into_response();
    if status == Status::Unauthorized {
        // RFC 9110, section 11.6.1, requires it with every 401.
        answer.set_raw_header("WWW-Authenticate", "Bearer realm=\"mirror\"");
    }
    answer
}

fn wire_name(field: &Field) -> &str {
    match field {
        Field::PairingCode | Field::FactorCode => "code",
        Field::DeviceName => "name",
        other => other.name(),
    }
}
