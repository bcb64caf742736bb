//! The calls about the terms of use.
#![expect(
    dead_code,
    reason = "the pages' handlers serve the paths; these functions and schemas carry their descriptions"
)]

use serde::Serialize;
use utoipa::ToSchema;

/// The terms of use of this site.
#[derive(Serialize, ToSchema)]
pub struct TermsState {
    /// Where they can be read.
    #[schema(example = "https://www.example.org/terms")]
    pub url: String,
    #[schema(example = "2026-11")]
    pub version: String,
    /// Whether the account's owner has agreed to this version.
    #[schema(example = true)]
    pub agreed: bool,
}

/// The version that somebody has read.
#[derive(ToSchema)]
pub struct Agreement {
    /// The one that `GET` says.
    #[schema(example = "2026-11")]
    version: String,
}

/// It is noted.
#[derive(Serialize, ToSchema)]
pub struct Agreed {
    #[schema(example = true)]
    pub agreed: bool,
}

/// The terms of use
///
/// Not found where the site has none.
#[utoipa::path(
    get,
    path = "/user/terms",
    responses((status = 200, description = "The terms.", body = TermsState)),
    security(("session" = []))
)]
fn terms() {}

/// Agree to the terms of use
///
/// After they have changed, a session serves for nothing else before.
#[utoipa::path(
    post,
    path = "/user/terms",
    request_body = Agreement,
    responses((status = 200, description = "It is noted.", body = Agreed)),
    security(("session" = []))
)]
fn agree_to_terms() {}
