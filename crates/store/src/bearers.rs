//! The `bearers` table. Ending a bearer deletes its row, so nothing can bring it back.
//! [`paired_devices`](super::paired_devices) lists and ends the bearers of paired devices.

use std::time::Duration;

use super::fast::{Parameter, WithNumber, fast_row};
use super::statement::{execute, only_value, rows, value};
use super::{Linked, PRUNED_AT_ONCE, Store, StoreError, Tx};
use domain::{AccountId, Audience, Bearer, BearerId, Lifetime, Millis, PairingCode, TokenDigest};

/// The column values that a new bearer's row begins with.
#[derive(Clone, Debug)]
pub struct NewBearer {
    pub account_id: AccountId,
    pub audience: Audience,
    /// The digest of the bearer's secret.
    pub token: TokenDigest,
    /// The name of the paired device, or the browser label of a sign-in. It may be empty.
    pub holder: String,
    /// The network of whoever asked for it.
    pub place: String,
    /// `true` for a paired device's bearer, `false` for one that a sign-in made.
    pub paired: bool,
    /// The digest of what the bearer's secret has in common with those that it is exchanged for; `None` for
    /// one that is never exchanged.
    pub family: Option<TokenDigest>,
    pub lifetime: Lifetime,
}

fast_row! {
    pub(super) struct BearerRow {
        id: i64,
        account_id: i64,
        audience: String,
        device: String,
        address: String,
        paired_at: Option<i64>,
        created_at: i64,
        seen_at: i64,
        idle_ms: i64,
        expires_at: i64,
    }
}

macro_rules! select_bearers {
    ($rest:literal) => {
        concat!(
            "SELECT bearers.id, bearers.account_id, bearers.audience, bearers.device, bearers.address, \
             bearers.paired_at, bearers.created_at, bearers.seen_at, bearers.idle_ms, bearers.expires_at",
            $rest
        )
    };
}
pub(super) use select_bearers;

impl BearerRow {
    pub(super) fn read(self) -> Bearer {
        Bearer {
            id: BearerId(self.id),
            account_id: AccountId(self.account_id),
            audience: self.audience,
            holder: self.device,
            place: self.address,
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
    let id: i64 = only_value!(
        tx,
        "INSERT INTO bearers (account_id, audience, token, device, paired_at, created_at, seen_at, idle_ms, \
         expires_at, address, family) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10) RETURNING id",
        new.account_id.0,
        new.audience.0,
        new.token.as_bytes(),
        &new.holder,
        new.paired.then_some(now.0),
        now.0,
        Millis(0).after(new.lifetime.idle).0,
        now.after(new.lifetime.absolute).0,
        &new.place,
        new.family.as_ref().map(TokenDigest::as_bytes),
    )?;
    Ok(BearerId(id))
}

/// The bearer with this secret, if it was made for `audience` and its account is not locked. The bearer may
/// have expired.
pub async fn find(
    store: &Store,
    audience: Audience,
    token: &TokenDigest,
) -> Result<Option<Bearer>, StoreError> {
    let sql = select_bearers!(
        " FROM bearers JOIN accounts ON accounts.id = bearers.account_id \
         WHERE bearers.token = $1 AND bearers.audience = $2 AND accounts.locked_at IS NULL \
         AND accounts.deleted_at IS NULL"
    );
    let values = [Parameter::Bytes(token.as_bytes()), Parameter::Text(audience.0)];
    let found: Option<BearerRow> = store.fast_row(sql, &values).await?;
    Ok(found.map(BearerRow::read))
}

/// [`find`], which also selects the time until which a device shows `code` in the same statement.
pub async fn find_with_code(
    store: &Store,
    audience: Audience,
    token: &TokenDigest,
    code: &PairingCode,
) -> Result<Option<(Bearer, Option<Millis>)>, StoreError> {
    let sql = select_bearers!(
        ", (SELECT pairings.expires_at FROM pairings WHERE pairings.code = $1) AS number \
         FROM bearers JOIN accounts ON accounts.id = bearers.account_id \
         WHERE bearers.token = $2 AND bearers.audience = $3 AND accounts.locked_at IS NULL \
         AND accounts.deleted_at IS NULL"
    );
    let values =
        [Parameter::Text(code.as_str()), Parameter::Bytes(token.as_bytes()), Parameter::Text(audience.0)];
    let found: Option<WithNumber<BearerRow>> = store.fast_row(sql, &values).await?;
    Ok(found.map(|found| (found.row.read(), found.number.map(Millis))))
}

/// Whether `account` still has this bearer: `false` once it has been ended.
pub async fn exists(db: &mut impl Linked, account: AccountId, id: BearerId) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM bearers WHERE id = $1 AND account_id = $2";
    let found: Option<i64> = value!(db, sql, id.0, account.0)?;
    Ok(found.is_some())
}

/// Records that the bearer was used at `now` from `place`.
pub async fn touch(tx: &mut Tx, id: BearerId, place: &str, now: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE bearers SET seen_at = $1, address = $2 WHERE id = $3 AND seen_at < $1";
    execute!(tx, sql, now.0, place, id.0)?;
    Ok(())
}

/// The bearers of `account`, those of every dialect and of every paired device, the last used first, at most
/// `max_bearers`. They may have expired.
pub async fn list(
    db: &mut impl Linked,
    account: AccountId,
    max_bearers: i64,
) -> Result<Vec<Bearer>, StoreError> {
    let sql = select_bearers!(" FROM bearers WHERE account_id = $1 ORDER BY seen_at DESC, id DESC LIMIT $2");
    let found: Vec<BearerRow> = rows!(db, sql, account.0, max_bearers)?;
    Ok(found.into_iter().map(BearerRow::read).collect())
}

/// Ends one bearer, and forgets the app that had it. Returns `false` when `account` has none with this
/// number.
pub async fn end(tx: &mut Tx, account: AccountId, id: BearerId) -> Result<bool, StoreError> {
    execute!(
        tx,
        "DELETE FROM known_apps WHERE account_id = $2 \
         AND token IN (SELECT token FROM bearers WHERE id = $1 AND account_id = $2)",
        id.0,
        account.0,
    )?;
    Ok(execute!(tx, "DELETE FROM bearers WHERE id = $1 AND account_id = $2", id.0, account.0)? > 0)
}

/// Ends all bearers of `account`: those of every dialect and of every paired device. Returns their number.
pub async fn end_all(tx: &mut Tx, account: AccountId) -> Result<u64, StoreError> {
    Ok(execute!(tx, "DELETE FROM bearers WHERE account_id = $1", account.0)?)
}

/// Ends all bearers of `account` in one dialect. Returns their number.
pub async fn end_of(tx: &mut Tx, account: AccountId, audience: Audience) -> Result<u64, StoreError> {
    let sql = "DELETE FROM bearers WHERE account_id = $1 AND audience = $2";
    Ok(execute!(tx, sql, account.0, audience.0)?)
}

/// Ends the bearers that sign-ins to `account` made in one dialect, except the `kept` that were used last.
/// The bearers of paired devices stay.
pub async fn keep_used(
    tx: &mut Tx,
    account: AccountId,
    audience: Audience,
    kept: i64,
    now: Millis,
) -> Result<(), StoreError> {
    // Expired bearers do not count.
    execute!(
        tx,
        "DELETE FROM bearers WHERE account_id = $1 AND audience = $2 AND paired_at IS NULL AND id NOT IN \
         (SELECT id FROM bearers WHERE account_id = $1 AND audience = $2 AND paired_at IS NULL \
          AND expires_at > $3 AND seen_at + idle_ms > $3 ORDER BY seen_at DESC, id DESC LIMIT $4)",
        account.0,
        audience.0,
        now.0,
        kept,
    )?;
    Ok(())
}

/// Removes at most [`PRUNED_AT_ONCE`] bearers that have expired by `now`. Returns their number.
pub async fn prune(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM bearers WHERE id IN \
               (SELECT id FROM bearers WHERE expires_at < $1 OR seen_at + idle_ms < $1 LIMIT $2)";
    Ok(execute!(tx, sql, now.0, PRUNED_AT_ONCE)?)
}
