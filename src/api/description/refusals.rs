//! What a door says no with, asked of the door itself: its own `refuse` words a sample of every refusal that a call can
//! meet, so that the description cannot say anything else.

use std::collections::BTreeMap;
use std::time::Duration;

use rocket::http::Method;
use rocket::local::asynchronous::Client;
use serde_json::{Value, json};

use crate::domain::{AccountError, Field, FieldCode, InternalError};
use crate::web::{Dialect, Refusal};

/// Where a call names what it can refuse besides the common: codes of refusals, and `field:code` for fields.
const LIST: &str = "x-refusals";

/// What any call can meet.
const COMMON: [&str; 4] = ["throttled", "busy", "unavailable", "internal"];

/// What any call with a body can meet.
const OF_BODIES: [&str; 4] = ["malformed", "timed_out", "too_large", "unsupported_media_type"];

/// A number of a log line.
const INCIDENT: &str = "0f3a9c12de45";

/// The refusals of one call.
pub struct Refusals<'a> {
    client: &'a Client,
    dialect: &'a Dialect,
    method: Method,
    path: &'a str,
    /// By status: how many answers there are, and how many of them have each header.
    headers: BTreeMap<u16, (usize, BTreeMap<String, usize>)>,
}

impl<'a> Refusals<'a> {
    pub fn new(
        client: &'a Client,
        dialect: &'a Dialect,
        method: &str,
        path: &'a str,
    ) -> Result<Self, String> {
        let method = method.to_uppercase().parse().map_err(|_| format!("no method `{method}`"))?;
        Ok(Self { client, dialect, method, path, headers: BTreeMap::new() })
    }

    /// Adds them to what `operation` answers. `failure`: their schema.
    ///
    /// # Errors
    /// The operation lists one that there is not, or has a body and says of none of its fields how it is refused.
    pub async fn add(&mut self, operation: &mut Value, failure: &Value) -> Result<(), String> {
        let listed = operation.as_object_mut().and_then(|parts| parts.remove(LIST)).unwrap_or(json!([]));
        if listed.is_string() {
            // Another door's call, which says itself what it refuses.
            return Ok(());
        }
        let mut codes: Vec<String> = serde_json::from_value(listed).map_err(|error| error.to_string())?;
        if operation.get("requestBody").is_some() {
            if !codes.iter().any(|code| code.contains(':')) {
                return Err("no refused field is listed".to_owned());
            }
            codes.extend(OF_BODIES.map(str::to_owned));
        }
        codes.extend(COMMON.map(str::to_owned));
        for status in operation["responses"].as_object().into_iter().flatten() {
            self.headers.insert(status.0.parse().unwrap_or_default(), (1, BTreeMap::new()));
        }
        for code in codes {
            let refusal = sample(&code).ok_or_else(|| format!("there is no refusal `{code}`"))?;
            self.add_one(operation, failure, &code, &refusal).await?;
        }
        for (status, (answers, headers)) in &self.headers {
            let headers = headers.iter().map(|(name, times)| {
                let number = name == "Retry-After";
                let kind = if number {
                    json!({ "type": "integer", "minimum": 1 })
                } else {
                    json!({ "type": "string" })
                };
                let about = match name.as_str() {
                    "Retry-After" => "Seconds to wait.",
                    "Allow" => "The methods that there are.",
                    _ => "How to present credentials.",
                };
                (name.clone(), json!({ "description": about, "required": times == answers, "schema": kind }))
            });
            let headers: serde_json::Map<_, _> = headers.collect();
            if !headers.is_empty() {
                operation["responses"][status.to_string()]["headers"] = Value::Object(headers);
            }
        }
        Ok(())
    }

    async fn add_one(
        &mut self,
        operation: &mut Value,
        failure: &Value,
        code: &str,
        refusal: &Refusal,
    ) -> Result<(), String> {
        let request = self.client.req(self.method, self.path.to_owned());
        let fault = refusal.status().code >= 500;
        let mut answer = refusal.worded(self.dialect, fault.then_some(INCIDENT), request.inner());
        let status = answer.status();
        let kind = answer.headers().get_one("Content-Type").unwrap_or_default().to_owned();
        let (answers, headers) = self.headers.entry(status.code).or_default();
        *answers += 1;
        for name in ["Retry-After", "Allow", "WWW-Authenticate"] {
            if answer.headers().contains(name) {
                *headers.entry(name.to_owned()).or_default() += 1;
            }
        }
        let body = answer.body_mut().to_string().await.map_err(|error| error.to_string())?;
        let entry = &mut operation["responses"][status.code.to_string()];
        if entry.is_null() {
            *entry = json!({ "description": format!("{}.", status.reason_lossy()) });
        }
        let (kind, schema, body) = match serde_json::from_str(&body) {
            Ok(read) => (kind, failure.clone(), read),
            Err(_) => (kind, json!({ "type": "string" }), Value::String(body)),
        };
        let media = &mut entry["content"][kind.as_str()];
        match media.get_mut("schema") {
            None => media["schema"] = schema,
            Some(known) if *known == schema => {}
            Some(Value::Object(several)) if several.contains_key("anyOf") => {}
            Some(known) => *known = json!({ "anyOf": [known.take(), schema] }),
        }
        let key = code.replace(':', ".");
        media["examples"][key] =
            json!({ "summary": code.replace('_', " ").replace(':', ": "), "value": body });
        Ok(())
    }
}

/// The refusal of this code.
fn sample(code: &str) -> Option<Refusal> {
    if let Some((field, code)) = code.split_once(':') {
        let code = FieldCode::samples().into_iter().find(|known| known.code() == code)?;
        return Some(AccountError::field(field_called(field), code).into());
    }
    let all = [
        Refusal::Account(AccountError::InvalidCredentials),
        Refusal::Account(AccountError::Unverified),
        Refusal::Account(AccountError::Unauthenticated),
        Refusal::Account(AccountError::Forbidden),
        Refusal::Account(AccountError::NotFound),
        Refusal::Account(AccountError::TicketSpent),
        Refusal::Account(AccountError::Throttled { retry_after: Duration::from_secs(30) }),
        Refusal::Account(AccountError::Busy { retry_after: Duration::from_secs(1) }),
        Refusal::Account(AccountError::Unavailable(InternalError::new("a sample"))),
        Refusal::Account(AccountError::Internal(InternalError::new("a sample"))),
        Refusal::Malformed,
        Refusal::TimedOut,
        Refusal::TooLarge,
        Refusal::UnsupportedMediaType,
    ];
    all.into_iter().find(|refusal| refusal.code() == code)
}

/// The field of this name in the domain, else one that only its door knows.
fn field_called(name: &str) -> Field {
    let all = [
        Field::Email,
        Field::Username,
        Field::Identifier,
        Field::Password,
        Field::CurrentPassword,
        Field::NewPassword,
        Field::PasswordConfirmation,
        Field::Name,
        Field::Firstname,
        Field::Lastname,
        Field::Role,
        Field::AccountId,
        Field::PairingCode,
    ];
    if name == "device_name" {
        return Field::DeviceName;
    }
    all.into_iter().find(|field| field.name() == name).unwrap_or_else(|| Field::Custom(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_refusal_has_a_sample() {
        for code in COMMON.iter().chain(&OF_BODIES) {
            assert_eq!(sample(code).map(|refusal| refusal.code()), Some(*code));
        }
        assert!(sample("nonsense").is_none());
        assert!(sample("email:nonsense").is_none());
    }
}
