//! Mail as files, for machines without a mail server.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::SendError;

pub(super) struct MailFolder(PathBuf);

impl MailFolder {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Keeps a message as `NAME.eml` with `NAME.json` beside it, each whole or not at all. Gives the former's
    /// path.
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
            // The message comes last: whoever finds it finds its contents too.
            write(&folder, &format!("{name}.json"), &contents)?;
            write(&folder, &file, &message)
        });
        let kept = kept.await.unwrap_or_else(|error| Err(io::Error::other(error)));
        // Where one file cannot be written, no other can.
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
        // It may not be there at all.
        let _ = fs::remove_file(&unfinished);
    }
    kept
}

/// A file that only this program's user may read: it opens an account.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
