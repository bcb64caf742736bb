//! `/admin/keys`: API keys.

use std::time::Duration;

use domain::lifetimes::API_KEY_LONGEST;
use domain::{AccountError, ApiKey, ApiKeyName, Field, FieldCode, FieldError, Role, Scope, Token};
use look::pages::{AdminKeysPage, FieldView, KeyForm, KeyView, OptionView, TimeView};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::rows::{self, RoleNames};
use super::staff::Staff;
use crate::flows::api_keys::{self, NewKey, NewKeyError};
use crate::pages::shown_again::FormState;
use crate::urls::ADMIN_KEYS;
use crate::web::{Form, Refusal, Reply};

const DAY: Duration = Duration::from_hours(24);

/// The names of the form's boxes: a form has no field twice.
const SCOPE: &str = "scope.";
const ROLE: &str = "role.";

/// What was typed into the form.
struct KeyInput {
    name: String,
    days: String,
    scopes: Vec<Scope>,
    roles: Vec<Role>,
}

#[get("/admin/keys")]
pub async fn page(staff: Staff<'_>) -> Result<Reply, Refusal> {
    show(&staff, FormState::untouched(), &untouched(), String::new()).await
}

fn untouched() -> KeyInput {
    KeyInput {
        name: String::new(),
        days: String::new(),
        scopes: Scope::ALL.to_vec(),
        roles: Role::BELOW_ADMINISTRATOR.to_vec(),
    }
}

/// Makes a key. It is shown in this answer and never again.
#[post("/admin/keys", data = "<form>")]
pub async fn make(staff: Staff<'_>, form: Form) -> Result<Reply, Refusal> {
    staff.require_own(&form)?;
    let typed = KeyInput {
        name: form.text("name")?.trim().to_owned(),
        days: form.text("days")?.trim().to_owned(),
        scopes: Scope::ALL.into_iter().filter(|scope| ticked(&form, SCOPE, scope.as_str())).collect(),
        roles: known_roles(&staff).await?.filter(|role| ticked(&form, ROLE, &role.0.to_string())).collect(),
    };
    // A box that the page does not have would be left out in silence.
    let scope = |word: &str| typed.scopes.iter().any(|scope| scope.as_str() == word);
    let role = |word: &str| typed.roles.iter().any(|role| role.0.to_string() == word);
    let strange = form.0.texts().any(|(name, _)| {
        name.strip_prefix(SCOPE).is_some_and(|word| !scope(word))
            || name.strip_prefix(ROLE).is_some_and(|word| !role(word))
    });
    if strange {
        return Err(Refusal::Malformed);
    }
    let made = match wanted(&typed) {
        Ok(new) => create(&staff, &new).await?,
        Err(errors) => Err(FormState::refused(&staff.visit, AccountError::Invalid(errors))?),
    };
    match made {
        Ok(secret) if staff.visit.json => {
            let document = json!({ "name": typed.name, "key": secret.reveal() });
            Ok(Reply::json(Status::Created, &document))
        }
        Ok(secret) => show(&staff, FormState::untouched(), &untouched(), secret.reveal().to_owned()).await,
        Err(state) => show(&staff, state.at("make"), &typed, String::new()).await,
    }
}

async fn known_roles(staff: &Staff<'_>) -> Result<impl Iterator<Item = Role>, AccountError> {
    let known = api_keys::all_roles(staff.flows().store()).await?;
    Ok(known.into_iter().map(|(role, _)| role))
}

fn ticked(form: &Form, prefix: &str, value: &str) -> bool {
    form.0.contains(&format!("{prefix}{value}"))
}

/// The key that the form asks for.
fn wanted(typed: &KeyInput) -> Result<NewKey, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut refuse = |field, code| errors.push(FieldError { field, code });
    let name: Option<ApiKeyName> = typed.name.parse().ok();
    if name.is_none() {
        let missing = typed.name.is_empty();
        refuse(Field::Name, if missing { FieldCode::Required } else { FieldCode::TextInvalid });
    }
    let longest = API_KEY_LONGEST.as_secs() / DAY.as_secs();
    let expires_in = match typed.days.parse::<u32>() {
        _ if typed.days.is_empty() => None,
        Ok(days @ 1..) if u64::from(days) <= longest => Some(DAY * days),
        _ => {
            refuse(Field::Custom("days".to_owned()), FieldCode::NumberInvalid);
            None
        }
    };
    if typed.scopes.is_empty() {
        refuse(Field::Custom("scope".to_owned()), FieldCode::Required);
    }
    let (scopes, roles) = (typed.scopes.clone(), typed.roles.clone());
    match name {
        Some(name) if errors.is_empty() => Ok(NewKey { name, scopes, roles, expires_in }),
        _ => Err(errors),
    }
}

async fn create(staff: &Staff<'_>, new: &NewKey) -> Result<Result<Token, FormState>, Refusal> {
    let flows = staff.flows();
    match api_keys::create(flows.store(), flows.clock(), flows.random(), staff.order(""), new).await {
        Ok(secret) => Ok(Ok(secret)),
        Err(NewKeyError::NameTaken) => staff.conflict("admin_key_name_taken").map(Err),
        Err(NewKeyError::RoleUnknown(_)) => {
            let gone = AccountError::field(Field::Role, FieldCode::RoleUnknown);
            FormState::refused(&staff.visit, gone).map(Err)
        }
        Err(NewKeyError::Forbidden) => Err(AccountError::Forbidden.into()),
        Err(NewKeyError::Store(error)) => Err(error.into()),
    }
}

#[post("/admin/keys/revoke", data = "<form>")]
pub async fn revoke(staff: Staff<'_>, form: Form) -> Result<Reply, Refusal> {
    staff.require_own(&form)?;
    let name: ApiKeyName = form.text("name")?.parse().map_err(|_| Refusal::NotFound)?;
    let flows = staff.flows();
    match api_keys::revoke(flows.store(), flows.clock(), staff.order(""), &name).await {
        // The button was pressed twice.
        Err(AccountError::NotFound) if !staff.visit.json => Ok(Reply::see_other(ADMIN_KEYS)),
        Err(error) => Err(error.into()),
        Ok(()) if staff.visit.json => Ok(Reply::json(Status::Ok, &json!({ "revoked": 1 }))),
        Ok(()) => Ok(Reply::see_other(ADMIN_KEYS).cookie(staff.visit.cookies.notice("admin_key_revoked"))),
    }
}

/// The answer to a form may be shown at its path, so a reload sends a `GET` here.
#[get("/admin/keys/revoke")]
pub fn stray() -> Reply {
    Reply::see_other(ADMIN_KEYS)
}

async fn show(staff: &Staff<'_>, state: FormState, typed: &KeyInput, made: String) -> Result<Reply, Refusal> {
    let visit = &staff.visit;
    let roles = RoleNames::read(staff).await?;
    let keys = api_keys::list(staff.flows().store()).await?;
    let form = KeyForm {
        name: state.field(visit, "name", &typed.name),
        scopes: Scope::ALL
            .into_iter()
            .map(|scope| option(scope.as_str(), scope.as_str(), typed.scopes.contains(&scope)))
            .collect(),
        scope_errors: state.secret(visit, "scope").errors,
        roles: roles
            .iter()
            .map(|(role, name)| option(&role.0.to_string(), name, typed.roles.contains(role)))
            .collect(),
        days: FieldView { value: typed.days.clone(), errors: state.secret(visit, "days").errors },
    };
    let keys = keys.into_iter().map(|key| view(staff, &roles, key)).collect();
    staff.show_in(state, AdminKeysPage { here: "keys", form, keys, made })
}

fn option(value: &str, label: &str, selected: bool) -> OptionView {
    OptionView { value: value.to_owned(), label: label.to_owned(), selected }
}

fn view(staff: &Staff<'_>, roles: &RoleNames, key: ApiKey) -> KeyView {
    let visit = &staff.visit;
    let expired = key.expires_at.is_some_and(|at| at <= visit.flows.now());
    let (state, sentence) = match key.revoked_at {
        Some(_) => ("revoked", "key-revoked"),
        None if expired => ("expired", "key-expired"),
        None => ("live", "key-live"),
    };
    let day = |at| TimeView::day(at, visit.dates());
    KeyView {
        name: key.name,
        scopes: key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", "),
        roles: key.roles.iter().map(|role| roles.of(*role)).collect::<Vec<_>>().join(", "),
        created_at: day(key.created_at),
        used: key.used_at.is_some(),
        used_at: day(key.used_at.unwrap_or(key.created_at)),
        expires: key.expires_at.is_some(),
        expires_at: day(key.expires_at.unwrap_or(key.created_at)),
        state,
        state_text: rows::text(visit, sentence),
    }
}
