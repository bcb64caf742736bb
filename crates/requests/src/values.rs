//! The fields of one body, read by name and type. Repeated names are kept as such: reading one is refused,
//! while names that are never read are never checked.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use zeroize::Zeroizing;

use super::{BodyError, FieldProblem, MAX_FIELDS, MAX_NAME_BYTES};

/// From 2^63 on, no integer fits into an `i64`.
const FIRST_TOO_LARGE: f64 = 9_223_372_036_854_775_808.0;

/// The value sent under one name.
pub(super) enum Value {
    /// Text of a form. Forms have no other type, so the text may also represent a number or a boolean.
    Form(Zeroizing<String>),
    /// A JSON string. It represents only text.
    Text(Zeroizing<String>),
    Boolean(bool),
    Integer(i64),
    /// A JSON number that is a fraction or written like one. No accessor accepts it.
    Fraction,
    /// A JSON integer beyond 64 bits.
    Huge,
    Null,
    /// A JSON array or object, as text.
    Nested(Zeroizing<String>),
    /// A part of a multipart body with a file name.
    File,
    Repeated,
}

impl Value {
    pub(super) fn form(text: String) -> Self {
        Self::Form(Zeroizing::new(text))
    }

    /// Classifies a JSON number that the parser does not return as an integer of 64 bits.
    pub(super) fn float(number: f64) -> Self {
        if number.abs() >= FIRST_TOO_LARGE { Self::Huge } else { Self::Fraction }
    }
}

/// The fields of one request body.
///
/// Texts are wiped from memory on drop, and `Debug` shows only names, so that it cannot write a password to a
/// log.
#[derive(Default)]
pub struct Fields {
    values: BTreeMap<String, Value>,
    received: usize,
}

impl Fields {
    /// Adds a field.
    pub(super) fn insert(&mut self, name: String, value: Value) -> Result<(), BodyError> {
        if name == "_method" {
            return Err(BodyError::MethodOverride);
        }
        self.received += 1;
        if name.len() > MAX_NAME_BYTES || self.received > MAX_FIELDS {
            return Err(BodyError::Malformed);
        }
        match self.values.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(value);
            }
            Entry::Occupied(mut entry) => {
                entry.insert(Value::Repeated);
            }
        }
        Ok(())
    }

    /// Whether the body has a field of this name, of any type and any number of times. A JSON `null` counts
    /// as no field.
    pub fn contains(&self, name: &str) -> bool {
        !matches!(self.values.get(name), None | Some(Value::Null))
    }

    /// Every field whose value is one text, by name.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().filter_map(|(name, value)| match value {
            Value::Form(text) | Value::Text(text) => Some((name.as_str(), text.as_str())),
            _ => None,
        })
    }

    /// The names that came more than once.
    pub fn repeated(&self) -> impl Iterator<Item = &str> {
        self.values
            .iter()
            .filter(|(_, value)| matches!(value, Value::Repeated))
            .map(|(name, _)| name.as_str())
    }

    /// The text under this name exactly as sent, possibly empty; `None` if the field is missing or JSON
    /// `null`.
    ///
    /// # Errors
    /// [`FieldProblem::Repeated`]; [`FieldProblem::WrongType`] for a file and for every JSON value but a
    /// string.
    pub fn text(&self, name: &str) -> Result<Option<&str>, FieldProblem> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Form(text) | Value::Text(text)) => Ok(Some(text)),
            Some(Value::Repeated) => Err(FieldProblem::Repeated),
            Some(_) => Err(FieldProblem::WrongType),
        }
    }

    /// The value under this name as text: text as sent, a JSON boolean or integer as written. For fields
    /// whose type only the caller knows.
    ///
    /// # Errors
    /// [`FieldProblem::Repeated`]; [`FieldProblem::WrongType`] for a file and for every other kind of JSON
    /// value.
    pub fn scalar(&self, name: &str) -> Result<Option<Cow<'_, str>>, FieldProblem> {
        match self.values.get(name) {
            Some(Value::Boolean(choice)) => Ok(Some(choice.to_string().into())),
            Some(Value::Integer(number)) => Ok(Some(number.to_string().into())),
            _ => Ok(self.text(name)?.map(Cow::Borrowed)),
        }
    }

    /// The JSON value under this name as text: of an object or an array, or text that says to be one. For
    /// values that only another parser understands.
    ///
    /// # Errors
    /// [`FieldProblem::Repeated`]; [`FieldProblem::WrongType`] for a file and for every other kind of JSON
    /// value.
    pub fn object(&self, name: &str) -> Result<Option<&str>, FieldProblem> {
        match self.values.get(name) {
            Some(Value::Nested(text)) => Ok(Some(text)),
            _ => self.text(name),
        }
    }

    /// The integer under this name: decimal digits in a form, after a `-` if negative, or a JSON number
    /// without fraction and exponent.
    ///
    /// # Errors
    /// [`FieldProblem::Repeated`]; [`FieldProblem::OutOfRange`] if the integer does not fit into 64 bits;
    /// [`FieldProblem::WrongType`] for everything else, including a JSON string of digits.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, FieldProblem> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Integer(number)) => Ok(Some(*number)),
            Some(Value::Form(text)) => integer_in(text).map(Some),
            Some(Value::Huge) => Err(FieldProblem::OutOfRange),
            Some(Value::Repeated) => Err(FieldProblem::Repeated),
            Some(_) => Err(FieldProblem::WrongType),
        }
    }

    /// The boolean under this name: a JSON boolean, or in a form `on`, `true`, `1` or `off`, `false`, `0` or
    /// empty text. Browsers do not send a checkbox that is not ticked, so it is `None`.
    ///
    /// # Errors
    /// [`FieldProblem::Repeated`]; [`FieldProblem::WrongType`] for every other value.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, FieldProblem> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Boolean(choice)) => Ok(Some(*choice)),
            Some(Value::Form(text)) => match text.as_str() {
                "on" | "true" | "1" => Ok(Some(true)),
                "off" | "false" | "0" | "" => Ok(Some(false)),
                _ => Err(FieldProblem::WrongType),
            },
            Some(Value::Repeated) => Err(FieldProblem::Repeated),
            Some(_) => Err(FieldProblem::WrongType),
        }
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fields")?;
        f.debug_set().entries(self.values.keys()).finish()
    }
}

fn integer_in(text: &str) -> Result<i64, FieldProblem> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FieldProblem::WrongType);
    }
    text.parse().map_err(|_| FieldProblem::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Fields {
        let mut fields = Fields::default();
        fields.insert("field".into(), Value::form(text.into())).unwrap();
        fields
    }

    #[test]
    fn an_absent_field_is_none_of_any_type() {
        let fields = Fields::default();
        assert_eq!(fields.text("field"), Ok(None));
        assert_eq!(fields.integer("field"), Ok(None));
        assert_eq!(fields.boolean("field"), Ok(None));
        assert!(!fields.contains("field"));
    }

    #[test]
    fn digits_in_a_form_are_an_integer() {
        assert_eq!(form("42").integer("field"), Ok(Some(42)));
        assert_eq!(form("007").integer("field"), Ok(Some(7)));
        assert_eq!(form("-3").integer("field"), Ok(Some(-3)));
        let most = form("9223372036854775807").integer("field");
        assert_eq!(most, Ok(Some(i64::MAX)));
    }

    #[test]
    fn an_integer_beyond_64_bits_is_out_of_range() {
        for digits in ["9223372036854775808", "-9223372036854775809"] {
            let answer = form(digits).integer("field");
            assert_eq!(answer, Err(FieldProblem::OutOfRange));
        }
        let answer = form(&"9".repeat(5_000)).integer("field");
        assert_eq!(answer, Err(FieldProblem::OutOfRange));
    }

    #[test]
    fn text_that_is_not_digits_alone_is_no_integer() {
        for text in ["", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x10", "١", "--1"] {
            let answer = form(text).integer("field");
            assert_eq!(answer, Err(FieldProblem::WrongType), "{text:?}");
        }
    }

    #[test]
    fn a_scalar_is_text_however_it_was_sent() {
        let mut fields = Fields::default();
        for (name, value) in [
            ("form", Value::form("on".into())),
            ("boolean", Value::Boolean(true)),
            ("integer", Value::Integer(-7)),
            ("null", Value::Null),
            ("fraction", Value::Fraction),
            ("file", Value::File),
            ("twice", Value::Repeated),
        ] {
            fields.insert(name.into(), value).unwrap();
        }
        for (name, text) in [("form", "on"), ("boolean", "true"), ("integer", "-7")] {
            assert_eq!(fields.scalar(name).unwrap().as_deref(), Some(text));
        }
        for name in ["null", "absent"] {
            assert_eq!(fields.scalar(name), Ok(None));
        }
        for name in ["fraction", "file"] {
            assert_eq!(fields.scalar(name), Err(FieldProblem::WrongType));
        }
        assert_eq!(fields.scalar("twice"), Err(FieldProblem::Repeated));
    }

    #[test]
    fn the_words_of_checkboxes_are_booleans() {
        for (texts, choice) in
            [(["on", "true", "1"].as_slice(), true), (["off", "false", "0", ""].as_slice(), false)]
        {
            for text in texts {
                assert_eq!(form(text).boolean("field"), Ok(Some(choice)), "{text:?}");
            }
        }
        assert_eq!(form("yes").boolean("field"), Err(FieldProblem::WrongType));
    }

    #[test]
    fn a_file_is_there_but_is_no_text() {
        let mut fields = Fields::default();
        fields.insert("picture".into(), Value::File).unwrap();
        assert!(fields.contains("picture"));
        assert_eq!(fields.text("picture"), Err(FieldProblem::WrongType));
        assert_eq!(fields.integer("picture"), Err(FieldProblem::WrongType));
        assert_eq!(fields.boolean("picture"), Err(FieldProblem::WrongType));
    }

    #[test]
    fn debug_shows_the_names_and_none_of_the_values() {
        let mut fields = form("hunter2");
        fields.insert("password".into(), Value::form("correct horse".into())).unwrap();
        assert_eq!(format!("{fields:?}"), r#"Fields{"field", "password"}"#);
    }
}
