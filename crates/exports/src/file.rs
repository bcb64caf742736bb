//! A file that is being written.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// How many pieces wait for the disk.
const WAITING: usize = 4;

/// What is to be written next.
enum Piece {
    /// An entry with this name begins.
    Begin(String),
    /// Bytes of the entry that has begun.
    Bytes(Vec<u8>),
    /// An entry with this name is what is in this file.
    Copy(String, PathBuf),
    /// Nothing follows.
    End,
}

/// A whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishedExport {
    /// Where it is.
    pub path: PathBuf,
    /// In bytes.
    pub length: u64,
}

/// A ZIP file that is being written. Dropped before [`finish`](Self::finish) it leaves nothing.
#[derive(Debug)]
pub struct ExportFile {
    pieces: mpsc::Sender<Piece>,
    written: Option<JoinHandle<io::Result<FinishedExport>>>,
}

impl ExportFile {
    pub(super) fn new(file: File, part: PathBuf, whole: PathBuf, made_at: i64) -> Self {
        let (pieces, waiting) = mpsc::channel(WAITING);
        let written = tokio::task::spawn_blocking(move || {
            let written = write(file, &part, &whole, made_at, waiting);
            if written.is_err() {
                // Best effort: on a full disk it frees space, and the first error is the one to report.
                let _ = fs::remove_file(&part);
            }
            written
        });
        Self { pieces, written: Some(written) }
    }

    /// Begins an entry. Its name may have slashes.
    ///
    /// # Errors
    /// The first error of what was written so far.
    pub async fn begin(&mut self, name: &str) -> io::Result<()> {
        self.send(Piece::Begin(name.to_owned())).await
    }

    /// Writes more of the entry that was begun last.
    ///
    /// # Errors
    /// The first error of what was written so far.
    pub async fn write(&mut self, bytes: Vec<u8>) -> io::Result<()> {
        self.send(Piece::Bytes(bytes)).await
    }

    /// Writes an entry that is what the file at `from` holds, as it is: a picture would not get smaller.
    ///
    /// # Errors
    /// The first error of what was written so far.
    pub async fn copy(&mut self, name: &str, from: PathBuf) -> io::Result<()> {
        self.send(Piece::Copy(name.to_owned(), from)).await
    }

    /// Ends the file. It survives a crash when the future resolves.
    ///
    /// # Errors
    /// The first error of what was written.
    pub async fn finish(mut self) -> io::Result<FinishedExport> {
        self.send(Piece::End).await?;
        self.outcome().await
    }

    async fn send(&mut self, piece: Piece) -> io::Result<()> {
        match self.pieces.send(piece).await {
            Ok(()) => Ok(()),
            // The thread has ended, and says why.
            Err(_) => self.outcome().await.and_then(|_| Err(io::Error::other("the file has ended"))),
        }
    }

    async fn outcome(&mut self) -> io::Result<FinishedExport> {
        match self.written.take() {
            Some(written) => written.await.map_err(io::Error::other)?,
            None => Err(io::Error::other("the file was given up")),
        }
    }
}

/// Writes the pieces that come, until the last one.
fn write(
    file: File,
    part: &Path,
    whole: &Path,
    made_at: i64,
    mut pieces: mpsc::Receiver<Piece>,
) -> io::Result<FinishedExport> {
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let packed = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(date(made_at))
        .unix_permissions(0o600);
    let stored = packed.compression_method(CompressionMethod::Stored);
    loop {
        match pieces.blocking_recv() {
            Some(Piece::Begin(name)) => zip.start_file(name, packed)?,
            Some(Piece::Bytes(bytes)) => zip.write_all(&bytes)?,
            Some(Piece::Copy(name, from)) => {
                let mut from = File::open(from)?;
                zip.start_file(name, stored)?;
                io::copy(&mut from, &mut zip)?;
            }
            Some(Piece::End) => break,
            None => return Err(io::Error::other("it was not finished")),
        }
    }
    let file = zip.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    let length = file.metadata()?.len();
    fs::rename(part, whole)?;
    // A new name survives a power cut only once its folder is synced too.
    whole.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())?;
    Ok(FinishedExport { path: whole.to_owned(), length })
}

/// The date of an entry, in UTC: a ZIP knows no zones. One that it cannot say is the first that it can.
fn date(at: i64) -> DateTime {
    let at = OffsetDateTime::from_unix_timestamp(at.div_euclid(1_000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (hour, minute, second) = at.to_hms();
    let year = u16::try_from(at.year()).unwrap_or_default();
    DateTime::from_date_and_time(year, at.month().into(), at.day(), hour, minute, second).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_no_entry_can_have_is_another() {
        for at in [i64::MIN, -1, 0, i64::MAX] {
            assert!(date(at).year() >= 1980);
        }
    }
}
