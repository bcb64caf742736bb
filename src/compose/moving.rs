//! Moving the database of a server to the other engine. Everything else that the server keeps stays where it
//! is: pictures, and the keys of secrets in the database.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use store::moves::{MoveFault, MoveProgress, MoveSide, Moved, move_to_postgres, move_to_sqlite};
use store::{DbPool, StoreError, schema_state};

use super::accounts::connect;
use super::alone::Alone;
use super::backup::check_restored;
use crate::config::{Config, Settings, StartError};

/// Where a store goes.
#[derive(Clone, Copy)]
pub struct MoveOrder<'a> {
    /// The address of the empty database, as the setting `database_url` takes it.
    pub target: &'a str,
    /// Whether servers may go on, so that the target lacks what they write.
    pub while_running: bool,
}

/// A store that was moved.
#[derive(Debug)]
pub struct MovedStore {
    /// The file or the server of the database that it comes from.
    pub from: String,
    /// The file or the server of the database that has it now.
    pub to: String,
    /// The tables.
    pub moved: Moved,
}

/// Fills an empty database of the other engine with everything of the database of these settings.
///
/// # Errors
/// Says why nothing was moved: then the target has nothing of it.
pub async fn move_store(
    config: &Config,
    order: MoveOrder<'_>,
    see: &mut dyn FnMut(&MoveProgress<'_>),
) -> Result<MovedStore, StartError> {
    let settings = &config.settings;
    store::check_url(order.target)
        .map_err(|why| StartError::new(format!("the address of the target: {why}")))?;
    let here = settings.database_file();
    let there = settings.moved_to(order.target);
    if here.is_some() == there.database_file().is_some() {
        return Err(StartError::new(
            "both databases are of one engine, and `move` goes from one to the other: `vestibule backup` and \
             `vestibule restore` bring a store to another place",
        ));
    }
    settings.check_database_is_there()?;
    settings.close_database()?;
    let moved = match here {
        Some(file) => to_postgres(settings, &there, &file, order, see).await?,
        None => to_sqlite(settings, &there, order, see).await?,
    };
    Ok(MovedStore { from: place(settings), to: place(&there), moved })
}

async fn to_postgres(
    settings: &Settings,
    there: &Settings,
    file: &Path,
    order: MoveOrder<'_>,
    see: &mut dyn FnMut(&MoveProgress<'_>),
) -> Result<Moved, StartError> {
    // Whoever looks at the server meanwhile waits for the file, and no server starts on it.
    let _alone = if order.while_running { None } else { Some(Alone::take(settings)?) };
    check_restored(settings, None).await?;
    let pool = connect(settings).await?;
    let current = refuse_other_version(settings, &pool).await;
    pool.close().await;
    current?;
    let pool = connect_to(there).await?;
    let moved = move_to_postgres(file, patience(settings), order.while_running, &pool, see).await;
    let moved = moved.map_err(in_words(settings, there));
    pool.close().await;
    moved
}

async fn to_sqlite(
    settings: &Settings,
    there: &Settings,
    order: MoveOrder<'_>,
    see: &mut dyn FnMut(&MoveProgress<'_>),
) -> Result<Moved, StartError> {
    let wrong = |path: &Path, error: &io::Error| StartError::new(format!("{}: {error}", path.display()));
    let Some(file) = there.database_file() else { return Err(StartError::new("the target is no file")) };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(StartError::new(format!("the folder {} is not there", folder.display())));
    }
    let pool = connect(settings).await?;
    let moved = async {
        check_restored(settings, Some(&pool)).await?;
        refuse_other_version(settings, &pool).await?;
        // A database that a server has made, for the tables of its plug-ins.
        let is_there = file.metadata().is_ok_and(|found| !found.is_file() || found.len() > 0);
        if is_there {
            there.check_database_is_there()?;
        }
        let _alone = Alone::take(there)?;
        let prepared = if is_there {
            Some(connect_to(there).await?)
        } else {
            refuse_beside(there, &file)?;
            None
        };
        let partial = UnnamedFile::make(&file).map_err(|error| wrong(&file, &error))?;
        let moved = move_to_sqlite(&pool, order.while_running, &partial.path, prepared.as_ref(), see).await;
        if let Some(prepared) = prepared {
            prepared.close().await;
        }
        let moved = moved.map_err(in_words(settings, there))?;
        // What lay beside the empty database is none of the file that comes in its place.
        remove_beside(there, &file)?;
        partial.name(&file, folder).map_err(|error| wrong(&file, &error))?;
        Ok(moved)
    };
    let moved = moved.await;
    pool.close().await;
    moved
}

/// Fails when something lies beside a database that is not there: it may be what is left of one.
fn refuse_beside(there: &Settings, file: &Path) -> Result<(), StartError> {
    let left = there.files_of_database().into_iter().find(|path| path != file && path.exists());
    left.map_or(Ok(()), |path| {
        let why =
            "is there already, without the database that it belongs to: name another file, or move it away";
        Err(StartError::new(format!("{} {why}", path.display())))
    })
}

/// Removes what lies beside an empty database that is about to be replaced.
fn remove_beside(there: &Settings, file: &Path) -> Result<(), StartError> {
    for path in there.files_of_database().iter().filter(|path| *path != file) {
        // SQLite removes its log with the last connection.
        let is_log = path.to_string_lossy().ends_with("-wal");
        if is_log && path.metadata().is_ok_and(|found| found.len() > 0) {
            return Err(StartError::new(format!("{}: somebody uses this database", file.display())));
        }
        remove(path).map_err(|error| StartError::new(format!("{}: {error}", path.display())))?;
    }
    Ok(())
}

fn patience(settings: &Settings) -> Duration {
    Duration::from_secs(settings.database.patience_seconds)
}

/// Connects to the target.
async fn connect_to(there: &Settings) -> Result<DbPool, StartError> {
    let connected = async {
        let pool = DbPool::connect(&there.database_address(), 1, patience(there)).await?;
        pool.check_pooler().await?;
        Ok(pool)
    };
    connected.await.map_err(|error: StoreError| StartError::new(format!("{}: {error}", place(there))))
}

/// Only tables as this program knows them have a like on the other engine.
async fn refuse_other_version(settings: &Settings, pool: &DbPool) -> Result<(), StartError> {
    let state = schema_state(pool).await.map_err(|error| settings.wrong_database(error))?;
    if state.newer.is_some() {
        return Err(StartError::new(
            "a newer version of the program has used this database; move it with that version",
        ));
    }
    if state.pending > 0 {
        return Err(StartError::new(
            "the database is of an earlier version of this program: start the server once, which brings it up to date",
        ));
    }
    Ok(())
}

/// The file or the server of a database.
fn place(settings: &Settings) -> String {
    let address = settings.database_address();
    let file = settings.database_file().map(|file| file.display().to_string());
    file.or_else(|| store::postgres_server(&address)).unwrap_or_default()
}

/// The sentence for a fault, with the database that it is about.
fn in_words(settings: &Settings, there: &Settings) -> impl Fn(MoveFault) -> StartError {
    let (here, there) = (place(settings), place(there));
    move |fault| match fault.side() {
        Some(MoveSide::Source) => StartError::new(format!("{here}: {fault}")),
        Some(MoveSide::Target) => StartError::new(format!("{there}: {fault}")),
        None => StartError::new(fault),
    }
}

/// A file beside the database that it becomes. It goes when it is dropped before it has its name.
struct UnnamedFile {
    path: PathBuf,
    named: bool,
}

impl UnnamedFile {
    /// Makes an empty file, in place of what a move left that was killed.
    fn make(database: &Path) -> io::Result<Self> {
        let path = with_suffix(database, ".moving");
        for left in [path.clone(), with_suffix(&path, "-journal"), with_suffix(&path, "-wal")] {
            remove(&left)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path)?;
        Ok(Self { path, named: false })
    }

    /// Brings the file to the disk and gives it its name.
    fn name(mut self, database: &Path, folder: &Path) -> io::Result<()> {
        File::open(&self.path)?.sync_all()?;
        fs::rename(&self.path, database)?;
        self.named = true;
        File::open(folder)?.sync_all()
    }
}

impl Drop for UnnamedFile {
    fn drop(&mut self) {
        if !self.named {
            // Best effort: the error that led here is the one to report.
            let _ = remove(&self.path);
            let _ = remove(&with_suffix(&self.path, "-journal"));
        }
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
