//! Amadis: device back ends register users and set their passwords (`/api/user/v1/*`).

mod calls;
mod wire;

use domain::{AccountError, Field};
use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;

use super::door::Door;
use crate::urls;
use crate::web::{Answer, Dialect, Refusal, words};
use wire::{Failure, FailureData};

pub const DOOR: Door = Door {
    dialect: Dialect { name: "amadis", base: urls::AMADIS, refuse },
    cross_origin: true,
    routes: calls::routes,
    describe: calls::describe,
};

/// Only trusted servers get this answer.
const NO_USER: &str = "There is no user with this email address.";

fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let status = match refusal {
        // A wrong present password is 422 in the published API.
        Refusal::Account(AccountError::InvalidCredentials) => Status::UnprocessableEntity,
        Refusal::Account(
            AccountError::Invalid(_)
            | AccountError::Locked
            | AccountError::StepWanted(_)
            | AccountError::Unauthenticated
            | AccountError::ProofWanted
            | AccountError::RegistrationClosed { .. }
            | AccountError::Forbidden
            | AccountError::NotFound
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
        | Refusal::UnsupportedMediaType => refusal.status(),
    };
    let error = match refusal {
        Refusal::Account(AccountError::NotFound) => NO_USER.to_owned(),
        _ => words(refusal, incident, request, "en", wire_name),
    };
    let mut answer =
        Answer::json(status, &Failure { status: "error", data: FailureData { error } }).into_response();
    if status == Status::Unauthorized {
        // RFC 9110, section 11.6.1, requires it with every 401.
        answer.set_raw_header("WWW-Authenticate", "Bearer realm=\"amadis\"");
    }
    answer
}

fn wire_name(field: &Field) -> &str {
    match field {
        Field::Email | Field::Identifier => "email",
        Field::Name => "name",
        Field::Password => "password",
        Field::CurrentPassword => "oldpassword",
        Field::NewPassword => "newpassword",
        other => other.name(),
    }
}
