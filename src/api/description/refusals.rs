//! The sample refusals of a call. The dialect's own `refuse` words them, so the description cannot differ
//! from the answers.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{AccountError, Field, InternalError};
use rocket::http::Method;
use rocket::local::asynchronous::Client;
use serde_json::{Value, json};

use crate::web::{Dialect, Refusal};

/// The refusals that every call can give.
fn of_every_call() -> [Refusal; 4] {
    [
        AccountError::Throttled { retry_after: Duration::from_secs(30) },
        AccountError::Busy { retry_after: Duration::from_secs(1) },
        AccountError::Unavailable(InternalError::new("a sample")),
        AccountError::Internal(InternalError::new("a sample")),
    ]
    .map(Refusal::Account)
}

/// The refusals that every call with a body can give.
const OF_BODIES: [Refusal; 4] =
    [Refusal::Malformed, Refusal::TimedOut, Refusal::TooLarge, Refusal::UnsupportedMediaType];

/// A sample incident number.
const INCIDENT: &str = "0f3a9c12de45";

pub struct Refusals<'a> {
    client: &'a Client,
    dialect: &'a Dialect,
    method: Method,
    path: &'a str,
    /// By status: the number of answers, and how many of them have each header.
    headers: BTreeMap<u16, (usize, BTreeMap<String, usize>)>,
}

impl<'a> Refusals<'a> {
    /// The refusals of one call.
    ///
    /// # Errors
    /// `method` is not an HTTP method.
    pub fn new(
        client: &'a Client,
        dialect: &'a Dialect,
        method: &str,
        path: &'a str,
    ) -> Result<Self, String> {
        let method = method.to_uppercase().parse().map_err(|_| format!("no method `{method}`"))?;
        Ok(Self { client, dialect, method, path, headers: BTreeMap::new() })
    }

    /// Adds sample refusals to the answers of `operation`: those `listed` by its dialect, and those of every
    /// call. `failure` is the schema of all refusals. `names_fields` says whether fields of its body are
    /// refused by name.
    ///
    /// # Errors
    /// They are, but `listed` has no refusal of a field.
    pub async fn add(
        &mut self,
        operation: &mut Value,
        failure: &Value,
        listed: Vec<AccountError>,
        names_fields: bool,
    ) -> Result<(), String> {
        let names_a_field = listed.iter().any(|error| matches!(error, AccountError::Invalid(_)));
        let mut refusals: Vec<Refusal> = listed.into_iter().map(Refusal::Account).collect();
        if operation.get("requestBody").is_some() {
            if names_fields && !names_a_field {
                return Err("no refused field is listed".to_owned());
            }
            refusals.extend(OF_BODIES);
        }
        refusals.extend(of_every_call());
        for status in operation["responses"].as_object().into_iter().flatten() {
            self.headers.insert(status.0.parse().unwrap_or_default(), (1, BTreeMap::new()));
        }
        for refusal in refusals {
            self.add_one(operation, failure, &refusal).await?;
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
        refusal: &Refusal,
    ) -> Result<(), String> {
        let name = name_of(refusal);
        let request = self.client.req(self.method, self.path.to_owned());
        // The pages answer browsers otherwise.
        let request = request.header(rocket::http::Accept::JSON);
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
        let summary = name.replace('_', " ").replace(':', ": ");
        media["examples"][name.replace(':', ".")] = json!({ "summary": summary, "value": body });
        Ok(())
    }
}

/// Name of a sample refusal: its code, or field and code.
fn name_of(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Account(AccountError::Invalid(errors)) => {
            let named = |error: &domain::FieldError| match error.field {
                // `name` would collide with an account's field of that name.
                Field::DeviceName => format!("device_name:{}", error.code.code()),
                Field::PasskeyName => format!("passkey_name:{}", error.code.code()),
                _ => format!("{}:{}", error.field.name(), error.code.code()),
            };
            errors.first().map(named).unwrap_or_default()
        }
        other => other.code().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::FieldCode;

    use super::*;

    #[test]
    fn names_tell_refusals_apart() {
        let fields = [
            Field::Name,
            Field::DeviceName,
            Field::PasskeyName,
            Field::AccountId,
            Field::Custom("grant_type".into()),
        ]
        .map(|field| AccountError::field(field, FieldCode::Required).into());
        let all = fields.into_iter().chain(OF_BODIES).chain(of_every_call());
        let names: Vec<String> = all.map(|refusal| name_of(&refusal)).collect();
        let mut different = names.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), names.len(), "{names:?}");
        assert!(names.contains(&"grant_type:required".to_owned()));
    }
}
