//! Signing in with accounts at other providers.

mod answers;
mod github;
mod links;
mod real;
mod sign_in;
mod stand_in;
mod takeover;

use serde_json::{Value, json};
use store::Engine;
use url::Url;

use crate::support::{Answer, TestApp, Visitor};
pub use stand_in::StandIn;

pub use crate::support::openid_provider::{CLIENT, SECRET};
pub const ADA: &str = "ada@example.org";

/// A server at which people sign in with two providers, and the first of them.
pub async fn started(engine: Engine, settings: &str) -> (TestApp, StandIn) {
    let (app, first, _) = started_with_two(engine, settings).await;
    (app, first)
}

pub async fn started_with_two(engine: Engine, settings: &str) -> (TestApp, StandIn, StandIn) {
    let (first, second) = (StandIn::start().await, StandIn::start().await);
    let provider = |name: &str, label: &str, issuer: &str| {
        format!(
            "[providers.{name}]\nissuer = '{issuer}'\nlabel = '{label}'\nclient_id = '{CLIENT}'\n\
             client_secret = '{SECRET}'\n"
        )
    };
    let providers =
        provider("one", "First & Sons", &first.issuer) + &provider("two", "Second", &second.issuer);
    let app = TestApp::with(engine, &format!("{settings}\n{providers}")).await;
    (app, first, second)
}

/// A browser on its way to a provider.
pub struct Away {
    pub provider: &'static str,
    pub address: Url,
}

impl Away {
    pub fn parameter(&self, name: &str) -> String {
        let found = self.address.query_pairs().find(|(key, _)| key == name);
        found.unwrap_or_else(|| panic!("no {name} in {}", self.address)).1.into_owned()
    }
}

/// Leaves for a provider, to sign in.
pub async fn leaves(visitor: &Visitor, provider: &'static str) -> Away {
    leaves_by(visitor, "/user/providers", &[("provider", provider)], provider).await
}

pub async fn leaves_by(visitor: &Visitor, path: &str, form: &[(&str, &str)], provider: &'static str) -> Away {
    let answer = visitor.post(path).wants_json().form(form).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let address = answer.json()["redirect_to"].as_str().unwrap().parse().unwrap();
    Away { provider, address }
}

/// What a provider says of a person who signs in there on the way `away`.
pub fn claims(app: &TestApp, at: &StandIn, away: &Away, subject: &str) -> Value {
    let second = app.now() / 1000;
    json!({
        "iss": at.issuer, "sub": subject, "aud": CLIENT, "nonce": away.parameter("nonce"),
        "iat": second, "exp": second + 600,
        "email": ADA, "email_verified": true, "name": "Ada Lovelace",
    })
}

/// The provider vouches for a person.
pub fn vouches(app: &TestApp, at: &StandIn, away: &Away, subject: &str) {
    let claims = claims(app, at, away, subject);
    at.change(|script| script.claims = claims);
}

/// Comes back with this query.
pub async fn returns(visitor: &Visitor, away: &Away, query: &[(&str, &str)]) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let path = format!("/user/providers/{}/callback?{query}", away.provider);
    visitor.get(&path).header("sec-fetch-site", "cross-site").send().await
}

/// Comes back with a code.
pub async fn comes_back(visitor: &Visitor, at: &StandIn, away: &Away) -> Answer {
    let state = away.parameter("state");
    returns(visitor, away, &[("code", "c0de"), ("state", &state), ("iss", &at.issuer)]).await
}

/// Goes to a provider and comes back as `subject` there.
pub async fn goes_and_comes(app: &TestApp, at: &StandIn, visitor: &Visitor, subject: &str) -> Answer {
    let away = leaves(visitor, "one").await;
    vouches(app, at, &away, subject);
    comes_back(visitor, at, &away).await
}

/// Signs up as `subject` there, with an address.
pub async fn signs_up(app: &TestApp, at: &StandIn, visitor: &Visitor, subject: &str, email: &str) -> Answer {
    let answer = goes_and_comes(app, at, visitor, subject).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some("/user/identity")),
        "{}",
        answer.text()
    );
    visitor.post("/user/identity").wants_json().form(&[("email", email), ("name", "Ada")]).send().await
}

/// Links the account of `subject` at the first provider to the account that is signed in.
pub async fn links(app: &TestApp, at: &StandIn, visitor: &Visitor, subject: &str) -> Answer {
    let away = leaves_by(visitor, "/user/security/providers", &[("provider", "one")], "one").await;
    vouches(app, at, &away, subject);
    comes_back(visitor, at, &away).await
}

/// The providers of the account that is signed in, as JSON.
pub async fn states(visitor: &Visitor) -> Value {
    let answer = visitor.get("/user/security/providers").wants_json().send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["providers"].clone()
}
