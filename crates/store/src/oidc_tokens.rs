//! The `oidc_tokens` table: access tokens, and the refresh tokens that are exchanged for them. A refresh
//! token is exchanged once, by the write itself; its row stays until it expires, so that whoever comes with
//! it again is noticed.

use super::fast::{Parameter, fast_row};
use super::statement::execute;
use super::{PRUNED_AT_ONCE, Store, StoreError, Tx};
use domain::{
    AccountId, Factors, Millis, OidcClientId, OidcGrantId, OidcScopes, RequestedClaims, SessionId,
    TokenDigest,
};

/// A token, without its secret.
#[derive(Clone, Debug)]
pub struct OidcToken {
    /// Whether it is a refresh token.
    pub refreshes: bool,
    pub grant: OidcGrantId,
    pub account: AccountId,
    pub client: OidcClientId,
    /// The session that it ends with; `None` where it goes on without it.
    pub session: Option<SessionId>,
    /// The digest of the code that it descends from.
    pub family: TokenDigest,
    pub scopes: OidcScopes,
    /// What the client asked for by name beside them.
    pub claims: RequestedClaims,
    /// When the owner of the session proved who they are, and by what.
    pub proven_at: Millis,
    pub factors: Factors,
    pub created_at: Millis,
    pub expires_at: Millis,
    /// When it was exchanged.
    pub spent_at: Option<Millis>,
    /// When its grant was last used, to the hour.
    pub grant_used_at: Millis,
}

fast_row! {
    struct TokenRow {
        refreshes: bool,
        grant_id: i64,
        account_id: i64,
        client_id: i64,
        session_id: Option<i64>,
        family: Vec<u8>,
        scopes: String,
        claims: String,
        proven_at: i64,
        factors: String,
        created_at: i64,
        expires_at: i64,
        spent_at: Option<i64>,
        grant_used_at: i64,
    }
}

/// Adds a token. Its account, its client and when that was last used are those of its grant.
pub async fn insert(tx: &mut Tx, digest: &TokenDigest, token: &OidcToken) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO oidc_tokens (digest, refreshes, grant_id, session_id, family, scopes, proven_at, factors, \
         created_at, expires_at, claims) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        digest.as_bytes(),
        token.refreshes,
        token.grant.0,
        token.session.map(|session| session.0),
        token.family.as_bytes(),
        token.scopes.to_string(),
        token.proven_at.0,
        token.factors.to_string(),
        token.created_at.0,
        token.expires_at.0,
        token.claims.to_string(),
    )?;
    Ok(())
}

/// The token with this digest. It may have expired, or been exchanged.
///
/// # Errors
/// `Corrupt` when the stored digest of its family is malformed.
pub async fn find(store: &Store, digest: &TokenDigest) -> Result<Option<OidcToken>, StoreError> {
    let sql = "SELECT oidc_tokens.refreshes, oidc_tokens.grant_id, oidc_grants.account_id, \
               oidc_grants.client_id, oidc_tokens.session_id, oidc_tokens.family, oidc_tokens.scopes, oidc_tokens.claims, \
               oidc_tokens.proven_at, oidc_tokens.factors, oidc_tokens.created_at, oidc_tokens.expires_at, \
               oidc_tokens.spent_at, oidc_grants.used_at AS grant_used_at FROM oidc_tokens \
               JOIN oidc_grants ON oidc_grants.id = oidc_tokens.grant_id WHERE oidc_tokens.digest = $1";
    let found: Option<TokenRow> = store.fast_row(sql, &[Parameter::Bytes(digest.as_bytes())]).await?;
    let Some(row) = found else { return Ok(None) };
    let family = TokenDigest::from_slice(&row.family).ok_or(StoreError::Corrupt("oidc_tokens.family"))?;
    Ok(Some(OidcToken {
        refreshes: row.refreshes,
        grant: OidcGrantId(row.grant_id),
        account: AccountId(row.account_id),
        client: OidcClientId(row.client_id),
        session: row.session_id.map(SessionId),
        family,
        scopes: OidcScopes::parse(&row.scopes),
        claims: RequestedClaims::parse(&row.claims),
        proven_at: Millis(row.proven_at),
        factors: Factors::parse(&row.factors),
        created_at: Millis(row.created_at),
        expires_at: Millis(row.expires_at),
        spent_at: row.spent_at.map(Millis),
        grant_used_at: Millis(row.grant_used_at),
    }))
}

/// Exchanges a refresh token. Returns `false` when it was exchanged already, is gone, or its client is
/// revoked.
pub async fn spend(tx: &mut Tx, digest: &TokenDigest, now: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE oidc_tokens SET spent_at = $1 WHERE digest = $2 AND refreshes AND spent_at IS NULL \
               AND EXISTS (SELECT 1 FROM oidc_grants \
               JOIN oidc_clients ON oidc_clients.id = oidc_grants.client_id \
               WHERE oidc_grants.id = oidc_tokens.grant_id AND oidc_clients.revoked_at IS NULL)";
    Ok(execute!(tx, sql, now.0, digest.as_bytes())? > 0)
}

/// Ends one token.
pub async fn end(tx: &mut Tx, digest: &TokenDigest) -> Result<(), StoreError> {
    execute!(tx, "DELETE FROM oidc_tokens WHERE digest = $1", digest.as_bytes())?;
    Ok(())
}

/// Ends all tokens that descend from one code. Returns their number.
pub async fn end_family(tx: &mut Tx, family: &TokenDigest) -> Result<u64, StoreError> {
    Ok(execute!(tx, "DELETE FROM oidc_tokens WHERE family = $1", family.as_bytes())?)
}

/// Ends all codes and tokens of `account`, and the devices that were permitted and have fetched none yet.
/// What it permits is left. Returns the number of tokens.
pub async fn end_all(tx: &mut Tx, account: AccountId) -> Result<u64, StoreError> {
    let sql = "DELETE FROM oidc_codes WHERE grant_id IN (SELECT id FROM oidc_grants WHERE account_id = $1)";
    execute!(tx, sql, account.0)?;
    let sql = "DELETE FROM oidc_devices WHERE grant_id IN (SELECT id FROM oidc_grants WHERE account_id = $1)";
    execute!(tx, sql, account.0)?;
    let sql = "DELETE FROM oidc_tokens WHERE grant_id IN (SELECT id FROM oidc_grants WHERE account_id = $1)";
    Ok(execute!(tx, sql, account.0)?)
}

/// Removes at most [`PRUNED_AT_ONCE`] tokens that have expired by `now`. Returns their number.
pub async fn prune(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM oidc_tokens WHERE digest IN \
               (SELECT digest FROM oidc_tokens WHERE expires_at < $1 LIMIT $2)";
    Ok(execute!(tx, sql, now.0, PRUNED_AT_ONCE)?)
}
