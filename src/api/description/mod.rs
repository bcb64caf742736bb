//! The published description: OpenAPI 3.1 made of what the doors say of their own calls. What is common to all of them,
//! the three kinds of body and the refusals, is derived, not repeated.

mod page;
mod refusals;
mod routes;
mod schema;

use rocket::local::asynchronous::Client;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use utoipa::openapi::{OpenApi as Document, RefOr, Schema};
use utoipa::{OpenApi, ToSchema};

use super::Door;
use crate::domain::{CustomField, CustomFields};
use crate::view::pages::DocumentedDoor;
use refusals::Refusals;

pub use routes::published;

/// What a body can be sent as; the same fields in each.
const KINDS: [&str; 3] = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"];

/// Whether a field of the operator must be sent.
type Demand = fn(&CustomField) -> bool;

/// What a door says of itself.
pub struct Description {
    document: Document,
    /// Name of the schema of its refusals.
    failure: String,
    /// Schemas of requests that take the operator's fields.
    asking: Vec<(String, Demand)>,
    /// Schemas of answers that show them.
    showing: Vec<String>,
}

impl Description {
    /// The calls of `A`, whose refusals look like `F`.
    pub fn of<A: OpenApi, F: ToSchema>() -> Self {
        let mut document = A::openapi();
        let mut schemas: Vec<(String, RefOr<Schema>)> = vec![(F::name().into_owned(), F::schema())];
        F::schemas(&mut schemas);
        document.components.get_or_insert_default().schemas.extend(schemas);
        Self { document, failure: F::name().into_owned(), asking: Vec::new(), showing: Vec::new() }
    }

    /// The operator's fields can be sent in `T` too, and those that `demanded` picks must be.
    pub fn asks<T: ToSchema>(mut self, demanded: Demand) -> Self {
        self.asking.push((T::name().into_owned(), demanded));
        self
    }

    /// The operator's fields stand in `T` too.
    pub fn shows<T: ToSchema>(mut self) -> Self {
        self.showing.push(T::name().into_owned());
        self
    }
}

/// The description as it is served: made once, at the start.
pub struct Published {
    json: String,
    /// For `ETag`, with its quotes.
    tag: String,
    doors: Vec<DocumentedDoor>,
}

impl Published {
    /// Puts together what `doors` say. `client` stands before a server that knows the doors' dialects and sentences and
    /// nothing else: their refusals are asked of it.
    ///
    /// # Errors
    /// What a door says of itself cannot be.
    async fn make(doors: &[Door], fields: &CustomFields, client: &Client) -> Result<Self, String> {
        let mut paths = Map::new();
        let mut schemas = Map::new();
        let mut tags = Vec::new();
        for door in doors {
            let own =
                told(door, fields, client).await.map_err(|why| format!("{}: {why}", door.dialect.name))?;
            paths.extend(own.paths);
            schemas.extend(own.schemas);
            tags.extend(own.tags);
        }
        let document = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Vestibule",
                "version": env!("CARGO_PKG_VERSION"),
                "description": ABOUT,
                "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
            },
            "servers": [{ "url": "/" }],
            "tags": tags,
            "paths": paths,
            "components": { "schemas": schemas, "securitySchemes": security_schemes() },
        });
        let json = document.to_string();
        let digest = Sha256::digest(json.as_bytes());
        let tag: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let tag = format!("\"{tag}\"");
        Ok(Self { tag, doors: page::doors(&document), json })
    }
}

const ABOUT: &str = "One account, several published APIs. Every write takes its fields as JSON, as a form or as \
multipart; unknown fields are ignored, a slash at the end of a path does not matter, and a body has 16 KiB at most.";

struct Told {
    paths: Map<String, Value>,
    schemas: Map<String, Value>,
    tags: Vec<Value>,
}

async fn told(door: &Door, fields: &CustomFields, client: &Client) -> Result<Told, String> {
    let name = door.dialect.name;
    let described = (door.describe)();
    let mut document = serde_json::to_value(&described.document).map_err(|error| error.to_string())?;
    schema::settle(&mut document, name);
    let mut schemas = schema::renamed(document["components"]["schemas"].take(), name);
    for (schema, demanded) in &described.asking {
        let object =
            schemas.get_mut(&format!("{name}.{schema}")).ok_or("no schema for the operator's fields")?;
        schema::add_fields(object, fields.iter().map(|field| (schema::asked(field), demanded(field), field)));
    }
    for schema in &described.showing {
        let object =
            schemas.get_mut(&format!("{name}.{schema}")).ok_or("no schema for the operator's fields")?;
        schema::add_fields(object, fields.iter().map(|field| (schema::shown(field), true, field)));
    }
    let failure = json!({ "$ref": format!("#/components/schemas/{name}.{}", described.failure) });
    let mut paths = Map::new();
    for (path, mut item) in object(document["paths"].take()) {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let at = format!("{method} {path}");
            operation["tags"] = json!([name]);
            operation["operationId"] = format!("{name}_{}", text(&operation["operationId"])).into();
            take_every_kind(operation);
            let mut refusals = Refusals::new(client, &door.dialect, method, &path)?;
            refusals.add(operation, &failure).await.map_err(|why| format!("{at}: {why}"))?;
            give_examples(operation, &schemas).map_err(|why| format!("{at}: {why}"))?;
        }
        paths.insert(path, item);
    }
    let tags = document["tags"].as_array().cloned().unwrap_or_default();
    Ok(Told { paths, schemas, tags })
}

/// One annotation of a body stands for all kinds of it.
fn take_every_kind(operation: &mut Value) {
    let Some(content) = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut) else {
        return;
    };
    let Some(told) = content.remove(KINDS[0]) else { return };
    content.extend(KINDS.map(|kind| (kind.to_owned(), told.clone())));
}

/// Every body that has no example yet gets the one of its schema.
fn give_examples(operation: &mut Value, schemas: &Map<String, Value>) -> Result<(), String> {
    let mut contents = Vec::new();
    let parts = operation.as_object_mut().into_iter().flatten();
    for (name, part) in parts {
        match name.as_str() {
            "requestBody" => contents.extend(part.get_mut("content")),
            "responses" => {
                let answers = part.as_object_mut().into_iter().flatten();
                contents.extend(answers.filter_map(|(_, answer)| answer.get_mut("content")));
            }
            _ => {}
        }
    }
    for (kind, media) in contents.into_iter().filter_map(Value::as_object_mut).flatten() {
        if let Some(own) = media.as_object_mut().and_then(|media| media.remove("example")) {
            media["examples"]["success"] = json!({ "value": own });
        }
        // Refusals that share a status with a success stand behind it.
        let shared = media["schema"].pointer("/anyOf/0");
        if media.get("examples").is_none() || shared.is_some() {
            let own = shared.unwrap_or(&media["schema"]);
            let example = schema::example(own, schemas).ok_or_else(|| format!("{kind} has no example"))?;
            media["examples"]["success"] = json!({ "value": example });
        }
    }
    Ok(())
}

fn security_schemes() -> Value {
    let bearer = |about: &str| json!({ "type": "http", "scheme": "bearer", "description": about });
    let basic = |about: &str| json!({ "type": "http", "scheme": "basic", "description": about });
    let header = |name: &str, about: &str| json!({ "type": "apiKey", "in": "header", "name": name, "description": about });
    json!({
        "api_key_bearer": bearer("An API key that the operator made with `vestibule key create NAME`."),
        "api_key_basic": basic("The name of an API key, and the key."),
        "api_key_header": header("Api-Auth-Bearer", "`Bearer` and an API key."),
        "user_secret": bearer("The `user_secret` of an amadis user."),
        "access_token": bearer("A bearer of `/oauth/token`."),
        "oauth_client": basic("The number of an account and its `user_secret` (RFC 6749 2.3.1)."),
        "user_id": header("User-Id", "The `user_id` of a fastsite user."),
        "user_hash": header("User-Hash", "The newest `user_hash` of that user."),
        "mirror_bearer": bearer("The `bearer` of a mirror user."),
        "device_token": bearer("The `device_token` of a device that is to be paired."),
    })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::domain::{DEVICE_NAME_MAX_CHARS, EmailAddress, NAME_MAX_CHARS, Password, Username};

    /// The bounds stand in attributes, which take no constants.
    #[test]
    fn bounds_of_fields_are_those_of_the_domain() {
        let mut seen = 0;
        for door in crate::api::doors() {
            let document = serde_json::to_value((door.describe)().document).unwrap();
            for (schema, object) in document["components"]["schemas"].as_object().unwrap() {
                for (name, field) in object["properties"].as_object().into_iter().flatten() {
                    let Some(longest) = field["maxLength"].as_u64() else { continue };
                    let known = match (name.as_str(), field["format"].as_str()) {
                        (_, Some("password")) => Password::MAX_BYTES,
                        ("email", _) => EmailAddress::MAX_BYTES,
                        ("login", _) if schema == "Registration" => Username::MAX_CHARS,
                        ("login", _) => EmailAddress::MAX_BYTES,
                        _ if schema == "NewDevice" => DEVICE_NAME_MAX_CHARS,
                        _ => NAME_MAX_CHARS,
                    };
                    assert_eq!(longest, known as u64, "{} {schema}.{name}", door.dialect.name);
                    seen += 1;
                }
            }
        }
        assert!(seen > 10);
    }
}
