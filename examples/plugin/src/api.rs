//! `/api/notes/v1`: the notes of an account, for programs with an API key.

use rocket::http::Status;
use rocket::response::Response;
use rocket::{Request, Route, State, get, routes};
use serde_json::{Value, json};
use vestibule::plugin::{AccountError, AccountId, ApiKeyGuard, Dialect, Flows, Refusal, Reply, Scope, sized};

use crate::store;

/// Every refusal below the base is JSON, whatever the request accepts.
pub const DIALECT: Dialect = Dialect { name: "notes", base: "/api/notes/v1", refuse };

fn refuse(refusal: &Refusal, incident: Option<&str>, _: &Request<'_>) -> Response<'static> {
    let document: Value = json!({ "error": refusal.code(), "incident": incident });
    sized(refusal.status(), "application/json", document.to_string())
}

pub fn routes() -> Vec<Route> {
    routes![list]
}

#[get("/accounts/<id>")]
async fn list(key: ApiKeyGuard, id: i64, flows: &State<Flows>) -> Result<Reply, Refusal> {
    if !key.allows(Scope::AccountsRead) {
        return Err(AccountError::Forbidden.into());
    }
    let account = flows.account(AccountId(id)).await?.ok_or(Refusal::NotFound)?;
    let notes = store::list(flows.store(), account.id).await?;
    let notes: Vec<Value> = notes
        .into_iter()
        .map(|note| json!({ "id": note.id, "text": note.text, "created_at": note.created_at.0 }))
        .collect();
    Ok(Reply::json(Status::Ok, &json!({ "account_id": account.id.0, "notes": notes })))
}
