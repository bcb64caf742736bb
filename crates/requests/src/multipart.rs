//! `multipart/form-data`: text parts become fields. A part with a file name becomes a field that records the
//! presence of a file. For uploads, the part `file` is copied to a destination while it arrives.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use multer::{Field, Multipart};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, Sink};

use super::gate::{Control, Gate};
use super::header::HeaderValue;
use super::values::{Fields, Value};
use super::{BodyError, MAX_NAME_BYTES};

/// The name of the part that contains an upload's file.
const FILE: &str = "file";

/// The destination of the part `file`, and the number of bytes written to it.
pub(super) struct UploadTarget<W> {
    pub(super) output: W,
    pub(super) max_bytes: u64,
    /// `None` until the part has arrived.
    pub(super) written: Option<u64>,
}

/// The fields of a complete multipart body.
pub(super) fn parse(body: &[u8], boundary: &str) -> Result<Fields, BodyError> {
    let everything = u64::try_from(body.len()).unwrap_or(u64::MAX);
    let reading = pin!(read::<_, Sink>(body, boundary, everything, None));
    // Bytes in memory are always ready, so the first poll completes.
    match reading.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => Err(BodyError::Malformed),
    }
}

/// Reads all parts. `max_bytes` bounds the names and contents of everything except the file that goes to
/// `target`. Without `target`, the part `file` is treated like any other.
pub(super) async fn read<R, W>(
    mut body: R,
    boundary: &str,
    max_bytes: u64,
    mut target: Option<&mut UploadTarget<W>>,
) -> Result<Fields, BodyError>
where
    R: AsyncRead + Unpin + Send,
    W: AsyncWrite + Unpin,
{
    let control = Control::new();
    let mut gate = Gate::new(&mut body, boundary, &control);
    let mut parser = Multipart::with_reader(&mut gate, boundary);
    let mut fields = Fields::default();
    let mut left = max_bytes;
    while let Some(mut field) = control.headers(parser.next_field()).await? {
        let part = FieldPart::of(&field)?;
        spend(&mut left, part.name.len(), BodyError::TooLarge)?;
        let value = match &mut target {
            // Checked before reading on; otherwise a second file would be appended to the first.
            Some(_) if part.name == FILE && fields.contains(FILE) => {
                return Err(BodyError::Malformed);
            }
            Some(target) if part.name == FILE && part.is_file => {
                copy(&mut field, &control, target).await?;
                Value::File
            }
            _ if part.is_file => {
                skip(&mut field, &control, &mut left).await?;
                Value::File
            }
            _ => Value::form(text(&mut field, &control, &mut left).await?),
        };
        fields.insert(part.name, value)?;
    }
    drop(parser);
    gate.finish().await?;
    Ok(fields)
}

async fn text(field: &mut Field<'_>, control: &Control, left: &mut u64) -> Result<String, BodyError> {
    let mut content = Vec::new();
    while let Some(chunk) = control.content(field.chunk()).await? {
        spend(left, chunk.len(), BodyError::TooLarge)?;
        content.extend_from_slice(&chunk);
    }
    String::from_utf8(content).map_err(|_| BodyError::Malformed)
}

async fn skip(field: &mut Field<'_>, control: &Control, left: &mut u64) -> Result<(), BodyError> {
    while let Some(chunk) = control.content(field.chunk()).await? {
        spend(left, chunk.len(), BodyError::TooLarge)?;
    }
    Ok(())
}

async fn copy<W: AsyncWrite + Unpin>(
    field: &mut Field<'_>,
    control: &Control,
    target: &mut UploadTarget<W>,
) -> Result<(), BodyError> {
    let mut left = target.max_bytes;
    while let Some(chunk) = control.content(field.chunk()).await? {
        spend(&mut left, chunk.len(), BodyError::FileTooLarge)?;
        let writing = target.output.write_all(&chunk).await;
        writing.map_err(|error| BodyError::Io(error.kind()))?;
    }
    target.written = Some(target.max_bytes - left);
    Ok(())
}

fn spend(left: &mut u64, bytes: usize, refusal: BodyError) -> Result<(), BodyError> {
    let bytes = u64::try_from(bytes).map_err(|_| refusal)?;
    *left = left.checked_sub(bytes).ok_or(refusal)?;
    Ok(())
}

/// The facts in a part's headers.
struct FieldPart {
    name: String,
    is_file: bool,
}

impl FieldPart {
    fn of(field: &Field<'_>) -> Result<Self, BodyError> {
        let header = |name: &str| {
            let value = field.headers().get(name);
            let text = value.map(|value| str::from_utf8(value.as_bytes()));
            text.transpose().map_err(|_| BodyError::Malformed)
        };
        let disposition = header("content-disposition")?
            .and_then(HeaderValue::parse)
            .filter(|disposition| disposition.value == "form-data")
            .ok_or(BodyError::Malformed)?;
        let name = disposition.parameter("name").ok_or(BodyError::Malformed)?;
        if name.len() > MAX_NAME_BYTES {
            return Err(BodyError::Malformed);
        }
        // An encoded password would not be decoded, and would become another password.
        if let Some(encoding) = header("content-transfer-encoding")? {
            let encoding = encoding.trim().to_ascii_lowercase();
            if !["7bit", "8bit", "binary"].contains(&encoding.as_str()) {
                return Err(BodyError::Malformed);
            }
        }
        let is_file = disposition.has("filename") || disposition.has("filename*");
        let kind = header("content-type")?.and_then(HeaderValue::parse);
        if !is_file && kind.is_some_and(|kind| !kind.is_utf8()) {
            return Err(BodyError::UnsupportedMediaType);
        }
        Ok(Self { name: name.to_owned(), is_file })
    }
}

#[cfg(test)]
mod tests {
    use super::super::FieldProblem;
    use super::*;

    /// A body of parts, each given by its headers and content.
    fn body(parts: &[(&str, &str)]) -> String {
        let part = |(headers, content): &(&str, &str)| {
            format!("--b\r\nContent-Disposition: form-data; {headers}\r\n\r\n{content}\r\n")
        };
        parts.iter().map(part).collect::<String>() + "--b--\r\n"
    }

    fn fields(parts: &[(&str, &str)]) -> Fields {
        parse(body(parts).as_bytes(), "b").unwrap()
    }

    fn refusal(body: impl AsRef<[u8]>) -> BodyError {
        parse(body.as_ref(), "b").unwrap_err()
    }

    #[test]
    fn text_parts_are_fields_just_as_they_were_sent() {
        let fields = fields(&[
            ("name=\"a\"", " café \r\n--\r\n"),
            ("name=b", ""),
            ("name=\"é\"\r\nContent-Type: text/plain; charset=UTF-8", "x"),
            ("name=\"c\"\r\nContent-Transfer-Encoding: 8bit", "7"),
        ]);
        assert_eq!(fields.text("a"), Ok(Some(" café \r\n--\r\n")));
        assert_eq!(fields.text("b"), Ok(Some("")));
        assert_eq!(fields.text("é"), Ok(Some("x")));
        assert_eq!(fields.integer("c"), Ok(Some(7)));
    }

    #[test]
    fn a_part_with_a_file_name_is_a_file_and_no_text() {
        for file_name in ["filename=\"a.txt\"", "filename=\"\"", "filename*=UTF-8''a"] {
            let fields = fields(&[(&format!("name=\"a\"; {file_name}"), "x"), ("name=b", "y")]);
            assert_eq!(fields.text("a"), Err(FieldProblem::WrongType));
            assert_eq!(fields.text("b"), Ok(Some("y")));
            assert!(fields.contains("a"));
        }
    }

    #[test]
    fn a_file_name_that_looks_like_a_parameter_names_no_field() {
        let fields = fields(&[("filename=\"x; name=password; y\"; name=\"picture\"", "x")]);
        assert!(fields.contains("picture"));
        assert!(!fields.contains("password"));
    }

    #[test]
    fn a_form_without_parts_has_no_fields() {
        assert_eq!(format!("{:?}", fields(&[])), "Fields{}");
    }

    #[test]
    fn every_truncation_is_malformed() {
        let whole = body(&[("name=a", "one"), ("name=f; filename=x", "two")]);
        // A body without its last line break is still complete.
        for end in (1..whole.len()).filter(|end| *end != whole.len() - 2) {
            assert_eq!(refusal(&whole[..end]), BodyError::Malformed, "{end}");
        }
        assert!(parse(&whole.as_bytes()[..whole.len() - 2], "b").is_ok());
    }

    #[test]
    fn text_around_the_parts_is_malformed() {
        let whole = body(&[("name=a", "x")]);
        for around in ["x", "\r\n\r\n", "--b--\r\n"] {
            let refused = refusal(format!("{whole}{around}"));
            assert_eq!(refused, BodyError::Malformed, "{around:?}");
        }
        for around in ["x", "\u{feff}", "x\r\n"] {
            let refused = refusal(format!("{around}{whole}"));
            assert_eq!(refused, BodyError::Malformed, "{around:?}");
        }
        assert_eq!(refusal(whole.replace("--b", "--c")), BodyError::Malformed);
    }

    #[test]
    fn text_that_is_not_utf_8_is_malformed() {
        let mut bytes = body(&[("name=a", "x?y")]).into_bytes();
        let at = bytes.iter().position(|byte| *byte == b'?').unwrap();
        bytes[at] = 0xff;
        assert_eq!(refusal(bytes), BodyError::Malformed);
    }

    #[test]
    fn a_part_in_another_charset_is_unsupported() {
        let part = ("name=a\r\nContent-Type: text/plain; charset=iso-8859-1", "x");
        assert_eq!(refusal(body(&[part])), BodyError::UnsupportedMediaType);
    }

    #[test]
    fn parts_with_unclear_headers_are_malformed() {
        for headers in [
            "x=y",
            "name=a; name=b",
            "name=\"a",
            "name=a\r\nContent-Transfer-Encoding: base64",
            "name=a\r\nbroken",
        ] {
            let refused = refusal(body(&[(headers, "x")]));
            assert_eq!(refused, BodyError::Malformed, "{headers}");
        }
        let other = body(&[("name=a", "x")]).replace("form-data", "attachment");
        assert_eq!(refusal(other), BodyError::Malformed);
        assert_eq!(refusal("--b\r\n\r\nx\r\n--b--"), BodyError::Malformed);
    }
}
