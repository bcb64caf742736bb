//! The body of a page's form, after the cross-origin check that replaces hidden tokens.

use rocket::Request;
use rocket::data::{Data, FromData, Outcome};
use rocket::outcome::Outcome::{Error, Success};

use super::fields::{FieldProblem, Fields};
use super::{Body, PublicOrigin, Refusal, cross_site, note};
use crate::domain::{AccountError, InternalError, TypedPassword};

/// The fields of a form that one of this site's own pages sent, or a program.
pub struct Form(pub Fields);

/// Refuses what another site's page sent.
///
/// # Errors
/// `CrossSite`.
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

    /// The operator's fields that were sent; a JSON boolean or number counts as its text.
    ///
    /// # Errors
    /// `Malformed` when one came twice or holds several values.
    pub fn custom(&self, names: impl Iterator<Item = String>) -> Result<Vec<(String, String)>, Refusal> {
        let mut sent = Vec::new();
        for name in names.filter(|name| self.0.contains(name)) {
            let value = match self.0.text(&name) {
                Ok(text) => text.unwrap_or_default().to_owned(),
                Err(FieldProblem::WrongType) => match (self.0.boolean(&name), self.0.integer(&name)) {
                    (Ok(Some(flag)), _) => flag.to_string(),
                    (_, Ok(Some(number))) => number.to_string(),
                    _ => return Err(Refusal::Malformed),
                },
                Err(_) => return Err(Refusal::Malformed),
            };
            sent.push((name, value));
        }
        Ok(sent)
    }
}
