//! Request and response bodies of siberian.

use domain::{Field, TypedPassword};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::request::{Needed, request};

#[derive(Serialize, ToSchema)]
pub struct Created<'a> {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    pub success: u8,
    #[schema(example = 42)]
    pub user_id: i64,
    /// Signs its owner in once, for ten minutes.
    #[schema(example = "q1XvOe4yWq7jXn3o5sT0b8K2m9d6f4h1c7z5x3v1n8M")]
    pub token: &'a str,
    /// Where the owner's browser is to be sent.
    #[schema(
        format = "uri",
        example = "https://example.org/admin/api_account/autologin?email=a%40b.org&token=q1X"
    )]
    pub redirect_url: String,
}

#[derive(Serialize, ToSchema)]
pub struct Updated<'a> {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    pub success: u8,
    #[schema(example = 42)]
    pub user_id: i64,
    /// Signs its owner in once, for ten minutes. Empty for a locked account.
    #[schema(example = "q1XvOe4yWq7jXn3o5sT0b8K2m9d6f4h1c7z5x3v1n8M")]
    pub token: &'a str,
}

/// `id` and `user_id` are the same: the published clients read either.
#[derive(Serialize, ToSchema)]
pub struct Existence {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    pub success: u8,
    #[schema(example = true)]
    pub exists: bool,
    #[schema(example = 42)]
    pub id: Option<i64>,
    #[schema(example = 42)]
    pub user_id: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct Authenticated<'a> {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    pub success: u8,
    #[schema(example = "q1XvOe4yWq7jXn3o5sT0b8K2m9d6f4h1c7z5x3v1n8M")]
    pub token: &'a str,
    #[schema(
        format = "uri",
        example = "https://example.org/admin/api_account/autologin?email=a%40b.org&token=q1X"
    )]
    pub redirect_url: String,
}

#[derive(Serialize, ToSchema)]
pub struct Success {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    pub success: u8,
}

#[derive(Serialize, ToSchema)]
pub struct Failure {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    pub error: u8,
    #[schema(example = "The email is required")]
    pub message: String,
}

request! {
    /// Somebody new. Without a password an invitation goes to the mailbox. The site's own fields stand beside
    /// these.
    Creation {
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: &'a str = Field::Email,
        #[schema(
            value_type = Option<String>, format = Password, max_length = 256,
            example = "correct horse battery"
        )]
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
        #[schema(
            value_type = Option<String>, format = Password, max_length = 256,
            example = "correct horse battery"
        )]
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
        #[schema(
            value_type = String, format = Password, min_length = 1, max_length = 1024,
            example = "correct horse battery"
        )]
        password: TypedPassword<'a> = Field::Password,
    }
}
