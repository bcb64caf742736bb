//! What a restore leaves that was killed while it gave everything its name: a note in the folder `restoring`
//! that says what came into the data folder, by which the next restore takes exactly that back. A server does
//! not start on half of a backup.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::Path;

use store::DbPool;

use super::fault::BackupFault;
use crate::config::{Settings, StartError};

/// The file that a restore locks.
pub const LOCK: &str = "lock";

/// The file of the note.
const NOTE: &str = "named";

/// Something that comes into the data folder, with what tells it from another of its name.
pub struct Named {
    pub name: String,
    identity: (u64, u64),
}

impl Named {
    /// What is called `name` in `folder`, if there is anything.
    pub fn at(folder: &Path, name: &str) -> Option<Self> {
        let identity = identity(&folder.join(name))?;
        Some(Self { name: name.to_owned(), identity })
    }

    fn to_line(&self) -> String {
        format!("{} {} {}\n", self.identity.0, self.identity.1, self.name)
    }

    fn from_line(line: &str) -> Option<Self> {
        let mut words = line.splitn(3, ' ');
        let mut number = || words.next()?.parse().ok();
        let identity = (number()?, number()?);
        Some(Self { name: words.next()?.to_owned(), identity })
    }
}

/// The device and the number of a file or folder, which stay when it is renamed.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;

    path.symlink_metadata().ok().map(|found| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<(u64, u64)> {
    path.exists().then_some((0, 0))
}

/// What to do about a restore that has the lock.
pub const UNDER_WAY: &str = "a restore is under way; wait until it has ended";

/// Locks the folder of what is being restored; `None` when a restore has it.
pub fn lock(folder: &Path) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(folder.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Notes what is about to come into the data folder.
pub fn note(settings: &Settings, named: &[Named]) -> Result<(), BackupFault> {
    let folder = settings.restoring_folder();
    let text: String = named.iter().map(Named::to_line).collect();
    let written = (|| {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(folder.join(NOTE))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        File::open(&folder)?.sync_all()
    })();
    written.map_err(|error: io::Error| BackupFault::new(format!("{}: {error}", folder.display())))
}

/// Takes back what a restore named that did not come to its end. Its database is not there.
pub fn undo(settings: &Settings) -> Result<(), BackupFault> {
    let folder = settings.restoring_folder();
    let Ok(text) = fs::read_to_string(folder.join(NOTE)) else { return Ok(()) };
    if settings.files_of_database().iter().any(|file| file.metadata().is_ok_and(|found| found.len() > 0)) {
        return Ok(());
    }
    let data = folder.parent().unwrap_or(Path::new("."));
    for Named { name, identity: noted } in text.lines().filter_map(Named::from_line) {
        let path = data.join(name);
        if identity(&path) == Some(noted) {
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(|error| BackupFault::new(format!("{}: {error}", path.display())))?;
        }
    }
    fs::remove_file(folder.join(NOTE)).map_err(BackupFault::new)
}

/// Removes everything that is needed during a restore alone. What cannot be removed harms nobody.
pub fn clear(settings: &Settings) {
    if let Some(database) = settings.restored_database() {
        let _ = fs::remove_file(database);
    }
    // The note last: a restore that is killed here has to be known for one.
    let folder = settings.restoring_folder();
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            let _ = fs::remove_dir_all(entry.path());
        } else if entry.file_name() != NOTE {
            let _ = fs::remove_file(entry.path());
        }
    }
    let _ = fs::remove_dir_all(folder);
}

/// Fails while a restore is under way, and when one was interrupted after it had put something in place and
/// before the database was there. Otherwise removes what is left of one. `pool` is PostgreSQL's, whose tables
/// come last.
///
/// # Errors
/// Says that the backup has to be restored once more.
pub async fn check_restored(settings: &Settings, pool: Option<&DbPool>) -> Result<(), StartError> {
    let folder = settings.restoring_folder();
    if !folder.exists() || settings.database_file().is_none() && pool.is_none() {
        return Ok(());
    }
    let wrong = |why: &str| StartError::setting("data_dir", format!("{}: {why}", folder.display()));
    let _lock = lock(&folder).map_err(|error| wrong(&error.to_string()))?.ok_or_else(|| wrong(UNDER_WAY))?;
    let whole = match (settings.database_file(), pool) {
        (Some(file), _) => file.metadata().is_ok_and(|found| found.len() > 0),
        (None, Some(pool)) => pool.is_used().await.map_err(|error| settings.wrong_database(error))?,
        (None, None) => true,
    };
    if folder.join(NOTE).exists() && !whole {
        return Err(wrong(
            "a restore was interrupted; run `vestibule restore` once more, or remove this folder, \
                          `pictures` and `secret.key` to begin with nothing",
        ));
    }
    clear(settings);
    Ok(())
}
