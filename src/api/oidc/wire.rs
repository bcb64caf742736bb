//! Request and response bodies of `/oidc`.

use domain::{Field, TypedPassword};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::request::request;

fn named(name: &str) -> Field {
    Field::Custom(name.to_owned())
}

request! {
    /// A code or a refresh token to be exchanged. The client's number and secret may come as
    /// `Authorization: Basic` instead.
    TokenRequest {
        /// `authorization_code`, `refresh_token`, or `urn:ietf:params:oauth:grant-type:device_code`.
        #[schema(example = "authorization_code")]
        grant_type: &'a str = named("grant_type"),
        /// The code that the browser brought.
        #[schema(example = "Zv0kq3T1mXw8rY2nB6cP9dL4sH7jF5gA1eK0uI3oQxM")]
        code: &'a str = named("code"),
        /// Where it was brought to, as in the request for it.
        #[schema(example = "https://shop.example.org/callback")]
        redirect_uri: &'a str = named("redirect_uri"),
        /// The answer to the challenge (RFC 7636).
        #[schema(example = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
        code_verifier: Option<&'a str> = named("code_verifier"),
        /// The refresh token.
        #[schema(
            value_type = Option<String>, format = Password,
            example = "Kq3T1mXw8rY2nB6cP9dL4sH7jF5gA1eK0uI3oQxMZv0"
        )]
        refresh_token: Option<TypedPassword<'a>> = named("refresh_token"),
        /// The secret of a device that waits (RFC 8628).
        #[schema(
            value_type = Option<String>, format = Password,
            example = "8nRwLrT0yVbZk3mP1aKq3T1mXw8rY2nB6cP9dL4sH7j"
        )]
        device_code: Option<TypedPassword<'a>> = named("device_code"),
        /// Fewer scopes than the refresh token has.
        #[schema(example = "openid email")]
        scope: Option<&'a str> = named("scope"),
        #[schema(example = "5nR2xWq8LrT0yVbZk3mP1a")]
        client_id: Option<&'a str> = named("client_id"),
        #[schema(
            value_type = Option<String>, format = Password,
            example = "fD9ErWSrRZ6niSnu587KwIozpFRc1DY1DV1ylmYHaYM"
        )]
        client_secret: Option<TypedPassword<'a>> = named("client_secret"),
    }
}

request! {
    /// A token that is asked about, or ended.
    PresentedToken {
        /// An access token or a refresh token.
        #[schema(
            value_type = String, format = Password, example = "Zv0kq3T1mXw8rY2nB6cP9dL4sH7jF5gA1eK0uI3oQxM"
        )]
        token: TypedPassword<'a> = named("token"),
        #[schema(example = "5nR2xWq8LrT0yVbZk3mP1a")]
        client_id: Option<&'a str> = named("client_id"),
        #[schema(
            value_type = Option<String>, format = Password,
            example = "fD9ErWSrRZ6niSnu587KwIozpFRc1DY1DV1ylmYHaYM"
        )]
        client_secret: Option<TypedPassword<'a>> = named("client_secret"),
    }
}

#[derive(Serialize, ToSchema)]
pub struct Tokens<'a> {
    /// For `/oidc/userinfo`.
    #[schema(example = "Zv0kq3T1mXw8rY2nB6cP9dL4sH7jF5gA1eK0uI3oQxM")]
    pub access_token: &'a str,
    #[schema(pattern = "^Bearer$", example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds.
    #[schema(example = 600)]
    pub expires_in: u64,
    /// Who signed in, signed (OpenID Connect Core 1.0, section 2).
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxNyJ9.c2lnbmF0dXJl")]
    pub id_token: &'a str,
    /// With the scope `offline_access` alone. It is exchanged once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Kq3T1mXw8rY2nB6cP9dL4sH7jF5gA1eK0uI3oQxMZv0")]
    pub refresh_token: Option<&'a str>,
    #[schema(example = "openid email")]
    pub scope: String,
}

request! {
    /// A device that begins to wait.
    DeviceRequest {
        /// What the client wants to learn.
        #[schema(example = "openid profile")]
        scope: Option<&'a str> = named("scope"),
        #[schema(example = "5nR2xWq8LrT0yVbZk3mP1a")]
        client_id: Option<&'a str> = named("client_id"),
        #[schema(
            value_type = Option<String>, format = Password,
            example = "fD9ErWSrRZ6niSnu587KwIozpFRc1DY1DV1ylmYHaYM"
        )]
        client_secret: Option<TypedPassword<'a>> = named("client_secret"),
    }
}

/// What a device shows, and by what it asks (RFC 8628, section 3.2).
#[derive(Serialize, ToSchema)]
pub struct StartedDevice<'a> {
    /// For `/oidc/token`. Nobody sees it.
    #[schema(example = "8nRwLrT0yVbZk3mP1aKq3T1mXw8rY2nB6cP9dL4sH7j")]
    pub device_code: &'a str,
    /// What a person is to type.
    #[schema(example = "GHT2QA")]
    pub user_code: &'a str,
    /// Where they type it.
    #[schema(example = "https://accounts.example.org/user/devices")]
    pub verification_uri: String,
    /// The same with the code in it, for a picture that a telephone reads.
    #[schema(example = "https://accounts.example.org/user/devices?code=GHT2QA")]
    pub verification_uri_complete: String,
    /// Seconds until it is too late.
    #[schema(example = 600)]
    pub expires_in: u64,
    /// Seconds to leave between two questions.
    #[schema(example = 5)]
    pub interval: u64,
}

request! {
    /// Who pushes a request.
    PushingClient {
        client_id: Option<&'a str> = named("client_id"),
        #[schema(value_type = Option<String>)]
        client_secret: Option<TypedPassword<'a>> = named("client_secret"),
    }
}

/// A request as `GET /user/authorize` takes it, with every other parameter that there is.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the schema of parameters that are kept as they came")]
pub struct PushedParameters {
    #[schema(example = "code")]
    response_type: Option<String>,
    /// Where the answer goes.
    #[schema(example = "https://shop.example.org/callback")]
    redirect_uri: Option<String>,
    #[schema(example = "openid profile")]
    scope: Option<String>,
    /// Sent back as it came.
    #[schema(example = "af0ifjsldkj")]
    state: Option<String>,
    /// For the ID token.
    #[schema(example = "n-0S6_WzA2Mj")]
    nonce: Option<String>,
    /// The challenge (RFC 7636).
    #[schema(example = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    code_challenge: Option<String>,
    #[schema(example = "S256")]
    code_challenge_method: Option<String>,
    #[schema(example = "5nR2xWq8LrT0yVbZk3mP1a")]
    client_id: Option<String>,
    #[schema(format = Password, example = "fD9ErWSrRZ6niSnu587KwIozpFRc1DY1DV1ylmYHaYM")]
    client_secret: Option<String>,
}

/// A request that was pushed.
#[derive(Serialize, ToSchema)]
pub struct NamedRequest {
    /// What the browser brings, with the `client_id` alone.
    #[schema(example = "urn:ietf:params:oauth:request_uri:Zv0kq3T1mXw8rY2nB6cP9dL4sH7jF5gA1eK0uI3oQxM")]
    pub request_uri: String,
    /// Seconds until it is too late.
    #[schema(example = 1800)]
    pub expires_in: u64,
}

/// A token (RFC 7662). One that is not active has nothing else.
#[derive(Default, Serialize, ToSchema)]
pub struct Introspection {
    #[schema(example = true)]
    pub active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "openid email")]
    pub scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "5nR2xWq8LrT0yVbZk3mP1a")]
    pub client_id: Option<String>,
    /// The number of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "17")]
    pub sub: Option<String>,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1_798_700_000)]
    pub exp: Option<i64>,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1_798_699_400)]
    pub iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://accounts.example.org")]
    pub iss: Option<String>,
    /// `Bearer` for an access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Bearer")]
    pub token_type: Option<&'static str>,
}

/// What a client learns of an account, by the scopes that were permitted. What is not known is left out. The
/// operator's fields come under their own names.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the schema of claims that are a map")]
pub struct UserInfo {
    /// The number of the account, which never changes.
    #[schema(example = "17")]
    pub sub: String,
    /// With `profile`.
    #[schema(example = "Ada Lovelace")]
    pub name: Option<String>,
    #[schema(example = "Ada")]
    pub given_name: Option<String>,
    #[schema(example = "Lovelace")]
    pub family_name: Option<String>,
    #[schema(example = "ada")]
    pub preferred_username: Option<String>,
    #[schema(example = "https://accounts.example.org/user/picture/letter/120/A.svg")]
    pub picture: Option<String>,
    #[schema(example = "fr")]
    pub locale: Option<String>,
    /// Seconds since 1970.
    #[schema(example = 1_798_699_400)]
    pub updated_at: Option<i64>,
    /// The name of the account's role.
    #[schema(example = json!(["member"]))]
    pub groups: Option<Vec<String>>,
    /// With `email`.
    #[schema(example = "ada@example.org")]
    pub email: Option<String>,
    #[schema(example = true)]
    pub email_verified: Option<bool>,
}

/// A JSON Web Key Set (RFC 7517).
#[derive(ToSchema)]
#[expect(dead_code, reason = "the schema of keys that are kept as JSON")]
#[schema(example = json!({ "keys": [{
    "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "3ZSivW2Yc6VjE3ttQSCF_yZRbNdTii4NLYpRxLwsROE",
    "x": "soZMXZtW3NskYwRIW6s6YQi5RU8Kgaev0RyG4dpbnzg", "y": "1bbLXfycaTMKJSTk1-Wn0Pp8HqHZfsXSX6Kk5nIvWGA"
}] }))]
pub struct KeySet {
    pub keys: Vec<serde_json::Value>,
}

request! {
    /// An access token in place of the header.
    AccessToken {
        #[schema(
            value_type = Option<String>, format = Password,
            example = "Zv0kq3T1mXw8rY2nB6cP9dL4sH7jF5gA1eK0uI3oQxM"
        )]
        access_token: Option<TypedPassword<'a>> = named("access_token"),
    }
}

/// Nothing more to say.
#[derive(ToSchema)]
#[schema(example = json!({}))]
pub struct Ended {}
