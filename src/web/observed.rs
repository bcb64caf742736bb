//! Counts requests by door, route, method and status, with the time that each took, and tells the access log
//! the door and the route.
//!
//! Nothing that a stranger writes becomes part of a name: a route is the pattern that the program mounts, and
//! a path that no route has is `none`. What is counted lies in tables that are made at the start, so that a
//! request costs a look-up and three atomic additions.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use listener::{AnsweredBy, answered_by};
use metrics::{Labels, TimingCounts, Timings};
use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::Method;
use rocket::{Orbit, Request, Response, Rocket};

use super::headers::{is_head, time_since_asked};
use super::refusal::Dialects;

/// The route of a request that no route of ours has answered.
const NONE: &str = "none";

/// The door of a path where there are no dialects.
const NO_DOOR: &str = "none";

/// The methods that are told apart; any other is the last.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"];

/// The statuses that are told apart, in their order: those that the program answers with. Any other is
/// `other`.
const STATUSES: [u16; 34] = [
    200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409, 410, 411,
    413, 414, 415, 416, 421, 422, 429, 431, 500, 501, 502, 503, 504,
];

/// What was counted of requests since the start.
#[derive(Default)]
pub struct RequestFigures(OnceLock<Patterns>);

/// The patterns of all routes, and the doors of the paths that have none.
struct Patterns {
    routes: HashMap<&'static str, ByMethod>,
    /// One for each door, by its name.
    strays: Vec<(&'static str, ByMethod)>,
    nowhere: ByMethod,
}

/// One pattern, or the paths of one door that have none. A method gets its counts with its first request.
struct ByMethod {
    by: AnsweredBy,
    counts: [OnceLock<Box<Counts>>; METHODS.len()],
}

struct Counts {
    statuses: [AtomicU64; STATUSES.len() + 1],
    times: Timings,
}

impl Default for Counts {
    fn default() -> Self {
        Self { statuses: [const { AtomicU64::new(0) }; STATUSES.len() + 1], times: Timings::default() }
    }
}

impl ByMethod {
    fn of(route: &'static str, door: &'static str) -> Self {
        Self { by: AnsweredBy { door, route }, counts: Default::default() }
    }
}

impl RequestFigures {
    fn begin(&self, rocket: &Rocket<Orbit>) {
        let dialects = rocket.state::<Dialects>();
        let door_of = |path: &str| dialects.and_then(|all| all.of(path)).map_or(NO_DOOR, |door| door.name);
        // The listener has a route for `TRACE`, by which it refuses.
        let routes = rocket.routes().filter(|route| route.method != Method::Trace).map(|route| {
            // A few kilobytes that last as long as the program, so that no request copies them.
            let pattern: &'static str = route.uri.path().to_owned().leak();
            (pattern, ByMethod::of(pattern, door_of(pattern)))
        });
        let doors = dialects.into_iter().flat_map(Dialects::all);
        let strays = doors.map(|door| (door.name, ByMethod::of(NONE, door.name))).collect();
        self.0.get_or_init(|| Patterns {
            routes: routes.collect(),
            strays,
            nowhere: ByMethod::of(NONE, NO_DOOR),
        });
    }

    fn count(&self, request: &Request<'_>, status: u16) {
        let Some(patterns) = self.0.get() else { return };
        let route = request.route().filter(|route| route.method != Method::Trace);
        let known = route.and_then(|route| patterns.routes.get(route.uri.path()));
        let by_method = known.unwrap_or_else(|| patterns.stray(request));
        answered_by(by_method.by);
        let counts = by_method.counts[method_of(request)].get_or_init(Box::default);
        let at = STATUSES.binary_search(&status).unwrap_or(STATUSES.len());
        counts.statuses[at].fetch_add(1, Ordering::Relaxed);
        counts.times.record(time_since_asked(request));
    }

    /// The number of requests with their `door`, `route`, `method` and `status`.
    pub fn requests(&self) -> Vec<(Labels, u64)> {
        let mut found = Vec::new();
        for (labels, counts) in self.seen() {
            for (at, count) in counts.statuses.iter().enumerate() {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    let status = STATUSES.get(at).map_or_else(|| "other".to_owned(), u16::to_string);
                    found.push(([&labels[..], &[("status", status)]].concat(), count));
                }
            }
        }
        found
    }

    /// The time that requests took, with their `door`, `route` and `method`.
    pub fn times(&self) -> Vec<(Labels, TimingCounts)> {
        self.seen().map(|(labels, counts)| (labels, counts.times.counts())).collect()
    }

    /// What has had a request.
    fn seen(&self) -> impl Iterator<Item = (Labels, &Counts)> {
        self.0.get().into_iter().flat_map(Patterns::all).flat_map(|by_method| {
            METHODS.iter().zip(&by_method.counts).filter_map(move |(method, counts)| {
                let labels = vec![
                    ("door", by_method.by.door.to_owned()),
                    ("route", by_method.by.route.to_owned()),
                    ("method", (*method).to_owned()),
                ];
                Some((labels, &**counts.get()?))
            })
        })
    }
}

impl Patterns {
    fn stray(&self, request: &Request<'_>) -> &ByMethod {
        let dialects = request.rocket().state::<Dialects>();
        let door = dialects.and_then(|all| all.of(request.uri().path().as_str()));
        let stray = door.and_then(|door| self.strays.iter().find(|(name, _)| *name == door.name));
        stray.map_or(&self.nowhere, |(_, by_method)| by_method)
    }

    fn all(&self) -> impl Iterator<Item = &ByMethod> {
        let strays = self.strays.iter().map(|(_, by_method)| by_method);
        self.routes.values().chain(strays).chain([&self.nowhere])
    }
}

fn method_of(request: &Request<'_>) -> usize {
    let method = if is_head(request) { "HEAD" } else { request.method().as_str() };
    METHODS.iter().position(|known| *known == method).unwrap_or(METHODS.len() - 1)
}

/// The fairing that counts.
pub struct Observed(pub Arc<RequestFigures>);

#[rocket::async_trait]
impl Fairing for Observed {
    fn info(&self) -> Info {
        Info { name: "figures of requests", kind: Kind::Liftoff | Kind::Response }
    }

    async fn on_liftoff(&self, rocket: &Rocket<Orbit>) {
        self.0.begin(rocket);
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, answer: &mut Response<'r>) {
        self.0.count(request, answer.status().code);
    }
}
