//! What a request asks of the database waits in the turn of the address that sent it. How many requests of
//! an address are under way at once is the listener's business.

use limiter::ClientIp;
use rocket::Route;
use rocket::data::Data;
use rocket::request::Request;
use rocket::route::{Handler, Outcome};

use super::guards::client_ip;

/// A handler with its guards. A fairing could not do this: it ends before the handler begins.
#[derive(Clone)]
struct InTurn(Box<dyn Handler>);

#[rocket::async_trait]
impl Handler for InTurn {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let client = ClientIp::from(client_ip(request)).number();
        store::on_behalf_of(client, self.0.handle(request, data)).await
    }
}

/// The same routes, whose requests wait for the database in turn.
pub fn in_turn(mut routes: Vec<Route>) -> Vec<Route> {
    for route in &mut routes {
        route.handler = Box::new(InTurn(route.handler.clone()));
    }
    routes
}
