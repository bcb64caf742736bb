//! Bodies with a file in them: the part `file` is copied on while it arrives, so that its size
//! costs no memory, and the reading stops at the first byte too many.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufWriter};

use super::gate::MAX_HEADER_BYTES;
use super::header::BodyKind;
use super::multipart::{self, Target};
use super::{BodyError, Fields, MAX_BODY_BYTES, MAX_FIELDS};

/// Files are written in pieces of this size, because each write to one is a task of its own.
const WRITE_BYTES: usize = 64 * 1024;

/// How much an upload may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadLimits {
    /// The most bytes of the file itself.
    pub max_file_bytes: u64,
    /// The most bytes of the names of all parts and the content of all other parts.
    pub max_text_bytes: u64,
}

impl UploadLimits {
    /// A file of at most so many bytes, and beside it no more than any form may have.
    pub const fn for_file(max_file_bytes: u64) -> Self {
        Self { max_file_bytes, max_text_bytes: MAX_BODY_BYTES as u64 }
    }

    /// More than any body within these limits has. A stream that is cut anywhere below would
    /// turn a file that is too large into a malformed body.
    pub const fn stream_bytes(&self) -> u64 {
        // Twice, because headers may also come along with the end of the part before.
        let headers = (2 * MAX_HEADER_BYTES * (MAX_FIELDS + 1)) as u64;
        self.max_file_bytes.saturating_add(self.max_text_bytes).saturating_add(headers)
    }
}

/// An upload that has arrived in full.
#[derive(Debug)]
pub struct Upload {
    /// All the fields. One named `file` is there too when a file came, but has no text.
    pub fields: Fields,
    /// What became of the part `file`.
    pub file: UploadedFile,
}

/// What the part `file` of an upload was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadedFile {
    /// There was none, or only a text field of that name.
    Absent,
    /// It was there without a byte in it, as browsers send it when no file was chosen.
    Empty,
    /// It went to the destination, which has been flushed.
    Received {
        /// Its size, never 0.
        bytes: u64,
    },
}

/// Reads a multipart body and copies the content of its one part `file` into `destination`,
/// wherever among the other parts it stands. Files under other names are counted as text and
/// thrown away. A body without a byte is an upload without anything, whatever its type.
///
/// Holds a few KiB beside the text fields. After an error `destination` may have got a part of
/// the file, and the rest of `stream` is unread.
///
/// # Errors
/// - [`BodyError::FileTooLarge`]: the file has more than `max_file_bytes`; said at once.
/// - [`BodyError::TooLarge`]: everything else together has more than `max_text_bytes`.
/// - [`BodyError::UnsupportedMediaType`]: there is a body, but it is not multipart.
/// - [`BodyError::MethodOverride`]: a part is named `_method`.
/// - [`BodyError::Malformed`]: two parts are named `file`, or the body is broken.
/// - [`BodyError::TimedOut`], [`BodyError::Disconnected`]: the body did not come to its end.
/// - [`BodyError::Io`]: reading failed otherwise, or writing did.
pub async fn read_upload<R, W>(
    mut stream: R,
    content_type: Option<&str>,
    limits: UploadLimits,
    destination: W,
) -> Result<Upload, BodyError>
where
    R: AsyncRead + Unpin + Send,
    W: AsyncWrite + Unpin,
{
    // Whether there is a body at all must be known before its type means anything.
    let mut first = [0; 1024];
    let count = stream.read(&mut first).await;
    let count = count.map_err(|error| BodyError::from_reading(&error))?;
    if count == 0 {
        return Ok(Upload { fields: Fields::default(), file: UploadedFile::Absent });
    }
    let BodyKind::Multipart { boundary } = BodyKind::of(content_type)? else {
        return Err(BodyError::UnsupportedMediaType);
    };
    let mut target = Target {
        output: BufWriter::with_capacity(WRITE_BYTES, destination),
        max_bytes: limits.max_file_bytes,
        written: None,
    };
    let body = first[..count].chain(stream);
    let max_text_bytes = limits.max_text_bytes;
    let fields = multipart::read(body, &boundary, max_text_bytes, Some(&mut target)).await?;
    let flushed = target.output.flush().await;
    flushed.map_err(|error| BodyError::Io(error.kind()))?;
    let file = match target.written {
        None => UploadedFile::Absent,
        Some(0) => UploadedFile::Empty,
        Some(bytes) => UploadedFile::Received { bytes },
    };
    Ok(Upload { fields, file })
}
