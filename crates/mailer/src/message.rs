//! Composes a message. Of the text that people type, only the recipient's address reaches a header.

use std::fmt::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};
use lettre::{Address, address};

/// A message to be sent.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingMail<'a> {
    /// The message's number. `Message-ID` contains it and is the same in every attempt, so that mailboxes
    /// show one message once.
    pub id: i64,
    /// The number of attempts, including this one.
    pub attempt: i64,
    /// The time of composition, in milliseconds since 1970-01-01T00:00:00Z.
    pub written_at: i64,
    /// The time of this attempt, in milliseconds since 1970-01-01T00:00:00Z.
    pub sent_at: i64,
    /// The recipient's address.
    pub to: &'a str,
    /// The subject. Line breaks become spaces.
    pub subject: &'a str,
    /// The plain-text body.
    pub text: &'a str,
    /// The HTML body.
    pub html: &'a str,
    /// The language of both, such as `fr`, for `Content-Language`.
    pub language: &'a str,
}

/// Suppresses holiday notices and other automatic replies (RFC 3834).
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

/// The language of the whole message (RFC 3282).
const CONTENT_LANGUAGE: HeaderName = HeaderName::new_from_ascii_str("Content-Language");

/// Parses the sender's address, and adds `name` if it contains none.
pub(super) fn sender(from: &str, name: &str) -> Result<Mailbox, String> {
    // Checked before lettre sees the name, because lettre panics when it writes a control character.
    if from.chars().any(char::is_control) {
        return Err("it holds control characters".to_owned());
    }
    let mut sender: Mailbox = from.parse().map_err(|error: address::AddressError| error.to_string())?;
    let name = one_line(sender.name.as_deref().unwrap_or(name));
    sender.name = (!name.is_empty()).then_some(name);
    Ok(sender)
}

pub(super) fn build(mail: &OutgoingMail<'_>, from: &Mailbox, host: &str) -> Result<Message, String> {
    let to: Address = mail.to.parse().map_err(|error: address::AddressError| error.to_string())?;
    let sent_at = UNIX_EPOCH + Duration::from_millis(u64::try_from(mail.sent_at).unwrap_or(0));
    let id = format!("<mail.{}.{}@{host}>", mail.id, mail.written_at);
    let parts = MultiPart::alternative()
        .singlepart(part(ContentType::TEXT_PLAIN, mail.text))
        .singlepart(part(ContentType::TEXT_HTML, mail.html));
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(one_line(mail.subject))
        .date(sent_at)
        .message_id(Some(id))
        .raw_header(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()))
        .raw_header(HeaderValue::new(CONTENT_LANGUAGE, one_line(mail.language)))
        .multipart(parts)
        .map_err(|error| error.to_string())
}

/// Leaves ASCII unencoded, so that a link is whole in the raw message. lettre would encode it if a line were
/// longer than 76 octets. Other text is encoded as quoted-printable or base64, whichever is shorter: not
/// every server that a message passes takes it otherwise.
fn part(kind: ContentType, text: &str) -> SinglePart {
    /// RFC 5321, section 4.5.3.1.6, without the end of the line.
    const LINE_MAX: usize = 998;
    let builder = SinglePart::builder().header(kind);
    let may_go_as_it_is =
        |line: &str| line.len() <= LINE_MAX && line.bytes().all(|b| b.is_ascii() && !matches!(b, 0 | b'\r'));
    if text.lines().all(may_go_as_it_is) {
        let text: String = text.lines().flat_map(|line| [line, "\r\n"]).collect();
        let body = Body::dangerous_pre_encoded(text.into_bytes(), ContentTransferEncoding::SevenBit);
        return builder.body(body);
    }
    let body = Body::new(text.to_owned());
    if !matches!(body.encoding(), ContentTransferEncoding::SevenBit) {
        return builder.body(body);
    }
    // Control characters that a server may change are ASCII to lettre.
    let body = Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable);
    builder.body(body.unwrap_or_else(Body::new))
}

/// Makes text safe for a header: removes control characters, line separators and direction marks, and cuts
/// the text to the length that mail programs show. A word of a thousand letters would exceed the line length
/// of servers (RFC 5321, section 4.5.3.1.6). The list of forbidden characters is this crate's own, because it
/// follows RFC 5322 and not the rules for accounts.
pub(super) fn one_line(text: &str) -> String {
    const CHARACTERS_MAX: usize = 200;
    let forbidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{061C}' | '\u{2028}' | '\u{2029}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let cleaned: String = text.chars().map(|c| if forbidden(c) { ' ' } else { c }).collect();
    // Mail programs would decode text that looks like an encoded word (RFC 2047) to something else.
    let line = cleaned.split_whitespace().collect::<Vec<_>>().join(" ").replace("=?", "= ?");
    match line.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The name of a message's files, without the extension. Sorted by name, messages are in the order of
/// sending.
pub(super) fn file_name(mail: &OutgoingMail<'_>) -> String {
    let nanos = i128::from(mail.sent_at) * 1_000_000;
    let at =
        time::OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let (date, milli) = (at.date(), at.millisecond());
    let (hour, minute, second) = at.to_hms();
    let mut name = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        name,
        "{:04}{:02}{:02}T{hour:02}{minute:02}{second:02}.{milli:03}Z-{:08}-{}",
        date.year(),
        u8::from(date.month()),
        date.day(),
        mail.id,
        mail.attempt,
    );
    name
}
