//! From accounts and refusals to what templates and JSON show.

use rocket::http::Status;
use serde_json::{Value, json};

use super::form::wire_name;
use crate::domain::{Account, AccountId, CustomField, FieldError, FieldKind};
use crate::flows::{SignedIn, picture_addresses};
use crate::view::pages::{
    AvatarView, CustomFieldView, ErrorPage, FieldView, SecretView, SignInForm, SignInPage,
};
use crate::view::{Frame, Locale, Look, Notice, Renderer, Site, ViewError};
use crate::web::{PublicOrigin, Refusal, Visit, attempt_words};

/// An error page; it knows nobody, because what failed may have been finding out who asks.
///
/// # Errors
/// When its template cannot be filled.
pub fn error_page(
    view: &Renderer,
    (look, locale): (Look, &Locale),
    status: Status,
    code: &str,
    (title, message): (String, String),
    incident: Option<&str>,
) -> Result<String, ViewError> {
    let page = ErrorPage {
        status: status.code,
        code: code.to_owned(),
        title,
        message,
        incident: incident.unwrap_or_default().to_owned(),
    };
    view.render_in(look, locale, &bare(view, locale, None, page))
}

/// The sign-in form for somebody whose session ended while another form was open.
///
/// # Errors
/// When its template cannot be filled.
pub fn sign_in_again(view: &Renderer, look: Look, locale: &Locale) -> Result<String, ViewError> {
    let alert = view.notice(locale, "alert", "session_ended_sign_in_again");
    let page =
        SignInPage { form: SignInForm::default(), next: String::new(), recovery: true, registration: true };
    view.render_in(look, locale, &bare(view, locale, Some(alert), page))
}

fn bare<'a, P>(view: &'a Renderer, locale: &'a Locale, alert: Option<Notice>, page: P) -> Frame<'a, P> {
    let site = Site { name: &view.facts().site_name };
    Frame { lang: locale.as_str(), site, viewer: None, notice: None, alert, page }
}

/// The alert above a form some of whose fields were refused.
pub fn fix_the_fields(visit: &Visit<'_>, errors: &[FieldError]) -> Option<Notice> {
    (!errors.is_empty()).then(|| Notice {
        code: "fix_the_fields".into(),
        message: visit.view.counted(visit.locale(), "alert-fix-the-fields", "count", errors.len() as u64),
    })
}

/// The alert of a form page for a refusal that says something about the attempt.
pub fn alert(visit: &Visit<'_>, refusal: &Refusal) -> Option<Notice> {
    let message = attempt_words(refusal, visit.view, visit.locale())?;
    Some(Notice { code: refusal.code().to_owned(), message })
}

/// A typed line with what is wrong with it.
pub fn field(visit: &Visit<'_>, errors: &[FieldError], name: &str, typed: &str) -> FieldView {
    FieldView { value: typed.to_owned(), errors: secret(visit, errors, name).errors }
}

/// What is wrong with a field that is never shown again.
pub fn secret(visit: &Visit<'_>, errors: &[FieldError], name: &str) -> SecretView {
    SecretView {
        errors: visit.view.problems(visit.locale(), errors, |error| wire_name(&error.field) == name),
    }
}

/// Names of the operator's fields.
pub fn field_names<'v>(visit: &Visit<'v>) -> impl Iterator<Item = String> + use<'v> {
    visit.flows.policy().fields.iter().map(|field| field.name.clone())
}

/// The operator's fields that `which` picks, with their values.
pub fn custom_fields(
    visit: &Visit<'_>,
    which: impl Fn(&CustomField) -> bool,
    value: impl Fn(&str) -> String,
    errors: &[FieldError],
) -> Vec<CustomFieldView> {
    let locale = visit.locale();
    let view = |field: &CustomField| {
        let value = value(&field.name);
        CustomFieldView {
            name: field.name.clone(),
            label: field.label(locale.as_str()).to_owned(),
            kind: field.kind.as_str(),
            checked: field.kind == FieldKind::Boolean && matches!(value.as_str(), "true" | "on" | "1"),
            value,
            required: field.required,
            max_length: field.max_length,
            errors: secret(visit, errors, &field.name).errors,
        }
    };
    visit.flows.policy().fields.iter().filter(|field| which(field)).map(view).collect()
}

fn addresses(who: &SignedIn) -> [String; 4] {
    let account = who.account();
    picture_addresses(account.picture.as_ref(), account.id.0, &who.state.display_name).0
}

/// The addresses of an account's picture.
pub fn avatar(who: &SignedIn) -> AvatarView {
    let [small, medium, large, full] = addresses(who);
    AvatarView { small, medium, large, full, uploaded: who.account().picture.is_some() }
}

/// An account as JSON, read afresh.
pub async fn account_json(visit: &Visit<'_>, id: AccountId) -> Result<Value, Refusal> {
    let account = visit.flows.account(id).await?.ok_or(Refusal::NotFound)?;
    Ok(as_json(visit, &account, &account.display_name()))
}

/// An account as JSON.
pub fn as_json(visit: &Visit<'_>, account: &Account, display_name: &str) -> Value {
    let ([.., large, _], _) = picture_addresses(account.picture.as_ref(), account.id.0, display_name);
    // Apps show the picture elsewhere than on our pages: its address must be whole.
    let origin = visit.request.rocket().state::<PublicOrigin>().map_or("", PublicOrigin::as_str);
    json!({
        "id": account.id.0,
        "email": account.email.as_str(),
        "verified": account.verified_at.is_some(),
        "username": account.username.as_ref().map(|username| username.as_str()),
        "name": account.name,
        "firstname": account.firstname,
        "lastname": account.lastname,
        "locale": account.locale,
        "avatar_url": format!("{origin}{large}"),
        "fields": account.fields,
    })
}
