//! Conversion of accounts into views for templates and into JSON.

use domain::{Account, AccountId, CustomField, FieldKind};
use look::pages::{AccountView, AvatarView, CustomFieldView, TermsView, TimeView};
use serde_json::{Value, json};

use super::shown_again::FormState;
use crate::flows::{Avatar, SignedIn};
use crate::web::{Form, PublicOrigin, Refusal, Visit};

/// The views of the operator's fields for which `which` is true, with their values. A number has the decimal
/// mark of the page's language.
pub fn custom_fields(
    visit: &Visit<'_>,
    which: impl Fn(&CustomField) -> bool,
    value: impl Fn(&str) -> String,
    form: &FormState,
) -> Vec<CustomFieldView> {
    let locale = visit.locale();
    let view = |field: &CustomField| {
        let mut value = value(&field.name);
        let mut shown = value.clone();
        if field.kind == FieldKind::Number
            && let Ok(number) = field.parse(&value)
        {
            shown = number.replace('.', &visit.dates().decimal_mark().to_string());
            value = number;
        }
        CustomFieldView {
            name: field.name.clone(),
            label: field.label(locale.as_str()).to_owned(),
            kind: field.kind.as_str(),
            checked: field.kind == FieldKind::Boolean && matches!(value.as_str(), "true" | "on" | "1"),
            value,
            shown,
            required: field.required,
            max_length: field.max_length,
            errors: form.secret(visit, &field.name).errors,
        }
    };
    visit.flows.policy().fields.iter().filter(|field| which(field)).map(view).collect()
}

/// The account of a page, for its template.
pub fn account(visit: &Visit<'_>, who: &SignedIn) -> AccountView {
    let account = who.account();
    AccountView {
        id: account.id.0,
        email: account.email.as_str().to_owned(),
        verified: account.verified_at.is_some(),
        has_password: who.state.has_password,
        unverified: visit.flows.awaits_proof(account),
        username: account.username.as_ref().map_or("", |username| username.as_str()).to_owned(),
        name: account.name.clone(),
        display_name: who.state.display_name.clone(),
        avatar: avatar(who),
        created_at: TimeView::day(account.created_at, visit.dates()),
    }
}

/// The URLs of an account's picture, for its template.
fn avatar(who: &SignedIn) -> AvatarView {
    let Avatar { small, medium, large, full, uploaded } = who.state.avatar.clone();
    AvatarView { small, medium, large, full, uploaded }
}

/// An account as JSON, read from the database.
///
/// # Errors
/// `NotFound` when the account was removed meanwhile.
pub async fn account_json(visit: &Visit<'_>, id: AccountId) -> Result<Value, Refusal> {
    let account = visit.flows.account(id).await?.ok_or(Refusal::NotFound)?;
    Ok(as_json(visit, &account, &Avatar::of(&account)))
}

/// An account as JSON.
pub fn as_json(visit: &Visit<'_>, account: &Account, avatar: &Avatar) -> Value {
    // Apps show the picture on pages of their own, so its URL is absolute.
    let origin = visit.request.rocket().state::<PublicOrigin>();
    json!({
        // Where nobody may learn whether an address was taken, a new account has no number yet.
        "id": (account.id.0 > 0).then_some(account.id.0),
        "email": account.email.as_str(),
        "verified": account.verified_at.is_some(),
        "username": account.username.as_ref().map(|username| username.as_str()),
        "name": account.name,
        "display_name": account.display_name(),
        "firstname": account.firstname,
        "lastname": account.lastname,
        "locale": account.locale,
        "role": account.role.0,
        "avatar_url": origin.map_or_else(|| avatar.large.clone(), |origin| origin.address(&avatar.large)),
        "fields": account.fields,
    })
}

/// Whether the box of the terms of use was ticked in a form that signs up.
///
/// # Errors
/// `Malformed` when it came twice or is neither on nor off.
pub fn agrees(form: &Form) -> Result<bool, Refusal> {
    Ok(form.0.boolean("terms").map_err(|_| Refusal::Malformed)?.unwrap_or_default())
}

/// The box of the terms of use in a form that signs up.
pub fn terms(visit: &Visit<'_>, agreed: bool, state: &FormState) -> TermsView {
    let Some(terms) = &visit.flows.policy().sign_up.terms else { return TermsView::default() };
    TermsView { url: terms.url.clone(), agreed, errors: state.secret(visit, "terms").errors }
}
