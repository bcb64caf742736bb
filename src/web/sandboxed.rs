//! Mails on pages.

use rocket::Request;
use rocket::http::Status;
use rocket::response::{self, Responder, Response};

use super::refusal::sized;

/// The HTML of a message. Its policy lets it load and run nothing and gives it an opaque origin, inside a
/// frame and outside.
pub struct Sandboxed(pub String);

impl<'r> Responder<'r, 'static> for Sandboxed {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer: Response<'static> = sized(Status::Ok, "text/html; charset=utf-8", self.0);
        let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; \
             form-action 'none'; \
             frame-ancestors 'self'";
        answer.set_raw_header("Content-Security-Policy", policy);
        answer.set_raw_header("X-Frame-Options", "SAMEORIGIN");
        answer.set_raw_header("Referrer-Policy", "no-referrer");
        Ok(answer)
    }
}
