//! Static files of the theme. Their URLs contain a hash of the content.

use std::path::PathBuf;
use std::sync::Arc;

use look::{Logo, Renderer};
use rocket::http::Status;
use rocket::response::{self, Responder, Response};
use rocket::{Request, Route, State, get, routes};

use super::refusal::Refusal;

/// The routes of static files.
pub fn routes() -> Vec<Route> {
    routes![asset, favicon]
}

struct Asset<'a> {
    renderer: &'a Renderer,
    name: String,
    hash: Option<String>,
}

#[get("/static/<hash>/<name..>")]
fn asset<'a>(renderer: &'a State<Arc<Renderer>>, hash: &str, name: PathBuf) -> Option<Asset<'a>> {
    let name = name.to_str()?.to_owned();
    Some(Asset { renderer, name, hash: Some(hash.to_owned()) })
}

/// Browsers request this path whether or not a page links to it.
#[get("/favicon.ico")]
fn favicon(renderer: &State<Arc<Renderer>>) -> Asset<'_> {
    Asset { renderer, name: "favicon.svg".to_owned(), hash: None }
}

impl<'r, 'a: 'r> Responder<'r, 'r> for Asset<'a> {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'r> {
        let Some(file) = self.renderer.static_file(&self.name, self.hash.as_deref()) else {
            return Refusal::NotFound.respond_to(request);
        };
        let mut answer = Response::new();
        let tag = format!("\"{}\"", file.hash);
        answer.set_raw_header("Content-Type", mime_type(&self.name));
        // A page from before an upgrade may request an old hash. It gets the present file, which caches keep
        // for only five minutes.
        let current = self.hash.as_deref() == Some(file.hash.as_str());
        answer.set_raw_header(
            "Cache-Control",
            if current { "public, max-age=31536000, immutable" } else { "public, max-age=300" },
        );
        if Logo::is_at(&self.name) {
            answer.set_raw_header("Content-Security-Policy", LOGO_POLICY);
            // Mails show it on the pages of mail readers.
            answer.set_raw_header("Cross-Origin-Resource-Policy", "cross-origin");
        }
        let known = request.headers().get("if-none-match").any(|tags| tags.contains(&tag));
        answer.set_raw_header("ETag", tag);
        if known {
            answer.set_status(Status::NotModified);
        } else {
            let content: &'r [u8] = &file.content;
            answer.set_sized_body(content.len(), std::io::Cursor::new(content));
        }
        Ok(answer)
    }
}

/// Lets the operator's picture load and run nothing where it is opened by itself, and gives it an origin of
/// its own. Many drawings have styles in them.
const LOGO_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

fn mime_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
