//! `/user/create`

use rocket::http::Status;
use rocket::{get, post};

use super::form::{Form, form_errors, form_status};
use super::reply::Reply;
use super::{PROFILE, SIGN_IN, show};
use crate::domain::{AccountError, FieldError};
use crate::flows::NewRegistration;
use crate::view::pages::{SignUpForm, SignUpPage};
use crate::web::{Refusal, Visit};

#[get("/user/create")]
pub fn form(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.who.is_some() {
        return Ok(Reply::see_other(PROFILE));
    }
    let fields = show::custom_fields(&visit, |field| field.sign_up, |_| String::new(), &[]);
    page(&visit, Status::Ok, SignUpForm { fields, ..SignUpForm::default() }, &[])
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
        locale: None,
    };
    let errors = match visit.flows.register(&new, given, &visit.client()).await {
        Ok(id) if visit.json => {
            let account = show::account_json(&visit, id).await?;
            return Ok(Reply::json(Status::Created, &account));
        }
        Ok(_) => return Ok(Reply::again(SIGN_IN).cookie(visit.cookies.notice("welcome"))),
        Err(error) => form_errors(error)?,
    };
    if visit.json {
        return Err(AccountError::Invalid(errors).into());
    }
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
    page(&visit, form_status(&errors), view, &errors)
}

fn page(
    visit: &Visit<'_>,
    status: Status,
    form: SignUpForm,
    errors: &[FieldError],
) -> Result<Reply, Refusal> {
    let page = SignUpPage { form, password_min: visit.flows.policy().password.min_length };
    show::reply(visit, status, page, show::fix_the_fields(visit, errors))
}
