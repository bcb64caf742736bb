//! Bodies that contain a file. The part `file` is copied on while it arrives, so that its size costs no
//! memory, and reading stops at the first excess byte.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufWriter};

use super::gate::MAX_HEADER_BYTES;
use super::header::BodyKind;
use super::multipart::{self, UploadTarget};
use super::{BodyError, Fields, MAX_BODY_BYTES, MAX_FIELDS};

/// The size of the writes to a file. Each write is a task of its own, so small ones would be slow.
const WRITE_BYTES: usize = 64 * 1024;

/// The size limits of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadLimits {
    /// The maximum number of bytes of the file itself.
    pub max_file_bytes: u64,
    /// The maximum number of bytes of all part names and of the content of all other parts.
    pub max_text_bytes: u64,
}

impl UploadLimits {
    /// A file of at most `max_file_bytes`, beside as many bytes of text as any form may have.
    pub const fn for_file(max_file_bytes: u64) -> Self {
        Self { max_file_bytes, max_text_bytes: MAX_BODY_BYTES as u64 }
    }

    /// A number of bytes larger than any body within these limits. A stream cut at fewer bytes could make a
    /// file that is too large look like a malformed body.
    pub const fn stream_bytes(&self) -> u64 {
        // Twice, because headers may also arrive together with the end of the part before them.
        let headers = (2 * MAX_HEADER_BYTES * (MAX_FIELDS + 1)) as u64;
        self.max_file_bytes.saturating_add(self.max_text_bytes).saturating_add(headers)
    }
}

/// A complete upload.
#[derive(Debug)]
pub struct Upload {
    /// All fields. If a file arrived, a field `file` exists but has no text.
    pub fields: Fields,
    /// The outcome of the part `file`.
    pub file: UploadedFile,
}

/// The part `file` of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadedFile {
    /// The part is missing, or is only a text field.
    Absent,
    /// The part has no bytes, as browsers send it when no file was chosen.
    Empty,
    /// The file was written to the destination, which was flushed.
    Received {
        /// The file's size, never 0.
        bytes: u64,
    },
}

/// Reads a multipart body and copies the content of its one part `file` into `destination`, at whatever
/// position among the parts. Files under other names count as text and are discarded. An empty body is an
/// empty upload, whatever its type.
///
/// Takes a few KiB of memory beside the text fields. After an error, `destination` may contain a part of the
/// file, and the rest of `stream` is unread.
///
/// # Errors
/// - [`BodyError::FileTooLarge`]: the file has more than `max_file_bytes`. Returned at the first excess byte.
/// - [`BodyError::TooLarge`]: everything else together has more than `max_text_bytes`.
/// - [`BodyError::UnsupportedMediaType`]: the body is not empty and not multipart.
/// - [`BodyError::MethodOverride`]: a part is named `_method`.
/// - [`BodyError::Malformed`]: two parts are named `file`, or the body is broken.
/// - [`BodyError::TimedOut`], [`BodyError::Disconnected`]: the body did not arrive completely.
/// - [`BodyError::Io`]: reading failed for another reason, or writing failed.
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
    // The type matters only if the body is not empty, so the first bytes are read before the type is checked.
    let mut first = [0; 1024];
    let count = stream.read(&mut first).await;
    let count = count.map_err(|error| BodyError::from_reading(&error))?;
    if count == 0 {
        return Ok(Upload { fields: Fields::default(), file: UploadedFile::Absent });
    }
    let BodyKind::Multipart { boundary } = BodyKind::of(content_type)? else {
        return Err(BodyError::UnsupportedMediaType);
    };
    let mut target = UploadTarget {
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
