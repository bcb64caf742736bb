#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod accept;
mod error;
mod form;
mod framing;
mod gate;
mod header;
mod heads;
mod json;
mod multipart;
mod nested;
mod q_values;
#[cfg(test)]
mod tests;
mod upload;
mod values;

use tokio::io::{AsyncRead, AsyncReadExt};
use zeroize::Zeroizing;

pub use accept::wants_json;
pub use error::{BodyError, FieldProblem};
pub use heads::{BodySize, Heads};
pub use q_values::{QValue, accepted_languages, q_values};
pub use upload::{Upload, UploadLimits, UploadedFile, read_upload};
pub use values::Fields;

use header::BodyKind;

/// The maximum number of bytes of a body without a file: 16 KiB.
pub const MAX_BODY_BYTES: usize = 16 * 1024;
/// The maximum number of fields in one body, counting repetitions. More are [`BodyError::Malformed`].
pub const MAX_FIELDS: usize = 200;
/// The longest field name, in bytes. A longer one is [`BodyError::Malformed`].
pub const MAX_NAME_BYTES: usize = 200;
/// The deepest nesting of JSON objects and arrays, counting the outermost object. Deeper nesting is
/// [`BodyError::Malformed`].
pub const MAX_JSON_DEPTH: usize = 32;

/// Reads a whole body of at most `max_bytes` from `stream`, then parses it like [`parse`].
///
/// `expected` is the number of bytes that the client declared. Reading stops as soon as the body is known to
/// be too large. Do not pass a stream that is itself cut at `max_bytes`, because a cut body cannot be
/// distinguished from a short one.
///
/// # Errors
/// Those of [`parse`]; [`BodyError::TimedOut`], [`BodyError::Disconnected`] or [`BodyError::Io`] when the
/// stream fails.
pub async fn read<R>(
    stream: R,
    content_type: Option<&str>,
    expected: Option<usize>,
    max_bytes: usize,
) -> Result<Fields, BodyError>
where
    R: AsyncRead + Unpin,
{
    // Room for the whole of an ordinary body at once: a buffer that grows leaves copies of a
    // password behind it, which nothing would wipe. No more than that: all of it is wiped.
    let capacity = expected.unwrap_or(max_bytes).min(max_bytes).min(MAX_BODY_BYTES).saturating_add(64);
    let mut body = Zeroizing::new(Vec::with_capacity(capacity));
    let one_too_many = u64::try_from(max_bytes).map_or(u64::MAX, |bytes| bytes.saturating_add(1));
    stream
        .take(one_too_many)
        .read_to_end(&mut body)
        .await
        .map_err(|error| BodyError::from_reading(&error))?;
    parse(content_type, &body, max_bytes)
}

/// Parses a complete body into its fields.
///
/// An empty body has no fields, whatever its `content_type`, even without one. For a file among the parts of
/// a multipart body, the fields record its name but not its content.
///
/// # Errors
/// - [`BodyError::TooLarge`]: `body` has more than `max_bytes`.
/// - [`BodyError::UnsupportedMediaType`]: the body is not empty, but its type is missing or not one of the
///   three, or its charset is not UTF-8.
/// - [`BodyError::MethodOverride`]: a field is named `_method`.
/// - [`BodyError::Malformed`]: the body violates its type in any other way.
pub fn parse(content_type: Option<&str>, body: &[u8], max_bytes: usize) -> Result<Fields, BodyError> {
    if body.len() > max_bytes {
        return Err(BodyError::TooLarge);
    }
    if body.is_empty() {
        return Ok(Fields::default());
    }
    match BodyKind::of(content_type)? {
        BodyKind::Form => form::parse(body),
        BodyKind::Json => json::parse(body),
        BodyKind::Multipart { boundary } => multipart::parse(body, &boundary),
    }
}
