//! The `passkeys` and `passkey_handles` tables.

use super::row::row_struct;
use super::statement::{execute, only_value, row, rows, value};
use super::{Change, Linked, StoreError, Tx};
use domain::{AccountId, AuthenticatorModel, Millis, Passkey, PasskeyId};

/// The column values of a new passkey.
#[derive(Clone, Copy, Debug)]
pub struct NewPasskey<'a> {
    pub account_id: AccountId,
    pub credential_id: &'a [u8],
    /// The public key and what else was registered, as JSON.
    pub credential: &'a str,
    /// The counter at its registration.
    pub sign_count: i64,
    pub model: AuthenticatorModel,
    pub name: &'a str,
}

/// A passkey, with what its answers are checked by.
#[derive(Clone, Debug)]
pub struct StoredPasskey {
    pub passkey: Passkey,
    /// The public key and what else was registered, as JSON.
    pub credential: String,
}

row_struct! {
    struct PasskeyRow {
        id: i64,
        account_id: i64,
        credential_id: Vec<u8>,
        credential: String,
        model: Vec<u8>,
        name: String,
        created_at: i64,
        seen_at: Option<i64>,
        address: String,
    }
}

impl PasskeyRow {
    fn read(self) -> StoredPasskey {
        let passkey = Passkey {
            id: PasskeyId(self.id),
            account_id: AccountId(self.account_id),
            credential_id: self.credential_id,
            model: AuthenticatorModel(self.model.try_into().unwrap_or_default()),
            name: self.name,
            created_at: Millis(self.created_at),
            seen_at: self.seen_at.map(Millis),
            place: self.address,
        };
        StoredPasskey { passkey, credential: self.credential }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, account_id, credential_id, credential, model, name, created_at, seen_at, address \
             FROM passkeys ",
            $rest
        )
    };
}

/// Adds a passkey.
///
/// # Errors
/// `Conflict` when there is one with this credential's number, of any account.
pub async fn insert(tx: &mut Tx, new: &NewPasskey<'_>, now: Millis) -> Result<PasskeyId, StoreError> {
    let id = only_value!(
        tx,
        "INSERT INTO passkeys (account_id, credential_id, credential, sign_count, model, name, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        new.account_id.0,
        new.credential_id,
        new.credential,
        new.sign_count,
        &new.model.0[..],
        new.name,
        now.0,
    )?;
    tx.announce(Change::Account(new.account_id));
    Ok(PasskeyId(id))
}

/// The passkey with this credential's number, of whichever account.
pub async fn find_by_credential(
    db: &mut impl Linked,
    credential_id: &[u8],
) -> Result<Option<StoredPasskey>, StoreError> {
    let found: Option<PasskeyRow> = row!(db, select!("WHERE credential_id = $1"), credential_id)?;
    Ok(found.map(PasskeyRow::read))
}

/// The passkeys of `account`, the oldest first.
pub async fn list(db: &mut impl Linked, account: AccountId) -> Result<Vec<StoredPasskey>, StoreError> {
    let found: Vec<PasskeyRow> = rows!(db, select!("WHERE account_id = $1 ORDER BY id"), account.0)?;
    Ok(found.into_iter().map(PasskeyRow::read).collect())
}

/// The passkeys of the accounts with the numbers from `first` to `last`, in the order of the accounts.
pub async fn between(
    db: &mut impl Linked,
    first: AccountId,
    last: AccountId,
) -> Result<Vec<StoredPasskey>, StoreError> {
    let sql = select!("WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, id");
    let found: Vec<PasskeyRow> = rows!(db, sql, first.0, last.0)?;
    Ok(found.into_iter().map(PasskeyRow::read).collect())
}

/// How many passkeys `account` has.
pub async fn count(db: &mut impl Linked, account: AccountId) -> Result<usize, StoreError> {
    let count: i64 = only_value!(db, "SELECT COUNT(*) FROM passkeys WHERE account_id = $1", account.0)?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Whether `account` has a passkey.
pub async fn any(db: &mut impl Linked, account: AccountId) -> Result<bool, StoreError> {
    let found: Option<i64> = value!(db, "SELECT id FROM passkeys WHERE account_id = $1 LIMIT 1", account.0)?;
    Ok(found.is_some())
}

/// Records a use. Returns `false` when the passkey is gone, or its counter has been at `sign_count` or beyond
/// meanwhile: a counter that stands still counts nothing (zero), or runs in two authenticators.
pub async fn note_use(
    tx: &mut Tx,
    account: AccountId,
    id: PasskeyId,
    (credential, sign_count): (&str, i64),
    place: &str,
    now: Millis,
) -> Result<bool, StoreError> {
    let used = execute!(
        tx,
        "UPDATE passkeys SET credential = $1, sign_count = $2, seen_at = $3, address = $4 \
         WHERE id = $5 AND account_id = $6 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0))",
        credential,
        sign_count,
        now.0,
        place,
        id.0,
        account.0,
    )?;
    tx.announce(Change::Account(account));
    Ok(used > 0)
}

/// Renames a passkey. Returns `false` when `account` has none with this number.
pub async fn rename(tx: &mut Tx, account: AccountId, id: PasskeyId, name: &str) -> Result<bool, StoreError> {
    let sql = "UPDATE passkeys SET name = $1 WHERE id = $2 AND account_id = $3";
    let renamed = execute!(tx, sql, name, id.0, account.0)?;
    tx.announce(Change::Account(account));
    Ok(renamed > 0)
}

/// Removes a passkey and returns its name; `None` when `account` has none with this number.
pub async fn remove(tx: &mut Tx, account: AccountId, id: PasskeyId) -> Result<Option<String>, StoreError> {
    let sql = "DELETE FROM passkeys WHERE id = $1 AND account_id = $2 RETURNING name";
    let name: Option<String> = value!(tx, sql, id.0, account.0)?;
    tx.announce(Change::Account(account));
    Ok(name)
}

/// Removes the passkeys of `account` that were added since `since`. Returns their number.
pub async fn remove_since(tx: &mut Tx, account: AccountId, since: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM passkeys WHERE account_id = $1 AND created_at >= $2";
    let removed = execute!(tx, sql, account.0, since.0)?;
    tx.announce(Change::Account(account));
    Ok(removed)
}

/// By what authenticators know `account`; `None` before its first passkey.
pub async fn handle(db: &mut impl Linked, account: AccountId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(value!(db, "SELECT handle FROM passkey_handles WHERE account_id = $1", account.0)?)
}

/// Sets by what authenticators know `account`, unless that is set.
pub async fn set_handle(tx: &mut Tx, account: AccountId, handle: &[u8]) -> Result<(), StoreError> {
    let sql = "INSERT INTO passkey_handles (account_id, handle) VALUES ($1, $2) \
               ON CONFLICT (account_id) DO NOTHING";
    execute!(tx, sql, account.0, handle)?;
    tx.announce(Change::Account(account));
    Ok(())
}

/// By what authenticators know the accounts with the numbers from `first` to `last`.
pub async fn handles_between(
    db: &mut impl Linked,
    first: AccountId,
    last: AccountId,
) -> Result<Vec<(AccountId, Vec<u8>)>, StoreError> {
    let sql = "SELECT account_id, handle FROM passkey_handles WHERE account_id BETWEEN $1 AND $2";
    let found: Vec<(i64, Vec<u8>)> = rows!(db, sql, first.0, last.0)?;
    Ok(found.into_iter().map(|(account, handle)| (AccountId(account), handle)).collect())
}

/// Which account authenticators know by `handle`.
pub async fn known_by_handle(db: &mut impl Linked, handle: &[u8]) -> Result<Option<AccountId>, StoreError> {
    let sql = "SELECT account_id FROM passkey_handles WHERE handle = $1";
    let found: Option<i64> = value!(db, sql, handle)?;
    Ok(found.map(AccountId))
}
