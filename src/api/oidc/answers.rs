//! Answers of `/oidc` with the headers that its standards want.

use rocket::Request;
use rocket::http::{Header, Status};
use rocket::response::{self, Responder};

use crate::api::oauth::Failure;
use crate::flows::oidc::Refused;
use crate::web::{Answer, Refusal};

/// An answer with `Pragma`, which RFC 6749, section 5.1, requires, and a challenge where it is refused. Every
/// answer has the `Cache-Control` that it requires too.
pub struct Unkept {
    answer: Answer,
    challenge: Option<&'static str>,
}

impl<'r> Responder<'r, 'static> for Unkept {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = self.answer.into_response();
        answer.set_raw_header("Pragma", "no-cache");
        if let Some(challenge) = self.challenge {
            answer.set_raw_header("WWW-Authenticate", challenge);
        }
        Ok(answer)
    }
}

impl From<Answer> for Unkept {
    fn from(answer: Answer) -> Self {
        Self { answer, challenge: None }
    }
}

/// An answer that pages of any origin may read: it is the same for everybody.
#[derive(Responder)]
pub struct Public {
    answer: Answer,
    origins: Header<'static>,
    kept: Header<'static>,
}

impl From<Answer> for Public {
    fn from(answer: Answer) -> Self {
        // A key is published a day before it signs.
        let kept = Header::new("Cache-Control", "public, max-age=300");
        Self { answer, origins: Header::new("Access-Control-Allow-Origin", "*"), kept }
    }
}

/// A call that the OAuth standards refuse by these words.
pub fn failed(status: Status, error: &'static str, description: &str) -> Unkept {
    let answer = Answer::json(status, &Failure::new(error, description));
    let challenge = (status == Status::Unauthorized).then_some("Basic realm=\"oidc\", charset=\"UTF-8\"");
    Unkept { answer, challenge }
}

/// A refused token (RFC 6750, section 3).
pub fn bearer_refused(presented: bool) -> Unkept {
    let answer = Answer::json(
        Status::Unauthorized,
        &Failure::new("invalid_token", "The access token is missing, wrong, too old or was ended."),
    );
    let challenge =
        if presented { "Bearer realm=\"oidc\", error=\"invalid_token\"" } else { "Bearer realm=\"oidc\"" };
    Unkept { answer, challenge: Some(challenge) }
}

/// Why a client gets no token.
///
/// # Errors
/// The refusal that has nothing to do with the client.
pub fn refused(why: Refused) -> Result<Unkept, Refusal> {
    let (status, error, description) = match why {
        Refused::Client => {
            (Status::Unauthorized, "invalid_client", "The client is not known, or its secret is wrong.")
        }
        Refused::Grant => (
            Status::BadRequest,
            "invalid_grant",
            "The code or token is wrong, another client's, used, too old, or was ended.",
        ),
        Refused::Scope => {
            (Status::BadRequest, "invalid_scope", "The scope has no openid, or is more than was permitted.")
        }
        Refused::Unpermitted => {
            (Status::BadRequest, "unauthorized_client", "The operator does not let the client do this.")
        }
        Refused::Pending => (Status::BadRequest, "authorization_pending", "Nobody has typed the code yet."),
        Refused::TooFast => (Status::BadRequest, "slow_down", "Wait 5 seconds longer between two questions."),
        Refused::Late => (Status::BadRequest, "expired_token", "Nobody has typed the code in time."),
        Refused::Denied => (Status::BadRequest, "access_denied", "Somebody does not permit it."),
        Refused::Account(error) => return Err(error.into()),
    };
    Ok(failed(status, error, description))
}
