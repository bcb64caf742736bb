//! The answer that a browser brings to a client: in the query of an address, or by a form.

use look::pages::{AuthorizationPage, KeptField};
use rocket::http::Status;
use serde_json::json;
use url::{Url, form_urlencoded};

use crate::flows::oidc::{Target, Told};
use crate::pages::shown_again::FormState;
use crate::web::{Refusal, Reply, Visit};

/// How an answer is sent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onward {
    /// By a redirect.
    Redirect,
    /// By a page that goes on by itself. Chromium holds the policy of the page with a form against every
    /// redirect after it, and that policy names no client.
    Page,
}

impl Onward {
    /// How the answer to a `GET` is sent on: a form of this site was sent before it, or none was.
    pub fn of(visit: &Visit<'_>) -> Self {
        let from = visit.request.headers().get_one("Sec-Fetch-Site");
        if matches!(from, Some("same-origin" | "same-site")) { Self::Page } else { Self::Redirect }
    }
}

/// The client gets a code.
///
/// # Errors
/// `Internal` when the template fails to render.
pub fn granted(visit: &Visit<'_>, target: &Target, code: &str, onward: Onward) -> Result<Reply, Refusal> {
    answer(visit, target, &[("code", code)], onward)
}

/// The client is told an error.
///
/// # Errors
/// As [`granted`].
pub fn refused(visit: &Visit<'_>, target: &Target, told: Told, onward: Onward) -> Result<Reply, Refusal> {
    answer(visit, target, &[("error", told.error), ("error_description", told.description)], onward)
}

fn answer(
    visit: &Visit<'_>,
    target: &Target,
    said: &[(&str, &str)],
    onward: Onward,
) -> Result<Reply, Refusal> {
    let issuer = visit.address("");
    let mut all: Vec<(&str, &str)> = said.to_vec();
    all.extend(target.state.as_deref().map(|state| ("state", state)));
    // RFC 9207: the client learns whose answer it is.
    all.push(("iss", &issuer));
    let address = with_query(&target.redirect_uri, &all);
    if visit.json {
        let fields: serde_json::Map<_, _> =
            all.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        let told = if target.form_post {
            json!({ "post_to": target.redirect_uri, "fields": fields })
        } else {
            json!({ "redirect_to": address })
        };
        return Ok(Reply::json(Status::Ok, &told));
    }
    if !target.form_post {
        return go_on(visit, address, onward);
    }
    let kept = |(name, value): &(&str, &str)| KeptField { name: (*name).into(), value: (*value).into() };
    let page = AuthorizationPage {
        host: host(&target.redirect_uri),
        target: target.redirect_uri.clone(),
        fields: all.iter().map(kept).collect(),
        ..AuthorizationPage::of("onward")
    };
    let reply = FormState::untouched().page(visit, page)?.with_bare_referrer();
    Ok(reply.with_form_to(&target.redirect_uri))
}

/// The browser goes on to `address`, which is another site's.
///
/// # Errors
/// As [`granted`].
pub fn go_on(visit: &Visit<'_>, address: String, onward: Onward) -> Result<Reply, Refusal> {
    match onward {
        Onward::Redirect => Ok(Reply::back_to(address)),
        Onward::Page => onward_page(visit, address),
    }
}

fn onward_page(visit: &Visit<'_>, address: String) -> Result<Reply, Refusal> {
    let page = AuthorizationPage {
        host: host(&address),
        target: address.clone(),
        ..AuthorizationPage::of("onward")
    };
    Ok(FormState::untouched().page(visit, page)?.with_bare_referrer().going_on_to(address))
}

/// `address` with these parameters after those that it has.
pub fn with_query(address: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters);
    let between = match address.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    format!("{address}{between}{}", query.finish())
}

/// The host that an answer goes to, as people read it; the scheme for an app of its own.
pub fn host(redirect_uri: &str) -> String {
    let url = Url::parse(redirect_uri).ok();
    let host = url.as_ref().and_then(|url| url.host_str()).map(str::to_owned);
    host.unwrap_or_else(|| redirect_uri.split(':').next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_stands_after_what_the_address_has() {
        let said = [("code", "a b"), ("state", "&=?")];
        assert_eq!(
            with_query("https://a.example/cb", &said),
            "https://a.example/cb?code=a+b&state=%26%3D%3F"
        );
        assert_eq!(with_query("https://a.example/cb?", &said[..1]), "https://a.example/cb?code=a+b");
        assert_eq!(with_query("org.a:/cb?x=1", &said[..1]), "org.a:/cb?x=1&code=a+b");
    }

    #[test]
    fn people_read_a_host_or_the_scheme_of_an_app() {
        assert_eq!(host("https://shop.example.org:8443/cb"), "shop.example.org");
        assert_eq!(host("org.example.app:/cb"), "org.example.app");
    }
}
