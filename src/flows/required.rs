//! What has to be typed.

use crate::domain::{AccountError, Field, FieldCode, FieldError};

/// Refuses what is empty.
///
/// # Errors
/// `Invalid` with every field that is empty.
pub(super) fn required(typed: &[(&str, Field)]) -> Result<(), AccountError> {
    let missing: Vec<FieldError> = typed
        .iter()
        .filter(|(typed, _)| typed.is_empty())
        .map(|(_, field)| FieldError { field: field.clone(), code: FieldCode::Required })
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(AccountError::Invalid(missing)) }
}
