//! The `oidc_pushed_requests` table: requests that a client sent before the browser came (RFC 9126).

use super::row::row_struct;
use super::statement::{execute, row};
use super::{Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{Millis, OidcClientId, TokenDigest};

/// A request that was pushed.
#[derive(Clone, Debug)]
pub struct PushedRequest {
    pub client: OidcClientId,
    /// Its parameters, as a query.
    pub query: String,
    pub created_at: Millis,
    /// When a code was given for it.
    pub used_at: Option<Millis>,
}

row_struct! {
    struct PushedRow {
        client_id: i64,
        query: String,
        created_at: i64,
        used_at: Option<i64>,
    }
}

/// Adds a request.
pub async fn insert(
    tx: &mut Tx,
    digest: &TokenDigest,
    client: OidcClientId,
    query: &str,
    now: Millis,
) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO oidc_pushed_requests (digest, client_id, query, created_at) VALUES ($1, $2, $3, $4)";
    execute!(tx, sql, digest.as_bytes(), client.0, query, now.0)?;
    Ok(())
}

/// The request with this digest. It may have been used, or be too old.
pub async fn find(db: &mut impl Linked, digest: &TokenDigest) -> Result<Option<PushedRequest>, StoreError> {
    let sql = "SELECT client_id, query, created_at, used_at FROM oidc_pushed_requests WHERE digest = $1";
    let found: Option<PushedRow> = row!(db, sql, digest.as_bytes())?;
    Ok(found.map(|row| PushedRequest {
        client: OidcClientId(row.client_id),
        query: row.query,
        created_at: Millis(row.created_at),
        used_at: row.used_at.map(Millis),
    }))
}

/// Uses a request up. Returns `false` when it was used already, or is gone.
pub async fn consume(tx: &mut Tx, digest: &TokenDigest, now: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE oidc_pushed_requests SET used_at = $1 WHERE digest = $2 AND used_at IS NULL";
    Ok(execute!(tx, sql, now.0, digest.as_bytes())? > 0)
}

/// Removes at most [`PRUNED_AT_ONCE`] requests that were made before `since`. Returns their number.
pub async fn prune(tx: &mut Tx, since: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM oidc_pushed_requests WHERE digest IN \
               (SELECT digest FROM oidc_pushed_requests WHERE created_at < $1 LIMIT $2)";
    Ok(execute!(tx, sql, since.0, PRUNED_AT_ONCE)?)
}
