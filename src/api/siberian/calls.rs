//! The calls of siberian.

use domain::{AccountError, AccountId, Actor, Field, FieldCode, Role, Step, Token};
use rocket::data::Data;
use rocket::{Route, post, routes};
use utoipa::OpenApi;

use super::wire::{
    Address, Authenticated, Created, Creation, Credentials, Existence, Failure, Success, Update, Updated,
};
use crate::api::description::Description;
use crate::flows::{AccountChange, NewAccount};
use crate::urls;
use crate::web::{Answer, ApiKeyGuard, Body, Call, Refusal, UncheckedKeys, asked_by};

pub fn routes() -> Vec<Route> {
    routes![create, update, exist, authenticate, forgot_password]
}

#[derive(OpenApi)]
#[openapi(
    paths(create, update, exist, authenticate, forgot_password, _autologin),
    tags((name = "siberian", description = "Trusted servers make accounts and sign their owners in. Every call \
needs an API \
key, and every refusal is a 400: an error never has the key `success`, a success never `error`."))
)]
struct Api;

pub fn describe() -> Description {
    use AccountError::{Forbidden, InvalidCredentials, Locked, NotFound, StepWanted, Unauthenticated};
    let refused = AccountError::field;
    let too_short = || refused(Field::Password, FieldCode::PasswordTooShort { min: 8 });
    Description::of::<Api, Failure>()
        .asks::<Creation>(|_| false)
        .asks::<Update>(|_| false)
        .refuses(
            "create",
            vec![
                Unauthenticated,
                Forbidden,
                refused(Field::Email, FieldCode::Required),
                refused(Field::Email, FieldCode::EmailTaken),
                too_short(),
                refused(Field::AccountId, FieldCode::NotChangeable),
                refused(Field::Role, FieldCode::RoleUnknown),
                refused(Field::Role, FieldCode::RoleForbidden),
            ],
        )
        .refuses(
            "update",
            vec![
                Unauthenticated,
                Forbidden,
                NotFound,
                refused(Field::AccountId, FieldCode::Required),
                refused(Field::Email, FieldCode::EmailTaken),
                too_short(),
                refused(Field::Role, FieldCode::RoleUnknown),
                refused(Field::Role, FieldCode::RoleForbidden),
            ],
        )
        .refuses("exist", vec![Unauthenticated, Forbidden, refused(Field::Email, FieldCode::Required)])
        .refuses(
            "authenticate",
            vec![
                Unauthenticated,
                Forbidden,
                NotFound,
                InvalidCredentials,
                Locked,
                StepWanted(Step::Verify),
                StepWanted(Step::NewPassword),
                refused(Field::Email, FieldCode::Required),
                refused(Field::Password, FieldCode::Required),
            ],
        )
        .refuses(
            "forgot_password",
            vec![Unauthenticated, Forbidden, NotFound, refused(Field::Email, FieldCode::Required)],
        )
        .lists_its_own_refusals("autologin")
}

/// Make an account
#[utoipa::path(
    request_body = Creation,
    responses((status = 200, description = "The account is there.", body = Created)),
    security(("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = []))
)]
#[post("/admin/api_account/create", data = "<body>")]
async fn create(key: ApiKeyGuard, call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
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
    let made = call
        .flows
        .administration
        .create(Actor::Key(&key), &new, |name| sent.get(name), &call.trusted_client())
        .await?;
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
    security(("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = []))
)]
#[post("/admin/api_account/update", data = "<body>")]
async fn update(key: ApiKeyGuard, call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
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
    let given = |name: &str| sent.get(name);
    let token = call
        .flows
        .administration
        .update(Actor::Key(&key), AccountId(id), &change, given, &call.trusted_client())
        .await?;
    let token = token.as_ref().map_or("", Token::reveal);
    Ok(Answer::ok(&Updated { success: 1, user_id: id, token }))
}

/// Ask whether there is an account
#[utoipa::path(
    request_body = Address,
    responses((status = 200, description = "There is, or there is not.", body = Existence)),
    security(("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = []))
)]
#[post("/admin/api_account/exist", data = "<body>")]
async fn exist(key: UncheckedKeys, call: Call<'_>, body: Data<'_>) -> Result<Answer, Refusal> {
    let check = || call.flows.keys.present(&key.0);
    let body = asked_by(check(), Body::read(call.request, body).await).await?;
    let Address { email } = asked_by(check(), Address::read(&body)).await?;
    let (key, lookup) = call.flows.administration.look_up(&key.0, email).await?;
    let id = lookup.reveal_to(Actor::Key(&key))?.map(|id| id.0);
    Ok(Answer::ok(&Existence { success: 1, exists: id.is_some(), id, user_id: id }))
}

/// Check a password
#[utoipa::path(
    request_body = Credentials,
    responses((status = 200, description = "It is right.", body = Authenticated)),
    security(("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = []))
)]
#[post("/admin/api_account/authenticate", data = "<body>")]
async fn authenticate(key: ApiKeyGuard, call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let Credentials { email, password } = Credentials::read(&body)?;
    let token: Token = call
        .flows
        .administration
        .authenticate(Actor::Key(&key), email, password, &call.trusted_client())
        .await?;
    let redirect_url = redirect_url(&call, email.trim(), token.reveal());
    Ok(Answer::ok(&Authenticated { success: 1, token: token.reveal(), redirect_url }))
}

/// Mail a link to a lost password's owner
#[utoipa::path(
    request_body = Address,
    responses((status = 200, description = "The link is on its way.", body = Success)),
    security(("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = []))
)]
#[post("/admin/api_account/forgotpassword", data = "<body>")]
async fn forgot_password(key: ApiKeyGuard, call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let Address { email } = Address::read(&body)?;
    call.flows.administration.recover(Actor::Key(&key), email, &call.trusted_client()).await?;
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
        (
            status = 303, description = "Signed in: the profile, with a session cookie.",
            headers(("Location" = String))
        ),
        (status = 404, description = "The token is unknown, used or too old: a page that says so.", content(
            (String = "text/html; charset=utf-8", example = "<!doctype html>…"),
            (
                Value = "application/problem+json",
                example = json!({"type": "about:blank", "title": "Page not found", "status": 404})
            )
        )),
        (
            status = "default", description = "A pause or a fault: a page that says so.", body = String,
            content_type = "text/html; charset=utf-8", example = "<!doctype html>…"
        )
    )
)]
// Never called. The page's handler serves the path; this function carries its description.
fn _autologin() {}

/// The URL that signs a browser in by a ticket.
fn redirect_url(call: &Call<'_>, email: &str, token: &str) -> String {
    call.origin.address(&urls::autologin(email, token))
}
