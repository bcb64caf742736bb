//! `/user/logout/application`: a client sends a browser here to sign out (OpenID Connect RP-Initiated Logout
//! 1.0). Whoever has not shown that it means this session makes its owner be asked first.

use look::pages::{AuthorizationForm, AuthorizationPage};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::authorization::answer::{Onward, go_on, host, with_query};
use super::provider_views;
use super::shown_again::FormState;
use crate::flows::oidc::{Parameters, SignOutHints, SignOutRequest};
use crate::urls::{CLIENT_SIGN_OUT, HOME, SIGN_IN};
use crate::web::{Body, Form, Refusal, Reply, Visit, is_head};

/// The longest request, in bytes: an ID token with every claim has fewer.
const LONGEST: usize = 8 * 1024;

/// What a client wants, with what it wants back.
struct Leaving {
    asked: SignOutRequest,
    state: Option<String>,
}

/// What a browser brings from a client.
#[get("/user/logout/application")]
pub async fn page(visit: Visit<'_>) -> Result<Reply, Refusal> {
    // Signing out is a change.
    if is_head(visit.request) {
        return Err(Refusal::MethodNotAllowed("GET, POST".into()));
    }
    let query = visit.request.uri().query().map(|query| query.to_string()).unwrap_or_default();
    let leaving = read(&visit, &query).await?;
    if leaving.asked.certain {
        let onward = Onward::of(&visit);
        return leave(&visit, leaving, onward).await;
    }
    let client = leaving.asked.client.map(|client| client.name).unwrap_or_default();
    let host = leaving.asked.target.as_deref().map(host).unwrap_or_default();
    if visit.json {
        let document = json!({ "client": client, "host": host, "request": query });
        return Ok(Reply::json(Status::Ok, &json!({ "sign_out": document })));
    }
    let form = AuthorizationForm { request: query };
    let page = AuthorizationPage { client, host, form, ..AuthorizationPage::of("sign_out") };
    Ok(FormState::untouched().page(&visit, page)?.with_bare_referrer())
}

/// The same, from a client that sends a form. The session's cookie does not come with a form of another site,
/// so the browser comes again.
#[post("/user/logout/application", data = "<body>")]
pub fn by_post(body: Body) -> Reply {
    Reply::see_other(format!("{CLIENT_SIGN_OUT}?{}", body.as_query(None)))
}

/// The person wants to leave.
#[post("/user/logout/application/confirm", data = "<form>")]
pub async fn confirm(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    // The form of the page has it, empty or not.
    if !form.0.contains("request") {
        return Err(Refusal::Malformed);
    }
    let leaving = read(&visit, form.text("request")?).await?;
    leave(&visit, leaving, Onward::Page).await
}

/// The answer to the form is shown at its path, so a reload may send a `GET` here.
#[get("/user/logout/application/confirm")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(HOME)) }
}

/// Reads a request. A parameter that came twice counts as not sent, so the least is believed.
async fn read(visit: &Visit<'_>, query: &str) -> Result<Leaving, Refusal> {
    if query.len() > LONGEST {
        return Err(Refusal::TooLarge);
    }
    let sent = Parameters::of(query);
    let hints = SignOutHints {
        token: sent.one("id_token_hint"),
        client: sent.one("client_id"),
        target: sent.one("post_logout_redirect_uri"),
    };
    let (who, issuer) = (visit.who.as_ref(), visit.address(""));
    let asked = visit.flows.oidc.sign_out_request(hints, who, &issuer).await?;
    Ok(Leaving { asked, state: sent.owned("state") })
}

/// Ends the session of this browser, if it has one, and goes on.
async fn leave(visit: &Visit<'_>, leaving: Leaving, onward: Onward) -> Result<Reply, Refusal> {
    if let Some(who) = &visit.who {
        visit.flows.sessions.end_present(who, &visit.client()).await?;
    }
    let target = leaving.asked.target.map(|target| match &leaving.state {
        Some(state) => with_query(&target, &[("state", state)]),
        None => target,
    });
    let reply = match target {
        _ if visit.json && target.is_none() => Reply::json(Status::Ok, &json!({ "signed_out": true })),
        Some(target) if visit.json => {
            Reply::json(Status::Ok, &json!({ "signed_out": true, "redirect_to": target }))
        }
        Some(target) => go_on(visit, target, onward)?,
        None => Reply::see_other(SIGN_IN).cookie(visit.cookies.notice("signed_out")),
    };
    let reply = provider_views::forgotten(visit, reply);
    Ok(if visit.who.is_some() { reply.cookie(visit.cookies.no_session()) } else { reply })
}
