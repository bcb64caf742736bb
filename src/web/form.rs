//! The body of a page's form, after the cross-origin check that replaces hidden tokens.

use domain::{AccountError, CustomFields, InternalError, TypedPassword};
use requests::Fields;
use rocket::Request;
use rocket::data::{Data, FromData, Outcome};
use rocket::outcome::Outcome::{Error, Success};

use super::body::Body;
use super::cross_origin::{PublicOrigin, cross_site};
use super::custom_input::CustomInput;
use super::refusal::{Refusal, note};

/// The fields of a form that one of this site's own pages sent, or a program.
pub struct Form(pub Fields);

/// Refuses what another site's page sent.
///
/// # Errors
/// `CrossSite`, when the browser says that the request comes from a page of another origin.
pub fn check_origin(request: &Request<'_>) -> Result<(), Refusal> {
    let Some(ours) = request.rocket().state::<PublicOrigin>() else {
        let missing = InternalError::new("the public origin is not attached");
        return Err(AccountError::Internal(missing).into());
    };
    if cross_site(request, ours) { Err(Refusal::CrossSite) } else { Ok(()) }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for Form {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Self> {
        let read = match check_origin(request) {
            Ok(()) => Body::read(request, data).await,
            Err(refusal) => Err(refusal),
        };
        match read {
            Ok(Body(fields)) => Success(Self(fields)),
            Err(refusal) => Error((note(request, refusal), ())),
        }
    }
}

impl Form {
    /// The text of a field; absent is empty.
    ///
    /// # Errors
    /// `Malformed` when it came twice or is no text: guessing which one was meant would be worse.
    pub fn text(&self, name: &str) -> Result<&str, Refusal> {
        Ok(self.0.text(name).map_err(|_| Refusal::Malformed)?.unwrap_or_default())
    }

    /// The text of a field, if it was sent.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub fn sent(&self, name: &str) -> Result<Option<&str>, Refusal> {
        self.0.text(name).map_err(|_| Refusal::Malformed)
    }

    /// A password, as typed.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub fn secret(&self, name: &str) -> Result<TypedPassword<'_>, Refusal> {
        self.text(name).map(TypedPassword)
    }

    /// The operator's fields that were sent.
    ///
    /// # Errors
    /// `Malformed` when one came twice or holds several values.
    pub fn custom(&self, defined: &CustomFields) -> Result<CustomInput, Refusal> {
        CustomInput::read(&self.0, defined).map_err(|_| Refusal::Malformed)
    }

    /// The number of a row that a button of the page names, under `id`.
    ///
    /// # Errors
    /// `NotFound` when it is missing or no number: no row has it.
    pub fn row_id(&self) -> Result<i64, Refusal> {
        self.0.integer("id").ok().flatten().ok_or(Refusal::NotFound)
    }
}
