//! The columns of one record, read as what they should be.

use serde_json::{Map, Value};
use zeroize::{Zeroize as _, Zeroizing};

use super::moment;
use super::record::Fact;
use super::row_fault::RowFault;
use super::strict;

/// The most bytes of one text.
const LONGEST_TEXT: usize = 64 * 1024;

/// The columns of one record, by name. A value of CSV is text, or null if it is empty.
/// Its texts are wiped when it is dropped, for some are hashes and secrets.
pub(crate) struct Row(Map<String, Value>);

impl Drop for Row {
    fn drop(&mut self) {
        self.0.values_mut().for_each(wipe);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(list) => list.iter_mut().for_each(wipe),
        Value::Object(map) => map.values_mut().for_each(wipe),
        _ => {}
    }
}

impl Row {
    pub(crate) fn new(columns: Map<String, Value>) -> Self {
        Self(columns)
    }

    pub(crate) fn of_json(bytes: &[u8]) -> Result<Self, RowFault> {
        strict::object(bytes).map(Self)
    }

    /// The row as text in JSON.
    pub(crate) fn to_json(&self) -> Zeroizing<String> {
        Zeroizing::new(serde_json::to_string(&self.0).unwrap_or_default())
    }

    /// A value. Null counts as none.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    /// Whether there is such a column, even if it is null.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key)
    }

    pub(crate) fn insert(&mut self, key: &str, value: Value) {
        self.0.insert(key.to_owned(), value);
    }

    /// Text. Empty text counts as none.
    pub(crate) fn text(&self, key: &str) -> Result<Option<String>, RowFault> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) if text.len() > LONGEST_TEXT => {
                Err(RowFault::TooLongText(key.to_owned()))
            }
            Some(Value::String(text)) => Ok((!text.is_empty()).then(|| text.clone())),
            Some(_) => Err(RowFault::NotText(key.to_owned())),
        }
    }

    /// Text that has to be there.
    pub(crate) fn needed(&self, key: &str) -> Result<String, RowFault> {
        self.text(key)?.ok_or_else(|| RowFault::Missing(key.to_owned()))
    }

    /// The id of a row: text, or a whole number as text.
    pub(crate) fn id(&self, key: &str) -> Result<String, RowFault> {
        match self.get(key) {
            Some(Value::Number(number)) if !number.is_f64() => Ok(number.to_string()),
            _ => self.needed(key),
        }
    }

    /// Yes or no, as JSON, SQL and spreadsheets write it.
    pub(crate) fn flag(&self, key: &str) -> Result<Option<bool>, RowFault> {
        let Some(value) = self.get(key) else { return Ok(None) };
        flag_of(value).ok_or_else(|| RowFault::NotAFlag(key.to_owned())).map(Some)
    }

    /// Yes or no, or since when. A column that is null says no, one that is not there says nothing.
    pub(crate) fn fact(&self, key: &str) -> Result<Fact, RowFault> {
        let Some(value) = self.get(key).filter(|value| value.as_str() != Some("")) else {
            return Ok(if self.has(key) { Fact::No } else { Fact::Unsaid });
        };
        match flag_of(value) {
            Some(true) => Ok(Fact::Yes),
            Some(false) => Ok(Fact::No),
            None => match self.time(key) {
                Ok(time) => Ok(time.map_or(Fact::No, Fact::Since)),
                Err(_) => Err(RowFault::NotAFlag(key.to_owned())),
            },
        }
    }

    /// A time in text. MySQL's zero is none.
    pub(crate) fn time(&self, key: &str) -> Result<Option<i64>, RowFault> {
        let wrong = || RowFault::NotATime(key.to_owned());
        let Some(value) = self.get(key) else { return Ok(None) };
        let text = value.as_str().ok_or_else(wrong)?;
        if text.is_empty() || text.starts_with("0000-00-00") {
            return Ok(None);
        }
        moment::of_text(text).ok_or_else(wrong).map(Some)
    }

    /// A time in milliseconds since 1970, as a number or as its digits.
    pub(crate) fn millis(&self, key: &str) -> Result<Option<i64>, RowFault> {
        self.count(key, moment::of_millis)
    }

    /// A time in seconds since 1970, as a number or as its digits.
    pub(crate) fn seconds(&self, key: &str) -> Result<Option<i64>, RowFault> {
        self.count(key, moment::of_seconds)
    }

    fn count(&self, key: &str, unit: impl Fn(i64) -> Option<i64>) -> Result<Option<i64>, RowFault> {
        let number = match self.get(key) {
            None => return Ok(None),
            Some(Value::String(digits)) if digits.is_empty() => return Ok(None),
            Some(Value::String(digits)) => digits.parse().ok(),
            // JavaScript's times may have a fraction.
            Some(Value::Number(number)) => number.as_i64(),
            Some(_) => None,
        };
        number.and_then(unit).ok_or_else(|| RowFault::NotATime(key.to_owned())).map(Some)
    }

    /// An object or a list, which some products write as text.
    pub(crate) fn nested(&self, key: &str) -> Result<Option<Value>, RowFault> {
        match self.get(key) {
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => {
                strict::value(text).map_err(|_| RowFault::Malformed(key.to_owned())).map(Some)
            }
            Some(value @ (Value::Object(_) | Value::Array(_))) => Ok(Some(value.clone())),
            Some(_) => Err(RowFault::Malformed(key.to_owned())),
            None => Ok(None),
        }
    }

    /// The rows of a list within the row.
    pub(crate) fn rows(&self, key: &str) -> Result<Vec<Row>, RowFault> {
        match self.nested(key)? {
            None => Ok(Vec::new()),
            Some(Value::Array(list)) => list
                .into_iter()
                .map(|element| match element {
                    Value::Object(columns) => Ok(Row(columns)),
                    _ => Err(RowFault::Malformed(key.to_owned())),
                })
                .collect(),
            Some(_) => Err(RowFault::Malformed(key.to_owned())),
        }
    }

    /// The row within the row; an empty one if there is none.
    pub(crate) fn row(&self, key: &str) -> Result<Row, RowFault> {
        match self.nested(key)? {
            None => Ok(Row(Map::new())),
            Some(Value::Object(columns)) => Ok(Row(columns)),
            Some(_) => Err(RowFault::Malformed(key.to_owned())),
        }
    }

    /// The texts of a list within the row.
    pub(crate) fn texts(&self, key: &str) -> Result<Vec<String>, RowFault> {
        let wrong = || RowFault::Malformed(key.to_owned());
        match self.nested(key)? {
            None => Ok(Vec::new()),
            Some(Value::Array(list)) => {
                list.iter().map(|text| text.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
            }
            Some(_) => Err(wrong()),
        }
    }
}

fn flag_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => match number.as_u64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "1" | "t" | "true" | "yes" => Some(true),
            "0" | "f" | "false" | "no" => Some(false),
            _ => None,
        },
        _ => None,
    }
}
