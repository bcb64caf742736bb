//! A guard against the log of another state: a crash leaves a write-ahead log beside the SQLite file, an
//! operator puts a copy in place of the file, and SQLite would replay the log over the copy.
//!
//! SQLite itself cannot tell, because a log names no file. So each start of the server gives the database a
//! new *generation*: a random number in the file itself and in a small file beside it. A log belongs to the
//! generation in which it was written. A copy from an earlier start has another.
//!
//! A copy of the same generation is told by its pages: while file and log belong together, the file changes
//! only when a checkpoint copies pages of the log into it. So if it was written later than the log, at least
//! one page of the log is in it. Format: <https://sqlite.org/fileformat2.html>, sections 1.3 and 4.1.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{OsRandom, Random as _};
use rusqlite::{Connection, OpenFlags};

use super::{DbPool, Store, StoreError};

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
    let log = &beside(database, "-wal");
    // A server that is running may write while the files are read, but not in the same way twice.
    let foreign = is_foreign(database, log).and_then(|first| {
        if first {
            std::thread::sleep(LOOK_AGAIN);
        }
        Ok(first && is_foreign(database, log)?)
    });
    match foreign {
        Ok(true) => Err(StoreError::ForeignLog { log: log.clone() }),
        Ok(false) | Err(_) => Ok(()),
    }
}

fn is_foreign(database: &Path, log: &Path) -> io::Result<bool> {
    let (file, logged) = (fs::metadata(database)?, fs::metadata(log)?);
    if logged.len() <= HEADER as u64 {
        return Ok(false);
    }
    let generations = noted(database);
    if !generations.is_empty()
        && let Some(generation) = generation_of(database)
        && !generations.contains(&generation)
    {
        return Ok(true);
    }
    if !written_later(&file, &logged) {
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

/// Whether the content of the file changed after that of the log. By both times of the last change: one is
/// kept by some ways of copying, the other changes with permissions and names.
#[cfg(unix)]
fn written_later(file: &fs::Metadata, log: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    (file.mtime(), file.mtime_nsec()) > (log.mtime(), log.mtime_nsec())
        && (file.ctime(), file.ctime_nsec()) > (log.ctime(), log.ctime_nsec())
}

#[cfg(not(unix))]
fn written_later(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    false
}

/// The file whose name is that of `file` and `suffix`.
fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The file beside the database that notes its generation, and while that changes, the former one too.
fn note_of(database: &Path) -> PathBuf {
    beside(database, ".generation")
}

/// The generations that the log may belong to; none when nothing is noted.
fn noted(database: &Path) -> Vec<i64> {
    let text = fs::read_to_string(note_of(database)).unwrap_or_default();
    text.split_whitespace().filter_map(|number| number.parse().ok()).collect()
}

/// Notes the generations in one step.
fn note(database: &Path, generations: &[i64]) -> io::Result<()> {
    let note = note_of(database);
    let unfinished = &beside(&note, ".new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(unfinished)?;
    for generation in generations {
        writeln!(file, "{generation}")?;
    }
    file.sync_all()?;
    fs::rename(unfinished, note)
}

/// The generation in the file alone, without its log: 0 before the first one, and in a copy from before there
/// were any. `None` when the file cannot be read as it is.
fn generation_of(database: &Path) -> Option<i64> {
    // A URL, because only there the file can be declared immutable: SQLite then looks for no log.
    let path = database.to_str()?.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(format!("file:{path}?immutable=1"), flags).ok()?;
    let count = "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'readiness'";
    let tables: i64 = connection.query_row(count, [], |row| row.get(0)).ok()?;
    if tables == 0 {
        return Some(0);
    }
    connection.query_row("SELECT generation FROM readiness", [], |row| row.get(0)).ok()
}

impl Store {
    /// Begins a new generation of an SQLite database, for a server that starts and has it alone.
    ///
    /// # Errors
    /// `Unavailable` when the database or the file beside it cannot be written.
    pub async fn begin_generation(&self) -> Result<(), StoreError> {
        let DbPool::Sqlite(pool) = &self.pool else { return Ok(()) };
        let Some(fast) = &self.fast else { return Ok(()) };
        let database = fast.file();
        let failed = |error: io::Error| StoreError::Unavailable(sqlx::Error::Io(error));
        let mut random = [0; 8];
        OsRandom.fill(&mut random);
        // Not 0, which is the generation of a file without any.
        let next = i64::from_ne_bytes(random) | 1;
        let former = generation_of(database);
        let between: Vec<i64> = noted(database).into_iter().chain(former).chain([next]).collect();
        note(database, &between).map_err(failed)?;
        let sql = "UPDATE readiness SET generation = $1";
        sqlx::query(sql).bind(next).execute(pool).await?;
        // Into the file, which has all of the former log then.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(pool).await?;
        if generation_of(database) == Some(next) {
            note(database, &[next]).map_err(failed)?;
        }
        Ok(())
    }
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
    fn a_log_beside_a_file_that_was_touched_is_taken() {
        use std::os::unix::fs::PermissionsExt as _;

        let live = Live::new();
        live.write(20);
        live.checkpoint();
        live.write(5);
        let crashed = live.crash();
        fs::set_permissions(&crashed, fs::Permissions::from_mode(0o640)).unwrap();
        fs::hard_link(&crashed, live.folder.path().join("kept")).unwrap();
        assert!(!is_refused(&crashed));
    }

    #[test]
    fn a_copy_of_another_generation_is_refused_whatever_was_touched() {
        let live = Live::new();
        let generation = "CREATE TABLE readiness (generation INTEGER); INSERT INTO readiness VALUES (7)";
        live.connection.execute_batch(generation).unwrap();
        live.checkpoint();
        let backup = live.copy("", "backup");
        live.connection.execute("UPDATE readiness SET generation = 8", []).unwrap();
        live.checkpoint();
        live.write(5);
        let crashed = live.crash();
        note(&crashed, &[7, 8]).unwrap();
        assert!(!is_refused(&crashed), "while it changes, both are known");
        note(&crashed, &[8]).unwrap();
        assert!(!is_refused(&crashed), "its own");
        fs::rename(&backup, &crashed).unwrap();
        let log = live.folder.path().join("crashed-wal");
        let log = fs::OpenOptions::new().write(true).open(log).unwrap();
        log.set_modified(std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(9_000_000_000)).unwrap();
        assert!(is_refused(&crashed), "moved in its place");
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
