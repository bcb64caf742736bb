//! `/user/profil`

use domain::{AccountError, FormerUsername, Millis};
use look::pages::{
    ChoiceView, EmailForm, FormerUsernameView, OptionView, PasswordForm, PictureUploadForm, ProfileForm,
    ProfileForms, ProfilePage, TimeView, UsernameForm,
};
use requests::Fields;
use rocket::data::{Data, ToByteUnit as _};
use rocket::http::Status;
use rocket::{State, get, post};

use super::shown_again::FormState;
use super::{back, show};
use crate::flows::SignedIn;
use crate::urls::{self, PROFILE};
use crate::web::{Refusal, Reply, UploadRules, Visit, check_origin};

#[get("/user/profil")]
pub async fn page(visit: Visit<'_>) -> Result<Reply, Refusal> {
    match &visit.who {
        Some(who) if !visit.json => reply(&visit, who, &[], FormState::untouched()).await,
        _ => as_json_or(&visit, urls::sign_in_then(&visit.outside(PROFILE))),
    }
}

/// The end of every chain of 308 redirects. The body, which the browser sends again, is read to its end and
/// dropped: if the answer came earlier, the browser would show a connection error instead of the page.
#[post("/user/profil", data = "<data>")]
pub async fn settle(visit: Visit<'_>, rules: &State<UploadRules>, data: Data<'_>) -> Result<Reply, Refusal> {
    check_origin(visit.request)?;
    let limit = rules.picture.max_form_bytes().bytes();
    // The listener drains what it has not handed over; a client that went away meanwhile needs no answer.
    let _ = data.open(limit).stream_to(rocket::tokio::io::sink()).await;
    let next =
        if visit.who.is_some() { PROFILE.to_owned() } else { urls::sign_in_then(&visit.outside(PROFILE)) };
    as_json_or(&visit, next)
}

/// The account as JSON if the request prefers it, else a redirect to `next`.
///
/// # Errors
/// `Unauthenticated` if the request prefers JSON and has no session.
pub fn as_json_or(visit: &Visit<'_>, next: String) -> Result<Reply, Refusal> {
    if !visit.json {
        return Ok(Reply::see_other(next));
    }
    let who = visit.require()?;
    Ok(Reply::json(Status::Ok, &show::as_json(visit, who.account(), &who.state.avatar)))
}

/// The answer to a successful change: the account as JSON, or a redirect with the notice `notice`, to the
/// page on which the form says that it stands, else `published`.
///
/// # Errors
/// `NotFound` when the account was removed meanwhile.
pub async fn changed(
    visit: &Visit<'_>,
    who: &SignedIn,
    notice: &str,
    fields: &Fields,
    published: Reply,
) -> Result<Reply, Refusal> {
    if visit.json {
        return Ok(Reply::json(Status::Ok, &show::account_json(visit, who.account().id).await?));
    }
    Ok(back::or(fields, published).cookie(visit.cookies.notice(notice)))
}

/// The answer to a refused change: the page again, with the typed text, the error of each field, and an
/// alert in `panel`.
///
/// # Errors
/// `error` itself where the page is not shown again; see [`FormState::refused`].
pub async fn refused(
    visit: &Visit<'_>,
    who: &SignedIn,
    error: AccountError,
    panel: &'static str,
    typed: &[(&str, &str)],
) -> Result<Reply, Refusal> {
    reply(visit, who, typed, FormState::refused(visit, error)?.at(panel)).await
}

/// The profile page. `typed` contains the fields of a refused form; the other fields show the stored values.
async fn reply(
    visit: &Visit<'_>,
    who: &SignedIn,
    typed: &[(&str, &str)],
    state: FormState,
) -> Result<Reply, Refusal> {
    let account = who.account();
    let facts = visit.view.facts();
    let typed = |name: &str| typed.iter().find(|(field, _)| *field == name).map(|(_, typed)| *typed);
    let line = |name: &str, stored: &str| state.field(visit, name, typed(name).unwrap_or(stored));
    let username = account.username.as_ref().map_or("", |username| username.as_str());
    let forms = ProfileForms {
        profile: ProfileForm {
            name: line("name", &account.name),
            firstname: line("firstname", &account.firstname),
            lastname: line("lastname", &account.lastname),
            locale: languages(visit, typed("locale").or(account.locale.as_deref()), &state),
            fields: show::custom_fields(
                visit,
                |_| true,
                |name| {
                    let stored = account.fields.get(name).map(String::as_str);
                    typed(name).or(stored).unwrap_or_default().to_owned()
                },
                &state,
            ),
        },
        username: UsernameForm { username: line("username", username) },
        email: EmailForm { email: line("email", ""), apassword: state.secret(visit, "apassword") },
        password: PasswordForm::default(),
        picture: PictureUploadForm { file: state.secret(visit, "file") },
    };
    let pending = visit.flows.links.pending_address(who).await?;
    let pending = pending.filter(|pending| *pending != account.email);
    let history = visit.flows.profile.username_history(who).await?;
    let day = |at: Option<Millis>| at.map_or_else(TimeView::default, |at| TimeView::day(at, visit.dates()));
    let former = |former: FormerUsername| FormerUsernameView {
        username: former.username.as_str().to_owned(),
        given_up_at: day(Some(former.given_up_at)),
        reserved: former.reserved_until.is_some(),
        reserved_until: day(former.reserved_until),
    };
    let page = ProfilePage {
        here: "profile",
        account: show::account(visit, who),
        pending_email: pending.map_or_else(String::new, |pending| pending.as_str().to_owned()),
        former_usernames: history.former.into_iter().map(former).collect(),
        username_change: day(history.next_change),
        username_change_days: history.change_days,
        forms,
        password_min: facts.password_min,
        picture_max_mib: facts.picture.max_mib,
        picture_max_bytes: facts.picture.max_bytes(),
        picture_webp_megapixels: facts.picture_webp_megapixels,
    };
    state.page(visit, page)
}

fn languages(visit: &Visit<'_>, chosen: Option<&str>, state: &FormState) -> ChoiceView {
    let chosen = chosen.unwrap_or_default();
    let option = |(value, label): &(String, String)| OptionView {
        value: value.clone(),
        label: label.clone(),
        selected: value == chosen,
    };
    ChoiceView {
        value: chosen.to_owned(),
        options: visit.view.catalog().choices(visit.locale()).iter().map(option).collect(),
        errors: state.secret(visit, "locale").errors,
    }
}
