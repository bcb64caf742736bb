//! Signed-in pages, compared with a bare Rocket that answers as many bytes from memory.

use std::path::Path;

use crate::accounts::{self, Somebody};
use crate::client::{Connection, Wanted, get};
use crate::load;
use crate::process::Served;
use crate::table::{Table, Target};
use crate::{Outcome, Plan};

const ACCOUNTS: usize = 1_000;

/// One side of a comparison.
pub struct Side<'a> {
    pub name: &'static str,
    server: &'a Served,
    requests: Vec<Vec<u8>>,
    expected: u16,
    pub rates: Vec<f64>,
    pub micros: Vec<f64>,
    pub p50: Vec<f64>,
    pub p99: Vec<f64>,
}

impl<'a> Side<'a> {
    fn new(
        name: &'static str,
        server: &'a Served,
        path: &str,
        wanted: Wanted,
        everybody: &[Somebody],
    ) -> Self {
        let requests = everybody.iter().map(|somebody| get(path, wanted, &somebody.session)).collect();
        Self::of(name, server, requests, 200)
    }

    /// A side that sends `requests` and must get the status `expected`.
    pub fn of(name: &'static str, server: &'a Served, requests: Vec<Vec<u8>>, expected: u16) -> Self {
        Self { name, server, requests, expected, rates: vec![], micros: vec![], p50: vec![], p99: vec![] }
    }

    pub fn take_turn(&mut self, plan: &Plan) -> Outcome<()> {
        let before = self.server.cpu_seconds()?;
        let run = load::closed(
            self.server.address,
            &self.requests,
            plan.connections.max(1),
            plan.turn(),
            self.expected,
        )?;
        let used = self.server.cpu_seconds()? - before;
        self.rates.push(run.rate());
        self.micros.push(used * 1e6 / run.latencies.len() as f64);
        self.p50.push(run.percentile(0.5));
        self.p99.push(run.percentile(0.99));
        Ok(())
    }

    pub fn show(self, what: &str, table: &mut Table) {
        table.row(&format!("{what}: {}", self.name), "requests/s", self.rates);
        table.row("  processor time of the server", "µs/request", self.micros);
        table.row("  p50", "ms", self.p50);
        table.row("  p99", "ms", self.p99);
    }
}

/// Requests every account's page once and checks that it shows that account. Returns the largest length in
/// bytes.
pub fn look_at_everybody(server: &Served, wanted: Wanted, everybody: &[Somebody]) -> Outcome<usize> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = Connection::open(server.address).await?;
        let mut longest = 0;
        for somebody in everybody {
            let answer = connection.ask(&get("/user/profil", wanted, &somebody.session)).await?;
            let own = memchr::memmem::find(answer.body, somebody.email.as_bytes()).is_some();
            if answer.status != 200 || !own {
                return Err(
                    format!("{} got an answer {} that is not theirs", somebody.email, answer.status).into()
                );
            }
            longest = longest.max(answer.body.len());
        }
        Ok(longest)
    })
}

pub fn ratios(one: &[f64], other: &[f64]) -> Vec<f64> {
    one.iter().zip(other).map(|(one, other)| 100.0 * one / other).collect()
}

pub fn measure(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let everybody = runtime.block_on(accounts::make(&accounts::database_in(folder.path()), ACCOUNTS))?;
    drop(runtime);
    let server = Served::vestibule(program, folder.path(), &[])?;
    let page = look_at_everybody(&server, Wanted::Page, &everybody)?;
    let json = look_at_everybody(&server, Wanted::Json, &everybody)?;
    table.heading(&format!(
        "Signed-in pages: {ACCOUNTS} accounts, {} connections, a page of {page} bytes, JSON of {json}",
        plan.connections
    ));
    let (page, json) = (page.to_string(), json.to_string());
    let bare =
        |listener| Served::yardstick(&["bare", "--listener", listener, "--page", &page, "--json", &json]);
    let (stock, ours) = (bare("stock")?, bare("ours")?);
    for (what, path, wanted, least) in
        [("page", "/page", Wanted::Page, 30.0), ("JSON", "/json", Wanted::Json, 60.0)]
    {
        let mut sides = [
            Side::new("bare Rocket", &stock, path, wanted, &everybody),
            Side::new("bare Rocket behind our listener", &ours, path, wanted, &everybody),
            Side::new("Vestibule", &server, "/user/profil", wanted, &everybody),
        ];
        for round in 0..plan.rounds() {
            // Each side is first in some round.
            for turn in 0..sides.len() {
                let next = (round + turn) % sides.len();
                sides[next].take_turn(plan)?;
            }
        }
        let [stock, ours, vestibule] = sides;
        let judged = ratios(&vestibule.rates, &stock.rates);
        let harsher = ratios(&vestibule.rates, &ours.rates);
        let effort = ratios(&stock.micros, &vestibule.micros);
        for side in [stock, ours, vestibule] {
            side.show(what, table);
        }
        table.judged(&format!("{what}: of bare Rocket's requests/s"), "%", judged, Target::AtLeast(least));
        table.row(&format!("{what}: of those behind our listener"), "%", harsher);
        table.row(&format!("{what}: bare Rocket's processor time of ours"), "%", effort);
    }
    Ok(())
}
