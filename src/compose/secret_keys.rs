//! The keys that secrets in the database are encrypted with: from the settings, or from a file that the first
//! start makes.

use domain::{OsRandom, Random, SystemClock};
use secrets::{KeyFile, KeyFileError, KeyId, Keyring, SecretKey, SecretKeys};
use store::{Store, StoreError, secret_keys};

use crate::config::{Config, Settings, StartError};
use crate::flows::resealing::{self, ResealError};

/// The setting that has the keys, or else names where they lie.
fn setting(settings: &Settings) -> &'static str {
    if settings.secret_key.is_some() { "secret_key" } else { "data_dir" }
}

/// The keys of a server. Makes the file at the first start.
///
/// # Errors
/// Names the setting or the file with the keys, when they cannot be read, or one is missing that something
/// was encrypted under.
pub async fn keyring(settings: &Settings, store: &Store, random: &dyn Random) -> Result<Keyring, StartError> {
    let used = keys_in_use(store).await.map_err(|error| settings.wrong_database(error))?;
    if let Some(keys) = from_setting(settings)? {
        let place = "it lacks the key";
        return checked(&keys, &used, place, settings).map(|()| Keyring::fixed(keys));
    }
    let file = settings.secret_key_file();
    let wrong = |error: KeyFileError| wrong_file(&file, error);
    let place = file.path().display();
    if !used.is_empty() && file.read().map_err(wrong)?.is_none() {
        return Err(StartError::setting(
            "data_dir",
            format!(
                "{place} is missing, and the database has secrets that were encrypted with it; {RESTORE}"
            ),
        ));
    }
    let keys = file.read_or_make(random).map_err(wrong)?;
    checked(&keys, &used, &format!("{place} lacks the key"), settings)?;
    Ok(Keyring::of_file(keys, file))
}

/// As [`keyring`], for a command beside a server.
///
/// # Errors
/// As [`keyring`].
pub async fn keys_of(config: &Config, store: &Store) -> Result<Keyring, StartError> {
    keyring(&config.settings, store, &OsRandom).await
}

pub(super) const RESTORE: &str = "put it back from a copy";

pub(super) fn from_setting(settings: &Settings) -> Result<Option<SecretKeys>, StartError> {
    let Some(written) = &settings.secret_key else { return Ok(None) };
    SecretKeys::parse(written.reveal()).map(Some).map_err(|bad| StartError::setting("secret_key", bad))
}

pub(super) fn wrong_file(file: &KeyFile, error: KeyFileError) -> StartError {
    StartError::setting("data_dir", format!("{}: {error}", file.path().display()))
}

pub(super) async fn keys_in_use(store: &Store) -> Result<Vec<KeyId>, StoreError> {
    let found = secret_keys::in_use(&mut store.read().await?).await?;
    found.iter().map(|id| KeyId::from_slice(id).ok_or(StoreError::Corrupt("secret_keys.id"))).collect()
}

pub(super) fn checked(
    keys: &SecretKeys,
    used: &[KeyId],
    lacks: &str,
    settings: &Settings,
) -> Result<(), StartError> {
    match used.iter().find(|id| keys.key(**id).is_none()) {
        None => Ok(()),
        Some(id) => Err(StartError::setting(
            setting(settings),
            format!("{lacks} {id}, and the database has secrets that were encrypted with it; {RESTORE}"),
        )),
    }
}

/// What a rotation did.
pub struct Rotated {
    /// The key that encrypts from now on.
    pub first: KeyId,
    /// How many secrets were encrypted anew.
    pub resealed: u64,
    /// The keys that are not needed any more.
    pub spare: Vec<KeyId>,
    /// Whether the keys stand in a setting, which only the operator changes.
    pub by_setting: bool,
}

/// Has a new key encrypt every secret: one that is put before the others of the file, or the first one of the
/// setting. Servers may be running. A file loses the keys that are not needed any more.
///
/// # Errors
/// As [`keyring`]; also when another command changes the file, or there is none. Whatever failed, each secret
/// is encrypted under a key that is still there, and a second call goes on.
pub async fn rotate(settings: &Settings, store: &Store, random: &dyn Random) -> Result<Rotated, StartError> {
    if let Some(keys) = from_setting(settings)? {
        return reseal(settings, store, random, &keys).await;
    }
    let file = settings.secret_key_file();
    let wrong = |error: KeyFileError| wrong_file(&file, error);
    let place = file.path().display();
    let absent = || {
        StartError::setting("data_dir", format!("there is no {place}; the server makes it when it starts"))
    };
    file.read().map_err(wrong)?.ok_or_else(absent)?;
    let locked = file.lock().map_err(wrong)?;
    let before = file.read().map_err(wrong)?.ok_or_else(absent)?;
    // The file first: a server that finds its key retired looks there for the new one.
    let keys = before.led_by(SecretKey::generate(random));
    file.replace(&keys, &locked, random).map_err(wrong)?;
    let done = reseal(settings, store, random, &keys).await?;
    let kept = keys.keeping(|id| !done.spare.contains(&id));
    file.replace(&kept, &locked, random).map_err(wrong)?;
    Ok(done)
}

async fn reseal(
    settings: &Settings,
    store: &Store,
    random: &dyn Random,
    keys: &SecretKeys,
) -> Result<Rotated, StartError> {
    let failed = |error| settings.wrong_database(error);
    let lacks = if settings.secret_key.is_some() { "it lacks the key" } else { "secret.key lacks the key" };
    checked(keys, &keys_in_use(store).await.map_err(failed)?, lacks, settings)?;
    let resealed = resealing::reseal_all(store, &SystemClock, random, keys).await;
    let resealed = resealed.map_err(|error| match error {
        ResealError::Store(error) => failed(error),
        ResealError::Unreadable(account, error) => {
            StartError::new(format!("the secret of the authenticator app of account {account}: {error}"))
        }
        ResealError::UnreadableSigningKey(number, error) => {
            StartError::new(format!("the signing key {number} of OpenID Connect: {error}"))
        }
    })?;
    let used = keys_in_use(store).await.map_err(failed)?;
    let older = keys.iter().skip(1).map(SecretKey::id);
    Ok(Rotated {
        first: keys.first().id(),
        resealed,
        spare: older.filter(|id| !used.contains(id)).collect(),
        by_setting: settings.secret_key.is_some(),
    })
}
