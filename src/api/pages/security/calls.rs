//! The calls of the security log, and those for second factors that were lost.
#![expect(
    dead_code,
    reason = "the pages' handlers serve the paths; these functions carry their descriptions"
)]

use super::wire::{Denied, DeniedEvent, FactorRecoveryDue, FactorRecoveryOffer, SecurityLogRows};
use crate::api::pages::wire::{Cancelled, Link, Requested};

/// What happened to the account
///
/// The newest first, 50 at once, of the last 90 days.
#[utoipa::path(
    get,
    path = "/user/security/log",
    params(("before" = Option<i64>, Query, description = "`next` of the answer before.")),
    responses((status = 200, description = "Some of it.", body = SecurityLogRows)),
    security(("session" = []))
)]
fn security_log() {}

/// Say that something was not you
///
/// It ends everything that opens the account, this session too, and takes away what was added to prove who
/// somebody is since then. A link to choose another password is mailed.
#[utoipa::path(
    post,
    path = "/user/security/log/deny",
    request_body = DeniedEvent,
    responses((status = 200, description = "Nothing opens the account any more.", body = Denied)),
    security(("session" = []))
)]
fn deny_event() {}

/// Ask for a link that has the second factors taken off
///
/// For a sign-in that wants a second factor, by its cookie.
#[utoipa::path(
    post,
    path = "/user/login/lost",
    responses((status = 200, description = "A message is on its way.", body = Requested))
)]
fn request_factor_recovery() {}

/// Look at a link that has the second factors taken off
#[utoipa::path(
    get,
    path = "/user/recover-factors",
    params(("token" = Option<String>, Query, description = "From the link.")),
    responses((status = 200, description = "It is good.", body = FactorRecoveryOffer))
)]
fn factor_recovery_offer() {}

/// Have the second factors taken off by a link
///
/// Their owner has some days to stop it.
#[utoipa::path(
    post,
    path = "/user/recover-factors",
    request_body = Link,
    responses((status = 200, description = "It is going to happen.", body = FactorRecoveryDue))
)]
fn ask_factor_recovery() {}

/// Look at a link that keeps the second factors
#[utoipa::path(
    get,
    path = "/user/recover-factors/cancel",
    params(("token" = Option<String>, Query, description = "From the link.")),
    responses((status = 200, description = "It is good.", body = FactorRecoveryOffer))
)]
fn kept_factors_offer() {}

/// Keep the second factors by a link
#[utoipa::path(
    post,
    path = "/user/recover-factors/cancel",
    request_body = Link,
    responses((status = 200, description = "They stay.", body = Cancelled))
)]
fn keep_factors_by_link() {}

/// Keep the second factors
#[utoipa::path(
    post,
    path = "/user/security/recovery/cancel",
    responses((status = 200, description = "They stay.", body = Cancelled)),
    security(("session" = []))
)]
fn keep_factors() {}
