//! The request guard and the answer type that the handlers of the JSON dialects share.

use std::net::IpAddr;
use std::sync::Arc;

use domain::{AccountError, ApiKey, InternalError, Scope};
use look::{Locale, Renderer};
use rocket::Request;
use rocket::http::Status;
use rocket::outcome::Outcome::{Error, Success};
use rocket::request::{FromRequest, Outcome};
use rocket::response::{self, Responder, Response};
use serde::Serialize;

use super::accept::{locale_or, wanted_locale};
use super::cross_origin::PublicOrigin;
use super::guards::{client_ip, client_of};
use super::headers::is_head;
use super::refusal::{note, sized};
use crate::flows::{Client, Flows};

/// A call of a JSON dialect. Unlike a page's [`Visit`](super::Visit) it reads no cookie, because a cookie
/// never authenticates an API call.
pub struct Call<'r> {
    pub flows: &'r Flows,
    pub view: &'r Renderer,
    /// The site's origin, for absolute URLs in answers.
    pub origin: &'r PublicOrigin,
    pub request: &'r Request<'r>,
}

impl<'r> Call<'r> {
    /// The caller.
    pub fn client(&self) -> Client {
        client_of(self.request)
    }

    /// The caller's IP.
    pub fn ip(&self) -> IpAddr {
        client_ip(self.request)
    }

    /// The caller as a trusted server, which presented an API key.
    pub fn trusted_client(&self) -> Client {
        Client { trusted: true, ..self.client() }
    }

    /// The caller; a trusted server if it presented a `key` that may write accounts. Any other key gives no
    /// right at a door that is open to everybody, so it lifts no limit there.
    pub fn client_with(&self, key: Option<&ApiKey>) -> Client {
        let trusted = key.is_some_and(|key| key.allows(Scope::AccountsWrite));
        if trusted { self.trusted_client() } else { self.client() }
    }

    /// The language of the site that the caller prefers, else `fallback`, else the site's default.
    pub fn locale_or(&self, fallback: &str) -> &'r Locale {
        locale_or(self.view, self.request, fallback)
    }

    /// Code of the language of the site that the caller prefers; `None` if it accepts none of them.
    pub fn wanted_locale(&self) -> Option<&'r str> {
        wanted_locale(self.view, self.request).map(Locale::as_str)
    }

    /// Whether the request is a `HEAD`, which must change nothing.
    pub fn is_head(&self) -> bool {
        is_head(self.request)
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Call<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let rocket = request.rocket();
        let parts =
            (rocket.state::<Flows>(), rocket.state::<Arc<Renderer>>(), rocket.state::<PublicOrigin>());
        let (Some(flows), Some(view), Some(origin)) = parts else {
            let missing = InternalError::new("the account domain is not attached");
            return Error((note(request, AccountError::Internal(missing).into()), ()));
        };
        Success(Self { flows, view, origin, request })
    }
}

/// An answer of a JSON dialect.
#[derive(Debug)]
pub struct Answer {
    status: Status,
    body: String,
}

impl Answer {
    /// An answer with `value` as JSON.
    pub fn json(status: Status, value: &impl Serialize) -> Self {
        // Serialising our own types cannot fail: their maps have string keys, and their `Serialize` is
        // derived.
        Self { status, body: serde_json::to_string(value).unwrap_or_else(|_| "null".into()) }
    }

    /// An answer with `value` as JSON and status 200.
    pub fn ok(value: &impl Serialize) -> Self {
        Self::json(Status::Ok, value)
    }

    /// Converts the answer to a response, for a dialect's `refuse`.
    pub fn into_response(self) -> Response<'static> {
        sized(self.status, "application/json", self.body)
    }
}

impl<'r> Responder<'r, 'static> for Answer {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Ok(self.into_response())
    }
}
