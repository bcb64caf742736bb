//! Where the description is had: as JSON for programs, as a page for people.

use std::io::Cursor;
use std::sync::Arc;

use rocket::fairing::AdHoc;
use rocket::http::Status;
use rocket::local::asynchronous::Client;
use rocket::response::Response;
use rocket::{Build, Request, Rocket, State, get, routes};

use super::Published;
use crate::domain::CustomFields;
use crate::view::Renderer;
use crate::view::pages::ApiPage;
use crate::web::{Dialects, Refusal, Reply, Visit};

/// Makes the description when the server starts, and serves it at `/api/openapi.json` and `/api/docs`.
pub fn published(fields: CustomFields, view: Arc<Renderer>) -> AdHoc {
    AdHoc::try_on_ignite("description", move |rocket| async move {
        match make(&rocket, &fields, view).await {
            Ok(published) => Ok(rocket.manage(published).mount("/", routes![document, page])),
            Err(why) => {
                log::error!("the description of the API cannot be made: {why}");
                Err(rocket)
            }
        }
    })
}

async fn make(
    rocket: &Rocket<Build>,
    fields: &CustomFields,
    view: Arc<Renderer>,
) -> Result<Published, String> {
    let doors: Vec<_> = crate::api::doors().collect();
    let dialects = Dialects::new(doors.iter().map(|door| door.dialect));
    // The doors' refusals are worded for requests, and there are none before there is a server.
    let asked = rocket::custom(rocket.figment().clone()).manage(view).manage(dialects);
    let client = Client::untracked(asked).await.map_err(|error| error.to_string())?;
    Published::make(&doors, fields, &client).await
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
