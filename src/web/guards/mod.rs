//! Who asks, in which language, and for which shape of answer.

mod client;
mod theme;

use std::sync::{Arc, OnceLock};

use domain::{AccountError, InternalError, Token};
use look::{Dates, Locale, Renderer};

use rocket::Request;
use rocket::outcome::Outcome::{Error, Success};
use rocket::request::{FromRequest, Outcome};

use super::accept::{reader_locale, wants_json};
use super::cookies::{self, Cookies};
use super::refusal::{Refusal, note};
use crate::flows::{Client, Flows, SignedIn};

pub use client::client_of;
pub use theme::wanted_look;

/// Everything a page's handler needs to know about a request.
pub struct Visit<'r> {
    /// What accounts can do.
    pub flows: &'r Flows,
    /// Renders templates and sentences.
    pub view: &'r Renderer,
    /// How cookies are written.
    pub cookies: Cookies,
    /// The request itself, for headers and managed state.
    pub request: &'r Request<'r>,
    /// Whether JSON is wanted.
    pub json: bool,
    /// Who is signed in, if anybody.
    pub who: Option<SignedIn>,
    locale: OnceLock<&'r Locale>,
}

impl<'r> Visit<'r> {
    /// Who is signed in.
    ///
    /// # Errors
    /// `Unauthenticated` without a session.
    pub fn require(&self) -> Result<&SignedIn, AccountError> {
        self.who.as_ref().ok_or(AccountError::Unauthenticated)
    }

    /// Language of the answer: the account's, else the browser's, else the site's.
    pub fn locale(&self) -> &'r Locale {
        self.locale.get_or_init(|| {
            let chosen = self.who.as_ref().and_then(|who| who.account().locale.as_deref());
            chosen
                .and_then(|code| self.view.catalog().find(code))
                .unwrap_or_else(|| reader_locale(self.view, self.request))
        })
    }

    /// Writes moments and numbers in that language.
    pub fn dates(&self) -> &'r Dates {
        self.view.catalog().dates(self.locale())
    }

    /// Where the request comes from.
    pub fn client(&self) -> Client {
        client_of(self.request)
    }

    /// The secret by which accounts know this browser.
    pub fn known_browser(&self) -> Option<Token> {
        cookies::read(self.request, self.cookies.known_browser_name()).and_then(Token::parse)
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Visit<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let rocket = request.rocket();
        let parts = (rocket.state::<Flows>(), rocket.state::<Arc<Renderer>>(), rocket.state::<Cookies>());
        let (Some(flows), Some(view), Some(cookies)) = parts else {
            let missing = InternalError::new("the account domain is not attached");
            return Error((note(request, AccountError::Internal(missing).into()), ()));
        };
        let token = cookies::read(request, cookies.session_name()).and_then(Token::parse);
        let who = match &token {
            Some(token) => flows.sessions.resume(token).await,
            None => Ok(None),
        };
        match who {
            Ok(who) => Success(Self {
                flows,
                view,
                cookies: *cookies,
                request,
                json: wants_json(request),
                who,
                locale: OnceLock::new(),
            }),
            Err(error) => Error((note(request, error.into()), ())),
        }
    }
}

/// The signed-in account, for plug-ins' routes; 401 in the door's shape when nobody is signed in.
pub struct CurrentAccount(pub SignedIn);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for CurrentAccount {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match request.guard::<Visit<'r>>().await {
            Success(Visit { who: Some(who), .. }) => Success(Self(who)),
            Success(_) => Error((note(request, Refusal::Account(AccountError::Unauthenticated)), ())),
            Error(error) => Error(error),
            rocket::outcome::Outcome::Forward(status) => rocket::outcome::Outcome::Forward(status),
        }
    }
}
