//! Request and response bodies of fastsite.

use domain::{Field, TypedPassword};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::api::request::request;

/// Language of messages for callers who accept none of the site's languages.
pub const LANGUAGE: &str = "ru";

/// It is done.
#[derive(Serialize, ToSchema)]
pub struct Done {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    pub success: u8,
    pub result: Outcome,
}

/// It is done, and this came of it.
#[derive(Serialize, ToSchema)]
pub struct Success<T> {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    pub success: u8,
    pub result: Outcome,
    pub data: T,
}

/// Why not.
#[derive(Serialize, ToSchema)]
pub struct Failure {
    #[schema(minimum = 0, maximum = 0, example = 0)]
    pub success: u8,
    pub result: Outcome,
}

#[derive(Serialize, ToSchema)]
pub struct Outcome {
    #[serde(rename = "TYPE")]
    #[schema(pattern = "^(OK|ERROR)$", example = "OK")]
    pub kind: &'static str,
    /// A sentence for the user.
    #[serde(rename = "MESSAGE")]
    #[schema(example = "Готово.")]
    pub message: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SignedIn)]
pub struct SignedInData<'a> {
    /// Number of the account, the same at every door.
    #[schema(example = 42)]
    pub user_id: i64,
    /// For the header `User-Hash`; ends after 24 idle hours.
    #[schema(example = "q1XvOe4yWq7jXn3o5sT0b8K2m9d6f4h1c7z5x3v1n8M")]
    pub user_hash: &'a str,
    pub user_profile: Profile<'a>,
}

/// Fields of the site's own stand beside these, `null` where nothing was given.
#[derive(Serialize, ToSchema)]
pub struct Profile<'a> {
    #[schema(example = "ada")]
    pub login: Option<&'a str>,
    #[schema(example = "Ada Lovelace")]
    pub name: Option<&'a str>,
    #[schema(example = "ada@example.org")]
    pub email: &'a str,
    #[serde(flatten)]
    #[schema(ignore)]
    pub own: Map<String, Value>,
}

#[derive(Serialize, ToSchema)]
pub struct Refreshed<'a> {
    #[schema(example = 42)]
    pub user_id: i64,
    /// The next one; the old one works for 60 seconds more.
    #[schema(example = "m7Rk2c9XqV5t1B8z4Lw6Yp3Hs0Jf7Gd2Na5Ue8Oi1Qk")]
    pub user_hash: &'a str,
}

request! {
    /// Who signs in.
    Login {
        /// Username or address.
        #[schema(max_length = 254, example = "ada")]
        login: &'a str = Field::Identifier,
        /// The account's, or an app password that was made for `fastsite`.
        #[schema(
            value_type = String, format = Password, min_length = 1, max_length = 1024,
            example = "correct horse battery"
        )]
        password: TypedPassword<'a> = Field::Password,
        /// A code of an authenticator app, or a recovery code: for an account that wants a second factor and
        /// signs in with its own password. Others need none.
        #[schema(example = "123456")]
        code: Option<&'a str> = Field::FactorCode,
    }
}

request! {
    /// Somebody new. The site's own fields stand beside these.
    Registration {
        /// Letters and digits of one script, dots, dashes and underscores.
        #[schema(min_length = 1, max_length = 40, example = "ada")]
        login: &'a str = Field::Username,
        #[schema(
            value_type = String, format = Password, min_length = 1, max_length = 256,
            example = "correct horse battery"
        )]
        password: TypedPassword<'a> = Field::Password,
        /// The same once more.
        #[schema(
            value_type = String, format = Password, min_length = 1, max_length = 256,
            example = "correct horse battery"
        )]
        confirm_password: TypedPassword<'a> = Field::PasswordConfirmation,
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: &'a str = Field::Email,
        /// What others see.
        #[schema(max_length = 100, example = "Ada Lovelace")]
        name: Option<&'a str> = Field::Name,
        /// `true`: the person agrees to the terms of use. Needed where the site has some.
        #[schema(example = true)]
        terms: Option<bool> = Field::Terms,
    }
}

request! {
    /// Whose password is lost: one of the two.
    Recovery {
        /// Username or address.
        #[schema(max_length = 254, example = "ada")]
        login: Option<&'a str> = Field::Identifier,
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: Option<&'a str> = Field::Email,
    }
}
