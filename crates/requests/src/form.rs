//! `application/x-www-form-urlencoded`, decoded by the URL Standard, except that bytes which are not UTF-8
//! are refused instead of being replaced.

use super::BodyError;
use super::values::{Fields, Value};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The fields of an URL-encoded form.
pub(super) fn parse(body: &[u8]) -> Result<Fields, BodyError> {
    if body.starts_with(BYTE_ORDER_MARK) {
        return Err(BodyError::Malformed);
    }
    let mut fields = Fields::default();
    let pairs = body.split(|byte| *byte == b'&');
    for pair in pairs.filter(|pair| !pair.is_empty()) {
        let end = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = match end {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, [].as_slice()),
        };
        fields.insert(decode(name)?, Value::form(decode(value)?))?;
    }
    Ok(fields)
}

fn decode(encoded: &[u8]) -> Result<String, BodyError> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let [first, after @ ..] = rest {
        rest = after;
        let byte = match (*first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, beyond @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    rest = beyond;
                    high << 4 | low
                }
                _ => b'%',
            },
            (other, _) => other,
        };
        decoded.push(byte);
    }
    String::from_utf8(decoded).map_err(|_| BodyError::Malformed)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str, name: &str) -> Option<String> {
        let fields = parse(body.as_bytes()).unwrap();
        fields.text(name).unwrap().map(str::to_owned)
    }

    #[test]
    fn plus_signs_and_escapes_are_decoded_in_names_and_values() {
        let body = "first+name=Ren%C3%A9+%2B+%c3%a9&e%2Dmail=a%40b.example";
        assert_eq!(text(body, "first name").as_deref(), Some("René + é"));
        assert_eq!(text(body, "e-mail").as_deref(), Some("a@b.example"));
    }

    #[test]
    fn a_value_may_be_empty_or_missing_and_contain_equals_signs() {
        let body = "&&empty=&bare&sum=1=1&";
        assert_eq!(text(body, "empty").as_deref(), Some(""));
        assert_eq!(text(body, "bare").as_deref(), Some(""));
        assert_eq!(text(body, "sum").as_deref(), Some("1=1"));
        assert_eq!(text(body, "other"), None);
    }

    #[test]
    fn a_percent_sign_that_begins_no_escape_stands_for_itself() {
        for value in ["100%", "%", "%zz", "%4", "%%"] {
            assert_eq!(text(&format!("a={value}"), "a").as_deref(), Some(value));
        }
    }

    #[test]
    fn spaces_around_a_password_are_kept() {
        assert_eq!(text("p=+a+%20", "p").as_deref(), Some(" a  "));
    }

    #[test]
    fn utf_8_may_stand_unescaped() {
        assert_eq!(text("name=Ève", "name").as_deref(), Some("Ève"));
    }

    #[test]
    fn what_is_not_utf_8_is_malformed_escaped_or_not() {
        let bodies: [&[u8]; 6] = [b"a=\xff", b"\xe9=a", b"a=%FF", b"%C3=a", b"a=%ED%A0%80", b"a=%C0%80"];
        for body in bodies {
            assert_eq!(parse(body).unwrap_err(), BodyError::Malformed, "{body:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_malformed() {
        let answer = parse(b"\xEF\xBB\xBFa=b");
        assert_eq!(answer.unwrap_err(), BodyError::Malformed);
    }

    #[test]
    fn an_escaped_method_override_is_refused_too() {
        for body in ["a=b&_method=patch", "%5Fmethod=patch", "_method"] {
            let answer = parse(body.as_bytes());
            assert_eq!(answer.unwrap_err(), BodyError::MethodOverride, "{body}");
        }
    }
}
