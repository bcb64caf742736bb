//! Calls from other origins' pages (the Fetch standard's CORS protocol), for the dialects that use a token.
//! Credentials mode is never allowed, because cookies authenticate pages only.

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::{Header, Method, Status};
use rocket::{Request, Response};

use super::refusal::methods_at;
use crate::urls::lies_below;

/// Request headers of the token dialects. `Api-Auth-Bearer` is missing on purpose: API keys do not belong in
/// browsers.
const REQUEST_HEADERS: &str = "Authorization, Content-Type, User-Id, User-Hash";
/// Response headers that scripts may read, besides those that the Fetch standard always allows.
const ANSWER_HEADERS: &str = "Retry-After, WWW-Authenticate";
/// Seconds for which a browser may cache a preflight.
const MAX_AGE: &str = "600";

/// The fairing that adds the CORS headers.
pub struct Cors {
    origins: Vec<String>,
    bases: Vec<&'static str>,
}

impl Cors {
    /// `origins` are the allowed origins, such as `https://app.example.org`, exactly as browsers send them.
    /// `bases` are the base paths of the dialects that they may call.
    pub fn new(origins: Vec<String>, bases: Vec<&'static str>) -> Self {
        Self { origins, bases }
    }
}

#[rocket::async_trait]
impl Fairing for Cors {
    fn info(&self) -> Info {
        Info { name: "cross-origin calls", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, answer: &mut Response<'r>) {
        let path = request.uri().path().as_str();
        if self.origins.is_empty() || !self.bases.iter().any(|base| lies_below(path, base)) {
            return;
        }
        answer.adjoin_raw_header("Vary", "Origin");
        let header = |name| request.headers().get_one(name);
        let Some(origin) = header("Origin").filter(|from| self.origins.iter().any(|listed| listed == from))
        else {
            return;
        };
        answer.set_header(Header::new("Access-Control-Allow-Origin", origin.to_owned()));
        let preflight =
            request.method() == Method::Options && header("Access-Control-Request-Method").is_some();
        if !preflight {
            answer.set_header(Header::new("Access-Control-Expose-Headers", ANSWER_HEADERS));
            return;
        }
        let methods = methods_at(request);
        if !methods.is_empty() {
            answer.set_status(Status::NoContent);
            answer.remove_header("Content-Type");
            answer.remove_header("Allow");
            answer.set_header(Header::new("Access-Control-Allow-Methods", methods));
            answer.set_header(Header::new("Access-Control-Allow-Headers", REQUEST_HEADERS));
            answer.set_header(Header::new("Access-Control-Max-Age", MAX_AGE));
        }
    }
}
