//! A template that is ready to be filled: inheritance, included pieces and macros are in their places, and
//! names are cut at their dots. Tera finds all that anew each time it fills a template, which takes it three
//! times as long.
//!
//! [`compile`](super::compile) makes it of Tera's own syntax tree. What it does not know, and whatever goes
//! wrong while it is filled, is left to Tera, so that there is one meaning of a template and one wording of
//! what is wrong with it.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;
use tera::{Context, escape_html};

use super::{Catalog, Locale, loader};

/// One thing to be done, one after another.
pub(super) enum Instruction {
    Text(String),
    /// The sentence of this number, escaped already.
    Sentence(usize),
    Print {
        value: ValueSource,
        safe: bool,
    },
    If {
        branches: Vec<(Condition, Vec<Instruction>)>,
        otherwise: Vec<Instruction>,
    },
    For {
        name: String,
        items: Path,
        body: Vec<Instruction>,
        empty: Vec<Instruction>,
    },
    Set {
        name: String,
        value: ValueSource,
    },
    /// What is set inside is unknown after it.
    Scope(Vec<Instruction>),
    /// Knows its arguments, and none of the variables around its call.
    Macro {
        arguments: Vec<(String, ValueSource)>,
        body: Vec<Instruction>,
    },
}

/// Where a value comes from.
pub(super) enum ValueSource {
    Literal(Value),
    Path(Path),
    Loop(LoopField),
    /// A sentence whose key or arguments are known when the page is.
    Call(Vec<(String, ValueSource)>),
    /// Texts and numbers, one after another.
    Joined(Vec<ValueSource>),
}

/// A name with dots.
pub(super) struct Path {
    pub root: String,
    pub tail: Vec<Segment>,
}

/// A part of a name: a field, or the place in a list.
pub(super) struct Segment {
    pub field: String,
    pub index: Option<usize>,
}

/// What a loop says about itself.
#[derive(Clone, Copy)]
pub(super) enum LoopField {
    Index,
    Index0,
    First,
    Last,
}

/// What an `{% if %}` asks.
pub(super) enum Condition {
    Truthy(ValueSource),
    Defined(Path),
    Equal { left: ValueSource, right: ValueSource, negated: bool },
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

/// A compiled template.
pub(super) struct Program {
    pub steps: Vec<Instruction>,
    pub html: bool,
}

/// In which words a program is filled.
#[derive(Clone, Copy)]
pub(super) struct Language<'a> {
    pub catalog: &'a Catalog,
    pub locale: &'a Locale,
    pub words: &'a [String],
}

impl Program {
    /// The filled template; `None` when that is for Tera to do.
    pub(super) fn run(&self, context: &Context, language: Language<'_>) -> Option<String> {
        let mut run = Execution {
            context,
            language,
            html: self.html,
            variables: Vec::new(),
            frame: 0,
            floor: 0,
            loops: Vec::new(),
            out: String::with_capacity(16 * 1024),
        };
        run.steps(&self.steps)?;
        Some(run.out)
    }
}

/// A value while a template is filled.
#[derive(Clone)]
enum Found<'a> {
    Value(&'a Value),
    Text(Rc<str>),
    Number(usize),
    Flag(bool),
}

impl<'a> Found<'a> {
    fn follow(&self, tail: &[Segment]) -> Option<Self> {
        if tail.is_empty() {
            return Some(self.clone());
        }
        let Self::Value(value) = self else { return None };
        follow(value, tail).map(Self::Value)
    }

    fn is_truthy(&self) -> bool {
        match self {
            Self::Value(Value::Null) => false,
            Self::Value(Value::Bool(flag)) => *flag,
            Self::Value(Value::Number(number)) => number.as_f64().is_some_and(|n| n != 0.0 && !n.is_nan()),
            Self::Value(Value::String(text)) => !text.is_empty(),
            Self::Value(Value::Array(items)) => !items.is_empty(),
            Self::Value(Value::Object(fields)) => !fields.is_empty(),
            Self::Text(text) => !text.is_empty(),
            Self::Number(number) => *number != 0,
            Self::Flag(flag) => *flag,
        }
    }

    fn into_value(self) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Text(text) => Value::from(&*text),
            Self::Number(number) => Value::from(number),
            Self::Flag(flag) => Value::from(flag),
        }
    }
}

fn follow<'a>(value: &'a Value, tail: &[Segment]) -> Option<&'a Value> {
    tail.iter().try_fold(value, |value, segment| match value {
        Value::Object(fields) => fields.get(&segment.field),
        Value::Array(items) => items.get(segment.index?),
        _ => None,
    })
}

struct Execution<'a> {
    context: &'a Context,
    language: Language<'a>,
    html: bool,
    /// All variables that templates have set, the latest last.
    variables: Vec<(&'a str, Found<'a>)>,
    /// Where those begin that the innermost piece or loop has set.
    frame: usize,
    /// Where those begin that the innermost macro knows.
    floor: usize,
    /// Of each loop around: how far it is, and how many items it has.
    loops: Vec<(usize, usize)>,
    out: String,
}

impl<'a> Execution<'a> {
    fn steps(&mut self, steps: &'a [Instruction]) -> Option<()> {
        steps.iter().try_for_each(|step| self.step(step))
    }

    fn step(&mut self, step: &'a Instruction) -> Option<()> {
        match step {
            Instruction::Text(text) => self.out.push_str(text),
            Instruction::Sentence(number) => self.out.push_str(self.language.words.get(*number)?),
            Instruction::Print { value, safe } => {
                let value = self.value(value)?;
                self.print(&value, self.html && !safe)?;
            }
            Instruction::If { branches, otherwise } => {
                for (condition, body) in branches {
                    if self.holds(condition)? {
                        return self.steps(body);
                    }
                }
                self.steps(otherwise)?;
            }
            Instruction::For { name, items, body, empty } => {
                let Found::Value(Value::Array(items)) = self.lookup(items)? else { return None };
                if items.is_empty() {
                    return self.steps(empty);
                }
                let (outer, bottom) = (self.frame, self.variables.len());
                self.frame = bottom + 1;
                self.loops.push((0, items.len()));
                for (index, item) in items.iter().enumerate() {
                    self.variables.truncate(bottom);
                    self.variables.push((name, Found::Value(item)));
                    *self.loops.last_mut()? = (index, items.len());
                    self.steps(body)?;
                }
                self.loops.pop();
                self.variables.truncate(bottom);
                self.frame = outer;
            }
            Instruction::Set { name, value } => {
                let value = self.value(value)?;
                let frame = self.frame;
                match self.variables.iter_mut().skip(frame).find(|(known, _)| known == name) {
                    Some((_, before)) => *before = value,
                    None => self.variables.push((name, value)),
                }
            }
            Instruction::Scope(body) => {
                let (outer, bottom) = (self.frame, self.variables.len());
                self.frame = bottom;
                self.steps(body)?;
                self.variables.truncate(bottom);
                self.frame = outer;
            }
            Instruction::Macro { arguments, body } => {
                let mut known = Vec::with_capacity(arguments.len());
                for (name, value) in arguments {
                    known.push((name.as_str(), self.value(value)?));
                }
                let (frame, floor, bottom) = (self.frame, self.floor, self.variables.len());
                let loops = std::mem::take(&mut self.loops);
                (self.frame, self.floor) = (bottom, bottom);
                self.variables.append(&mut known);
                self.steps(body)?;
                self.variables.truncate(bottom);
                (self.frame, self.floor, self.loops) = (frame, floor, loops);
            }
        }
        Some(())
    }

    fn print(&mut self, value: &Found<'_>, escape: bool) -> Option<()> {
        use std::fmt::Write as _;
        let text = match value {
            Found::Value(Value::String(text)) => text,
            Found::Text(text) => &**text,
            Found::Value(Value::Null) => return Some(()),
            Found::Value(Value::Number(number)) if number.is_u64() || number.is_i64() => {
                return write!(self.out, "{number}").ok();
            }
            Found::Value(Value::Bool(flag)) | Found::Flag(flag) => return write!(self.out, "{flag}").ok(),
            Found::Number(number) => return write!(self.out, "{number}").ok(),
            Found::Value(Value::Number(_) | Value::Array(_) | Value::Object(_)) => return None,
        };
        if escape && loader::has_special(text) {
            self.out.push_str(&escape_html(text));
        } else {
            self.out.push_str(text);
        }
        Some(())
    }

    fn holds(&self, condition: &'a Condition) -> Option<bool> {
        Some(match condition {
            Condition::Truthy(value) => self.value(value).is_some_and(|value| value.is_truthy()),
            Condition::Defined(path) => self.lookup(path).is_some(),
            Condition::Equal { left, right, negated } => {
                let (left, right) = (self.value(left)?.into_value(), self.value(right)?.into_value());
                match (left.as_f64(), right.as_f64()) {
                    (Some(left), Some(right)) => (left == right) != *negated,
                    (None, None) => (left == right) != *negated,
                    // Different kinds are neither equal nor unequal.
                    _ => false,
                }
            }
            Condition::Not(condition) => !self.holds(condition)?,
            Condition::And(left, right) => self.holds(left)? && self.holds(right)?,
            Condition::Or(left, right) => self.holds(left)? || self.holds(right)?,
        })
    }

    fn value(&self, operand: &'a ValueSource) -> Option<Found<'a>> {
        match operand {
            ValueSource::Literal(value) => Some(Found::Value(value)),
            ValueSource::Path(path) => self.lookup(path),
            ValueSource::Loop(field) => {
                let (index, items) = *self.loops.last()?;
                Some(match field {
                    LoopField::Index => Found::Number(index + 1),
                    LoopField::Index0 => Found::Number(index),
                    LoopField::First => Found::Flag(index == 0),
                    LoopField::Last => Found::Flag(index + 1 == items),
                })
            }
            ValueSource::Call(arguments) => {
                let mut values = HashMap::with_capacity(arguments.len());
                for (name, argument) in arguments {
                    values.insert(name.clone(), self.value(argument)?.into_value());
                }
                let Language { catalog, locale, .. } = self.language;
                let said = loader::translate(catalog, locale, &values).ok()?;
                Some(Found::Text(said.as_str()?.into()))
            }
            ValueSource::Joined(parts) => {
                let mut joined = String::new();
                for part in parts {
                    match self.value(part)?.into_value() {
                        Value::String(text) => joined.push_str(&text),
                        Value::Number(number) => joined.push_str(&number.to_string()),
                        _ => return None,
                    }
                }
                Some(Found::Text(joined.into()))
            }
        }
    }

    /// As Tera does: a variable that does not have the rest of the name hides none of the same name around
    /// it.
    fn lookup(&self, path: &Path) -> Option<Found<'a>> {
        let known = self.variables.get(self.floor..)?.iter().rev();
        let mut named = known.filter(|(name, _)| *name == path.root);
        named.find_map(|(_, value)| value.follow(&path.tail)).or_else(|| {
            let value = self.context.get(&path.root)?;
            follow(value, &path.tail).map(Found::Value)
        })
    }
}
