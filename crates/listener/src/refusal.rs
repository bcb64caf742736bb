//! How the listener says no. A request that cannot be served as it came is dispatched as a `TRACE`, a method
//! no page or API uses, to the one route that has it: that route fails with the wanted status. So the catcher
//! of the path's own dialect words the answer, fairings add their headers, and no handler runs.

use rocket::http::{Method, Status};
use rocket::route::{Handler, Outcome};
use rocket::{Data, Request, Route};

struct Refused(Status);

#[derive(Clone)]
struct Refuse;

#[rocket::async_trait]
impl Handler for Refuse {
    async fn handle<'r>(&self, request: &'r Request<'_>, _: Data<'r>) -> Outcome<'r> {
        Outcome::Error(request.local_cache(|| Refused(Status::MethodNotAllowed)).0)
    }
}

/// The route every refused request goes to, to be mounted at `/`.
pub(super) fn route() -> Route {
    let mut route = Route::new(Method::Trace, "/<path..>", Refuse);
    route.name = Some("refusal".into());
    route
}

/// Makes a `TRACE` fail with `status`.
pub(super) fn mark(request: &Request<'_>, status: Status) {
    request.local_cache(|| Refused(status));
}
