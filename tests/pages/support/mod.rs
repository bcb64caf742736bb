//! Shared parts of the pages' tests.

#[path = "../../support/app.rs"]
#[expect(dead_code, reason = "some of it is for the tests of the dialects")]
mod app;
#[path = "../../support/authenticator.rs"]
pub mod authenticator;
#[path = "../../support/body.rs"]
mod body;
#[path = "../../support/client.rs"]
mod client;
pub mod html;
#[path = "../../support/mail.rs"]
pub mod mail;
#[path = "../../support/openid_provider.rs"]
pub mod openid_provider;
pub mod pictures;
#[path = "../../support/site.rs"]
pub mod site;
#[path = "../../support/smtp.rs"]
pub mod smtp;
#[path = "../../support/totp.rs"]
pub mod totp;

pub use app::{PASSWORD, TestApp, until};
pub use body::Body;
pub use client::{Answer, Ask, BROWSER, Visitor};

/// A sign-up of `name` at `example.org` for every door; each ignores what is not its own.
pub fn signing_up(name: &str) -> Body {
    let email = format!("{name}@example.org");
    Body::json(&[
        ("email", &email),
        ("login", name),
        ("name", name),
        ("password", PASSWORD),
        ("confirm_password", PASSWORD),
    ])
}
