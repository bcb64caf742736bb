//! Where a backup is written to: a file that gets its name once it is whole, or standard output.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Stdout, Write};
use std::path::{Path, PathBuf};

use super::fault::BackupFault;

/// Where a backup goes.
#[derive(Clone, Debug)]
pub enum BackupTo {
    /// A file that is not there yet.
    File(PathBuf),
    /// Standard output.
    StandardOutput,
}

/// What is being written. Dropped before it is [kept](BackupOutput::keep), it leaves nothing.
pub struct BackupOutput {
    to: OutputTarget,
    kept: bool,
}

enum OutputTarget {
    File { file: File, partial: PathBuf, path: PathBuf },
    StandardOutput(Stdout),
}

/// Removes what a killed backup left, unless another backup is writing it.
fn clear(partial: &Path, path: &Path) -> Result<(), BackupFault> {
    let said = |path: &Path, why: &str| BackupFault::new(format!("{}: {why}", path.display()));
    let about = match fs::symlink_metadata(partial) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(|error| said(partial, &error.to_string()))?,
    };
    if !about.is_file() {
        return Err(said(partial, "is no file of a backup; take it away"));
    }
    let left = File::open(partial).map_err(|error| said(partial, &error.to_string()))?;
    match left.try_lock() {
        Ok(()) => fs::remove_file(partial).map_err(|error| said(partial, &error.to_string())),
        Err(TryLockError::WouldBlock) => Err(said(path, "another backup is writing it")),
        Err(TryLockError::Error(error)) => Err(said(partial, &error.to_string())),
    }
}

impl BackupOutput {
    /// Begins to write.
    pub fn begin(to: &BackupTo) -> Result<Self, BackupFault> {
        let BackupTo::File(path) = to else {
            return Ok(Self { to: OutputTarget::StandardOutput(io::stdout()), kept: false });
        };
        let said = |path: &Path, why: &str| BackupFault::new(format!("{}: {why}", path.display()));
        refuse_existing(path)?;
        let partial = beside(path, ".partial");
        clear(&partial, path)?;
        let mut options = OpenOptions::new();
        // Never what somebody else has put there: it may be open to others, or lead elsewhere.
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&partial).map_err(|error| said(&partial, &error.to_string()))?;
        file.try_lock().map_err(|error| said(&partial, &error.to_string()))?;
        Ok(Self { to: OutputTarget::File { file, partial, path: path.clone() }, kept: false })
    }

    /// The name of a file that may lie beside what is written, until it is whole.
    pub fn beside(&self) -> Option<PathBuf> {
        match &self.to {
            OutputTarget::File { path, .. } => Some(beside(path, ".partial.sqlite")),
            OutputTarget::StandardOutput(_) => None,
        }
    }

    /// Brings everything to the disk, and gives the file its name.
    pub fn keep(mut self) -> Result<(), BackupFault> {
        match &mut self.to {
            OutputTarget::File { file, partial, path } => {
                let said = |error: io::Error| BackupFault::new(format!("{}: {error}", path.display()));
                file.sync_all().map_err(said)?;
                refuse_existing(path)?;
                fs::rename(partial, &path).map_err(said)?;
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                File::open(folder.unwrap_or(Path::new(".")))
                    .and_then(|folder| folder.sync_all())
                    .map_err(said)?;
            }
            OutputTarget::StandardOutput(out) => out.flush()?,
        }
        self.kept = true;
        Ok(())
    }
}

impl Write for BackupOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.to {
            OutputTarget::File { file, partial, .. } => file
                .write(bytes)
                .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", partial.display()))),
            OutputTarget::StandardOutput(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            OutputTarget::File { file, .. } => file.flush(),
            OutputTarget::StandardOutput(out) => out.flush(),
        }
    }
}

impl Drop for BackupOutput {
    fn drop(&mut self) {
        if let OutputTarget::File { partial, .. } = &self.to
            && !self.kept
        {
            // Best effort: the error that led here is the one to report.
            let _ = fs::remove_file(partial);
        }
    }
}

fn refuse_existing(path: &Path) -> Result<(), BackupFault> {
    match path.symlink_metadata() {
        Ok(_) => Err(BackupFault::new(format!(
            "{}: there is a file of this name already; name another, or move that one away",
            path.display()
        ))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(BackupFault::new(format!("{}: {error}", path.display()))),
    }
}

/// The file whose name is that of `path` and `suffix`.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A file that goes when it is dropped.
pub struct Passing(PathBuf);

impl Passing {
    /// Makes an empty file, in place of one that was left there.
    pub fn make(path: PathBuf) -> io::Result<Self> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        if let Err(error) = fs::remove_file(&path)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(named(error));
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path).map_err(named)?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
