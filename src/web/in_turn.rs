//! Requests wait for the database in their address's turn.

use limiter::ClientIp;
use rocket::Route;
use rocket::data::Data;
use rocket::request::Request;
use rocket::route::{Handler, Outcome};

use super::guards::ip_of;

/// A handler, with its guards, whose calls of the store wait in the line of the request's address. A fairing
/// could not do this: it ends before the handler begins.
#[derive(Clone)]
struct InTurn(Box<dyn Handler>);

#[rocket::async_trait]
impl Handler for InTurn {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let client = ClientIp::from(ip_of(request)).number();
        store::on_behalf_of(client, self.0.handle(request, data)).await
    }
}

/// The same routes, which wait for the database in turn.
pub fn in_turn(mut routes: Vec<Route>) -> Vec<Route> {
    for route in &mut routes {
        route.handler = Box::new(InTurn(route.handler.clone()));
    }
    routes
}
