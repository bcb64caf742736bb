//! The fields of the page forms: their names, and what is said of a wrong one.

use domain::{CustomFields, Field, FieldError};
use look::{Locale, Problem, Renderer};

/// The sentence for a refused field, which calls the operator's own among `fields` by their labels.
pub fn problem(view: &Renderer, locale: &Locale, fields: &CustomFields, error: &FieldError) -> Problem {
    let custom = match &error.field {
        Field::Custom(name) => fields.iter().find(|field| field.name == *name),
        _ => None,
    };
    view.field_problem(locale, error, custom)
}

/// The name of a field in the page forms and their JSON.
pub fn wire_name(field: &Field) -> &str {
    match field {
        Field::CurrentPassword => "apassword",
        Field::NewPassword | Field::PasswordConfirmation => "npassword",
        Field::Picture => "file",
        Field::AccountId => "id",
        Field::Identifier => "email",
        Field::Email
        | Field::Username
        | Field::Password
        | Field::Name
        | Field::Firstname
        | Field::Lastname
        | Field::Locale
        | Field::Role
        | Field::PairingCode
        | Field::FactorCode
        | Field::DeviceName
        | Field::Passkey
        | Field::PasskeyName
        | Field::Dialect
        | Field::Identity
        | Field::Terms
        | Field::Trap
        | Field::Custom(_) => field.name(),
    }
}
