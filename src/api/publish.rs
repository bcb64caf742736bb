//! Publishes the description, as JSON and as a page.

use std::io::Cursor;
use std::sync::Arc;

use domain::CustomFields;
use look::Renderer;
use look::pages::ApiPage;
use rocket::fairing::AdHoc;
use rocket::http::Status;
use rocket::local::asynchronous::Client;
use rocket::response::Response;
use rocket::{Build, Request, Rocket, Route, State, get, routes};

use super::description::Published;
use super::doors;
use crate::web::{Dialects, Refusal, Reply, Visit};

/// The fairing that makes the description at the start and serves it at `/api/openapi.json` and `/api/docs`.
pub fn published(fields: CustomFields, view: Arc<Renderer>) -> AdHoc {
    AdHoc::try_on_ignite("description", move |rocket| async move {
        match make(&rocket, &fields, view).await {
            Ok(published) => Ok(rocket.manage(published).mount("/", routes())),
            Err(why) => {
                log::error!("the description of the API cannot be made: {why}");
                Err(rocket)
            }
        }
    })
}

/// The routes of the description.
pub fn routes() -> Vec<Route> {
    routes![document, page]
}

async fn make(
    rocket: &Rocket<Build>,
    fields: &CustomFields,
    view: Arc<Renderer>,
) -> Result<Published, String> {
    let dialects = Dialects::new(doors().map(|door| door.dialect));
    // Refusals answer a request, so sample requests are built on a Rocket that is never launched.
    let asked = rocket::custom(rocket.figment().clone()).manage(view).manage(dialects);
    let client = Client::untracked(asked).await.map_err(|error| error.to_string())?;
    let described = doors().map(|door| (door.dialect, (door.describe)()));
    Published::make(described.collect(), fields, &client).await
}

struct Json<'a>(&'a Published);

#[get("/api/openapi.json")]
fn document(published: &State<Published>) -> Json<'_> {
    Json(published)
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

#[get("/api/docs")]
fn page(visit: Visit<'_>, published: &State<Published>) -> Result<Reply, Refusal> {
    visit.page(Status::Ok, ApiPage { doors: published.doors.clone() }, None)
}

#[cfg(test)]
mod tests {
    use domain::{DEVICE_NAME_MAX_CHARS, EmailAddress, NAME_MAX_CHARS, Password, Username};

    /// The bounds are literals, because attributes take no constants.
    #[test]
    fn bounds_of_fields_are_those_of_the_domain() {
        let mut seen = 0;
        for door in crate::api::doors() {
            let document = serde_json::to_value((door.describe)().document()).unwrap();
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
