//! The cross-origin check of Go 1.25's `http.CrossOriginProtection`: forms need no hidden token.

use rocket::Request;
use rocket::http::Method;
use url::Url;

/// The origin that pages are served from.
#[derive(Clone, Debug)]
pub struct PublicOrigin {
    origin: String,
    configured: bool,
}

impl PublicOrigin {
    /// `configured`: the operator set `public_url`. Without it a request's own `Host` is trusted, for a
    /// developer's machine has several names.
    pub fn new(public_url: &Url, configured: bool) -> Self {
        Self { origin: public_url.origin().ascii_serialization(), configured }
    }

    /// The origin, such as `https://accounts.example.org`.
    pub fn as_str(&self) -> &str {
        &self.origin
    }
}

/// Whether `request` writes and was sent by another site's page.
pub fn cross_site(request: &Request<'_>, ours: &PublicOrigin) -> bool {
    if matches!(request.method(), Method::Get | Method::Head | Method::Options) {
        return false;
    }
    let header = |name| request.headers().get_one(name);
    let origin = header("Origin");
    if origin == Some(ours.as_str()) && ours.configured {
        return false;
    }
    match header("Sec-Fetch-Site") {
        Some("same-origin" | "none") => false,
        Some(_) => true,
        // Only browsers from before 2023 send no `Sec-Fetch-Site`, and programs, which send no `Origin`
        // either.
        None => match origin {
            None => false,
            Some(origin) if ours.configured => origin != ours.as_str(),
            Some(origin) => {
                let host = header("Host").unwrap_or_default();
                origin.split_once("://").is_none_or(|(_, from)| from != host)
            }
        },
    }
}
