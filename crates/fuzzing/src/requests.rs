//! The ends of heads, request bodies in the three encodings, and uploads.

use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use ::requests::{BodyError, BodySize, Fields, Heads, MAX_BODY_BYTES, UploadLimits, parse, read_upload};
use serde_json::Value;
use tokio::io::{AsyncRead, ReadBuf};

const MULTIPART: &str = "multipart/form-data; boundary=b";

/// A byte that says how the bytes are cut, one for the bodies behind heads, then a connection's bytes. The
/// pieces matter to neither heads nor bodies, no byte is lost, and a sound head has no line without CRLF.
pub fn heads(input: &[u8]) {
    let [piece, body, bytes @ ..] = input else { return };
    let body = match body {
        255 => BodySize::Chunks,
        length => BodySize::Bytes(u64::from(*length)),
    };
    let (whole, refused) = cut(bytes, bytes.len().max(1), body);
    assert_eq!(cut(bytes, (*piece).max(1).into(), body), (whole.clone(), refused), "in pieces of {piece}");
    let passed: usize = whole.iter().map(|(part, _)| part.len()).sum();
    assert!(refused || passed == bytes.len(), "bytes were lost");
    for (head, _) in whole.iter().filter(|(_, sound)| *sound == Some(true)) {
        let bare = (0..head.len()).any(|i| head[i] == b'\n' && (i == 0 || head[i - 1] != b'\r'));
        assert!(!bare, "{:?} counts as sound", String::from_utf8_lossy(head));
    }
}

/// A head with whether it is sound, or a body without.
type Part = (Vec<u8>, Option<bool>);

/// The heads in `bytes` and the bodies behind them, and whether what follows was refused.
fn cut(bytes: &[u8], piece: usize, body: BodySize) -> (Vec<Part>, bool) {
    let (mut heads, mut parts) = (Heads::new(), Vec::new());
    let (mut part, mut in_head) = (Vec::new(), true);
    for mut piece in bytes.chunks(piece) {
        while !piece.is_empty() {
            if heads.is_in_head() != in_head {
                parts.push((std::mem::take(&mut part), None));
                in_head = heads.is_in_head();
            }
            let Some(passed) = heads.pass(piece) else { return (parts, true) };
            let (now, later) = piece.split_at(passed);
            assert!(!now.is_empty(), "nothing is passed on");
            part.extend_from_slice(now);
            piece = later;
            if heads.is_behind_head() {
                assert_eq!(heads.pass(b"GET"), Some(0), "more than a head is passed on");
                parts.push((std::mem::take(&mut part), Some(heads.follow(body))));
                in_head = heads.is_in_head();
            }
        }
    }
    parts.push((part, None));
    parts.retain(|(part, _)| !part.is_empty());
    (parts, false)
}

/// A JSON body: serde_json accepts every accepted body as an object, and the body contains every returned
/// text.
pub fn json(input: &[u8]) {
    let Some(fields) = fields("application/json", input) else { return };
    let value = serde_json::from_slice::<Value>(input);
    let Ok(Value::Object(members)) = value else { panic!("{value:?} was taken") };
    assert!(!members.contains_key("_method"), "a method override was taken");
    for (name, value) in &members {
        assert!(value.is_null() || fields.contains(name), "{name:?} was lost");
        if let Ok(Some(text)) = fields.text(name) {
            assert_eq!(value, text, "{name:?}");
        }
    }
}

/// A URL-encoded body: every pair is found, and a returned text is the text of its pair.
pub fn form(input: &[u8]) {
    let Some(fields) = fields("application/x-www-form-urlencoded", input) else { return };
    for (name, value) in url::form_urlencoded::parse(input) {
        assert_ne!(name, "_method", "a method override was taken");
        assert!(fields.contains(&name), "{name:?} was lost");
        if let Ok(Some(text)) = fields.text(&name) {
            assert_eq!(text, value, "{name:?}");
        }
    }
}

/// A byte that says how the body is cut, then a multipart body. The pieces do not change its meaning. If it
/// is accepted as an upload, it is also accepted in memory, with the same fields.
pub fn multipart(input: &[u8]) {
    let Some((&piece, body)) = input.split_first() else { return };
    if body.len() > MAX_BODY_BYTES {
        return;
    }
    let (whole, file) = upload(body, body.len());
    let (streamed, streamed_file) = upload(body, piece.max(1).into());
    assert_eq!((&streamed, &streamed_file), (&whole, &file), "in pieces of {piece}");
    let in_memory = parse(Some(MULTIPART), body, MAX_BODY_BYTES).map(|fields| names(&fields));
    if whole.is_ok() {
        assert_eq!(in_memory, whole);
        let sent = file.is_empty() || body.windows(file.len()).any(|window| window == file);
        assert!(sent, "a file that was not sent");
    }
}

/// The names of the fields of `body` as an upload in pieces of `piece` bytes, and its file.
fn upload(body: &[u8], piece: usize) -> (Result<String, BodyError>, Vec<u8>) {
    let mut file = Vec::new();
    let limits = UploadLimits::for_file(MAX_BODY_BYTES as u64);
    let answer = {
        let reading = pin!(read_upload(Pieces { rest: body, piece }, Some(MULTIPART), limits, &mut file));
        // Bytes in memory are always ready.
        match reading.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => panic!("it waits for bytes that are there"),
        }
    };
    // The bytes written before a refusal depend on the ends of the pieces.
    let file = if answer.is_ok() { file } else { Vec::new() };
    (answer.map(|upload| names(&upload.fields)), file)
}

/// Returns at most `piece` bytes at a time.
struct Pieces<'a> {
    rest: &'a [u8],
    piece: usize,
}

impl AsyncRead for Pieces<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let (now, later) = self.rest.split_at(self.piece.min(self.rest.len()).min(out.remaining()));
        out.put_slice(now);
        self.rest = later;
        Poll::Ready(Ok(()))
    }
}

/// The fields of an accepted body that is not empty.
fn fields(kind: &str, body: &[u8]) -> Option<Fields> {
    parse(Some(kind), body, MAX_BODY_BYTES).ok().filter(|_| !body.is_empty())
}

/// The names of the fields, as `Debug` prints them.
fn names(fields: &Fields) -> String {
    format!("{fields:?}")
}
