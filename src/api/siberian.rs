//! Siberian: trusted servers, such as shops and WordPress plugins, make accounts and sign their owners in
//! (`/admin/api_account/*`). Every refusal is a 400: the published clients know no other status.

use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;
use rocket::{Route, post, routes};
use serde::Serialize;
use url::form_urlencoded;

use super::Door;
use crate::domain::{AccountError, AccountId, Field, FieldCode, FieldError, Role, Token};
use crate::flows::{AccountChange, NewAccount, Secret};
use crate::web::{Answer, ApiKey, Body, Call, Dialect, Refusal, english_words};

pub const DOOR: Door = Door {
    dialect: Dialect { name: "siberian", base: "/admin/api_account", refuse },
    cross_origin: false,
    routes,
};

fn routes() -> Vec<Route> {
    routes![create, update, exist, authenticate, forgot_password]
}

#[derive(Serialize)]
struct Created<'a> {
    success: u8,
    user_id: i64,
    token: &'a str,
    redirect_url: String,
}

#[derive(Serialize)]
struct Updated<'a> {
    success: u8,
    user_id: i64,
    token: &'a str,
}

/// `id` and `user_id` are the same: the published clients read either.
#[derive(Serialize)]
struct Existence {
    success: u8,
    exists: bool,
    id: Option<i64>,
    user_id: Option<i64>,
}

#[derive(Serialize)]
struct Authenticated<'a> {
    success: u8,
    token: &'a str,
    redirect_url: String,
}

#[derive(Serialize)]
struct Success {
    success: u8,
}

#[derive(Serialize)]
struct Failure {
    error: u8,
    message: String,
}

#[post("/admin/api_account/create", data = "<body>")]
async fn create(key: ApiKey, call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let sent = body.custom(&call.flows.policy().fields)?;
    let new = NewAccount {
        numbered: body.0.contains("user_id"),
        email: body.required("email", Field::Email)?,
        password: body.text("password", Field::Password)?.map(Secret),
        firstname: body.text("firstname", Field::Firstname)?,
        lastname: body.text("lastname", Field::Lastname)?,
        role: body.integer("role_id", Field::Role)?.map(Role),
    };
    let made =
        call.flows.create_account(&key, &new, |name| value(&sent, name), &call.trusted_client()).await?;
    Ok(Answer::ok(&Created {
        success: 1,
        user_id: made.account.id.0,
        token: made.secret(),
        redirect_url: redirect_url(&call, made.account.email.as_str(), made.secret()),
    }))
}

#[post("/admin/api_account/update", data = "<body>")]
async fn update(key: ApiKey, call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let missing = || AccountError::field(Field::AccountId, FieldCode::Required);
    let id = match body.text("user_id", Field::AccountId) {
        Ok(Some("")) => return Err(missing().into()),
        _ => body.integer("user_id", Field::AccountId)?.ok_or_else(missing)?,
    };
    let sent = body.custom(&call.flows.policy().fields)?;
    let change = AccountChange {
        email: body.text("email", Field::Email)?,
        password: body.text("password", Field::Password)?.map(Secret),
        firstname: body.text("firstname", Field::Firstname)?,
        lastname: body.text("lastname", Field::Lastname)?,
        role: body.integer("role_id", Field::Role)?.map(Role),
    };
    let given = |name: &str| value(&sent, name);
    let token =
        call.flows.update_account(&key, AccountId(id), &change, given, &call.trusted_client()).await?;
    Ok(Answer::ok(&Updated { success: 1, user_id: id, token: token.reveal() }))
}

#[post("/admin/api_account/exist", data = "<body>")]
async fn exist(key: ApiKey, call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let found = call.flows.find_account(&key, body.required("email", Field::Email)?).await?;
    let id = found.map(|id| id.0);
    Ok(Answer::ok(&Existence { success: 1, exists: id.is_some(), id, user_id: id }))
}

#[post("/admin/api_account/authenticate", data = "<body>")]
async fn authenticate(key: ApiKey, call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let email = body.required("email", Field::Email)?;
    let password = Secret(body.required("password", Field::Password)?);
    let token: Token = call.flows.authenticate(&key, email, password, &call.trusted_client()).await?;
    let redirect_url = redirect_url(&call, email.trim(), token.reveal());
    Ok(Answer::ok(&Authenticated { success: 1, token: token.reveal(), redirect_url }))
}

#[post("/admin/api_account/forgotpassword", data = "<body>")]
async fn forgot_password(key: ApiKey, call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let email = body.required("email", Field::Email)?;
    call.flows.recover_account(&key, email, &call.trusted_client()).await?;
    Ok(Answer::ok(&Success { success: 1 }))
}

fn value<'a>(sent: &'a [(String, String)], name: &str) -> Option<&'a str> {
    sent.iter().find(|(sent, _)| sent == name).map(|(_, value)| value.as_str())
}

/// Where a browser is signed in by a ticket.
fn redirect_url(call: &Call<'_>, email: &str, token: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("email", email)
        .append_pair("token", token)
        .finish();
    format!("{}/admin/api_account/autologin?{query}", call.origin.as_str())
}

/// The five calls, which have different words for the same refusal.
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
        match request.uri().path().as_str().strip_prefix("/admin/api_account/")? {
            "create" => Some(Self::Create),
            "update" => Some(Self::Update),
            "exist" => Some(Self::Exist),
            "authenticate" => Some(Self::Authenticate),
            "forgotpassword" => Some(Self::ForgotPassword),
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

/// The published text for a refused field, and its place among them: clients are told the first that applies.
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

/// The published text for a refusal, if there is one.
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
            AccountError::Forbidden
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
