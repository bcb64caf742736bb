//! The data folder, the folders inside it, and the file of the database.

use std::io;
use std::path::{Path, PathBuf};

use super::private::{close_file, own_content, own_file, own_folder};
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

    /// Creates the missing folders. Takes them, what lies in them and the SQLite database away from everybody
    /// but their owner, whatever they were before.
    ///
    /// # Errors
    /// Names the setting, and the folder or file that cannot be created or closed.
    pub fn make_folders(&self) -> Result<(), StartError> {
        let wrong = |setting: &'static str, path: &Path| {
            let path = path.display().to_string();
            move |error: io::Error| StartError::setting(setting, format!("{path}: {error}"))
        };
        let mut folders = vec![self.pictures_folder(), self.uploads_folder()];
        // A folder of mail may be left from before there was a mail server.
        if self.smtp.url.is_none() || self.mail_folder().is_dir() {
            folders.push(self.mail_folder());
        }
        own_folder(&self.data_dir).map_err(wrong("data_dir", &self.data_dir))?;
        for folder in folders {
            own_folder(&folder).and_then(|()| own_content(&folder)).map_err(wrong("data_dir", &folder))?;
        }
        if let Some(database) = self.database_file() {
            own_file(&database).map_err(wrong("database_url", &database))?;
            // SQLite gives those that it makes the permissions of the database.
            for suffix in ["-wal", "-shm"] {
                let mut beside = database.clone().into_os_string();
                beside.push(suffix);
                close_file(Path::new(&beside)).map_err(wrong("database_url", Path::new(&beside)))?;
            }
        }
        Ok(())
    }

    /// The file of the SQLite database; `None` for PostgreSQL and for a database in memory.
    pub fn database_file(&self) -> Option<PathBuf> {
        store::sqlite_file(&self.database_address())
    }
}
