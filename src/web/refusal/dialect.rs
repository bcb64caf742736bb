//! Dialects: which one owns a path, and how it words a refusal.

use std::io::Cursor;

use domain::{AccountError, InternalError, OsRandom, Random as _};
use rocket::http::Status;
use rocket::request::Request;
use rocket::response::{self, Responder, Response};

use super::{Refusal, whole_seconds};
use crate::urls::lies_below;

/// A dialect: its name, its base path, and its wording of refusals.
#[derive(Clone, Copy)]
pub struct Dialect {
    /// Name in logs and in the published description.
    pub name: &'static str,
    /// Base path without a trailing slash. `""` is the fallback for paths that no other base matches.
    pub base: &'static str,
    /// Words a refusal in the shape of the dialect. `incident` is the number of the log line about it, for
    /// 5xx.
    pub refuse: fn(&Refusal, incident: Option<&str>, &Request<'_>) -> Response<'static>,
}

/// All dialects, longest base first.
pub struct Dialects(Vec<Dialect>);

impl Dialects {
    /// Collects the dialects. One of them should have the base `""`.
    pub fn new(dialects: impl IntoIterator<Item = Dialect>) -> Self {
        let mut dialects: Vec<Dialect> = dialects.into_iter().collect();
        dialects.sort_by_key(|dialect| std::cmp::Reverse(dialect.base.len()));
        Self(dialects)
    }

    /// All of them, the longest base first.
    pub fn all(&self) -> impl Iterator<Item = &Dialect> {
        self.0.iter()
    }

    /// The dialect that owns `path`: the longest base that is `path` or a parent of it.
    pub fn of(&self, path: &str) -> Option<&Dialect> {
        self.0.iter().find(|dialect| lies_below(path, dialect.base))
    }
}

impl Refusal {
    /// The complete answer of `dialect` to `request`. `incident` is the number of the log line about it, for
    /// 5xx.
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

/// A response with a body in memory.
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
}
