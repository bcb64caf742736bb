//! The calls of `/oidc`.

use domain::{AccountError, Field, FieldCode, OidcScopes};
use rocket::http::Status;
use rocket::{Route, get, post, routes};
use serde_json::json;
use utoipa::OpenApi;

use super::answers::{Public, Unkept, bearer_refused, failed, refused};
use super::credentials;
use super::wire::{
    AccessToken, Ended, Introspection, KeySet, PresentedToken, TokenRequest, Tokens, UserInfo,
};
use crate::api::description::Description;
use crate::api::oauth::Failure;
use crate::flows::oidc::Presented;
use crate::web::{Answer, Body, Call, Refusal, bearer};

const NO_TOKEN: &str = "The token is missing.";

const GRANTS: &str = "The grant types here are authorization_code and refresh_token.";

pub fn routes() -> Vec<Route> {
    routes![token, user_info, user_info_by_post, introspect, revoke, keys]
}

#[derive(OpenApi)]
#[openapi(
    paths(token, user_info, user_info_by_post, introspect, revoke, keys),
    tags((name = "oidc", description = "OpenID Connect for sites and apps that sign people in here."))
)]
struct Api;

pub fn describe() -> Description {
    let repeated = || vec![AccountError::field(Field::Custom("token".to_owned()), FieldCode::Repeated)];
    Description::of::<Api, Failure>()
        .refuses("token", repeated())
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
        (status = 400, description = "`invalid_grant`, `invalid_scope` or `unsupported_grant_type`.", body = Failure),
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
