//! Siberian: trusted servers, such as shops and WordPress plugins, create accounts and sign their owners in
//! (`/admin/api_account/*`). Every refusal is a 400, the only error status that the published clients know.

mod calls;
mod wire;

use domain::{AccountError, Field, FieldCode, FieldError};
use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;

use super::door::Door;
use crate::urls;
use crate::web::{Answer, Dialect, Refusal, english_words};
use wire::Failure;

pub const DOOR: Door = Door {
    dialect: Dialect { name: "siberian", base: urls::SIBERIAN, refuse },
    cross_origin: false,
    routes: calls::routes,
    describe: calls::describe,
};

/// The five calls. They word the same refusal differently.
#[derive(Clone, Copy)]
enum Operation {
    Create,
    Update,
    Exist,
    Authenticate,
    ForgotPassword,
}

impl Operation {
    fn of(request: &Request<'_>) -> Option<Self> {
        match request.uri().path().as_str() {
            urls::SIBERIAN_CREATE => Some(Self::Create),
            urls::SIBERIAN_UPDATE => Some(Self::Update),
            urls::SIBERIAN_EXIST => Some(Self::Exist),
            urls::SIBERIAN_AUTHENTICATE => Some(Self::Authenticate),
            urls::SIBERIAN_FORGOT_PASSWORD => Some(Self::ForgotPassword),
            _ => None,
        }
    }
}

const NO_KEY: &str = "Authentication failed. Please, check the username and/or the password";
const EMAIL_REQUIRED: &str = "The email is required";
const EMAIL_TAKEN: &str = "This email address is already used";
const PASSWORD_REQUIRED: &str = "The password is required";
const PASSWORD_SHORT: &str = "The password must be at least 6 characters";
const NOT_FROM_HERE: &str = "Unable to update a user from here.";
const USER_ID_REQUIRED: &str = "The user_id is required";
const NO_ADMIN: &str = "This admin does not exist";
const NO_USER: &str = "The user doesn't exist.";
const WRONG_PASSWORD: &str = "Authentication failed.";
const ENTER_EMAIL: &str = "Please enter your email address";
const NO_ADDRESS: &str = "This email address does not exist.";
const NO_ROLE: &str = "This role does not exist";
const ROLE_NOT_GIVEN: &str = "This role can't be given with this key";

/// The published text for a refused field and its rank. Clients get the text with the lowest rank.
fn published(error: &FieldError, operation: Option<Operation>) -> Option<(u8, &'static str)> {
    match (&error.field, &error.code) {
        (Field::AccountId, FieldCode::Required) => Some((0, USER_ID_REQUIRED)),
        (Field::Email, FieldCode::Required) => match operation {
            Some(Operation::ForgotPassword) => Some((1, ENTER_EMAIL)),
            Some(Operation::Create | Operation::Update | Operation::Exist | Operation::Authenticate)
            | None => Some((1, EMAIL_REQUIRED)),
        },
        (Field::Email, FieldCode::EmailTaken) => Some((2, EMAIL_TAKEN)),
        (Field::Password, FieldCode::Required) => Some((3, PASSWORD_REQUIRED)),
        (Field::Password, FieldCode::PasswordTooShort { .. }) => Some((4, PASSWORD_SHORT)),
        (Field::AccountId, FieldCode::NotChangeable) => Some((5, NOT_FROM_HERE)),
        (Field::Role, FieldCode::RoleUnknown) => Some((6, NO_ROLE)),
        (Field::Role, FieldCode::RoleForbidden) => Some((7, ROLE_NOT_GIVEN)),
        (_, _) => None,
    }
}

/// The published text for a refusal; `None` where the published API has none.
fn exact(refusal: &Refusal, operation: Option<Operation>) -> Option<&'static str> {
    match refusal {
        Refusal::Account(AccountError::Invalid(errors)) => {
            let texts = errors.iter().filter_map(|error| published(error, operation));
            texts.min_by_key(|(place, _)| *place).map(|(_, text)| text)
        }
        Refusal::Account(AccountError::Unauthenticated) => Some(NO_KEY),
        Refusal::Account(AccountError::InvalidCredentials) => Some(WRONG_PASSWORD),
        Refusal::Account(AccountError::NotFound) => match operation {
            Some(Operation::Update) => Some(NO_ADMIN),
            Some(Operation::Authenticate) => Some(NO_USER),
            Some(Operation::ForgotPassword) => Some(NO_ADDRESS),
            Some(Operation::Create | Operation::Exist) | None => None,
        },
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
        | Refusal::UnsupportedMediaType => None,
    }
}

fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let message = match exact(refusal, Operation::of(request)) {
        Some(text) => text.to_owned(),
        None => english_words(refusal, incident, request, Field::name),
    };
    Answer::json(Status::BadRequest, &Failure { error: 1, message }).into_response()
}
