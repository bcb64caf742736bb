//! What `vestibule doctor` asks of database and keys. Nothing here changes anything.

use domain::{Clock, Random};
use secrets::SecretKeys;
use store::{SchemaState, Store, outbox, webhook_deliveries};

use super::accounts::connect;
use super::secret_keys::{RESTORE, checked, from_setting, keys_in_use, wrong_file};
use crate::config::{Config, Settings, StartError};

/// Looks at the database that a server has made. Changes nothing in it.
///
/// # Errors
/// Names the setting with the wrong value, and the database that is not there.
pub async fn look_at_database(config: &Config) -> Result<SchemaState, StartError> {
    let settings = &config.settings;
    settings.check_database_is_there()?;
    let pool = connect(settings).await?;
    store::schema_state(&pool).await.map_err(|error| settings.wrong_database(error))
}

/// Checks that every key is there that the database has secrets under. `false`: there is no key at all, and
/// nothing needs one. The database has no
/// migration to come, or this would apply it.
///
/// # Errors
/// As [`keyring`].
pub async fn check_secret_keys(config: &Config) -> Result<bool, StartError> {
    let settings = &config.settings;
    let store = open_for_a_look(settings).await?;
    let used = keys_in_use(&store).await;
    store.close().await;
    let used = used.map_err(|error| settings.wrong_database(error))?;
    match present(settings)? {
        Some(keys) => checked(&keys, &used, "it lacks the key", settings).map(|()| true),
        None if used.is_empty() => Ok(false),
        None => {
            let place = settings.secret_key_file().path().display().to_string();
            Err(StartError::setting("data_dir", format!("{place} is missing; {RESTORE}")))
        }
    }
}

/// Opens the database that a server has made, which has no migration to come.
async fn open_for_a_look(settings: &Settings) -> Result<Store, StartError> {
    settings.check_database_is_there()?;
    let pool = connect(settings).await?;
    Store::open_used(pool).await.map_err(|error| settings.wrong_database(error))
}

/// What was set aside: mail, and messages to sites by the webhook's name. The database has no migration to
/// come, or this would apply it.
///
/// # Errors
/// Names the setting with the wrong value, and the database that is not there.
pub async fn set_aside(config: &Config) -> Result<(i64, Vec<(String, i64)>), StartError> {
    let settings = &config.settings;
    let store = open_for_a_look(settings).await?;
    let counted = async {
        let mut db = store.read().await?;
        let mail = outbox::counts(&mut db).await?.failed;
        let each = webhook_deliveries::counts_of_each(&mut db).await?;
        Ok((mail, each.into_iter().map(|counts| (counts.webhook, counts.failed)).collect()))
    };
    let counted = counted.await;
    store.close().await;
    counted.map_err(|error| settings.wrong_database(error))
}

/// The keys of the setting or of the file, if there are any.
fn present(settings: &Settings) -> Result<Option<SecretKeys>, StartError> {
    if let Some(keys) = from_setting(settings)? {
        return Ok(Some(keys));
    }
    let file = settings.secret_key_file();
    file.read().map_err(|error| wrong_file(&file, error))
}

/// What shows the server that the operator's doctor asks.
///
/// # Errors
/// Names the setting or the file with the keys, when there are none.
pub fn doctors_proof(config: &Config, clock: &dyn Clock, random: &dyn Random) -> Result<String, StartError> {
    let settings = &config.settings;
    let keys = present(settings)?.and_then(|keys| crate::flows::doctors_proof(&keys, clock, random));
    keys.ok_or_else(|| {
        let place = settings.secret_key_file().path().display().to_string();
        StartError::setting("data_dir", format!("there is no {place} to ask the server with"))
    })
}
