//! Fastsite: single-page and mobile apps sign their users in (`/api/v1/personal/*`). A failed operation is
//! 200 with `success: 0`, which its clients read. Only wrong credentials in headers are 401.

mod calls;
mod wire;

use domain::{AccountError, Field};
use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;

use super::door::Door;
use crate::urls;
use crate::web::{Answer, Dialect, Refusal, words};
use wire::{Failure, LANGUAGE, Outcome};

pub const DOOR: Door = Door {
    dialect: Dialect { name: "fastsite", base: urls::FASTSITE, refuse },
    cross_origin: true,
    routes: calls::routes,
    describe: calls::describe,
};

fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let status = match refusal {
        Refusal::Account(
            AccountError::Invalid(_)
            | AccountError::InvalidCredentials
            | AccountError::Locked
            | AccountError::StepWanted(_)
            | AccountError::ProofWanted
            | AccountError::RegistrationClosed { .. }
            | AccountError::Forbidden
            | AccountError::NotFound
            | AccountError::TicketSpent
            | AccountError::Throttled { .. },
        ) => Status::Ok,
        Refusal::Account(
            AccountError::Unauthenticated
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
    let message = words(refusal, incident, request, LANGUAGE, wire_name);
    let failure = Failure { success: 0, result: Outcome { kind: "ERROR", message } };
    Answer::json(status, &failure).into_response()
}

fn wire_name(field: &Field) -> &str {
    match field {
        Field::Username | Field::Identifier => "login",
        other => other.name(),
    }
}
