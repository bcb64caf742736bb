//! The `oidc_codes` table. Using a code is one conditional write: of fifty simultaneous requests, one uses
//! it.

use super::fast::{Parameter, fast_row};
use super::statement::execute;
use super::{PRUNED_AT_ONCE, Store, StoreError, Tx};
use domain::{
    AccountId, Factors, Millis, OidcClientId, OidcGrantId, OidcScopes, RequestedClaims, SessionId,
    TokenDigest,
};

/// A code, without its secret.
#[derive(Clone, Debug)]
pub struct OidcCode {
    pub grant: OidcGrantId,
    pub account: AccountId,
    pub client: OidcClientId,
    /// The session that asked for it.
    pub session: SessionId,
    /// Where the answer went.
    pub redirect_uri: String,
    pub scopes: OidcScopes,
    /// What the client asked for by name beside them.
    pub claims: RequestedClaims,
    /// What the client wants to read in the ID token.
    pub nonce: Option<String>,
    /// The challenge (RFC 7636); `None` where the client sent none.
    pub challenge: Option<String>,
    /// When the owner of the session last proved who they are, and by what.
    pub proven_at: Millis,
    pub factors: Factors,
    pub created_at: Millis,
    pub used_at: Option<Millis>,
}

fast_row! {
    struct CodeRow {
        grant_id: i64,
        account_id: i64,
        client_id: i64,
        session_id: i64,
        redirect_uri: String,
        scopes: String,
        claims: String,
        nonce: Option<String>,
        challenge: Option<String>,
        proven_at: i64,
        factors: String,
        created_at: i64,
        used_at: Option<i64>,
    }
}

/// Adds a code. Its account and its client are those of its grant.
pub async fn insert(tx: &mut Tx, digest: &TokenDigest, code: &OidcCode) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO oidc_codes (digest, grant_id, session_id, redirect_uri, scopes, nonce, challenge, \
         proven_at, factors, created_at, claims) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        digest.as_bytes(),
        code.grant.0,
        code.session.0,
        &code.redirect_uri,
        code.scopes.to_string(),
        code.nonce.as_deref(),
        code.challenge.as_deref(),
        code.proven_at.0,
        code.factors.to_string(),
        code.created_at.0,
        code.claims.to_string(),
    )?;
    Ok(())
}

/// The code with this digest. It may have been used, or be too old.
pub async fn find(store: &Store, digest: &TokenDigest) -> Result<Option<OidcCode>, StoreError> {
    let sql = "SELECT oidc_codes.grant_id, oidc_grants.account_id, oidc_grants.client_id, \
               oidc_codes.session_id, oidc_codes.redirect_uri, oidc_codes.scopes, oidc_codes.claims, oidc_codes.nonce, \
               oidc_codes.challenge, oidc_codes.proven_at, oidc_codes.factors, oidc_codes.created_at, \
               oidc_codes.used_at FROM oidc_codes \
               JOIN oidc_grants ON oidc_grants.id = oidc_codes.grant_id WHERE oidc_codes.digest = $1";
    let found: Option<CodeRow> = store.fast_row(sql, &[Parameter::Bytes(digest.as_bytes())]).await?;
    Ok(found.map(|row| OidcCode {
        grant: OidcGrantId(row.grant_id),
        account: AccountId(row.account_id),
        client: OidcClientId(row.client_id),
        session: SessionId(row.session_id),
        redirect_uri: row.redirect_uri,
        scopes: OidcScopes::parse(&row.scopes),
        claims: RequestedClaims::parse(&row.claims),
        nonce: row.nonce,
        challenge: row.challenge,
        proven_at: Millis(row.proven_at),
        factors: Factors::parse(&row.factors),
        created_at: Millis(row.created_at),
        used_at: row.used_at.map(Millis),
    }))
}

/// Uses a code up. Returns `false` when it was used already, is gone, or its client is revoked.
pub async fn consume(tx: &mut Tx, digest: &TokenDigest, now: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE oidc_codes SET used_at = $1 WHERE digest = $2 AND used_at IS NULL \
               AND EXISTS (SELECT 1 FROM oidc_grants \
               JOIN oidc_clients ON oidc_clients.id = oidc_grants.client_id \
               WHERE oidc_grants.id = oidc_codes.grant_id AND oidc_clients.revoked_at IS NULL)";
    Ok(execute!(tx, sql, now.0, digest.as_bytes())? > 0)
}

/// Removes at most [`PRUNED_AT_ONCE`] codes that were made before `since`. Returns their number.
pub async fn prune(tx: &mut Tx, since: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM oidc_codes WHERE digest IN \
               (SELECT digest FROM oidc_codes WHERE created_at < $1 LIMIT $2)";
    Ok(execute!(tx, sql, since.0, PRUNED_AT_ONCE)?)
}
