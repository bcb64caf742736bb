//! Decodes a message.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Text and HTML of a message, one after the other.
pub fn read(mail: &str) -> String {
    let mail = mail.replace("\r\n", "\n");
    let mut read = String::new();
    for part in mail.split("\nContent-Transfer-Encoding: ").skip(1) {
        let (encoding, rest) = part.split_once('\n').unwrap();
        // The header may be the last one of its part.
        let content = rest.strip_prefix('\n').or(rest.split_once("\n\n").map(|(_, content)| content));
        let content = content.unwrap_or(rest);
        // Joins broken lines first: a continued line may begin with dashes, but is not a boundary.
        let content = match encoding.trim() {
            "quoted-printable" => content.replace("=\n", ""),
            _ => content.to_owned(),
        };
        let content = content.split("\n--").next().unwrap_or_default();
        read.push_str(&match encoding.trim() {
            "base64" => {
                let joined: String = content.split_whitespace().collect();
                String::from_utf8(STANDARD.decode(joined).unwrap()).unwrap().replace("\r\n", "\n")
            }
            "quoted-printable" => unquote(content),
            _ => content.to_owned(),
        });
        read.push('\n');
    }
    read
}

fn unquote(content: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = content.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        match (byte, after) {
            (b'=', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
                rest = after;
            }
            _ => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The secret of the link to `path` in a decoded message.
#[track_caller]
pub fn token_in(read: &str, path: &str) -> String {
    let start = format!("{path}?token=");
    let line = read.lines().find_map(|line| line.split_once(&start).map(|(_, token)| token.to_owned()));
    let token = line.unwrap_or_else(|| panic!("no link in {read}"));
    assert_eq!(token.len(), 43, "{token}");
    token
}

#[track_caller]
pub fn language(mail: &str) -> String {
    let read = read(mail);
    let language = read.split_once("<html lang=\"").and_then(|(_, rest)| rest.split_once('"'));
    language.unwrap_or_else(|| panic!("no language in {read}")).0.to_owned()
}
