//! `/user/prove`: proving once more who one is, before what matters most.

use domain::AccountError;
use domain::lifetimes::PROOF_LASTS;
use look::pages::{KeptField, ProveForm, ProvePage, iso};
use look::{Carried, Locale, Renderer, ViewError};
use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;
use rocket::{get, post};
use serde_json::json;

use super::bare::{bare, redirect};
use super::shown_again::FormState;
use super::{passkey_views, way_back};
use crate::flows::SignedIn;
use crate::urls::{self, PROVE, SECURITY};
use crate::web::{
    Form, PublicOrigin, Refusal, Reply, Visit, interrupted, own_path, present, sized, wanted_look,
    wants_second,
};

/// The fields of this page's own forms. Whatever else its forms have is of the form that was interrupted.
const OWN: [&str; 5] = ["password", "code", "credential", "next", "then"];

#[get("/user/prove?<next>&<again>")]
pub async fn page(visit: Visit<'_>, next: Option<&str>, again: Option<&str>) -> Result<Reply, Refusal> {
    let Some(who) = &visit.who else {
        if visit.json {
            return Err(AccountError::Unauthenticated.into());
        }
        return Ok(Reply::see_other(urls::sign_in_then(&visit.outside(PROVE))));
    };
    let proven = visit.flows.require_proof(who).is_ok();
    if visit.json {
        let until = iso(who.session.proven_at.after(PROOF_LASTS));
        let ways = ways(who, has_passkeys(&visit, who).await?);
        return Ok(Reply::json(Status::Ok, &json!({ "proven": proven, "until": until, "ways": ways })));
    }
    let next = way_back::in_query(&visit, next);
    if proven && again.is_none() && !next.is_empty() {
        return Ok(Reply::back_to(next));
    }
    let passkeys = has_passkeys(&visit, who).await?;
    let state = FormState::untouched().keeping(&next);
    let mut page = page_of((who, passkeys), ProveForm::default(), next, String::new(), Vec::new());
    // A password is no second factor.
    page.has_password &= again != Some("second");
    state.page(&visit, page)
}

/// Takes a password or a code as proof, and goes on with what was interrupted.
#[post("/user/prove?<next>", data = "<form>")]
pub async fn submit(visit: Visit<'_>, form: Form, next: Option<&str>) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let next = way_back::of(&visit, &form, next)?;
    let then = form.text("then")?;
    let then = if urls::goes_on_after_proof(then) { then } else { "" };
    let by_code = form.sent("code")?;
    let client = visit.client();
    let passkeys = has_passkeys(&visit, who).await?;
    let proven = match by_code {
        _ if form.0.contains("credential") => {
            visit.flows.proofs.by_passkey(who, passkey_views::credential(&form)?, &client).await
        }
        Some(code) => visit.flows.proofs.by_code(who, code, &client).await,
        None => visit.flows.proofs.by_password(who, form.secret("password")?, &client).await,
    };
    match proven {
        Ok(token) => {
            let lasts = visit.flows.policy().session.absolute.as_secs();
            let reply = if visit.json {
                let until = iso(visit.flows.now().after(PROOF_LASTS));
                Reply::json(
                    Status::Ok,
                    &json!({ "proven": true, "until": until, "ways": ways(who, passkeys) }),
                )
            } else if !then.is_empty() {
                Reply::again(then)
            } else if next.is_empty() {
                Reply::see_other(SECURITY)
            } else {
                Reply::back_to(next)
            };
            Ok(reply.cookie(visit.cookies.session(token.reveal(), lasts)))
        }
        Err(error) => {
            let alert = passkey_views::alert(&visit, &error, "");
            let state = FormState::refused(&visit, error)?;
            let state = if alert.is_some() { state.with_alert(alert) } else { state };
            let forms =
                ProveForm { password: state.secret(&visit, "password"), code: state.secret(&visit, "code") };
            let kept = if then.is_empty() { Vec::new() } else { kept(form.0.texts()) };
            state.page(&visit, page_of((who, passkeys), forms, next, then.to_owned(), kept))
        }
    }
}

/// The answer to a form or a page that wants a proof first: this page, which goes on with it.
pub fn first(request: &Request<'_>, view: &Renderer, locale: &Locale) -> Response<'static> {
    let path = request.uri().path().as_str();
    let outside = |path: &str| format!("{}{path}", PublicOrigin::base_of(request));
    let goes_on = request.method().supports_payload() && urls::goes_on_after_proof(path);
    if let (true, Some(who)) = (goes_on, present(request)) {
        match as_answer(request, view, locale, who) {
            Ok(html) => return sized(Status::Forbidden, "text/html; charset=utf-8", html),
            Err(error) => log::error!("the page that asks for a proof could not be shown: {error}"),
        }
    }
    let next = if request.method().supports_payload() {
        outside(urls::page_of_form(path))
    } else {
        own_path(&outside(&request.uri().to_string()))
    };
    let to = urls::keeping(PROVE, &next);
    // A password is no second factor.
    let to = if wants_second(request) { format!("{to}&again=second") } else { to };
    redirect(request, &to, None)
}

fn as_answer(
    request: &Request<'_>,
    view: &Renderer,
    locale: &Locale,
    who: &SignedIn,
) -> Result<String, ViewError> {
    let path = request.uri().path().as_str();
    let next = format!("{}{}", PublicOrigin::base_of(request), urls::page_of_form(path));
    let sent = interrupted(request).iter().map(|(name, value)| (name.as_str(), value.as_str()));
    // Whoever has passkeys has seen them on the page of the form, and they are in memory since.
    let mut page =
        page_of((who, who.has_known_passkeys()), ProveForm::default(), next, path.to_owned(), kept(sent));
    page.has_password &= !wants_second(request);
    let html = view.render_in(wanted_look(request, view), locale, &bare(view, locale, None, page))?;
    let account = Some(who.account().id.0);
    let html = Carried { account, next: "", ways: &[] }.into_page(html);
    Ok(look::below(PublicOrigin::base_of(request), html))
}

/// The fields of the interrupted form among those that were sent.
fn kept<'a>(sent: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<KeptField> {
    let of_it = sent.filter(|(name, _)| !OWN.contains(name) && *name != look::ACCOUNT_FIELD);
    of_it.map(|(name, value)| KeptField { name: name.to_owned(), value: value.to_owned() }).collect()
}

fn page_of(
    (who, passkeys): (&SignedIn, bool),
    form: ProveForm,
    next: String,
    then: String,
    kept: Vec<KeptField>,
) -> ProvePage {
    ProvePage {
        form,
        has_password: who.state.has_password,
        has_codes: who.account().second_factor_at.is_some(),
        passkeys,
        email: who.account().email.as_str().to_owned(),
        next,
        then,
        kept,
    }
}

/// Whether the account has passkeys that work here.
async fn has_passkeys(visit: &Visit<'_>, who: &SignedIn) -> Result<bool, AccountError> {
    let passkeys = &visit.flows.passkeys;
    Ok(passkeys.possible() && !passkeys.own(who).await?.passkeys.is_empty())
}

/// What a browser needs for a proof by a passkey.
#[post("/user/prove/begin", data = "<form>")]
pub async fn begin(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let options = visit.flows.proofs.begin_passkey(who, &visit.client()).await?;
    Ok(Reply::json(Status::Ok, &options))
}

/// What may prove who the owner of this session is.
fn ways(who: &SignedIn, passkeys: bool) -> Vec<&'static str> {
    let ways = [
        ("password", who.state.has_password),
        ("code", who.account().second_factor_at.is_some()),
        ("passkey", passkeys),
    ];
    ways.into_iter().filter(|(_, there)| *there).map(|(way, _)| way).collect()
}
