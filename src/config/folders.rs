//! The data folder, the folders inside it, and the file of the database.

use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::private::{check_owner, close_file, own_content, own_file, own_folder};
use super::secret::SecretSetting;
use super::{Settings, StartError};
use secrets::KeyFile;

impl Settings {
    /// Folder of the pictures' renditions.
    pub fn pictures_folder(&self) -> PathBuf {
        self.data_dir.join("pictures")
    }

    /// Folder of the files that people take their data home in.
    pub fn exports_folder(&self) -> PathBuf {
        self.data_dir.join("exports")
    }

    /// Folder of uploads that are arriving.
    pub fn uploads_folder(&self) -> PathBuf {
        self.data_dir.join("uploads")
    }

    /// File of the keys that secrets in the database are encrypted with, unless a setting has them.
    pub fn secret_key_file(&self) -> KeyFile {
        KeyFile::new(self.data_dir.join("secret.key"))
    }

    /// Folder of the mail on a machine without a mail server.
    pub fn mail_folder(&self) -> PathBuf {
        self.data_dir.join("mail")
    }

    /// Creates the missing folders. Takes them, what lies in them and the SQLite database away from everybody
    /// but their owner, whatever they were before.
    ///
    /// # Errors
    /// Names the setting, and the folder or file that cannot be created or closed, or the log that does not
    /// belong to the database.
    pub fn make_folders(&self) -> Result<(), StartError> {
        let wrong = |setting: &'static str, path: &Path| {
            let path = path.display().to_string();
            move |error: io::Error| StartError::setting(setting, format!("{path}: {error}"))
        };
        if self.data_dir.exists() && !self.data_dir.is_dir() {
            return Err(wrong("data_dir", &self.data_dir)(io::Error::other(
                "it is a file, and should be a folder",
            )));
        }
        if let Some(database) = self.database_file() {
            if database.is_dir() {
                let folder = io::Error::other("it is a folder; name a file in it");
                return Err(wrong("database_url", &database)(folder));
            }
            check_is_database(&database).map_err(wrong("database_url", &database))?;
            // Before any file is touched: the check goes by the times of their last changes.
            store::check_log(&database).map_err(|error| self.wrong_database(error))?;
        }
        let mut folders = vec![self.pictures_folder(), self.uploads_folder()];
        // A folder of mail may be left from before there was a mail server.
        if self.smtp.url.is_none() || self.mail_folder().is_dir() {
            folders.push(self.mail_folder());
        }
        // The first file makes it.
        folders.extend(Some(self.exports_folder()).filter(|folder| folder.is_dir()));
        own_folder(&self.data_dir).map_err(wrong("data_dir", &self.data_dir))?;
        for folder in folders {
            own_folder(&folder).and_then(|()| own_content(&folder)).map_err(wrong("data_dir", &folder))?;
        }
        self.close_files_of_database()?;
        for (setting, file) in self.lock_files() {
            close_file(&file).map_err(wrong(setting, &file))?;
        }
        Ok(())
    }

    /// Gives an SQLite database and the files beside it to the user that runs the program alone.
    ///
    /// # Errors
    /// Names the file that cannot be closed, or the log that does not belong to the database.
    pub fn close_database(&self) -> Result<(), StartError> {
        let Some(database) = self.database_file() else { return Ok(()) };
        store::check_log(&database).map_err(|error| self.wrong_database(error))?;
        self.close_files_of_database()
    }

    fn close_files_of_database(&self) -> Result<(), StartError> {
        let Some(database) = self.database_file() else { return Ok(()) };
        let wrong = |path: &Path| {
            let path = path.display().to_string();
            move |error: io::Error| StartError::setting("database_url", format!("{path}: {error}"))
        };
        own_file(&database).map_err(|error| missing_folder(&database, error)).map_err(wrong(&database))?;
        // SQLite gives those that it makes the permissions of the database.
        for file in ["-wal", "-shm", ".generation"].map(|suffix| beside(&database, suffix)) {
            close_file(&file).map_err(wrong(&file))?;
        }
        Ok(())
    }

    /// The files by which one server keeps others off, each with the setting that names its place: in the
    /// data folder, and beside the database, by whatever name or link a server finds it. None with
    /// PostgreSQL.
    pub fn lock_files(&self) -> Vec<(&'static str, PathBuf)> {
        let Some(database) = self.database_file() else { return Vec::new() };
        let setting = if self.database_url.is_some() { "database_url" } else { "data_dir" };
        // A file that is not there yet has no other name.
        let database = database.canonicalize().unwrap_or(database);
        // Not the database itself: closing a file of SQLite's would release SQLite's own locks.
        vec![("data_dir", self.data_dir.join("lock")), (setting, beside(&database, ".lock"))]
    }

    /// The database as an absolute path or a server, unless it is the usual one in the working folder.
    pub fn named_database(&self) -> Option<String> {
        if self.database_url.is_none() && self.data_dir == Self::default().data_dir {
            return None;
        }
        match self.database_file() {
            Some(file) => Some(absolute(&file)),
            None => store::postgres_server(&self.database_address()),
        }
    }

    /// Checks that a server has made the SQLite database, for a command that must not make one.
    ///
    /// # Errors
    /// Names the setting and the file that is not there, or cannot be looked at.
    pub fn check_database_is_there(&self) -> Result<(), StartError> {
        let Some(file) = self.database_file() else { return Ok(()) };
        let setting = if self.database_url.is_some() { "database_url" } else { "data_dir" };
        let why = match file.metadata() {
            Ok(found) if found.is_file() && found.len() > 0 => {
                check_is_database(&file)
                    .map_err(|error| StartError::setting(setting, format!("{}: {error}", absolute(&file))))?;
                return store::check_log(&file).map_err(|error| self.wrong_database(error));
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => error.to_string(),
            _ => "there is no database. Run this in the server's folder and with its environment; the server makes the \
                  database when it starts"
                .to_owned(),
        };
        Err(StartError::setting(setting, format!("{}: {why}", absolute(&file))))
    }

    /// The error that names the setting and the file or the server of the database.
    pub fn wrong_database(&self, why: store::StoreError) -> StartError {
        self.database_fault(why)
    }

    /// As [`wrong_database`](Self::wrong_database), for what is not the store's own error.
    pub fn database_fault(&self, why: impl fmt::Display) -> StartError {
        let setting = if self.database_url.is_some() { "database_url" } else { "data_dir" };
        let url = self.database_address();
        let place = self.database_file().map(|file| file.display().to_string());
        match place.or_else(|| store::postgres_server(&url)) {
            Some(place) => StartError::setting(setting, format!("{place}: {why}")),
            None => StartError::setting(setting, why),
        }
    }

    /// The files that an SQLite database consists of, or that say something of it. None with PostgreSQL.
    pub fn files_of_database(&self) -> Vec<PathBuf> {
        let Some(database) = self.database_file() else { return Vec::new() };
        let others = ["-wal", "-shm", "-journal", ".generation"].map(|suffix| beside(&database, suffix));
        std::iter::once(database).chain(others).collect()
    }

    /// Where SQLite copies its database for a backup that goes elsewhere. `None` with PostgreSQL.
    pub fn copied_database(&self) -> Option<PathBuf> {
        let name = format!(".backup-{}", std::process::id());
        self.database_file().map(|database| beside(&database, &name))
    }

    /// The SQLite database while it is being restored. `None` with PostgreSQL.
    pub fn restored_database(&self) -> Option<PathBuf> {
        self.database_file().map(|database| beside(&database, ".restoring"))
    }

    /// The folder of what is being restored.
    pub fn restoring_folder(&self) -> PathBuf {
        self.data_dir.join("restoring")
    }

    /// Makes the folder of what is being restored, in a data folder that need not be there.
    ///
    /// # Errors
    /// Names the setting, and the folder that cannot be made.
    pub fn make_restoring_folder(&self) -> Result<(), StartError> {
        for folder in [&self.data_dir, &self.restoring_folder()] {
            check_owner(folder)
                .and_then(|()| own_folder(folder))
                .map_err(|error| StartError::setting("data_dir", format!("{}: {error}", folder.display())))?;
        }
        let Some(database) = self.database_file() else { return Ok(()) };
        let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
        folder.map_or(Ok(()), |folder| {
            let why = format!("the folder {} is not there", folder.display());
            Err(StartError::setting("database_url", format!("{}: {why}", database.display())))
        })
    }

    /// These settings with another database.
    pub fn moved_to(&self, database_url: &str) -> Self {
        Self { database_url: Some(SecretSetting::new(database_url)), ..self.clone() }
    }

    /// The file of the SQLite database; `None` for PostgreSQL and for a database in memory.
    pub fn database_file(&self) -> Option<PathBuf> {
        store::sqlite_file(&self.database_address())
    }
}

/// How each SQLite database begins (<https://sqlite.org/fileformat2.html>, section 1.3).
const DATABASE: &[u8; 16] = b"SQLite format 3\0";

/// Checks that a file, if it is there, is empty or an SQLite database, before anything is done with it: a
/// name that was mistyped must not take another file away from its readers.
///
/// # Errors
/// It is something else, cannot be read, or lies in a folder that is not there.
fn check_is_database(file: &Path) -> io::Result<()> {
    let about = match file.metadata() {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if !about.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    if about.len() == 0 {
        return Ok(());
    }
    let mut beginning = [0; DATABASE.len()];
    let read = fs::File::open(file)?.read_exact(&mut beginning);
    match read {
        Ok(()) if beginning == *DATABASE => Ok(()),
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
        _ => Err(io::Error::other("it is no SQLite database; name another file")),
    }
}

/// What is missing where a file cannot be made: the folder that it would lie in, as a rule.
fn missing_folder(file: &Path, error: io::Error) -> io::Error {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    match folder {
        Some(folder) => io::Error::other(format!("the folder {} is not there", folder.display())),
        None => error,
    }
}

fn absolute(file: &Path) -> String {
    std::path::absolute(file).unwrap_or_else(|_| file.to_owned()).display().to_string()
}

/// The file whose name is that of the database and `suffix`.
fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.to_path_buf().into_os_string();
    name.push(suffix);
    name.into()
}
