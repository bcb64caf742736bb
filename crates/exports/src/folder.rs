//! The folder of the files.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::{ExportFile, FinishedExport};

/// The end of the name of a whole file.
const WHOLE: &str = "zip";

/// The end of the name of a file that is being written.
const PART: &str = "part";

/// A folder of ZIP files. A file's name is of letters, digits, `-` and `_`, without an end.
#[derive(Clone, Debug)]
pub struct ExportFolder {
    root: Arc<Path>,
}

impl ExportFolder {
    /// The folder at `root`, which is made when the first file is.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into().into() }
    }

    /// Begins the file `name`. What is in it is dated `made_at`, in milliseconds since 1970.
    ///
    /// # Errors
    /// The name is none; the folder or the file cannot be made.
    pub async fn begin(&self, name: &str, made_at: i64) -> io::Result<ExportFile> {
        let (folder, part, whole) = (self.clone(), self.place(name, PART)?, self.place(name, WHOLE)?);
        let opened = tokio::task::spawn_blocking(move || {
            make_folder(&folder.root)?;
            make_file(&part).map(|file| (file, part))
        });
        let (file, part) = opened.await.map_err(io::Error::other)??;
        Ok(ExportFile::new(file, part, whole, made_at))
    }

    /// The whole file `name`; `None` where there is none.
    ///
    /// # Errors
    /// The name is none; the folder cannot be read.
    pub async fn find(&self, name: &str) -> io::Result<Option<FinishedExport>> {
        let path = self.place(name, WHOLE)?;
        match tokio::fs::metadata(&path).await {
            Ok(about) => Ok(Some(FinishedExport { path, length: about.len() })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes the file `name`, whole or not. One that is not there is no error.
    ///
    /// # Errors
    /// The name is none; the file cannot be removed.
    pub async fn remove(&self, name: &str) -> io::Result<()> {
        for end in [PART, WHOLE] {
            match tokio::fs::remove_file(self.place(name, end)?).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The names of all files, whole or not.
    ///
    /// # Errors
    /// The folder cannot be read. One that is not there has no files.
    pub async fn names(&self) -> io::Result<Vec<String>> {
        let folder = self.clone();
        let listed = tokio::task::spawn_blocking(move || folder.list());
        listed.await.map_err(io::Error::other)?
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(&self.root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            // What somebody else put there is theirs.
            let ours = name.to_str().and_then(|name| name.rsplit_once('.'));
            if let Some((name, PART | WHOLE)) = ours.filter(|(name, _)| is_name(name)) {
                names.push(name.to_owned());
            }
        }
        Ok(names)
    }

    fn place(&self, name: &str, end: &str) -> io::Result<PathBuf> {
        if !is_name(name) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not the name of an export"));
        }
        Ok(self.root.join(format!("{name}.{end}")))
    }
}

/// Whether a file may have this name, which leads nowhere else.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn make_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
