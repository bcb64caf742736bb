//! The `oidc_logouts` table: what clients have yet to be told. A trigger on `oidc_sign_ins` writes it.

use super::row::row_struct;
use super::statement::{execute, rows, value};
use super::{Link, Linked, StoreError, Tx};
use domain::{AccountId, Millis, OidcClientId};

/// A sign-in that has ended, of which its client is to be told.
#[derive(Clone, Debug)]
pub struct EndedSignIn {
    pub number: i64,
    pub client: OidcClientId,
    /// The name of the session in ID tokens of the client.
    pub sid: String,
    pub account: AccountId,
    /// How often the client was told, this time included.
    pub tries: i64,
}

row_struct! {
    struct LogoutRow {
        id: i64,
        client_id: i64,
        sid: String,
        account_id: i64,
        tries: i64,
    }
}

/// Leases at most `most` until `until`, longest due first.
pub async fn lease(
    tx: &mut Tx,
    most: i64,
    now: Millis,
    until: Millis,
) -> Result<Vec<EndedSignIn>, StoreError> {
    macro_rules! lease {
        ($skip_locked:literal) => {
            concat!(
                "WITH due AS MATERIALIZED (SELECT id FROM oidc_logouts WHERE due_at <= $2 \
                 ORDER BY due_at, id LIMIT $3 ",
                $skip_locked,
                ") UPDATE oidc_logouts SET due_at = $1, tries = tries + 1 WHERE id IN (SELECT id FROM due) \
                 RETURNING id, client_id, sid, account_id, tries"
            )
        };
    }
    let statement = match tx.link() {
        Link::Sqlite(_) => lease!(""),
        Link::Postgres(_) => lease!("FOR UPDATE SKIP LOCKED"),
    };
    let found: Vec<LogoutRow> = rows!(tx, statement, until.0, now.0, most)?;
    let read = |row: LogoutRow| EndedSignIn {
        number: row.id,
        client: OidcClientId(row.client_id),
        sid: row.sid,
        account: AccountId(row.account_id),
        tries: row.tries,
    };
    Ok(found.into_iter().map(read).collect())
}

/// Whether [`lease`] would find one.
pub async fn due(db: &mut impl Linked, now: Millis) -> Result<bool, StoreError> {
    let found: Option<i64> = value!(db, "SELECT id FROM oidc_logouts WHERE due_at <= $1 LIMIT 1", now.0)?;
    Ok(found.is_some())
}

/// Puts the next try off to `until`, by whoever leased it: this prolongs a lease too. Returns `false` when
/// another worker has leased it since.
pub async fn put_off(tx: &mut Tx, ended: &EndedSignIn, until: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE oidc_logouts SET due_at = $1 WHERE id = $2 AND tries = $3";
    Ok(execute!(tx, sql, until.0, ended.number, ended.tries)? > 0)
}

/// Puts off all that the same client waits for and nobody has leased: it does not answer.
pub async fn put_off_others(
    tx: &mut Tx,
    ended: &EndedSignIn,
    now: Millis,
    until: Millis,
) -> Result<(), StoreError> {
    let sql = "UPDATE oidc_logouts SET due_at = $1 WHERE client_id = $2 AND id <> $3 AND due_at <= $4";
    execute!(tx, sql, until.0, ended.client.0, ended.number, now.0)?;
    Ok(())
}

/// Removes one: its client was told, or never will be.
pub async fn remove(tx: &mut Tx, ended: &EndedSignIn) -> Result<(), StoreError> {
    execute!(tx, "DELETE FROM oidc_logouts WHERE id = $1 AND tries = $2", ended.number, ended.tries)?;
    Ok(())
}
