//! SQL for the operator's API keys. A revoked key's row stays, so that the operator sees when it ended.

use super::connection::on;
use super::fast::{Parameter, WithNumber, fast_row};
use super::{Linked, Store, StoreError, Tx};
use domain::{AccountId, ApiKey, ApiKeyId, ApiKeyName, EmailAddress, Millis, Role, Scope, TokenDigest};

/// What a new key starts with.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// Its name.
    pub name: ApiKeyName,
    /// Digest of its secret.
    pub token: TokenDigest,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The highest role that it may give.
    pub max_role: Role,
    /// From when on it is worth nothing.
    pub expires_at: Option<Millis>,
}

fast_row! {
    struct Row {
        id: i64,
        name: String,
        scopes: String,
        max_role: i64,
        created_at: i64,
        expires_at: Option<i64>,
        used_at: Option<i64>,
        revoked_at: Option<i64>,
    }
}

impl Row {
    fn read(self) -> Result<ApiKey, StoreError> {
        let scopes = self.scopes.split_whitespace().map(str::parse).collect::<Result<Vec<Scope>, _>>();
        Ok(ApiKey {
            id: ApiKeyId(self.id),
            name: self.name,
            scopes: scopes.map_err(|_| StoreError::Corrupt("api_keys.scopes"))?,
            max_role: Role(self.max_role),
            created_at: Millis(self.created_at),
            expires_at: self.expires_at.map(Millis),
            used_at: self.used_at.map(Millis),
            revoked_at: self.revoked_at.map(Millis),
        })
    }
}

/// Adds a key.
///
/// # Errors
/// `Conflict` when a key of this name is there and not revoked.
pub async fn insert(tx: &mut Tx, new: &NewApiKey, now: Millis) -> Result<(), StoreError> {
    let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
    on!(tx.link(), c => {
        sqlx::query(
            "INSERT INTO api_keys (name, token, scopes, max_role, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(new.name.as_str())
        .bind(new.token.as_bytes())
        .bind(scopes.join(" "))
        .bind(new.max_role.0)
        .bind(now.0)
        .bind(new.expires_at.map(|at| at.0))
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The key of this secret, revoked or not.
pub async fn find(store: &Store, token: &TokenDigest) -> Result<Option<ApiKey>, StoreError> {
    let found: Option<Row> = store
        .fast_row(
            "SELECT id, name, scopes, max_role, created_at, expires_at, used_at, revoked_at FROM api_keys \
             WHERE token = $1",
            &[Parameter::Bytes(token.as_bytes())],
        )
        .await?;
    found.map(Row::read).transpose()
}

/// The same, with the number of the account of this address, at the same moment.
pub async fn find_with_account(
    store: &Store,
    token: &TokenDigest,
    email: &EmailAddress,
) -> Result<Option<(ApiKey, Option<AccountId>)>, StoreError> {
    let found: Option<WithNumber<Row>> = store
        .fast_row(
            "SELECT id, name, scopes, max_role, created_at, expires_at, used_at, revoked_at, \
             (SELECT id FROM accounts WHERE email_key = $1) AS number FROM api_keys WHERE token = $2",
            &[Parameter::Text(&email.key()), Parameter::Bytes(token.as_bytes())],
        )
        .await?;
    found.map(|found| Ok((found.row.read()?, found.number.map(AccountId)))).transpose()
}

/// All keys, oldest first, the revoked ones too.
pub async fn list(db: &mut impl Linked) -> Result<Vec<ApiKey>, StoreError> {
    let rows: Vec<Row> = on!(db.link(), c => {
        sqlx::query_as(
            "SELECT id, name, scopes, max_role, created_at, expires_at, used_at, revoked_at FROM api_keys \
             ORDER BY id",
        )
        .fetch_all(c)
        .await
    })?;
    rows.into_iter().map(Row::read).collect()
}

/// Takes the key of this name back. `false` when there is none that is not revoked.
pub async fn revoke(tx: &mut Tx, name: &ApiKeyName, now: Millis) -> Result<bool, StoreError> {
    let revoked = on!(tx.link(), c => {
        sqlx::query("UPDATE api_keys SET revoked_at = $1 WHERE name = $2 AND revoked_at IS NULL")
            .bind(now.0).bind(name.as_str()).execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(revoked > 0)
}

/// Notes that a key was used.
pub async fn touch(tx: &mut Tx, id: ApiKeyId, now: Millis) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query("UPDATE api_keys SET used_at = $1 WHERE id = $2 AND COALESCE(used_at, 0) < $1")
            .bind(now.0).bind(id.0).execute(c).await.map(drop)
    })?;
    Ok(())
}
