//! Values inside of a JSON value: checked as strictly as the outermost, and kept as text.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::MAX_JSON_DEPTH;

/// Reads one value and appends it to `text`. `depth` is the number of objects and arrays around it.
pub(super) struct Nested<'t> {
    pub(super) depth: usize,
    pub(super) text: &'t mut String,
}

impl Nested<'_> {
    /// The depth of the values inside this one.
    ///
    /// # Errors
    /// An error of the parser when this value is at the deepest allowed level.
    fn inner<E: serde::de::Error>(&self) -> Result<usize, E> {
        if self.depth < MAX_JSON_DEPTH { Ok(self.depth + 1) } else { Err(E::custom("nested too deep")) }
    }

    fn write<E: serde::de::Error>(self, value: impl serde::Serialize) -> Result<(), E> {
        self.text.push_str(&serde_json::to_string(&value).map_err(E::custom)?);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Nested<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<(), D::Error> {
        parser.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.write(())
    }

    fn visit_bool<E: serde::de::Error>(self, choice: bool) -> Result<(), E> {
        self.write(choice)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.write(number)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        self.write(number)
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<(), E> {
        self.write(number)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.write(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let depth = self.inner()?;
        self.text.push('[');
        let empty = self.text.len();
        loop {
            let end = self.text.len();
            if end > empty {
                self.text.push(',');
            }
            if list.next_element_seed(Nested { depth, text: &mut *self.text })?.is_none() {
                self.text.truncate(end);
                break;
            }
        }
        self.text.push(']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let depth = self.inner()?;
        self.text.push('{');
        let empty = self.text.len();
        while let Some(name) = map.next_key::<String>()? {
            if self.text.len() > empty {
                self.text.push(',');
            }
            self.text.push_str(&serde_json::to_string(&name).map_err(A::Error::custom)?);
            self.text.push(':');
            map.next_value_seed(Nested { depth, text: &mut *self.text })?;
        }
        self.text.push('}');
        Ok(())
    }
}
