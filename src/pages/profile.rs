//! `/user/profil`

use rocket::data::{Data, ToByteUnit as _};
use rocket::http::Status;
use rocket::{State, get, post};

use super::{PROFILE, show};
use crate::domain::{FieldError, Millis};
use crate::flows::SignedIn;
use crate::view::pages::{
    AccountView, ChoiceView, EmailForm, OptionView, PasswordForm, PictureUploadForm, ProfileForm,
    ProfileForms, ProfilePage, SecretView, SessionView, TimeView, UsernameForm,
};
use crate::view::{Dates, Notice};
use crate::web::{Refusal, Reply, UploadRules, Visit, check_origin};

/// What a refused form brings back: what was typed, by field, and what is wrong.
#[derive(Default)]
pub struct Echo<'a> {
    /// Only what was sent; the rest shows what is stored.
    pub typed: Vec<(&'a str, &'a str)>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

#[get("/user/profil")]
pub fn page(visit: Visit<'_>) -> Result<Reply, Refusal> {
    let Some(who) = &visit.who else {
        if visit.json {
            return Err(crate::domain::AccountError::Unauthenticated.into());
        }
        return Ok(Reply::see_other("/user/login?next=/user/profil"));
    };
    if visit.json {
        return Ok(Reply::json(Status::Ok, &show::as_json(&visit, who.account(), &who.state.display_name)));
    }
    reply(&visit, who, Status::Ok, &Echo::default(), None)
}

/// The end of every 308 chain: whatever a browser sends again is read to its end and thrown away, or it would
/// show a broken connection instead of the page.
#[post("/user/profil", data = "<data>")]
pub async fn settle(visit: Visit<'_>, rules: &State<UploadRules>, data: Data<'_>) -> Result<Reply, Refusal> {
    check_origin(visit.request)?;
    let limit = rules.max_bytes.saturating_add(1_048_576).bytes();
    // The listener drains what it has not handed over; a client that went away meanwhile needs no answer.
    let _ = data.open(limit).stream_to(rocket::tokio::io::sink()).await;
    match &visit.who {
        Some(who) if visit.json => {
            Ok(Reply::json(Status::Ok, &show::as_json(&visit, who.account(), &who.state.display_name)))
        }
        Some(_) => Ok(Reply::see_other(PROFILE)),
        None if visit.json => Err(crate::domain::AccountError::Unauthenticated.into()),
        None => Ok(Reply::see_other("/user/login?next=/user/profil")),
    }
}

/// The profile page, with what a refused form brings back.
///
/// # Errors
/// When its template cannot be filled.
pub fn reply(
    visit: &Visit<'_>,
    who: &SignedIn,
    status: Status,
    echo: &Echo<'_>,
    alert: Option<Notice>,
) -> Result<Reply, Refusal> {
    let account = who.account();
    let facts = visit.view.facts();
    let errors = &echo.errors;
    let typed = |name: &str| echo.typed.iter().find(|(field, _)| *field == name).map(|(_, typed)| *typed);
    let line = |name: &str, stored: &str| show::field(visit, errors, name, typed(name).unwrap_or(stored));
    // Two forms of the page ask for the present password.
    let of_email = typed("email").is_some();
    let present = || show::secret(visit, errors, "apassword");
    let username = account.username.as_ref().map_or("", |username| username.as_str());
    let forms = ProfileForms {
        profile: ProfileForm {
            name: line("name", &account.name),
            firstname: line("firstname", &account.firstname),
            lastname: line("lastname", &account.lastname),
            locale: languages(visit, typed("locale").or(account.locale.as_deref()), errors),
            fields: show::custom_fields(
                visit,
                |_| true,
                |name| {
                    let stored = account.fields.get(name).map(String::as_str);
                    typed(name).or(stored).unwrap_or_default().to_owned()
                },
                errors,
            ),
        },
        username: UsernameForm { username: line("username", username) },
        email: EmailForm {
            email: line("email", ""),
            apassword: if of_email { present() } else { SecretView::default() },
        },
        password: PasswordForm {
            apassword: if of_email { SecretView::default() } else { present() },
            npassword: show::secret(visit, errors, "npassword"),
        },
        picture: PictureUploadForm { file: show::secret(visit, errors, "file") },
    };
    let page = ProfilePage {
        account: AccountView {
            id: account.id.0,
            email: account.email.as_str().to_owned(),
            username: username.to_owned(),
            name: account.name.clone(),
            display_name: who.state.display_name.clone(),
            avatar: show::avatar(who),
            created_at: TimeView::day(account.created_at, visit.dates()),
        },
        forms,
        sessions: sessions(who, visit.dates()),
        password_min: facts.password_min,
        picture_max_mib: facts.picture_max_mib,
        picture_max_bytes: facts.picture_max_bytes(),
    };
    let alert = alert.or_else(|| show::fix_the_fields(visit, errors));
    visit.page(status, page, alert)
}

fn languages(visit: &Visit<'_>, chosen: Option<&str>, errors: &[FieldError]) -> ChoiceView {
    let chosen = chosen.unwrap_or_default();
    let option = |(value, label): &(String, String)| OptionView {
        value: value.clone(),
        label: label.clone(),
        selected: value == chosen,
    };
    ChoiceView {
        value: chosen.to_owned(),
        options: visit.view.catalog().choices(visit.locale()).iter().map(option).collect(),
        errors: show::secret(visit, errors, "locale").errors,
    }
}

fn sessions(who: &SignedIn, dates: &Dates) -> Vec<SessionView> {
    let mut sessions: Vec<SessionView> = who
        .state
        .sessions
        .iter()
        .map(|session| SessionView {
            id: session.id.0,
            current: session.id == who.session.id,
            device: session.device.label.clone(),
            address: session.device.address.clone(),
            created_at: TimeView::day(session.created_at, dates),
            seen_at: TimeView::minute(Millis(session.seen_at.0), dates),
        })
        .collect();
    sessions.sort_by_key(|session| !session.current);
    sessions
}
