//! Calls from other origins' pages (the Fetch standard's CORS protocol): with a token for the dialects that
//! use one, and with the session's cookie for the two calls that the operator's sites have.

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::{Header, Method, Status};
use rocket::{Request, Response};

use super::refusal::methods_at;
use crate::urls::lies_below;

/// Response headers that scripts may read, besides those that the Fetch standard always allows.
const ANSWER_HEADERS: &str = "Retry-After, WWW-Authenticate";
/// Seconds for which a browser may cache a preflight.
const MAX_AGE: &str = "600";

/// What pages of some origins may call.
pub struct Openness {
    /// The allowed origins, such as `https://app.example.org`, exactly as browsers send them.
    pub origins: Vec<String>,
    /// The paths, with all that lies below them.
    pub bases: Vec<&'static str>,
    /// The request headers that scripts may set.
    pub request_headers: &'static str,
    /// Whether browsers send cookies along, the Fetch standard's "credentials mode".
    pub credentials: bool,
}

impl Openness {
    /// Calls with a token in a header, never with cookies. `Api-Auth-Bearer` is missing from the headers on
    /// purpose: API keys do not belong in browsers.
    pub fn with_tokens(origins: Vec<String>, bases: Vec<&'static str>) -> Self {
        let request_headers = "Authorization, Content-Type, User-Id, User-Hash";
        Self { origins, bases, request_headers, credentials: false }
    }

    /// Calls with the session's cookie.
    pub fn with_cookies(origins: Vec<String>, bases: Vec<&'static str>) -> Self {
        Self { origins, bases, request_headers: "Content-Type", credentials: true }
    }
}

/// The fairing that adds the CORS headers.
pub struct Cors(pub Vec<Openness>);

#[rocket::async_trait]
impl Fairing for Cors {
    fn info(&self) -> Info {
        Info { name: "cross-origin calls", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, answer: &mut Response<'r>) {
        let path = request.uri().path().as_str();
        let mut open = self.0.iter().filter(|open| !open.origins.is_empty());
        let Some(open) = open.find(|open| open.bases.iter().any(|base| lies_below(path, base))) else {
            return;
        };
        answer.adjoin_raw_header("Vary", "Origin");
        let header = |name| request.headers().get_one(name);
        let Some(origin) = header("Origin").filter(|from| open.origins.iter().any(|listed| listed == from))
        else {
            return;
        };
        answer.set_header(Header::new("Access-Control-Allow-Origin", origin.to_owned()));
        if open.credentials {
            answer.set_header(Header::new("Access-Control-Allow-Credentials", "true"));
        }
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
            answer.set_header(Header::new("Access-Control-Allow-Headers", open.request_headers));
            answer.set_header(Header::new("Access-Control-Max-Age", MAX_AGE));
        }
    }
}
