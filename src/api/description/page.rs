//! The description as the documentation page shows it.

use look::pages::{
    DocumentedAnswer, DocumentedCall, DocumentedCredential, DocumentedDoor, DocumentedExample,
    DocumentedField,
};
use serde_json::{Map, Value};

use super::json::{KINDS, object, text};
use super::schema;

/// The dialects in `document`, in the order of its tags.
pub fn doors(document: &Value) -> Vec<DocumentedDoor> {
    let tags = document["tags"].as_array().into_iter().flatten();
    tags.map(|tag| {
        let name = text(&tag["name"]);
        let calls = document["paths"].as_object().into_iter().flatten().flat_map(|(path, item)| {
            let operations = item.as_object().into_iter().flatten();
            operations.map(move |(method, operation)| (path, method, operation))
        });
        let own = calls.filter(|(.., operation)| operation["tags"][0] == name);
        DocumentedDoor {
            name: name.to_owned(),
            about: text(&tag["description"]).to_owned(),
            calls: own.map(|(path, method, operation)| call(document, path, method, operation)).collect(),
        }
    })
    .collect()
}

fn call(document: &Value, path: &str, method: &str, operation: &Value) -> DocumentedCall {
    let schemas = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
    let content = operation.pointer("/requestBody/content").and_then(Value::as_object);
    let json = content.and_then(|content| content.get(KINDS[0]));
    let mut fields = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let required = parameter["required"] == true;
        let own = schema::resolved(&parameter["schema"], &schemas);
        let mut shown = field(text(&parameter["name"]), own, required);
        shown.about = text(&parameter["description"]).to_owned();
        fields.push(shown);
    }
    if let Some(body) = json {
        let body = schema::resolved(&body["schema"], &schemas);
        let required = body["required"].as_array().cloned().unwrap_or_default();
        let properties = body["properties"].as_object().into_iter().flatten();
        fields.extend(properties.map(|(name, own)| {
            let needed = required.iter().any(|required| required == name);
            field(name, schema::resolved(own, &schemas), needed)
        }));
    }
    fields.sort_by_key(|field| !field.required);
    let security: Vec<Map<String, Value>> =
        operation["security"].as_array().into_iter().flatten().cloned().map(object).collect();
    let schemes = security.iter().flat_map(Map::keys);
    let example = json.and_then(|json| json.pointer("/examples/success/value"));
    DocumentedCall {
        id: text(&operation["operationId"]).to_owned(),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]).to_owned(),
        about: text(&operation["description"]).to_owned(),
        credentials: schemes
            .map(|name| credential(name, &document["components"]["securitySchemes"][name]))
            .collect(),
        open: security.is_empty() || security.iter().any(Map::is_empty),
        kinds: content.into_iter().flat_map(Map::keys).cloned().collect(),
        example: example.map(written).unwrap_or_default(),
        tryable: !streams(operation) && !security.iter().any(|one| one.contains_key("session")),
        answers: answers(operation),
        fields,
    }
}

/// Whether the answer is an event stream. The page cannot try such a call, because a stream does not end.
fn streams(operation: &Value) -> bool {
    operation.pointer("/responses/200/content/text~1event-stream").is_some()
}

fn credential(name: &str, scheme: &Value) -> DocumentedCredential {
    let (header, before) = match (text(&scheme["type"]), text(&scheme["scheme"])) {
        ("http", "basic") => ("Authorization", "Basic"),
        ("http", _) => ("Authorization", "Bearer"),
        _ if scheme["in"] == "cookie" => ("Cookie", ""),
        _ if scheme["name"] == "Api-Auth-Bearer" => ("Api-Auth-Bearer", "Bearer"),
        _ => (text(&scheme["name"]), ""),
    };
    DocumentedCredential {
        name: name.to_owned(),
        header: header.to_owned(),
        scheme: before.to_owned(),
        about: text(&scheme["description"]).to_owned(),
    }
}

fn field(name: &str, schema: &Value, required: bool) -> DocumentedField {
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => {
            kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect()
        }
        _ => Vec::new(),
    };
    let format = schema["format"].as_str();
    let mut kind = kinds.join(" | ");
    if kind.is_empty() {
        let choices = schema["enum"].as_array().into_iter().flatten();
        kind = choices.map(Value::to_string).collect::<Vec<_>>().join(" | ");
    }
    if let Some(format) = format.filter(|format| !format.starts_with("int")) {
        kind = format!("{kind}, {format}");
    }
    let example = schema.pointer("/examples/0").unwrap_or(&Value::Null);
    DocumentedField {
        name: name.to_owned(),
        kind,
        required,
        secret: format == Some("password"),
        max_length: schema["maxLength"].as_u64(),
        about: text(&schema["description"]).to_owned(),
        example: match example {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        },
    }
}

fn answers(operation: &Value) -> Vec<DocumentedAnswer> {
    let responses = operation["responses"].as_object().into_iter().flatten();
    let answers = responses.map(|(status, answer)| {
        let headers: Vec<String> =
            answer["headers"].as_object().into_iter().flat_map(Map::keys).cloned().collect();
        // One row for a status, whatever kinds of content it may have.
        let content: Vec<_> = answer["content"].as_object().into_iter().flatten().collect();
        DocumentedAnswer {
            status: status.clone(),
            about: text(&answer["description"]).to_owned(),
            kind: content.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>().join(", "),
            headers,
            examples: content.iter().flat_map(|(_, media)| examples(media)).collect(),
        }
    });
    answers.collect()
}

fn examples(media: &Value) -> Vec<DocumentedExample> {
    let all = media["examples"].as_object().into_iter().flatten();
    let mut shown: Vec<_> = all
        .map(|(name, example)| DocumentedExample {
            name: if name == "success" { String::new() } else { text(&example["summary"]).to_owned() },
            body: written(&example["value"]),
        })
        .collect();
    shown.sort_by_key(|example| !example.name.is_empty());
    shown
}

fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    }
}
