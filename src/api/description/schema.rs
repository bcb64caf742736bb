//! Changes to the schemas from `utoipa`: unique names, examples, and the operator's fields.

use domain::{CustomField, FieldKind};
use serde_json::{Map, Value, json};

use super::json::object;

const SCHEMAS: &str = "#/components/schemas/";

/// Prefixes every reference with the name of its dialect, and moves every example of a schema to `examples`,
/// as OpenAPI 3.1 has it.
pub fn settle(value: &mut Value, door: &str) {
    match value {
        Value::Object(map) => {
            for (name, part) in map.iter_mut() {
                match (name.as_str(), part) {
                    ("$ref", Value::String(target)) => {
                        if let Some(schema) = target.strip_prefix(SCHEMAS) {
                            *target = format!("{SCHEMAS}{door}.{schema}");
                        }
                    }
                    (_, part) => settle(part, door),
                }
            }
            // An object with `type` is a schema. Without it, it is a list of properties.
            if map.contains_key("type")
                && let Some(example) = map.remove("example")
            {
                map.insert("examples".to_owned(), json!([example]));
            }
        }
        Value::Array(parts) => parts.iter_mut().for_each(|part| settle(part, door)),
        _ => {}
    }
}

/// Schemas under the names that [`settle`] gives to references.
pub fn renamed(schemas: Value, door: &str) -> Map<String, Value> {
    object(schemas).into_iter().map(|(name, schema)| (format!("{door}.{name}"), schema)).collect()
}

/// The schema that `schema` refers to, or `schema` itself.
pub fn resolved<'a>(schema: &'a Value, schemas: &'a Map<String, Value>) -> &'a Value {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix(SCHEMAS));
    target.and_then(|name| schemas.get(name)).unwrap_or(schema)
}

/// An example of `schema`: its own, or one composed of its parts' examples.
pub fn example(schema: &Value, schemas: &Map<String, Value>) -> Option<Value> {
    let schema = resolved(schema, schemas);
    if let Some(own) = schema.pointer("/examples/0") {
        return Some(own.clone());
    }
    if let Some(choices) = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array) {
        return choices.iter().find_map(|choice| example(choice, schemas));
    }
    let properties = schema.get("properties").and_then(Value::as_object)?;
    let parts = properties.iter().map(|(name, part)| Some((name.clone(), example(part, schemas)?)));
    parts.collect::<Option<Map<_, _>>>().map(Value::Object)
}

/// Adds fields of the operator to a schema. Each comes with its schema and with whether it is required.
pub fn add_fields<'a>(schema: &mut Value, fields: impl Iterator<Item = (Value, bool, &'a CustomField)>) {
    for (mut own, required, field) in fields {
        own["description"] = field.label("en").into();
        schema["properties"][&field.name] = own;
        if required && let Some(names) = schema["required"].as_array_mut() {
            names.push(field.name.as_str().into());
        }
    }
}

/// A number as it is stored and answered.
const NUMBER: &str = "^-?[0-9]+([.][0-9]+)?$";

/// The schema of an operator's field in a request: text, and in JSON also the field's own type.
pub fn asked(field: &CustomField) -> Value {
    let text =
        |format: &str, example: &str| json!({ "type": "string", "format": format, "examples": [example] });
    let mut schema = match field.kind {
        FieldKind::Text => json!({ "type": "string", "examples": ["Tea"] }),
        FieldKind::Email => text("email", "ada@example.org"),
        FieldKind::Url => text("uri", "https://example.org/ada"),
        FieldKind::Date => text("date", "1815-12-10"),
        FieldKind::Number => {
            json!({ "type": ["string", "integer"], "pattern": "^-?[0-9]+([.,][0-9]+)?$", "examples": ["42"] })
        }
        FieldKind::Boolean => {
            json!({ "enum": [true, false, "true", "false", "on", "off", "1", "0"], "examples": [true] })
        }
    };
    if field.kind != FieldKind::Boolean {
        schema["maxLength"] = field.max_length.into();
    }
    schema
}

/// The schema of an operator's field in an answer; `null` stands for a field without a value.
pub fn shown(field: &CustomField) -> Value {
    let mut schema = asked(field);
    match field.kind {
        FieldKind::Boolean => schema = json!({ "type": ["boolean", "null"], "examples": [true] }),
        FieldKind::Number => {
            schema["type"] = json!(["string", "null"]);
            schema["pattern"] = NUMBER.into();
        }
        FieldKind::Text | FieldKind::Email | FieldKind::Url | FieldKind::Date => {
            schema["type"] = json!(["string", "null"]);
        }
    }
    schema
}
