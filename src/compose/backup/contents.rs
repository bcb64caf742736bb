//! What an archive has, in which order, and what it says of itself: `backup.json` first, for whoever has to
//! know whether it can be restored here, and `manifest.json` last, with what only then is known.

use std::collections::BTreeMap;

use archive::Part;
use serde::{Deserialize, Serialize};
use store::Engine;

/// The number of this form. A program restores those up to its own.
pub const FORMAT: u32 = 1;

pub const HEAD: &str = "backup.json";
pub const KEY: &str = "secret.key";
pub const SQLITE: &str = "database/vestibule.sqlite";
pub const SCHEMA: &str = "database/schema.json";
pub const PICTURES: &str = "pictures";
pub const MANIFEST: &str = "manifest.json";

/// What every form says in its head.
#[derive(Debug, Serialize, Deserialize)]
pub struct BackupForm {
    pub format: u32,
    /// The version of the program that made it.
    pub program: String,
}

/// What stands first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BackupHead {
    pub format: u32,
    pub program: String,
    pub engine: EngineName,
    /// The newest schema change of the database.
    pub migration: i64,
    pub made_at: String,
    pub secret_key: KeyPlace,
}

/// What stands last, before the sum of everything.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    #[serde(flatten)]
    pub head: BackupHead,
    /// Each table with the number of its rows.
    pub tables: BTreeMap<String, u64>,
    pub pictures: u64,
    /// Pictures that accounts name and that were not in the folder.
    pub missing_pictures: u64,
    pub parts: Vec<PartSum>,
}

/// The checksum of one entry, or of several one after the other.
#[derive(Debug, Serialize, Deserialize)]
pub struct PartSum {
    pub name: String,
    pub entries: u64,
    pub bytes: u64,
    pub sha256: String,
}

impl From<&Part> for PartSum {
    fn from(part: &Part) -> Self {
        let Part { name, entries, bytes, sha256 } = part.clone();
        Self { name, entries, bytes, sha256 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineName {
    Sqlite,
    Postgres,
}

impl From<Engine> for EngineName {
    fn from(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::Sqlite,
            Engine::Postgres => Self::Postgres,
        }
    }
}

impl EngineName {
    pub fn words(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Where the keys of the database's secrets are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyPlace {
    /// In the backup.
    File,
    /// In the setting `secret_key`, and not in the backup.
    Setting,
    /// There was neither.
    Nowhere,
}

/// What is in a backup, for whoever made or restored it.
#[derive(Debug, Clone, Serialize)]
pub struct BackupContents {
    /// The version of the program that made it.
    pub program: String,
    pub engine: EngineName,
    pub migration: i64,
    pub made_at: String,
    pub secret_key: KeyPlace,
    pub accounts: u64,
    pub pictures: u64,
    pub missing_pictures: u64,
    pub tables: u64,
    pub rows: u64,
    /// The length of the archive.
    pub bytes: u64,
}

impl BackupContents {
    /// Whether the backup is worth less without something that only its maker has.
    pub fn key_is_in_setting(&self) -> bool {
        self.secret_key == KeyPlace::Setting
    }

    pub(super) fn new(manifest: &Manifest, bytes: u64) -> Self {
        let BackupHead { program, engine, migration, made_at, secret_key, .. } = manifest.head.clone();
        let tables = &manifest.tables;
        Self {
            program,
            engine,
            migration,
            made_at,
            secret_key,
            accounts: tables.get("accounts").copied().unwrap_or_default(),
            pictures: manifest.pictures,
            missing_pictures: manifest.missing_pictures,
            tables: tables.len() as u64,
            rows: tables.values().sum(),
            bytes,
        }
    }
}

/// What the names of the entries with a table's rows begin with. The number tells the tables apart; the name
/// is for people.
pub fn rows_of(number: usize, table: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let name: String = table.chars().take(60).map(plain).collect();
    format!("database/{number:04}.{name}")
}

/// The entry with the next lines of a table.
pub fn lines_of(folder: &str, number: u64) -> String {
    format!("{folder}/{number:08}.copy")
}
