//! Makes a server the only one over its data folder and its SQLite database: it keeps a lock as long as it
//! runs. Instances that share a PostgreSQL share the folder too and take none.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::Duration;

use time::OffsetDateTime;

use super::logging::timestamp;
use crate::config::{Settings, StartError};

/// How often, and after what time, a lock file is read again that does not say yet who holds the lock.
const READ_AGAIN: (usize, Duration) = (10, Duration::from_millis(20));

/// The lock. The system releases it when the process ends, however it ends.
pub struct Alone {
    _locked: Vec<File>,
}

impl Alone {
    /// Takes the lock. The data folder exists.
    ///
    /// # Errors
    /// Names the setting, and the process that has the lock and since when.
    pub fn take(settings: &Settings) -> Result<Self, StartError> {
        let locked = settings.lock_files().into_iter().map(|(setting, file)| {
            lock(&file).map_err(|error| StartError::setting(setting, format!("{}: {error}", file.display())))
        });
        Ok(Self { _locked: locked.collect::<Result<_, _>>()? })
    }

    /// Takes the lock where a server has been and none is. No file is made: a server of another user could
    /// not open it.
    pub fn if_free(settings: &Settings) -> Option<Self> {
        let files = settings.lock_files();
        let were_made = files.iter().all(|(_, file)| file.is_file());
        were_made.then(|| Self::take(settings).ok()).flatten()
    }
}

fn lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(io::Error::other(held_by(&mut file))),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // What a process that was killed left is longer or shorter.
    file.set_len(0)?;
    writeln!(file, "process {}, since {}", std::process::id(), timestamp(OffsetDateTime::now_utc()))?;
    Ok(file)
}

/// Says who holds the lock. Its holder writes that right after it has taken it.
fn held_by(file: &mut File) -> String {
    let mut holder = String::new();
    for _ in 0..READ_AGAIN.0 {
        holder.clear();
        // Unreadable text is no reason to hide what matters: that it is held.
        let _ = file.rewind().and_then(|()| file.read_to_string(&mut holder));
        if holder.ends_with('\n') {
            break;
        }
        std::thread::sleep(READ_AGAIN.1);
    }
    let holder = match holder.trim_end() {
        "" => "another process",
        said => said,
    };
    format!(
        "another server, or a command that wants to be alone, has the lock ({holder}); stop that one first, or give each \
         its own"
    )
}
