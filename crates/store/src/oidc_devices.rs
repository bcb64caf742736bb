//! The `oidc_devices` table: devices without a browser that wait for somebody to type their code (RFC 8628).
//! Deciding about a device and giving it tokens are one conditional write each.

use super::row::row_struct;
use super::statement::{execute, row, value};
use super::{Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{AccountId, Factors, Millis, OidcClientId, OidcGrantId, OidcScopes, PairingCode, TokenDigest};

/// A device that shows a code.
#[derive(Clone, Debug)]
pub struct ShownDevice {
    pub client: OidcClientId,
    pub scopes: OidcScopes,
}

/// A device as it asks.
#[derive(Clone, Debug)]
pub struct AskingDevice {
    pub client: OidcClientId,
    pub scopes: OidcScopes,
    pub created_at: Millis,
    /// When it last asked; 0 before the first time.
    pub asked_at: Millis,
    /// Milliseconds that it is to leave between two questions.
    pub pause: i64,
    /// By whom it was permitted, once it was.
    pub permitted: Option<DevicePermission>,
    pub denied_at: Option<Millis>,
    pub used_at: Option<Millis>,
}

/// Who permitted a device, and how that person had proven who they are.
#[derive(Clone, Debug)]
pub struct DevicePermission {
    pub grant: OidcGrantId,
    pub account: AccountId,
    pub proven_at: Millis,
    pub factors: Factors,
}

row_struct! {
    struct DeviceRow {
        client_id: i64,
        scopes: String,
        created_at: i64,
        asked_at: i64,
        pause: i64,
        grant_id: Option<i64>,
        account_id: Option<i64>,
        proven_at: i64,
        factors: String,
        denied_at: Option<i64>,
        used_at: Option<i64>,
    }
}

/// Adds a device that waits. `pause` is in milliseconds.
///
/// # Errors
/// `Conflict` when another device shows this code.
pub async fn insert(
    tx: &mut Tx,
    digest: &TokenDigest,
    code: &PairingCode,
    shown: &ShownDevice,
    pause: i64,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO oidc_devices (digest, code, client_id, scopes, created_at, pause) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        digest.as_bytes(),
        code.as_str(),
        shown.client.0,
        shown.scopes.to_string(),
        now.0,
        pause,
    )?;
    Ok(())
}

/// The device that shows this code, of those that began to wait after `since`.
pub async fn shown(
    db: &mut impl Linked,
    code: &PairingCode,
    since: Millis,
) -> Result<Option<ShownDevice>, StoreError> {
    let sql = "SELECT client_id, scopes FROM oidc_devices WHERE code = $1 AND created_at > $2";
    let found: Option<(i64, String)> = row!(db, sql, code.as_str(), since.0)?;
    Ok(found.map(|(client, scopes)| ShownDevice {
        client: OidcClientId(client),
        scopes: OidcScopes::parse(&scopes),
    }))
}

/// Whether a device shows this code, however long it has waited.
pub async fn is_shown(db: &mut impl Linked, code: &PairingCode) -> Result<bool, StoreError> {
    let found: Option<i64> = value!(db, "SELECT pause FROM oidc_devices WHERE code = $1", code.as_str())?;
    Ok(found.is_some())
}

/// Uses a code up, for whoever permits the device. Returns `false` when no device shows it since `since`.
pub async fn permit(
    tx: &mut Tx,
    code: &PairingCode,
    by: &DevicePermission,
    since: Millis,
) -> Result<bool, StoreError> {
    let sql = "UPDATE oidc_devices SET code = NULL, grant_id = $1, proven_at = $2, factors = $3 \
               WHERE code = $4 AND created_at > $5";
    let (grant, factors) = (by.grant.0, by.factors.to_string());
    Ok(execute!(tx, sql, grant, by.proven_at.0, factors, code.as_str(), since.0)? > 0)
}

/// Uses a code up, for whoever does not permit the device. Returns `false` when no device shows it since
/// `since`.
pub async fn deny(tx: &mut Tx, code: &PairingCode, since: Millis, now: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE oidc_devices SET code = NULL, denied_at = $1 WHERE code = $2 AND created_at > $3";
    Ok(execute!(tx, sql, now.0, code.as_str(), since.0)? > 0)
}

/// The device with this secret.
pub async fn find(db: &mut impl Linked, digest: &TokenDigest) -> Result<Option<AskingDevice>, StoreError> {
    let sql = "SELECT oidc_devices.client_id, oidc_devices.scopes, oidc_devices.created_at, \
               oidc_devices.asked_at, oidc_devices.pause, oidc_devices.grant_id, oidc_grants.account_id, \
               oidc_devices.proven_at, oidc_devices.factors, oidc_devices.denied_at, oidc_devices.used_at \
               FROM oidc_devices LEFT JOIN oidc_grants ON oidc_grants.id = oidc_devices.grant_id \
               WHERE oidc_devices.digest = $1";
    let found: Option<DeviceRow> = row!(db, sql, digest.as_bytes())?;
    Ok(found.map(|row| AskingDevice {
        client: OidcClientId(row.client_id),
        scopes: OidcScopes::parse(&row.scopes),
        created_at: Millis(row.created_at),
        asked_at: Millis(row.asked_at),
        pause: row.pause,
        permitted: row.grant_id.zip(row.account_id).map(|(grant, account)| DevicePermission {
            grant: OidcGrantId(grant),
            account: AccountId(account),
            proven_at: Millis(row.proven_at),
            factors: Factors::parse(&row.factors),
        }),
        denied_at: row.denied_at.map(Millis),
        used_at: row.used_at.map(Millis),
    }))
}

/// Records that the device asked at `now`, and how long it is to wait from now on.
pub async fn asked(tx: &mut Tx, digest: &TokenDigest, pause: i64, now: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE oidc_devices SET asked_at = $1, pause = $2 WHERE digest = $3";
    execute!(tx, sql, now.0, pause, digest.as_bytes())?;
    Ok(())
}

/// Uses the permission up. Returns `false` when it was used already, is gone, or its client is revoked.
pub async fn consume(tx: &mut Tx, digest: &TokenDigest, now: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE oidc_devices SET used_at = $1 \
               WHERE digest = $2 AND grant_id IS NOT NULL AND used_at IS NULL \
               AND EXISTS (SELECT 1 FROM oidc_clients \
               WHERE oidc_clients.id = oidc_devices.client_id AND oidc_clients.revoked_at IS NULL)";
    Ok(execute!(tx, sql, now.0, digest.as_bytes())? > 0)
}

/// Removes at most [`PRUNED_AT_ONCE`] devices that began to wait before `since`. Returns their number.
pub async fn prune(tx: &mut Tx, since: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM oidc_devices WHERE digest IN \
               (SELECT digest FROM oidc_devices WHERE created_at < $1 LIMIT $2)";
    Ok(execute!(tx, sql, since.0, PRUNED_AT_ONCE)?)
}
