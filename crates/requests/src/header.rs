//! Parses `Content-Type` and the headers of multipart parts: a value and its parameters. The code is our own
//! because lenient parsers also look for `name=` inside quoted file names.

use super::BodyError;

/// The longest boundary that RFC 2046 allows, in bytes.
const MAX_BOUNDARY_BYTES: usize = 70;

/// The most parameters of one header. Each is compared with all before it, and clients send three at most.
const MAX_PARAMETERS: usize = 16;

/// The three supported encodings of a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BodyKind {
    Form,
    Json,
    Multipart { boundary: String },
}

impl BodyKind {
    /// The encoding that a `Content-Type` names.
    pub(super) fn of(content_type: Option<&str>) -> Result<Self, BodyError> {
        let header = content_type
            .and_then(HeaderValue::parse)
            .filter(HeaderValue::is_utf8)
            .ok_or(BodyError::UnsupportedMediaType)?;
        match header.value.as_str() {
            "application/x-www-form-urlencoded" => Ok(Self::Form),
            "application/json" => Ok(Self::Json),
            "multipart/form-data" => {
                let boundary = header.parameter("boundary").unwrap_or_default();
                if !is_boundary(boundary) {
                    return Err(BodyError::Malformed);
                }
                let boundary = boundary.to_owned();
                Ok(Self::Multipart { boundary })
            }
            _ => Err(BodyError::UnsupportedMediaType),
        }
    }
}

fn is_boundary(text: &str) -> bool {
    (1..=MAX_BOUNDARY_BYTES).contains(&text.len())
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && !text.ends_with(' ')
}

/// A parsed header such as `form-data; name="file"; filename="me.png"`.
pub(super) struct HeaderValue {
    /// The value before the parameters, in lower case.
    pub(super) value: String,
    parameters: Vec<(String, String)>,
}

impl HeaderValue {
    /// Returns `None` if the header is malformed, has too many parameters or repeats one, because two parsers
    /// could then read it differently.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (value, mut rest) = text.split_once(';').unwrap_or((text, ""));
        let value = value.trim_matches(WHITE_SPACE).to_ascii_lowercase();
        if value.is_empty() || !value.split('/').all(is_token) {
            return None;
        }
        let mut header = Self { value, parameters: Vec::new() };
        loop {
            rest = rest.trim_start_matches([' ', '\t', ';']);
            if rest.is_empty() {
                return Some(header);
            }
            let (name, after) = rest.split_once('=')?;
            let name = name.trim_end_matches(WHITE_SPACE).to_ascii_lowercase();
            if !is_token(&name) || header.has(&name) || header.parameters.len() == MAX_PARAMETERS {
                return None;
            }
            let (value, after) = parameter_value(after.trim_start_matches(WHITE_SPACE))?;
            header.parameters.push((name, value));
            rest = after;
        }
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.parameter(name).is_some()
    }

    /// Whether the described text is in UTF-8, which is the default, under one of the names that clients give
    /// it (the labels of the Encoding standard that are in use), or in ASCII, which is a part of it.
    pub(super) fn is_utf8(&self) -> bool {
        const NAMES: [&str; 4] = ["utf-8", "utf8", "us-ascii", "ascii"];
        self.parameter("charset")
            .is_none_or(|charset| NAMES.iter().any(|name| charset.eq_ignore_ascii_case(name)))
    }
}

const WHITE_SPACE: [char; 2] = [' ', '\t'];

fn is_token(text: &str) -> bool {
    let in_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(in_token)
}

/// Splits `text` into the value at its beginning and the rest.
fn parameter_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        let value = value.trim_end_matches(WHITE_SPACE);
        return (!value.contains('"')).then(|| (value.to_owned(), rest));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    loop {
        match characters.next()? {
            (at, '"') => {
                let rest = quoted[at + 1..].trim_start_matches(WHITE_SPACE);
                return (rest.is_empty() || rest.starts_with(';')).then_some((value, rest));
            }
            // Browsers do not escape a backslash in a file name. So a backslash counts as an escape only
            // before a quotation mark or another backslash.
            (at, '\\') if quoted[at + 1..].starts_with(['"', '\\']) => {
                value.push(characters.next()?.1);
            }
            (_, other) => value.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn multipart(boundary: &str) -> Result<BodyKind, BodyError> {
        BodyKind::of(Some(&format!("multipart/form-data; boundary={boundary}")))
    }

    #[test]
    fn the_three_types_are_known_in_any_case_and_with_other_parameters() {
        for (text, kind) in [
            ("application/x-www-form-urlencoded", BodyKind::Form),
            ("Application/X-WWW-Form-URLEncoded ; a=b", BodyKind::Form),
            ("application/json", BodyKind::Json),
            ("APPLICATION/JSON;charset=UTF-8;", BodyKind::Json),
            ("application/json; charset=\"utf-8\"", BodyKind::Json),
            ("application/json; charset=utf8", BodyKind::Json),
            ("application/x-www-form-urlencoded; charset=US-ASCII", BodyKind::Form),
            ("application/json;charset=ascii", BodyKind::Json),
        ] {
            assert_eq!(BodyKind::of(Some(text)), Ok(kind), "{text}");
        }
    }

    #[test]
    fn an_absent_unknown_or_broken_type_is_unsupported() {
        for text in [
            None,
            Some(""),
            Some(";"),
            Some("text/plain"),
            Some("application/jsonp"),
            Some("application/json, text/plain"),
            Some("application/json; charset"),
            Some("application/json; charset=\"utf-8"),
            Some("multipart/mixed; boundary=b"),
        ] {
            let answer = BodyKind::of(text);
            assert_eq!(answer, Err(BodyError::UnsupportedMediaType), "{text:?}");
        }
    }

    #[test]
    fn a_charset_other_than_utf_8_is_unsupported() {
        for charset in ["iso-8859-1", "utf-16", "\"windows-1252\"", "utf-8;charset=x"] {
            for kind in ["application/json", "multipart/form-data;boundary=b"] {
                let answer = BodyKind::of(Some(&format!("{kind}; charset={charset}")));
                assert_eq!(answer, Err(BodyError::UnsupportedMediaType), "{charset}");
            }
        }
    }

    #[test]
    fn a_boundary_keeps_its_case_and_may_be_quoted() {
        for (text, boundary) in
            [("----WebKitFormBoundaryAbC", "----WebKitFormBoundaryAbC"), ("\"a b:c\"", "a b:c")]
        {
            let boundary = boundary.to_owned();
            assert_eq!(multipart(text), Ok(BodyKind::Multipart { boundary }));
        }
    }

    #[test]
    fn a_missing_or_impossible_boundary_is_malformed() {
        let without = BodyKind::of(Some("multipart/form-data"));
        assert_eq!(without, Err(BodyError::Malformed));
        for boundary in ["", "\"\"", "\"b \"", "\"é\"", &"b".repeat(71)] {
            assert_eq!(multipart(boundary), Err(BodyError::Malformed), "{boundary}");
        }
    }

    #[test]
    fn nothing_inside_a_quoted_parameter_is_taken_for_another_one() {
        let text = r#"form-data; filename="a; name=evil; \"x\".png"; name="file""#;
        let header = HeaderValue::parse(text).unwrap();
        assert_eq!(header.value, "form-data");
        assert_eq!(header.parameter("name"), Some("file"));
        let file_name = header.parameter("filename");
        assert_eq!(file_name, Some(r#"a; name=evil; "x".png"#));
    }

    #[test]
    fn a_header_has_no_more_parameters_than_are_compared_quickly() {
        let header = |count: usize| {
            let parameters: String = (0..count).map(|number| format!(";p{number}=x")).collect();
            HeaderValue::parse(&format!("form-data{parameters}"))
        };
        assert!(header(MAX_PARAMETERS).is_some() && header(MAX_PARAMETERS + 1).is_none());
    }

    #[test]
    fn repeated_or_unfinished_parameters_are_refused() {
        for text in [
            "form-data; name=a; name=b",
            "form-data; name=\"a",
            "form-data; name=\"a\\\"",
            "form-data; name=\"a\"b",
            "form-data; name=a\"b\"",
            "form-data; na me=a",
            "form-data; name",
        ] {
            assert!(HeaderValue::parse(text).is_none(), "{text}");
        }
    }
}
