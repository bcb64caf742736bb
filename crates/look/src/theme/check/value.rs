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
    /// The bytes that it is expected to have when it is printed. What the program supplies is taken to be
    /// short: a page has that without a theme too, and what counts here is how often a theme repeats it.
    pub size: u64,
    /// The number of items, if it is a list.
    pub items: u64,
}

/// The size of a value that the program supplies or computes, and of one that it counts.
const SUPPLIED: u64 = 200;
const COUNTED: u64 = 20;
/// The items of a list that the program supplies, and of a list within it.
const ITEMS: u64 = 16;
const ITEMS_WITHIN: u64 = 4;

impl<'a> KnownValue<'a> {
    pub fn any() -> Self {
        Self { typed: true, size: SUPPLIED, ..Self::made(Shape::Any) }
    }

    /// A value that a template computes.
    pub fn made(shape: Shape) -> Self {
        let size = if matches!(shape, Shape::Number | Shape::Flag) { COUNTED } else { SUPPLIED };
        let shape = Cow::Owned(shape);
        Self { shape, typed: false, looped: false, constant: None, size, items: ITEMS }
    }

    pub fn constant(text: &str) -> Self {
        Self { constant: Some(text.to_owned()), size: text.len() as u64, ..Self::made(Shape::Text) }
    }

    /// A value that the program supplies.
    pub fn given(shape: &'a Shape) -> Self {
        let shape = Cow::Borrowed(shape);
        Self { shape, typed: true, looped: false, constant: None, size: SUPPLIED, items: ITEMS }
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
        let size = match self.shape {
            Cow::Borrowed(_) => SUPPLIED,
            Cow::Owned(_) => (self.size / self.items.max(1)).max(1),
        };
        Some(Self { shape, looped: true, constant: None, size, items: ITEMS_WITHIN, ..self.clone() })
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
