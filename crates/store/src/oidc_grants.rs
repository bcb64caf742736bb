//! The `oidc_grants` table: what an account permits to a client. Codes and tokens end with it.

use super::row::row_struct;
use super::statement::{execute, only_value, rows, value};
use super::{Linked, StoreError, Tx};
use domain::{AccountId, Millis, OidcClientId, OidcGrantId, OidcScopes};

/// What an account permits to a client, as its owner sees it.
#[derive(Clone, Debug)]
pub struct ListedGrant {
    pub id: OidcGrantId,
    /// The name of the client.
    pub name: String,
    /// The `client_id`.
    pub identifier: String,
    pub scopes: OidcScopes,
    pub created_at: Millis,
    /// When the client was last given a code or a token, to the hour.
    pub used_at: Millis,
}

row_struct! {
    struct GrantRow {
        id: i64,
        name: String,
        identifier: String,
        scopes: String,
        created_at: i64,
        used_at: i64,
    }
}

/// The most that are listed.
const MOST: i64 = 200;

/// What `account` permits to `client`; nothing where there is no grant.
pub async fn permitted(
    db: &mut impl Linked,
    account: AccountId,
    client: OidcClientId,
) -> Result<OidcScopes, StoreError> {
    let sql = "SELECT scopes FROM oidc_grants WHERE account_id = $1 AND client_id = $2";
    let scopes: Option<String> = value!(db, sql, account.0, client.0)?;
    Ok(scopes.map(|scopes| OidcScopes::parse(&scopes)).unwrap_or_default())
}

/// Permits `scopes` to `client`, with what it was permitted before. The account is locked.
pub async fn permit(
    tx: &mut Tx,
    account: AccountId,
    client: OidcClientId,
    scopes: OidcScopes,
    now: Millis,
) -> Result<OidcGrantId, StoreError> {
    let before = permitted(tx, account, client).await?;
    let all = before.or(scopes);
    let id: i64 = only_value!(
        tx,
        "INSERT INTO oidc_grants (account_id, client_id, scopes, created_at, permitted_at, used_at) \
         VALUES ($1, $2, $3, $4, $4, $4) ON CONFLICT (account_id, client_id) DO UPDATE \
         SET scopes = excluded.scopes, used_at = excluded.used_at, \
         permitted_at = CASE WHEN $5 THEN excluded.permitted_at ELSE oidc_grants.permitted_at END RETURNING id",
        account.0,
        client.0,
        all.to_string(),
        now.0,
        all != before,
    )?;
    Ok(OidcGrantId(id))
}

/// Records that a grant was used at `now`, unless that stands there since `since`.
pub async fn touch(tx: &mut Tx, id: OidcGrantId, since: Millis, now: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE oidc_grants SET used_at = $1 WHERE id = $2 AND used_at < $3";
    execute!(tx, sql, now.0, id.0, since.0)?;
    Ok(())
}

/// What `account` permits, the last used first; at most 200.
pub async fn list(db: &mut impl Linked, account: AccountId) -> Result<Vec<ListedGrant>, StoreError> {
    let sql = "SELECT oidc_grants.id, oidc_clients.name, oidc_clients.identifier, oidc_grants.scopes, \
               oidc_grants.created_at, oidc_grants.used_at \
               FROM oidc_grants JOIN oidc_clients ON oidc_clients.id = oidc_grants.client_id \
               WHERE oidc_grants.account_id = $1 ORDER BY oidc_grants.used_at DESC, oidc_grants.id DESC LIMIT $2";
    let found: Vec<GrantRow> = rows!(db, sql, account.0, MOST)?;
    let read = |row: GrantRow| ListedGrant {
        id: OidcGrantId(row.id),
        name: row.name,
        identifier: row.identifier,
        scopes: OidcScopes::parse(&row.scopes),
        created_at: Millis(row.created_at),
        used_at: Millis(row.used_at),
    };
    Ok(found.into_iter().map(read).collect())
}

/// Ends what `account` permitted since `since`, and every grant that was widened since, with their codes and
/// tokens.
pub async fn end_since(tx: &mut Tx, account: AccountId, since: Millis) -> Result<(), StoreError> {
    execute!(tx, "DELETE FROM oidc_grants WHERE account_id = $1 AND permitted_at >= $2", account.0, since.0)?;
    Ok(())
}

/// Ends one grant, with its codes and tokens. Returns the name of its client; `None` when `account` has none
/// with this number.
pub async fn end(tx: &mut Tx, account: AccountId, id: OidcGrantId) -> Result<Option<String>, StoreError> {
    let sql = "SELECT oidc_clients.name FROM oidc_grants \
               JOIN oidc_clients ON oidc_clients.id = oidc_grants.client_id \
               WHERE oidc_grants.id = $1 AND oidc_grants.account_id = $2";
    let name: Option<String> = value!(tx, sql, id.0, account.0)?;
    execute!(tx, "DELETE FROM oidc_grants WHERE id = $1 AND account_id = $2", id.0, account.0)?;
    Ok(name)
}
