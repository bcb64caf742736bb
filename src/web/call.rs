//! What the handlers of the JSON dialects share: who is asked, and how they answer.

use std::sync::Arc;

use domain::{AccountError, ApiKey, InternalError};
use look::{Locale, Renderer};
use rocket::Request;
use rocket::http::Status;
use rocket::outcome::Outcome::{Error, Success};
use rocket::request::{FromRequest, Outcome};
use rocket::response::{self, Responder, Response};
use serde::Serialize;

use super::accept::{locale_or, wanted_locale};
use super::cross_origin::PublicOrigin;
use super::guards::client_of;
use super::headers::is_head;
use super::refusal::{note, sized};
use crate::flows::{Client, Flows};

/// A call of a JSON dialect. Unlike a page's [`Visit`](super::Visit) it reads no cookie: a cookie never
/// authenticates an API.
pub struct Call<'r> {
    /// The account domain.
    pub flows: &'r Flows,
    /// Sentences.
    pub view: &'r Renderer,
    /// Where the site is, for addresses in answers.
    pub origin: &'r PublicOrigin,
    /// The request.
    pub request: &'r Request<'r>,
}

impl<'r> Call<'r> {
    /// Where the call comes from.
    pub fn client(&self) -> Client {
        client_of(self.request)
    }

    /// The same for a server that presented an API key.
    pub fn trusted_client(&self) -> Client {
        Client { trusted: true, locale: None, ..self.client() }
    }

    /// Where a call comes from that may come with a key.
    pub fn client_with(&self, key: Option<&ApiKey>) -> Client {
        if key.is_some() { self.trusted_client() } else { self.client() }
    }

    /// The best language for the caller, else `fallback`, else the site's.
    pub fn locale_or(&self, fallback: &str) -> &'r Locale {
        locale_or(self.view, self.request, fallback)
    }

    /// Code of the best language for the caller, if it names one that we have.
    pub fn wanted_locale(&self) -> Option<&'r str> {
        wanted_locale(self.view, self.request).map(Locale::as_str)
    }

    /// Whether it came as `HEAD`, and must change nothing.
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

/// A JSON answer.
#[derive(Debug)]
pub struct Answer {
    status: Status,
    body: String,
}

impl Answer {
    /// `value` with this status.
    pub fn json(status: Status, value: &impl Serialize) -> Self {
        // Our own types have string keys and no failing `Serialize`, so that this cannot fail.
        Self { status, body: serde_json::to_string(value).unwrap_or_else(|_| "null".into()) }
    }

    /// `value` with 200.
    pub fn ok(value: &impl Serialize) -> Self {
        Self::json(Status::Ok, value)
    }

    /// As a response, for a dialect's `refuse`.
    pub fn into_response(self) -> Response<'static> {
        sized(self.status, "application/json", self.body)
    }
}

impl<'r> Responder<'r, 'static> for Answer {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Ok(self.into_response())
    }
}
