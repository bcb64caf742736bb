//! `/user/create`

use domain::{BotGuard, SignUpUsername, TRAP_FIELD};
use look::pages::{SignUpForm, SignUpPage};
use rocket::http::Status;
use rocket::{get, post};

use super::shown_again::FormState;
use super::{provider_views, show, typed, way_back};
use crate::flows::{Avatar, Grant, NewRegistration, Registered};
use crate::urls::{self, SIGN_IN};
use crate::web::{Form, Refusal, Reply, Visit};

#[get("/user/create?<next>")]
pub fn form(visit: Visit<'_>, next: Option<&str>) -> Result<Reply, Refusal> {
    let next = way_back::in_query(&visit, next);
    if visit.who.is_some() {
        return Ok(way_back::go_on(next));
    }
    visit.flows.registration.require_open(&visit.client())?;
    let state = FormState::untouched().keeping(&next);
    let fields = show::custom_fields(&visit, |field| field.sign_up, |_| String::new(), &state);
    let terms = show::terms(&visit, false, &state);
    page(&visit, SignUpForm { fields, terms, ..SignUpForm::default() }, state)
}

/// Creates an account. A browser sends the same form on to `/user/login`, which signs the new account in.
#[post("/user/create?<next>", data = "<form>")]
pub async fn submit(visit: Visit<'_>, form: Form, next: Option<&str>) -> Result<Reply, Refusal> {
    let queried = way_back::in_query(&visit, next);
    let next = way_back::of(&visit, &form, next)?;
    let browser = visit.known_browser().await?;
    let sent = form.custom(&visit.flows.policy().fields, visit.decimal_mark())?;
    let given = |name: &str| sent.get(name);
    let new = NewRegistration {
        email: form.text("email")?,
        username: form.text("username")?,
        needs_username: visit.flows.policy().sign_up_username == SignUpUsername::Required,
        password: form.secret("password")?,
        agrees: show::agrees(&form)?,
        trap: form.text(TRAP_FIELD)?,
        proof: form.text("proof")?,
        asks_fields: true,
        // A browser without script sends a form twice when its button is pressed twice, and shows the second
        // answer. A program that creates an account twice is told.
        repeatable: !visit.json,
        browser: browser.as_ref(),
        ..NewRegistration::default()
    };
    let error = match visit.flows.registration.register(&new, given, Grant::Nothing, &visit.client()).await {
        Ok(Registered { account, .. }) if visit.json => {
            let account = show::as_json(&visit, &account, &Avatar::of(&account));
            return Ok(Reply::json(Status::Created, &account));
        }
        // It is looked at first, so there is nothing to sign in to. Where the address is to be proven,
        // signing in says so.
        Ok(Registered { account, .. }) if account.approval_wanted_at.is_some() && account.id.0 > 0 => {
            let to = urls::keeping(SIGN_IN, &queried);
            return Ok(Reply::see_other(to).cookie(visit.cookies.notice("approval_wanted")));
        }
        Ok(_) => {
            // The body is sent on with what it says of the way back, the query is not.
            let to = urls::keeping(SIGN_IN, &queried);
            return Ok(Reply::again(to).cookie(visit.cookies.notice("welcome")));
        }
        Err(error) => error,
    };
    let state = FormState::refused(&visit, error)?.keeping(&next);
    let given = |name: &str| given(name).unwrap_or_default().to_owned();
    let form = SignUpForm {
        email: state.field(&visit, "email", new.email),
        username: state.field(&visit, "username", new.username),
        password: state.secret(&visit, "password"),
        fields: show::custom_fields(&visit, |field| field.sign_up, given, &state),
        terms: show::terms(&visit, new.agrees, &state),
        trap: state.field(&visit, TRAP_FIELD, new.trap),
    };
    if state.taken_address() {
        let page = page(&visit, form, state)?;
        // For the links to sign in and to recover the account.
        return Ok(typed::kept(&visit, page, new.email));
    }
    page(&visit, form, state)
}

fn page(visit: &Visit<'_>, form: SignUpForm, state: FormState) -> Result<Reply, Refusal> {
    let wanted = visit.flows.policy().sign_up_username;
    // A program's form, or that of a theme, may have sent one all the same.
    let sent = !form.username.value.is_empty() || !form.username.errors.is_empty();
    let taken = state.taken_address();
    let bots = visit.flows.policy().sign_up.bots;
    let page = SignUpPage {
        form,
        asks_username: wanted != SignUpUsername::Off || sent,
        needs_username: wanted == SignUpUsername::Required,
        taken,
        password_min: visit.view.facts().password_min,
        trap: bots != BotGuard::Off,
        challenge: visit.flows.registration.challenge().unwrap_or_default(),
        bits: bots.bits().unwrap_or_default(),
        providers: provider_views::offered(visit.flows),
    };
    state.page(visit, page)
}
