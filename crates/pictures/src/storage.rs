//! Where pictures are kept: behind one small trait, in a folder unless the operator has something else.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Picture, PictureFormat, PictureId, SIZES};

/// A place for pictures. The calls block.
///
/// Pictures are named by their content, so equal pictures of two accounts are one here: remove a picture only
/// when no account shows it any more.
pub trait PictureStorage: Send + Sync + 'static {
    /// Keeps all renditions; once this returns they survive a crash. Keeping the same picture again changes
    /// nothing.
    ///
    /// # Errors
    /// Those of the place. Nothing half-written can be read afterwards.
    fn put(&self, picture: &Picture) -> io::Result<()>;

    /// The rendition of `size` pixels (one of [`SIZES`]) and its format; `None` if there is none.
    ///
    /// # Errors
    /// Those of the place.
    fn get(&self, id: &PictureId, size: u32) -> io::Result<Option<(PictureFormat, Vec<u8>)>>;

    /// Forgets all renditions. What is not there counts as forgotten.
    ///
    /// # Errors
    /// Those of the place.
    fn remove(&self, id: &PictureId) -> io::Result<()>;
}

/// Pictures as files: `ab/cdef…/256.jpg` below a folder, where `abcdef…` is the id.
#[derive(Debug)]
pub struct FolderStorage {
    root: PathBuf,
}

impl FolderStorage {
    /// A storage in `root`, which is made if it is missing.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        fs::create_dir_all(&root)?;
        Ok(Self { root })
    }

    /// The folder of one picture. An id is hexadecimal digits and nothing else, so this never leaves the
    /// root.
    fn folder(&self, id: &PictureId) -> PathBuf {
        let id = id.to_string();
        let (first, rest) = id.split_at(2);
        self.root.join(first).join(rest)
    }

    fn write(&self, picture: &Picture) -> io::Result<()> {
        let folder = self.folder(&picture.id);
        fs::create_dir_all(&folder)?;
        for (size, bytes) in &picture.renditions {
            write_whole(&folder, &file_name(*size, picture.format), bytes)?;
        }
        // A new file survives a power cut only once the folders that name it are on the disk too.
        folder.ancestors().take(3).try_for_each(|folder| File::open(folder)?.sync_all())
    }
}

impl PictureStorage for FolderStorage {
    fn put(&self, picture: &Picture) -> io::Result<()> {
        match self.write(picture) {
            // Somebody removed the same picture meanwhile, and its folder with it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.write(picture),
            other => other,
        }
    }

    fn get(&self, id: &PictureId, size: u32) -> io::Result<Option<(PictureFormat, Vec<u8>)>> {
        if !SIZES.contains(&size) {
            return Ok(None);
        }
        let folder = self.folder(id);
        for format in PictureFormat::ALL {
            match fs::read(folder.join(file_name(size, format))) {
                Ok(bytes) => return Ok(Some((format, bytes))),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    fn remove(&self, id: &PictureId) -> io::Result<()> {
        match fs::remove_dir_all(self.folder(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}

fn file_name(size: u32, format: PictureFormat) -> String {
    format!("{size}.{}", format.extension())
}

/// Writes beside the final name and renames, so that a reader sees all of the file or none.
fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let unique = COUNTER.fetch_add(1, Ordering::Relaxed);
    let temporary = folder.join(format!(".{name}.{}-{unique}", std::process::id()));
    let written = (|| {
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, folder.join(name))
    })();
    if written.is_err() {
        // Best effort: on a full disk the room matters, and the first error is the one to report.
        let _ = fs::remove_file(&temporary);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    fn picture(seed: u8) -> Picture {
        let renditions = SIZES.map(|size| (size, vec![seed; size as usize]));
        Picture { id: PictureId::of(&renditions), format: PictureFormat::Png, renditions }
    }

    #[test]
    fn what_was_put_is_there_in_every_size() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path().join("new/pictures")).unwrap();
        let picture = picture(1);
        storage.put(&picture).unwrap();
        storage.put(&picture).unwrap();
        for (size, bytes) in &picture.renditions {
            assert_eq!(storage.get(&picture.id, *size).unwrap(), Some((PictureFormat::Png, bytes.clone())));
        }
        let id = picture.id.to_string();
        let kept = folder.path().join("new/pictures").join(&id[..2]).join(&id[2..]);
        let mut names: Vec<_> = fs::read_dir(kept).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["128.png", "256.png", "512.png", "64.png"]);
    }

    #[test]
    fn what_is_not_there_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path()).unwrap();
        let picture = picture(2);
        assert_eq!(storage.get(&picture.id, 64).unwrap(), None);
        storage.put(&picture).unwrap();
        assert_eq!(storage.get(&picture.id, 65).unwrap(), None);
    }

    #[test]
    fn a_removed_picture_is_gone_and_may_be_removed_again() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path()).unwrap();
        let (gone, stays) = (picture(3), picture(4));
        storage.put(&gone).unwrap();
        storage.put(&stays).unwrap();
        storage.remove(&gone.id).unwrap();
        storage.remove(&gone.id).unwrap();
        assert_eq!(storage.get(&gone.id, 64).unwrap(), None);
        assert!(storage.get(&stays.id, 64).unwrap().is_some());
    }

    #[test]
    fn many_writers_of_one_picture_leave_it_whole() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path()).unwrap();
        let picture = picture(5);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| storage.put(&picture).unwrap());
            }
        });
        assert_eq!(storage.get(&picture.id, 512).unwrap(), Some((PictureFormat::Png, vec![5; 512])));
    }
}
