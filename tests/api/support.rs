//! Shared parts of the dialects' tests.

#[path = "../support/app.rs"]
#[expect(dead_code, reason = "some of it is for the tests of the pages")]
mod app;
#[path = "../support/body.rs"]
mod body;
#[path = "../support/client.rs"]
#[expect(dead_code, reason = "some of it is for the tests of the pages")]
mod client;
#[path = "../support/mail.rs"]
pub mod mail;
#[path = "../support/site.rs"]
#[expect(dead_code, reason = "some of it is for the tests of the pages")]
pub mod site;
#[path = "../support/smtp.rs"]
#[expect(dead_code, reason = "some of it is for the tests of the pages")]
pub mod smtp;
#[path = "../support/totp.rs"]
pub mod totp;

pub use app::{PASSWORD, TestApp, until};
pub use body::Body;
pub use client::{Answer, Ask, Visitor};

use serde_json::Value;

/// Bodies in which the field `name` has a value that no dialect accepts: another type, several values, far
/// too much text, or control characters. The other fields are the valid `others`.
pub fn spoiled(name: &str, others: &[(&str, &str)]) -> Vec<(String, Body)> {
    let rest: Vec<(&str, &str)> = others.iter().copied().filter(|(other, _)| *other != name).collect();
    let mut bodies = Vec::new();
    let mut add = |what: &str, body: Body| bodies.push((format!("{name}: {what}"), body));
    for kind in Body::kinds(&rest) {
        add("missing", kind);
    }
    let with = |value: &str| -> [Body; 3] {
        let fields: Vec<(&str, &str)> = rest.iter().copied().chain([(name, value)]).collect();
        Body::kinds(&fields)
    };
    for (what, value) in [("empty", ""), ("NUL", "a\0b@example.org"), ("controls", "a\u{1b}[2J\u{202e}b")] {
        for body in with(value) {
            add(what, body);
        }
    }
    for body in with(&"x".repeat(1 << 20)) {
        add("1 MiB", body);
    }
    let twice: Vec<(&str, &str)> = rest.iter().copied().chain([(name, "one"), (name, "two")]).collect();
    add("repeated", Body::form(&twice));
    add("repeated", Body::multipart(&twice));
    for (what, value) in [
        ("a number", Value::from(42.5)),
        ("a list", serde_json::json!(["a"])),
        ("an object", serde_json::json!({ "a": 1 })),
        ("true", Value::Bool(true)),
        ("huge", serde_json::from_str("123456789012345678901234567890").unwrap()),
    ] {
        let mut object: serde_json::Map<String, Value> =
            rest.iter().map(|(other, value)| ((*other).to_owned(), (*value).into())).collect();
        object.insert(name.to_owned(), value);
        add(what, Body::new("application/json", Value::Object(object).to_string()));
    }
    bodies
}

/// Malformed bodies, each with the status that answers it.
pub fn broken() -> Vec<(&'static str, u16, Body)> {
    vec![
        ("not JSON", 400, Body::new("application/json", "{\"email\":")),
        ("a list", 400, Body::new("application/json", "[]")),
        ("a lone surrogate", 400, Body::new("application/json", "{\"email\":\"\\ud800\"}")),
        ("too deep", 400, Body::new("application/json", format!("{}{}", "[".repeat(64), "]".repeat(64)))),
        ("not UTF-8", 400, Body::new("application/x-www-form-urlencoded", b"email=%ff".to_vec())),
        ("another method", 400, Body::new("application/x-www-form-urlencoded", "_method=delete")),
        ("no multipart", 400, Body::new("multipart/form-data; boundary=x", "junk")),
        ("another type", 415, Body::new("application/xml", "<a/>")),
        ("too large", 413, Body::new("application/json", format!("\"{}\"", "x".repeat(20_000)))),
    ]
}
