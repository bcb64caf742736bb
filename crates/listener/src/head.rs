//! Converts hyper's request head to a local Rocket request. Only cookies are copied; everything else borrows
//! from the head.

use hyper::header::{COOKIE, HOST};
use hyper::http::request::Parts;
use rocket::http::uri::Origin;
use rocket::http::{Cookie, Header, Method, Status};
use rocket::local::asynchronous::LocalRequest;

use super::rules;
use super::settings::ServerSettings;

/// The path that Rocket sees of a request for another path than those below the base path. No route has it.
const ELSEWHERE: &str = "/.elsewhere";

/// The method and path of the local request. A refusal changes the method to `TRACE`, see [`super::refusal`].
pub(super) struct Target<'r> {
    pub(super) method: Method,
    pub(super) uri: Origin<'r>,
    pub(super) refusal: Option<Status>,
}

impl<'r> Target<'r> {
    pub(super) fn of(parts: &'r Parts, settings: &ServerSettings) -> Target<'r> {
        let (uri, bad_uri) = origin(parts, settings);
        let (method, bad_method) = match parts.method {
            hyper::Method::GET => (Method::Get, None),
            hyper::Method::HEAD => (Method::Head, None),
            hyper::Method::POST => (Method::Post, None),
            hyper::Method::PUT => (Method::Put, None),
            hyper::Method::PATCH => (Method::Patch, None),
            hyper::Method::DELETE => (Method::Delete, None),
            hyper::Method::OPTIONS => (Method::Options, None),
            hyper::Method::TRACE | hyper::Method::CONNECT => (Method::Trace, Some(Status::MethodNotAllowed)),
            _ => (Method::Trace, Some(Status::NotImplemented)),
        };
        let mut target = Target { method, uri, refusal: None };
        if let Some(status) = bad_method.or(bad_uri) {
            target.refuse(status);
        }
        target
    }

    pub(super) fn refuse(&mut self, status: Status) {
        self.method = Method::Trace;
        self.refusal = Some(status);
    }
}

/// The request's path and query. The absolute form of a URL, which proxies send, is served like the origin
/// form.
fn origin<'r>(parts: &'r Parts, settings: &ServerSettings) -> (Origin<'r>, Option<Status>) {
    let Some(wanted) = parts.uri.path_and_query().map(|wanted| wanted.as_str()) else {
        return (Origin::ROOT, Some(Status::BadRequest));
    };
    if wanted == "*" && parts.method == hyper::Method::OPTIONS {
        return (Origin::ROOT, None);
    }
    // Some path of ours may have the same name: the refusal would say which methods that takes.
    let Some(own) = below(wanted, settings) else {
        return (Origin::parse(ELSEWHERE).unwrap_or(Origin::ROOT), Some(Status::NotFound));
    };
    match Origin::parse(own) {
        Ok(origin) => (origin, None),
        Err(_) => (sound_start(own), Some(Status::BadRequest)),
    }
}

/// What follows the base path in `wanted`, a path with its query; `None` for a path elsewhere. The base path
/// itself is the root.
fn below<'r>(wanted: &'r str, settings: &ServerSettings) -> Option<&'r str> {
    if settings.base.is_empty() {
        return Some(wanted);
    }
    let path = wanted.split('?').next().unwrap_or_default();
    match wanted.strip_prefix(settings.base.as_str()) {
        Some(own) if own.starts_with('/') => Some(own),
        Some(own) if own.is_empty() || own.starts_with('?') => Some("/"),
        _ => settings.is_everywhere(path).then_some(wanted),
    }
}

/// The well-formed beginning of a malformed path. It selects the catcher that words the refusal.
fn sound_start(path: &str) -> Origin<'_> {
    let sound = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
    let end = path.find(|c| !sound(c)).unwrap_or(path.len());
    Origin::parse(&path[..end]).unwrap_or(Origin::ROOT)
}

/// Copies host, headers and, if wanted, cookies. Rocket's headers are UTF-8, so values in other encodings are
/// left out.
pub(super) fn copy<'r>(parts: &'r Parts, cookies: bool, mut request: LocalRequest<'r>) -> LocalRequest<'r> {
    if let Some(host) = rules::host(parts) {
        request.inner_mut().set_host(host);
    }
    let absolute = parts.uri.authority();
    if let Some(authority) = absolute {
        request.inner_mut().add_header(Header::new("host", authority.as_str()));
    }
    for (name, value) in &parts.headers {
        // The host of an absolute target replaces the header (RFC 9112, section 3.2.2).
        if name == HOST && absolute.is_some() {
            continue;
        }
        if let Ok(value) = std::str::from_utf8(value.as_bytes()) {
            if name == COOKIE && cookies {
                request = request
                    .cookies(value.split(';').filter_map(|pair| Cookie::parse_encoded(pair.trim()).ok()));
            }
            request.inner_mut().add_header(Header::new(name.as_str(), value));
        }
    }
    request
}
