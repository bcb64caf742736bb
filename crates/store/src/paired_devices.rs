//! The `pairings` table, and the bearers of paired devices. Using a code and handing out the bearer are one
//! conditional write each: of fifty simultaneous requests, one pairs and one fetches.

use super::bearers::{BearerRow, select_bearers};
use super::row::row_struct;
use super::statement::{execute, row, rows, value};
use super::{Change, Link, Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::lifetimes::REPEATED_FORM;
use domain::{AccountId, Bearer, BearerId, Millis, PairingCode, TokenDigest};

/// The column values that a waiting device's row begins with.
#[derive(Clone, Debug)]
pub struct NewPairing<'a> {
    pub name: &'a str,
    /// The digest of the token with which the device asks for its bearer.
    pub device: TokenDigest,
    pub code: &'a PairingCode,
    /// The time at which the code expires.
    pub expires_at: Millis,
}

/// A device that shows a code, or that has not fetched its bearer yet.
#[derive(Clone, Debug)]
pub struct Pairing {
    /// `None` once the device is paired and its bearer can be fetched.
    pub code: Option<PairingCode>,
    /// The time until which the code can be used or, after the pairing, the bearer fetched.
    pub expires_at: Millis,
}

/// A device whose code a user has just entered.
#[derive(Clone, Debug)]
pub struct ClaimedDevice {
    pub name: String,
    /// The digest of the token with which the device asks for its bearer.
    pub device: TokenDigest,
}

row_struct! {
    struct PairingRow {
        code: Option<String>,
        bearer_id: Option<i64>,
        expires_at: i64,
    }
}

/// Adds a device that waits to be paired.
///
/// # Errors
/// `Conflict` when another device shows this code.
pub async fn insert(tx: &mut Tx, new: &NewPairing<'_>, now: Millis) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO pairings (name, token, code, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        new.name,
        new.device.as_bytes(),
        new.code.as_str(),
        now.0,
        new.expires_at.0,
    )?;
    Ok(())
}

/// The device with this token, until it has fetched its bearer. Its code may have expired: the event stream
/// that renews the code must find the device.
///
/// # Errors
/// `Corrupt` when the stored code is malformed.
pub async fn find(db: &mut impl Linked, device: &TokenDigest) -> Result<Option<Pairing>, StoreError> {
    let sql = "SELECT code, bearer_id, expires_at FROM pairings WHERE token = $1 AND delivered_at IS NULL";
    let found: Option<PairingRow> = row!(db, sql, device.as_bytes())?;
    found
        .map(|found| {
            let code = found.code.as_deref().filter(|_| found.bearer_id.is_none());
            let code = code.map(|code| PairingCode::parse(code).ok_or(StoreError::Corrupt("pairings.code")));
            Ok(Pairing { code: code.transpose()?, expires_at: Millis(found.expires_at) })
        })
        .transpose()
}

/// The time until which a device shows this code; `None` when no device shows it.
pub async fn shown_until(db: &mut impl Linked, code: &PairingCode) -> Result<Option<Millis>, StoreError> {
    let until: Option<i64> = value!(db, "SELECT expires_at FROM pairings WHERE code = $1", code.as_str())?;
    Ok(until.map(Millis))
}

/// The name of the device that shows this code at `now`.
pub async fn shown_name(
    db: &mut impl Linked,
    code: &PairingCode,
    now: Millis,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT name FROM pairings WHERE code = $1 AND expires_at > $2";
    Ok(value!(db, sql, code.as_str(), now.0)?)
}

/// Uses a code up. Returns `None` when no device shows it at `now`.
///
/// # Errors
/// `Corrupt` when the stored digest is malformed.
pub async fn claim(
    tx: &mut Tx,
    code: &PairingCode,
    now: Millis,
) -> Result<Option<ClaimedDevice>, StoreError> {
    let sql = "UPDATE pairings SET code = NULL, used_code = $1 \
               WHERE code = $1 AND expires_at > $2 RETURNING name, token";
    let claimed: Option<(String, Vec<u8>)> = row!(tx, sql, code.as_str(), now.0)?;
    claimed
        .map(|(name, device)| {
            let device = TokenDigest::from_slice(&device).ok_or(StoreError::Corrupt("pairings.token"))?;
            Ok(ClaimedDevice { name, device })
        })
        .transpose()
}

/// The name of the device that `account` was paired with by this code, not longer ago than [`REPEATED_FORM`].
pub async fn claimed_name(
    db: &mut impl Linked,
    account: AccountId,
    code: &PairingCode,
    now: Millis,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT p.name FROM bearers b JOIN pairings p ON p.bearer_id = b.id \
               WHERE b.account_id = $1 AND b.paired_at > $2 AND p.used_code = $3";
    Ok(value!(db, sql, account.0, now.before(REPEATED_FORM).0, code.as_str())?)
}

/// Sets the bearer that the device may fetch, and until when. Notifies the device's event streams.
pub async fn assign(
    tx: &mut Tx,
    device: &TokenDigest,
    bearer: BearerId,
    expires_at: Millis,
) -> Result<(), StoreError> {
    let sql = "UPDATE pairings SET bearer_id = $1, expires_at = $2 WHERE token = $3";
    execute!(tx, sql, bearer.0, expires_at.0, device.as_bytes())?;
    tx.announce(Change::Pairing(*device));
    Ok(())
}

/// Records that the device fetches its bearer, and returns the numbers of the bearer and its account. Returns
/// `None` when the device is not paired, has fetched its bearer before, or comes too late.
pub async fn deliver(
    tx: &mut Tx,
    device: &TokenDigest,
    now: Millis,
) -> Result<Option<(BearerId, AccountId)>, StoreError> {
    // Locks the bearer before the pairing. Ending a bearer locks them in the same order, because a cascade
    // deletes its pairing. Two orders could deadlock.
    if let Link::Postgres(c) = tx.link() {
        sqlx::query(
            "SELECT 1 FROM bearers b JOIN pairings p ON p.bearer_id = b.id \
             WHERE p.token = $1 FOR UPDATE OF b",
        )
        .bind(device.as_bytes())
        .execute(c)
        .await?;
    }
    let bearer: Option<i64> = value!(
        tx,
        "UPDATE pairings SET delivered_at = $1 WHERE token = $2 AND bearer_id IS NOT NULL \
         AND delivered_at IS NULL AND expires_at > $1 RETURNING bearer_id",
        now.0,
        device.as_bytes(),
    )?;
    let Some(bearer) = bearer else { return Ok(None) };
    let account: Option<i64> = value!(tx, "SELECT account_id FROM bearers WHERE id = $1", bearer)?;
    Ok(account.map(|account| (BearerId(bearer), AccountId(account))))
}

/// Replaces the random digest of a bearer by the digest of the secret that its device will present, and
/// records the network of the device.
pub async fn set_token(
    tx: &mut Tx,
    id: BearerId,
    token: &TokenDigest,
    place: &str,
    now: Millis,
) -> Result<(), StoreError> {
    let sql = "UPDATE bearers SET token = $1, seen_at = $2, address = $3 WHERE id = $4";
    execute!(tx, sql, token.as_bytes(), now.0, place, id.0)?;
    Ok(())
}

/// Gives a waiting device another code in place of the one that expired at `expired_at`. Returns `false` when
/// another request has renewed the code, or a user has paired the device.
///
/// # Errors
/// `Conflict` when another device shows this code.
pub async fn renew(
    tx: &mut Tx,
    device: &TokenDigest,
    expired_at: Millis,
    code: &PairingCode,
    expires_at: Millis,
) -> Result<bool, StoreError> {
    let renewed = execute!(
        tx,
        "UPDATE pairings SET code = $1, expires_at = $2 \
         WHERE token = $3 AND bearer_id IS NULL AND expires_at = $4",
        code.as_str(),
        expires_at.0,
        device.as_bytes(),
        expired_at.0,
    )?;
    if renewed > 0 {
        tx.announce(Change::Pairing(*device));
    }
    Ok(renewed > 0)
}

/// The bearers of the newest `max_devices` paired devices of an account, newest first. They may have expired.
pub async fn list(
    db: &mut impl Linked,
    account: AccountId,
    max_devices: i64,
) -> Result<Vec<Bearer>, StoreError> {
    let sql = select_bearers!(
        " FROM bearers WHERE account_id = $1 AND paired_at IS NOT NULL ORDER BY id DESC LIMIT $2"
    );
    let found: Vec<BearerRow> = rows!(db, sql, account.0, max_devices)?;
    Ok(found.into_iter().map(BearerRow::read).collect())
}

/// Ends the bearer of one paired device. Returns `false` when `account` has no paired device with this
/// number.
pub async fn end(tx: &mut Tx, account: AccountId, id: BearerId) -> Result<bool, StoreError> {
    let sql = "DELETE FROM bearers WHERE id = $1 AND account_id = $2 AND paired_at IS NOT NULL";
    Ok(execute!(tx, sql, id.0, account.0)? > 0)
}

/// Ends all paired devices of `account` except the newest `kept`.
pub async fn keep_newest(tx: &mut Tx, account: AccountId, kept: i64) -> Result<(), StoreError> {
    execute!(
        tx,
        "DELETE FROM bearers WHERE account_id = $1 AND paired_at IS NOT NULL AND id NOT IN \
         (SELECT id FROM bearers WHERE account_id = $1 AND paired_at IS NOT NULL ORDER BY id DESC LIMIT $2)",
        account.0,
        kept,
    )?;
    Ok(())
}

/// Removes devices that were not paired in time and bearers that were not fetched, if they expired before
/// `since`: at most [`PRUNED_AT_ONCE`] of each. Returns the number of removed rows.
pub async fn prune(tx: &mut Tx, since: Millis) -> Result<u64, StoreError> {
    let unfetched = execute!(
        tx,
        "DELETE FROM bearers WHERE id IN (SELECT bearer_id FROM pairings WHERE bearer_id IS NOT NULL \
         AND delivered_at IS NULL AND expires_at < $1 LIMIT $2)",
        since.0,
        PRUNED_AT_ONCE,
    )?;
    let sql = "DELETE FROM pairings WHERE id IN (SELECT id FROM pairings WHERE expires_at < $1 LIMIT $2)";
    Ok(unfetched + execute!(tx, sql, since.0, PRUNED_AT_ONCE)?)
}
