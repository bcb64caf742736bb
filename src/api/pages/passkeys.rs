//! The calls for passkeys.
#![expect(
    dead_code,
    reason = "the pages' handlers serve the paths; these functions carry their descriptions"
)]

use super::passkeys_wire::{
    AddedPasskey, NewPasskey, PasskeyAnswer, PasskeyName, PasskeyOptions, PasskeyRows, Renamed,
};
use super::wire::{Account, Removed, Row};

/// Begin signing in with a passkey
///
/// The answer is for `navigator.credentials.get`. Its challenge works once, for ten minutes.
#[utoipa::path(
    post,
    path = "/user/login/passkey/begin",
    responses((status = 200, description = "What the browser needs.", body = PasskeyOptions))
)]
fn begin_passkey_sign_in() {}

/// Sign in with a passkey
///
/// The cookie of the answer is the session.
#[utoipa::path(
    post,
    path = "/user/login/passkey",
    request_body = PasskeyAnswer,
    responses((status = 200, description = "Signed in.", body = Account))
)]
fn passkey_sign_in() {}

/// List the passkeys
#[utoipa::path(
    get,
    path = "/user/security/passkeys",
    responses((status = 200, description = "All of them.", body = PasskeyRows)),
    security(("session" = []))
)]
fn passkeys() {}

/// Begin adding a passkey
///
/// The answer is for `navigator.credentials.create`. Its challenge works once, for ten minutes, in this
/// session.
#[utoipa::path(
    post,
    path = "/user/security/passkeys/begin",
    responses((status = 200, description = "What the browser needs.", body = PasskeyOptions)),
    security(("session" = []))
)]
fn begin_passkey() {}

/// Add a passkey
#[utoipa::path(
    post,
    path = "/user/security/passkeys",
    request_body = NewPasskey,
    responses((status = 201, description = "It is added.", body = AddedPasskey)),
    security(("session" = []))
)]
fn add_passkey() {}

/// Rename a passkey
#[utoipa::path(
    post,
    path = "/user/security/passkeys/rename",
    request_body = PasskeyName,
    responses((status = 200, description = "It is renamed.", body = Renamed)),
    security(("session" = []))
)]
fn rename_passkey() {}

/// Remove a passkey
#[utoipa::path(
    post,
    path = "/user/security/passkeys/remove",
    request_body = Row,
    responses((status = 200, description = "It is removed.", body = Removed)),
    security(("session" = []))
)]
fn remove_passkey() {}

/// Remove the password
///
/// The account keeps its passkeys. A mailed link sets another password.
#[utoipa::path(
    post,
    path = "/user/security/password/remove",
    responses((status = 200, description = "It is removed.", body = Removed)),
    security(("session" = []))
)]
fn remove_password() {}
