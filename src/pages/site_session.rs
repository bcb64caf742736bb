//! Who is signed in, for the operator's sites: headers for their reverse proxies (forward auth), and JSON for
//! their scripts.

use domain::{AccountError, Factor, Step};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rocket::http::Status;
use rocket::request::Request;
use rocket::response::{self, Responder, Response};
use rocket::{State, get};
use serde_json::json;

use super::refuse::refuse_as_json;
use super::show;
use crate::flows::Flows;
use crate::urls::{self, SECURITY, SIGN_IN};
use crate::web::accept::wants_json;
use crate::web::{CurrentAccount, PublicOrigin, Refusal, Reply, Visit, way_back};
use look::pages::iso;

/// The query by which a proxy has the browser led to sign-in in place of a 401.
const LEAD: &str = "redirect";

/// What a header's value cannot hold as it is: controls and whatever is not ASCII, which the encoder takes
/// always. The sign of the escapes is escaped, so that each value has one spelling.
const UNSAFE: &AsciiSet = &CONTROLS.add(b'%');
/// The same for one entry of a list.
const UNSAFE_IN_LIST: &AsciiSet = &UNSAFE.add(b',');

/// The signed-in account as headers that a proxy passes on to the site behind it.
pub struct Identity {
    headers: [(&'static str, String); 6],
}

impl<'r> Responder<'r, 'static> for Identity {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::new();
        for (name, value) in self.headers {
            answer.set_raw_header(name, value);
        }
        answer.set_raw_header("Cache-Control", "no-store");
        Ok(answer)
    }
}

/// For `auth_request` of nginx, `forward_auth` of Caddy and their like: 200 with who is signed in, else 401.
#[get("/user/session")]
pub async fn headers(who: CurrentAccount, flows: &State<Flows>) -> Result<Identity, Refusal> {
    let CurrentAccount(who) = who;
    let account = who.account();
    let role = flows.sessions.role_name(&who).await?;
    let plain = |text: &str| utf8_percent_encode(text, UNSAFE).to_string();
    let factors: Vec<&str> = who.session.factors.iter().map(Factor::as_str).collect();
    Ok(Identity {
        headers: [
            ("Remote-User", account.id.0.to_string()),
            ("Remote-Email", plain(account.email.as_str())),
            ("Remote-Name", plain(&who.state.display_name)),
            ("Remote-Groups", utf8_percent_encode(role, UNSAFE_IN_LIST).to_string()),
            ("Remote-Verified", account.verified_at.is_some().to_string()),
            ("Remote-Factors", factors.join(",")),
        ],
    })
}

/// The signed-in account and its session, for scripts of the operator's sites.
#[get("/api/session")]
pub async fn json(visit: Visit<'_>) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let role = visit.flows.sessions.role_name(who).await?;
    let factors: Vec<&str> = who.session.factors.iter().map(Factor::as_str).collect();
    let account = show::as_json(&visit, who.account(), &who.state.avatar);
    let document = json!({
        "account": account,
        "groups": [role],
        "factors": factors,
        "signed_in_at": iso(who.session.created_at),
        "proven_at": Some(who.session.proven_at).filter(|at| at.0 > 0).map(iso),
    });
    Ok(Reply::json(Status::Ok, &document))
}

/// Words a refusal for a proxy. Its `Location` is where the visitor signs in, or sets up the second factor
/// that is missing: nginx passes that on, and with `?redirect` it is the answer itself (302). A program
/// behind the proxy gets no redirect.
pub fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let mut answer = refuse_as_json(refusal, incident, request);
    let path = match refusal {
        Refusal::Account(AccountError::Unauthenticated) => urls::keeping(SIGN_IN, &asked_for(request)),
        Refusal::Account(AccountError::StepWanted(Step::SetUpFactor)) => SECURITY.to_owned(),
        Refusal::Account(AccountError::StepWanted(Step::Terms)) => {
            urls::keeping(urls::TERMS, &asked_for(request))
        }
        _ => return answer,
    };
    let Some(origin) = request.rocket().state::<PublicOrigin>() else { return answer };
    if asks_to_be_led(request) && !wants_json(request) {
        answer = Response::build().status(Status::Found).finalize();
    }
    answer.set_raw_header("Location", origin.address(&path));
    answer
}

fn asks_to_be_led(request: &Request<'_>) -> bool {
    let query = request.uri().query();
    query.is_some_and(|query| query.segments().any(|(name, _)| name == LEAD))
}

/// The address that the visitor wanted to open, as the proxy names it: `X-Original-URL` whole, or in the
/// parts `X-Forwarded-Proto`, `-Host` and `-Uri`. Empty unless it is of one of the operator's sites.
fn asked_for(request: &Request<'_>) -> String {
    // Behind several proxies each has added its own; the first is the one that the browser talked to.
    let header = |name| Some(request.headers().get_one(name)?.split(',').next().unwrap_or_default().trim());
    let whole = request.headers().get_one("X-Original-URL").filter(|url| url.contains("://"));
    let parts = || {
        let path = request.headers().get_one("X-Forwarded-Uri").unwrap_or("/");
        Some(format!("{}://{}{path}", header("X-Forwarded-Proto")?, header("X-Forwarded-Host")?))
    };
    let address = whole.map(str::to_owned).or_else(parts).unwrap_or_default();
    way_back(request, &address)
}
