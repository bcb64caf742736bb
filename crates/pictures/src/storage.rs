//! The storage of pictures: one small trait, implemented by a folder unless the operator has another storage.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use super::files::{merge, unique, unless_gone, write_whole};
use super::held;
use super::layout::{REMOVED, file_name, folder_in};
use super::private::make_folder;
use super::{Picture, PictureFormat, PictureId, SIZES};

/// The future of a [`PictureStorage`] method.
pub type StorageFuture<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// A storage for pictures, such as a folder or a bucket.
///
/// Pictures are named by their content, so equal pictures of two accounts are one here. Whoever changes what
/// an account shows keeps this order, which needs no lock: [`put`](Self::put), name the picture in the
/// database, look whether it is still there and put it again if not. Whoever removes one asks the database
/// whether any account names it, [sets it aside](Self::set_aside), asks once more, and
/// [restores](Self::restore) it if one does, else [discards](Self::discard) it.
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

    /// Serves no rendition any more, and keeps them until they are restored or discarded; a storage that is
    /// opened after a crash restores them by itself. `None` if there are none. Of several callers at once,
    /// one gets them.
    ///
    /// # Errors
    /// Those of the place.
    fn set_aside(&self, id: &PictureId) -> StorageFuture<'_, Option<SetAside>>;

    /// Serves again what was set aside.
    ///
    /// # Errors
    /// Those of the place. Then it is still set aside.
    fn restore(&self, aside: SetAside) -> StorageFuture<'_, ()>;

    /// Forgets what was set aside. What is not there counts as forgotten. A storage that is being copied may
    /// delete it only afterwards.
    ///
    /// # Errors
    /// Those of the place.
    fn discard(&self, aside: SetAside) -> StorageFuture<'_, ()>;
}

/// A picture that was [set aside](PictureStorage::set_aside).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// The picture.
    pub id: PictureId,
    /// Where the storage keeps it meanwhile, by the storage's own name for the place.
    pub place: String,
}

/// The way in which a rendition reaches its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Served {
    /// The bytes, for the answer itself.
    Bytes(PictureFormat, Vec<u8>),
    /// A file that holds this many bytes and never changes, for the answer itself.
    File(PictureFormat, PathBuf, u64),
    /// A URL at which the storage serves the rendition, such as a signed URL of a bucket.
    Redirect(String),
}

/// Pictures as files: `ab/cdef…/256.jpg` below a folder, where `abcdef…` is the id.
#[derive(Clone, Debug)]
pub struct FolderStorage {
    root: PathBuf,
}

impl FolderStorage {
    /// A storage in `root`, which is made if it is missing. What a killed process left set aside is served
    /// again: an account may have named it, and a picture that nobody names harms less than a missing one.
    ///
    /// # Errors
    /// If the folder cannot be made, or what was left in it cannot be restored.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        make_folder(&root)?;
        let storage = Self { root };
        storage.restore_left()?;
        Ok(storage)
    }

    fn folder(&self, id: &PictureId) -> PathBuf {
        folder_in(&self.root, id)
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
        make_folder(&folder)?;
        for (size, bytes) in &picture.renditions {
            write_whole(&folder, &file_name(*size, picture.format), bytes)?;
        }
        // A new file survives a power cut only once the folders that name it are synced too.
        folder.ancestors().take(3).try_for_each(|folder| File::open(folder)?.sync_all())
    }

    fn find(&self, id: &PictureId, size: u32) -> io::Result<Option<Served>> {
        if SIZES.contains(&size) { find_rendition(&self.folder(id), size) } else { Ok(None) }
    }

    /// The folder of a picture that is set aside.
    fn place(&self, aside: &SetAside) -> PathBuf {
        self.root.join(REMOVED).join(&aside.place)
    }

    /// Renames the folder, so that of several removers one has all of it and a crash loses nothing.
    fn rename_away(&self, id: PictureId) -> io::Result<Option<SetAside>> {
        make_folder(&self.root.join(REMOVED))?;
        let aside = SetAside { id, place: unique(&id.to_string()) };
        let renamed = unless_gone(fs::rename(self.folder(&id), self.place(&aside)))?;
        Ok(renamed.map(|()| aside))
    }

    fn rename_back(&self, aside: &SetAside) -> io::Result<()> {
        let (place, folder) = (self.place(aside), self.folder(&aside.id));
        if let Some(parent) = folder.parent() {
            make_folder(parent)?;
        }
        let occupied = |kind| matches!(kind, io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists);
        match fs::rename(&place, &folder) {
            Err(error) if occupied(error.kind()) => merge(&place, &folder),
            // Gone: another process restored it when it opened the storage.
            renamed => unless_gone(renamed).map(drop),
        }
    }

    fn delete(&self, aside: &SetAside) -> io::Result<()> {
        held::discard(&self.root, &aside.place)
    }

    /// Restores what was left set aside, and finishes the deletion of what was half deleted.
    fn restore_left(&self) -> io::Result<()> {
        let Some(left) = unless_gone(fs::read_dir(self.root.join(REMOVED)))? else { return Ok(()) };
        for entry in left {
            let place = entry?.file_name().to_string_lossy().into_owned();
            let id = place.split('.').next().and_then(|id| id.parse().ok());
            let Some(id) = id else { continue };
            let aside = SetAside { id, place };
            if held::is_discarded(&aside.place) {
                self.delete(&aside)?;
            } else if is_whole(&self.place(&aside)) || self.folder(&id).exists() {
                self.rename_back(&aside)?;
            } else {
                self.delete(&aside)?;
            }
        }
        Ok(())
    }
}

impl PictureStorage for FolderStorage {
    fn put(&self, picture: Arc<Picture>) -> StorageFuture<'_, ()> {
        let folder = self.clone();
        Box::pin(blocking(move || folder.write(&picture)))
    }

    fn serve(&self, id: &PictureId, size: u32) -> StorageFuture<'_, Option<Served>> {
        let (folder, id) = (self.clone(), *id);
        Box::pin(blocking(move || folder.find(&id, size)))
    }

    fn set_aside(&self, id: &PictureId) -> StorageFuture<'_, Option<SetAside>> {
        let (folder, id) = (self.clone(), *id);
        Box::pin(blocking(move || folder.rename_away(id)))
    }

    fn restore(&self, aside: SetAside) -> StorageFuture<'_, ()> {
        let folder = self.clone();
        Box::pin(blocking(move || folder.rename_back(&aside)))
    }

    fn discard(&self, aside: SetAside) -> StorageFuture<'_, ()> {
        let folder = self.clone();
        Box::pin(blocking(move || folder.delete(&aside)))
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

fn find_rendition(folder: &Path, size: u32) -> io::Result<Option<Served>> {
    for format in PictureFormat::ALL {
        let file = folder.join(file_name(size, format));
        if let Some(found) = unless_gone(fs::metadata(&file))? {
            return Ok(Some(Served::File(format, file, found.len())));
        }
    }
    Ok(None)
}

/// Whether no rendition is missing in `folder`.
fn is_whole(folder: &Path) -> bool {
    let has =
        |size| PictureFormat::ALL.into_iter().any(|format| folder.join(file_name(size, format)).is_file());
    SIZES.into_iter().all(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(seed: u8) -> Arc<Picture> {
        let renditions = SIZES.map(|size| (size, vec![seed; size as usize]));
        Arc::new(Picture { id: PictureId::of(&renditions), format: PictureFormat::Png, renditions })
    }

    /// The bytes of a rendition, which is a PNG.
    async fn served(storage: &FolderStorage, id: &PictureId, size: u32) -> Option<Vec<u8>> {
        let found = storage.serve(id, size).await.unwrap()?;
        let Served::File(PictureFormat::Png, file, length) = found else { panic!("{found:?}") };
        let bytes = fs::read(file).unwrap();
        assert_eq!(bytes.len() as u64, length);
        Some(bytes)
    }

    #[tokio::test]
    async fn what_was_put_is_there_in_every_size() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path().join("new/pictures")).unwrap();
        let picture = picture(1);
        storage.put(picture.clone()).await.unwrap();
        storage.put(picture.clone()).await.unwrap();
        for (size, bytes) in &picture.renditions {
            assert_eq!(served(&storage, &picture.id, *size).await.as_ref(), Some(bytes));
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

    fn set_aside_in(root: &Path) -> usize {
        fs::read_dir(root.join(REMOVED)).unwrap().count()
    }

    #[tokio::test]
    async fn a_picture_is_set_aside_once_and_discarded() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path()).unwrap();
        let (gone, stays) = (picture(3), picture(4));
        storage.put(gone.clone()).await.unwrap();
        storage.put(stays.clone()).await.unwrap();
        let aside = storage.set_aside(&gone.id).await.unwrap().unwrap();
        assert_eq!(storage.set_aside(&gone.id).await.unwrap(), None);
        assert_eq!(storage.serve(&gone.id, 64).await.unwrap(), None);
        assert_eq!(set_aside_in(folder.path()), 1);
        storage.discard(aside.clone()).await.unwrap();
        storage.discard(aside).await.unwrap();
        assert_eq!(set_aside_in(folder.path()), 0);
        assert_eq!(storage.serve(&gone.id, 64).await.unwrap(), None);
        assert!(storage.serve(&stays.id, 64).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_picture_that_was_set_aside_is_restored_beside_what_was_put_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path()).unwrap();
        let picture = picture(6);
        for meanwhile in [&SIZES[..0], &SIZES[..2]] {
            storage.put(picture.clone()).await.unwrap();
            let aside = storage.set_aside(&picture.id).await.unwrap().unwrap();
            for size in meanwhile {
                fs::create_dir_all(storage.folder(&picture.id)).unwrap();
                let name = file_name(*size, picture.format);
                fs::write(storage.folder(&picture.id).join(name), vec![6; *size as usize]).unwrap();
            }
            storage.restore(aside).await.unwrap();
            for (size, bytes) in &picture.renditions {
                assert_eq!(served(&storage, &picture.id, *size).await.as_ref(), Some(bytes));
            }
            assert_eq!(set_aside_in(folder.path()), 0);
        }
    }

    #[tokio::test]
    async fn a_removal_that_a_kill_interrupts_loses_no_picture() {
        let folder = tempfile::tempdir().unwrap();
        let storage = FolderStorage::open(folder.path()).unwrap();
        let (named, half_deleted) = (picture(7), picture(8));
        for picture in [&named, &half_deleted] {
            storage.put(picture.clone()).await.unwrap();
        }
        storage.set_aside(&named.id).await.unwrap().unwrap();
        let aside = storage.set_aside(&half_deleted.id).await.unwrap().unwrap();
        fs::remove_file(storage.place(&aside).join("128.png")).unwrap();
        drop(storage);
        let storage = FolderStorage::open(folder.path()).unwrap();
        for (size, bytes) in &named.renditions {
            assert_eq!(served(&storage, &named.id, *size).await.as_ref(), Some(bytes));
        }
        assert_eq!(storage.serve(&half_deleted.id, 64).await.unwrap(), None);
        assert_eq!(set_aside_in(folder.path()), 0);
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
        assert_eq!(served(&storage, &picture.id, 512).await, Some(vec![5; 512]));
    }
}
