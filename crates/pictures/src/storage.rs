//! The storage of pictures: one small trait, implemented by a folder unless the operator has another storage.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Picture, PictureFormat, PictureId, SIZES};

/// The future of a [`PictureStorage`] method.
pub type StorageFuture<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// A storage for pictures, such as a folder or a bucket.
///
/// Pictures are named by their content, so equal pictures of two accounts are one picture here. The following
/// orders need no lock. To change the picture of an account: [`put`](Self::put) it, name it in the database,
/// check that it is still stored, and put it again if it is not. To remove a picture: ask the database
/// whether any account names it, [remove](Self::remove) it, ask again, and put it back if an account does.
pub trait PictureStorage: Send + Sync + 'static {
    /// Stores all renditions. When the future resolves, they survive a crash. Storing the same picture again
    /// changes nothing.
    ///
    /// # Errors
    /// The storage's I/O error. A partly written rendition can never be read.
    fn put(&self, picture: Arc<Picture>) -> StorageFuture<'_, ()>;

    /// The rendition of `size` pixels (one of [`SIZES`]); `None` if there is none.
    ///
    /// # Errors
    /// The storage's I/O error.
    fn serve(&self, id: &PictureId, size: u32) -> StorageFuture<'_, Option<Served>>;

    /// Removes all renditions, and returns them if all existed. A missing rendition counts as removed.
    ///
    /// # Errors
    /// The storage's I/O error.
    fn remove(&self, id: &PictureId) -> StorageFuture<'_, Option<Picture>>;
}

/// The way in which a rendition reaches its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Served {
    /// The bytes, for the answer itself.
    Bytes(PictureFormat, Vec<u8>),
    /// A URL at which the storage serves the rendition, such as a signed URL of a bucket.
    Redirect(String),
}

/// Pictures as files: `ab/cdef…/256.jpg` below a folder, where `abcdef…` is the id.
#[derive(Clone, Debug)]
pub struct FolderStorage {
    root: PathBuf,
}

impl FolderStorage {
    /// A storage in the folder `root`, which is created if it is missing.
    ///
    /// # Errors
    /// The file system's error when the folder cannot be created.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        fs::create_dir_all(&root)?;
        Ok(Self { root })
    }

    /// The folder of one picture. An id consists of hexadecimal digits, so the path never leaves the root.
    fn folder(&self, id: &PictureId) -> PathBuf {
        let id = id.to_string();
        let (first, rest) = id.split_at(2);
        self.root.join(first).join(rest)
    }

    fn write(&self, picture: &Picture) -> io::Result<()> {
        match self.write_all(picture) {
            // Another call removed the same picture, and its folder, at the same time.
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.write_all(picture),
            other => other,
        }
    }

    fn write_all(&self, picture: &Picture) -> io::Result<()> {
        let folder = self.folder(&picture.id);
        fs::create_dir_all(&folder)?;
        for (size, bytes) in &picture.renditions {
            write_whole(&folder, &file_name(*size, picture.format), bytes)?;
        }
        // A new file survives a power cut only once the folders that name it are synced too.
        folder.ancestors().take(3).try_for_each(|folder| File::open(folder)?.sync_all())
    }

    fn read(&self, id: &PictureId, size: u32) -> io::Result<Option<(PictureFormat, Vec<u8>)>> {
        if SIZES.contains(&size) { read_rendition(&self.folder(id), size) } else { Ok(None) }
    }

    /// Renames the folder before it reads and deletes it, so that of several simultaneous removals one gets
    /// everything.
    fn take(&self, id: PictureId) -> io::Result<Option<Picture>> {
        let folder = self.folder(&id);
        let taken = folder.with_file_name(unique(".removed"));
        match fs::rename(&folder, &taken) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            renamed => renamed?,
        }
        let picture = read_all(&taken, id);
        fs::remove_dir_all(&taken)?;
        picture
    }
}

impl PictureStorage for FolderStorage {
    fn put(&self, picture: Arc<Picture>) -> StorageFuture<'_, ()> {
        let folder = self.clone();
        Box::pin(blocking(move || folder.write(&picture)))
    }

    fn serve(&self, id: &PictureId, size: u32) -> StorageFuture<'_, Option<Served>> {
        let (folder, id) = (self.clone(), *id);
        Box::pin(async move {
            let found = blocking(move || folder.read(&id, size)).await?;
            Ok(found.map(|(format, bytes)| Served::Bytes(format, bytes)))
        })
    }

    fn remove(&self, id: &PictureId) -> StorageFuture<'_, Option<Picture>> {
        let (folder, id) = (self.clone(), *id);
        Box::pin(blocking(move || folder.take(id)))
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

fn read_rendition(folder: &Path, size: u32) -> io::Result<Option<(PictureFormat, Vec<u8>)>> {
    for format in PictureFormat::ALL {
        match fs::read(folder.join(file_name(size, format))) {
            Ok(bytes) => return Ok(Some((format, bytes))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// All renditions in `folder`; `None` if one is missing.
fn read_all(folder: &Path, id: PictureId) -> io::Result<Option<Picture>> {
    let mut format = PictureFormat::Jpeg;
    let mut renditions = SIZES.map(|size| (size, Vec::new()));
    for (size, bytes) in &mut renditions {
        let Some(found) = read_rendition(folder, *size)? else { return Ok(None) };
        (format, *bytes) = found;
    }
    Ok(Some(Picture { id, format, renditions }))
}

fn file_name(size: u32, format: PictureFormat) -> String {
    format!("{size}.{}", format.extension())
}

/// Writes a temporary file and renames it, so that a reader sees the whole file or none.
fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let temporary = folder.join(unique(&format!(".{name}")));
    let written = (|| {
        let mut file = File::create(&temporary)?;
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
fn unique(stem: &str) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    format!("{stem}.{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(seed: u8) -> Arc<Picture> {
        let renditions = SIZES.map(|size| (size, vec![seed; size as usize]));
        Arc::new(Picture { id: PictureId::of(&renditions), format: PictureFormat::Png, renditions })
    }

    fn png(bytes: Vec<u8>) -> Option<Served> {
        Some(Served::Bytes(PictureFormat::Png, bytes))
    }

    #[tokio::test]
    async fn what_was_put_is_there_in_every_size() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path().join("new/pictures")).unwrap();
        let picture = picture(1);
        storage.put(picture.clone()).await.unwrap();
        storage.put(picture.clone()).await.unwrap();
        for (size, bytes) in &picture.renditions {
            assert_eq!(storage.serve(&picture.id, *size).await.unwrap(), png(bytes.clone()));
        }
        let id = picture.id.to_string();
        let kept = folder.path().join("new/pictures").join(&id[..2]).join(&id[2..]);
        let mut names: Vec<_> = fs::read_dir(kept).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["128.png", "256.png", "512.png", "64.png"]);
    }

    #[tokio::test]
    async fn what_is_not_there_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path()).unwrap();
        let picture = picture(2);
        assert_eq!(storage.serve(&picture.id, 64).await.unwrap(), None);
        storage.put(picture.clone()).await.unwrap();
        assert_eq!(storage.serve(&picture.id, 65).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_removed_picture_is_given_back_whole_and_may_be_removed_again() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path()).unwrap();
        let (gone, stays) = (picture(3), picture(4));
        storage.put(gone.clone()).await.unwrap();
        storage.put(stays.clone()).await.unwrap();
        assert_eq!(storage.remove(&gone.id).await.unwrap().as_ref(), Some(gone.as_ref()));
        assert_eq!(storage.remove(&gone.id).await.unwrap(), None);
        assert_eq!(storage.serve(&gone.id, 64).await.unwrap(), None);
        assert!(storage.serve(&stays.id, 64).await.unwrap().is_some());
        let left = fs::read_dir(folder.path().join(&gone.id.to_string()[..2])).unwrap();
        let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| stays.id.to_string().ends_with(&*name.to_string_lossy())), "{left:?}");
    }

    #[tokio::test]
    async fn half_a_picture_is_removed_and_not_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path()).unwrap();
        let picture = picture(6);
        storage.put(picture.clone()).await.unwrap();
        fs::remove_file(storage.folder(&picture.id).join("128.png")).unwrap();
        assert_eq!(storage.remove(&picture.id).await.unwrap(), None);
        assert_eq!(storage.serve(&picture.id, 64).await.unwrap(), None);
    }

    #[tokio::test]
    async fn many_writers_of_one_picture_leave_it_whole() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path()).unwrap();
        let picture = picture(5);
        let mut writers = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (storage, picture) = (storage.clone(), picture.clone());
            writers.spawn(async move { storage.put(picture).await });
        }
        writers.join_all().await.into_iter().collect::<io::Result<()>>().unwrap();
        assert_eq!(storage.serve(&picture.id, 512).await.unwrap(), png(vec![5; 512]));
    }
}
