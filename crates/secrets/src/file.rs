//! The file that keeps the keys: one a line, as base64, the newest first. Nobody but its owner may read it.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use domain::Random;
use zeroize::Zeroizing;

use crate::key::{BadKey, SecretKey};
use crate::sealed::SecretKeys;

/// No file of keys is longer.
const LONGEST: u64 = 64 << 10;

/// Permissions of the file.
#[cfg(unix)]
const OWNER_ALONE: u32 = 0o600;

const ABOUT: &str = "# The keys that Vestibule encrypts secrets in its database with, the newest first. Without them nobody can sign in\n\
                     # with a code any more: keep a copy, apart from those of the database.\n";

/// The file of the keys. It need not be there.
#[derive(Clone, Debug)]
pub struct KeyFile(PathBuf);

/// Why a file of keys cannot be used.
#[derive(Debug)]
pub enum KeyFileError {
    /// Others than its owner may read it, with these permissions.
    Open(u32),
    /// It is not a list of keys.
    Bad(BadKey),
    /// Another program is changing it.
    Held,
    /// It cannot be read or written.
    Io(io::Error),
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(mode) => {
                write!(f, "others may read it ({mode:03o}); it should be 600, and its keys be replaced")
            }
            Self::Bad(bad) => write!(f, "{bad}, one a line"),
            Self::Held => f.write_str("another command is changing it"),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for KeyFileError {}

impl From<io::Error> for KeyFileError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The right to change the file, until it is dropped.
#[derive(Debug)]
pub struct Locked(#[expect(dead_code, reason = "held for its lock, which ends with it")] File);

impl KeyFile {
    /// The file at `path`.
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Reads the keys. `None` when there is no file.
    ///
    /// # Errors
    /// Others may read the file, it is no list of keys, or it cannot be read.
    pub fn read(&self) -> Result<Option<SecretKeys>, KeyFileError> {
        let file = match File::open(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        refuse_open(&file)?;
        let mut text = Zeroizing::new(String::new());
        file.take(LONGEST).read_to_string(&mut text)?;
        SecretKeys::parse(&text).map(Some).map_err(KeyFileError::Bad)
    }

    /// Reads the keys, and makes the file with a new one if there is none. Of two programs that make it at
    /// once, both get the same key.
    ///
    /// # Errors
    /// As [`read`](Self::read); also when the file cannot be made.
    pub fn read_or_make(&self, random: &dyn Random) -> Result<SecretKeys, KeyFileError> {
        if let Some(keys) = self.read()? {
            return Ok(keys);
        }
        let written = self.beside(&SecretKeys::only(SecretKey::generate(random)), random)?;
        // A link never replaces a file that has come meanwhile, as renaming would.
        let linked = fs::hard_link(&written, &self.0);
        let removed = fs::remove_file(&written);
        match linked {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
            _ => removed?,
        }
        self.sync_folder();
        self.read()?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound).into())
    }

    /// Puts `keys` in place of what the file has. Whoever reads it meanwhile gets the one or the other.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn replace(
        &self,
        keys: &SecretKeys,
        _locked: &Locked,
        random: &dyn Random,
    ) -> Result<(), KeyFileError> {
        let written = self.beside(keys, random)?;
        if let Err(error) = same_owner(&self.0, &written).and_then(|()| fs::rename(&written, &self.0)) {
            let _ = fs::remove_file(&written);
            return Err(error.into());
        }
        self.sync_folder();
        Ok(())
    }

    /// Takes the right to change the file.
    ///
    /// # Errors
    /// `Held` when another program has it.
    pub fn lock(&self) -> Result<Locked, KeyFileError> {
        let file = options().truncate(false).create(true).open(self.named(".lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Locked(file)),
            Err(TryLockError::WouldBlock) => Err(KeyFileError::Held),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Writes `keys` to a new file in the same folder, down to the disk.
    fn beside(&self, keys: &SecretKeys, random: &dyn Random) -> Result<PathBuf, KeyFileError> {
        let mut name = [0; 8];
        random.fill(&mut name);
        let path = self.named(&format!(".{:016x}", u64::from_ne_bytes(name)));
        let mut text = Zeroizing::new(ABOUT.to_owned());
        for key in keys.iter() {
            text.push_str(&key.to_text());
            text.push('\n');
        }
        let mut file = options().create_new(true).open(&path)?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        if let Err(error) = written {
            let _ = fs::remove_file(&path);
            return Err(error.into());
        }
        Ok(path)
    }

    fn named(&self, suffix: &str) -> PathBuf {
        let mut name = self.0.clone().into_os_string();
        name.push(suffix);
        name.into()
    }

    /// Brings the file's name to the disk too. Where a folder cannot be opened, the system does so by itself.
    fn sync_folder(&self) {
        let folder = self.0.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
            let _ = folder.sync_all();
        }
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, OWNER_ALONE);
    options
}

/// Gives a new file to whoever owns the old one: an administrator's command changes what the server reads.
#[cfg(unix)]
fn same_owner(old: &Path, new: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;

    let (was, is) = (fs::metadata(old)?, fs::metadata(new)?);
    if (was.uid(), was.gid()) == (is.uid(), is.gid()) {
        return Ok(());
    }
    std::os::unix::fs::chown(new, Some(was.uid()), Some(was.gid()))
}

#[cfg(not(unix))]
fn same_owner(_old: &Path, _new: &Path) -> io::Result<()> {
    Ok(())
}

/// Refuses a file that others may read. It is not closed in silence: what others could read is no secret.
#[cfg(unix)]
fn refuse_open(file: &File) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = file.metadata()?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyFileError::Open(mode)) }
}

#[cfg(not(unix))]
fn refuse_open(_file: &File) -> Result<(), KeyFileError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::OsRandom;

    fn file(folder: &tempfile::TempDir) -> KeyFile {
        KeyFile::new(folder.path().join("secret.key"))
    }

    #[test]
    fn reading_makes_no_file_and_all_that_start_at_once_get_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        assert!(file.read().unwrap().is_none());
        assert!(!file.path().exists());
        let starts: Vec<_> = (0..16)
            .map(|_| {
                let file = file.clone();
                std::thread::spawn(move || file.read_or_make(&OsRandom).unwrap().first().id())
            })
            .collect();
        let ids: Vec<_> = starts.into_iter().map(|start| start.join().unwrap()).collect();
        assert!(ids.iter().all(|id| *id == ids[0]));
        assert_eq!(file.read().unwrap().unwrap().first().id(), ids[0]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        file.read_or_make(&OsRandom).unwrap();
        let mode = || fs::metadata(file.path()).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        for open in [0o644, 0o640, 0o604, 0o620] {
            fs::set_permissions(file.path(), fs::Permissions::from_mode(open)).unwrap();
            assert!(matches!(file.read(), Err(KeyFileError::Open(found)) if found == open));
            assert!(matches!(file.read_or_make(&OsRandom), Err(KeyFileError::Open(_))));
        }
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o400)).unwrap();
        assert!(file.read().unwrap().is_some());
    }

    #[test]
    fn a_file_is_replaced_whole_and_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        let old = file.read_or_make(&OsRandom).unwrap();
        let locked = file.lock().unwrap();
        assert!(matches!(file.lock(), Err(KeyFileError::Held)));
        let new = old.led_by(SecretKey::generate(&OsRandom));
        file.replace(&new, &locked, &OsRandom).unwrap();
        assert!(file.read().unwrap().unwrap().iter().eq(new.iter()));
        drop(locked);
        file.lock().unwrap();
    }

    #[test]
    fn what_is_no_list_of_keys_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        for junk in ["", "secret\n", "# only a remark\n"] {
            let _ = fs::remove_file(file.path());
            options().create_new(true).open(file.path()).unwrap().write_all(junk.as_bytes()).unwrap();
            assert!(matches!(file.read_or_make(&OsRandom), Err(KeyFileError::Bad(_))), "{junk:?}");
            assert_eq!(fs::read_to_string(file.path()).unwrap(), junk);
        }
    }
}
