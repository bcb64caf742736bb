//! Whole bodies in each encoding, as a route passes them on.

use std::io::ErrorKind;

use tokio::io::AsyncReadExt;

use super::super::{
    BodyError, FieldProblem, Fields, MAX_BODY_BYTES, MAX_FIELDS, MAX_NAME_BYTES, parse, read,
};
use super::streams::{Failing, Trickle};

pub(super) const FORM: &str = "application/x-www-form-urlencoded";
pub(super) const JSON: &str = "application/json; charset=utf-8";
pub(super) const MULTIPART: &str = "multipart/form-data; boundary=b";

/// The same fields as a body in each encoding.
pub(super) fn in_every_kind(fields: &[(&str, &str)]) -> [(&'static str, String); 3] {
    let form = fields.iter().map(|(name, value)| {
        let escape = |text: &str| text.bytes().map(|b| format!("%{b:02x}")).collect::<String>();
        format!("{}={}&", escape(name), escape(value))
    });
    let json = fields.iter().map(|(name, value)| {
        let quote = |text: &str| serde_json::to_string(text).unwrap();
        format!("{}:{}", quote(name), quote(value))
    });
    let parts = fields.iter().map(|(name, value)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    });
    [
        (FORM, form.collect()),
        (JSON, format!("{{{}}}", json.collect::<Vec<_>>().join(","))),
        (MULTIPART, parts.collect::<String>() + "--b--\r\n"),
    ]
}

fn parsed(kind: &str, body: impl AsRef<[u8]>) -> Result<Fields, BodyError> {
    parse(Some(kind), body.as_ref(), MAX_BODY_BYTES)
}

#[test]
fn the_three_kinds_of_bodies_give_the_same_fields() {
    let sent = [("email", "a@b.example"), ("password", " pässword & 100%+ \0 ")];
    for (kind, body) in in_every_kind(&sent) {
        let fields = parsed(kind, body).unwrap();
        for (name, value) in sent {
            assert_eq!(fields.text(name), Ok(Some(value)), "{kind}");
        }
        assert_eq!(fields.text("other"), Ok(None));
    }
}

#[test]
fn a_repeated_name_is_refused_only_when_it_is_asked_for() {
    for (kind, body) in in_every_kind(&[("a", "1"), ("b", "2"), ("a", "1")]) {
        let fields = parsed(kind, body).unwrap();
        assert_eq!(fields.text("a"), Err(FieldProblem::Repeated), "{kind}");
        assert_eq!(fields.integer("a"), Err(FieldProblem::Repeated), "{kind}");
        assert_eq!(fields.boolean("a"), Err(FieldProblem::Repeated), "{kind}");
        assert!(fields.contains("a"));
        assert_eq!(fields.text("b"), Ok(Some("2")), "{kind}");
    }
}

#[test]
fn a_field_that_overrides_the_method_is_refused_wherever_it_stands() {
    for names in [["_method", "a"], ["a", "_method"]] {
        for (kind, body) in in_every_kind(&names.map(|name| (name, "patch"))) {
            let answer = parsed(kind, body);
            assert_eq!(answer.unwrap_err(), BodyError::MethodOverride, "{kind}");
        }
    }
}

#[test]
fn an_empty_body_has_no_fields_whatever_its_type() {
    for kind in [None, Some(FORM), Some(JSON), Some(MULTIPART), Some("x"), Some("text/html")] {
        let fields = parse(kind, b"", 0).unwrap();
        assert_eq!(format!("{fields:?}"), "Fields{}");
    }
}

#[test]
fn a_body_of_no_or_unknown_type_is_unsupported() {
    for kind in [None, Some(""), Some("text/plain"), Some("application/json;charset=latin1")] {
        let answer = parse(kind, b"{}", MAX_BODY_BYTES);
        assert_eq!(answer.unwrap_err(), BodyError::UnsupportedMediaType, "{kind:?}");
    }
}

#[test]
fn a_body_may_be_as_large_as_the_limit_and_not_a_byte_larger() {
    for (kind, body) in in_every_kind(&[("a", &"x".repeat(1_000))]) {
        assert!(parse(Some(kind), body.as_bytes(), body.len()).is_ok());
        let answer = parse(Some(kind), body.as_bytes(), body.len() - 1);
        assert_eq!(answer.unwrap_err(), BodyError::TooLarge, "{kind}");
    }
}

#[test]
fn too_many_fields_and_too_long_names_are_malformed() {
    let names: Vec<String> = (0..=MAX_FIELDS).map(|n| format!("{n}")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let repeated = vec![("a", ""); MAX_FIELDS + 1];
    for fields in [many, repeated] {
        for (kind, body) in in_every_kind(&fields) {
            let answer = parsed(kind, body);
            assert_eq!(answer.unwrap_err(), BodyError::Malformed, "{kind}");
        }
        for (kind, body) in in_every_kind(&fields[1..]) {
            assert!(parsed(kind, body).is_ok(), "{kind}");
        }
    }
    let longest = "n".repeat(MAX_NAME_BYTES);
    for (kind, body) in in_every_kind(&[(&longest, "x")]) {
        assert_eq!(parsed(kind, body).unwrap().text(&longest), Ok(Some("x")));
    }
    for (kind, body) in in_every_kind(&[(&format!("{longest}n"), "x")]) {
        assert_eq!(parsed(kind, body).unwrap_err(), BodyError::Malformed, "{kind}");
    }
}

#[test]
fn nothing_that_was_sent_as_a_value_can_be_printed() {
    for (kind, body) in in_every_kind(&[("password", "hunter2"), ("email", "a@b.example")]) {
        let printed = format!("{:?}", parsed(kind, body).unwrap());
        assert_eq!(printed, r#"Fields{"email", "password"}"#, "{kind}");
    }
}

#[tokio::test]
async fn a_body_is_read_from_a_stream_up_to_its_limit() {
    for (kind, body) in in_every_kind(&[("a", "x")]) {
        let fields = read(Trickle::new(body.as_bytes(), 1), Some(kind), None, body.len()).await;
        assert_eq!(fields.unwrap().text("a"), Ok(Some("x")), "{kind}");
        let short = read(Trickle::new(body.as_bytes(), 1), Some(kind), None, body.len() - 1).await;
        assert_eq!(short.unwrap_err(), BodyError::TooLarge, "{kind}");
    }
    let endless = read(tokio::io::repeat(b'a'), Some(FORM), None, MAX_BODY_BYTES).await;
    assert_eq!(endless.unwrap_err(), BodyError::TooLarge);
    let nothing = read(tokio::io::empty().take(1), None, Some(0), MAX_BODY_BYTES).await;
    assert!(nothing.is_ok());
}

#[tokio::test]
async fn a_body_that_stops_coming_says_why() {
    for (end, refusal) in [
        (ErrorKind::TimedOut, BodyError::TimedOut),
        (ErrorKind::UnexpectedEof, BodyError::Disconnected),
        (ErrorKind::Other, BodyError::Io(ErrorKind::Other)),
    ] {
        let answer = read(b"a=b".chain(Failing(end)), Some(FORM), None, MAX_BODY_BYTES).await;
        assert_eq!(answer.unwrap_err(), refusal);
    }
}
