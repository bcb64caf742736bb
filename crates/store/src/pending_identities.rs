//! The `pending_identities` table: browsers that came back from a provider with somebody whom no account has.

use super::row::row_struct;
use super::statement::{execute, row};
use super::{Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{Millis, TokenDigest};

/// Somebody whom no account has yet.
#[derive(Clone, Debug)]
pub struct PendingIdentity {
    /// The name of the provider.
    pub provider: String,
    pub issuer: String,
    pub subject: String,
    /// By what they recognise their account there.
    pub handle: String,
    /// The address that the provider suggests; may be empty.
    pub email: String,
    /// The name that it suggests; may be empty.
    pub name: String,
    /// Where to go on to.
    pub next: String,
}

row_struct! {
    struct PendingIdentityRow {
        provider: String,
        issuer: String,
        subject: String,
        handle: String,
        email: String,
        name: String,
        next: String,
    }
}

/// Keeps somebody for the browser with this cookie.
pub async fn insert(
    tx: &mut Tx,
    browser: &TokenDigest,
    new: &PendingIdentity,
    expires_at: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO pending_identities (browser, provider, issuer, subject, handle, email, name, next, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        browser.as_bytes(),
        &new.provider,
        &new.issuer,
        &new.subject,
        &new.handle,
        &new.email,
        &new.name,
        &new.next,
        expires_at.0,
    )?;
    Ok(())
}

/// Who came back to the browser with this cookie. `None` when it is unknown, used or expired.
pub async fn find(
    db: &mut impl Linked,
    browser: &TokenDigest,
    now: Millis,
) -> Result<Option<PendingIdentity>, StoreError> {
    let sql = "SELECT provider, issuer, subject, handle, email, name, next FROM pending_identities \
               WHERE browser = $1 AND expires_at > $2";
    let found: Option<PendingIdentityRow> = row!(db, sql, browser.as_bytes(), now.0)?;
    Ok(found.map(|row| {
        let PendingIdentityRow { provider, issuer, subject, handle, email, name, next } = row;
        PendingIdentity { provider, issuer, subject, handle, email, name, next }
    }))
}

/// Uses it up. Returns `false` when it was used already.
pub async fn end(tx: &mut Tx, browser: &TokenDigest) -> Result<bool, StoreError> {
    Ok(execute!(tx, "DELETE FROM pending_identities WHERE browser = $1", browser.as_bytes())? > 0)
}

/// Removes at most [`PRUNED_AT_ONCE`] that have expired. Returns their number.
pub async fn prune(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM pending_identities WHERE browser IN \
               (SELECT browser FROM pending_identities WHERE expires_at <= $1 LIMIT $2)";
    Ok(execute!(tx, sql, now.0, PRUNED_AT_ONCE)?)
}
