//! Request and response bodies of mirror.

use domain::{Field, TypedPassword};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::request::request;

request! {
    /// Somebody new.
    Registration {
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: &'a str = Field::Email,
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
    /// An address and a password.
    Credentials {
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: &'a str = Field::Email,
        /// The account's, or an app password that was made for `mirror`.
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

/// What a registration and a sign-in give.
#[derive(Serialize, ToSchema)]
pub struct Entered<'a> {
    /// For `Authorization: Bearer`.
    #[schema(example = "9mN2b7V4c1X8z5L3k6J0h9G2f4D7s1A5p8O3i6U0yT4")]
    pub bearer: &'a str,
}

request! {
    /// What a device shows.
    ShownCode {
        /// Six letters and digits, in any case.
        #[schema(example = "GHT42Q")]
        code: &'a str = Field::PairingCode,
    }
}

/// The device that was paired.
#[derive(Serialize, ToSchema)]
pub struct PairedDevice<'a> {
    #[schema(example = "magic-mirror-desktop")]
    pub name: &'a str,
}

request! {
    /// A device that wants to be paired.
    NewDevice {
        /// What its owner will see.
        #[schema(min_length = 1, max_length = 60, example = "magic-mirror-desktop")]
        name: &'a str = Field::DeviceName,
    }
}

/// A device that has begun to wait (RFC 8628 3.2).
#[derive(Serialize, ToSchema)]
pub struct WaitingDevice<'a> {
    /// To be shown.
    #[schema(example = "GHT42Q")]
    pub code: &'a str,
    /// For the device alone.
    #[schema(example = "2wE4rT6yU8iO0pA1sD3fG5hJ7kL9zX2cV4bN6mQ8wE0")]
    pub device_token: &'a str,
    /// Seconds.
    #[schema(example = 600)]
    pub expires_in: u64,
    /// Seconds between two questions.
    #[schema(example = 5)]
    pub interval: u64,
}

#[derive(Serialize, ToSchema)]
pub struct Pending<'a> {
    #[schema(pattern = "^pending$", example = "pending")]
    pub status: &'static str,
    #[schema(example = "GHT42Q")]
    pub code: &'a str,
    /// Seconds.
    #[schema(example = 540)]
    pub expires_in: u64,
}

#[derive(Serialize, ToSchema)]
pub struct Paired<'a> {
    #[schema(pattern = "^paired$", example = "paired")]
    pub status: &'static str,
    /// Whose it is now.
    #[schema(example = "ada@example.org")]
    pub email: &'a str,
    /// The device's own.
    #[schema(example = "9mN2b7V4c1X8z5L3k6J0h9G2f4D7s1A5p8O3i6U0yT4")]
    pub bearer: &'a str,
}

/// Data of the event `pairing-code`.
#[derive(Serialize)]
pub struct CodeShown<'a> {
    pub code: &'a str,
}

/// Data of the event `pairing-success`.
#[derive(Serialize)]
pub struct PairingSucceeded<'a> {
    pub email: &'a str,
    pub bearer: &'a str,
}

/// Why not.
#[derive(Serialize, ToSchema)]
pub struct Failure {
    #[schema(example = "Login failed; Invalid user ID or password.")]
    pub message: String,
}
