//! `/user/create`

use rocket::http::Status;
use rocket::{get, post};

use super::form::form_status;
use super::{PROFILE, SIGN_IN, show};
use crate::domain::AccountError;
use crate::flows::{Grant, NewRegistration, Registered};
use crate::view::Notice;
use crate::view::pages::{SignUpForm, SignUpPage};
use crate::web::{Form, Refusal, Reply, Visit};

#[get("/user/create")]
pub fn form(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.who.is_some() {
        return Ok(Reply::see_other(PROFILE));
    }
    let fields = show::custom_fields(&visit, |field| field.sign_up, |_| String::new(), &[]);
    page(&visit, Status::Ok, SignUpForm { fields, ..SignUpForm::default() }, None)
}

/// Makes an account. A browser sends the same form on to `/user/login`, which signs the new person in.
#[post("/user/create", data = "<form>")]
pub async fn submit(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let sent = form.custom(show::field_names(&visit))?;
    let given = |name: &str| sent.iter().find(|(sent, _)| sent == name).map(|(_, value)| value.as_str());
    let new = NewRegistration {
        email: form.text("email")?,
        username: form.text("username")?,
        password: form.secret("password")?,
        asks_fields: true,
        ..NewRegistration::default()
    };
    let (errors, refusal) = match visit.flows.register(&new, given, Grant::Nothing, &visit.client()).await {
        Ok(Registered { account, .. }) if visit.json => {
            let account = show::as_json(&visit, &account, &account.display_name());
            return Ok(Reply::json(Status::Created, &account));
        }
        Ok(_) => return Ok(Reply::again(SIGN_IN).cookie(visit.cookies.notice("welcome"))),
        Err(error) if visit.json => return Err(error.into()),
        Err(AccountError::Invalid(errors)) => (errors, None),
        Err(error @ (AccountError::Throttled { .. } | AccountError::Busy { .. })) => {
            (Vec::new(), Some(Refusal::from(error)))
        }
        Err(error) => return Err(error.into()),
    };
    let view = SignUpForm {
        email: show::field(&visit, &errors, "email", new.email),
        username: show::field(&visit, &errors, "username", new.username),
        password: show::secret(&visit, &errors, "password"),
        fields: show::custom_fields(
            &visit,
            |field| field.sign_up,
            |name| given(name).unwrap_or_default().to_owned(),
            &errors,
        ),
    };
    match refusal {
        None => page(&visit, form_status(&errors), view, show::fix_the_fields(&visit, &errors)),
        Some(refusal) => {
            let reply = page(&visit, refusal.status(), view, show::alert(&visit, &refusal))?;
            Ok(reply.retry_after(refusal.retry_after()))
        }
    }
}

fn page(
    visit: &Visit<'_>,
    status: Status,
    form: SignUpForm,
    alert: Option<Notice>,
) -> Result<Reply, Refusal> {
    let page = SignUpPage { form, password_min: visit.flows.policy().password.min_length };
    visit.page(status, page, alert)
}
