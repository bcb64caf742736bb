//! The calls for passwords that were made for one program each, and what they take and answer.
#![expect(
    dead_code,
    reason = "the pages' handlers serve the paths; these functions carry their descriptions"
)]

use serde::Serialize;
use utoipa::ToSchema;

use super::wire::Row;

/// A password for one program.
#[derive(ToSchema)]
pub struct NewAppPassword {
    /// What its owner calls it.
    #[schema(min_length = 1, max_length = 100, example = "Telephone")]
    name: String,
    /// The API that it is for: `fastsite`, `mirror` or `amadis`.
    #[schema(pattern = "^(fastsite|mirror|amadis)$", example = "mirror")]
    dialect: String,
}

/// A password that was just made for one program.
#[derive(Serialize, ToSchema)]
pub struct NewlyMadeAppPassword {
    #[schema(example = 7)]
    pub id: i64,
    #[schema(example = "Telephone")]
    pub name: String,
    #[schema(example = "mirror")]
    pub dialect: String,
    /// 24 letters and digits. Blanks, dashes and small letters may be typed too.
    #[schema(example = "WKQ72MHD9TXA4RCEP8VN6JBY")]
    pub password: String,
}

/// The passwords that were made for one program each.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "app_passwords": [{
        "id": 7, "name": "Telephone", "dialect": "mirror", "place": "127.0.0.1",
        "created_at": "2026-11-28T10:00:00Z", "seen_at": "2026-11-28T10:00:00Z"
    }]
}))]
pub struct AppPasswordRows {
    pub app_passwords: Vec<AppPassword>,
}

/// A password that was made for one program.
#[derive(Serialize, ToSchema)]
pub struct AppPassword {
    pub id: i64,
    pub name: String,
    pub dialect: String,
    /// The network that it was last used from; may be empty.
    pub place: String,
    pub created_at: String,
    /// `null` while it was not used.
    pub seen_at: Option<String>,
}

/// How many were revoked.
#[derive(Serialize, ToSchema)]
pub struct Revoked {
    #[schema(example = 1)]
    pub revoked: u64,
}

/// List the passwords that were made for one program each
#[utoipa::path(
    get,
    path = "/user/security/app-passwords",
    responses((status = 200, description = "All of them.", body = AppPasswordRows)),
    security(("session" = []))
)]
fn app_passwords() {}

/// Make a password for one program
///
/// For an account that wants a second factor. The program signs in with it in place of the account's
/// password, through the one API that it was made for. It is in this answer and in no other.
#[utoipa::path(
    post,
    path = "/user/security/app-passwords",
    request_body = NewAppPassword,
    responses((status = 201, description = "It is made.", body = NewlyMadeAppPassword)),
    security(("session" = []))
)]
fn make_app_password() {}

/// Revoke the password of one program
///
/// What was given for it ends too: bearers, and the secret of amadis.
#[utoipa::path(
    post,
    path = "/user/security/app-passwords/revoke",
    request_body = Row,
    responses((status = 200, description = "It is revoked.", body = Revoked)),
    security(("session" = []))
)]
fn revoke_app_password() {}
