//! JSON of which no object has a key twice.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::row_fault::RowFault;

/// What the library's errors are told by.
const TWICE: &str = "a key stands twice";
const DEEP: &str = "too many lists and objects within each other";
/// Lists and objects within each other.
const DEEPEST: u32 = 32;

/// Reads one object.
pub(crate) fn object(bytes: &[u8]) -> Result<Map<String, Value>, RowFault> {
    let text = std::str::from_utf8(bytes).map_err(|_| RowFault::NotUtf8)?;
    match value(text)? {
        Value::Object(map) => Ok(map),
        _ => Err(RowFault::NotAnObject),
    }
}

/// Reads any value.
pub(crate) fn value(text: &str) -> Result<Value, RowFault> {
    serde_json::from_str::<Strict>(text).map(|strict| strict.0).map_err(|error| {
        let said = error.to_string();
        if said.starts_with(TWICE) {
            RowFault::TwiceKey
        } else if said.starts_with(DEEP) {
            RowFault::TooDeep
        } else {
            RowFault::NotJson
        }
    })
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        StrictSeed { left: DEEPEST }.deserialize(deserializer).map(Strict)
    }
}

/// Reads a value with at most so many lists and objects within each other.
struct StrictSeed {
    left: u32,
}

impl StrictSeed {
    fn within<E: Error>(&self) -> Result<Self, E> {
        self.left.checked_sub(1).map(|left| Self { left }).ok_or_else(|| E::custom(DEEP))
    }
}

impl<'de> DeserializeSeed<'de> for StrictSeed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StrictSeed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        self.within::<A::Error>()?;
        while let Some(element) = elements.next_element_seed(self.within()?)? {
            list.push(element);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        self.within::<A::Error>()?;
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(self.within()?)?;
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom(TWICE));
            }
        }
        Ok(Value::Object(map))
    }
}
