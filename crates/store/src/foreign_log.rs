//! A guard against the log of another state: a crash leaves a write-ahead log beside the SQLite file, an
//! operator puts a copy in place of the file, and SQLite would replay the log over the copy.
//!
//! SQLite itself cannot tell, because a log names no file. The time of the last change can: while the two
//! belong together, the file changes only when a checkpoint copies pages of the log into it. So if the file
//! changed after the log did, at least one page of the log is in the file. If none is, the file was replaced.
//! Format: <https://sqlite.org/fileformat2.html>, sections 1.3 and 4.1.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;
use std::time::Duration;

use super::StoreError;

/// The length of a log's header, and of the header before each page in it.
const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The time between two looks at files that seem not to belong together.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Checks that the log beside an SQLite file belongs to it. Nothing is opened with SQLite, which would read
/// the log at once.
///
/// # Errors
/// `ForeignLog` when it does not. Files that cannot be read are left to SQLite.
pub fn check_log(database: &Path) -> Result<(), StoreError> {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    let log = Path::new(&log);
    // A server that is running may write while the files are read, but not in the same way twice.
    let foreign = is_foreign(database, log).and_then(|first| {
        if first {
            std::thread::sleep(LOOK_AGAIN);
        }
        Ok(first && is_foreign(database, log)?)
    });
    match foreign {
        Ok(true) => Err(StoreError::ForeignLog { log: log.to_owned() }),
        Ok(false) | Err(_) => Ok(()),
    }
}

fn is_foreign(database: &Path, log: &Path) -> io::Result<bool> {
    if !changed_later(&fs::metadata(database)?, &fs::metadata(log)?) {
        return Ok(false);
    }
    let mut log = BufReader::new(File::open(log)?);
    let Some(pages) = committed_pages(&mut log)? else { return Ok(false) };
    let mut file = File::open(database)?;
    let size = pages.page_size;
    let (mut logged, mut stored) = (vec![0; size], vec![0; size]);
    for (number, at) in &pages.newest {
        log.seek(SeekFrom::Start(*at))?;
        log.read_exact(&mut logged)?;
        file.seek(SeekFrom::Start(u64::from(number - 1) * size as u64))?;
        match file.read_exact(&mut stored) {
            Ok(()) if stored == logged => return Ok(false),
            Ok(()) => {}
            // A page that the file does not have yet.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {}
            Err(error) => return Err(error),
        }
    }
    Ok(!pages.newest.is_empty())
}

/// Whether the file changed after the log did. By the time of the last change of either kind, which no
/// copying preserves.
#[cfg(unix)]
fn changed_later(file: &fs::Metadata, log: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    (file.ctime(), file.ctime_nsec()) > (log.ctime(), log.ctime_nsec())
}

#[cfg(not(unix))]
fn changed_later(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    false
}

/// The pages that a log holds.
struct Pages {
    page_size: usize,
    /// Where the newest committed content of each page stands, by the page's number.
    newest: HashMap<u32, u64>,
}

/// Reads which pages were committed to a log. `None` when it is empty or no log.
fn committed_pages(log: &mut (impl Read + io::Seek)) -> io::Result<Option<Pages>> {
    let Some(header) = next::<HEADER>(log)? else { return Ok(None) };
    let page_size = number(&header, 8) as usize;
    let salts = header[16..24].to_vec();
    let known = matches!(number(&header, 0), 0x377F_0682 | 0x377F_0683);
    if !known || !page_size.is_power_of_two() || !(512..=65_536).contains(&page_size) {
        return Ok(None);
    }
    let (mut newest, mut uncommitted) = (HashMap::new(), Vec::new());
    let mut at = HEADER as u64;
    while let Some(frame) = next::<FRAME_HEADER>(log)? {
        // What follows was written before the log began anew.
        if frame[8..16] != salts || number(&frame, 0) == 0 {
            break;
        }
        uncommitted.push((number(&frame, 0), at + FRAME_HEADER as u64));
        if number(&frame, 4) != 0 {
            newest.extend(uncommitted.drain(..));
        }
        at += (FRAME_HEADER + page_size) as u64;
        log.seek(SeekFrom::Start(at))?;
    }
    Ok(Some(Pages { page_size, newest }))
}

/// The next `N` bytes; `None` at the end.
fn next<const N: usize>(log: &mut impl Read) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    match log.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// The big-endian number at `at`.
fn number(bytes: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    if let Some(found) = bytes.get(at..at + 4) {
        four.copy_from_slice(found);
    }
    u32::from_be_bytes(four)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use rusqlite::Connection;

    use super::*;

    /// A database that is being written to, in a folder of its own.
    struct Live {
        folder: tempfile::TempDir,
        connection: Connection,
    }

    impl Live {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let connection = Connection::open(folder.path().join("live")).unwrap();
            connection.pragma_update(None, "journal_mode", "wal").unwrap();
            connection.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)").unwrap();
            Self { folder, connection }
        }

        fn write(&self, rows: usize) {
            for _ in 0..rows {
                self.connection.execute("INSERT INTO t (text) VALUES (hex(randomblob(500)))", []).unwrap();
            }
        }

        fn checkpoint(&self) {
            self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
        }

        /// Copies one of its files to `name`.
        fn copy(&self, suffix: &str, name: &str) -> PathBuf {
            let to = self.folder.path().join(name);
            fs::copy(self.folder.path().join(format!("live{suffix}")), &to).unwrap();
            to
        }

        /// The files as a crash leaves them, some time ago: the system counts a file's time in milliseconds.
        fn crash(&self) -> PathBuf {
            let database = self.copy("", "crashed");
            self.copy("-wal", "crashed-wal");
            std::thread::sleep(Duration::from_millis(30));
            database
        }
    }

    fn is_refused(database: &Path) -> bool {
        match check_log(database) {
            Ok(()) => false,
            Err(StoreError::ForeignLog { log }) => {
                assert_eq!(log.file_name().unwrap(), "crashed-wal");
                true
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_log_beside_its_own_file_is_taken() {
        let live = Live::new();
        live.write(20);
        assert!(!is_refused(&live.crash()), "written, not copied into the file");
        live.checkpoint();
        let crashed = live.crash();
        // The file changed last, by the checkpoint.
        fs::copy(live.folder.path().join("live"), &crashed).unwrap();
        assert!(!is_refused(&crashed), "copied into the file");
        live.write(3);
        assert!(!is_refused(&live.crash()), "written again");
        assert!(!is_refused(Path::new("/nowhere/at/all")));
    }

    #[test]
    fn a_log_of_another_state_is_refused() {
        let live = Live::new();
        live.write(20);
        live.checkpoint();
        let backup = live.copy("", "backup");
        live.write(20);
        live.checkpoint();
        live.write(5);
        let crashed = live.crash();
        fs::copy(&backup, &crashed).unwrap();
        assert!(is_refused(&crashed), "copied over it");
        let crashed = live.crash();
        fs::rename(&backup, &crashed).unwrap();
        assert!(is_refused(&crashed), "moved in its place");
        let other = Live::new();
        other.write(9);
        other.checkpoint();
        let crashed = live.crash();
        fs::copy(other.folder.path().join("live"), &crashed).unwrap();
        assert!(is_refused(&crashed), "another database altogether");
        fs::remove_file(live.folder.path().join("crashed-wal")).unwrap();
        assert!(!is_refused(&crashed), "the log was removed");
    }
}
