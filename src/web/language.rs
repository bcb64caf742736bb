//! The language of readers who have chosen none in their account: a link below each page chooses it, and a
//! cookie keeps it.

use look::{LanguageView, Locale, NEXT_FIELD, Renderer};
use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::Method;
use rocket::{Request, Response};

use super::accept::{wanted_locale, wants_json};
use super::cookies::{self, Cookies};
use super::headers::is_head;
use crate::urls;

/// The parameter of any page's address that chooses the language.
const PARAMETER: &str = "lang";

/// The longest query that the links of the footer keep, in bytes.
const QUERY_MAX: usize = 2_000;

/// The language that the reader chose, by the address of `request` or, earlier, by a cookie.
pub fn chosen_locale<'v>(view: &'v Renderer, request: &Request<'_>) -> Option<&'v Locale> {
    asked(view, request).or_else(|| {
        let cookies = request.rocket().state::<Cookies>()?;
        cookies::read(request, cookies.language_name()).find_map(|code| view.catalog().find(code))
    })
}

/// The language of a page: the chosen one, else one that the browser accepts, else the site's default.
pub fn reader_locale<'v>(view: &'v Renderer, request: &Request<'_>) -> &'v Locale {
    let wanted = chosen_locale(view, request).or_else(|| wanted_locale(view, request));
    wanted.unwrap_or_else(|| view.catalog().fallback())
}

/// The language that the address of `request` asks for.
fn asked<'v>(view: &'v Renderer, request: &Request<'_>) -> Option<&'v Locale> {
    parameters(request).find_map(|pair| view.catalog().find(pair.strip_prefix(PARAMETER)?.strip_prefix('=')?))
}

fn parameters<'r>(request: &'r Request<'_>) -> impl Iterator<Item = &'r str> {
    let query = request.uri().query().map_or("", |query| query.as_str());
    query.split('&').filter(|pair| !pair.is_empty())
}

/// The choices below the page that answers `request` in `locale`; none where there is but one language.
/// `next` is the way back, as the page keeps it.
///
/// A page that answers a form is shown anew, so what was typed is gone. That is no loss where people sign in,
/// but it would be where the form has the secret of a mailed link, or belongs to an account.
pub fn choices<'v>(
    view: &'v Renderer,
    request: &Request<'_>,
    locale: &Locale,
    next: &str,
) -> Vec<LanguageView<'v>> {
    let languages = view.catalog().choices(locale).iter().filter(|(code, _)| !code.is_empty());
    let again = request.method() == Method::Get || urls::WAYS.contains(&request.uri().path().as_str());
    if !again || languages.clone().count() < 2 {
        return Vec::new();
    }
    let own = |pair: &&str| ![PARAMETER, NEXT_FIELD].contains(&pair.split('=').next().unwrap_or_default());
    let mut kept: Vec<&str> = parameters(request).filter(own).collect();
    let way_back = urls::keeping("", next);
    kept.extend(way_back.strip_prefix('?'));
    let mut query = kept.join("&");
    if query.len() > QUERY_MAX {
        query.clear();
    }
    let and = if query.is_empty() { "" } else { "&" };
    let view = |(code, name): &'v (String, String)| LanguageView {
        code,
        name,
        // Relative, so that it leads to the page itself, wherever that lies.
        url: format!("?{query}{and}{PARAMETER}={code}"),
        current: code == locale.as_str(),
    };
    languages.map(view).collect()
}

/// The fairing that keeps a language that a page's address asks for.
pub struct KeepsLanguage;

#[rocket::async_trait]
impl Fairing for KeepsLanguage {
    fn info(&self) -> Info {
        Info { name: "language", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, answer: &mut Response<'r>) {
        let rocket = request.rocket();
        let parts = (rocket.state::<std::sync::Arc<Renderer>>(), rocket.state::<Cookies>());
        let (Some(view), Some(cookies)) = parts else { return };
        if request.method() != Method::Get || is_head(request) || wants_json(request) {
            return;
        }
        let page = answer.headers().get_one("Content-Type").is_some_and(|kind| kind.starts_with("text/html"));
        if !page && answer.headers().get_one("Location").is_none() {
            return;
        }
        if let Some(locale) = asked(view, request) {
            answer.adjoin_raw_header("Set-Cookie", cookies.language(locale.as_str()));
        }
    }
}
