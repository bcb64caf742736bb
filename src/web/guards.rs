//! Who asks, in which language, and for which shape of answer.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, OnceLock};

use rocket::Request;
use rocket::outcome::Outcome::{Error, Success};
use rocket::request::{FromRequest, Outcome};

use super::cookies::{self, Cookies};
use super::{Refusal, note, wants_json};
use crate::domain::{AccountError, InternalError, Token};
use crate::flows::{Client, Flows, SignedIn};
use crate::view::{Dates, Locale, Renderer};

/// Everything a page's handler needs to know about a request.
pub struct Visit<'r> {
    /// The account domain.
    pub flows: &'r Flows,
    /// Templates and sentences.
    pub view: &'r Renderer,
    /// How cookies are written.
    pub cookies: Cookies,
    /// The request.
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
    /// `Unauthenticated` when nobody is.
    pub fn require(&self) -> Result<&SignedIn, AccountError> {
        self.who.as_ref().ok_or(AccountError::Unauthenticated)
    }

    /// Language of the answer: the account's, else the browser's, else the site's.
    pub fn locale(&self) -> &'r Locale {
        self.locale.get_or_init(|| {
            let chosen = self.who.as_ref().and_then(|who| who.account().locale.as_deref());
            chosen
                .and_then(|code| self.view.catalog().find(code))
                .unwrap_or_else(|| browser_locale(self.view, self.request))
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

    /// The known-device secret of this browser.
    pub fn device(&self) -> Option<Token> {
        cookies::read(self.request, self.cookies.device_name()).and_then(Token::parse)
    }
}

/// Language that the browser asks for, else the site's.
pub fn browser_locale<'r>(view: &'r Renderer, request: &Request<'_>) -> &'r Locale {
    view.catalog().negotiate(request.headers().get_one("accept-language"))
}

/// Where a request comes from.
pub fn client_of(request: &Request<'_>) -> Client {
    let agent = request.headers().get_one("user-agent").unwrap_or_default();
    let view = request.rocket().state::<Arc<Renderer>>();
    let wanted = view.and_then(|view| view.catalog().wanted(request.headers().get_one("accept-language")));
    Client {
        address: request.client_ip().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical(),
        device: device_label(agent),
        trusted: false,
        locale: wanted.map(|locale| locale.as_str().to_owned()),
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
            Some(token) => flows.resume(token).await,
            None => Ok(None),
        };
        match who {
            Ok(who) => Success(Self {
                flows,
                view,
                cookies: *cookies,
                request,
                json: wants_json(request.headers().get_one("accept")),
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

/// Browser and system from a `User-Agent`, as their owners call them. Names, not sentences; empty when
/// neither is known.
fn device_label(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 12] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Vivaldi", "Vivaldi"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("HeadlessChrome", "Chrome"),
        ("Chromium", "Chromium"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 8] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
        ("BSD", "BSD"),
    ];
    let named = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    [named(&BROWSERS), named(&SYSTEMS)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::device_label;

    #[test]
    fn a_browser_is_called_what_its_owner_calls_it() {
        let cases = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
                "Safari · iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge · Windows",
            ),
            ("something else", ""),
        ];
        for (agent, label) in cases {
            assert_eq!(device_label(agent), label);
        }
    }
}
