//! The body of a write as text fields, whichever of the three kinds it came in.

use rocket::Request;
use rocket::data::{Data, FromData, Outcome};
use rocket::outcome::Outcome::{Error, Success};

use super::fields::{self, Fields, MAX_BODY_BYTES};
use super::incoming::Incoming;
use super::{Refusal, note};

/// A body of at most 16 KiB, as fields. No rule about their values is applied yet.
pub struct Body(pub Fields);

impl Body {
    /// Reads the body of `request`.
    ///
    /// # Errors
    /// Too large, late, malformed, or of a type that is not read.
    pub async fn read(request: &Request<'_>, data: Data<'_>) -> Result<Self, Refusal> {
        // Anything that the listener did not buffer is four times too large at least.
        if Incoming::of(request).is_some() {
            return Err(Refusal::TooLarge);
        }
        let content_type = request.headers().get_one("content-type");
        let limit = rocket::data::ByteUnit::Byte(MAX_BODY_BYTES as u64 + 1);
        Ok(Self(fields::read(data.open(limit), content_type, MAX_BODY_BYTES).await?))
    }
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
