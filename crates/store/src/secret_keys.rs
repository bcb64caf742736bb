//! The `secret_keys` table: the ids of the keys that something was encrypted under. Whoever encrypts takes
//! the key's row first, so that a rotation, which retires it, comes before or after.

use super::statement::{execute, rows};
use super::{Linked, StoreError, Tx};
use domain::Millis;

/// Takes the key `id` until the transaction ends, to write something that is encrypted under it. Returns
/// `false` when it was retired: a newer key is to be used.
pub async fn take(tx: &mut Tx, id: &[u8], now: Millis) -> Result<bool, StoreError> {
    let sql = "INSERT INTO secret_keys (id, first_used_at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE \
               SET first_used_at = secret_keys.first_used_at WHERE secret_keys.retired_at IS NULL";
    Ok(execute!(tx, sql, id, now.0)? > 0)
}

/// Has the key `id` encrypt what is new.
pub async fn appoint(tx: &mut Tx, id: &[u8], now: Millis) -> Result<(), StoreError> {
    let sql = "INSERT INTO secret_keys (id, first_used_at) VALUES ($1, $2) \
               ON CONFLICT (id) DO UPDATE SET retired_at = NULL";
    execute!(tx, sql, id, now.0)?;
    Ok(())
}

/// Retires the key `id`. Waits for those who have taken it.
pub async fn retire(tx: &mut Tx, id: &[u8], now: Millis) -> Result<(), StoreError> {
    let sql = "INSERT INTO secret_keys (id, first_used_at, retired_at) VALUES ($1, $2, $2) \
               ON CONFLICT (id) DO UPDATE SET retired_at = excluded.retired_at";
    execute!(tx, sql, id, now.0)?;
    Ok(())
}

/// The ids of the keys that something is encrypted under now.
pub async fn in_use(db: &mut impl Linked) -> Result<Vec<Vec<u8>>, StoreError> {
    let sql = "SELECT id FROM secret_keys \
               WHERE EXISTS (SELECT 1 FROM totp_secrets WHERE totp_secrets.key_id = secret_keys.id) \
               OR EXISTS (SELECT 1 FROM oidc_signing_keys WHERE oidc_signing_keys.key_id = secret_keys.id) \
               ORDER BY id";
    let found: Vec<(Vec<u8>,)> = rows!(db, sql)?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}
