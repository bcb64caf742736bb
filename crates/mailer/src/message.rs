//! Puts a message together. Nothing that anybody typed reaches a header but the address it goes to.

use std::fmt::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};
use lettre::{Address, address};

/// A message to be sent.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingMail<'a> {
    /// Its number, which makes its id: the same in every try, so that mailboxes show one message once.
    pub id: i64,
    /// How often it was tried, this time included.
    pub attempt: i64,
    /// When it was written, in milliseconds since 1970-01-01T00:00:00Z.
    pub written_at: i64,
    /// When it is sent, in milliseconds since 1970-01-01T00:00:00Z.
    pub sent_at: i64,
    /// The address it goes to.
    pub to: &'a str,
    /// One line.
    pub subject: &'a str,
    /// For those who read text.
    pub text: &'a str,
    /// For everybody else.
    pub html: &'a str,
}

/// RFC 3834: nobody is to be told that the reader is on holiday.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Reads the address that mail comes from, with `name` where it has none.
pub(super) fn sender(from: &str, name: &str) -> Result<Mailbox, String> {
    // Checked before lettre sees it, which panics when it writes such a name.
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
        .header(AutoSubmitted)
        .multipart(parts)
        .map_err(|error| error.to_string())
}

/// ASCII goes as it is, so that a link can be read wherever the message is looked at; lettre would fold it.
fn part(kind: ContentType, text: &str) -> SinglePart {
    /// RFC 5321 4.5.3.1.6, without the line's end.
    const LINE_MAX: usize = 998;
    let builder = SinglePart::builder().header(kind);
    if text.is_ascii() && text.lines().all(|line| line.len() <= LINE_MAX) {
        let text = text.lines().collect::<Vec<_>>().join("\r\n") + "\r\n";
        if let Ok(body) = Body::new_with_encoding(text, ContentTransferEncoding::SevenBit) {
            return builder.body(body);
        }
    }
    builder.body(text.to_owned())
}

/// One line for a header: without control characters, line separators and direction marks, and cut to what a mail
/// program shows. A word of a thousand letters would exceed the line length of servers (RFC 5321 4.5.3.1.6). The list
/// is this crate's own, since it knows no other crate: what a header must not hold is RFC 5322's, not the accounts'.
pub(super) fn one_line(text: &str) -> String {
    const CHARACTERS_MAX: usize = 200;
    let forbidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{061C}' | '\u{2028}' | '\u{2029}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let cleaned: String = text.chars().map(|c| if forbidden(c) { ' ' } else { c }).collect();
    // What looks like an encoded word (RFC 2047) would be decoded by readers' programs into whatever it hides.
    let line = cleaned.split_whitespace().collect::<Vec<_>>().join(" ").replace("=?", "= ?");
    match line.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The name of a message's files, without its ending. Sorted by name they are in the order in which they were sent.
pub(super) fn file_name(mail: &OutgoingMail<'_>) -> String {
    let nanos = i128::from(mail.sent_at) * 1_000_000;
    let at =
        time::OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let (date, milli) = (at.date(), at.millisecond());
    let (hour, minute, second) = at.to_hms();
    let mut name = String::new();
    // Writing to a string does not fail.
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
