//! Keeping pictures while somebody copies them: what is discarded meanwhile is deleted only afterwards.
//!
//! A copy names the pictures of one moment, and takes longer than that. So it locks a file of the folder, and
//! whoever discards a picture looks at the lock first, in any process on the folder. A place without locks
//! (some network file systems) copies without: a picture that goes meanwhile is then missing in the copy.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::files::unless_gone;
use super::layout::{REMOVED, Rendition, file_name, folder_in};
use super::{PictureFormat, PictureId};

/// The file that is locked.
const LOCK: &str = ".held";

/// What the place of a picture ends with that is to be deleted.
const DISCARDED: &str = ".discarded";

/// How often, and after what time, the lock is tried again, which those who delete something have for a
/// moment.
const TRY_AGAIN: (usize, Duration) = (100, Duration::from_millis(20));

/// How often a rendition is looked for that may be moved meanwhile.
const LOOKS: usize = 3;

/// Deletes what was set aside at `place`, or leaves that to whoever holds the pictures.
pub(super) fn discard(root: &Path, place: &str) -> io::Result<()> {
    let removed = root.join(REMOVED);
    let lock = open_lock(root)?;
    match lock.try_lock_shared() {
        Err(TryLockError::WouldBlock) if is_discarded(place) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            let later = removed.join(format!("{place}{DISCARDED}"));
            unless_gone(fs::rename(removed.join(place), later)).map(drop)
        }
        Ok(()) | Err(TryLockError::Error(_)) => {
            unless_gone(fs::remove_dir_all(removed.join(place))).map(drop)
        }
    }
}

/// Whether what lies at `place` is to be deleted.
pub(super) fn is_discarded(place: &str) -> bool {
    place.ends_with(DISCARDED)
}

fn open_lock(root: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(root.join(LOCK))
}

/// The pictures of a folder, none of which is deleted until they are [released](Self::release). What a killed
/// process did not delete, the next start of a server or the next release does.
#[derive(Debug)]
pub struct HeldPictures {
    root: PathBuf,
    lock: Option<File>,
}

/// A rendition that can be read.
#[derive(Debug)]
pub struct OpenRendition {
    /// Which one.
    pub rendition: Rendition,
    /// Its file.
    pub file: File,
    /// The file's length.
    pub length: u64,
}

impl HeldPictures {
    /// Holds the pictures in `root`. There may be no such folder.
    ///
    /// # Errors
    /// `WouldBlock` when somebody else holds them; otherwise the folder's own error.
    pub fn take(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        let Some(lock) = unless_gone(open_lock(&root))? else { return Ok(Self { root, lock: None }) };
        for _ in 0..TRY_AGAIN.0 {
            match lock.try_lock() {
                Ok(()) => return Ok(Self { root, lock: Some(lock) }),
                Err(TryLockError::WouldBlock) => std::thread::sleep(TRY_AGAIN.1),
                Err(TryLockError::Error(_)) => return Ok(Self { root, lock: None }),
            }
        }
        Err(io::Error::new(io::ErrorKind::WouldBlock, "another process copies the pictures"))
    }

    /// Opens a rendition, wherever it lies at present; `None` if there is none.
    ///
    /// # Errors
    /// The folder's own error, or something in it is a link.
    pub fn open(&self, id: &PictureId, size: u32) -> io::Result<Option<OpenRendition>> {
        let folder = folder_in(&self.root, id);
        for _ in 0..LOOKS {
            if let Some(found) = open_in(&folder, id, size)? {
                return Ok(Some(found));
            }
            for place in self.set_aside(id)? {
                if let Some(found) = open_in(&place, id, size)? {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// The folders of the picture among those that are set aside.
    fn set_aside(&self, id: &PictureId) -> io::Result<Vec<PathBuf>> {
        let Some(entries) = unless_gone(fs::read_dir(self.root.join(REMOVED)))? else {
            return Ok(Vec::new());
        };
        let begins = format!("{id}.");
        let paths = entries.map(|entry| entry.map(|entry| entry.path()));
        let of_it =
            |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&begins));
        paths.filter(|path| path.as_ref().map_or(true, of_it)).collect()
    }

    /// Deletes what was discarded meanwhile.
    ///
    /// # Errors
    /// Something cannot be deleted. The next release tries it again.
    pub fn release(self) -> io::Result<()> {
        let Some(entries) = unless_gone(fs::read_dir(self.root.join(REMOVED)))? else { return Ok(()) };
        for entry in entries {
            let entry = entry?;
            if self.lock.is_some() && is_discarded(&entry.file_name().to_string_lossy()) {
                unless_gone(fs::remove_dir_all(entry.path()))?;
            }
        }
        Ok(())
    }
}

fn open_in(folder: &Path, id: &PictureId, size: u32) -> io::Result<Option<OpenRendition>> {
    for part in [folder.parent(), Some(folder)].into_iter().flatten() {
        if !is_there(part, fs::Metadata::is_dir)? {
            return Ok(None);
        }
    }
    for format in PictureFormat::ALL {
        let path = folder.join(file_name(size, format));
        if is_there(&path, fs::Metadata::is_file)?
            && let Some(file) = unless_gone(File::open(&path))?
        {
            let length = file.metadata()?.len();
            return Ok(Some(OpenRendition { rendition: Rendition { id: *id, size, format }, file, length }));
        }
    }
    Ok(None)
}

/// Whether there is something, which has to be of its own kind: a link could lead to anything.
fn is_there(path: &Path, right: impl FnOnce(&fs::Metadata) -> bool) -> io::Result<bool> {
    match unless_gone(fs::symlink_metadata(path))? {
        None => Ok(false),
        Some(found) if right(&found) => Ok(true),
        Some(found) => {
            let kind = if found.is_symlink() { "a link" } else { "of another kind" };
            Err(io::Error::other(format!(
                "{} is {kind}, and nothing that belongs to a picture",
                path.display()
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{FolderStorage, Picture, PictureStorage as _, SIZES};
    use super::*;

    fn picture(seed: u8) -> Arc<Picture> {
        let renditions = SIZES.map(|size| (size, vec![seed; size as usize]));
        Arc::new(Picture { id: PictureId::of(&renditions), format: PictureFormat::Png, renditions })
    }

    fn is_whole(held: &HeldPictures, picture: &Picture) -> bool {
        SIZES.iter().all(|size| {
            let found = held.open(&picture.id, *size).unwrap();
            found.is_some_and(|found| found.length == u64::from(*size) && found.rendition.size == *size)
        })
    }

    #[tokio::test]
    async fn what_is_discarded_while_it_is_held_is_deleted_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path()).unwrap();
        let (stays, goes) = (picture(1), picture(2));
        for picture in [&stays, &goes] {
            storage.put(picture.clone()).await.unwrap();
        }
        let held = HeldPictures::take(folder.path()).unwrap();
        let aside = storage.set_aside(&goes.id).await.unwrap().unwrap();
        assert!(is_whole(&held, &goes), "set aside");
        storage.discard(aside).await.unwrap();
        assert!(is_whole(&held, &goes) && is_whole(&held, &stays), "discarded");
        assert_eq!(storage.serve(&goes.id, 64).await.unwrap(), None, "nobody else sees it");
        // A server that starts meanwhile neither shows nor deletes it.
        let storage = FolderStorage::open(folder.path()).unwrap();
        assert_eq!(storage.serve(&goes.id, 64).await.unwrap(), None);
        assert!(is_whole(&held, &goes));
        held.release().unwrap();
        assert_eq!(fs::read_dir(folder.path().join(REMOVED)).unwrap().count(), 0);
        let held = HeldPictures::take(folder.path()).unwrap();
        assert!(is_whole(&held, &stays) && !is_whole(&held, &goes));
        drop(held);
        let aside = storage.set_aside(&stays.id).await.unwrap().unwrap();
        storage.discard(aside).await.unwrap();
        assert_eq!(fs::read_dir(folder.path().join(REMOVED)).unwrap().count(), 0, "nobody holds it");
    }

    #[tokio::test]
    async fn what_a_killed_copy_left_is_deleted_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path()).unwrap();
        let goes = picture(3);
        storage.put(goes.clone()).await.unwrap();
        let held = HeldPictures::take(folder.path()).unwrap();
        let aside = storage.set_aside(&goes.id).await.unwrap().unwrap();
        storage.discard(aside).await.unwrap();
        drop(held);
        let storage = FolderStorage::open(folder.path()).unwrap();
        assert_eq!(storage.serve(&goes.id, 64).await.unwrap(), None);
        assert_eq!(fs::read_dir(folder.path().join(REMOVED)).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_link_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("pictures");
        let storage = FolderStorage::open(&root).unwrap();
        let picture = picture(4);
        storage.put(picture.clone()).await.unwrap();
        let its = folder_in(&root, &picture.id);
        let elsewhere = folder.path().join("elsewhere");
        for part in [its.join("64.png"), its.clone(), its.parent().unwrap().to_owned()] {
            fs::rename(&part, &elsewhere).unwrap();
            std::os::unix::fs::symlink(&elsewhere, &part).unwrap();
            let held = HeldPictures::take(&root).unwrap();
            let said = held.open(&picture.id, 64).unwrap_err().to_string();
            assert!(said.contains("is a link"), "{said}");
            fs::remove_file(&part).unwrap();
            fs::rename(&elsewhere, &part).unwrap();
        }
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_pictures_and_one_has_one_holder() {
        let folder = tempfile::tempdir().unwrap();
        let held = HeldPictures::take(folder.path().join("nowhere")).unwrap();
        assert!(held.open(&PictureId::of(&[]), 64).unwrap().is_none());
        held.release().unwrap();
        assert!(!folder.path().join("nowhere").exists());
        let _held = HeldPictures::take(folder.path()).unwrap();
        assert_eq!(HeldPictures::take(folder.path()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    }
}
