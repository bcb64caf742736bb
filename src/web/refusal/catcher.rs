//! Conversion of guards' failures, Rocket's own errors and panics into refusals, by one catcher for every
//! status.

use std::sync::Mutex;
use std::time::Duration;

use domain::{AccountError, InternalError};
use rocket::http::{Method, Status};
use rocket::request::Request;
use rocket::response::Responder as _;
use rocket::{Catcher, catcher};

use super::{Refusal, methods_at};

/// The reason of a failed guard. The request caches it until the catcher runs.
struct Note(Mutex<Option<Refusal>>);

/// Stores the reason of a guard's failure for the catcher, because Rocket drops guards' errors. Returns the
/// status to fail with. The first reason stays: a later failure is a consequence of it.
pub fn note(request: &Request<'_>, refusal: Refusal) -> Status {
    let left = request.local_cache(|| Note(Mutex::new(None)));
    left.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get_or_insert(refusal).status()
}

fn take_note(request: &Request<'_>) -> Option<Refusal> {
    let left = request.local_cache(|| Note(Mutex::new(None)));
    left.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take()
}

/// The catcher of every status, to register at `/`.
pub fn catchers() -> Vec<Catcher> {
    vec![Catcher::new(None, Catch)]
}

#[derive(Clone)]
struct Catch;

#[rocket::async_trait]
impl catcher::Handler for Catch {
    async fn handle<'r>(&self, status: Status, request: &'r Request<'_>) -> catcher::Result<'r> {
        take_note(request).unwrap_or_else(|| from_status(status, request)).respond_to(request)
    }
}

/// The refusal for a status that Rocket chose itself.
fn from_status(status: Status, request: &Request<'_>) -> Refusal {
    match status.code {
        404 | 405 | 501 => match methods_at(request) {
            methods if methods.is_empty() => Refusal::NotFound,
            methods => Refusal::MethodNotAllowed(methods),
        },
        // A segment of the path does not parse as the route's parameter.
        422 if !request.method().supports_payload() => Refusal::NotFound,
        401 => Refusal::Account(AccountError::Unauthenticated),
        403 => Refusal::Account(AccountError::Forbidden),
        408 => Refusal::TimedOut,
        413 => Refusal::TooLarge,
        415 => Refusal::UnsupportedMediaType,
        421 => Refusal::Misdirected,
        431 => Refusal::HeadersTooLarge,
        429 => Refusal::Account(AccountError::Throttled { retry_after: Duration::from_secs(1) }),
        // The listener refuses a request by this method, here because it has no memory for it just now.
        503 if request.method() == Method::Trace => {
            Refusal::Account(AccountError::Busy { retry_after: Duration::from_secs(1) })
        }
        503 => Refusal::Account(AccountError::Unavailable(InternalError::new("a part is not available"))),
        400..=499 => Refusal::Malformed,
        code => Refusal::Account(AccountError::Internal(InternalError::new(format!(
            "a handler failed with {code}"
        )))),
    }
}
