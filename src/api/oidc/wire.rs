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
        /// `authorization_code` or `refresh_token`.
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
