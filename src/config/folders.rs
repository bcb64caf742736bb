//! The folders inside the data folder.

use std::path::{Path, PathBuf};

use super::{Settings, StartError};

impl Settings {
    /// Folder of the pictures' renditions.
    pub fn pictures_folder(&self) -> PathBuf {
        self.data_dir.join("pictures")
    }

    /// Folder of uploads that are arriving.
    pub fn uploads_folder(&self) -> PathBuf {
        self.data_dir.join("uploads")
    }

    /// Folder of the mail on a machine without a mail server.
    pub fn mail_folder(&self) -> PathBuf {
        self.data_dir.join("mail")
    }

    /// Creates the missing folders.
    ///
    /// # Errors
    /// Names `data_dir` and the folder that cannot be created.
    pub fn make_folders(&self) -> Result<(), StartError> {
        let mut folders = vec![self.data_dir.clone(), self.pictures_folder(), self.uploads_folder()];
        if self.smtp.url.is_none() {
            folders.push(self.mail_folder());
        }
        for folder in folders {
            make_folder(&folder)
                .map_err(|error| StartError::setting("data_dir", format!("{}: {error}", folder.display())))?;
        }
        Ok(())
    }
}

/// Creates a folder that only the program's user may enter, because it contains everybody's data.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
