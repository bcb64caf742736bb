//! The facts that the check knows about a value before a page is rendered: its type, and whether people
//! outside the templates wrote it.

use std::borrow::Cow;

use crate::shape::{Shape, Variable};

/// A value whose type is known before a page is rendered.
#[derive(Clone, Debug)]
pub(super) struct KnownValue<'a> {
    pub shape: Cow<'a, Shape>,
    /// Whether it contains text that people outside the templates wrote.
    pub typed: bool,
    /// Whether it is an item of an enclosing loop's list. A loop over it then visits each element once.
    pub looped: bool,
    /// The value itself, if a template states it.
    pub constant: Option<String>,
}

impl<'a> KnownValue<'a> {
    pub fn any() -> Self {
        Self { shape: Cow::Owned(Shape::Any), typed: true, looped: false, constant: None }
    }

    /// A value that a template computes.
    pub fn made(shape: Shape) -> Self {
        Self { shape: Cow::Owned(shape), typed: false, looped: false, constant: None }
    }

    pub fn constant(text: &str) -> Self {
        Self { constant: Some(text.to_owned()), ..Self::made(Shape::Text) }
    }

    /// A value that the program supplies.
    pub fn given(shape: &'a Shape) -> Self {
        Self { shape: Cow::Borrowed(shape), typed: true, looped: false, constant: None }
    }

    /// Whether printing it can print typed text.
    pub fn is_typed(&self) -> bool {
        self.typed && !matches!(*self.shape, Shape::Number | Shape::Flag)
    }

    /// The value's member `name`, if it has one.
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

    /// The item of a loop over the value; `None` if it cannot be looped over.
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

/// The names of variables, for the message about a mistyped one.
pub(super) fn names(variables: &[Variable]) -> String {
    variables.iter().map(|variable| variable.name.as_str()).collect::<Vec<_>>().join(", ")
}
