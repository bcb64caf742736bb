//! SQL for bearers. An ended bearer is a deleted row: nothing can bring it back.

use std::time::Duration;

use super::connection::on;
use super::fast::{Parameter, WithNumber, fast_row};
use super::{Linked, Store, StoreError, Tx};
use domain::{AccountId, Audience, Bearer, BearerId, Lifetime, Millis, PairingCode, TokenDigest};

/// What a new bearer starts with.
#[derive(Clone, Debug)]
pub struct NewBearer {
    /// Whose it is.
    pub account_id: AccountId,
    /// The dialect that it is for.
    pub audience: Audience,
    /// Digest of its secret.
    pub token: TokenDigest,
    /// What the client or device is called; may be empty.
    pub device: String,
    /// Whether it is that of a paired device, not of somebody who signed in.
    pub paired: bool,
    /// How long it lasts.
    pub lifetime: Lifetime,
}

fast_row! {
struct Row {
    id: i64,
    account_id: i64,
    device: String,
    paired_at: Option<i64>,
    created_at: i64,
    seen_at: i64,
    idle_ms: i64,
    expires_at: i64,
}
}

impl Row {
    fn read(self) -> Bearer {
        Bearer {
            id: BearerId(self.id),
            account_id: AccountId(self.account_id),
            device: self.device,
            paired_at: self.paired_at.map(Millis),
            created_at: Millis(self.created_at),
            seen_at: Millis(self.seen_at),
            idle: Duration::from_millis(self.idle_ms.unsigned_abs()),
            expires_at: Millis(self.expires_at),
        }
    }
}

/// Adds a bearer.
pub async fn insert(tx: &mut Tx, new: &NewBearer, now: Millis) -> Result<BearerId, StoreError> {
    let id: i64 = on!(tx.link(), c => {
        sqlx::query_scalar(
            "INSERT INTO bearers (account_id, audience, token, device, paired_at, created_at, seen_at, idle_ms, \
             expires_at) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8) RETURNING id",
        )
        .bind(new.account_id.0)
        .bind(new.audience.0)
        .bind(new.token.as_bytes())
        .bind(&new.device)
        .bind(new.paired.then_some(now.0))
        .bind(now.0)
        .bind(Millis(0).after(new.lifetime.idle).0)
        .bind(now.after(new.lifetime.absolute).0)
        .fetch_one(c)
        .await
    })?;
    Ok(BearerId(id))
}

/// The bearer of this secret, if it was made for `audience` and its account is not barred; it may be out of date.
pub async fn find(
    store: &Store,
    audience: Audience,
    token: &TokenDigest,
) -> Result<Option<Bearer>, StoreError> {
    let found: Option<Row> = store
        .fast_row(
            "SELECT b.id, b.account_id, b.device, b.paired_at, b.created_at, b.seen_at, b.idle_ms, b.expires_at \
             FROM bearers b JOIN accounts a ON a.id = b.account_id \
             WHERE b.token = $1 AND b.audience = $2 AND a.locked_at IS NULL",
            &[Parameter::Bytes(token.as_bytes()), Parameter::Text(audience.0)],
        )
        .await?;
    Ok(found.map(Row::read))
}

/// The same, with the time until when a device shows this code, at the same moment.
pub async fn find_with_code(
    store: &Store,
    audience: Audience,
    token: &TokenDigest,
    code: &PairingCode,
) -> Result<Option<(Bearer, Option<Millis>)>, StoreError> {
    let found: Option<WithNumber<Row>> = store
        .fast_row(
            "SELECT b.id, b.account_id, b.device, b.paired_at, b.created_at, b.seen_at, b.idle_ms, b.expires_at, \
             (SELECT expires_at FROM pairings WHERE code = $1) AS number \
             FROM bearers b JOIN accounts a ON a.id = b.account_id \
             WHERE b.token = $2 AND b.audience = $3 AND a.locked_at IS NULL",
            &[Parameter::Text(code.as_str()), Parameter::Bytes(token.as_bytes()), Parameter::Text(audience.0)],
        )
        .await?;
    Ok(found.map(|found| (found.row.read(), found.number.map(Millis))))
}

/// The paired devices of an account, newest first, at most `most`.
pub async fn paired(db: &mut impl Linked, account: AccountId, most: i64) -> Result<Vec<Bearer>, StoreError> {
    let rows: Vec<Row> = on!(db.link(), c => {
        sqlx::query_as(
            "SELECT id, account_id, device, paired_at, created_at, seen_at, idle_ms, expires_at FROM bearers \
             WHERE account_id = $1 AND paired_at IS NOT NULL ORDER BY id DESC LIMIT $2",
        )
        .bind(account.0)
        .bind(most)
        .fetch_all(c)
        .await
    })?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// Lets the device that a bearer was made for have its secret.
pub async fn set_token(
    tx: &mut Tx,
    id: BearerId,
    token: &TokenDigest,
    now: Millis,
) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query("UPDATE bearers SET token = $1, seen_at = $2 WHERE id = $3")
            .bind(token.as_bytes()).bind(now.0).bind(id.0).execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Whether a bearer of `account` is still there.
pub async fn exists(db: &mut impl Linked, account: AccountId, id: BearerId) -> Result<bool, StoreError> {
    let found: Option<i64> = on!(db.link(), c => {
        sqlx::query_scalar("SELECT id FROM bearers WHERE id = $1 AND account_id = $2")
            .bind(id.0).bind(account.0).fetch_optional(c).await
    })?;
    Ok(found.is_some())
}

/// Notes that a bearer was used.
pub async fn touch(tx: &mut Tx, id: BearerId, now: Millis) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query("UPDATE bearers SET seen_at = $1 WHERE id = $2 AND seen_at < $1")
            .bind(now.0).bind(id.0).execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Lets a bearer end at `at`, if it does not end earlier anyway. `false` when there is none of this number.
pub async fn end_by(tx: &mut Tx, id: BearerId, at: Millis) -> Result<bool, StoreError> {
    let found = on!(tx.link(), c => {
        sqlx::query(
            "UPDATE bearers SET expires_at = CASE WHEN expires_at < $1 THEN expires_at ELSE $1 END WHERE id = $2",
        )
        .bind(at.0)
        .bind(id.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(found > 0)
}

/// Ends one bearer of `account`. `false` when it has none of this number.
pub async fn end(tx: &mut Tx, account: AccountId, id: BearerId) -> Result<bool, StoreError> {
    let ended = on!(tx.link(), c => {
        sqlx::query("DELETE FROM bearers WHERE id = $1 AND account_id = $2")
            .bind(id.0).bind(account.0).execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(ended > 0)
}

/// Ends the bearer of one paired device of `account`. `false` when it has none of this number.
pub async fn end_paired(tx: &mut Tx, account: AccountId, id: BearerId) -> Result<bool, StoreError> {
    let ended = on!(tx.link(), c => {
        sqlx::query("DELETE FROM bearers WHERE id = $1 AND account_id = $2 AND paired_at IS NOT NULL")
            .bind(id.0).bind(account.0).execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(ended > 0)
}

/// Ends all but the newest `most` paired devices of `account`.
pub async fn keep_newest_paired(tx: &mut Tx, account: AccountId, most: i64) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query(
            "DELETE FROM bearers WHERE account_id = $1 AND paired_at IS NOT NULL AND id NOT IN \
             (SELECT id FROM bearers WHERE account_id = $1 AND paired_at IS NOT NULL ORDER BY id DESC LIMIT $2)",
        )
        .bind(account.0)
        .bind(most)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Ends all bearers of `account`, in every dialect; says how many.
pub async fn end_all(tx: &mut Tx, account: AccountId) -> Result<u64, StoreError> {
    let ended = on!(tx.link(), c => {
        sqlx::query("DELETE FROM bearers WHERE account_id = $1")
            .bind(account.0).execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(ended)
}

/// Ends all but the newest `most` bearers that sign-ins of `account` made in one dialect and that have not ended by `now`;
/// paired devices stay.
pub async fn keep_newest(
    tx: &mut Tx,
    account: AccountId,
    audience: Audience,
    most: i64,
    now: Millis,
) -> Result<(), StoreError> {
    // Those that were exchanged for another must not push out what a second device holds.
    on!(tx.link(), c => {
        sqlx::query(
            "DELETE FROM bearers WHERE account_id = $1 AND audience = $2 AND paired_at IS NULL AND id NOT IN \
             (SELECT id FROM bearers WHERE account_id = $1 AND audience = $2 AND paired_at IS NULL \
              AND expires_at > $3 AND seen_at + idle_ms > $3 ORDER BY id DESC LIMIT $4)",
        )
        .bind(account.0)
        .bind(audience.0)
        .bind(now.0)
        .bind(most)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Removes bearers that have ended by `now`, five hundred at most; says how many went.
pub async fn prune(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    let gone = on!(tx.link(), c => {
        sqlx::query(
            "DELETE FROM bearers WHERE id IN \
             (SELECT id FROM bearers WHERE expires_at < $1 OR seen_at + idle_ms < $1 LIMIT 500)",
        )
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(gone)
}
