//! What every answer carries, and the one spelling of every path.

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::uri::Origin;
use rocket::http::{Header, Method};
use rocket::{Data, Request, Response};

/// Scripts and styles from this site alone, forms to this site alone, shown in nobody's frame. `blob:` is the
/// preview of a picture before it is sent.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

struct AskedByHead(bool);

/// Whether `request` came as `HEAD`. Rocket calls it `GET` by the time the handler runs, and what `GET` changes a `HEAD`
/// must not.
pub fn is_head(request: &Request<'_>) -> bool {
    request.local_cache(|| AskedByHead(false)).0
}

/// The fairing at both ends of every request.
pub struct Doorstep {
    /// Whether the site's public address is `https`.
    pub secure: bool,
}

#[rocket::async_trait]
impl Fairing for Doorstep {
    fn info(&self) -> Info {
        Info { name: "doorstep", kind: Kind::Request | Kind::Response }
    }

    /// A slash at the end of a path never matters.
    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        request.local_cache(|| AskedByHead(request.method() == Method::Head));
        let path = request.uri().path().as_str();
        if path.len() > 1 && path.ends_with('/') {
            let trimmed = path.trim_end_matches('/');
            let bare = if trimmed.is_empty() { "/" } else { trimmed };
            let target = match request.uri().query() {
                Some(query) => format!("{bare}?{query}"),
                None => bare.to_owned(),
            };
            if let Ok(uri) = Origin::parse_owned(target) {
                request.set_uri(uri);
            }
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, answer: &mut Response<'r>) {
        let headers = answer.headers();
        let own_policy = headers.contains("Content-Security-Policy");
        let cached = headers.contains("Cache-Control");
        let referrer = headers.contains("Referrer-Policy");
        let shared = headers.contains("Cross-Origin-Resource-Policy");
        if !own_policy {
            answer.set_header(Header::new("Content-Security-Policy", POLICY));
        }
        if !cached && request.method() != Method::Options {
            answer.set_header(Header::new("Cache-Control", "no-store"));
        }
        if !shared {
            answer.set_header(Header::new("Cross-Origin-Resource-Policy", "same-origin"));
        }
        answer.set_header(Header::new("X-Content-Type-Options", "nosniff"));
        if !referrer {
            // Not `no-referrer`: with it browsers send `Origin: null` on our own forms.
            answer.set_header(Header::new("Referrer-Policy", "same-origin"));
        }
        answer.set_header(Header::new("Cross-Origin-Opener-Policy", "same-origin"));
        answer.set_header(Header::new("X-Frame-Options", "DENY"));
        answer.set_header(Header::new("Permissions-Policy", "camera=(), geolocation=(), microphone=()"));
        if self.secure {
            answer
                .set_header(Header::new("Strict-Transport-Security", "max-age=31536000; includeSubDomains"));
        }
    }
}
