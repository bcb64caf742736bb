//! Request and response bodies of `/oauth/token`.

use domain::{AccountError, AccountId, Field, TypedPassword};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::request::{Read, request};
use crate::web::Body;

#[derive(Serialize, ToSchema)]
pub struct Issued<'a> {
    /// The bearer, for the amadis calls.
    #[schema(example = "9mN2b7V4c1X8z5L3k6J0h9G2f4D7s1A5p8O3i6U0yT4")]
    pub access_token: &'a str,
    #[schema(pattern = "^Bearer$", example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds.
    #[schema(example = 900)]
    pub expires_in: u64,
}

/// An error of RFC 6749 5.2.
#[derive(Serialize, ToSchema)]
pub struct Failure {
    /// A stable code.
    #[schema(example = "invalid_client")]
    pub error: &'static str,
    /// A sentence for developers.
    #[schema(example = "Wrong name or password.")]
    pub error_description: String,
}

impl Failure {
    /// Replaces the characters that RFC 6749 forbids in a description: all but printable ASCII, and quotes
    /// and backslashes.
    pub fn new(error: &'static str, description: &str) -> Self {
        let plain = |c: char| match c {
            '\u{2019}' => '\'',
            ' '..='~' if c != '"' && c != '\\' => c,
            _ => '-',
        };
        Self { error, error_description: description.chars().map(plain).collect() }
    }
}

/// An account's number, as text or as a JSON number. `None` for a malformed number, which gets the same
/// answer as an unknown one.
pub struct ClientId(pub Option<AccountId>);

impl Read<'_> for ClientId {
    fn read(body: &Body, name: &str, field: Field) -> Result<Self, AccountError> {
        match (body.integer(name, field.clone()), body.text(name, field)) {
            (Ok(number), _) => Ok(Self(number.map(AccountId))),
            (Err(_), Ok(Some(_))) => Ok(Self(None)),
            (Err(error), _) => Err(error),
        }
    }
}

request! {
    /// A user secret. Number and secret may come as `Authorization: Basic` instead.
    Exchange {
        #[schema(example = "client_credentials")]
        grant_type: &'a str = Field::Custom("grant_type".into()),
        /// Number of the account.
        #[schema(value_type = Option<i64>, example = 42)]
        client_id: ClientId = Field::AccountId,
        /// The account's `user_secret`.
        #[schema(
            value_type = Option<String>, format = Password,
            example = "ZE9v3q0m1kQJ6b0x8cB0m5Jt7YtRr1oQ2w3e4r5t6y4="
        )]
        client_secret: Option<TypedPassword<'a>> = Field::Password,
    }
}
