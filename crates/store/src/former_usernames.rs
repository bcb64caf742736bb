//! The `former_usernames` table: usernames that were given up. For a while such a name is nobody else's, and
//! its owner signs in with it.

use super::row::row_struct;
use super::statement::{execute, only_value, rows, value};
use super::{Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{AccountId, FormerUsername, Millis, Username};

/// How many former usernames of one account are kept.
const KEPT: i64 = 50;
/// How many of them are reserved at once, so that nobody collects names.
const RESERVED: i64 = 10;

/// A username that is given up.
#[derive(Clone, Copy, Debug)]
pub struct GivenUp<'a> {
    pub username: &'a Username,
    /// Whether the account's owner gave it up, or somebody who administers accounts.
    pub by_owner: bool,
    /// Until when nobody else may have it; not later than now for one that is free at once.
    pub reserved_until: Millis,
}

row_struct! {
    struct FormerUsernameRow {
        username: String,
        reserved: i64,
        reserved_until: i64,
        given_up_at: i64,
        by_owner: bool,
    }
}

/// Notes that `account` gave a username up.
pub async fn insert(
    tx: &mut Tx,
    account: AccountId,
    given_up: &GivenUp<'_>,
    now: Millis,
) -> Result<(), StoreError> {
    let GivenUp { username, by_owner, reserved_until } = *given_up;
    // It may have been given up before, and taken back.
    let sql = "UPDATE former_usernames SET reserved_key = NULL, reserved_skeleton = NULL \
               WHERE account_id = $1 AND reserved_key = $2";
    execute!(tx, sql, account.0, username.key())?;
    let reserved = reserved_until > now;
    execute!(
        tx,
        "INSERT INTO former_usernames (account_id, username, reserved_key, reserved_skeleton, reserved_until, \
         given_up_at, by_owner) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        account.0,
        username.as_str(),
        reserved.then(|| username.key()),
        reserved.then(|| username.skeleton()),
        reserved_until.0,
        now.0,
        by_owner,
    )?;
    execute!(
        tx,
        "UPDATE former_usernames SET reserved_key = NULL, reserved_skeleton = NULL \
         WHERE account_id = $1 AND reserved_key IS NOT NULL AND id NOT IN \
         (SELECT id FROM former_usernames WHERE account_id = $1 AND reserved_key IS NOT NULL \
          ORDER BY id DESC LIMIT $2)",
        account.0,
        RESERVED,
    )?;
    execute!(
        tx,
        "DELETE FROM former_usernames WHERE account_id = $1 AND id NOT IN \
         (SELECT id FROM former_usernames WHERE account_id = $1 ORDER BY id DESC LIMIT $2)",
        account.0,
        KEPT,
    )?;
    Ok(())
}

/// The usernames that `account` gave up, the newest first.
pub async fn list(db: &mut impl Linked, account: AccountId) -> Result<Vec<FormerUsername>, StoreError> {
    let found: Vec<FormerUsernameRow> = rows!(
        db,
        "SELECT username, CASE WHEN reserved_key IS NULL THEN CAST(0 AS BIGINT) ELSE 1 END AS reserved, \
         reserved_until, given_up_at, by_owner FROM former_usernames WHERE account_id = $1 ORDER BY id DESC",
        account.0,
    )?;
    let read = |row: FormerUsernameRow| FormerUsername {
        username: Username::from_store(row.username),
        given_up_at: Millis(row.given_up_at),
        reserved_until: (row.reserved > 0).then_some(Millis(row.reserved_until)),
        by_owner: row.by_owner,
    };
    Ok(found.into_iter().map(read).collect())
}

/// When the owner of `account` last gave a username up for another.
pub async fn last_by_owner(db: &mut impl Linked, account: AccountId) -> Result<Option<Millis>, StoreError> {
    let sql = "SELECT given_up_at FROM former_usernames WHERE account_id = $1 AND by_owner \
               ORDER BY id DESC LIMIT 1";
    let at: Option<i64> = value!(db, sql, account.0)?;
    Ok(at.map(Millis))
}

/// Refuses a username that is reserved for somebody else than `account`. Whoever writes one calls this
/// afterwards: the unique index has made it wait for whoever gave the name up in the same moment.
///
/// # Errors
/// `Reserved`.
pub(crate) async fn refuse_reserved(
    tx: &mut Tx,
    account: AccountId,
    username: &Username,
) -> Result<(), StoreError> {
    let sql = "SELECT COUNT(*) FROM former_usernames \
               WHERE (reserved_key = $1 OR reserved_skeleton = $2) AND COALESCE(account_id, 0) <> $3";
    let found: i64 = only_value!(tx, sql, username.key(), username.skeleton(), account.0)?;
    if found > 0 { Err(StoreError::Reserved) } else { Ok(()) }
}

/// Keeps what `account`, which is about to go, is and was called from others: its present name until `until`,
/// and those that it gave up as long as before. Whose they were is forgotten.
pub(crate) async fn outlive(
    tx: &mut Tx,
    account: AccountId,
    until: Millis,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "UPDATE former_usernames SET account_id = NULL, username = '' \
         WHERE account_id = $1 AND reserved_key IS NOT NULL \
         AND reserved_key NOT IN (SELECT username_key FROM accounts WHERE id = $1 AND username_key IS NOT NULL)",
        account.0,
    )?;
    if until > now {
        execute!(tx, "DELETE FROM former_usernames WHERE account_id = $1", account.0)?;
        execute!(
            tx,
            "INSERT INTO former_usernames (account_id, username, reserved_key, reserved_skeleton, \
             reserved_until, given_up_at, by_owner) \
             SELECT NULL, '', username_key, username_skeleton, $2, $3, TRUE FROM accounts \
             WHERE id = $1 AND username_key IS NOT NULL",
            account.0,
            until.0,
            now.0,
        )?;
    }
    Ok(())
}

/// Frees names whose time is over, at most [`PRUNED_AT_ONCE`] of them. Returns their number.
pub async fn prune(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM former_usernames WHERE id IN (SELECT id FROM former_usernames \
               WHERE reserved_key IS NOT NULL AND reserved_until <= $1 AND account_id IS NULL LIMIT $2)";
    let forgotten = execute!(tx, sql, now.0, PRUNED_AT_ONCE)?;
    let sql = "UPDATE former_usernames SET reserved_key = NULL, reserved_skeleton = NULL \
               WHERE id IN (SELECT id FROM former_usernames \
               WHERE reserved_key IS NOT NULL AND reserved_until <= $1 LIMIT $2)";
    Ok(forgotten + execute!(tx, sql, now.0, PRUNED_AT_ONCE)?)
}
