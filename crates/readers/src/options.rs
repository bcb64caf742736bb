//! How a file is read.

use std::collections::BTreeMap;
use std::path::Path;

use recipes::Pepper;

use super::map::ColumnMap;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON document: a list of records, or an object whose keys name lists.
    Json,
    /// An object a line.
    JsonLines,
    /// Rows of values between commas, below a heading.
    Csv,
}

impl Format {
    /// The format that the end of a file's name tells.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        match path.extension()?.to_ascii_lowercase().to_str()? {
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// Which parts of a file are wanted. Files have accounts and what supplements them in any order: whoever
/// keeps the places of the supplements ([`SupplementIndex`](crate::SupplementIndex)) and reads the accounts
/// in a second pass holds one account at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// Everything, in the order of the file.
    #[default]
    All,
    /// The accounts.
    Accounts,
    /// What supplements accounts.
    Supplements,
}

/// How a file is read.
#[derive(Debug)]
pub struct Options {
    /// The format. If it is not given, the first byte and the product tell it.
    pub format: Option<Format>,
    /// The table whose rows the file has, if it has those of a single one that is not the accounts'.
    pub table: Option<String>,
    /// The name of the accounts' table or Django model, if the site chose its own.
    pub accounts: Option<String>,
    /// A recipe instead of the product's: a name of [`recipes::PRODUCTS`], or a text that was declared.
    pub recipe: Option<String>,
    /// Columns of the site's own, over those of the product.
    pub map: ColumnMap,
    /// Secrets of the product's server: `better-auth`, and Flask-Security's by the names of its setting.
    pub secrets: BTreeMap<String, Pepper>,
    /// Whether second factors are read. One that cannot be taken over is lost, or its record is refused, as
    /// the table of the README says for each product: no account comes in less safe than it was.
    pub factors: bool,
    /// Which parts are wanted.
    pub wanted: Wanted,
    /// So many records are passed over: those that an import had done when it was stopped.
    pub skip: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: None,
            table: None,
            accounts: None,
            recipe: None,
            map: ColumnMap::default(),
            secrets: BTreeMap::new(),
            factors: true,
            wanted: Wanted::All,
            skip: 0,
        }
    }
}
