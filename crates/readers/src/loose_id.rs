//! The id of a record that is refused otherwise: whose second factor stands further on is known even so.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// The value of `key` in a JSON object as an id. Whatever else is in the object is passed over unread,
/// however deep it goes.
pub(crate) fn loose_id(bytes: &[u8], key: &str) -> Option<String> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    id_of(&json.deserialize_map(Looking { key }).ok()??)
}

/// A value as an account's id.
pub(crate) fn id_of(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        _ => None,
    }
}

struct Looking<'a> {
    key: &'a str,
}

impl<'de> Visitor<'de> for Looking<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == self.key {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_in_what_is_too_deep() {
        let deep = format!("{{\"meta\": {}{}, \"id\": \"u-1\"}}", "[".repeat(5_000), "]".repeat(5_000));
        assert_eq!(loose_id(deep.as_bytes(), "id").as_deref(), Some("u-1"));
        assert_eq!(loose_id(b"{\"id\": 7, \"id\": 8}", "id").as_deref(), Some("8"));
        for none in [&b"{\"ID\": 7}"[..], b"{\"id\": [7]}", b"[7]", b"{\"id\": 7"] {
            assert_eq!(loose_id(none, "id"), None);
        }
    }
}
