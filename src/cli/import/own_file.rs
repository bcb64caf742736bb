//! An SQLite file that is the import's own, where no server and nobody else uses it.

use std::error::Error;

use store::{Engine, Store};

use super::ImportArguments;
use crate::cli::fault;
use crate::compose::Alone;
use crate::config::Config;

/// A database that nobody else can open for now.
pub(super) struct OwnFile {
    pub(super) store: Store,
    _lock: Alone,
}

/// The database, if it is a file that no server and nobody else uses.
pub(super) async fn own_file(
    config: &Config,
    store: &Store,
    arguments: &ImportArguments,
) -> Result<Option<OwnFile>, Box<dyn Error>> {
    if store.engine() != Engine::Sqlite || arguments.dry_run {
        return Ok(None);
    }
    let Some(lock) = Alone::if_free(&config.settings) else { return Ok(None) };
    let store = store.alone().await.map_err(|error| fault(error.into()))?;
    Ok(store.map(|store| OwnFile { store, _lock: lock }))
}
