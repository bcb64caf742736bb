//! What lies in the data folder.

use std::path::{Path, PathBuf};

use super::{Settings, StartError};

impl Settings {
    /// Pictures, as they are served.
    pub fn pictures_folder(&self) -> PathBuf {
        self.data_dir.join("pictures")
    }

    /// Pictures that are still coming in.
    pub fn uploads_folder(&self) -> PathBuf {
        self.data_dir.join("uploads")
    }

    /// Mail of a machine without a mail server.
    pub fn mail_folder(&self) -> PathBuf {
        self.data_dir.join("mail")
    }

    /// Makes all folders that are missing.
    ///
    /// # Errors
    /// Names the setting that leads nowhere.
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

/// A folder that only this program's user may enter: it holds everybody's data.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
