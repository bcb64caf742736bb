//! The operator's fields in a request's body.

use domain::{CustomFields, Field, FieldKind};
use requests::{FieldProblem, Fields};

/// The operator's fields that a body contained: name and text of each.
#[derive(Debug, Default)]
pub struct CustomInput(Vec<(String, String)>);

impl CustomInput {
    /// Reads the operator's fields in `sent`. A JSON boolean or integer is converted to text.
    ///
    /// # Errors
    /// The first field that came twice or holds several values, with the problem.
    pub fn read(sent: &Fields, defined: &CustomFields) -> Result<Self, (Field, FieldProblem)> {
        let mut input = Self::default();
        for field in defined.iter() {
            match sent.scalar(&field.name) {
                Ok(Some(text)) => input.push(&field.name, text.into_owned()),
                Ok(None) => {}
                Err(problem) => return Err((Field::Custom(field.name.clone()), problem)),
            }
        }
        Ok(input)
    }

    /// Reads numbers as a language writes them: `mark`, which it has before decimals, becomes the point where
    /// that makes a number of the text.
    pub fn with_decimal_mark(mut self, mark: char, defined: &CustomFields) -> Self {
        let numbers = || defined.iter().filter(|field| field.kind == FieldKind::Number);
        for (name, text) in &mut self.0 {
            let Some(field) = numbers().find(|field| field.name == *name) else { continue };
            let pointed = text.replace(mark, ".");
            if field.parse(&pointed).is_ok() {
                *text = pointed;
            }
        }
        self
    }

    /// The text that was sent for the field `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(sent, _)| *sent == name).map(|(_, text)| text)
    }

    /// Name and text of every field that was sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Adds a field as if the body had contained it.
    pub fn push(&mut self, name: &str, text: String) {
        self.0.push((name.to_owned(), text));
    }
}
