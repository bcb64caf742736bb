//! Request guards of the pages: session, language, and HTML or JSON.

mod client;
mod theme;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use domain::{AccountError, InternalError, Step, Token};
use look::{ACCOUNT_FIELD, Dates, Locale, Renderer};
use requests::Fields;

use rocket::Request;
use rocket::outcome::Outcome::{Error, Success};
use rocket::request::{FromRequest, Outcome};

use super::PublicOrigin;
use super::accept::wants_json;
use super::cookies::{self, Cookies, MOST_OF_ONE_NAME};
use super::language::reader_locale;
use super::refusal::{Refusal, note};
use crate::flows::{Client, Flows, SignedIn};
use crate::urls;

pub use client::{client_ip, client_of};
pub use theme::wanted_look;

/// The context of a request, for the handler of a page.
pub struct Visit<'r> {
    /// The account services.
    pub flows: &'r Flows,
    /// Renders templates and sentences.
    pub view: &'r Renderer,
    /// Writes `Set-Cookie` headers.
    pub cookies: &'r Cookies,
    /// The request itself, for headers and managed state.
    pub request: &'r Request<'r>,
    /// Whether the request prefers JSON to HTML.
    pub json: bool,
    /// The session and account of a signed-in request.
    pub who: Option<SignedIn>,
    locale: OnceLock<&'r Locale>,
}

impl<'r> Visit<'r> {
    /// The session and account of a signed-in request.
    ///
    /// # Errors
    /// `Unauthenticated` without a session.
    pub fn require(&self) -> Result<&SignedIn, AccountError> {
        self.who.as_ref().ok_or(AccountError::Unauthenticated)
    }

    /// Language of the answer: the account's, else one that this reader chose, else the browser's, else the
    /// site's default. A page that the language cannot say whole is in the site's.
    pub fn locale(&self) -> &'r Locale {
        self.locale.get_or_init(|| {
            let wanted = self.accounts_locale().unwrap_or_else(|| reader_locale(self.view, self.request));
            // What is said beside the page's own sentences is in the page's language too.
            match urls::template(self.request.uri().path().as_str()).filter(|_| !self.json) {
                Some(template) => {
                    self.view.language_of(wanted_look(self.request, self.view), &[template], wanted)
                }
                None => wanted,
            }
        })
    }

    /// The language that was chosen in the account.
    pub fn accounts_locale(&self) -> Option<&'r Locale> {
        let code = self.who.as_ref()?.account().locale.as_deref()?;
        self.view.catalog().find(code)
    }

    /// The browser's path of one of the program's own, for the way back.
    pub fn outside(&self, path: &str) -> String {
        format!("{}{path}", PublicOrigin::base_of(self.request))
    }

    /// The address of one of the program's own paths. That of `""` is the issuer of the site's tokens.
    pub fn address(&self, path: &str) -> String {
        let origin = self.request.rocket().state::<PublicOrigin>();
        origin.map_or_else(|| path.to_owned(), |origin| origin.address(path))
    }

    /// Formats times and numbers in the language of the answer.
    pub fn dates(&self) -> &'r Dates {
        self.view.catalog().dates(self.locale())
    }

    /// What the reader's language has before decimals; `None` for a program, which writes a point in each.
    pub fn decimal_mark(&self) -> Option<char> {
        (!self.json).then(|| self.dates().decimal_mark())
    }

    /// The sender of the request.
    pub fn client(&self) -> Client {
        client_of(self.request)
    }

    /// The session and account of a signed-in request, whose form stands on a page of that account, as far as
    /// the form says so. In another tab somebody else may have signed in since the page was shown.
    ///
    /// # Errors
    /// `Unauthenticated` without a session, `OtherAccount` where the page was another account's.
    pub fn require_own(&self, form: &Fields) -> Result<&SignedIn, Refusal> {
        let who = self.require()?;
        match form.integer(ACCOUNT_FIELD).map_err(|_| Refusal::Malformed)? {
            Some(account) if account != who.account().id.0 => Err(Refusal::OtherAccount),
            // Programs, and pages that were shown by an earlier version, say nothing.
            _ => Ok(who),
        }
    }

    /// The secrets that this browser sent in cookies of this name.
    pub fn sent_tokens(&self, name: &str) -> Vec<Token> {
        cookies::read(self.request, name).filter_map(Token::parse).take(MOST_OF_ONE_NAME).collect()
    }

    /// The secrets that this browser sent as those of a session.
    pub fn sent_sessions(&self) -> Vec<Token> {
        sent_sessions(self.request, self.cookies).collect()
    }

    /// The secret by which accounts know this browser. Of several cookies, the first that an account knows.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn known_browser(&self) -> Result<Option<Token>, AccountError> {
        let sent = cookies::read(self.request, self.cookies.known_browser_name()).filter_map(Token::parse);
        self.flows.sign_in.known_among(sent.take(MOST_OF_ONE_NAME).collect()).await
    }
}

fn sent_sessions<'r>(request: &'r Request<'_>, cookies: &'r Cookies) -> impl Iterator<Item = Token> + 'r {
    cookies::read(request, cookies.session_name()).filter_map(Token::parse).take(MOST_OF_ONE_NAME)
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
        let mut who = Ok(None);
        for token in sent_sessions(request, cookies) {
            who = flows.sessions.resume(&token, client_ip(request)).await;
            if !matches!(who, Ok(None)) {
                break;
            }
        }
        match who {
            Ok(Some(who)) if let Some(step) = held_for(flows, &who, request) => {
                Error((note(request, AccountError::StepWanted(step).into()), ()))
            }
            Ok(who) => {
                // Its answers may be refusals that lead to another page of the account.
                if let (Some(who), true) = (&who, request.method().supports_payload()) {
                    request.local_cache(|| Present(Some(who.clone())));
                }
                Success(Self {
                    flows,
                    view,
                    cookies,
                    request,
                    json: wants_json(request),
                    who,
                    locale: OnceLock::new(),
                })
            }
            Err(error) => Error((note(request, error.into()), ())),
        }
    }
}

/// What whoever is signed in has to do before this request is served.
fn held_for(flows: &Flows, who: &SignedIn, request: &Request<'_>) -> Option<Step> {
    let path = request.uri().path();
    flows.held_for(who.account()).filter(|step| match step {
        Step::Terms => !urls::serves_terms(path.as_str()),
        _ => !urls::serves_set_up(path.as_str()),
    })
}

/// Who is signed in, for the answer to a refusal.
struct Present(Option<SignedIn>);

/// Who is signed in, as the visit of `request` has found.
pub fn present<'r>(request: &'r Request<'_>) -> Option<&'r SignedIn> {
    request.local_cache(|| Present(None)).0.as_ref()
}

/// Whether whoever sent a request must prove themselves by a second factor.
struct WantsSecond(AtomicBool);

fn second_wanted<'r>(request: &'r Request<'_>) -> &'r AtomicBool {
    &request.local_cache(|| WantsSecond(AtomicBool::new(false))).0
}

/// Notes that `request` is refused until its sender has proven a second factor.
pub fn want_second(request: &Request<'_>) {
    second_wanted(request).store(true, Ordering::Relaxed);
}

/// Whether [`want_second`] has noted so.
pub fn wants_second(request: &Request<'_>) -> bool {
    second_wanted(request).load(Ordering::Relaxed)
}

/// Whether there are pages for administrators.
#[derive(Clone, Copy, Debug)]
pub struct HasAdministration;

/// The signed-in account, for plug-ins' routes. Without a session the guard fails with 401, in the dialect's
/// shape.
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
