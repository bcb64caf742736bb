//! The `api_keys` table. Revoking a key keeps its row, so that the operator sees when the key ended.

use super::fast::{Parameter, WithNumber, fast_row};
use super::statement::{execute, rows};
use super::{Linked, Store, StoreError, Tx};
use domain::{AccountId, ApiKey, ApiKeyId, ApiKeyName, EmailAddress, Millis, Role, Scope, TokenDigest};

/// The column values that a new key's row begins with.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    pub name: ApiKeyName,
    /// The digest of the key's secret.
    pub token: TokenDigest,
    pub scopes: Vec<Scope>,
    /// The roles that a holder of the key may give to an account.
    pub roles: Vec<Role>,
    /// `None`: the key does not expire.
    pub expires_at: Option<Millis>,
}

fast_row! {
    struct ApiKeyRow {
        id: i64,
        name: String,
        scopes: String,
        roles: String,
        created_at: i64,
        expires_at: Option<i64>,
        used_at: Option<i64>,
        revoked_at: Option<i64>,
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, name, scopes, roles, created_at, expires_at, used_at, revoked_at", $rest)
    };
}

impl ApiKeyRow {
    fn read(self) -> Result<ApiKey, StoreError> {
        let scopes = self.scopes.split_whitespace().map(str::parse).collect::<Result<Vec<Scope>, _>>();
        let roles = self.roles.split_whitespace().map(|role| role.parse().map(Role));
        let roles = roles.collect::<Result<Vec<Role>, _>>();
        Ok(ApiKey {
            id: ApiKeyId(self.id),
            name: self.name,
            scopes: scopes.map_err(|_| StoreError::Corrupt("api_keys.scopes"))?,
            roles: roles.map_err(|_| StoreError::Corrupt("api_keys.roles"))?,
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
/// `Conflict` when another key has this name and is not revoked.
pub async fn insert(tx: &mut Tx, new: &NewApiKey, now: Millis) -> Result<(), StoreError> {
    let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
    let roles: Vec<String> = new.roles.iter().map(|role| role.0.to_string()).collect();
    execute!(
        tx,
        "INSERT INTO api_keys (name, token, scopes, roles, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        new.name.as_str(),
        new.token.as_bytes(),
        scopes.join(" "),
        roles.join(" "),
        now.0,
        new.expires_at.map(|at| at.0),
    )?;
    Ok(())
}

/// The key with this secret. It may be revoked or expired.
///
/// # Errors
/// `Corrupt` when the row holds a scope that this program does not know, or a role that is no number.
pub async fn find(store: &Store, token: &TokenDigest) -> Result<Option<ApiKey>, StoreError> {
    let sql = select!(" FROM api_keys WHERE token = $1");
    let found: Option<ApiKeyRow> = store.fast_row(sql, &[Parameter::Bytes(token.as_bytes())]).await?;
    found.map(ApiKeyRow::read).transpose()
}

/// [`find`], which also selects the number of the account with `email` in the same statement.
///
/// # Errors
/// `Corrupt` when the row holds a scope that this program does not know, or a role that is no number.
pub async fn find_with_account(
    store: &Store,
    token: &TokenDigest,
    email: &EmailAddress,
) -> Result<Option<(ApiKey, Option<AccountId>)>, StoreError> {
    let sql = select!(
        ", (SELECT id FROM accounts WHERE email_key = $1 AND deleted_at IS NULL) AS number FROM api_keys WHERE token = $2"
    );
    let key = email.key();
    let values = [Parameter::Text(&key), Parameter::Bytes(token.as_bytes())];
    let found: Option<WithNumber<ApiKeyRow>> = store.fast_row(sql, &values).await?;
    found.map(|found| Ok((found.row.read()?, found.number.map(AccountId)))).transpose()
}

/// All keys, oldest first, including the revoked ones.
///
/// # Errors
/// `Corrupt` when a row holds a scope that this program does not know, or a role that is no number.
pub async fn list(db: &mut impl Linked) -> Result<Vec<ApiKey>, StoreError> {
    let found: Vec<ApiKeyRow> = rows!(db, select!(" FROM api_keys ORDER BY id"))?;
    found.into_iter().map(ApiKeyRow::read).collect()
}

/// Revokes the key with this name. Returns `false` when there is none that is not revoked yet.
pub async fn revoke(tx: &mut Tx, name: &ApiKeyName, now: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE api_keys SET revoked_at = $1 WHERE name = $2 AND revoked_at IS NULL";
    Ok(execute!(tx, sql, now.0, name.as_str())? > 0)
}

/// Records `now` as the time of the key's last use.
pub async fn touch(tx: &mut Tx, id: ApiKeyId, now: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE api_keys SET used_at = $1 WHERE id = $2 AND COALESCE(used_at, 0) < $1";
    execute!(tx, sql, now.0, id.0)?;
    Ok(())
}
