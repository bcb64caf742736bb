//! Small helper functions for JSON documents.

use serde_json::{Map, Value};

/// The content types of a request's body. Each has the same fields.
pub const KINDS: [&str; 3] = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"];

pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
