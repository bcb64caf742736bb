//! Steps with files and folders that are done whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::private::make_file;

/// Moves the files of a picture into a folder where the same picture was put meanwhile, perhaps not all of it
/// yet. Files of one name are equal, so it does not matter which replaces which.
pub fn merge(from: &Path, into: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::rename(entry.path(), into.join(entry.file_name()))?;
    }
    fs::remove_dir(from)
}

/// `None` if what was worked on does not exist.
pub fn unless_gone<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a temporary file and renames it, so that a reader sees the whole file or none.
pub fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let temporary = folder.join(unique(&format!(".{name}")));
    let written = (|| {
        let mut file = make_file(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, folder.join(name))
    })();
    if written.is_err() {
        // Best effort: on a full disk it frees space, and the first error is the one to report.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A file name that no other process or call uses.
pub fn unique(stem: &str) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    format!("{stem}.{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}
