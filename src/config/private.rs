//! Folders that only the program's user may enter, and files that only it may read, whatever they were
//! before.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

/// Permissions of a folder and of a file. Only their owner has any.
#[cfg(unix)]
const FOLDER: u32 = 0o700;
#[cfg(unix)]
const FILE: u32 = 0o600;
/// The bits that say who may do what.
#[cfg(unix)]
const PERMISSIONS: u32 = 0o777;
/// The bits beside them.
#[cfg(unix)]
const SPECIAL: u32 = 0o7000;
/// On a folder such as `/tmp`, which belongs to everybody.
#[cfg(unix)]
const STICKY: u32 = 0o1000;

/// Makes a folder if it is missing, and takes it away from everybody but its owner.
///
/// # Errors
/// The folder cannot be made, is another user's and open to others, or is everybody's, such as `/tmp`.
pub fn own_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, FOLDER);
    builder.create(folder)?;
    close_folder(folder).map(drop)
}

/// Does the same as [`own_folder`] with everything in a folder. A folder in it that is closed already is not
/// looked into: nobody gets at what lies there.
///
/// # Errors
/// As [`own_folder`], for the first path that fails.
pub fn own_content(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type());
        let closed = match kind {
            Ok(kind) if kind.is_dir() => match close_folder(&path) {
                Ok(true) => own_content(&path),
                other => other.map(drop),
            },
            Ok(kind) if kind.is_file() => close_file(&path),
            // What a symbolic link points to is not ours.
            other => other.map(drop),
        };
        unless_gone(closed)?;
    }
    Ok(())
}

/// Checks that what is written to a folder belongs to the folder's owner, if it is there: what root makes in
/// another user's folder is root's, and closed to that user.
///
/// # Errors
/// This is root, and the folder is another user's.
pub fn check_owner(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;

        let owner = match fs::metadata(folder) {
            Ok(about) => about.uid(),
            Err(error) => return unless_gone(Err(error)),
        };
        if owner != 0 && rustix::process::geteuid().is_root() {
            let why = format!(
                "it belongs to the user {owner}, who could not read what root writes; run this as that user"
            );
            return Err(io::Error::other(why));
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Makes an empty file if there is none. Never opens one that is there: closing a file of SQLite's would
/// release its locks (<https://sqlite.org/howtocorrupt.html>, section 2.2).
///
/// # Errors
/// The file cannot be made, or is another user's and open to others.
pub fn own_file(file: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, FILE);
    match options.open(file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => close_file(file),
        made => made.map(drop),
    }
}

/// Takes a file away from everybody but its owner, if there is one.
///
/// # Errors
/// The file is another user's and open to others.
pub fn close_file(file: &Path) -> io::Result<()> {
    #[cfg(unix)]
    unless_gone(close(file, FILE).map(drop))?;
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// Returns `true` when the folder was open to others before.
fn close_folder(folder: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        close(folder, FOLDER)
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        Ok(false)
    }
}

#[cfg(unix)]
fn close(path: &Path, wanted: u32) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = fs::metadata(path)?.permissions().mode();
    if mode & PERMISSIONS == wanted {
        return Ok(false);
    }
    let refused = |why: &str| {
        let advice = format!(
            "{why}, and others may get at it ({:03o}); it should be {wanted:03o}",
            mode & PERMISSIONS
        );
        io::Error::new(io::ErrorKind::PermissionDenied, advice)
    };
    if mode & STICKY != 0 {
        return Err(refused("it belongs to everybody"));
    }
    fs::set_permissions(path, fs::Permissions::from_mode((mode & SPECIAL) | wanted)).map_err(|error| {
        match error.kind() {
            io::ErrorKind::PermissionDenied => refused("it belongs to another user"),
            _ => error,
        }
    })?;
    log::info!("{} was open to others, and is so no longer", path.display());
    Ok(true)
}

/// What was removed meanwhile needs nothing.
fn unless_gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
