//! What a file says of its accounts apart from them, found by account. Files have it before and behind the
//! accounts, and a million of such records do not fit into memory. So an index keeps where each stands, in a
//! file that has no name and goes with the program. It has ids and places: no hash and no secret.

use std::fmt;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use rusqlite::{Connection, OptionalExtension as _};

use super::place::Place;
use super::reader::{Found, Reader};
use super::supplement::{Addition, Part};

/// The cache of the index is bounded, in KiB. Nothing has to be taken back, and nothing outlives the program.
const INDEX: &str = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4096; \
                     PRAGMA temp_store = FILE; \
                     CREATE TABLE places (account TEXT NOT NULL, at INTEGER NOT NULL, length INTEGER NOT NULL, \
                     record INTEGER NOT NULL, line INTEGER, list INTEGER, PRIMARY KEY (account, at)) WITHOUT ROWID; \
                     CREATE TABLE owners (account TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID; BEGIN";

/// The index of what stands beside the accounts of one file.
pub struct SupplementIndex {
    index: Connection,
    /// The names of the file's lists, by their numbers in the index.
    lists: Vec<String>,
    places: u64,
}

/// Something that was found beside an account.
#[derive(Debug)]
pub struct Extra {
    /// Where it begins.
    pub place: Place,
    /// What it says of the account.
    pub additions: Vec<Addition>,
}

/// The index fails: the folder for temporary files is full, or the imported file is another than before.
#[derive(Debug)]
pub enum IndexFault {
    /// The index cannot be written or read.
    Index(rusqlite::Error),
    /// The file cannot be read again.
    File(io::Error),
    /// The file was changed while it was read.
    Changed,
}

impl fmt::Display for IndexFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(error) => write!(f, "the index in the folder for temporary files: {error}"),
            Self::File(error) => write!(f, "the file cannot be read again: {error}"),
            Self::Changed => f.write_str("the file was changed while it was read"),
        }
    }
}

impl std::error::Error for IndexFault {}

impl From<rusqlite::Error> for IndexFault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Index(error)
    }
}

impl SupplementIndex {
    /// An index with nothing in it.
    ///
    /// # Errors
    /// There is no folder for temporary files.
    pub fn new() -> Result<Self, IndexFault> {
        // The empty name stands for a file that SQLite makes and removes itself.
        let index = Connection::open("")?;
        index.execute_batch(INDEX)?;
        Ok(Self { index, lists: Vec::new(), places: 0 })
    }

    /// Keeps where something stands. An account is none.
    ///
    /// # Errors
    /// The folder for temporary files is full.
    pub fn add(&mut self, found: &Found) -> Result<(), IndexFault> {
        let Part::Supplement(supplement) = &found.part else { return Ok(()) };
        let account = supplement.account.as_str();
        let list = found.list.as_ref().map(|name| self.number_of(name));
        let Place { line, record, offset } = found.place;
        let sql =
            "INSERT INTO places (account, at, length, record, line, list) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut insert = self.index.prepare_cached(sql)?;
        let number = |of: u64| i64::try_from(of).unwrap_or(i64::MAX);
        let (line, length) = (line.map(number), u64::try_from(found.length).unwrap_or(u64::MAX));
        insert.execute((account, number(offset), number(length), number(record), line, list))?;
        self.places += 1;
        let is_factor = |addition: &Addition| matches!(addition, Addition::Totp(_) | Addition::FactorLost(_));
        if supplement.additions.iter().any(is_factor) {
            let mut owner =
                self.index.prepare_cached("INSERT OR IGNORE INTO owners (account) VALUES (?1)")?;
            owner.execute([account])?;
        }
        Ok(())
    }

    fn number_of(&mut self, list: &str) -> i64 {
        let place = self.lists.iter().position(|known| known == list).unwrap_or_else(|| {
            self.lists.push(list.to_owned());
            self.lists.len() - 1
        });
        i64::try_from(place).unwrap_or(i64::MAX)
    }

    /// Whether anything says of an account elsewhere that it has a second factor.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn has_factors(&self) -> Result<bool, IndexFault> {
        Ok(self.stray()?.is_some())
    }

    /// Notes that the file has this account: a second factor of it is none of a stranger.
    ///
    /// # Errors
    /// The index cannot be written.
    pub fn see(&mut self, account: &str) -> Result<(), IndexFault> {
        self.index.prepare_cached("DELETE FROM owners WHERE account = ?1")?.execute([account])?;
        Ok(())
    }

    /// An account with a second factor that was not seen.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn stray(&self) -> Result<Option<String>, IndexFault> {
        let sql = "SELECT account FROM owners LIMIT 1";
        Ok(self.index.query_row(sql, [], |row| row.get(0)).optional()?)
    }

    /// What the file says of an account apart from it, in the order of the file.
    ///
    /// # Errors
    /// The file cannot be read again, or has changed.
    pub fn of(
        &mut self,
        account: &str,
        reader: &mut Reader<File>,
        file: &File,
    ) -> Result<Vec<Extra>, IndexFault> {
        if self.places == 0 {
            return Ok(Vec::new());
        }
        let sql = "SELECT at, length, record, line, list FROM places WHERE account = ?1 ORDER BY at";
        let mut select = self.index.prepare_cached(sql)?;
        let mut rows = select.query([account])?;
        let mut extras = Vec::new();
        while let Some(row) = rows.next()? {
            let number = |column| row.get(column).map(|number: i64| number.cast_unsigned());
            let line = row.get(3).map(|line: Option<i64>| line.map(i64::cast_unsigned))?;
            let place = Place { line, record: number(2)?, offset: number(0)? };
            let list = row.get::<_, Option<i64>>(4)?.and_then(|list| usize::try_from(list).ok());
            let list = list.and_then(|list| self.lists.get(list));
            let mut bytes = vec![0; usize::try_from(number(1)?).map_err(|_| IndexFault::Changed)?];
            file.read_exact_at(&mut bytes, place.offset).map_err(IndexFault::File)?;
            match reader.again(place, list.map(String::as_str), bytes) {
                Ok(Some(Part::Supplement(found))) if found.account == account => {
                    extras.push(Extra { place, additions: found.additions });
                }
                // Only what was read without a fault is in the index.
                Ok(_) | Err(_) => return Err(IndexFault::Changed),
            }
        }
        Ok(extras)
    }
}
