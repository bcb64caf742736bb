//! The calls for the clients that the owner of an account permits to know who they are, and what they answer.
#![expect(
    dead_code,
    reason = "the pages' handlers serve the paths; these functions carry their descriptions"
)]

use serde::Serialize;
use utoipa::ToSchema;

use super::wire::Row;

/// The clients that may know who the owner of the account is.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "applications": [{
        "id": 7, "name": "Shop", "client_id": "5nR2xWq8LrT0yVbZk3mP1a", "scopes": ["openid", "email"],
        "created_at": "2026-11-28T10:00:00Z", "used_at": "2026-11-28T10:00:00Z"
    }]
}))]
pub struct ApplicationRows {
    pub applications: Vec<Application>,
}

/// A client that may know who the owner of the account is.
#[derive(Serialize, ToSchema)]
pub struct Application {
    pub id: i64,
    pub name: String,
    pub client_id: String,
    /// `openid`, `profile`, `email` or `offline_access`.
    pub scopes: Vec<String>,
    pub created_at: String,
    /// When it was last given something, to the hour.
    pub used_at: String,
}

/// How many were ended.
#[derive(Serialize, ToSchema)]
pub struct EndedApplications {
    #[schema(example = 1)]
    pub ended: u64,
}

/// What somebody decides about a client.
#[derive(ToSchema)]
pub struct ConsentDecision {
    /// The query of `GET /user/authorize`, as that call returned it.
    #[schema(example = "client_id=5nR2xWq8LrT0yVbZk3mP1a&scope=openid")]
    request: String,
    /// `allow` or `deny`.
    #[schema(pattern = "^(allow|deny)$", example = "allow")]
    decision: String,
}

/// Where the answer for the client is to be brought: by an address, or by a form.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "redirect_to": "https://shop.example.org/callback?code=Zv0kq3T1mXw8" }))]
pub struct ClientAnswer {
    /// The address, with the answer in its query.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://shop.example.org/callback?code=Zv0kq3T1mXw8")]
    pub redirect_to: Option<String>,
    /// Where the form is to be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://shop.example.org/callback")]
    pub post_to: Option<String>,
    /// The fields of the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!({ "code": "Zv0kq3T1mXw8" }))]
    pub fields: Option<serde_json::Value>,
}

/// Let a client know who you are, or not
#[utoipa::path(
    post,
    path = "/user/authorize/consent",
    request_body = ConsentDecision,
    responses((status = 200, description = "Where its answer is to be brought.", body = ClientAnswer)),
    security(("session" = []))
)]
fn decide_consent() {}

/// A client has somebody signed out.
#[derive(ToSchema)]
pub struct SignOutConfirmation {
    /// The query of `GET /user/logout/application`, as that call returned it.
    #[schema(example = "client_id=5nR2xWq8LrT0yVbZk3mP1a")]
    request: String,
}

/// Nobody is signed in any more.
#[derive(Serialize, ToSchema)]
pub struct SignedOutForClient {
    #[schema(example = true)]
    pub signed_out: bool,
    /// Where the client has the browser go.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://shop.example.org/goodbye")]
    pub redirect_to: Option<String>,
}

/// Sign out because a client wants it
///
/// The same without a session.
#[utoipa::path(
    post,
    path = "/user/logout/application/confirm",
    request_body = SignOutConfirmation,
    responses((status = 200, description = "Nobody is signed in.", body = SignedOutForClient))
)]
fn confirm_client_sign_out() {}

/// List the applications that may know who you are
#[utoipa::path(
    get,
    path = "/user/security/applications",
    responses((status = 200, description = "All of them.", body = ApplicationRows)),
    security(("session" = []))
)]
fn applications() {}

/// End what an application may know
///
/// Its tokens are dead by the next request.
#[utoipa::path(
    post,
    path = "/user/security/applications/end",
    request_body = Row,
    responses((status = 200, description = "It has ended.", body = EndedApplications)),
    security(("session" = []))
)]
fn end_application() {}
