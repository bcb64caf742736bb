//! `/user/security/totp`: setting up an authenticator app, and taking it off.

use domain::{AccountError, TotpSecret};
use look::pages::{QrView, TotpForm, TotpPage};
use qrcodegen::{QrCode, QrCodeEcc};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::recovery_codes;
use super::shown_again::FormState;
use crate::flows::SignedIn;
use crate::urls::{self, SECURITY, TOTP};
use crate::web::{Form, Refusal, Reply, Visit, is_head};

/// The white modules around a QR code that readers want (ISO/IEC 18004).
const MARGIN: i32 = 4;

#[get("/user/security/totp")]
pub async fn page(visit: Visit<'_>) -> Result<Reply, Refusal> {
    let Some(who) = &visit.who else {
        if visit.json {
            return Err(AccountError::Unauthenticated.into());
        }
        return Ok(Reply::see_other(urls::sign_in_then(&visit.outside(TOTP))));
    };
    if is_head(visit.request) {
        visit.flows.require_proof(who)?;
        return Ok(Reply::page(Status::Ok, String::new()));
    }
    let secret = visit.flows.second_factors.begin_totp(who, &visit.client()).await?;
    if visit.json {
        let uri = uri(&visit, who, &secret);
        return Ok(Reply::json(Status::Ok, &json!({ "secret": *secret.to_base32(), "uri": uri })));
    }
    reply(&visit, who, &secret, FormState::untouched())
}

#[post("/user/security/totp", data = "<form>")]
pub async fn confirm(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let flow = &visit.flows.second_factors;
    match flow.confirm_totp(who, form.text("code")?, &visit.client()).await {
        Ok(done) => match done.codes {
            Some(codes) => recovery_codes::shown_once(&visit, who, &codes),
            None if visit.json => Ok(recovery_codes::as_json(&[])),
            None => Ok(Reply::see_other(SECURITY).cookie(visit.cookies.notice("totp_added"))),
        },
        // The secret waited for too long: another one begins.
        Err(AccountError::NotFound) if !visit.json => Ok(Reply::see_other(TOTP)),
        Err(error) => {
            let state = FormState::refused(&visit, error)?;
            let secret = flow.begin_totp(who, &visit.client()).await?;
            reply(&visit, who, &secret, state)
        }
    }
}

#[post("/user/security/totp/remove", data = "<form>")]
pub async fn remove(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    match visit.flows.second_factors.remove_totp(who, &visit.client()).await {
        // It is gone already: the button was pressed twice.
        Err(AccountError::NotFound) if !visit.json => Ok(Reply::see_other(SECURITY)),
        Err(error) => Err(error.into()),
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "removed": 1 }))),
        Ok(()) => Ok(Reply::see_other(SECURITY).cookie(visit.cookies.notice("totp_removed"))),
    }
}

/// A refusal is shown at this path, so a reload may send a `GET` here.
#[get("/user/security/totp/remove")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(SECURITY)) }
}

fn reply(visit: &Visit<'_>, who: &SignedIn, secret: &TotpSecret, state: FormState) -> Result<Reply, Refusal> {
    let link = uri(visit, who, secret);
    let page = TotpPage {
        here: "security",
        picture: drawn(&link),
        secret: grouped(&secret.to_base32()),
        link,
        form: TotpForm { code: state.secret(visit, "code") },
    };
    state.page(visit, page)
}

fn uri(visit: &Visit<'_>, who: &SignedIn, secret: &TotpSecret) -> String {
    secret.uri(visit.view.site().name, who.account().email.as_str()).to_string()
}

/// `text` in groups of four, as people copy it.
fn grouped(text: &str) -> String {
    let groups = text.as_bytes().chunks(4).map(|group| std::str::from_utf8(group).unwrap_or_default());
    groups.collect::<Vec<_>>().join(" ")
}

/// The QR code of `text`: a rectangle for each run of dark modules in a row. Empty where it is too long.
fn drawn(text: &str) -> QrView {
    use std::fmt::Write as _;

    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return QrView::default() };
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
            if run > 0 {
                let _ = write!(path, "M{},{}h{run}v1h-{run}z", x + MARGIN, y + MARGIN);
            }
            x += i32::try_from(run).unwrap_or(code.size()) + 1;
        }
    }
    QrView { size: u64::try_from(code.size() + 2 * MARGIN).unwrap_or(0), path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_the_dark_modules_of_the_code_inside_a_white_margin() {
        let text =
            "otpauth://totp/Example:ada@example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example";
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        let QrView { size, path } = drawn(text);
        assert_eq!(size, code.size() as u64 + 8);
        let mut dark = 0;
        for rectangle in path.trim_start_matches('M').split('M') {
            let (at, rest) = rectangle.split_once('h').unwrap();
            let (x, y) = at.split_once(',').unwrap();
            let (x, y): (i32, i32) = (x.parse().unwrap(), y.parse().unwrap());
            let run: i32 = rest.split_once('v').unwrap().0.parse().unwrap();
            for x in x..x + run {
                assert!(code.get_module(x - MARGIN, y - MARGIN), "{x},{y}");
                dark += 1;
            }
        }
        let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        assert_eq!(dark, all.filter(|(x, y)| code.get_module(*x, *y)).count());
        assert!(drawn(&"a".repeat(5_000)).path.is_empty());
    }

    #[test]
    fn a_secret_is_shown_in_groups_of_four() {
        assert_eq!(grouped("GEZDGNBVGY"), "GEZD GNBV GY");
    }
}
