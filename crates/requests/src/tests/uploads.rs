//! Uploads, as the route for pictures passes them on.

use std::io::ErrorKind;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tokio::io::AsyncReadExt;

use super::super::{BodyError, FieldProblem, MAX_FIELDS, Upload, UploadLimits, UploadedFile, read_upload};
use super::bodies::{FORM, JSON, MULTIPART};
use super::streams::{Counted, Failing, Trickle};

const LIMITS: UploadLimits = UploadLimits::for_file(100_000);

fn part(headers: &str, content: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!("--b\r\nContent-Disposition: form-data; {headers}\r\n\r\n");
    [head.as_bytes(), content.as_ref(), b"\r\n"].concat()
}

fn file(content: impl AsRef<[u8]>) -> Vec<u8> {
    let headers = "name=\"file\"; filename=\"me.png\"\r\nContent-Type: image/png";
    part(headers, content)
}

fn body(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat().as_slice(), b"--b--\r\n"].concat()
}

async fn upload(body: &[u8]) -> Result<(Upload, Vec<u8>), BodyError> {
    let mut copy = Vec::new();
    let answer = read_upload(body, Some(MULTIPART), LIMITS, &mut copy).await;
    answer.map(|upload| (upload, copy))
}

/// Bytes that contain everything that looks like the end of a part but is not.
fn picture(length: usize) -> Vec<u8> {
    let tricky = b"\r\n--\r\r\n--B\r\n-b\n--b\0\xff\r\n--";
    tricky.iter().copied().cycle().take(length).collect()
}

#[tokio::test]
async fn the_file_is_copied_byte_for_byte_wherever_it_stands_among_the_fields() {
    let content = picture(50_000);
    let fields = [part("name=\"a\"", "1"), part("name=\"b\"", "é")];
    for place in 0..=fields.len() {
        let mut parts = fields.to_vec();
        parts.insert(place, file(&content));
        let (upload, copy) = upload(&body(&parts)).await.unwrap();
        assert_eq!(upload.file, UploadedFile::Received { bytes: 50_000 });
        assert!(copy == content);
        assert_eq!(upload.fields.integer("a"), Ok(Some(1)));
        assert_eq!(upload.fields.text("b"), Ok(Some("é")));
        assert_eq!(upload.fields.text("file"), Err(FieldProblem::WrongType));
    }
}

#[tokio::test]
async fn a_slow_stream_gives_the_same_file_as_a_fast_one() {
    let content = picture(5_000);
    let sent = body(&[part("name=a", "x"), file(&content), part("name=b", "y")]);
    for at_once in [1, 2, 3, 7, 100, 1_023, 1_024, 1_025, 4_096, 9_999] {
        let trickle = Trickle::new(&sent, at_once);
        let mut copy = Vec::new();
        let upload = read_upload(trickle, Some(MULTIPART), LIMITS, &mut copy).await.unwrap();
        assert!(copy == content, "{at_once}");
        assert_eq!(upload.fields.text("b"), Ok(Some("y")));
    }
}

#[tokio::test]
async fn an_absent_file_is_told_from_an_empty_one() {
    let (absent, _) = upload(&body(&[part("name=a", "x")])).await.unwrap();
    assert_eq!(absent.file, UploadedFile::Absent);
    for file_name in ["", "me.png"] {
        let headers = format!("name=\"file\"; filename=\"{file_name}\"");
        let (empty, _) = upload(&body(&[part(&headers, "")])).await.unwrap();
        assert_eq!(empty.file, UploadedFile::Empty);
        assert_eq!(empty.fields.text("file"), Err(FieldProblem::WrongType));
    }
    let (text, copy) = upload(&body(&[part("name=file", "x")])).await.unwrap();
    assert_eq!((text.file, copy.len()), (UploadedFile::Absent, 0));
    assert_eq!(text.fields.text("file"), Ok(Some("x")));
}

#[tokio::test]
async fn a_body_without_a_byte_is_an_upload_without_anything() {
    for kind in [None, Some(MULTIPART), Some("multipart/form-data"), Some(JSON)] {
        let answer = read_upload(tokio::io::empty(), kind, LIMITS, Vec::new()).await;
        assert_eq!(answer.unwrap().file, UploadedFile::Absent);
    }
}

#[tokio::test]
async fn a_second_part_named_file_is_refused() {
    for second in [file("y"), file(""), part("name=file", "y")] {
        for parts in [[file("x"), second.clone()], [second.clone(), file("x")]] {
            assert_eq!(upload(&body(&parts)).await.unwrap_err(), BodyError::Malformed);
        }
    }
}

#[tokio::test]
async fn a_file_of_the_largest_size_passes_and_one_byte_more_does_not() {
    let largest = picture(100_000);
    let (answer, copy) = upload(&body(&[file(&largest)])).await.unwrap();
    assert_eq!(answer.file, UploadedFile::Received { bytes: 100_000 });
    assert!(copy == largest);
    let larger = upload(&body(&[file(picture(100_001))])).await;
    assert_eq!(larger.unwrap_err(), BodyError::FileTooLarge);
}

#[tokio::test]
async fn reading_stops_at_once_when_the_file_is_too_large() {
    let read = AtomicU64::new(0);
    let start = file("");
    let endless = Counted(start.chain(tokio::io::repeat(b'x')), &read);
    let answer = read_upload(endless, Some(MULTIPART), LIMITS, Vec::new()).await;
    assert_eq!(answer.unwrap_err(), BodyError::FileTooLarge);
    assert!(read.load(Relaxed) < LIMITS.max_file_bytes + 10_000);
}

#[tokio::test]
async fn text_files_under_other_names_and_headers_are_bounded_too() {
    let long = "x".repeat(16 * 1024);
    for headers in ["name=a", "name=a; filename=b"] {
        let answer = upload(&body(&[part(headers, &long), file("x")])).await;
        assert_eq!(answer.unwrap_err(), BodyError::TooLarge);
        let half = &long[..9_000];
        let answer = upload(&body(&[part(headers, half), part("name=c", half)])).await;
        assert_eq!(answer.unwrap_err(), BodyError::TooLarge);
    }
    let start = "--b\r\nX: ".as_bytes();
    let endless = start.chain(tokio::io::repeat(b'x'));
    let answer = read_upload(endless, Some(MULTIPART), LIMITS, Vec::new()).await;
    assert_eq!(answer.unwrap_err(), BodyError::Malformed);
    let many = vec![part("name=a", ""); MAX_FIELDS + 1];
    assert_eq!(upload(&body(&many)).await.unwrap_err(), BodyError::Malformed);
}

#[tokio::test]
async fn a_body_that_is_not_multipart_is_unsupported() {
    for kind in [None, Some(FORM), Some(JSON), Some("image/png")] {
        let answer = read_upload(b"{}".as_slice(), kind, LIMITS, Vec::new()).await;
        assert_eq!(answer.unwrap_err(), BodyError::UnsupportedMediaType);
    }
}

#[tokio::test]
async fn broken_uploads_and_method_overrides_are_refused() {
    let whole = body(&[file("x")]);
    for broken in [&whole[..whole.len() - 6], &[&whole, "x".as_bytes()].concat()] {
        assert_eq!(upload(broken).await.unwrap_err(), BodyError::Malformed);
    }
    let overriding = body(&[file("x"), part("name=\"_method\"", "patch")]);
    assert_eq!(upload(&overriding).await.unwrap_err(), BodyError::MethodOverride);
}

#[tokio::test]
async fn a_stream_that_fails_in_the_middle_says_why() {
    for (kind, refusal) in
        [(ErrorKind::TimedOut, BodyError::TimedOut), (ErrorKind::ConnectionReset, BodyError::Disconnected)]
    {
        let failing = Failing(kind);
        let start = file(picture(3_000));
        let answer = read_upload(start.chain(failing), Some(MULTIPART), LIMITS, Vec::new()).await;
        assert_eq!(answer.unwrap_err(), refusal);
    }
}

#[tokio::test]
async fn a_destination_that_cannot_be_written_is_our_fault_and_not_the_clients() {
    for length in [1, 90_000] {
        let sent = body(&[file(picture(length))]);
        let full = Failing(ErrorKind::BrokenPipe);
        let answer = read_upload(sent.as_slice(), Some(MULTIPART), LIMITS, full).await;
        assert_eq!(answer.unwrap_err(), BodyError::Io(ErrorKind::BrokenPipe));
    }
}

#[tokio::test]
async fn an_upload_may_run_on_any_thread_and_into_a_file() {
    fn on_any_thread<F: Future + Send>(future: F) -> F {
        future
    }
    let sent = body(&[file(picture(1_000))]);
    let path = std::env::temp_dir().join(format!("upload-test-{}", std::process::id()));
    let mut destination = tokio::fs::File::create(&path).await.unwrap();
    let reading = read_upload(sent.as_slice(), Some(MULTIPART), LIMITS, &mut destination);
    let answer = on_any_thread(reading).await;
    let stored = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(answer.unwrap().file, UploadedFile::Received { bytes: 1_000 });
    assert!(stored == picture(1_000));
}

#[tokio::test]
async fn a_stream_cut_at_its_suggested_length_still_holds_the_largest_upload() {
    let limits = UploadLimits { max_file_bytes: 10, max_text_bytes: 2_000 };
    let headers = |n| format!("name=\"{n}\"\r\nX: {}", "x".repeat(7_000));
    let mut parts: Vec<_> = (1..MAX_FIELDS).map(|n| part(&headers(n), "x")).collect();
    parts.push(file("0123456789"));
    let stream = body(&parts);
    let stream = stream.take(limits.stream_bytes());
    let answer = read_upload(stream, Some(MULTIPART), limits, Vec::new()).await;
    assert_eq!(answer.unwrap().file, UploadedFile::Received { bytes: 10 });
}
