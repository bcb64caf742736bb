//! The calls for mailed links: a new password, a proven address, another address.
#![expect(
    dead_code,
    reason = "the pages' handlers serve the paths; these functions carry their descriptions"
)]

use super::wire::{
    Account, AddressOffer, Declined, Link, Mailbox, OtherMailbox, Proof, Requested, Reset, ResetOffer,
    VerificationOffer,
};

/// Ask for a link that sets a new password
///
/// The answer is the same whether or not there is such an account.
#[utoipa::path(
    post,
    path = "/user/forgot",
    request_body = Mailbox,
    responses((status = 200, description = "A message may be on its way.", body = Requested))
)]
fn forgot() {}

/// Look at a link that sets a new password
#[utoipa::path(
    get,
    path = "/user/reset",
    params(("token" = Option<String>, Query, description = "From the link.")),
    responses((status = 200, description = "It is good.", body = ResetOffer))
)]
fn reset_offer() {}

/// Set a new password by a link
///
/// It ends every session of the account.
#[utoipa::path(
    post,
    path = "/user/reset",
    request_body = Reset,
    responses((status = 200, description = "The account.", body = Account))
)]
fn reset() {}

/// Look at a link that proves an address
#[utoipa::path(
    get,
    path = "/user/verify",
    params(("token" = Option<String>, Query, description = "From the link.")),
    responses((status = 200, description = "It is good.", body = VerificationOffer))
)]
fn verification_offer() {}

/// Prove an address by a link
#[utoipa::path(
    post,
    path = "/user/verify",
    request_body = Proof,
    responses((status = 200, description = "The account.", body = Account))
)]
fn verify() {}

/// Ask for the link that proves an address
#[utoipa::path(
    post,
    path = "/user/verify/send",
    request_body = OtherMailbox,
    responses((status = 200, description = "A message may be on its way.", body = Requested))
)]
fn send_verification() {}

/// Look at a link that changes an address
#[utoipa::path(
    get,
    path = "/user/email",
    params(("token" = Option<String>, Query, description = "From the link.")),
    responses((status = 200, description = "It is good.", body = AddressOffer))
)]
fn address_offer() {}

/// Change an address by a link
#[utoipa::path(
    post,
    path = "/user/email",
    request_body = Proof,
    responses((status = 200, description = "The account.", body = Account))
)]
fn confirm_address() {}

/// Make a link void that changes an address
#[utoipa::path(
    post,
    path = "/user/email/decline",
    request_body = Link,
    responses((status = 200, description = "The link is void.", body = Declined))
)]
fn decline_address() {}
