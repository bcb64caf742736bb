//! Metrics for Prometheus, at an address of their own.

mod gather;
mod process;

use std::sync::{Arc, OnceLock};

use listener::Connections;
use metrics::MetricsServer;
use rocket::fairing::AdHoc;
use rocket::{Build, Rocket};

use crate::config::{Settings, StartError};
use crate::flows::Flows;
use crate::web::RequestFigures;

use gather::Figures;

/// Metrics of a server that is being started. Without an address there are none, and nothing is counted of
/// requests.
pub struct Metrics(Option<BoundMetrics>);

struct BoundMetrics {
    server: MetricsServer,
    /// What Rocket has made once it is launched.
    made: Arc<OnceLock<(Flows, Arc<RequestFigures>)>>,
}

impl Metrics {
    /// Binds the address of the settings, if they have one.
    ///
    /// # Errors
    /// Names the setting when the address cannot be bound.
    pub async fn bind(settings: &Settings) -> Result<Self, StartError> {
        let Some(address) = settings.metrics.address else { return Ok(Self(None)) };
        let wrong =
            |error: std::io::Error| StartError::setting("metrics.address", format!("{address}: {error}"));
        let server = MetricsServer::bind(address).await.map_err(wrong)?;
        Ok(Self(Some(BoundMetrics { server, made: Arc::default() })))
    }

    /// Has `rocket` tell where the numbers are, once it is launched.
    pub fn watch(&self, rocket: Rocket<Build>) -> Rocket<Build> {
        let Some(bound) = &self.0 else { return rocket };
        let place = bound.made.clone();
        rocket.attach(AdHoc::on_liftoff("metrics", move |rocket| {
            Box::pin(async move {
                let parts = (rocket.state::<Flows>(), rocket.state::<Arc<RequestFigures>>());
                if let (Some(flows), Some(requests)) = parts {
                    place.get_or_init(|| (flows.clone(), requests.clone()));
                }
            })
        }))
    }

    /// Answers from now on, as long as the program runs.
    pub fn answer(self, connections: Connections) {
        let Some(BoundMetrics { server, made }) = self.0 else { return };
        let Some((flows, requests)) = made.get() else { return };
        if let Ok(address) = server.local_addr() {
            log::info!("metrics are at http://{address}/metrics");
        }
        tokio::spawn(server.serve(Figures::new(requests.clone(), connections, flows.clone())));
    }
}
