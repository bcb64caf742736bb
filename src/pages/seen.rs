//! How a request has arrived, for the operator's `vestibule doctor`.

use rocket::http::Status;
use rocket::{Request, get, request};
use serde_json::{Value, json};

use crate::flows::Flows;
use crate::web::{Refusal, Reply, bearer, client_ip};

/// Headers by which proxies say whom they ask for.
const OF_PROXIES: [&str; 6] =
    ["x-real-ip", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "via"];

/// A request with the doctor's proof; any other is for an address that there is not.
pub struct ArrivedRequest(Value);

#[rocket::async_trait]
impl<'r> request::FromRequest<'r> for ArrivedRequest {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let proven = match (request.rocket().state::<Flows>(), bearer(request)) {
            (Some(flows), Some(presented)) => flows.doctors_proof.holds(presented),
            _ => false,
        };
        if !proven {
            return request::Outcome::Forward(Status::NotFound);
        }
        let own = request.rocket().figment().extract_inner::<String>("ip_header").ok();
        let own = own.map(|name| name.to_lowercase());
        let wanted = |name: &str| OF_PROXIES.contains(&name) || own.as_deref() == Some(name);
        let headers: Vec<Value> = request
            .headers()
            .iter()
            .map(|header| (header.name.as_str().to_lowercase(), header.value.to_string()))
            .filter(|(name, _)| wanted(name))
            .map(|(name, value)| json!([name, value]))
            .collect();
        let client = client_ip(request).to_string();
        request::Outcome::Success(Self(json!({ "client": client, "headers": headers })))
    }
}

/// Says whom the server took for the client, and by which headers.
#[get("/health/seen")]
pub fn seen(arrived: Option<ArrivedRequest>) -> Result<Reply, Refusal> {
    let arrived = arrived.ok_or(Refusal::NotFound)?;
    Ok(Reply::json(Status::Ok, &arrived.0))
}
