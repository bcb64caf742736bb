//! The body of a page's form, after the cross-origin check that makes hidden tokens unnecessary.

use domain::{AccountError, CustomFields, InternalError, TypedPassword};
use requests::Fields;
use rocket::Request;
use rocket::data::{Data, FromData, Outcome};
use rocket::outcome::Outcome::{Error, Success};

use super::body::Body;
use super::cross_origin::{PublicOrigin, cross_site};
use super::custom_input::CustomInput;
use super::refusal::{Refusal, note};
use super::return_to::ReturnTo;
use crate::urls::{self, SIGN_OUT};

/// The fields of a form that its sender may have to prove something for first.
struct Interrupted(Vec<(String, String)>);

/// The fields of the form of `request`, which goes on after a proof. Empty for any other form.
pub fn interrupted<'r>(request: &'r Request<'_>) -> &'r [(String, String)] {
    &request.local_cache(|| Interrupted(Vec::new())).0
}

/// The fields of a form, from a page of this site or from a program.
pub struct Form(pub Fields);

/// Refuses a cross-site request.
///
/// # Errors
/// `CrossSite` when the browser's headers say that a page of another site sent the request.
pub fn check_origin(request: &Request<'_>) -> Result<(), Refusal> {
    let Some(ours) = request.rocket().state::<PublicOrigin>() else {
        let missing = InternalError::new("the public origin is not attached");
        return Err(AccountError::Internal(missing).into());
    };
    if cross_site(request, ours) && !signs_out(request) { Err(Refusal::CrossSite) } else { Ok(()) }
}

/// Whether a page of the operator's other sites signs its reader out.
fn signs_out(request: &Request<'_>) -> bool {
    let origin = request.headers().get_one("Origin");
    request.uri().path() == SIGN_OUT && origin.is_some_and(|origin| ReturnTo::of(request).lists(origin))
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
            Ok(Body(fields)) => {
                if urls::goes_on_after_proof(request.uri().path().as_str()) {
                    let texts = fields.texts().filter(|(name, _)| !name.contains("password"));
                    let texts = texts.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
                    request.local_cache(|| Interrupted(texts));
                }
                Success(Self(fields))
            }
            Err(refusal) => Error((note(request, refusal), ())),
        }
    }
}

impl Form {
    /// The text of a field; empty if it was not sent.
    ///
    /// # Errors
    /// `Malformed` when the field came twice or is not text: guessing which value was meant would be worse.
    pub fn text(&self, name: &str) -> Result<&str, Refusal> {
        Ok(self.0.text(name).map_err(|_| Refusal::Malformed)?.unwrap_or_default())
    }

    /// The text of a field; `None` if it was not sent.
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

    /// The operator's fields that were sent. `decimal_mark` is what the page's language has before decimals;
    /// a program writes a point.
    ///
    /// # Errors
    /// `Malformed` when a field came twice or holds several values.
    pub fn custom(&self, defined: &CustomFields, decimal_mark: Option<char>) -> Result<CustomInput, Refusal> {
        let input = CustomInput::read(&self.0, defined).map_err(|_| Refusal::Malformed)?;
        Ok(match decimal_mark {
            Some(mark) => input.with_decimal_mark(mark, defined),
            None => input,
        })
    }

    /// The number in the field `id`, which a button of the page sends to name a row.
    ///
    /// # Errors
    /// `NotFound` when the field is missing or not a number.
    pub fn row_id(&self) -> Result<i64, Refusal> {
        self.0.integer("id").ok().flatten().ok_or(Refusal::NotFound)
    }
}
