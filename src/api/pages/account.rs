//! The calls of the account: signing up, in and out, and what its owner changes and ends.
#![expect(
    dead_code,
    reason = "the pages' handlers serve the paths; these functions carry their descriptions"
)]

use super::session_wire::{SecuredAccount, SiteSession};
use super::wire::{
    Account, Cancelled, Code, Ended, Login, NewAddress, NewPassword, NewUsername, OpeningRow, Openings,
    PairedDevice, Picture, ProfileChange, Removed, Requested, Row, SignUp, SignedOut,
};

/// Sign up
///
/// Where addresses have to be proven first, the answer is the same for a taken address, and `id` is `null`.
#[utoipa::path(
    post,
    path = "/user/create",
    request_body = SignUp,
    responses((status = 201, description = "The account is there.", body = Account))
)]
fn sign_up() {}

/// Sign in
///
/// The cookie of the answer is the session.
#[utoipa::path(
    post,
    path = "/user/login",
    request_body = Login,
    responses((status = 200, description = "Signed in.", body = Account))
)]
fn sign_in() {}

/// Sign out
///
/// The same without a session.
#[utoipa::path(
    post,
    path = "/user/logout",
    responses((status = 200, description = "Nobody is signed in.", body = SignedOut))
)]
fn sign_out() {}

/// Who is signed in
#[utoipa::path(
    get,
    path = "/user/profil",
    responses((status = 200, description = "The account.", body = Account)),
    security(("session" = []))
)]
fn account() {}

/// Who is signed in, for scripts of the operator's sites
///
/// Pages of the origins in `site.return_to` may call it with cookies. A reverse proxy asks `GET
/// /user/session`, which answers in headers.
#[utoipa::path(
    get,
    path = "/api/session",
    responses((status = 200, description = "Who is signed in.", body = SiteSession)),
    security(("session" = []))
)]
fn site_session() {}

/// Who is signed in, and by what the account is opened
#[utoipa::path(
    get,
    path = "/user/security",
    responses((status = 200, description = "The account.", body = SecuredAccount)),
    security(("session" = []))
)]
fn security() {}

/// Send the link to the new address again
#[utoipa::path(
    post,
    path = "/user/modify/email/again",
    responses((status = 200, description = "A message is on its way.", body = Requested)),
    security(("session" = []))
)]
fn send_address_again() {}

/// Cancel the change of address
///
/// The mailed link is void.
#[utoipa::path(
    post,
    path = "/user/modify/email/cancel",
    responses((status = 200, description = "The address stays.", body = Cancelled)),
    security(("session" = []))
)]
fn cancel_address() {}

/// Change names, language and fields
#[utoipa::path(
    post,
    path = "/user/modify/profile",
    request_body = ProfileChange,
    responses((status = 200, description = "The account.", body = Account)),
    security(("session" = []))
)]
fn change_profile() {}

/// Change the username
#[utoipa::path(
    post,
    path = "/user/modify/username",
    request_body = NewUsername,
    responses((status = 200, description = "The account.", body = Account)),
    security(("session" = []))
)]
fn change_username() {}

/// Change the password
///
/// The session goes on with another cookie, and every other one ends.
#[utoipa::path(
    post,
    path = "/user/modify/password",
    request_body = NewPassword,
    responses((status = 200, description = "The account.", body = Account)),
    security(("session" = []))
)]
fn change_password() {}

/// Ask for another address
///
/// A link goes to the new address. The answer is the same whoever has it.
#[utoipa::path(
    post,
    path = "/user/modify/email",
    request_body = NewAddress,
    responses((status = 200, description = "A message may be on its way.", body = Requested)),
    security(("session" = []))
)]
fn change_address() {}

/// Change the picture
#[utoipa::path(
    post,
    path = "/user/modify/pp",
    request_body(content = Picture, content_type = "multipart/form-data"),
    responses((status = 200, description = "The account.", body = Account)),
    security(("session" = []))
)]
fn change_picture() {}

/// Remove the picture
#[utoipa::path(
    post,
    path = "/user/modify/pp/remove",
    responses((status = 200, description = "The account.", body = Account)),
    security(("session" = []))
)]
fn remove_picture() {}

/// List what opens the account
///
/// Sessions, known browsers, bearers of the APIs, paired devices and mailed links.
#[utoipa::path(
    get,
    path = "/user/devices",
    responses((status = 200, description = "All of it.", body = Openings)),
    security(("session" = []))
)]
fn openings() {}

/// Pair the device that shows a code
#[utoipa::path(
    post,
    path = "/user/devices/pair",
    request_body = Code,
    responses((status = 200, description = "It is paired.", body = PairedDevice)),
    security(("session" = []))
)]
fn pair_device() {}

/// Unpair a device
#[utoipa::path(
    post,
    path = "/user/devices/remove",
    request_body = Row,
    responses((status = 200, description = "It is unpaired.", body = Removed)),
    security(("session" = []))
)]
fn remove_device() {}

/// End one thing that opens the account
#[utoipa::path(
    post,
    path = "/user/devices/end",
    request_body = OpeningRow,
    responses((status = 200, description = "It has ended.", body = Ended)),
    security(("session" = []))
)]
fn end_opening() {}

/// End all but this session
#[utoipa::path(
    post,
    path = "/user/devices/end-others",
    responses((status = 200, description = "They have ended.", body = Ended)),
    security(("session" = []))
)]
fn end_other_openings() {}

/// End a session
#[utoipa::path(
    post,
    path = "/user/sessions/end",
    request_body = Row,
    responses((status = 200, description = "It has ended.", body = Ended)),
    security(("session" = []))
)]
fn end_session() {}

/// End all other sessions
#[utoipa::path(
    post,
    path = "/user/sessions/end-others",
    responses((status = 200, description = "They have ended.", body = Ended)),
    security(("session" = []))
)]
fn end_other_sessions() {}
