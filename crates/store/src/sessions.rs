//! SQL for sessions. An ended session is a deleted row: nothing can bring it back.

use super::connection::on;
use super::row::row;
use super::{Change, Linked, StoreError, Tx};
use domain::{AccountId, Device, Millis, Session, SessionId, TokenDigest};

/// What a new session starts with.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Whose it is.
    pub account_id: AccountId,
    /// Digest of the cookie's token.
    pub token: TokenDigest,
    /// Where it comes from.
    pub device: Device,
}

row! {
    struct Row {
        id: i64,
        account_id: i64,
        token: Vec<u8>,
        device: String,
        address: String,
        created_at: i64,
        seen_at: i64,
    }
}

impl Row {
    fn read(self) -> Result<Session, StoreError> {
        Ok(Session {
            id: SessionId(self.id),
            account_id: AccountId(self.account_id),
            token: TokenDigest::from_slice(&self.token).ok_or(StoreError::Corrupt("sessions.token"))?,
            device: Device { label: self.device, address: self.address },
            created_at: Millis(self.created_at),
            seen_at: Millis(self.seen_at),
        })
    }
}

/// Adds a session.
pub async fn insert(tx: &mut Tx, new: &NewSession, now: Millis) -> Result<SessionId, StoreError> {
    let id: i64 = on!(tx.link(), c => {
        sqlx::query_scalar(
            "INSERT INTO sessions (account_id, token, device, address, created_at, seen_at) \
             VALUES ($1, $2, $3, $4, $5, $5) RETURNING id",
        )
        .bind(new.account_id.0)
        .bind(new.token.as_bytes())
        .bind(&new.device.label)
        .bind(&new.device.address)
        .bind(now.0)
        .fetch_one(c)
        .await
    })?;
    tx.announce(Change::Account(new.account_id));
    Ok(SessionId(id))
}

/// The session of this token.
pub async fn find(db: &mut impl Linked, token: &TokenDigest) -> Result<Option<Session>, StoreError> {
    let row: Option<Row> = on!(db.link(), c => {
        sqlx::query_as(
            "SELECT id, account_id, token, device, address, created_at, seen_at FROM sessions WHERE token = $1",
        )
        .bind(token.as_bytes())
        .fetch_optional(c)
        .await
    })?;
    row.map(Row::read).transpose()
}

/// The newest `most` sessions of an account, last used first.
pub async fn list(db: &mut impl Linked, account: AccountId, most: i64) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<Row> = on!(db.link(), c => {
        sqlx::query_as(
            "SELECT id, account_id, token, device, address, created_at, seen_at FROM sessions \
             WHERE account_id = $1 ORDER BY seen_at DESC, id DESC LIMIT $2",
        )
        .bind(account.0)
        .bind(most)
        .fetch_all(c)
        .await
    })?;
    rows.into_iter().map(Row::read).collect()
}

/// Notes that a session of `account` was used.
pub async fn touch(tx: &mut Tx, account: AccountId, id: SessionId, now: Millis) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query("UPDATE sessions SET seen_at = $1 WHERE id = $2 AND seen_at < $1")
            .bind(now.0).bind(id.0).execute(c).await.map(drop)
    })?;
    tx.announce(Change::Account(account));
    Ok(())
}

/// Ends one session of `account`. `false` when it has none of this number.
pub async fn end(tx: &mut Tx, account: AccountId, id: SessionId) -> Result<bool, StoreError> {
    let ended: Vec<(Vec<u8>,)> = on!(tx.link(), c => {
        sqlx::query_as("DELETE FROM sessions WHERE id = $1 AND account_id = $2 RETURNING token")
            .bind(id.0).bind(account.0).fetch_all(c).await
    })?;
    announce_ended(tx, account, &ended);
    Ok(!ended.is_empty())
}

/// Ends all sessions of `account` but `keep`; says how many.
pub async fn end_all(tx: &mut Tx, account: AccountId, keep: Option<SessionId>) -> Result<usize, StoreError> {
    let ended: Vec<(Vec<u8>,)> = on!(tx.link(), c => {
        sqlx::query_as("DELETE FROM sessions WHERE account_id = $1 AND id <> $2 RETURNING token")
            .bind(account.0).bind(keep.map_or(0, |id| id.0)).fetch_all(c).await
    })?;
    announce_ended(tx, account, &ended);
    Ok(ended.len())
}

/// Removes sessions last used before `idle_since` or made before `made_since`, five hundred at most; says how
/// many went.
pub async fn prune(tx: &mut Tx, idle_since: Millis, made_since: Millis) -> Result<usize, StoreError> {
    let gone: Vec<(i64, Vec<u8>)> = on!(tx.link(), c => {
        sqlx::query_as(
            "DELETE FROM sessions WHERE id IN \
             (SELECT id FROM sessions WHERE seen_at < $1 OR created_at < $2 LIMIT 500) \
             RETURNING account_id, token",
        )
        .bind(idle_since.0)
        .bind(made_since.0)
        .fetch_all(c)
        .await
    })?;
    let count = gone.len();
    for (account, token) in gone {
        announce_ended(tx, AccountId(account), &[(token,)]);
    }
    Ok(count)
}

/// Ends all but the newest `most` sessions of `account`.
pub async fn keep_newest(tx: &mut Tx, account: AccountId, most: i64) -> Result<(), StoreError> {
    let ended: Vec<(Vec<u8>,)> = on!(tx.link(), c => {
        sqlx::query_as(
            "DELETE FROM sessions WHERE account_id = $1 AND id NOT IN \
             (SELECT id FROM sessions WHERE account_id = $1 ORDER BY id DESC LIMIT $2) RETURNING token",
        )
        .bind(account.0)
        .bind(most)
        .fetch_all(c)
        .await
    })?;
    announce_ended(tx, account, &ended);
    Ok(())
}

fn announce_ended(tx: &mut Tx, account: AccountId, ended: &[(Vec<u8>,)]) {
    for (token,) in ended {
        if let Some(token) = TokenDigest::from_slice(token) {
            tx.announce(Change::SessionEnded(token));
        }
    }
    if !ended.is_empty() {
        tx.announce(Change::Account(account));
    }
}
