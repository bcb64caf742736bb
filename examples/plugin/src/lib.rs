//! A plug-in for Vestibule with all kinds of contributions: people keep notes in their account.
#![forbid(unsafe_code)]

mod api;
mod page;
mod store;

use rust_embed::RustEmbed;
use serde::Deserialize;
use vestibule::plugin::{Config, Fate, Plugin, StartError};

/// `[default.plugins.notes]`
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// Longest note in characters, 1 to 2000. Default 280.
    max_length: usize,
    /// Notes that one account keeps, 1 to 1000. Default 100.
    per_account: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { max_length: 280, per_account: 100 }
    }
}

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Templates;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct Locales;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

#[derive(RustEmbed)]
#[folder = "migrations/sqlite/"]
struct SqliteMigrations;

#[derive(RustEmbed)]
#[folder = "migrations/postgres/"]
struct PostgresMigrations;

/// The plug-in.
///
/// # Errors
/// A setting below `plugins.notes` is wrong or unknown.
pub fn plugin(config: &Config) -> Result<Plugin, StartError> {
    let settings: Settings = config.plugin("notes")?;
    if !(1..=2000).contains(&settings.max_length) {
        return Err(StartError::setting("plugins.notes.max_length", "should be from 1 to 2000"));
    }
    if !(1..=1000).contains(&settings.per_account) {
        return Err(StartError::setting("plugins.notes.per_account", "should be from 1 to 1000"));
    }
    Ok(Plugin::new("notes")
        .mount("/plugin/notes", page::routes())
        .mount("/api/notes/v1", api::routes())
        .dialect(api::DIALECT)
        .templates::<Templates>()
        .locales::<Locales>()
        .statics::<Static>()
        .migrations::<SqliteMigrations, PostgresMigrations>()
        .erases(&[("notes", Fate::Gone)])
        .attach(|rocket| rocket.manage(settings)))
}
