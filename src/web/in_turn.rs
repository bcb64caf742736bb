//! Each address has few requests under way at once, and those wait for the database in its turn. So an
//! address that sends hundreds at once leaves the threads to others, whose requests would otherwise stand
//! behind all of them each time that they wait for something.

use std::num::NonZeroUsize;
use std::time::Duration;

use limiter::ClientIp;
use listener::Incoming;
use rocket::Route;
use rocket::data::Data;
use rocket::request::Request;
use rocket::route::{Handler, Outcome};
use turns::{Gates, Pass};

use super::guards::client_ip;

/// The requests of one address that are under way at once, for each core: enough to keep the core busy.
const FOR_EACH_CORE: usize = 2;

/// How long a request that was told to come back later still counts as under way. This bounds the refusals
/// that an address can ask for, without keeping anybody waiting for one.
const REST: Duration = Duration::from_millis(100);

/// The requests of each address that are under way.
pub struct UnderWay(Option<Gates>);

impl UnderWay {
    /// Without limits everybody may have any number of requests under way: tests and benchmarks are one
    /// address.
    pub fn new(limited: bool) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        // Those that wait are bounded by the listener's connections.
        Self(limited.then(|| Gates::new(FOR_EACH_CORE * cores, usize::MAX)))
    }

    /// Waits until `request` may go ahead. Uploads do not wait and keep nobody waiting: they take as long as
    /// the client's connection, and are limited by themselves.
    async fn enter(&self, request: &Request<'_>, client: u64) -> Option<Pass> {
        match &self.0 {
            Some(gates) if Incoming::of(request).is_none() => gates.enter(client, client).await.ok(),
            _ => None,
        }
    }
}

/// A handler with its guards. A fairing could not do this: it ends before the handler begins.
#[derive(Clone)]
struct InTurn(Box<dyn Handler>);

#[rocket::async_trait]
impl Handler for InTurn {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let client = ClientIp::from(client_ip(request)).number();
        let pass = match request.rocket().state::<UnderWay>() {
            Some(under_way) => under_way.enter(request, client).await,
            None => None,
        };
        let outcome = store::on_behalf_of(client, self.0.handle(request, data)).await;
        if let (Some(pass), Outcome::Success(answer)) = (pass, &outcome)
            && answer.headers().contains("Retry-After")
        {
            tokio::spawn(async move {
                tokio::time::sleep(REST).await;
                drop(pass);
            });
        }
        outcome
    }
}

/// The same routes, whose requests go ahead in turn.
pub fn in_turn(mut routes: Vec<Route>) -> Vec<Route> {
    for route in &mut routes {
        route.handler = Box::new(InTurn(route.handler.clone()));
    }
    routes
}
