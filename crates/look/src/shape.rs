//! The variables of a template, with type and meaning, derived from the Rust types that are rendered and from
//! their doc comments.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayItems, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};

/// The type of a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "of")]
pub enum Shape {
    /// Text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A list.
    List(Box<Shape>),
    /// A value with members, each a variable of its own.
    Record(Vec<Variable>),
    /// A value of unknown type.
    Any,
}

/// A name that a template may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Variable {
    /// The name, such as `email`.
    pub name: String,
    /// The doc comment of its field.
    pub about: String,
    /// Whether its value may be null.
    pub optional: bool,
    /// Its type.
    #[serde(flatten)]
    pub shape: Shape,
}

impl Shape {
    /// The word for the type in the tables for theme authors.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Flag => "true or false",
            Self::List(_) => "list",
            Self::Record(_) => "object",
            Self::Any => "anything",
        }
    }

    /// The variables of a record; empty for every other type.
    pub fn variables(&self) -> &[Variable] {
        match self {
            Self::Record(variables) => variables,
            _ => &[],
        }
    }
}

/// One line of a table: a variable with its full name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The full name, such as `page.sessions[].id`.
    pub name: String,
    /// The type, such as `list of text` or `number or null`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The doc comment of its field.
    pub about: String,
}

/// `variable` and all variables below it, each with its full name.
pub fn lines(variable: &Variable, prefix: &str) -> Vec<Line> {
    let name = format!("{prefix}{}", variable.name);
    let (mut inner, mut path, mut kind) = (&variable.shape, name.clone(), String::new());
    while let Shape::List(of) = inner {
        kind.push_str("list of ");
        path.push_str("[]");
        inner = of;
    }
    kind.push_str(match inner {
        Shape::Record(_) if !kind.is_empty() => "objects",
        inner => inner.kind(),
    });
    if variable.optional {
        kind.push_str(" or null");
    }
    let own = Line { name, kind, about: variable.about.clone() };
    let below = inner.variables().iter().flat_map(|variable| lines(variable, &format!("{path}.")));
    std::iter::once(own).chain(below).collect()
}

/// The variables of `T`, and the doc comment of `T`.
pub fn of<T: ToSchema>() -> (Shape, String) {
    let mut known = Vec::new();
    T::schemas(&mut known);
    let read = read(&T::schema(), &known);
    (read.shape, read.about)
}

struct ReadSchema {
    shape: Shape,
    about: String,
    optional: bool,
}

type KnownSchemas = [(String, RefOr<Schema>)];

fn read(schema: &RefOr<Schema>, known: &KnownSchemas) -> ReadSchema {
    match schema {
        RefOr::Ref(Ref { ref_location, description, .. }) => {
            let name = ref_location.rsplit('/').next().unwrap_or_default();
            let found = known.iter().find(|(known, _)| known == name);
            let mut read = found.map_or_else(unknown, |(_, schema)| read(schema, known));
            if !description.is_empty() {
                read.about.clone_from(description);
            }
            read
        }
        RefOr::T(schema) => read_inline(schema, known),
    }
}

fn read_inline(schema: &Schema, known: &KnownSchemas) -> ReadSchema {
    match schema {
        Schema::Array(array) => {
            let of = match &array.items {
                ArrayItems::RefOrSchema(items) => read(items, known).shape,
                ArrayItems::False => Shape::Any,
            };
            let about = array.description.clone().unwrap_or_default();
            ReadSchema { shape: Shape::List(Box::new(of)), about, optional: nullable(&array.schema_type) }
        }
        Schema::Object(object) => {
            let shape = match kind(&object.schema_type) {
                Some(Type::String) => Shape::Text,
                Some(Type::Integer | Type::Number) => Shape::Number,
                Some(Type::Boolean) => Shape::Flag,
                Some(Type::Object) => Shape::Record(
                    object.properties.iter().map(|(name, schema)| variable(name, schema, known)).collect(),
                ),
                _ => Shape::Any,
            };
            let about = object.description.clone().unwrap_or_default();
            ReadSchema { shape, about, optional: nullable(&object.schema_type) }
        }
        // utoipa's description of an `Option` of a struct.
        Schema::OneOf(one_of) => {
            let there = one_of.items.iter().map(|item| read(item, known));
            let mut read = there.into_iter().find(|read| read.shape != Shape::Any).unwrap_or_else(unknown);
            read.optional = true;
            if let Some(about) = &one_of.description {
                read.about.clone_from(about);
            }
            read
        }
        _ => unknown(),
    }
}

fn variable(name: &str, schema: &RefOr<Schema>, known: &KnownSchemas) -> Variable {
    let ReadSchema { shape, about, optional } = read(schema, known);
    Variable { name: name.to_owned(), about: about.replace('\n', " "), optional, shape }
}

fn unknown() -> ReadSchema {
    ReadSchema { shape: Shape::Any, about: String::new(), optional: false }
}

fn kind(kinds: &SchemaType) -> Option<Type> {
    match kinds {
        SchemaType::Type(kind) => Some(kind.clone()),
        SchemaType::Array(kinds) => kinds.iter().find(|kind| **kind != Type::Null).cloned(),
        SchemaType::AnyValue => None,
    }
}

fn nullable(kinds: &SchemaType) -> bool {
    matches!(kinds, SchemaType::Array(kinds) if kinds.contains(&Type::Null))
}
