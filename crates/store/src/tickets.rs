//! SQL for one-time tickets. Using one is a single conditional write, so fifty at once use it once.

use super::connection::on;
use super::{Linked, StoreError, Tx};
use domain::{AccountId, EmailAddress, Millis, Ticket, TicketPurpose, TokenDigest};

/// Adds a ticket.
pub async fn insert(tx: &mut Tx, ticket: &Ticket) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query(
            "INSERT INTO tickets (account_id, purpose, token, created_at, expires_at, address) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(ticket.account_id.0)
        .bind(ticket.purpose.as_str())
        .bind(ticket.token.as_bytes())
        .bind(ticket.created_at.0)
        .bind(ticket.expires_at.0)
        .bind(ticket.address.as_ref().map(EmailAddress::as_str))
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Whose live ticket this is and what for, without using it up. `None` when it is unknown, used or expired.
pub async fn find(
    db: &mut impl Linked,
    token: &TokenDigest,
    now: Millis,
) -> Result<Option<(AccountId, TicketPurpose)>, StoreError> {
    let found: Option<(i64, String)> = on!(db.link(), c => {
        sqlx::query_as(
            "SELECT account_id, purpose FROM tickets WHERE token = $1 AND used_at IS NULL AND expires_at > $2",
        )
        .bind(token.as_bytes())
        .bind(now.0)
        .fetch_optional(c)
        .await
    })?;
    Ok(found.and_then(|(account, purpose)| Some((AccountId(account), TicketPurpose::parse(&purpose)?))))
}

/// The address that this ticket proves, if it proves one that is not the account's.
pub async fn address_of(
    db: &mut impl Linked,
    token: &TokenDigest,
) -> Result<Option<EmailAddress>, StoreError> {
    let found: Option<Option<String>> = on!(db.link(), c => {
        sqlx::query_scalar("SELECT address FROM tickets WHERE token = $1")
            .bind(token.as_bytes())
            .fetch_optional(c)
            .await
    })?;
    Ok(found.flatten().map(EmailAddress::from_store))
}

/// Uses a ticket up. `None` when it is unknown, used, expired or for something else: one answer for all.
pub async fn consume(
    tx: &mut Tx,
    token: &TokenDigest,
    purpose: TicketPurpose,
    now: Millis,
) -> Result<Option<AccountId>, StoreError> {
    let account: Option<i64> = on!(tx.link(), c => {
        sqlx::query_scalar(
            "UPDATE tickets SET used_at = $1 WHERE token = $2 AND purpose = $3 AND used_at IS NULL \
             AND expires_at > $1 RETURNING account_id",
        )
        .bind(now.0)
        .bind(token.as_bytes())
        .bind(purpose.as_str())
        .fetch_optional(c)
        .await
    })?;
    Ok(account.map(AccountId))
}

/// Makes every outstanding ticket of `account` worthless.
pub async fn void_all(tx: &mut Tx, account: AccountId, now: Millis) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query("UPDATE tickets SET used_at = $1 WHERE account_id = $2 AND used_at IS NULL")
            .bind(now.0).bind(account.0).execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Makes every live ticket of `account` for `purpose` worthless but the newest `most`.
pub async fn keep_newest(
    tx: &mut Tx,
    account: AccountId,
    purpose: TicketPurpose,
    most: i64,
    now: Millis,
) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query(
            "UPDATE tickets SET used_at = $1 WHERE account_id = $2 AND purpose = $3 AND used_at IS NULL AND id NOT IN \
             (SELECT id FROM tickets WHERE account_id = $2 AND purpose = $3 AND used_at IS NULL AND expires_at > $1 \
              ORDER BY id DESC LIMIT $4)",
        )
        .bind(now.0)
        .bind(account.0)
        .bind(purpose.as_str())
        .bind(most)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Removes a ticket that never reached anybody.
pub async fn remove(tx: &mut Tx, token: &TokenDigest) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query("DELETE FROM tickets WHERE token = $1").bind(token.as_bytes()).execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Removes tickets that have expired by `now`, five hundred at most: those that sign in by redirection at once, of which
/// each such sign-in leaves one, and others if they did so before `since`. Says how many went.
pub async fn prune(tx: &mut Tx, now: Millis, since: Millis) -> Result<u64, StoreError> {
    let gone = on!(tx.link(), c => {
        sqlx::query(
            "DELETE FROM tickets WHERE id IN \
             (SELECT id FROM tickets WHERE expires_at < $1 AND (expires_at < $2 OR purpose = $3) LIMIT 500)",
        )
        .bind(now.0)
        .bind(since.0)
        .bind(TicketPurpose::Autologin.as_str())
        .execute(c)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(gone)
}
