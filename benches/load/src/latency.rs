//! The latency of a signed-in page, and of the call that proxies ask who is signed in by, while many people
//! sign in.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

use crate::accounts::{self, PASSWORD, Somebody};
use crate::client::{Connection, Wanted, get, sign_in};
use crate::pages::look_at_everybody;
use crate::process::Served;
use crate::table::{Table, Target};
use crate::{Outcome, Plan, load};

const READERS: usize = 1_000;
const ENTERING: usize = 200;
const PER_SECOND: f64 = 100.0;

/// What is asked for, under which address, and the most that it may take at the 99th percentile, in ms.
const ASKED: [(&str, &str, f64); 2] =
    [("page", "/user/profil", 50.0), ("/user/session", "/user/session", 5.0)];

pub fn measure(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let url = accounts::database_in(folder.path());
    let mut readers = runtime.block_on(accounts::make(&url, READERS + ENTERING))?;
    let entering = readers.split_off(READERS);
    let server = Served::vestibule(program, folder.path(), &[])?;
    look_at_everybody(&server, Wanted::Page, &readers)?;
    let turn = plan.turn().max(Duration::from_secs(2));
    for (name, path, most) in ASKED {
        table.heading(&format!(
            "{name} now and then ({PER_SECOND}/s, timed from when each was due) while {ENTERING} clients sign in at once"
        ));
        let requests: Vec<Vec<u8>> =
            readers.iter().map(|somebody| get(path, Wanted::Page, &somebody.session)).collect();
        let requests = Arc::new(requests);
        let (mut calm, mut p50, mut p99, mut rates) = (vec![], vec![], vec![], vec![]);
        for _ in 0..plan.rounds() {
            let (quiet, crowded, entered) = runtime.block_on(async {
                let quiet = load::open(server.address, requests.clone(), PER_SECOND, turn).await?;
                let crowd = Crowd::gather(&server, &entering);
                // Waits until the queue is full.
                tokio::time::sleep(Duration::from_secs(1)).await;
                let crowded = load::open(server.address, requests.clone(), PER_SECOND, turn).await?;
                Ok::<_, Box<dyn std::error::Error + Send + Sync>>((quiet, crowded, crowd.disperse().await?))
            })?;
            calm.push(quiet.percentile(0.99));
            p50.push(crowded.percentile(0.5));
            p99.push(crowded.percentile(0.99));
            rates.push(entered);
        }
        table.row(&format!("{name}, nobody signing in: p99"), "ms", calm);
        table.row(&format!("{name}: p50"), "ms", p50);
        table.judged(&format!("{name}: p99"), "ms", p99, Target::AtMost(most));
        table.row("sign-ins meanwhile", "1/s", rates);
    }
    Ok(())
}

/// Clients that sign in again and again.
pub struct Crowd {
    clients: JoinSet<Outcome<u32>>,
    enough: Arc<AtomicBool>,
    since: std::time::Instant,
}

impl Crowd {
    pub fn gather(server: &Served, entering: &[Somebody]) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let address = server.address;
        let mut clients = JoinSet::new();
        for somebody in entering {
            let (request, enough) = (sign_in(&somebody.email, PASSWORD), enough.clone());
            clients.spawn(async move {
                let mut connection = Connection::open(address).await?;
                let mut entered = 0;
                while !enough.load(Ordering::Relaxed) {
                    match connection.ask(&request).await?.status {
                        308 => entered += 1,
                        status => return Err(format!("a sign-in was answered with {status}").into()),
                    }
                }
                Ok(entered)
            });
        }
        Self { clients, enough, since: std::time::Instant::now() }
    }

    /// Stops the clients and returns the sign-ins per second.
    pub async fn disperse(mut self) -> Outcome<f64> {
        self.enough.store(true, Ordering::Relaxed);
        let mut entered = 0;
        while let Some(client) = self.clients.join_next().await {
            entered += client??;
        }
        Ok(f64::from(entered) / self.since.elapsed().as_secs_f64())
    }
}
