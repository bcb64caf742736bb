//! Encrypting every secret of the database under a new key, a few at a time.

use crate::flows::security_log::{Noted, note_thing};
use domain::{AccountId, Actor, Clock, EventKind, Random};
use secrets::{OpenError, SecretKeys};
use store::totp_secrets::{self, SealedTotp};
use store::{Store, StoreError, oidc_signing_keys, secret_keys};

use super::totp_context;
use crate::flows::oidc::signing_key_context;

/// Secrets of one transaction: other writers of SQLite wait for no more.
const AT_ONCE: i64 = 100;

/// Why secrets were not encrypted anew.
#[derive(Debug)]
pub enum ResealError {
    /// The database fails.
    Store(StoreError),
    /// The secret of this account cannot be decrypted.
    Unreadable(AccountId, OpenError),
    /// The signing key of OpenID Connect with this number cannot be decrypted.
    UnreadableSigningKey(i64, OpenError),
}

impl From<StoreError> for ResealError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Has the first of `keys` encrypt what is new, and encrypts under it what is under another. Returns the
/// number of the latter. Servers may be running: they take a key before they write under it, so nothing comes
/// under a retired key afterwards.
///
/// # Errors
/// A secret cannot be decrypted, or the database fails. What was done until then stays done.
pub async fn reseal_all(
    store: &Store,
    clock: &dyn Clock,
    random: &dyn Random,
    keys: &SecretKeys,
) -> Result<u64, ResealError> {
    let first = keys.first().id();
    let now = clock.now();
    let appointed = store.transact(async |tx| {
        secret_keys::appoint(tx, first.as_bytes(), now).await?;
        for older in keys.iter().skip(1) {
            secret_keys::retire(tx, older.id().as_bytes(), now).await?;
        }
        let noted = Noted::by(Actor::Operator, EventKind::SecretsRotated, "");
        note_thing(tx, &first.to_string(), &noted, None, now).await?;
        Ok::<_, StoreError>(())
    });
    appointed.await?;
    let (mut done, mut after) = (reseal_signing_keys(store, random, keys).await?, 0);
    loop {
        let found = {
            let mut db = store.read().await?;
            totp_secrets::under_other_keys(&mut db, first.as_bytes(), after, AT_ONCE).await?
        };
        let Some(last) = found.last() else { return Ok(done) };
        after = last.number;
        let mut anew = Vec::with_capacity(found.len());
        for old in &found {
            let context = totp_context(old.account_id);
            let unreadable = |error| ResealError::Unreadable(old.account_id, error);
            let secret = keys.open(&context, &old.sealed).map_err(unreadable)?;
            let sealed = keys.seal(random, &context, &secret);
            anew.push((old, sealed.map_err(|_| unreadable(OpenError::Damaged))?));
        }
        let written = store.transact(async |tx| {
            for (old, sealed) in &anew {
                let new = SealedTotp { sealed, key: first.as_bytes() };
                totp_secrets::reseal(tx, old.number, &old.sealed, new).await?;
            }
            Ok::<_, StoreError>(())
        });
        written.await?;
        done += anew.len() as u64;
    }
}

/// The few keys that sign ID tokens.
async fn reseal_signing_keys(
    store: &Store,
    random: &dyn Random,
    keys: &SecretKeys,
) -> Result<u64, ResealError> {
    let first = keys.first().id();
    let found = oidc_signing_keys::under_other_keys(&mut store.read().await?, first.as_bytes()).await?;
    let mut anew = Vec::with_capacity(found.len());
    for old in &found {
        let context = signing_key_context(&old.algorithm);
        let unreadable = |error| ResealError::UnreadableSigningKey(old.number, error);
        let secret = keys.open(&context, &old.sealed).map_err(unreadable)?;
        let sealed = keys.seal(random, &context, &secret);
        anew.push((old.number, sealed.map_err(|_| unreadable(OpenError::Damaged))?));
    }
    let written = store.transact(async |tx| {
        for (number, sealed) in &anew {
            oidc_signing_keys::reseal(tx, *number, sealed, first.as_bytes()).await?;
        }
        Ok::<_, StoreError>(())
    });
    written.await?;
    Ok(anew.len() as u64)
}
