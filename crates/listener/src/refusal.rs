//! Refusals of the listener. A request that cannot be served (a late body, an impossible method, a form that
//! would override the method) is dispatched as `TRACE` on its own path. Only [`route`] has that method, and
//! it fails with the right status. The catcher registered for the path then words the answer, fairings add
//! their headers, and no handler runs.

use rocket::http::{Method, Status};
use rocket::route::{Handler, Outcome};
use rocket::{Data, Request, Route};

struct RefusedStatus(Status);

#[derive(Clone)]
struct Refuse;

#[rocket::async_trait]
impl Handler for Refuse {
    async fn handle<'r>(&self, request: &'r Request<'_>, _: Data<'r>) -> Outcome<'r> {
        Outcome::Error(request.local_cache(|| RefusedStatus(Status::MethodNotAllowed)).0)
    }
}

/// The route of all refused requests, to be mounted at `/`.
pub(super) fn route() -> Route {
    let mut route = Route::new(Method::Trace, "/<path..>", Refuse);
    route.name = Some("refusal".into());
    route
}

/// Makes the `TRACE` request fail with `status`.
pub(super) fn mark(request: &Request<'_>, status: Status) {
    request.local_cache(|| RefusedStatus(status));
}
