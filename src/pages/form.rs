//! The names that this door's forms have for fields.

use crate::domain::{Field, FieldCode, FieldError};

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

/// The status of a refused form: 413 and 415 say more than 422 where they are true.
pub fn form_status(errors: &[FieldError]) -> rocket::http::Status {
    use rocket::http::Status;
    match errors {
        [FieldError { code: FieldCode::PictureTooLarge { .. }, .. }] => Status::PayloadTooLarge,
        [FieldError { code: FieldCode::PictureNotAnImage, .. }] => Status::UnsupportedMediaType,
        _ => Status::UnprocessableEntity,
    }
}
