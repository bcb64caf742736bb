//! `/user/security`

use domain::{AccountError, PasskeyId};
use look::pages::{PasswordForm, ProfileForms, SecurityPage};
use rocket::get;

use super::profile::as_json_or;
use super::shown_again::FormState;
use super::{app_passwords, passkeys, show};
use crate::flows::SignedIn;
use crate::urls::{self, SECURITY};
use crate::web::{Refusal, Reply, Visit};

/// What was typed into one of the page's forms, where it was refused.
#[derive(Clone, Copy, Debug)]
pub enum Typed<'a> {
    /// Nothing, or nothing that is shown again.
    Nothing,
    /// The name of a passkey.
    Passkey(PasskeyId, &'a str),
    /// The name and the dialect of a new app password.
    AppPassword(&'a str, &'a str),
}

#[get("/user/security")]
pub async fn page(visit: Visit<'_>) -> Result<Reply, Refusal> {
    match &visit.who {
        Some(who) if !visit.json => reply(&visit, who, FormState::untouched(), Typed::Nothing).await,
        _ => as_json_or(&visit, urls::sign_in_then(&visit.outside(SECURITY))),
    }
}

/// The answer to a refused change of the password: the page again, with the error of each field.
///
/// # Errors
/// `error` itself where the page is not shown again; see [`FormState::refused`].
pub async fn refused(visit: &Visit<'_>, who: &SignedIn, error: AccountError) -> Result<Reply, Refusal> {
    reply(visit, who, FormState::refused(visit, error)?.at("password"), Typed::Nothing).await
}

/// The page, with what was typed into the form that was refused.
///
/// # Errors
/// `Unavailable`; `Internal` when the template fails to render.
pub async fn reply(
    visit: &Visit<'_>,
    who: &SignedIn,
    state: FormState,
    typed: Typed<'_>,
) -> Result<Reply, Refusal> {
    let own = visit.flows.passkeys.own(who).await?;
    let (passkey, app_password) = match typed {
        Typed::Nothing => (None, None),
        Typed::Passkey(id, name) => (Some((id, name)), None),
        Typed::AppPassword(name, dialect) => (None, Some((name, dialect))),
    };
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
        passkeys: passkeys::view(visit, own, &state, passkey),
        app_passwords: app_passwords::panel(visit, who, &state, app_password).await?,
    };
    state.page(visit, page)
}
