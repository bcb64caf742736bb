//! Writes mail to files, for machines without a mail server.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::SendError;

pub(super) struct MailFolder(PathBuf);

impl MailFolder {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Writes a message to `NAME.eml` and its contents to `NAME.json`, each whole or not at all. Returns the
    /// path of `NAME.eml`.
    pub(super) async fn keep(
        &self,
        name: String,
        message: Vec<u8>,
        contents: Vec<u8>,
    ) -> Result<String, SendError> {
        let folder = self.0.clone();
        let file = format!("{name}.eml");
        let path = folder.join(&file).display().to_string();
        let kept = tokio::task::spawn_blocking(move || {
            // The message is written last, so that a reader who finds it also finds its contents.
            write(&folder, &format!("{name}.json"), &contents)?;
            write(&folder, &file, &message)
        });
        let kept = kept.await.unwrap_or_else(|error| Err(io::Error::other(error)));
        // If one file cannot be written, no other can: the server counts as unreachable.
        kept.map(|()| path).map_err(|error| SendError::Unreachable(format!("the mail folder: {error}")))
    }
}

fn write(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    let unfinished = folder.join(format!(".{name}.part"));
    let written = create(&unfinished).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    let kept = written.and_then(|()| fs::rename(&unfinished, folder.join(name)));
    if kept.is_err() {
        // Fails if the file was never created.
        let _ = fs::remove_file(&unfinished);
    }
    kept
}

/// A file that only the program's user can read, because its link opens an account.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
