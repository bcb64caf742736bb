//! Requests as types: what a handler reads is what the description says.

use crate::web::Body;
use domain::{AccountError, Field, FieldCode, TypedPassword};

/// A value that a field of a body can hold.
pub trait Read<'a>: Sized {
    /// Reads the field that is called `name` on the wire and is `field` to the domain.
    ///
    /// # Errors
    /// `Invalid` for `field`: it came twice or is of another kind.
    fn read(body: &'a Body, name: &str, field: Field) -> Result<Self, AccountError>;
}

/// Absent is empty: the flow decides what is required.
impl<'a> Read<'a> for &'a str {
    fn read(body: &'a Body, name: &str, field: Field) -> Result<Self, AccountError> {
        body.required(name, field)
    }
}

impl<'a> Read<'a> for Option<&'a str> {
    fn read(body: &'a Body, name: &str, field: Field) -> Result<Self, AccountError> {
        body.text(name, field)
    }
}

impl<'a> Read<'a> for TypedPassword<'a> {
    fn read(body: &'a Body, name: &str, field: Field) -> Result<Self, AccountError> {
        body.required(name, field).map(TypedPassword)
    }
}

impl<'a> Read<'a> for Option<TypedPassword<'a>> {
    fn read(body: &'a Body, name: &str, field: Field) -> Result<Self, AccountError> {
        Ok(body.text(name, field)?.map(TypedPassword))
    }
}

impl<'a> Read<'a> for Option<i64> {
    fn read(body: &'a Body, name: &str, field: Field) -> Result<Self, AccountError> {
        body.integer(name, field)
    }
}

/// An integer that must be there; an empty text counts as absent.
pub struct Needed(pub i64);

impl<'a> Read<'a> for Needed {
    fn read(body: &'a Body, name: &str, field: Field) -> Result<Self, AccountError> {
        let missing = AccountError::field(field.clone(), FieldCode::Required);
        match body.text(name, field.clone()) {
            Ok(Some("")) => Err(missing),
            _ => body.integer(name, field)?.map(Self).ok_or(missing),
        }
    }
}

/// Makes a struct with a `read` that takes each of its fields from a [`Body`], under the field's own name,
/// and with a schema of the same names. Each field: its type, and what it is to the domain.
macro_rules! request {
    ($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $field:ident: $type:ty = $meaning:expr),+ $(,)? }) => {
        $(#[$about])*
        #[derive(utoipa::ToSchema)]
        pub struct $name<'a> {
            $($(#[$note])* pub $field: $type),+
        }

        impl<'a> $name<'a> {
            pub fn read(body: &'a $crate::web::Body) -> Result<Self, domain::AccountError> {
                Ok(Self { $($field: $crate::api::request::Read::read(body, stringify!($field), $meaning)?),+ })
            }
        }
    };
}
pub(crate) use request;
