//! The empty place that a backup is restored into. Everything is written beside it first, below `restoring`
//! in the data folder and beside the database, and gets its names at the end, an SQLite database last. A
//! restore that is killed in between has noted what it named, so that the next one can take it back.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use pictures::UnpackedPictures;

use super::fault::BackupFault;
use super::unfinished::{self, Named};
use crate::compose::alone::Alone;
use crate::config::Settings;

const PICTURES: &str = "pictures";
const KEY: &str = "secret.key";

/// An empty place, and what is to come there.
pub struct Place<'a> {
    settings: &'a Settings,
    /// The folder of what is being restored.
    folder: PathBuf,
    /// The SQLite database while it is being restored, and where it comes.
    database: Option<(PathBuf, PathBuf)>,
    /// Whether everything has its name, so that nothing is to be removed any more.
    named: bool,
    _lock: File,
    _alone: Option<Alone>,
}

impl<'a> Place<'a> {
    /// Takes the place. Removes what killed restores left.
    pub fn take(settings: &'a Settings) -> Result<Self, BackupFault> {
        settings.make_restoring_folder()?;
        let folder = settings.restoring_folder();
        let under_way = || BackupFault::new(format!("{}: {}", folder.display(), unfinished::UNDER_WAY));
        let lock = unfinished::lock(&folder).map_err(at(&folder))?.ok_or_else(under_way)?;
        let alone = settings.database_file().map(|_| Alone::take(settings)).transpose()?;
        unfinished::undo(settings)?;
        let database = settings.restored_database().zip(settings.database_file());
        let place = Self { settings, folder, database, named: false, _lock: lock, _alone: alone };
        refuse_taken(settings)?;
        place.empty()?;
        Ok(place)
    }

    /// Removes what a restore left that was killed.
    fn empty(&self) -> Result<(), BackupFault> {
        for entry in fs::read_dir(&self.folder).map_err(at(&self.folder))? {
            let path = entry.map_err(at(&self.folder))?.path();
            if path.file_name().is_some_and(|name| name == unfinished::LOCK) {
                continue;
            }
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(at(&path))?;
        }
        let restored = self.database.as_ref().map(|(restored, _)| restored);
        restored.map_or(Ok(()), |path| unless_gone(fs::remove_file(path)).map(drop).map_err(at(path)))
    }

    /// The file that an SQLite database is written to.
    pub fn database(&self) -> Result<Option<File>, BackupFault> {
        let Some((restored, _)) = &self.database else { return Ok(None) };
        own_file(restored).map(Some)
    }

    /// The folder that pictures are unpacked into.
    pub fn pictures(&self) -> Result<UnpackedPictures, BackupFault> {
        let folder = self.folder.join(PICTURES);
        UnpackedPictures::begin(&folder).map_err(at(&folder))
    }

    /// Writes the file of the keys.
    pub fn write_key(&self, content: &[u8]) -> Result<(), BackupFault> {
        let path = self.folder.join(KEY);
        let mut file = own_file(&path)?;
        file.write_all(content).and_then(|()| file.sync_all()).map_err(at(&path))
    }

    /// Gives everything its name. What is written is on the disk.
    pub fn name(&mut self) -> Result<(), BackupFault> {
        let data = self.folder.parent().unwrap_or(Path::new(".")).to_owned();
        let moved: Vec<Named> =
            [PICTURES, KEY].iter().filter_map(|name| Named::at(&self.folder, name)).collect();
        unfinished::note(self.settings, &moved)?;
        // From here on the note is what tells the next restore.
        self.named = true;
        let named = self.rename(&data, &moved);
        if named.is_err() {
            unfinished::undo(self.settings)?;
            self.named = false;
        }
        named
    }

    fn rename(&self, data: &Path, moved: &[Named]) -> Result<(), BackupFault> {
        for Named { name, .. } in moved {
            let (from, to) = (self.folder.join(name), data.join(name));
            if name == PICTURES {
                remove_empty_pictures(&to)?;
            }
            fs::rename(&from, &to).map_err(at(&to))?;
        }
        sync_folder(data)?;
        if let Some((restored, database)) = &self.database {
            fs::rename(restored, database).map_err(at(database))?;
            sync_folder(database.parent().unwrap_or(Path::new(".")))?;
        }
        Ok(())
    }

    /// Removes what was needed until everything was there.
    pub fn finish(self) {
        unfinished::clear(self.settings);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.named {
            unfinished::clear(self.settings);
        }
    }
}

/// Fails when there is something of a server's already.
pub fn refuse_taken(settings: &Settings) -> Result<(), BackupFault> {
    match taken(settings)? {
        None => Ok(()),
        Some(path) => Err(BackupFault::new(format!(
            "{} is there already, and a backup is restored into an empty place: name another with `data_dir` and \
             `database_url`, or move everything away first",
            path.display()
        ))),
    }
}

fn taken(settings: &Settings) -> Result<Option<PathBuf>, BackupFault> {
    if let Some(found) = settings.files_of_database().into_iter().find(|file| is_there(file)) {
        return Ok(Some(found));
    }
    let key = settings.secret_key_file().path().to_owned();
    if key.symlink_metadata().is_ok() {
        return Ok(Some(key));
    }
    let pictures = settings.pictures_folder();
    match fs::read_dir(&pictures) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(&pictures)(error)),
        Ok(entries) => {
            for entry in entries {
                let entry = entry.map_err(at(&pictures))?;
                if !entry.file_name().to_string_lossy().starts_with('.') {
                    return Ok(Some(entry.path()));
                }
            }
            Ok(None)
        }
    }
}

/// Whether the file has something: a start that failed may have made an empty one.
fn is_there(file: &Path) -> bool {
    file.symlink_metadata().is_ok_and(|found| !found.is_file() || found.len() > 0)
}

/// Removes a folder of pictures without pictures, such as a start that failed makes one.
fn remove_empty_pictures(folder: &Path) -> Result<(), BackupFault> {
    let Some(entries) = unless_gone(fs::read_dir(folder)).map_err(at(folder))? else { return Ok(()) };
    for entry in entries {
        let path = entry.map_err(at(folder))?.path();
        let removed = if path.is_dir() { fs::remove_dir(&path) } else { fs::remove_file(&path) };
        removed.map_err(at(&path))?;
    }
    fs::remove_dir(folder).map_err(at(folder))
}

fn own_file(path: &Path) -> Result<File, BackupFault> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(at(path))
}

fn sync_folder(folder: &Path) -> Result<(), BackupFault> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
}

fn at(path: &Path) -> impl Fn(io::Error) -> BackupFault {
    move |error| BackupFault::new(format!("{}: {error}", path.display()))
}

fn unless_gone<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}
