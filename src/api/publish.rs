//! Publishes the description, as JSON and as a page.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{AccountError, CustomFields, InternalError};
use look::pages::ApiPage;
use look::{Locale, Look, Renderer};
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use rocket::http::Status;
use rocket::local::asynchronous::Client;
use rocket::response::Response;
use rocket::{Request, Route, State, get, routes};
use tokio::sync::OnceCell;

use super::description::Published;
use super::doors;
use crate::web::{Dialect, Dialects, Refusal, Reply, Visit};

/// The fairing that serves the description at `/api/openapi.json` and `/api/docs`.
///
/// `pages` words the refusals of the pages, whose answers to programs are described with the rest.
pub fn published(fields: CustomFields, view: Arc<Renderer>, base: String, pages: Dialect) -> AdHoc {
    AdHoc::on_ignite("description", move |rocket| async move {
        let figment = rocket.figment().clone();
        let described = Described {
            fields,
            view,
            base,
            pages_dialect: pages,
            figment,
            made: OnceCell::new(),
            pages: Mutex::default(),
        };
        rocket.manage(described).mount("/", routes())
    })
}

/// The routes of the description.
pub fn routes() -> Vec<Route> {
    routes![document, page]
}

/// The description. The first request makes it, because that takes longer than the rest of a start.
struct Described {
    fields: CustomFields,
    view: Arc<Renderer>,
    /// The path that all of the site's begin with; may be empty.
    base: String,
    pages_dialect: Dialect,
    figment: Figment,
    made: OnceCell<Published>,
    /// The page in each look and language: filling its template takes longer than any other page.
    pages: Mutex<FilledPages>,
}

impl Described {
    async fn get(&self) -> Result<&Published, Refusal> {
        let made = self.made.get_or_try_init(|| self.make()).await;
        made.map_err(|why| {
            let why = format!("the description of the API cannot be made: {why}");
            AccountError::Internal(InternalError::new(why)).into()
        })
    }

    async fn make(&self) -> Result<Published, String> {
        let dialects = Dialects::new(doors().map(|door| door.dialect).chain([self.pages_dialect]));
        // Refusals answer a request, so sample requests are built on a Rocket that is never launched.
        let asked = rocket::custom(self.figment.clone()).manage(self.view.clone()).manage(dialects);
        let client = Client::untracked(asked).await.map_err(|error| error.to_string())?;
        let described = doors().map(|door| (door.dialect, (door.describe)()));
        let described = std::iter::once((self.pages_dialect, super::pages::describe())).chain(described);
        Published::make(described.collect(), &self.fields, &client, &self.base).await
    }
}

type FilledPages = HashMap<(Look, Locale), Arc<OnceCell<String>>>;

struct Json<'a>(&'a Published);

#[get("/api/openapi.json")]
async fn document(described: &State<Described>) -> Result<Json<'_>, Refusal> {
    described.get().await.map(Json)
}

impl<'r, 'a: 'r> rocket::response::Responder<'r, 'r> for Json<'a> {
    fn respond_to(self, request: &'r Request<'_>) -> rocket::response::Result<'r> {
        let mut answer = Response::new();
        let known = request.headers().get("If-None-Match").any(|tags| tags.contains(&self.0.tag));
        answer.set_raw_header("Content-Type", "application/json");
        answer.set_raw_header("Cache-Control", "no-cache");
        answer.set_raw_header("ETag", self.0.tag.as_str());
        if known {
            answer.set_status(Status::NotModified);
        } else {
            answer.set_sized_body(self.0.json.len(), Cursor::new(self.0.json.as_bytes()));
        }
        Ok(answer)
    }
}

/// The same for every reader of a language, signed in or not, so that it is filled once.
#[get("/api/docs")]
async fn page(visit: Visit<'_>, described: &State<Described>) -> Result<Reply, Refusal> {
    let cell = {
        let mut pages = described.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.entry((visit.look(), visit.locale().clone())).or_default().clone()
    };
    let html = cell.get_or_try_init(async || {
        let doors = described.get().await?.doors.clone();
        visit.page_for_everybody(ApiPage { doors, base: described.base.clone() })
    });
    Ok(Reply::page(Status::Ok, html.await?.clone()))
}

#[cfg(test)]
mod tests {
    use domain::{
        DEVICE_NAME_MAX_CHARS, EmailAddress, NAME_MAX_CHARS, PASSKEY_NAME_MAX_CHARS, Password, Username,
    };

    /// Bodies with a password that was chosen before.
    const READ_ONLY: [&str; 4] = ["Credentials", "Login", "NewProof", "Proof"];

    /// The bounds are literals, because attributes take no constants.
    #[test]
    fn bounds_of_fields_are_those_of_the_domain() {
        let mut seen = 0;
        let doors = crate::api::doors().map(|door| (door.describe)());
        for described in doors.chain([crate::api::pages::describe()]) {
            let document = serde_json::to_value(described.document()).unwrap();
            for (schema, object) in document["components"]["schemas"].as_object().unwrap() {
                for (name, field) in object["properties"].as_object().into_iter().flatten() {
                    let Some(longest) = field["maxLength"].as_u64() else { continue };
                    let known = match (name.as_str(), field["format"].as_str()) {
                        // A password that is read may be older than the bound on new ones.
                        ("oldpassword" | "apassword", _) => Password::MAX_BYTES,
                        (_, Some("password")) if READ_ONLY.contains(&schema.as_str()) => Password::MAX_BYTES,
                        (_, Some("password")) => Password::MAX_CHARS,
                        ("email", _) => EmailAddress::MAX_BYTES,
                        ("username", _) => Username::MAX_CHARS,
                        ("login", _) if schema == "Registration" => Username::MAX_CHARS,
                        ("login", _) => EmailAddress::MAX_BYTES,
                        _ if schema == "NewDevice" => DEVICE_NAME_MAX_CHARS,
                        ("name", _) if schema.contains("Passkey") => PASSKEY_NAME_MAX_CHARS,
                        _ => NAME_MAX_CHARS,
                    };
                    assert_eq!(longest, known as u64, "{schema}.{name}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 10);
    }
}
