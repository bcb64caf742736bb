//! The OpenAPI 3.1 document, assembled from each dialect's description of its own calls. The parts that all
//! calls share, the three kinds of body and the refusals, are generated here.

use domain::CustomFields;
use look::pages::DocumentedDoor;
use rocket::local::asynchronous::Client;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::json::{KINDS, object, text};
use super::own::Description;
use super::refusals::Refusals;
use super::{page, schema};
use crate::web::Dialect;

/// The published description, assembled once, at the first request for it.
pub struct Published {
    pub json: String,
    /// Value of `ETag`, with its quotes.
    pub tag: String,
    pub doors: Vec<DocumentedDoor>,
}

impl Published {
    /// Assembles the document from the dialects' descriptions. `client` belongs to a Rocket that manages the
    /// dialects and the sentences; the sample refusals answer its requests. All paths are below `base`.
    ///
    /// # Errors
    /// Names the call whose description contradicts itself, and the contradiction.
    pub async fn make(
        doors: Vec<(Dialect, Description)>,
        fields: &CustomFields,
        client: &Client,
        base: &str,
    ) -> Result<Self, String> {
        let mut paths = Map::new();
        let mut schemas = Map::new();
        let mut tags = Vec::new();
        for (dialect, description) in doors {
            let name = dialect.name;
            let own = part(&dialect, description, fields, client).await;
            let own = own.map_err(|why| format!("{name}: {why}"))?;
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
            "servers": [{ "url": if base.is_empty() { "/" } else { base } }],
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

const ABOUT: &str = "One account, several published APIs. Every write takes its fields as JSON, as a form or \
as multipart; unknown fields are ignored, a slash at the end of a path does not matter, and a body has 16 KiB at \
most.";

/// The part of the document about one dialect.
struct DialectPart {
    paths: Map<String, Value>,
    schemas: Map<String, Value>,
    tags: Vec<Value>,
}

async fn part(
    dialect: &Dialect,
    mut described: Description,
    fields: &CustomFields,
    client: &Client,
) -> Result<DialectPart, String> {
    let name = dialect.name;
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
            let id = text(&operation["operationId"]).to_owned();
            operation["operationId"] = format!("{name}_{id}").into();
            take_every_kind(operation);
            let listed = described.refusals.remove(id.as_str());
            let listed = listed.ok_or_else(|| format!("{at}: the door does not say what it refuses"))?;
            if let Some(listed) = listed {
                let names_fields = !described.nameless.contains(id.as_str());
                let mut refusals = Refusals::new(client, dialect, method, &path)?;
                refusals
                    .add(operation, &failure, listed, names_fields)
                    .await
                    .map_err(|why| format!("{at}: {why}"))?;
            }
            give_examples(operation, &schemas).map_err(|why| format!("{at}: {why}"))?;
        }
        paths.insert(path, item);
    }
    if let Some(unknown) = described.refusals.keys().next() {
        return Err(format!("there is no call `{unknown}`"));
    }
    let tags = document["tags"].as_array().cloned().unwrap_or_default();
    Ok(DialectPart { paths, schemas, tags })
}

/// Copies the annotated JSON body to the two other content types.
fn take_every_kind(operation: &mut Value) {
    let Some(content) = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut) else {
        return;
    };
    let Some(told) = content.remove(KINDS[0]) else { return };
    content.extend(KINDS.map(|kind| (kind.to_owned(), told.clone())));
}

/// Gives every body without an example the example of its schema.
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
        // A success that shares its status with refusals is the first choice of `anyOf`.
        let shared = media["schema"].pointer("/anyOf/0");
        if media.get("examples").is_none() || shared.is_some() {
            let own = shared.unwrap_or(&media["schema"]);
            let example =
                schema::example(own, schemas).ok_or_else(|| format!("{kind} has no example: {own}"))?;
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
        "oidc_token": bearer("An access token of `/oidc/token`."),
        "oauth_client": basic("The number of an account and its `user_secret` (RFC 6749 2.3.1)."),
        "session": json!({
            "type": "apiKey", "in": "cookie", "name": "vestibule",
            "description": "The session of a browser: the cookie that `/user/login` sets. It is called \
    `__Host-vestibule` or `__Secure-vestibule` where the site is served by https.",
        }),
        "user_id": header("User-Id", "The `user_id` of a fastsite user."),
        "user_hash": header("User-Hash", "The newest `user_hash` of that user."),
        "mirror_bearer": bearer("The `bearer` of a mirror user."),
        "device_token": bearer("The `device_token` of a device that is to be paired."),
    })
}
