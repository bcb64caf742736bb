//! The calls by which somebody proves who they are beyond the password.
#![expect(
    dead_code,
    reason = "the pages' handlers serve the paths; these functions carry their descriptions"
)]

use serde::Serialize;
use utoipa::ToSchema;

use super::passkeys_wire::PasskeyOptions;
use super::wire::{Account, Ended, Row};

/// The second factor: a code, or the answer of a passkey.
#[derive(ToSchema)]
#[schema(example = json!({ "code": "492039", "trust": false }))]
#[expect(dead_code, reason = "a schema")]
pub struct SecondCode {
    /// Six digits of an authenticator app, or a recovery code.
    #[schema(max_length = 100, example = "492039")]
    code: Option<String>,
    /// What `PublicKeyCredential.toJSON` gives for the options of the call that begins it, as text or as an
    /// object.
    credential: Option<String>,
    /// Whether this browser is not to be asked again for 30 days.
    trust: Option<bool>,
}

/// One proof: the password, a code, or the answer of a passkey.
#[derive(ToSchema)]
#[schema(example = json!({ "password": "correct horse battery" }))]
#[expect(dead_code, reason = "a schema")]
pub struct NewProof {
    #[schema(format = Password, max_length = 1024, example = "correct horse battery")]
    password: Option<String>,
    /// Six digits of an authenticator app, or a recovery code.
    #[schema(max_length = 100, example = "492039")]
    code: Option<String>,
    /// What `PublicKeyCredential.toJSON` gives for the options of the call that begins it, as text or as an
    /// object.
    credential: Option<String>,
}

/// Whether the owner of the session has proven lately who they are.
#[derive(Serialize, ToSchema)]
pub struct ProofState {
    /// Whether calls that want a proof are answered now.
    #[schema(example = true)]
    proven: bool,
    /// Until when, or until when they were.
    #[schema(example = "2026-01-31T12:00:00Z")]
    until: String,
    /// What this account may prove it by: `password`, `code`, `passkey`.
    #[schema(example = json!(["password", "code"]))]
    ways: Vec<String>,
}

/// Take the second step of a sign-in
///
/// With the cookie of the answer `second_factor_required`. After five wrong codes, or ten minutes, the
/// sign-in begins again with the password.
#[utoipa::path(
    post,
    path = "/user/login/second",
    request_body = SecondCode,
    responses((status = 200, description = "Signed in.", body = Account))
)]
fn second_step() {}

/// Begin the second step of a sign-in with a passkey
#[utoipa::path(
    post,
    path = "/user/login/second/begin",
    responses((status = 200, description = "What the browser needs.", body = PasskeyOptions))
)]
fn begin_second_passkey() {}

/// Begin a proof by a passkey
#[utoipa::path(
    post,
    path = "/user/prove/begin",
    responses((status = 200, description = "What the browser needs.", body = PasskeyOptions)),
    security(("session" = []))
)]
fn begin_proof_by_passkey() {}

/// Ask whether a proof is wanted
#[utoipa::path(
    get,
    path = "/user/prove",
    responses((status = 200, description = "How it stands.", body = ProofState)),
    security(("session" = []))
)]
fn proof() {}

/// Prove once more who one is
///
/// Calls that are answered with `reauthentication_required` are possible for ten minutes then. The session
/// goes on with another cookie.
#[utoipa::path(
    post,
    path = "/user/prove",
    request_body = NewProof,
    responses((status = 200, description = "Proven.", body = ProofState)),
    security(("session" = []))
)]
fn prove() {}

/// Ask a browser for the second factor again
#[utoipa::path(
    post,
    path = "/user/devices/ask",
    request_body = Row,
    responses((status = 200, description = "It is asked.", body = Ended)),
    security(("session" = []))
)]
fn end_trust() {}
