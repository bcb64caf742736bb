//! Request bodies as types. A type is both the parser and the schema in the description.

use crate::web::Body;
use domain::{AccountError, Field, FieldCode, TypedPassword};

/// A type that a field of a body can be read as.
pub trait Read<'a>: Sized {
    /// Reads the field `name` of the body. `field` is its name in the domain.
    ///
    /// # Errors
    /// `Invalid` for `field` when it came twice or has the wrong type.
    fn read(body: &'a Body, name: &str, field: Field) -> Result<Self, AccountError>;
}

/// A field that was not sent is empty; the flow decides which fields are required.
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

impl<'a> Read<'a> for Option<bool> {
    fn read(body: &'a Body, name: &str, field: Field) -> Result<Self, AccountError> {
        body.boolean(name, field)
    }
}

impl<'a> Read<'a> for Option<i64> {
    fn read(body: &'a Body, name: &str, field: Field) -> Result<Self, AccountError> {
        body.integer(name, field)
    }
}

/// A required integer. Empty text counts as not sent.
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

/// Defines a struct with a method `read` and a schema. `read` takes each field from the [`Body`] under the
/// field's own name. Each field has its type and its name in the domain.
macro_rules! request {
    ($(#[$about:meta])* $name:ident {
        $($(#[$note:meta])* $field:ident: $type:ty = $meaning:expr),+ $(,)?
    }) => {
        $(#[$about])*
        #[derive(utoipa::ToSchema)]
        pub struct $name<'a> {
            $($(#[$note])* pub $field: $type),+
        }

        impl<'a> $name<'a> {
            pub fn read(body: &'a $crate::web::Body) -> Result<Self, domain::AccountError> {
                use $crate::api::request::Read;
                Ok(Self { $($field: Read::read(body, stringify!($field), $meaning)?),+ })
            }
        }
    };
}
pub(crate) use request;
