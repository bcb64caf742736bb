//! `/user/authorize`: a client sends a browser here to learn who somebody is (OpenID Connect Core 1.0,
//! section 3.1.2). They sign in, permit it, and go back with a code.

pub mod answer;

use std::time::Duration;

use domain::{AccountError, OidcScope};
use look::pages::{AuthorizationForm, AuthorizationPage, ScopeView};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::shown_again::FormState;
use super::typed;
use crate::flows::SignedIn;
use crate::flows::oidc::{Authorization, Told, Unsound, once_proven};
use crate::urls::{self, AUTHORIZE, PROVE, SIGN_IN, SIGN_UP};
use crate::web::language::chosen_locale;
use crate::web::{Body, Form, Refusal, Reply, Visit, is_head, own_path};
use answer::Onward;

const LOGIN_REQUIRED: Told =
    Told { error: "login_required", description: "Nobody is signed in, or not lately enough." };
const INTERACTION_REQUIRED: Told =
    Told { error: "interaction_required", description: "The person has to set up a second factor first." };
const CONSENT_REQUIRED: Told =
    Told { error: "consent_required", description: "The person has not permitted it yet." };
const HINT_WRONG: Told = Told {
    error: "invalid_request",
    description: "The id_token_hint is none of this server for this client.",
};
const TRY_LATER: Told = Told { error: "temporarily_unavailable", description: "Too many requests." };
const UNMET: Told =
    Told { error: "unmet_authentication_requirements", description: "The person has no second factor." };
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
    let asked = match visit.flows.oidc.read_request(&query).await {
        Ok(asked) => asked,
        Err(unsound) => return unsound_reply(&visit, unsound, onward),
    };
    let Some(who) = &visit.who else {
        return match wrong_person(&visit, &asked).await? {
            Some(told) => answer::refused(&visit, &asked.target, told, onward),
            None => sign_in_first(&visit, &asked, &query, onward),
        };
    };
    let unpermitted = visit.flows.oidc.wants_consent(who, &asked.client, &asked.code).await?;
    let asks = unpermitted || asked.prompt.consent && !asked.client.first_party;
    // First of all: a client that nobody has permitted anything learns nothing of who is signed in.
    if asks && asked.prompt.none {
        return answer::refused(&visit, &asked.target, CONSENT_REQUIRED, onward);
    }
    if let Some(instead) = held_up(&visit, who, &asked, &query, onward).await? {
        return Ok(instead);
    }
    if asks {
        return ask(&visit, &asked, query, FormState::untouched());
    }
    grant(&visit, who, &asked, query, onward).await
}

/// What comes before a code, and before the question whether the person permits it: that they are the one who
/// is meant, and have proven it as the client wants. `None` where nothing is missing.
async fn held_up(
    visit: &Visit<'_>,
    who: &SignedIn,
    asked: &Authorization,
    query: &str,
    onward: Onward,
) -> Result<Option<Reply>, Refusal> {
    if let Some(told) = wrong_person(visit, asked).await? {
        return answer::refused(visit, &asked.target, told, onward).map(Some);
    }
    // Whoever must agree to the terms or set up a second factor first does nothing else.
    if let Some(step) = visit.flows.held_for(who.account()) {
        if asked.prompt.none {
            return answer::refused(visit, &asked.target, INTERACTION_REQUIRED, onward).map(Some);
        }
        return Err(AccountError::StepWanted(step).into());
    }
    if let Some(again) = wants_proof(visit, who, asked) {
        return prove_first(visit, asked, (query, again), onward).map(Some);
    }
    let without = who.account().second_factor_at.is_none() && !who.session.proof.prove_a_second();
    if asked.second_factor_essential && without {
        return answer::refused(visit, &asked.target, UNMET, onward).map(Some);
    }
    Ok(None)
}

/// The same, from a client that sends a form. The session's cookie does not come with a form of another site,
/// so the browser comes again.
#[post("/user/authorize", data = "<body>")]
pub fn by_post(body: Body) -> Reply {
    Reply::see_other(format!("{AUTHORIZE}?{}", body.as_query(None)))
}

/// The person permits it, or does not.
#[post("/user/authorize/consent", data = "<form>")]
pub async fn decide(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let query = form.text("request")?.to_owned();
    let asked = match visit.flows.oidc.read_request(&query).await {
        Ok(asked) => asked,
        Err(unsound) => return unsound_reply(&visit, unsound, Onward::Page),
    };
    if visit.who.is_none() && !visit.json {
        return sign_in_first(&visit, &asked, &query, Onward::Page);
    }
    let who = visit.require_own(&form.0)?;
    match form.text("decision")? {
        "allow" => match held_up(&visit, who, &asked, &query, Onward::Page).await? {
            Some(instead) => Ok(instead),
            None => grant(&visit, who, &asked, query, Onward::Page).await,
        },
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
    let present = visit.who.as_ref().map(|who| who.account().id);
    if asked.subject.is_some() && present.is_some() && asked.subject != present {
        return Ok(Some(LOGIN_REQUIRED));
    }
    let Some(hint) = &asked.hint else { return Ok(None) };
    let meant = visit.flows.oidc.hinted(&asked.client, hint, &visit.address("")).await?;
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
    // A request that was pushed comes back as it was, so what asked for a proof is in it still.
    let proven = asked.pushed_at.is_some_and(|pushed_at| session.proven_at >= pushed_at);
    let old = !proven && asked.max_age.is_some_and(|most| since > Duration::from_secs(most));
    let by_second = asked.second_factor && who.account().second_factor_at.is_some();
    if by_second && (old || !session.proof.prove_a_second()) {
        return Some("second");
    }
    (asked.prompt.login && !proven || old).then_some("yes")
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
    match way_back(visit, &once_proven(query, true)) {
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
    let Some(next) = way_back(visit, &once_proven(query, false)) else {
        return unsound_reply(visit, Unsound::NoTarget, onward);
    };
    let signs_up = asked.prompt.create && visit.view.facts().registration;
    let mut to = urls::keeping(if signs_up { SIGN_UP } else { SIGN_IN }, &next);
    if let Some(locale) = wanted_locale(visit, &asked.locales) {
        to = format!("{to}&lang={locale}");
    }
    let reply = Reply::see_other(to);
    Ok(match &asked.login_hint {
        Some(hint) => typed::kept(visit, reply, hint),
        None => reply,
    })
}

/// The first language of `wanted` that there is, for a reader who has not chosen one.
fn wanted_locale<'v>(visit: &'v Visit<'_>, wanted: &[String]) -> Option<&'v str> {
    if chosen_locale(visit.view, visit.request).is_some() {
        return None;
    }
    let catalog = visit.view.catalog();
    // `fr-CA` is served by `fr` (BCP 47, section 4.4).
    let mut found = wanted.iter().filter_map(|tag| {
        catalog.find(tag).or_else(|| catalog.find(tag.split('-').next().unwrap_or_default()))
    });
    found.next().map(|locale| locale.as_str())
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
    let permitted = visit.flows.oidc.to_permit(&asked.code);
    let scopes: Vec<OidcScope> = permitted.iter().filter(|scope| *scope != OidcScope::OpenId).collect();
    let host = answer::host(&asked.target.redirect_uri);
    if visit.json {
        let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let document =
            json!({ "client": asked.client.name, "host": host, "scopes": words, "request": query });
        return Ok(Reply::json(Status::Ok, &json!({ "consent": document })));
    }
    let page = AuthorizationPage {
        client: asked.client.name.clone(),
        host,
        scopes: scopes.into_iter().map(|scope| scope_view(visit, scope)).collect(),
        form: AuthorizationForm { request: query },
        ..AuthorizationPage::of("consent")
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
            refused_page(visit, "client_unknown")
        }
        Unsound::NoRequest | Unsound::TooLong if visit.json => Err(Refusal::Malformed),
        Unsound::NoRequest | Unsound::TooLong => refused_page(visit, "request_over"),
    }
}

/// The page for somebody who cannot be sent back.
fn refused_page(visit: &Visit<'_>, why: &str) -> Result<Reply, Refusal> {
    let page = AuthorizationPage::of("refused");
    let alert = visit.view.notice(visit.locale(), "alert", why);
    FormState::untouched().with_status(Status::BadRequest).with_alert(Some(alert)).page(visit, page)
}
