//! `/user/security`

use domain::AccountError;
use look::pages::{PasswordForm, ProfileForms, SecurityPage};
use rocket::get;

use super::profile::as_json_or;
use super::show;
use super::shown_again::FormState;
use crate::flows::SignedIn;
use crate::urls::{self, SECURITY};
use crate::web::{Refusal, Reply, Visit};

#[get("/user/security")]
pub fn page(visit: Visit<'_>) -> Result<Reply, Refusal> {
    match &visit.who {
        Some(who) if !visit.json => reply(&visit, who, FormState::untouched()),
        _ => as_json_or(&visit, urls::sign_in_then(&visit.outside(SECURITY))),
    }
}

/// The answer to a refused change of the password: the page again, with the error of each field.
///
/// # Errors
/// `error` itself where the page is not shown again; see [`FormState::refused`].
pub fn refused(visit: &Visit<'_>, who: &SignedIn, error: AccountError) -> Result<Reply, Refusal> {
    reply(visit, who, FormState::refused(visit, error)?.at("password"))
}

fn reply(visit: &Visit<'_>, who: &SignedIn, state: FormState) -> Result<Reply, Refusal> {
    let password = PasswordForm {
        apassword: state.secret(visit, "apassword"),
        npassword: state.secret(visit, "npassword"),
    };
    let page = SecurityPage {
        here: "security",
        account: show::account(visit, who),
        forms: ProfileForms { password, ..ProfileForms::default() },
        password_min: visit.view.facts().password_min,
    };
    state.page(visit, page)
}
