//! The `oidc_clients` table. Revoking a client keeps its row, so that the operator sees when it ended.

use super::fast::{Parameter, fast_row};
use super::statement::{execute, only_value, row, rows};
use super::{Linked, Store, StoreError, Tx};
use domain::{Millis, OidcClient, OidcClientId, TokenDigest};

/// The column values that a new client's row begins with.
#[derive(Clone, Debug)]
pub struct NewOidcClient<'a> {
    pub name: &'a str,
    /// The `client_id`.
    pub identifier: &'a str,
    /// The digest of the secret; `None` for a public client.
    pub secret: Option<TokenDigest>,
    pub redirect_uris: &'a [String],
    pub post_logout_uris: &'a [String],
    pub logout_uri: Option<&'a str>,
    pub device: bool,
    pub first_party: bool,
    pub without_pkce: bool,
    pub algorithm: &'static str,
}

fast_row! {
    struct OidcClientRow {
        id: i64,
        name: String,
        identifier: String,
        secret: Option<Vec<u8>>,
        redirect_uris: String,
        post_logout_uris: String,
        logout_uri: Option<String>,
        device: bool,
        first_party: bool,
        without_pkce: bool,
        algorithm: String,
        created_at: i64,
        used_at: Option<i64>,
        revoked_at: Option<i64>,
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, identifier, secret, redirect_uris, post_logout_uris, logout_uri, device, \
             first_party, without_pkce, algorithm, created_at, used_at, revoked_at FROM oidc_clients ",
            $rest
        )
    };
}

impl OidcClientRow {
    fn read(self) -> OidcClient {
        OidcClient {
            id: OidcClientId(self.id),
            name: self.name,
            identifier: self.identifier,
            public: self.secret.is_none(),
            redirect_uris: self.redirect_uris.lines().map(str::to_owned).collect(),
            post_logout_uris: self.post_logout_uris.lines().map(str::to_owned).collect(),
            logout_uri: self.logout_uri,
            device: self.device,
            first_party: self.first_party,
            without_pkce: self.without_pkce,
            algorithm: self.algorithm,
            created_at: Millis(self.created_at),
            used_at: self.used_at.map(Millis),
            revoked_at: self.revoked_at.map(Millis),
        }
    }
}

/// Adds a client.
///
/// # Errors
/// `Conflict` when another client has this name and is not revoked.
pub async fn insert(tx: &mut Tx, new: &NewOidcClient<'_>, now: Millis) -> Result<OidcClientId, StoreError> {
    let id: i64 = only_value!(
        tx,
        "INSERT INTO oidc_clients (name, identifier, secret, redirect_uris, first_party, without_pkce, \
         algorithm, created_at, post_logout_uris, logout_uri, device) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        new.name,
        new.identifier,
        new.secret.as_ref().map(TokenDigest::as_bytes),
        new.redirect_uris.join("\n"),
        new.first_party,
        new.without_pkce,
        new.algorithm,
        now.0,
        new.post_logout_uris.join("\n"),
        new.logout_uri,
        new.device,
    )?;
    Ok(OidcClientId(id))
}

/// The client with this `client_id`, unless it is revoked; and the digest of its secret, if it has one.
///
/// # Errors
/// `Corrupt` when the stored digest is malformed.
pub async fn find(
    store: &Store,
    identifier: &str,
) -> Result<Option<(OidcClient, Option<TokenDigest>)>, StoreError> {
    let sql = select!("WHERE identifier = $1 AND revoked_at IS NULL");
    let found: Option<OidcClientRow> = store.fast_row(sql, &[Parameter::Text(identifier)]).await?;
    let Some(found) = found else { return Ok(None) };
    let secret = match &found.secret {
        Some(secret) => {
            Some(TokenDigest::from_slice(secret).ok_or(StoreError::Corrupt("oidc_clients.secret"))?)
        }
        None => None,
    };
    Ok(Some((found.read(), secret)))
}

/// The client with this number, unless it is revoked.
pub async fn find_by_id(db: &mut impl Linked, id: OidcClientId) -> Result<Option<OidcClient>, StoreError> {
    let found: Option<OidcClientRow> = row!(db, select!("WHERE id = $1 AND revoked_at IS NULL"), id.0)?;
    Ok(found.map(OidcClientRow::read))
}

/// All clients, oldest first, including the revoked ones.
pub async fn list(db: &mut impl Linked) -> Result<Vec<OidcClient>, StoreError> {
    let found: Vec<OidcClientRow> = rows!(db, select!("ORDER BY id"))?;
    Ok(found.into_iter().map(OidcClientRow::read).collect())
}

/// Gives a client another secret in place of the one that it has. Returns `false` when none with this name
/// has one and is not revoked.
pub async fn set_secret(tx: &mut Tx, name: &str, secret: &TokenDigest) -> Result<bool, StoreError> {
    let sql = "UPDATE oidc_clients SET secret = $1 \
               WHERE name = $2 AND revoked_at IS NULL AND secret IS NOT NULL";
    Ok(execute!(tx, sql, secret.as_bytes(), name)? > 0)
}

/// Revokes the client with this name, and ends what accounts permit to it. Returns `false` when there is none
/// that is not revoked yet.
pub async fn revoke(tx: &mut Tx, name: &str, now: Millis) -> Result<bool, StoreError> {
    let sql = "DELETE FROM oidc_grants WHERE client_id IN \
               (SELECT id FROM oidc_clients WHERE name = $1 AND revoked_at IS NULL)";
    execute!(tx, sql, name)?;
    let sql = "UPDATE oidc_clients SET revoked_at = $1 WHERE name = $2 AND revoked_at IS NULL";
    Ok(execute!(tx, sql, now.0, name)? > 0)
}

/// Records that the client was used at `now`, unless that stands there since `since`.
pub async fn touch(tx: &mut Tx, id: OidcClientId, since: Millis, now: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE oidc_clients SET used_at = $1 WHERE id = $2 AND COALESCE(used_at, 0) < $3";
    execute!(tx, sql, now.0, id.0, since.0)?;
    Ok(())
}
