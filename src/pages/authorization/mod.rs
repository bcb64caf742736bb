//! `/user/authorize`: a client sends a browser here to learn who somebody is (OpenID Connect Core 1.0,
//! section 3.1.2). They sign in, permit it, and go back with a code.

mod answer;
mod request;

use std::time::Duration;

use domain::{AccountError, OidcScope};
use look::pages::{AuthorizationForm, AuthorizationPage, ScopeView};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;
use url::form_urlencoded;

use super::shown_again::FormState;
use crate::flows::SignedIn;
use crate::urls::{self, AUTHORIZE, PROVE, SIGN_IN, SIGN_UP};
use crate::web::{Body, Form, PublicOrigin, Refusal, Reply, Visit, is_head, own_path};
use answer::Onward;
use request::{Authorization, Told, Unsound};

const LOGIN_REQUIRED: Told =
    Told { error: "login_required", description: "Nobody is signed in, or not lately enough." };
const CONSENT_REQUIRED: Told =
    Told { error: "consent_required", description: "The person has not permitted it yet." };
const HINT_WRONG: Told = Told {
    error: "invalid_request",
    description: "The id_token_hint is none of this server for this client.",
};
const TRY_LATER: Told = Told { error: "temporarily_unavailable", description: "Too many requests." };
const DENIED: Told = Told { error: "access_denied", description: "The person does not permit it." };

/// What a browser brings from a client.
#[get("/user/authorize")]
pub async fn page(visit: Visit<'_>) -> Result<Reply, Refusal> {
    // A code is a change.
    if is_head(visit.request) {
        return Err(Refusal::MethodNotAllowed("GET, POST".into()));
    }
    let query = visit.request.uri().query().map(|query| query.to_string()).unwrap_or_default();
    let onward = Onward::of(&visit);
    let asked = match request::read(visit.flows, &query).await {
        Ok(asked) => asked,
        Err(unsound) => return unsound_reply(&visit, unsound, onward),
    };
    if let Some(told) = wrong_person(&visit, &asked).await? {
        return answer::refused(&visit, &asked.target, told, onward);
    }
    let Some(who) = &visit.who else { return sign_in_first(&visit, &asked, &query, onward) };
    if let Some(again) = wants_proof(&visit, who, &asked) {
        return prove_first(&visit, &asked, (&query, again), onward);
    }
    let unpermitted = visit.flows.oidc.wants_consent(who, &asked.client, asked.code.scopes).await?;
    if unpermitted || asked.prompt.consent && !asked.client.first_party {
        if asked.prompt.none {
            return answer::refused(&visit, &asked.target, CONSENT_REQUIRED, onward);
        }
        return ask(&visit, &asked, query, FormState::untouched());
    }
    grant(&visit, who, &asked, query, onward).await
}

/// The same, from a client that sends a form. The session's cookie does not come with a form of another site,
/// so the browser comes again.
#[post("/user/authorize", data = "<body>")]
pub fn by_post(body: Body) -> Reply {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(body.0.texts());
    Reply::see_other(format!("{AUTHORIZE}?{}", query.finish()))
}

/// The person permits it, or does not.
#[post("/user/authorize/consent", data = "<form>")]
pub async fn decide(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let query = form.text("request")?.to_owned();
    let asked = match request::read(visit.flows, &query).await {
        Ok(asked) => asked,
        Err(unsound) => return unsound_reply(&visit, unsound, Onward::Page),
    };
    if visit.who.is_none() && !visit.json {
        return sign_in_first(&visit, &asked, &query, Onward::Page);
    }
    let who = visit.require_own(&form.0)?;
    match form.text("decision")? {
        "allow" => grant(&visit, who, &asked, query, Onward::Page).await,
        "deny" => answer::refused(&visit, &asked.target, DENIED, Onward::Page),
        _ => Err(Refusal::Malformed),
    }
}

/// The answer to the form is shown at its path, so a reload may send a `GET` here.
#[get("/user/authorize/consent")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json {
        return Err(Refusal::MethodNotAllowed("POST".into()));
    }
    Ok(Reply::see_other(urls::HOME))
}

/// What the client is told where its ID token is of somebody else than who is signed in.
async fn wrong_person(visit: &Visit<'_>, asked: &Authorization) -> Result<Option<Told>, Refusal> {
    let Some(hint) = &asked.hint else { return Ok(None) };
    let issuer = visit.request.rocket().state::<PublicOrigin>().map(|origin| origin.address(""));
    let meant = visit.flows.oidc.hinted(&asked.client, hint, &issuer.unwrap_or_default()).await?;
    let present = visit.who.as_ref().map(|who| who.account().id);
    Ok(match (meant, present) {
        (None, _) => Some(HINT_WRONG),
        (Some(meant), Some(present)) if meant != present => Some(LOGIN_REQUIRED),
        (Some(_), _) => None,
    })
}

/// What the session's owner has to prove once more: `yes`, who they are; `second`, that by a second factor.
fn wants_proof(visit: &Visit<'_>, who: &SignedIn, asked: &Authorization) -> Option<&'static str> {
    let session = &who.session;
    let since = visit.flows.now().since(session.proven_at);
    let old = asked.max_age.is_some_and(|most| since > Duration::from_secs(most));
    let by_second = asked.second_factor && who.account().second_factor_at.is_some();
    if by_second && (old || !session.proof.prove_a_second()) {
        return Some("second");
    }
    (asked.prompt.login || old).then_some("yes")
}

fn prove_first(
    visit: &Visit<'_>,
    asked: &Authorization,
    (query, again): (&str, &'static str),
    onward: Onward,
) -> Result<Reply, Refusal> {
    if asked.prompt.none {
        return answer::refused(visit, &asked.target, LOGIN_REQUIRED, onward);
    }
    if visit.json {
        return Err(AccountError::ProofWanted.into());
    }
    match way_back(visit, &request::once_proven(query, true)) {
        Some(next) => Ok(Reply::see_other(format!("{}&again={again}", urls::keeping(PROVE, &next)))),
        None => unsound_reply(visit, Unsound::NoTarget, onward),
    }
}

fn sign_in_first(
    visit: &Visit<'_>,
    asked: &Authorization,
    query: &str,
    onward: Onward,
) -> Result<Reply, Refusal> {
    if asked.prompt.none {
        return answer::refused(visit, &asked.target, LOGIN_REQUIRED, onward);
    }
    if visit.json {
        return Err(AccountError::Unauthenticated.into());
    }
    // Whoever signs in now need not do so twice.
    let Some(next) = way_back(visit, &request::once_proven(query, false)) else {
        return unsound_reply(visit, Unsound::NoTarget, onward);
    };
    Ok(Reply::see_other(urls::keeping(if asked.prompt.create { SIGN_UP } else { SIGN_IN }, &next)))
}

/// The request as a way back; `None` where it is too long for one.
fn way_back(visit: &Visit<'_>, query: &str) -> Option<String> {
    let next = own_path(&visit.outside(&format!("{AUTHORIZE}?{query}")));
    (!next.is_empty()).then_some(next)
}

async fn grant(
    visit: &Visit<'_>,
    who: &SignedIn,
    asked: &Authorization,
    query: String,
    onward: Onward,
) -> Result<Reply, Refusal> {
    match visit.flows.oidc.authorize(who, &asked.client, &asked.code, &visit.client()).await {
        Ok(code) => answer::granted(visit, &asked.target, code.reveal(), onward),
        Err(AccountError::NotFound) => unsound_reply(visit, Unsound::NoTarget, onward),
        Err(AccountError::Throttled { .. } | AccountError::Busy { .. }) if asked.prompt.none => {
            answer::refused(visit, &asked.target, TRY_LATER, onward)
        }
        Err(error @ (AccountError::Throttled { .. } | AccountError::Busy { .. })) => {
            ask(visit, asked, query, FormState::refused(visit, error)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// The page that asks whether the person permits it.
fn ask(visit: &Visit<'_>, asked: &Authorization, query: String, state: FormState) -> Result<Reply, Refusal> {
    let scopes: Vec<OidcScope> =
        asked.code.scopes.iter().filter(|scope| *scope != OidcScope::OpenId).collect();
    let host = answer::host(&asked.target.redirect_uri);
    if visit.json {
        let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let document =
            json!({ "client": asked.client.name, "host": host, "scopes": words, "request": query });
        return Ok(Reply::json(Status::Ok, &json!({ "consent": document })));
    }
    let page = AuthorizationPage {
        step: "consent",
        client: asked.client.name.clone(),
        host,
        scopes: scopes.into_iter().map(|scope| scope_view(visit, scope)).collect(),
        form: AuthorizationForm { request: query },
        target: String::new(),
        fields: Vec::new(),
    };
    Ok(state.page(visit, page)?.with_bare_referrer())
}

/// A scope, as people read it.
pub fn scope_view(visit: &Visit<'_>, scope: OidcScope) -> ScopeView {
    let sentence = match scope {
        OidcScope::OpenId => "scope-openid",
        OidcScope::Profile => "scope-profile",
        OidcScope::Email => "scope-email",
        OidcScope::OfflineAccess => "scope-offline",
    };
    ScopeView { word: scope.as_str(), label: visit.view.catalog().text(visit.locale(), sentence, &[]) }
}

fn unsound_reply(visit: &Visit<'_>, unsound: Unsound, onward: Onward) -> Result<Reply, Refusal> {
    match unsound {
        Unsound::Account(error) => Err(error.into()),
        Unsound::Told(told, target) => answer::refused(visit, &target, told, onward),
        Unsound::NoTarget if visit.json => Err(Refusal::Malformed),
        Unsound::NoTarget => {
            log::info!(
                "a request of a client was refused: its client_id or its redirect_uri is not registered"
            );
            let page = AuthorizationPage {
                step: "refused",
                client: String::new(),
                host: String::new(),
                scopes: Vec::new(),
                form: AuthorizationForm::default(),
                target: String::new(),
                fields: Vec::new(),
            };
            let alert = visit.view.notice(visit.locale(), "alert", "client_unknown");
            FormState::untouched().with_status(Status::BadRequest).with_alert(Some(alert)).page(visit, page)
        }
    }
}
