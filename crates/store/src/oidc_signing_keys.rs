//! The `oidc_signing_keys` table: keys that sign ID tokens, encrypted by the caller.

use super::row::row_struct;
use super::statement::{execute, rows};
use super::{Linked, StoreError, Tx};
use domain::Millis;

/// A signing key, as it is stored.
#[derive(Clone, Debug)]
pub struct StoredSigningKey {
    pub number: i64,
    /// The name of the algorithm.
    pub algorithm: String,
    /// The encrypted private key.
    pub sealed: Vec<u8>,
    /// The public half, as a JSON Web Key.
    pub public: String,
    pub created_at: Millis,
}

/// The column values of a new signing key.
#[derive(Clone, Copy)]
pub struct NewSigningKey<'a> {
    pub algorithm: &'static str,
    pub sealed: &'a [u8],
    /// The id of the secret key that it is encrypted under.
    pub key: &'a [u8],
    pub public: &'a str,
}

row_struct! {
    struct SigningKeyRow {
        id: i64,
        algorithm: String,
        secret: Vec<u8>,
        public: String,
        created_at: i64,
    }
}

impl From<SigningKeyRow> for StoredSigningKey {
    fn from(row: SigningKeyRow) -> Self {
        Self {
            number: row.id,
            algorithm: row.algorithm,
            sealed: row.secret,
            public: row.public,
            created_at: Millis(row.created_at),
        }
    }
}

/// All signing keys, the newest first.
pub async fn list(db: &mut impl Linked) -> Result<Vec<StoredSigningKey>, StoreError> {
    let sql = "SELECT id, algorithm, secret, public, created_at FROM oidc_signing_keys \
               ORDER BY created_at DESC, id DESC";
    let found: Vec<SigningKeyRow> = rows!(db, sql)?;
    Ok(found.into_iter().map(StoredSigningKey::from).collect())
}

/// Adds a key, unless another instance has added one for the same algorithm since `since`. Returns whether it
/// did.
pub async fn insert(
    tx: &mut Tx,
    new: NewSigningKey<'_>,
    since: Millis,
    now: Millis,
) -> Result<bool, StoreError> {
    let added = execute!(
        tx,
        "INSERT INTO oidc_signing_keys (algorithm, secret, key_id, public, created_at) \
         SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS \
         (SELECT 1 FROM oidc_signing_keys WHERE algorithm = $1 AND created_at >= $6)",
        new.algorithm,
        new.sealed,
        new.key,
        new.public,
        now.0,
        since.0,
    )?;
    Ok(added > 0)
}

/// The signing keys that are not encrypted under the secret key `key`.
pub async fn under_other_keys(db: &mut impl Linked, key: &[u8]) -> Result<Vec<StoredSigningKey>, StoreError> {
    let sql = "SELECT id, algorithm, secret, public, created_at FROM oidc_signing_keys WHERE key_id <> $1";
    let found: Vec<SigningKeyRow> = rows!(db, sql, key)?;
    Ok(found.into_iter().map(StoredSigningKey::from).collect())
}

/// Replaces the encrypted form of a signing key.
pub async fn reseal(tx: &mut Tx, number: i64, sealed: &[u8], key: &[u8]) -> Result<(), StoreError> {
    let sql = "UPDATE oidc_signing_keys SET secret = $1, key_id = $2 WHERE id = $3";
    execute!(tx, sql, sealed, key, number)?;
    Ok(())
}

/// Removes the keys that were made before `since` and have a successor that was made before it too. Returns
/// their number.
pub async fn prune(tx: &mut Tx, since: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM oidc_signing_keys WHERE created_at < $1 AND EXISTS \
               (SELECT 1 FROM oidc_signing_keys AS later WHERE later.algorithm = oidc_signing_keys.algorithm \
                AND later.id > oidc_signing_keys.id AND later.created_at < $1)";
    Ok(execute!(tx, sql, since.0)?)
}
