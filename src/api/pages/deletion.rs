//! The calls about deleting one's own account.
#![expect(
    dead_code,
    reason = "the pages' handlers serve the paths; these functions and schemas carry their descriptions"
)]

use serde::Serialize;
use utoipa::ToSchema;

use super::wire::{Cancelled, Link};

/// What the owner of an account can do to be rid of it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "mode": "self", "asked_at": null, "grace_days": 14 }))]
pub struct DeletionOffered {
    /// `self`: the owner deletes it; `ask`: the owner asks the operator to.
    pub mode: String,
    /// Since when the operator is asked; `null` if nobody is.
    pub asked_at: Option<String>,
    /// How many days a deleted account can be brought back.
    pub grace_days: u64,
}

/// What became of the wish.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "deleted": true, "until": "2026-12-14T10:00:00Z" }))]
pub struct DeletionStarted {
    /// Whether the account is deleted.
    pub deleted: bool,
    /// When it is erased, if it is deleted.
    pub until: Option<String>,
    /// Whether the operator is asked instead.
    pub asked: Option<bool>,
}

/// An account that can be brought back.
#[derive(Serialize, ToSchema)]
pub struct RestoreOffered {
    #[schema(format = Email, example = "ada@example.org")]
    pub email: String,
    /// When it is erased otherwise.
    #[schema(example = "2026-12-14T10:00:00Z")]
    pub until: String,
}

/// The account is there again.
#[derive(Serialize, ToSchema)]
pub struct AccountBack {
    #[schema(example = true)]
    pub restored: bool,
}

/// Whether the account can be deleted
///
/// Not found where the operator deletes accounts alone.
#[utoipa::path(
    get,
    path = "/user/delete",
    responses((status = 200, description = "It can.", body = DeletionOffered)),
    security(("session" = []))
)]
fn deletion_offer() {}

/// Delete the account
///
/// It is signed out everywhere and found by nobody at once, and erased some days later. A link that brings it
/// back is mailed to its address.
#[utoipa::path(
    post,
    path = "/user/delete",
    responses((status = 200, description = "It is deleted, or the operator is asked.", body = DeletionStarted)),
    security(("session" = []))
)]
fn delete_account() {}

/// Keep the account after all
///
/// Where the operator was asked to delete it.
#[utoipa::path(
    post,
    path = "/user/delete/cancel",
    responses((status = 200, description = "Nobody is asked.", body = Cancelled)),
    security(("session" = []))
)]
fn cancel_deletion() {}

/// Look at a link that brings an account back
#[utoipa::path(
    get,
    path = "/user/restore",
    params(("token" = Option<String>, Query, description = "From the link.")),
    responses((status = 200, description = "It is good.", body = RestoreOffered))
)]
fn restore_offer() {}

/// Bring an account back by a link
///
/// Its owner signs in again.
#[utoipa::path(
    post,
    path = "/user/restore",
    request_body = Link,
    responses((status = 200, description = "It is there again.", body = AccountBack))
)]
fn restore_account() {}
