//! Every answer that is a "no", in the shape of the door it is said at.

use std::io::Cursor;
use std::sync::Mutex;
use std::time::Duration;

use rocket::http::Status;
use rocket::request::Request;
use rocket::response::{self, Responder, Response};
use rocket::{Catcher, catcher};

use super::fields::BodyError;
use crate::domain::{AccountError, InternalError, OsRandom, Random as _};
use crate::store::StoreError;

/// What a door has to put into words: a flow's refusal, and what only HTTP can get wrong.
#[derive(Debug)]
pub enum Refusal {
    /// A flow said no.
    Account(AccountError),
    /// The request or its body is not what it says it is.
    Malformed,
    /// Another site's page sent it.
    CrossSite,
    /// There is nothing at this address.
    NotFound,
    /// There is, but not by this method; the methods that there are.
    MethodNotAllowed(String),
    /// The body did not arrive in time.
    TimedOut,
    /// The body is too large.
    TooLarge,
    /// The body's type is none of the three that are read.
    UnsupportedMediaType,
}

impl Refusal {
    /// The status of the pages and of every dialect that does not say otherwise.
    pub fn status(&self) -> Status {
        match self {
            Self::Account(error) => match error {
                AccountError::Invalid(_) => Status::UnprocessableEntity,
                AccountError::InvalidCredentials | AccountError::Unauthenticated => Status::Unauthorized,
                AccountError::Forbidden | AccountError::Unverified => Status::Forbidden,
                AccountError::NotFound => Status::NotFound,
                AccountError::TicketSpent => Status::Gone,
                AccountError::Throttled { .. } => Status::TooManyRequests,
                AccountError::Busy { .. } | AccountError::Unavailable(_) => Status::ServiceUnavailable,
                AccountError::Internal(_) => Status::InternalServerError,
            },
            Self::Malformed => Status::BadRequest,
            Self::CrossSite => Status::Forbidden,
            Self::NotFound => Status::NotFound,
            Self::MethodNotAllowed(_) => Status::MethodNotAllowed,
            Self::TimedOut => Status::RequestTimeout,
            Self::TooLarge => Status::PayloadTooLarge,
            Self::UnsupportedMediaType => Status::UnsupportedMediaType,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Account(error) => error.code(),
            Self::Malformed => "malformed",
            Self::CrossSite => "cross_site",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::TimedOut => "timed_out",
            Self::TooLarge => "too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
        }
    }

    /// When to come back, if that helps.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Account(AccountError::Throttled { retry_after } | AccountError::Busy { retry_after }) => {
                Some(*retry_after)
            }
            Self::Account(AccountError::Unavailable(_)) => Some(Duration::from_secs(2)),
            _ => None,
        }
    }

    /// The whole answer of `dialect` to `request`. `incident`: number of the log line about it, for 5xx.
    pub fn worded(
        &self,
        dialect: &Dialect,
        incident: Option<&str>,
        request: &Request<'_>,
    ) -> Response<'static> {
        let mut answer = (dialect.refuse)(self, incident, request);
        if let Some(after) = self.retry_after() {
            answer.set_raw_header("Retry-After", whole_seconds(after).to_string());
        }
        if let Self::MethodNotAllowed(methods) = self {
            answer.set_raw_header("Allow", methods.clone());
        }
        answer
    }

    fn cause(&self) -> Option<&InternalError> {
        match self {
            Self::Account(AccountError::Internal(cause) | AccountError::Unavailable(cause)) => Some(cause),
            _ => None,
        }
    }

    fn from_status(status: Status, request: &Request<'_>) -> Self {
        match status.code {
            404 | 405 | 501 => match methods_at(request) {
                methods if methods.is_empty() => Self::NotFound,
                methods => Self::MethodNotAllowed(methods),
            },
            // A part of the path that is not what the route wants there.
            422 if !request.method().supports_payload() => Self::NotFound,
            401 => Self::Account(AccountError::Unauthenticated),
            403 => Self::Account(AccountError::Forbidden),
            408 => Self::TimedOut,
            413 => Self::TooLarge,
            415 => Self::UnsupportedMediaType,
            429 => Self::Account(AccountError::Throttled { retry_after: Duration::from_secs(1) }),
            503 => Self::Account(AccountError::Unavailable(InternalError::new("a part is not available"))),
            400..=499 => Self::Malformed,
            code => Self::Account(AccountError::Internal(InternalError::new(format!(
                "a handler failed with {code}"
            )))),
        }
    }
}

impl From<AccountError> for Refusal {
    fn from(error: AccountError) -> Self {
        Self::Account(error)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Account(error.into())
    }
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Malformed | BodyError::MethodOverride | BodyError::Disconnected => Self::Malformed,
            BodyError::TooLarge | BodyError::FileTooLarge => Self::TooLarge,
            BodyError::UnsupportedMediaType => Self::UnsupportedMediaType,
            BodyError::TimedOut => Self::TimedOut,
            // The disk that the upload goes to: it may have room again.
            BodyError::Io(kind) => {
                Self::Account(AccountError::Unavailable(InternalError::new(kind.to_string())))
            }
        }
    }
}

/// A door: its name, the path below which it answers, and its words.
#[derive(Clone, Copy)]
pub struct Dialect {
    /// For logs.
    pub name: &'static str,
    /// Base path without a slash at its end; `""` owns what nobody else does.
    pub base: &'static str,
    /// Puts a refusal into the door's shape. `incident`: number of the log line about it, for 5xx.
    pub refuse: fn(&Refusal, incident: Option<&str>, &Request<'_>) -> Response<'static>,
}

/// All doors.
pub struct Dialects(Vec<Dialect>);

impl Dialects {
    /// Takes the doors; one of them should own `""`.
    pub fn new(dialects: impl IntoIterator<Item = Dialect>) -> Self {
        let mut dialects: Vec<Dialect> = dialects.into_iter().collect();
        dialects.sort_by_key(|dialect| std::cmp::Reverse(dialect.base.len()));
        Self(dialects)
    }

    /// The door that owns `path`: the longest base, at a segment's end.
    pub fn of(&self, path: &str) -> Option<&Dialect> {
        self.0.iter().find(|dialect| lies_below(path, dialect.base))
    }
}

/// Whether `path` is `base` or lies below it; everything lies below `""`.
pub(super) fn lies_below(path: &str, base: &str) -> bool {
    path.strip_prefix(base)
        .is_some_and(|rest| base.is_empty() || rest.is_empty() || rest.starts_with(['/', '?']))
}

impl<'r> Responder<'r, 'static> for Refusal {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let incident = self.cause().map(|cause| {
            let mut number = [0u8; 6];
            OsRandom.fill(&mut number);
            let number: String = number.iter().map(|byte| format!("{byte:02x}")).collect();
            log::error!("incident {number}: {} at {}: {cause}", self.code(), request.uri().path());
            number
        });
        let dialect =
            request.rocket().state::<Dialects>().and_then(|all| all.of(request.uri().path().as_str()));
        let Some(dialect) = dialect else { return Err(self.status()) };
        Ok(self.worded(dialect, incident.as_deref(), request))
    }
}

struct Note(Mutex<Option<Refusal>>);

/// Leaves the reason of a guard's failure for the catcher: Rocket does not hand guard errors on.
///
/// The first reason stays: what fails after it fails because of it.
pub fn note(request: &Request<'_>, refusal: Refusal) -> Status {
    let left = request.local_cache(|| Note(Mutex::new(None)));
    left.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get_or_insert(refusal).status()
}

fn take_note(request: &Request<'_>) -> Option<Refusal> {
    let left = request.local_cache(|| Note(Mutex::new(None)));
    left.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take()
}

/// The one catcher, for every status below `/`.
pub fn catchers() -> Vec<Catcher> {
    vec![Catcher::new(None, Catch)]
}

#[derive(Clone)]
struct Catch;

#[rocket::async_trait]
impl catcher::Handler for Catch {
    async fn handle<'r>(&self, status: Status, request: &'r Request<'_>) -> catcher::Result<'r> {
        take_note(request).unwrap_or_else(|| Refusal::from_status(status, request)).respond_to(request)
    }
}

/// The methods by which something can be had at this path, for `Allow`.
pub(super) fn methods_at(request: &Request<'_>) -> String {
    let path: Vec<&str> = segments(request.uri().path().as_str()).collect();
    let mut methods: Vec<&str> = Vec::new();
    // The listener's own route for refused requests is not an answer to anybody.
    let ours = |route: &&rocket::Route| route.method != rocket::http::Method::Trace;
    for route in request.rocket().routes().filter(ours).filter(|route| covers(route.uri.path(), &path)) {
        let also = if route.method == rocket::http::Method::Get { &["GET", "HEAD"][..] } else { &[] };
        for method in also.iter().copied().chain([route.method.as_str()]) {
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
    }
    methods.join(", ")
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn covers(route: &str, path: &[&str]) -> bool {
    let mut given = path.iter();
    for wanted in segments(route) {
        if wanted.starts_with('<') && wanted.ends_with("..>") {
            return true;
        }
        match given.next() {
            Some(part) if wanted.starts_with('<') || *part == wanted => {}
            _ => return false,
        }
    }
    given.next().is_none()
}

/// A waiting time for `Retry-After`: whole seconds, rounded up, at least one.
pub fn whole_seconds(after: Duration) -> u64 {
    (after.as_secs() + u64::from(after.subsec_nanos() > 0)).max(1)
}

/// An answer with a body in memory.
pub fn sized(status: Status, content_type: &'static str, body: String) -> Response<'static> {
    let mut answer = Response::new();
    answer.set_status(status);
    answer.set_raw_header("Content-Type", content_type);
    answer.set_raw_header("Cache-Control", "no-store");
    answer.set_sized_body(body.len(), Cursor::new(body));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(name: &'static str, base: &'static str) -> Dialect {
        Dialect { name, base, refuse: |_, _, _| Response::new() }
    }

    #[test]
    fn the_longest_base_owns_a_path_and_only_at_a_segments_end() {
        let all =
            Dialects::new([dialect("pages", ""), dialect("a", "/api/alpha"), dialect("b", "/api/alpha/two")]);
        let owner = |path| all.of(path).map(|dialect| dialect.name);
        assert_eq!(owner("/api/alpha"), Some("a"));
        assert_eq!(owner("/api/alpha/x"), Some("a"));
        assert_eq!(owner("/api/alpha/two/x"), Some("b"));
        assert_eq!(owner("/api/alphabet"), Some("pages"));
        assert_eq!(owner("/"), Some("pages"));
    }

    #[test]
    fn a_route_pattern_covers_the_paths_it_would_match() {
        let path = |text: &'static str| segments(text).collect::<Vec<_>>();
        assert!(covers("/user/picture/<id>/<file>", &path("/user/picture/ab/64.jpg")));
        assert!(!covers("/user/picture/<id>/<file>", &path("/user/picture/ab")));
        assert!(covers("/static/<path..>", &path("/static/a/b/c")));
        assert!(!covers("/user", &path("/user/login")));
    }
}
