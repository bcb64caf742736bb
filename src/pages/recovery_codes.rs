//! `/user/security/recovery-codes`: new recovery codes, which are shown once, in the answer to the form.

use domain::{AccountError, RecoveryCode, Step};
use look::Argument;
use look::pages::{RecoveryCodesPage, iso};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::shown_again::FormState;
use crate::flows::SignedIn;
use crate::urls::SECURITY;
use crate::web::{Form, Refusal, Reply, Visit};

#[post("/user/security/recovery-codes", data = "<form>")]
pub async fn make(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    match visit.flows.second_factors.make_recovery_codes(who, &visit.client()).await {
        // The last second factor has gone meanwhile.
        Err(AccountError::StepWanted(Step::SetUpFactor)) if !visit.json => Ok(Reply::see_other(SECURITY)),
        Err(error) => Err(error.into()),
        Ok(codes) => shown_once(&visit, who, &codes),
    }
}

/// How many codes are left, for programs. The codes themselves are kept nowhere: a browser that comes back to
/// their page is led on.
#[get("/user/security/recovery-codes")]
pub async fn left(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if !visit.json {
        return Ok(Reply::see_other(SECURITY));
    }
    let facts = visit.flows.second_factors.facts(visit.require()?.account()).await?;
    let answer = json!({ "left": facts.codes_left, "made_at": facts.codes_made_at.map(iso) });
    Ok(Reply::json(Status::Ok, &answer))
}

/// The one answer that has the codes.
pub fn shown_once(visit: &Visit<'_>, who: &SignedIn, codes: &[RecoveryCode]) -> Result<Reply, Refusal> {
    if visit.json {
        return Ok(as_json(codes));
    }
    let shown = as_texts(codes);
    let email = who.account().email.as_str();
    let heading = visit.view.catalog().text(
        visit.locale(),
        "recovery-codes-file",
        &[("site", Argument::Text(visit.view.site().name.into())), ("account", Argument::Text(email.into()))],
    );
    // A line ends as every editor understands it.
    let text = format!("{heading}\r\n\r\n{}\r\n", shown.join("\r\n"));
    let page = RecoveryCodesPage {
        here: "security",
        // The text is in the page itself, so that no other answer has to have the codes.
        file: format!("data:text/plain;charset=utf-8,{}", escaped(&text)),
        codes: shown,
        email: email.to_owned(),
    };
    FormState::untouched().page(visit, page)
}

/// The codes for programs.
pub fn as_json(codes: &[RecoveryCode]) -> Reply {
    Reply::json(Status::Ok, &json!({ "recovery_codes": as_texts(codes) }))
}

/// The codes as people write them down.
pub fn as_texts(codes: &[RecoveryCode]) -> Vec<String> {
    codes.iter().map(|code| code.reveal().to_string()).collect()
}

fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
