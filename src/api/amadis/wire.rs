//! Request and response bodies of amadis.

use domain::{Field, TypedPassword};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::request::request;

/// It is done.
#[derive(Serialize, ToSchema)]
pub struct Done {
    #[schema(pattern = "^success$", example = "success")]
    pub status: &'static str,
}

/// It is done, and this came of it.
#[derive(Serialize, ToSchema)]
pub struct Success<T> {
    #[schema(pattern = "^success$", example = "success")]
    pub status: &'static str,
    pub data: T,
}

impl<T: Serialize> Success<T> {
    pub fn of(data: T) -> Self {
        Self { status: "success", data }
    }
}

#[derive(Serialize, ToSchema)]
pub struct NewUser<'a> {
    /// Number of the account, the same at every door.
    #[schema(example = 42)]
    pub user_id: i64,
    /// 32 random bytes in base64, shown this once.
    #[schema(example = "ZE9v3q0m1kQJ6b0x8cB0m5Jt7YtRr1oQ2w3e4r5t6y4=")]
    pub user_secret: &'a str,
}

#[derive(Serialize, ToSchema)]
pub struct Reset<'a> {
    #[schema(example = "ada@example.org")]
    pub email: &'a str,
    /// The new password; only for callers with an API key or with the user's own secret. It signs in for a
    /// day, within which its owner chooses another.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "WKQ72MHD9TXA4RCEP8VN6JBY")]
    pub password: Option<&'a str>,
}

request! {
    /// Somebody new.
    Registration {
        /// What others see.
        #[schema(max_length = 100, example = "Ada Lovelace")]
        name: Option<&'a str> = Field::Name,
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: &'a str = Field::Email,
        /// At least as long as the site asks for, and none of the common ones.
        #[schema(
            value_type = String, format = Password, min_length = 1, max_length = 256,
            example = "correct horse battery"
        )]
        password: TypedPassword<'a> = Field::Password,
        /// `true`: the person agrees to the terms of use. Needed where the site has some.
        #[schema(example = true)]
        terms: Option<bool> = Field::Terms,
    }
}

request! {
    /// Whose secret is to be made.
    Credentials {
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: &'a str = Field::Email,
        /// The account's, or an app password that was made for `amadis`.
        #[schema(
            value_type = String, format = Password, min_length = 1, max_length = 1024,
            example = "correct horse battery"
        )]
        password: TypedPassword<'a> = Field::Password,
    }
}

request! {
    /// A password in place of another.
    PasswordChange {
        /// May be left out by the bearer of the account.
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: Option<&'a str> = Field::Email,
        /// The present password.
        #[schema(
            value_type = String, format = Password, min_length = 1, max_length = 1024,
            example = "correct horse battery"
        )]
        oldpassword: TypedPassword<'a> = Field::CurrentPassword,
        #[schema(
            value_type = String, format = Password, min_length = 1, max_length = 256,
            example = "a much better one"
        )]
        newpassword: TypedPassword<'a> = Field::NewPassword,
    }
}

request! {
    /// Whose password is lost.
    PasswordReset {
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: &'a str = Field::Email,
    }
}

/// Why not.
#[derive(Serialize, ToSchema)]
pub struct Failure {
    #[schema(pattern = "^error$", example = "error")]
    pub status: &'static str,
    pub data: FailureData,
}

#[derive(Serialize, ToSchema)]
pub struct FailureData {
    /// What went wrong, in the caller's language.
    #[schema(example = "email: This field is required.")]
    pub error: String,
}
