//! `/user/verify`: verifying an address by the mailed link, and requesting the link again.

use domain::{Account, AccountError, MailedLink, Step, Verification};
use look::pages::{CheckEmailPage, FieldView, VerifyForm, VerifyPage, VerifyRequestForm, VerifyRequestPage};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::profile::refused;
use super::shown_again::FormState;
use super::{show, typed, way_back};
use crate::flows::{AddressProof, Avatar, LinkRequest, OwnerProof, VerificationOffer};
use crate::urls::{self, PROFILE, REQUESTED, VERIFY, WELCOMED};
use crate::web::{Form, Refusal, Reply, Visit, cookies};

/// Target of the mailed link. A `GET` does not use the link up, because mail scanners open links. Without a
/// token it shows the form that requests a link, or with `requested` what happens next.
#[get("/user/verify?<token>&<requested>&<next>")]
pub async fn link(
    visit: Visit<'_>,
    token: Option<&str>,
    requested: Option<&str>,
    next: Option<&str>,
) -> Result<Reply, Refusal> {
    if visit.json {
        let offer = offer(&visit, token.unwrap_or_default()).await?;
        let offer = json!({
            "email": offer.account.email.as_str(),
            "has_password": offer.has_password,
            "signed_in": offer.own,
        });
        return Ok(Reply::json(Status::Ok, &offer).with_bare_referrer());
    }
    match token {
        Some(token) => page(&visit, token, FormState::untouched()).await,
        None => {
            let state = FormState::untouched().keeping(&way_back::in_query(&visit, next));
            match requested {
                Some(word) => check_email(&visit, word, state),
                None => {
                    let email = FieldView { value: typed::last(&visit), errors: Vec::new() };
                    request_page(&visit, email, state)
                }
            }
        }
    }
}

/// Verifies the address, with the session of this browser, the account's password, or a new password as
/// proof.
#[post("/user/verify", data = "<form>")]
pub async fn prove(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let token = form.text("token")?;
    let (password, new) = (form.secret("password")?, form.secret("npassword")?);
    let chooses = form.sent("npassword")?.is_some();
    let browsers = visit.sent_tokens(visit.cookies.identity_name());
    let proof = match &visit.who {
        _ if chooses => AddressProof::NewPassword(new),
        Some(who) if password.0.is_empty() => AddressProof::Owner(OwnerProof::Session(who)),
        None if password.0.is_empty() && !browsers.is_empty() => {
            AddressProof::Owner(OwnerProof::Identity(&browsers))
        }
        _ => AddressProof::Owner(OwnerProof::Password(password)),
    };
    let (client, links) = (visit.client(), &visit.flows.links);
    let error = match links.verify_address(token, proof, &client).await {
        Ok(account) => return Ok(verified(&visit, &account, chooses)),
        Err(error) => error,
    };
    if visit.json || !matches!(error, AccountError::TicketSpent) {
        return page(&visit, token, FormState::refused(&visit, error)?).await;
    }
    // A browser without script sends a form twice when its button is pressed twice, and shows the second
    // answer. A new password is only said to be saved where it is.
    let before = match chooses {
        true => links.was_verified_with(token, new, &client).await?,
        false => links.was_verified(token).await?,
    };
    before.map_or_else(|| spent(&visit), |account| Ok(verified(&visit, &account, chooses)))
}

/// The answer to an address that is verified. With a new password, everybody is signed out of the account.
fn verified(visit: &Visit<'_>, account: &Account, chosen: bool) -> Reply {
    let present = visit.who.as_ref().map(|who| who.account().id);
    let own = present == Some(account.id);
    let reply = if visit.json {
        Reply::json(Status::Ok, &show::as_json(visit, account, &Avatar::of(account)))
    } else if own && !chosen {
        let reply = way_back::taken(visit, way_back::go_on);
        reply.cookie(visit.cookies.notice("verified"))
    } else {
        let notice = if present.is_some() && !own { "verified_elsewhere" } else { "verified_sign_in" };
        let reply = way_back::taken(visit, |next| Reply::see_other(urls::sign_in_then(&next)));
        reply.cookie(visit.cookies.notice(notice))
    };
    let reply = if own && chosen { reply.cookie(visit.cookies.no_session()) } else { reply };
    reply.with_bare_referrer()
}

/// Mails the link again, to the signed-in account or to the typed address. The answer is the same whether or
/// not the account exists; a signed-in owner who asks too often is told when to ask again.
#[post("/user/verify/send?<next>", data = "<form>")]
pub async fn send(visit: Visit<'_>, form: Form, next: Option<&str>) -> Result<Reply, Refusal> {
    let identifier = form.text("email")?;
    let next = way_back::of(&visit, &form, next)?;
    let (request, own) = match &visit.who {
        Some(_) if identifier.trim().is_empty() => {
            let who = visit.require_own(&form.0)?;
            (LinkRequest::Owner(who), Some(who))
        }
        _ => (LinkRequest::Typed(identifier), None),
    };
    match (visit.flows.links.request_verification(request, &visit.client()).await, own) {
        (Ok(()), _) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "requested": true }))),
        (Ok(()), Some(_)) => Ok(Reply::see_other(PROFILE).cookie(visit.cookies.notice("verification_sent"))),
        (Ok(()), None) => {
            let reply = Reply::see_other(urls::requested(VERIFY, REQUESTED, &next));
            let reply = typed::kept(&visit, reply, identifier);
            Ok(way_back::kept(&visit, reply, &next, MailedLink::Verification))
        }
        (Err(error), Some(who)) => refused(&visit, who, error, "", &[]).await,
        (Err(error @ AccountError::Invalid(_)), None) => {
            let state = FormState::refused(&visit, error)?.keeping(&next);
            let email = state.field(&visit, "email", identifier);
            request_page(&visit, email, state)
        }
        (Err(error), None) => Err(error.into()),
    }
}

/// The answer to a refused `POST` is shown at this path, so a reload sends a `GET` here.
#[get("/user/verify/send")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json {
        return Err(Refusal::MethodNotAllowed("POST".into()));
    }
    // Its owner was answered with the profile, a stranger with the form.
    Ok(Reply::see_other(if visit.who.is_some() { PROFILE } else { VERIFY }))
}

/// The page after a right password for an account with an unverified address. It offers to mail the link
/// again. Whoever has signed up a moment ago is told where the link is.
///
/// # Errors
/// `Internal` when the template fails to render.
pub fn unverified(visit: &Visit<'_>, identifier: &str, next: &str) -> Result<Reply, Refusal> {
    let mut notices = cookies::read(visit.request, visit.cookies.notice_name());
    if notices.any(|code| code == "welcome") {
        let reply = Reply::see_other(urls::requested(VERIFY, WELCOMED, next));
        let reply = typed::kept(visit, reply.cookie(visit.cookies.no_notice()), identifier);
        return Ok(way_back::kept(visit, reply, next, MailedLink::Verification));
    }
    let email = FieldView { value: identifier.trim().to_owned(), errors: Vec::new() };
    let state = FormState::alerted(visit, AccountError::StepWanted(Step::Verify)).keeping(next);
    let reply = request_page(visit, email, state)?;
    Ok(way_back::kept(visit, reply, next, MailedLink::Verification))
}

fn request_page(visit: &Visit<'_>, email: FieldView, state: FormState) -> Result<Reply, Refusal> {
    if visit.flows.policy().verification == Verification::Off {
        return Err(Refusal::NotFound);
    }
    state.page(visit, VerifyRequestPage { form: VerifyRequestForm { email }, requested: false })
}

/// What happens next, after the link was asked for or, as `word` says, after sign-up.
fn check_email(visit: &Visit<'_>, word: &str, state: FormState) -> Result<Reply, Refusal> {
    if visit.flows.policy().verification == Verification::Off {
        return Err(Refusal::NotFound);
    }
    let reason = if word == WELCOMED { "welcome" } else { "verification" };
    state.page(visit, CheckEmailPage { reason, email: typed::last(visit) })
}

/// What a link is of, for this browser.
async fn offer(visit: &Visit<'_>, token: &str) -> Result<VerificationOffer, AccountError> {
    let browsers = visit.sent_tokens(visit.cookies.identity_name());
    visit.flows.links.verification_offer(token, visit.who.as_ref(), &browsers).await
}

/// The form, if the link is still valid. One that has done its work leads on.
async fn page(visit: &Visit<'_>, token: &str, state: FormState) -> Result<Reply, Refusal> {
    let offer = match offer(visit, token).await {
        Ok(offer) => offer,
        Err(AccountError::TicketSpent) => {
            let before = visit.flows.links.was_verified(token).await?;
            return before.map_or_else(|| spent(visit), |account| Ok(verified(visit, &account, false)));
        }
        Err(error) => return Err(error.into()),
    };
    let owner = offer.account.id;
    let form = VerifyForm {
        token: token.to_owned(),
        password: state.secret(visit, "password"),
        npassword: state.secret(visit, "npassword"),
    };
    let page = VerifyPage {
        form,
        email: offer.account.email.as_str().to_owned(),
        signed_in: offer.own,
        has_password: offer.has_password,
        password_min: visit.view.facts().password_min,
    };
    state.of(owner, visit).page_of_link(visit, page)
}

/// The link is no longer valid: the form that requests another one.
fn spent(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    if visit.flows.policy().verification == Verification::Off {
        return Err(AccountError::TicketSpent.into());
    }
    let state = FormState::gone(visit, "ticket_spent");
    Ok(request_page(visit, FieldView::default(), state)?.with_bare_referrer())
}
