//! SQL for devices that wait to be paired. Using a code and handing out the bearer are single conditional writes, so that
//! fifty at once do either once.

use super::connection::on;
use super::row::row;
use super::{Change, Link, Linked, StoreError, Tx};
use domain::{AccountId, BearerId, Millis, PairingCode, TokenDigest};

/// What a waiting device starts with.
#[derive(Clone, Debug)]
pub struct NewPairing<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Digest of the token by which it asks.
    pub device: TokenDigest,
    /// What it shows.
    pub code: &'a PairingCode,
    /// Until when it may show it.
    pub expires_at: Millis,
}

/// A device that waits, or whose bearer waits for it.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// What it shows; none: it is paired.
    pub code: Option<PairingCode>,
    /// Until when.
    pub expires_at: Millis,
}

/// A device whose code was used.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// What it is called.
    pub name: String,
    /// Digest of the token by which it asks.
    pub device: TokenDigest,
}

row! {
    struct Row {
        code: Option<String>,
        bearer_id: Option<i64>,
        expires_at: i64,
    }
}

/// Adds a device that waits.
///
/// # Errors
/// `Conflict` when another one shows this code; when the database fails.
pub async fn insert(tx: &mut Tx, new: &NewPairing<'_>, now: Millis) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query("INSERT INTO pairings (name, token, code, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(new.name)
            .bind(new.device.as_bytes())
            .bind(new.code.as_str())
            .bind(now.0)
            .bind(new.expires_at.0)
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// The device of this token while there is something for it to wait for or to fetch. It may be out of date: whoever keeps
/// its code fresh has to find it.
pub async fn find(db: &mut impl Linked, device: &TokenDigest) -> Result<Option<Waiting>, StoreError> {
    let row: Option<Row> = on!(db.link(), c => {
        sqlx::query_as("SELECT code, bearer_id, expires_at FROM pairings WHERE token = $1 AND delivered_at IS NULL")
            .bind(device.as_bytes()).fetch_optional(c).await
    })?;
    row.map(|row| {
        let code = row.code.as_deref().filter(|_| row.bearer_id.is_none());
        let code = code.map(|code| PairingCode::parse(code).ok_or(StoreError::Corrupt("pairings.code")));
        Ok(Waiting { code: code.transpose()?, expires_at: Millis(row.expires_at) })
    })
    .transpose()
}

/// Until when a device shows this code; none: no device does.
pub async fn shown_until(db: &mut impl Linked, code: &PairingCode) -> Result<Option<Millis>, StoreError> {
    let until: Option<i64> = on!(db.link(), c => {
        sqlx::query_scalar("SELECT expires_at FROM pairings WHERE code = $1")
            .bind(code.as_str()).fetch_optional(c).await
    })?;
    Ok(until.map(Millis))
}

/// Uses a code up. `None` when no device shows it, or no longer.
pub async fn claim(tx: &mut Tx, code: &PairingCode, now: Millis) -> Result<Option<Claimed>, StoreError> {
    let claimed: Option<(String, Vec<u8>)> = on!(tx.link(), c => {
        sqlx::query_as(
            "UPDATE pairings SET code = NULL WHERE code = $1 AND expires_at > $2 RETURNING name, token",
        )
        .bind(code.as_str())
        .bind(now.0)
        .fetch_optional(c)
        .await
    })?;
    claimed
        .map(|(name, device)| {
            let device = TokenDigest::from_slice(&device).ok_or(StoreError::Corrupt("pairings.token"))?;
            Ok(Claimed { name, device })
        })
        .transpose()
}

/// Says which bearer the device may fetch, and until when. Its streams hear of it.
pub async fn assign(
    tx: &mut Tx,
    device: &TokenDigest,
    bearer: BearerId,
    expires_at: Millis,
) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query("UPDATE pairings SET bearer_id = $1, expires_at = $2 WHERE token = $3")
            .bind(bearer.0)
            .bind(expires_at.0)
            .bind(device.as_bytes())
            .execute(c)
            .await
            .map(drop)
    })?;
    tx.announce(Change::Pairing(*device));
    Ok(())
}

/// Notes that the device fetches its bearer, whose number and owner this gives: once. `None` when it is not paired, has
/// fetched it before, or came too late.
pub async fn deliver(
    tx: &mut Tx,
    device: &TokenDigest,
    now: Millis,
) -> Result<Option<(BearerId, AccountId)>, StoreError> {
    // The bearer first, as whoever ends one does, with which its pairing goes.
    if let Link::Postgres(c) = tx.link() {
        sqlx::query(
            "SELECT 1 FROM bearers b JOIN pairings p ON p.bearer_id = b.id WHERE p.token = $1 FOR UPDATE OF b",
        )
        .bind(device.as_bytes())
        .execute(c)
        .await?;
    }
    let bearer: Option<i64> = on!(tx.link(), c => {
        sqlx::query_scalar(
            "UPDATE pairings SET delivered_at = $1 WHERE token = $2 AND bearer_id IS NOT NULL \
             AND delivered_at IS NULL AND expires_at > $1 RETURNING bearer_id",
        )
        .bind(now.0)
        .bind(device.as_bytes())
        .fetch_optional(c)
        .await
    })?;
    let Some(bearer) = bearer else { return Ok(None) };
    let account: Option<i64> = on!(tx.link(), c => {
        sqlx::query_scalar("SELECT account_id FROM bearers WHERE id = $1").bind(bearer).fetch_optional(c).await
    })?;
    Ok(account.map(|account| (BearerId(bearer), AccountId(account))))
}

/// Gives a waiting device another code in place of the one that ended at `ended_at`. `false` when somebody else did so
/// first, or the device is paired meanwhile.
///
/// # Errors
/// `Conflict` when another one shows this code; when the database fails.
pub async fn renew(
    tx: &mut Tx,
    device: &TokenDigest,
    ended_at: Millis,
    code: &PairingCode,
    expires_at: Millis,
) -> Result<bool, StoreError> {
    let renewed = on!(tx.link(), c => {
        sqlx::query(
            "UPDATE pairings SET code = $1, expires_at = $2 WHERE token = $3 AND bearer_id IS NULL AND expires_at = $4",
        )
        .bind(code.as_str())
        .bind(expires_at.0)
        .bind(device.as_bytes())
        .bind(ended_at.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected())
    })?;
    if renewed > 0 {
        tx.announce(Change::Pairing(*device));
    }
    Ok(renewed > 0)
}

/// Removes devices that nobody paired in time, and bearers that no device fetched, if they ended before `since`; five
/// hundred of each at most. Says how many rows went.
pub async fn prune(tx: &mut Tx, since: Millis) -> Result<u64, StoreError> {
    let unfetched = on!(tx.link(), c => {
        sqlx::query(
            "DELETE FROM bearers WHERE id IN (SELECT bearer_id FROM pairings WHERE bearer_id IS NOT NULL \
             AND delivered_at IS NULL AND expires_at < $1 LIMIT 500)",
        )
        .bind(since.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected())
    })?;
    let ended = on!(tx.link(), c => {
        sqlx::query("DELETE FROM pairings WHERE id IN (SELECT id FROM pairings WHERE expires_at < $1 LIMIT 500)")
            .bind(since.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
    })?;
    Ok(unfetched + ended)
}
