//! The field names of the page forms.

use domain::Field;

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
        | Field::DeviceName
        | Field::Custom(_) => field.name(),
    }
}
