//! A new folder of pictures that is filled from a copy.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::layout::{Rendition, file_name, folder_in};
use super::private::{make_file, make_folder};
use super::{PictureId, SIZES};

/// A folder that pictures are unpacked into. Nothing is on the disk for sure before the system was asked for
/// it, once for all of them.
#[derive(Debug)]
pub struct UnpackedPictures {
    root: PathBuf,
    newest: Option<PictureId>,
    pictures: u64,
}

impl UnpackedPictures {
    /// Makes the folder.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn begin(root: &Path) -> io::Result<Self> {
        make_folder(root)?;
        Ok(Self { root: root.to_owned(), newest: None, pictures: 0 })
    }

    /// Makes the file of a rendition, to be written to.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn add(&mut self, rendition: Rendition) -> io::Result<File> {
        let folder = folder_in(&self.root, &rendition.id);
        if self.newest != Some(rendition.id) {
            make_folder(&folder)?;
            self.newest = Some(rendition.id);
        }
        self.pictures += u64::from(rendition.size == SIZES[0]);
        make_file(&folder.join(file_name(rendition.size, rendition.format)))
    }

    /// Brings everything to the disk, with whatever else is on that disk.
    ///
    /// # Errors
    /// The disk fails.
    pub fn sync(&self) -> io::Result<()> {
        let root = File::open(&self.root)?;
        #[cfg(target_os = "linux")]
        rustix::fs::syncfs(&root)?;
        #[cfg(not(target_os = "linux"))]
        rustix::fs::sync();
        root.sync_all()
    }

    /// How many pictures there are.
    pub fn pictures(&self) -> u64 {
        self.pictures
    }
}
