//! What the check knows of a value before any page is filled: its type, and whether somebody outside the templates
//! wrote it.

use std::borrow::Cow;

use crate::shape::{Shape, Variable};

/// A value.
#[derive(Clone, Debug)]
pub(super) struct KnownValue<'a> {
    pub shape: Cow<'a, Shape>,
    /// Whether text in it was typed by somebody.
    pub typed: bool,
    /// Whether it comes out of the list of a loop that is open, so that a loop over it multiplies nothing.
    pub looped: bool,
    /// What it is, where a template says so.
    pub constant: Option<String>,
}

impl<'a> KnownValue<'a> {
    pub fn any() -> Self {
        Self { shape: Cow::Owned(Shape::Any), typed: true, looped: false, constant: None }
    }

    /// Something that a template itself makes.
    pub fn made(shape: Shape) -> Self {
        Self { shape: Cow::Owned(shape), typed: false, looped: false, constant: None }
    }

    pub fn constant(text: &str) -> Self {
        Self { constant: Some(text.to_owned()), ..Self::made(Shape::Text) }
    }

    /// Something that the program fills in.
    pub fn given(shape: &'a Shape) -> Self {
        Self { shape: Cow::Borrowed(shape), typed: true, looped: false, constant: None }
    }

    /// Whether printing it could print what somebody typed.
    pub fn is_typed(&self) -> bool {
        self.typed && !matches!(*self.shape, Shape::Number | Shape::Flag)
    }

    /// What it holds under `name`; `None` when there is nothing.
    pub fn member(&self, name: &str) -> Option<Self> {
        let pick = |shape: &'_ Shape| -> Option<usize> {
            match shape {
                Shape::Record(variables) => variables.iter().position(|variable| variable.name == name),
                Shape::Any => Some(0),
                Shape::List(_) if name.bytes().all(|b| b.is_ascii_digit()) => Some(0),
                _ => None,
            }
        };
        let at = pick(&self.shape)?;
        let shape = match &self.shape {
            Cow::Borrowed(shape) => Cow::Borrowed(inner(shape, at)),
            Cow::Owned(shape) => Cow::Owned(inner(shape, at).clone()),
        };
        Some(Self { shape, constant: None, ..self.clone() })
    }

    /// What a loop over it gives.
    pub fn item(&self) -> Option<Self> {
        let shape = match &self.shape {
            Cow::Borrowed(Shape::List(of)) => Cow::Borrowed(&**of),
            shape => Cow::Owned(match &**shape {
                Shape::List(of) => (**of).clone(),
                Shape::Text => Shape::Text,
                Shape::Any | Shape::Record(_) => Shape::Any,
                Shape::Number | Shape::Flag => return None,
            }),
        };
        Some(Self { shape, typed: self.typed, looped: true, constant: None })
    }
}

fn inner(shape: &Shape, at: usize) -> &Shape {
    match shape {
        Shape::Record(variables) => variables.get(at).map_or(&Shape::Any, |variable| &variable.shape),
        Shape::List(of) => of,
        other => other,
    }
}

/// Names in a list, for whoever mistyped one.
pub(super) fn names(variables: &[Variable]) -> String {
    variables.iter().map(|variable| variable.name.as_str()).collect::<Vec<_>>().join(", ")
}
