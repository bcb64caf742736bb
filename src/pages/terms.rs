//! `/user/terms`: agreeing to the terms of use, before anything else is done.

use domain::AccountError;
use look::pages::TermsPage;
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::shown_again::FormState;
use super::way_back;
use crate::urls::{TERMS, sign_in_then};
use crate::web::{Form, Refusal, Reply, Visit};

#[get("/user/terms?<next>")]
pub fn page(visit: Visit<'_>, next: Option<&str>) -> Result<Reply, Refusal> {
    let next = way_back::in_query(&visit, next);
    let (Some(who), Some(terms)) = (&visit.who, &visit.flows.policy().sign_up.terms) else {
        return match (&visit.who, visit.json) {
            (Some(_), _) => Err(AccountError::NotFound.into()),
            (None, true) => Err(AccountError::Unauthenticated.into()),
            (None, false) => Ok(Reply::see_other(sign_in_then(&visit.outside(TERMS)))),
        };
    };
    let agreed = who.account().terms.as_ref() == Some(&terms.version);
    if visit.json {
        let told = json!({ "url": terms.url, "version": terms.version, "agreed": agreed });
        return Ok(Reply::json(Status::Ok, &told));
    }
    if agreed && !next.is_empty() {
        return Ok(Reply::back_to(next));
    }
    show(&visit, next, FormState::untouched())
}

/// Agrees to the version that the form was shown for.
#[post("/user/terms?<next>", data = "<form>")]
pub async fn agree(visit: Visit<'_>, form: Form, next: Option<&str>) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let next = way_back::of(&visit, &form, next)?;
    match visit.flows.profile.agree(who, form.text("version")?, &visit.client()).await {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "agreed": true }))),
        Ok(()) => Ok(way_back::go_on(next)),
        // The terms have changed since the page was shown.
        Err(AccountError::Invalid(_)) if !visit.json => {
            show(&visit, next, FormState::untouched().with_status(Status::UnprocessableEntity))
        }
        Err(error) => {
            let state = FormState::refused(&visit, error)?;
            show(&visit, next, state)
        }
    }
}

fn show(visit: &Visit<'_>, next: String, state: FormState) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let terms = visit.flows.policy().sign_up.terms.as_ref().ok_or(AccountError::NotFound)?;
    let before = &who.account().terms;
    let page = TermsPage {
        url: terms.url.clone(),
        version: terms.version.clone(),
        changed: before.is_some(),
        agreed: before.as_ref() == Some(&terms.version),
        next: next.clone(),
    };
    // Where somebody was going may have a secret.
    state.keeping(&next).page_of_link(visit, page)
}
