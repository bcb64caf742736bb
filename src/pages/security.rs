//! `/user/security`

use domain::{AccountError, PasskeyId};
use look::pages::{PasswordForm, ProfileForms, SecurityPage};
use rocket::get;

use super::profile::as_json_or;
use super::shown_again::FormState;
use super::{passkeys, show};
use crate::flows::SignedIn;
use crate::urls::{self, SECURITY};
use crate::web::{Refusal, Reply, Visit};

#[get("/user/security")]
pub async fn page(visit: Visit<'_>) -> Result<Reply, Refusal> {
    match &visit.who {
        Some(who) if !visit.json => reply(&visit, who, FormState::untouched(), None).await,
        _ => as_json_or(&visit, urls::sign_in_then(&visit.outside(SECURITY))),
    }
}

/// The answer to a refused change of the password: the page again, with the error of each field.
///
/// # Errors
/// `error` itself where the page is not shown again; see [`FormState::refused`].
pub async fn refused(visit: &Visit<'_>, who: &SignedIn, error: AccountError) -> Result<Reply, Refusal> {
    reply(visit, who, FormState::refused(visit, error)?.at("password"), None).await
}

/// The page. `typed` is the name of a passkey that was refused.
///
/// # Errors
/// `Unavailable`; `Internal` when the template fails to render.
pub async fn reply(
    visit: &Visit<'_>,
    who: &SignedIn,
    state: FormState,
    typed: Option<(PasskeyId, &str)>,
) -> Result<Reply, Refusal> {
    let own = visit.flows.passkeys.own(who).await?;
    let password = PasswordForm {
        apassword: state.secret(visit, "apassword"),
        npassword: state.secret(visit, "npassword"),
    };
    let page = SecurityPage {
        here: "security",
        account: show::account(visit, who),
        forms: ProfileForms { password, ..ProfileForms::default() },
        password_min: visit.view.facts().password_min,
        has_password: own.has_password,
        passkeys: passkeys::view(visit, own, &state, typed),
    };
    state.page(visit, page)
}
