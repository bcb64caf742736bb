//! The names that this door's forms have for fields.

use domain::Field;

/// The name of a field in this door's forms and JSON.
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
        | Field::DeviceName
        | Field::Custom(_) => field.name(),
    }
}
