//! Siberian: trusted servers, such as shops and WordPress plugins, make accounts and sign their owners in
//! (`/admin/api_account/*`). Every refusal is a 400: the published clients know no other status.

use rocket::data::Data;
use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;
use rocket::{Route, post, routes};
use serde::Serialize;
use url::form_urlencoded;
use utoipa::{OpenApi, ToSchema};

use super::request::{Needed, request};
use super::{Description, Door};
use crate::domain::{AccountError, AccountId, Field, FieldCode, FieldError, Role, Token, TypedPassword};
use crate::flows::{AccountChange, NewAccount};
use crate::web::{Answer, ApiKey, Body, Call, Dialect, Refusal, UncheckedKeys, asked_by, english_words};

pub const DOOR: Door = Door {
    dialect: Dialect { name: "siberian", base: "/admin/api_account", refuse },
    cross_origin: false,
    routes,
    describe,
};

fn routes() -> Vec<Route> {
    routes![create, update, exist, authenticate, forgot_password]
}

#[derive(OpenApi)]
#[openapi(
    paths(create, update, exist, authenticate, forgot_password, _autologin),
    tags((name = "siberian", description = "Trusted servers make accounts and sign their owners in. Every call needs an API \
key, and every refusal is a 400: an error never has the key `success`, a success never `error`."))
)]
struct Api;

fn describe() -> Description {
    Description::of::<Api, Failure>().asks::<Creation>(|_| false).asks::<Update>(|_| false)
}

#[derive(Serialize, ToSchema)]
struct Created<'a> {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    success: u8,
    #[schema(example = 42)]
    user_id: i64,
    /// Signs its owner in once, for ten minutes.
    #[schema(example = "q1XvOe4yWq7jXn3o5sT0b8K2m9d6f4h1c7z5x3v1n8M")]
    token: &'a str,
    /// Where the owner's browser is to be sent.
    #[schema(
        format = "uri",
        example = "https://example.org/admin/api_account/autologin?email=a%40b.org&token=q1X"
    )]
    redirect_url: String,
}

#[derive(Serialize, ToSchema)]
struct Updated<'a> {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    success: u8,
    #[schema(example = 42)]
    user_id: i64,
    /// Signs its owner in once, for ten minutes.
    #[schema(example = "q1XvOe4yWq7jXn3o5sT0b8K2m9d6f4h1c7z5x3v1n8M")]
    token: &'a str,
}

/// `id` and `user_id` are the same: the published clients read either.
#[derive(Serialize, ToSchema)]
struct Existence {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    success: u8,
    #[schema(example = true)]
    exists: bool,
    #[schema(example = 42)]
    id: Option<i64>,
    #[schema(example = 42)]
    user_id: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct Authenticated<'a> {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    success: u8,
    #[schema(example = "q1XvOe4yWq7jXn3o5sT0b8K2m9d6f4h1c7z5x3v1n8M")]
    token: &'a str,
    #[schema(
        format = "uri",
        example = "https://example.org/admin/api_account/autologin?email=a%40b.org&token=q1X"
    )]
    redirect_url: String,
}

#[derive(Serialize, ToSchema)]
struct Success {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    success: u8,
}

#[derive(Serialize, ToSchema)]
struct Failure {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    error: u8,
    #[schema(example = "The email is required")]
    message: String,
}

request! {
    /// Somebody new. Without a password an invitation goes to the mailbox. The site's own fields stand beside these.
    Creation {
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: &'a str = Field::Email,
        #[schema(value_type = Option<String>, format = Password, max_length = 1024, example = "correct horse battery")]
        password: Option<TypedPassword<'a>> = Field::Password,
        #[schema(max_length = 100, example = "Ada")]
        firstname: Option<&'a str> = Field::Firstname,
        #[schema(max_length = 100, example = "Lovelace")]
        lastname: Option<&'a str> = Field::Lastname,
        /// 1 member, 2 editor, 3 administrator; what the key may give.
        #[schema(example = 1)]
        role_id: Option<i64> = Field::Role,
    }
}

request! {
    /// What is to be changed. The site's own fields stand beside these.
    Update {
        #[schema(value_type = i64, example = 42)]
        user_id: Needed = Field::AccountId,
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: Option<&'a str> = Field::Email,
        #[schema(value_type = Option<String>, format = Password, max_length = 1024, example = "correct horse battery")]
        password: Option<TypedPassword<'a>> = Field::Password,
        #[schema(max_length = 100, example = "Ada")]
        firstname: Option<&'a str> = Field::Firstname,
        #[schema(max_length = 100, example = "Lovelace")]
        lastname: Option<&'a str> = Field::Lastname,
        #[schema(example = 1)]
        role_id: Option<i64> = Field::Role,
    }
}

request! {
        Address {
        #[schema(example = "ada@example.org")]
        email: &'a str = Field::Email,
    }
}

request! {
    Credentials {
        #[schema(max_length = 254, example = "ada@example.org")]
        email: &'a str = Field::Email,
        #[schema(value_type = String, format = Password, min_length = 1, max_length = 1024, example = "correct horse battery")]
        password: TypedPassword<'a> = Field::Password,
    }
}

/// Make an account
#[utoipa::path(
    request_body = Creation,
    responses((status = 200, description = "The account is there.", body = Created)),
    security(("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = [])),
    extensions(("x-refusals" = json!(["unauthenticated", "forbidden", "email:required", "email:email_taken", "password:password_too_short", "user_id:not_changeable", "role_id:role_unknown", "role_id:role_forbidden"])))
)]
#[post("/admin/api_account/create", data = "<body>")]
async fn create(key: ApiKey, call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let sent = body.custom(&call.flows.policy().fields)?;
    let asked = Creation::read(&body)?;
    let new = NewAccount {
        numbered: body.0.contains("user_id"),
        email: asked.email,
        password: asked.password,
        firstname: asked.firstname,
        lastname: asked.lastname,
        role: asked.role_id.map(Role),
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

/// Change an account
#[utoipa::path(
    request_body = Update,
    responses((status = 200, description = "It is changed.", body = Updated)),
    security(("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = [])),
    extensions(("x-refusals" = json!(["unauthenticated", "forbidden", "not_found", "user_id:required", "email:email_taken", "password:password_too_short", "role_id:role_unknown", "role_id:role_forbidden"])))
)]
#[post("/admin/api_account/update", data = "<body>")]
async fn update(key: ApiKey, call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let asked = Update::read(&body)?;
    let id = asked.user_id.0;
    let sent = body.custom(&call.flows.policy().fields)?;
    let change = AccountChange {
        email: asked.email,
        password: asked.password,
        firstname: asked.firstname,
        lastname: asked.lastname,
        role: asked.role_id.map(Role),
    };
    let given = |name: &str| value(&sent, name);
    let token =
        call.flows.update_account(&key, AccountId(id), &change, given, &call.trusted_client()).await?;
    Ok(Answer::ok(&Updated { success: 1, user_id: id, token: token.reveal() }))
}

/// Ask whether there is an account
#[utoipa::path(
    request_body = Address,
    responses((status = 200, description = "There is, or there is not.", body = Existence)),
    security(("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = [])),
    extensions(("x-refusals" = json!(["unauthenticated", "forbidden", "email:required"])))
)]
#[post("/admin/api_account/exist", data = "<body>")]
async fn exist(key: UncheckedKeys, call: Call<'_>, body: Data<'_>) -> Result<Answer, Refusal> {
    let check = || call.flows.present_key(&key.0);
    let body = asked_by(check(), Body::read(call.request, body).await).await?;
    let Address { email } = asked_by(check(), Address::read(&body)).await?;
    let id = call.flows.find_account(&key.0, email).await?.map(|id| id.0);
    Ok(Answer::ok(&Existence { success: 1, exists: id.is_some(), id, user_id: id }))
}

/// Check a password
#[utoipa::path(
    request_body = Credentials,
    responses((status = 200, description = "It is right.", body = Authenticated)),
    security(("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = [])),
    extensions(("x-refusals" = json!(["unauthenticated", "forbidden", "not_found", "invalid_credentials", "unverified", "email:required", "password:required"])))
)]
#[post("/admin/api_account/authenticate", data = "<body>")]
async fn authenticate(key: ApiKey, call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let Credentials { email, password } = Credentials::read(&body)?;
    let token: Token = call.flows.authenticate(&key, email, password, &call.trusted_client()).await?;
    let redirect_url = redirect_url(&call, email.trim(), token.reveal());
    Ok(Answer::ok(&Authenticated { success: 1, token: token.reveal(), redirect_url }))
}

/// Mail a link to a lost password's owner
#[utoipa::path(
    request_body = Address,
    responses((status = 200, description = "The link is on its way.", body = Success)),
    security(("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = [])),
    extensions(("x-refusals" = json!(["unauthenticated", "forbidden", "not_found", "email:required"])))
)]
#[post("/admin/api_account/forgotpassword", data = "<body>")]
async fn forgot_password(key: ApiKey, call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let Address { email } = Address::read(&body)?;
    call.flows.recover_account(&key, email, &call.trusted_client()).await?;
    Ok(Answer::ok(&Success { success: 1 }))
}

/// Sign a browser in, which a `redirect_url` leads here
#[utoipa::path(
    get,
    path = "/admin/api_account/autologin", operation_id = "autologin",
    params(
        ("email" = Option<String>, Query, description = "The address that the token was made for."),
        ("token" = Option<String>, Query, description = "The token.")
    ),
    responses(
        (status = 303, description = "Signed in: the profile, with a session cookie.", headers(("Location" = String))),
        (status = 404, description = "The token is unknown, used or too old: a page that says so.", content(
            (String = "text/html; charset=utf-8", example = "<!doctype html>…"),
            (Value = "application/problem+json", example = json!({"type": "about:blank", "title": "Page not found", "status": 404}))
        )),
        (status = "default", description = "A pause or a fault: a page that says so.", body = String, content_type = "text/html; charset=utf-8", example = "<!doctype html>…")
    ),
    extensions(("x-refusals" = json!("its own")))
)]
// Called by nobody: the route is the pages'.
fn _autologin() {}

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
            AccountError::Unverified
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
