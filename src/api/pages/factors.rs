//! The calls for second factors.
#![expect(
    dead_code,
    reason = "the pages' handlers serve the paths; these functions carry their descriptions"
)]

use super::factors_wire::{FactorCode, RecoveryCodes, RecoveryCodesLeft, TotpSetUp};
use super::wire::Removed;

/// Begin to set up an authenticator app
///
/// Within an hour the answer is the same. The app counts once a code of it has confirmed it.
#[utoipa::path(
    get,
    path = "/user/security/totp",
    responses((status = 200, description = "The secret.", body = TotpSetUp)),
    security(("session" = []))
)]
fn begin_totp() {}

/// Confirm an authenticator app by a code of it
///
/// The first second factor of an account comes with recovery codes, which no other answer has.
#[utoipa::path(
    post,
    path = "/user/security/totp",
    request_body = FactorCode,
    responses((status = 200, description = "It is set up.", body = RecoveryCodes)),
    security(("session" = []))
)]
fn confirm_totp() {}

/// Take the authenticator app off
///
/// With the last second factor the recovery codes go.
#[utoipa::path(
    post,
    path = "/user/security/totp/remove",
    responses((status = 200, description = "It is gone.", body = Removed)),
    security(("session" = []))
)]
fn remove_totp() {}

/// How many recovery codes are left
#[utoipa::path(
    get,
    path = "/user/security/recovery-codes",
    responses((status = 200, description = "Their number.", body = RecoveryCodesLeft)),
    security(("session" = []))
)]
fn recovery_codes() {}

/// Make new recovery codes
///
/// The earlier ones work no longer. No other answer has the new ones.
#[utoipa::path(
    post,
    path = "/user/security/recovery-codes",
    responses((status = 200, description = "The codes.", body = RecoveryCodes)),
    security(("session" = []))
)]
fn make_recovery_codes() {}
