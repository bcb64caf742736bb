//! The body of a write as text fields. JSON, urlencoded and multipart bodies give the same fields.

use domain::{AccountError, CustomFields, Field, FieldCode};
use listener::Incoming;
use requests::{FieldProblem, Fields, MAX_BODY_BYTES};
use rocket::Request;
use rocket::data::{Data, FromData, Outcome};
use rocket::outcome::Outcome::{Error, Success};
use url::form_urlencoded;

use super::custom_input::CustomInput;
use super::refusal::{Refusal, note};

/// A body of at most 16 KiB, as fields. The values are not checked yet.
pub struct Body(pub Fields);

impl Body {
    /// Reads the body of `request`.
    ///
    /// # Errors
    /// `TooLarge`, `TimedOut`, `Malformed`, `UnsupportedMediaType`.
    pub async fn read(request: &Request<'_>, data: Data<'_>) -> Result<Self, Refusal> {
        // The listener buffers bodies of up to 64 KiB. A body that it left on the wire is larger, so it is
        // too large here.
        if Incoming::of(request).is_some() {
            return Err(Refusal::TooLarge);
        }
        let content_type = request.headers().get_one("content-type");
        let limit = rocket::data::ByteUnit::Byte(MAX_BODY_BYTES as u64 + 1);
        let expected = request.headers().get_one("content-length").and_then(|length| length.parse().ok());
        Ok(Self(requests::read(data.open(limit), content_type, expected, MAX_BODY_BYTES).await?))
    }
}

/// How a request of a client goes on to where all of them are read.
impl Body {
    /// The fields, but for `left_out`, as the query of an address. One that came twice comes twice: whoever
    /// reads the query refuses it.
    pub fn as_query(&self, left_out: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.0.texts().filter(|(name, _)| Some(*name) != left_out));
        query.extend_pairs(self.0.repeated().flat_map(|name| [(name, ""); 2]));
        query.finish()
    }
}

/// How the dialects read fields. A repeated field or one of the wrong type is a refusal of that field, in the
/// dialect's shape. A [`Form`](super::Form) refuses the whole body instead.
impl Body {
    /// The text of the field `name`; `None` if it was not sent.
    ///
    /// # Errors
    /// `Invalid` for `field` when the field came twice or is not text.
    pub fn text(&self, name: &str, field: Field) -> Result<Option<&str>, AccountError> {
        self.0.text(name).map_err(|problem| refused(field, problem))
    }

    /// The text of the field `name`; empty if it was not sent.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub fn required(&self, name: &str, field: Field) -> Result<&str, AccountError> {
        Ok(self.text(name, field)?.unwrap_or_default())
    }

    /// The integer in the field `name`; `None` if it was not sent. A JSON string of digits counts too: PHP
    /// clients send numbers as they come from a form or a database.
    ///
    /// # Errors
    /// `Invalid` for `field` when the field came twice or is not a 64-bit integer.
    pub fn integer(&self, name: &str, field: Field) -> Result<Option<i64>, AccountError> {
        match (self.0.integer(name), self.0.text(name)) {
            (Err(FieldProblem::WrongType), Ok(Some(text))) => {
                let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                let number = text.parse().ok().filter(|_| digits);
                number.map(Some).ok_or_else(|| refused(field, FieldProblem::WrongType))
            }
            (read, _) => read.map_err(|problem| refused(field, problem)),
        }
    }

    /// The choice in the field `name`; `None` if it was not sent.
    ///
    /// # Errors
    /// `Invalid` for `field` when it came twice or is neither on nor off.
    pub fn boolean(&self, name: &str, field: Field) -> Result<Option<bool>, AccountError> {
        self.0.boolean(name).map_err(|problem| refused(field, problem))
    }

    /// The operator's fields that were sent.
    ///
    /// # Errors
    /// `Invalid` for the first field that came twice or holds several values.
    pub fn custom(&self, defined: &CustomFields) -> Result<CustomInput, AccountError> {
        CustomInput::read(&self.0, defined).map_err(|(field, problem)| refused(field, problem))
    }
}

fn refused(field: Field, problem: FieldProblem) -> AccountError {
    let code = match problem {
        FieldProblem::Repeated => FieldCode::Repeated,
        FieldProblem::WrongType | FieldProblem::OutOfRange => FieldCode::WrongType,
    };
    AccountError::field(field, code)
}

#[rocket::async_trait]
impl<'r> FromData<'r> for Body {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Self> {
        match Self::read(request, data).await {
            Ok(body) => Success(body),
            Err(refusal) => Error((note(request, refusal), ())),
        }
    }
}
