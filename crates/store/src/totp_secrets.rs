//! The `totp_secrets` table: the secrets of authenticator apps, encrypted by the caller. An account has one
//! that is confirmed at most, and one that waits to be.

use super::row::row_struct;
use super::statement::{execute, row, rows};
use super::{Linked, PRUNED_AT_ONCE, StoreError, Tx, recovery_codes};
use domain::{AccountId, Millis, SessionId};

/// A secret, as it is stored.
#[derive(Clone, Debug)]
pub struct StoredTotp {
    pub number: i64,
    pub account_id: AccountId,
    /// The encrypted secret.
    pub sealed: Vec<u8>,
    /// The last step of which a code was used; 0 before the first.
    pub used_step: i64,
    pub created_at: Millis,
    /// `None` while no code has confirmed it.
    pub confirmed_at: Option<Millis>,
}

/// An encrypted secret, with the id of its key.
#[derive(Clone, Copy)]
pub struct SealedTotp<'a> {
    pub sealed: &'a [u8],
    pub key: &'a [u8],
}

row_struct! {
    struct TotpRow {
        id: i64,
        account_id: i64,
        secret: Vec<u8>,
        used_step: i64,
        created_at: i64,
        confirmed_at: Option<i64>,
    }
}

impl From<TotpRow> for StoredTotp {
    fn from(row: TotpRow) -> Self {
        Self {
            number: row.id,
            account_id: AccountId(row.account_id),
            sealed: row.secret,
            used_step: row.used_step,
            created_at: Millis(row.created_at),
            confirmed_at: row.confirmed_at.map(Millis),
        }
    }
}

/// The confirmed secret of `account`.
pub async fn confirmed(db: &mut impl Linked, account: AccountId) -> Result<Option<StoredTotp>, StoreError> {
    let sql = "SELECT id, account_id, secret, used_step, created_at, confirmed_at FROM totp_secrets \
               WHERE account_id = $1 AND confirmed_at IS NOT NULL";
    let found: Option<TotpRow> = row!(db, sql, account.0)?;
    Ok(found.map(StoredTotp::from))
}

/// The secret that waits to be confirmed in this session of `account`, unless it was made before `since`.
pub async fn pending(
    db: &mut impl Linked,
    (account, session): (AccountId, SessionId),
    since: Millis,
) -> Result<Option<StoredTotp>, StoreError> {
    let sql = "SELECT id, account_id, secret, used_step, created_at, confirmed_at FROM totp_secrets \
               WHERE account_id = $1 AND confirmed_at IS NULL AND created_at >= $2 AND session_id = $3";
    let found: Option<TotpRow> = row!(db, sql, account.0, since.0, session.0)?;
    Ok(found.map(StoredTotp::from))
}

/// Writes a secret that waits to be confirmed in this session, in place of an earlier one of any. Nobody else
/// has seen it, and it ends with the session.
pub async fn begin(
    tx: &mut Tx,
    (account, session): (AccountId, SessionId),
    new: SealedTotp<'_>,
    now: Millis,
) -> Result<(), StoreError> {
    remove_pending(tx, account).await?;
    let sql = "INSERT INTO totp_secrets (account_id, secret, key_id, created_at, session_id) VALUES ($1, $2, $3, $4, $5)";
    execute!(tx, sql, account.0, new.sealed, new.key, now.0, session.0)?;
    Ok(())
}

/// Confirms a secret by the code of `step`, in place of the one that was confirmed before. Returns `false`
/// when `account` has none with this number that waits.
pub async fn confirm(
    tx: &mut Tx,
    account: AccountId,
    number: i64,
    step: i64,
    now: Millis,
) -> Result<bool, StoreError> {
    execute!(tx, "DELETE FROM totp_secrets WHERE account_id = $1 AND confirmed_at IS NOT NULL", account.0)?;
    recovery_codes::remove_keyed(tx, account).await?;
    let sql = "UPDATE totp_secrets SET confirmed_at = $1, used_step = $2, session_id = NULL \
               WHERE id = $3 AND account_id = $4 AND confirmed_at IS NULL";
    Ok(execute!(tx, sql, now.0, step, number, account.0)? > 0)
}

/// Gives `account` a secret that its owner's app has already, if it has none.
pub async fn take_over(
    tx: &mut Tx,
    account: AccountId,
    new: SealedTotp<'_>,
    now: Millis,
) -> Result<(), StoreError> {
    if confirmed(tx, account).await?.is_some() {
        return Ok(());
    }
    let sql = "INSERT INTO totp_secrets (account_id, secret, key_id, created_at, confirmed_at) VALUES ($1, $2, $3, $4, $4)";
    execute!(tx, sql, account.0, new.sealed, new.key, now.0)?;
    Ok(())
}

/// Uses up the codes of `step` and of all before. Returns `false` when those of `step` were used up already:
/// of two simultaneous requests with one code, one gets `true`.
pub async fn use_step(tx: &mut Tx, number: i64, step: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE totp_secrets SET used_step = $1 \
               WHERE id = $2 AND confirmed_at IS NOT NULL AND used_step < $1";
    Ok(execute!(tx, sql, step, number)? > 0)
}

/// The secrets of the accounts with the numbers from `first` to `last` that count, in the order of the
/// accounts.
pub async fn confirmed_between(
    db: &mut impl Linked,
    first: AccountId,
    last: AccountId,
) -> Result<Vec<StoredTotp>, StoreError> {
    let sql = "SELECT id, account_id, secret, used_step, created_at, confirmed_at FROM totp_secrets \
               WHERE account_id BETWEEN $1 AND $2 AND confirmed_at IS NOT NULL ORDER BY account_id";
    let found: Vec<TotpRow> = rows!(db, sql, first.0, last.0)?;
    Ok(found.into_iter().map(StoredTotp::from).collect())
}

/// Removes the secrets of `account`. Returns whether one was confirmed.
pub async fn remove(tx: &mut Tx, account: AccountId) -> Result<bool, StoreError> {
    let sql = "DELETE FROM totp_secrets WHERE account_id = $1 AND confirmed_at IS NOT NULL";
    let had = execute!(tx, sql, account.0)? > 0;
    execute!(tx, "DELETE FROM totp_secrets WHERE account_id = $1", account.0)?;
    recovery_codes::remove_keyed(tx, account).await?;
    Ok(had)
}

/// Removes the secret of `account` that waits to be confirmed.
pub async fn remove_pending(tx: &mut Tx, account: AccountId) -> Result<bool, StoreError> {
    let sql = "DELETE FROM totp_secrets WHERE account_id = $1 AND confirmed_at IS NULL";
    Ok(execute!(tx, sql, account.0)? > 0)
}

/// At most `most` secrets that are not encrypted under the key `key`, with numbers above `after`.
pub async fn under_other_keys(
    db: &mut impl Linked,
    key: &[u8],
    after: i64,
    most: i64,
) -> Result<Vec<StoredTotp>, StoreError> {
    let sql = "SELECT id, account_id, secret, used_step, created_at, confirmed_at FROM totp_secrets \
               WHERE key_id <> $1 AND id > $2 ORDER BY id LIMIT $3";
    let found: Vec<TotpRow> = rows!(db, sql, key, after, most)?;
    Ok(found.into_iter().map(StoredTotp::from).collect())
}

/// Replaces the encrypted form of a secret, unless the secret itself was replaced meanwhile.
pub async fn reseal(tx: &mut Tx, number: i64, before: &[u8], new: SealedTotp<'_>) -> Result<(), StoreError> {
    let sql = "UPDATE totp_secrets SET secret = $1, key_id = $2 WHERE id = $3 AND secret = $4";
    execute!(tx, sql, new.sealed, new.key, number, before)?;
    Ok(())
}

/// Removes at most [`PRUNED_AT_ONCE`] secrets that were made before `since` and never confirmed. Returns
/// their number.
pub async fn prune(tx: &mut Tx, since: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM totp_secrets WHERE id IN \
               (SELECT id FROM totp_secrets WHERE confirmed_at IS NULL AND created_at < $1 LIMIT $2)";
    Ok(execute!(tx, sql, since.0, PRUNED_AT_ONCE)?)
}
