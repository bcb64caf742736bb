//! The meaning of "required", the same in every dialect.

use super::{AccountError, Field, FieldCode, FieldError};

impl Field {
    /// Whether `typed` is empty. Blanks count as empty, except in a password, which is never trimmed.
    pub fn is_missing(&self, typed: &str) -> bool {
        match self {
            Self::Password | Self::CurrentPassword | Self::NewPassword | Self::PasswordConfirmation => {
                typed.is_empty()
            }
            _ => typed.trim().is_empty(),
        }
    }
}

/// Checks that every one of these fields is filled in.
///
/// # Errors
/// `Invalid`, with [`FieldCode::Required`] for each empty field.
pub fn require_fields<'a>(typed: impl IntoIterator<Item = (Field, &'a str)>) -> Result<(), AccountError> {
    let missing: Vec<FieldError> = typed
        .into_iter()
        .filter(|(field, typed)| field.is_missing(typed))
        .map(|(field, _)| FieldError { field, code: FieldCode::Required })
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(AccountError::Invalid(missing)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_is_missing_is_named() {
        assert!(require_fields([(Field::Identifier, "ada"), (Field::Password, " ")]).is_ok());
        let Err(AccountError::Invalid(missing)) =
            require_fields([(Field::Identifier, " \t"), (Field::Name, "Ada"), (Field::Password, "")])
        else {
            panic!("nothing was missing");
        };
        let named: Vec<Field> = missing.iter().map(|error| error.field.clone()).collect();
        assert_eq!(named, [Field::Identifier, Field::Password]);
        assert!(missing.iter().all(|error| error.code == FieldCode::Required));
    }
}
