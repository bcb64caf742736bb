//! Small helpers over JSON documents.

use serde_json::{Map, Value};

/// What a body can be sent as; the same fields in each.
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
