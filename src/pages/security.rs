//! `/user/security`

use domain::{AccountError, PasskeyId, RecoveryCode};
use look::pages::{PasswordForm, ProfileForms, SecondFactorsView, SecurityPage, TimeView};
use rocket::get;
use rocket::http::Status;
use serde_json::json;

use super::profile::as_json_or;
use super::shown_again::FormState;
use super::{app_password_views, applications, passkey_views, provider_views, show};
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
        Some(who) => as_json(&visit, who).await,
        None => as_json_or(&visit, urls::sign_in_then(&visit.outside(SECURITY))),
    }
}

/// The account, and by what it is opened.
async fn as_json(visit: &Visit<'_>, who: &SignedIn) -> Result<Reply, Refusal> {
    let own = visit.flows.passkeys.own(who).await?;
    let facts = visit.flows.second_factors.facts(who.account()).await?;
    let mut document = show::as_json(visit, who.account(), &who.state.avatar);
    document["has_password"] = own.has_password.into();
    document["second_factors"] = json!({
        "wanted": who.account().second_factor_at.is_some(),
        "totp": facts.totp_since.is_some(),
        "passkeys": own.passkeys.len(),
        "recovery_codes": facts.codes_left,
    });
    document["providers"] = provider_views::as_json(visit, who).await?;
    Ok(Reply::json(Status::Ok, &document))
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
    let factors = factors(visit, who).await?;
    let page = SecurityPage {
        here: "security",
        account: show::account(visit, who),
        forms: ProfileForms { password, ..ProfileForms::default() },
        factors,
        password_min: visit.view.facts().password_min,
        has_password: own.has_password,
        passkeys: passkey_views::view(visit, own, &state, passkey),
        app_passwords: app_password_views::panel(visit, who, &state, app_password).await?,
        applications: applications::panel(visit, who).await?,
        providers: provider_views::panel(visit, who).await?,
        deletion_offered: visit.flows.own_deletion.offer(who).is_ok(),
    };
    state.page(visit, page)
}

/// The authenticator app and the recovery codes.
async fn factors(visit: &Visit<'_>, who: &SignedIn) -> Result<SecondFactorsView, Refusal> {
    let account = who.account();
    let facts = visit.flows.second_factors.facts(account).await?;
    let since = facts.totp_since.map(|at| TimeView::day(at, visit.dates()));
    Ok(SecondFactorsView {
        wanted: account.second_factor_at.is_some(),
        totp: since.is_some(),
        totp_since: since.unwrap_or_default(),
        codes_left: u64::try_from(facts.codes_left).unwrap_or(0),
        codes_few: facts.codes_left <= RecoveryCode::FEW,
    })
}
