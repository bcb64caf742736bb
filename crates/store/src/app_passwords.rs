//! The `app_passwords` table. A bearer and a user secret know which app password they were given for, and end
//! with it.

use super::row::row_struct;
use super::statement::{execute, only_value, row, rows, value};
use super::{Linked, StoreError, Tx};
use domain::{AccountId, AppPasswordId, Audience, Millis, StoredAppPassword, TokenDigest};

/// The column values of a new app password.
#[derive(Clone, Copy, Debug)]
pub struct NewAppPassword<'a> {
    pub account_id: AccountId,
    /// What its owner calls it.
    pub name: &'a str,
    /// The dialect that it is for.
    pub door: Audience,
    pub digest: &'a TokenDigest,
}

row_struct! {
    struct AppPasswordRow {
        id: i64,
        name: String,
        audience: String,
        device: String,
        address: String,
        created_at: i64,
        seen_at: Option<i64>,
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, name, audience, device, address, created_at, seen_at FROM app_passwords ", $rest)
    };
}

impl AppPasswordRow {
    fn read(self) -> StoredAppPassword {
        StoredAppPassword {
            id: AppPasswordId(self.id),
            name: self.name,
            door: self.audience,
            label: self.device,
            place: self.address,
            created_at: Millis(self.created_at),
            seen_at: self.seen_at.map(Millis),
        }
    }
}

/// Adds an app password.
pub async fn insert(tx: &mut Tx, new: &NewAppPassword<'_>, now: Millis) -> Result<AppPasswordId, StoreError> {
    let id: i64 = only_value!(
        tx,
        "INSERT INTO app_passwords (account_id, name, audience, digest, created_at) \
         VALUES ($1, $2, $3, $4, $5) RETURNING id",
        new.account_id.0,
        new.name,
        new.door.0,
        new.digest.as_bytes(),
        now.0,
    )?;
    Ok(AppPasswordId(id))
}

/// The app passwords of `account`, the newest first.
pub async fn list(db: &mut impl Linked, account: AccountId) -> Result<Vec<StoredAppPassword>, StoreError> {
    let sql = select!("WHERE account_id = $1 ORDER BY id DESC");
    let found: Vec<AppPasswordRow> = rows!(db, sql, account.0)?;
    Ok(found.into_iter().map(AppPasswordRow::read).collect())
}

/// The number of app passwords of `account`.
pub async fn count(db: &mut impl Linked, account: AccountId) -> Result<i64, StoreError> {
    Ok(only_value!(db, "SELECT COUNT(*) FROM app_passwords WHERE account_id = $1", account.0)?)
}

/// The app password of `account` for `door` with this digest.
pub async fn find(
    db: &mut impl Linked,
    account: AccountId,
    door: Audience,
    digest: &TokenDigest,
) -> Result<Option<AppPasswordId>, StoreError> {
    let sql = "SELECT id FROM app_passwords WHERE account_id = $1 AND audience = $2 AND digest = $3";
    let id: Option<i64> = value!(db, sql, account.0, door.0, digest.as_bytes())?;
    Ok(id.map(AppPasswordId))
}

/// Records that an app password was used at `now` from `place`, by a program with this label. Returns `false`
/// when `account` has it no more.
pub async fn touch(
    tx: &mut Tx,
    account: AccountId,
    id: AppPasswordId,
    (label, place): (&str, &str),
    now: Millis,
) -> Result<bool, StoreError> {
    let sql = "UPDATE app_passwords SET seen_at = $1, device = $2, address = $3 \
               WHERE id = $4 AND account_id = $5";
    Ok(execute!(tx, sql, now.0, label, place, id.0, account.0)? > 0)
}

/// Records that the bearer or the user secret `given` of `account` was given for an app password.
pub async fn tie(
    tx: &mut Tx,
    account: AccountId,
    id: AppPasswordId,
    given: &TokenDigest,
) -> Result<(), StoreError> {
    let sql = "UPDATE bearers SET app_password_id = $1 WHERE account_id = $2 AND token = $3";
    execute!(tx, sql, id.0, account.0, given.as_bytes())?;
    let sql = "UPDATE user_secrets SET app_password_id = $1 WHERE account_id = $2 AND secret = $3";
    execute!(tx, sql, id.0, account.0, given.as_bytes())?;
    Ok(())
}

/// Ends an app password of `account`, and what was given for it: bearers, the apps that had them, the user
/// secret and the bearers that it was exchanged for. Returns what it was, if `account` has one with this
/// number.
pub async fn end(
    tx: &mut Tx,
    account: AccountId,
    id: AppPasswordId,
) -> Result<Option<StoredAppPassword>, StoreError> {
    let found: Option<AppPasswordRow> =
        row!(tx, select!("WHERE id = $1 AND account_id = $2"), id.0, account.0)?;
    let Some(found) = found else { return Ok(None) };
    let sql = "DELETE FROM known_apps WHERE account_id = $1 \
               AND token IN (SELECT token FROM bearers WHERE account_id = $1 AND app_password_id = $2)";
    execute!(tx, sql, account.0, id.0)?;
    let sql = "DELETE FROM bearers WHERE account_id = $1 AND app_password_id = $2";
    execute!(tx, sql, account.0, id.0)?;
    let sql = "DELETE FROM user_secrets WHERE account_id = $1 AND app_password_id = $2";
    if execute!(tx, sql, account.0, id.0)? > 0 {
        super::bearers::end_of(tx, account, Audience::AMADIS).await?;
    }
    execute!(tx, "DELETE FROM app_passwords WHERE id = $1", id.0)?;
    Ok(Some(found.read()))
}

/// Ends the app passwords of `account` that were made since `since`, each as [`end`] does. Returns their
/// number.
pub async fn end_since(tx: &mut Tx, account: AccountId, since: Millis) -> Result<usize, StoreError> {
    let sql = "SELECT id FROM app_passwords WHERE account_id = $1 AND created_at >= $2";
    let found: Vec<(i64,)> = rows!(tx, sql, account.0, since.0)?;
    for (id,) in &found {
        end(tx, account, AppPasswordId(*id)).await?;
    }
    Ok(found.len())
}

/// Ends every app password of `account`, and nothing else. Returns their number.
pub async fn end_all(tx: &mut Tx, account: AccountId) -> Result<u64, StoreError> {
    Ok(execute!(tx, "DELETE FROM app_passwords WHERE account_id = $1", account.0)?)
}
