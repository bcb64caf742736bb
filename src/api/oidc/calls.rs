//! The calls of `/oidc`.

use domain::lifetimes::PUSHED_REQUEST;
use domain::{AccountError, Field, FieldCode, OidcScopes};
use rocket::http::Status;
use rocket::{Route, get, post, routes};
use serde_json::json;
use utoipa::OpenApi;

use super::answers::{Public, Unkept, bearer_refused, failed, refused};
use super::credentials;
use super::wire::{
    AccessToken, DeviceRequest, Ended, Introspection, KeySet, NamedRequest, PresentedToken, PushedParameters,
    PushingClient, StartedDevice, TokenRequest, Tokens, UserInfo,
};
use crate::api::description::Description;
use crate::api::oauth::Failure;
use crate::flows::oidc::{Presented, Unsound};
use crate::urls;
use crate::web::{Answer, Body, Call, Refusal, bearer};

const NO_TOKEN: &str = "The token is missing.";

const GRANTS: &str =
    "The grant types here are authorization_code, refresh_token, and that of devices (RFC 8628).";

/// The grant type of devices (RFC 8628, section 3.4).
pub const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

pub fn routes() -> Vec<Route> {
    routes![token, device, push, user_info, user_info_by_post, introspect, revoke, keys]
}

#[derive(OpenApi)]
#[openapi(
    paths(token, device, push, user_info, user_info_by_post, introspect, revoke, keys),
    tags((name = "oidc", description = "OpenID Connect for sites and apps that sign people in here."))
)]
struct Api;

pub fn describe() -> Description {
    let repeated = || vec![AccountError::field(Field::Custom("token".to_owned()), FieldCode::Repeated)];
    Description::of::<Api, Failure>()
        .refuses("token", repeated())
        .refuses("device", repeated())
        .refuses("push", repeated())
        .refuses("introspect", repeated())
        .refuses("revoke", repeated())
        .refuses("user_info", vec![])
        .refuses("user_info_by_post", repeated())
        .refuses("keys", vec![])
}

/// Exchange a code or a refresh token
#[utoipa::path(
    request_body = TokenRequest,
    responses(
        (status = 200, description = "Tokens.", body = Tokens),
        (
            status = 400,
            description = "`invalid_grant`, `invalid_scope`, `unsupported_grant_type`; for devices \
                           `authorization_pending`, `slow_down`, `expired_token` or `access_denied`.",
            body = Failure
        ),
        (status = 401, description = "`invalid_client`.", body = Failure)
    ),
    security((), ("oauth_client" = []))
)]
#[post("/oidc/token", data = "<body>")]
async fn token(call: Call<'_>, body: Body) -> Result<Unkept, Refusal> {
    let asked = TokenRequest::read(&body)?;
    let presented = (asked.client_id, asked.client_secret.as_ref());
    let client = match credentials::client(&call, presented).await? {
        Ok(client) => client,
        Err(why) => return refused(why),
    };
    let address = |path: &str| call.origin.address(path);
    // RFC 6749, section 3.2: a parameter without a value counts as not sent.
    let issued = match asked.grant_type {
        "authorization_code" if asked.code.is_empty() => {
            return Ok(failed(Status::BadRequest, "invalid_request", "The code is missing."));
        }
        "authorization_code" => {
            let code = (asked.code, asked.redirect_uri);
            let verifier = asked.code_verifier.filter(|text| !text.is_empty());
            call.flows.oidc.exchange_code(&client, code, verifier, address).await
        }
        "refresh_token" => {
            let token = asked.refresh_token.map_or("", |token| token.0);
            if token.is_empty() {
                return Ok(failed(Status::BadRequest, "invalid_request", "The refresh_token is missing."));
            }
            let scopes = asked.scope.filter(|text| !text.is_empty()).map(OidcScopes::parse);
            call.flows.oidc.refresh(&client, token, scopes, address).await
        }
        DEVICE_GRANT => {
            let device = asked.device_code.map_or("", |code| code.0);
            if device.is_empty() {
                return Ok(failed(Status::BadRequest, "invalid_request", "The device_code is missing."));
            }
            call.flows.oidc.exchange_device(&client, device, address).await
        }
        "" => return Ok(failed(Status::BadRequest, "invalid_request", GRANTS)),
        _ => return Ok(failed(Status::BadRequest, "unsupported_grant_type", GRANTS)),
    };
    match issued {
        Ok(issued) => Ok(Answer::ok(&Tokens {
            access_token: issued.access.reveal(),
            token_type: "Bearer",
            expires_in: issued.expires_in,
            id_token: &issued.id_token,
            refresh_token: issued.refresh.as_ref().map(|token| token.reveal()),
            scope: issued.scopes.to_string(),
        })
        .into()),
        Err(why) => refused(why),
    }
}

/// Begin to sign in a device
///
/// A device or a program without a browser (RFC 8628). It shows the code, and asks `/oidc/token` meanwhile.
#[utoipa::path(
    request_body = DeviceRequest,
    responses(
        (status = 200, description = "What it shows, and the secret by which it asks.", body = StartedDevice),
        (status = 400, description = "`unauthorized_client` or `invalid_scope`.", body = Failure),
        (status = 401, description = "`invalid_client`.", body = Failure)
    ),
    security((), ("oauth_client" = []))
)]
#[post("/oidc/device", data = "<body>")]
async fn device(call: Call<'_>, body: Body) -> Result<Unkept, Refusal> {
    let asked = DeviceRequest::read(&body)?;
    let client = match credentials::client(&call, (asked.client_id, asked.client_secret.as_ref())).await? {
        Ok(client) => client,
        Err(why) => return refused(why),
    };
    let scopes = OidcScopes::parse(asked.scope.unwrap_or_default());
    match call.flows.oidc.start_device(&client, scopes, &call.client()).await {
        Ok(started) => {
            let uri = call.origin.address(urls::DEVICES);
            let complete = format!("{uri}?code={}", started.code.as_str());
            Ok(Answer::ok(&StartedDevice {
                device_code: started.device.reveal(),
                user_code: started.code.as_str(),
                verification_uri: uri,
                verification_uri_complete: complete,
                expires_in: started.expires_in,
                interval: started.interval,
            })
            .into())
        }
        Err(why) => refused(why),
    }
}

/// Push a request
///
/// The parameters of an authorization request, before the browser comes with the name that they get here
/// (RFC 9126).
#[utoipa::path(
    request_body = PushedParameters,
    responses(
        (status = 201, description = "The name of the request.", body = NamedRequest),
        (status = 400, description = "What is wrong with the request.", body = Failure),
        (status = 401, description = "`invalid_client`.", body = Failure)
    ),
    security((), ("oauth_client" = []))
)]
#[post("/oidc/par", data = "<body>")]
async fn push(call: Call<'_>, body: Body) -> Result<Unkept, Refusal> {
    let asked = PushingClient::read(&body)?;
    let client = match credentials::client(&call, (asked.client_id, asked.client_secret.as_ref())).await? {
        Ok(client) => client,
        Err(why) => return refused(why),
    };
    // RFC 9126, section 2.1: the request does not name another.
    if body.0.contains("request_uri") {
        return Ok(failed(Status::BadRequest, "invalid_request", "A pushed request has no request_uri."));
    }
    let query = body.as_query(Some("client_secret"));
    match call.flows.oidc.check_pushed(client.clone(), &query) {
        Ok(()) => {}
        Err(Unsound::Told(told, _)) => return Ok(failed(Status::BadRequest, told.error, told.description)),
        Err(Unsound::Account(error)) => return Err(error.into()),
        Err(Unsound::TooLong) => {
            let told = "The request is longer than 4,096 bytes.";
            return Ok(failed(Status::BadRequest, "invalid_request", told));
        }
        Err(Unsound::NoTarget | Unsound::NoRequest) => {
            return Ok(failed(Status::BadRequest, "invalid_request", "The redirect_uri is not registered."));
        }
    }
    let name = call.flows.oidc.push_request(&client, &query, &call.client()).await?;
    let told = NamedRequest { request_uri: name, expires_in: PUSHED_REQUEST.as_secs() };
    Ok(Answer::json(Status::Created, &told).into())
}

/// Who an access token is of
#[utoipa::path(
    responses(
        (status = 200, description = "The account.", body = UserInfo),
        (status = 401, description = "No access token that is alive.", body = Failure)
    ),
    security(("oidc_token" = []))
)]
#[get("/oidc/userinfo")]
async fn user_info(call: Call<'_>) -> Result<Unkept, Refusal> {
    who(&call, bearer(call.request)).await
}

/// Who an access token is of, by POST
#[utoipa::path(
    request_body = AccessToken,
    responses(
        (status = 200, description = "The account.", body = UserInfo),
        (status = 401, description = "No access token that is alive.", body = Failure)
    ),
    security((), ("oidc_token" = []))
)]
#[post("/oidc/userinfo", data = "<body>")]
async fn user_info_by_post(call: Call<'_>, body: Body) -> Result<Unkept, Refusal> {
    let sent = AccessToken::read(&body)?.access_token.map(|token| token.0);
    match (bearer(call.request), sent) {
        // RFC 6750, section 2: not by two ways.
        (Some(_), Some(_)) => Err(Refusal::Malformed),
        (header, sent) => who(&call, header.or(sent)).await,
    }
}

async fn who(call: &Call<'_>, token: Option<&str>) -> Result<Unkept, Refusal> {
    let presented = call.flows.oidc.presented(token.unwrap_or_default(), None).await?;
    let Some(presented) = presented else { return Ok(bearer_refused(token.is_some())) };
    let claims = call.flows.oidc.user_info(&presented, |path| call.origin.address(path));
    Ok(Answer::ok(&claims).into())
}

/// Whether a token of the client's own is alive
#[utoipa::path(
    request_body = PresentedToken,
    responses(
        (status = 200, description = "The token.", body = Introspection),
        (status = 401, description = "`invalid_client`.", body = Failure)
    ),
    security((), ("oauth_client" = []))
)]
#[post("/oidc/introspect", data = "<body>")]
async fn introspect(call: Call<'_>, body: Body) -> Result<Unkept, Refusal> {
    let asked = PresentedToken::read(&body)?;
    let client = match credentials::client(&call, (asked.client_id, asked.client_secret.as_ref())).await? {
        Ok(client) => client,
        Err(why) => return refused(why),
    };
    if asked.token.0.is_empty() {
        return Ok(failed(Status::BadRequest, "invalid_request", NO_TOKEN));
    }
    let found = call.flows.oidc.presented(asked.token.0, Some(client.id)).await?;
    let told = match found {
        Some(found) => told(&found, &client.identifier, call.origin.address("")),
        None => Introspection::default(),
    };
    Ok(Answer::ok(&told).into())
}

fn told(found: &Presented, identifier: &str, issuer: String) -> Introspection {
    let token = &found.token;
    Introspection {
        active: true,
        scope: Some(token.scopes.to_string()),
        client_id: Some(identifier.to_owned()),
        sub: Some(found.account.id.to_string()),
        exp: Some(token.expires_at.0 / 1000),
        iat: Some(token.created_at.0 / 1000),
        iss: Some(issuer),
        token_type: (!token.refreshes).then_some("Bearer"),
    }
}

/// End a token of the client's own
#[utoipa::path(
    request_body = PresentedToken,
    responses(
        (status = 200, description = "It is dead, or never was alive (RFC 7009).", body = Ended),
        (status = 401, description = "`invalid_client`.", body = Failure)
    ),
    security((), ("oauth_client" = []))
)]
#[post("/oidc/revoke", data = "<body>")]
async fn revoke(call: Call<'_>, body: Body) -> Result<Unkept, Refusal> {
    let asked = PresentedToken::read(&body)?;
    let client = match credentials::client(&call, (asked.client_id, asked.client_secret.as_ref())).await? {
        Ok(client) => client,
        Err(why) => return refused(why),
    };
    if asked.token.0.is_empty() {
        return Ok(failed(Status::BadRequest, "invalid_request", NO_TOKEN));
    }
    call.flows.oidc.revoke_token(&client, asked.token.0).await?;
    Ok(Answer::ok(&json!({})).into())
}

/// The keys that ID tokens are signed with
#[utoipa::path(responses((status = 200, description = "Their public halves.", body = KeySet)))]
#[get("/oidc/keys")]
async fn keys(call: Call<'_>) -> Result<Public, Refusal> {
    let keys = call.flows.oidc.signing_keys.published().await?;
    Ok(Answer::ok(&json!({ "keys": keys })).into())
}
