//! Tokens of OpenID Connect, signed by ES256: codes and refresh tokens that are exchanged as fast as the
//! server does it, and whether many refresh tokens make one more expensive.

use std::io;
use std::path::Path;

use memchr::memmem;

use crate::client::Answer;
use crate::load::{self, Caller};
use crate::oidc::{self, Credentials, Given, VERIFIER};
use crate::pages::ratios;
use crate::postgres::with_database;
use crate::process::Served;
use crate::table::{Table, Target};
use crate::{Outcome, Plan, accounts};

const ACCOUNTS: usize = 1_000;
const CALLERS: usize = 64;
/// Codes for a second of load: more than can be exchanged.
const CODES_PER_SECOND: f64 = 5_000.0;
/// Refresh tokens where few are known, and where many are. A code begins each *family* of them.
const FAMILIES: [usize; 2] = [100, 100_000];
const LEAST: f64 = 1_500.0;

/// A client's request at the token endpoint.
fn request(client: &Credentials, grant: &str) -> Vec<u8> {
    let body = format!("client_id={}&client_secret={}&{grant}", client.identifier, client.secret);
    format!(
        "POST /oidc/token HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Exchanges codes, each once.
struct Exchanging {
    client: Credentials,
    codes: Vec<String>,
    request: Vec<u8>,
}

impl Caller for Exchanging {
    fn request(&mut self) -> Option<&[u8]> {
        let code = self.codes.pop()?;
        let redirect = "redirect_uri=https%3A%2F%2Fwww.example.net%2Fcallback";
        let grant = format!("grant_type=authorization_code&code={code}&{redirect}&code_verifier={VERIFIER}");
        self.request = request(&self.client, &grant);
        Some(&self.request)
    }

    fn answered(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        load::expect(answer, 200)
    }
}

/// Exchanges refresh tokens in turn, each for the next of its family.
struct Refreshing {
    client: Credentials,
    families: Vec<String>,
    at: usize,
    request: Vec<u8>,
}

impl Caller for Refreshing {
    fn request(&mut self) -> Option<&[u8]> {
        let token = self.families.get(self.at)?;
        self.request = request(&self.client, &format!("grant_type=refresh_token&refresh_token={token}"));
        Some(&self.request)
    }

    fn answered(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        load::expect(answer, 200)?;
        let name = b"\"refresh_token\":\"";
        let next = memmem::find(answer.body, name).map(|at| &answer.body[at + name.len()..]);
        let next = next.and_then(|rest| std::str::from_utf8(rest.split(|byte| *byte == b'"').next()?).ok());
        self.families[self.at] = next.ok_or_else(|| io::Error::other("no next refresh token"))?.to_owned();
        self.at = (self.at + 1) % self.families.len();
        Ok(())
    }
}

/// The figures of one kind of call, one of each round.
#[derive(Default)]
struct Seen {
    rates: Vec<f64>,
    micros: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
}

impl Seen {
    fn take_turn<C: Caller>(&mut self, plan: &Plan, server: &Served, callers: Vec<C>) -> Outcome<Vec<C>> {
        let before = server.cpu_seconds()?;
        let (run, callers) = load::closed_by(server.address, callers, plan.turn())?;
        self.micros.push((server.cpu_seconds()? - before) * 1e6 / run.latencies.len() as f64);
        self.rates.push(run.rate());
        self.p50.push(run.percentile(0.5));
        self.p99.push(run.percentile(0.99));
        Ok(callers)
    }

    /// Shows the rate beside its target, if there is one.
    fn show(self, what: &str, least: Option<f64>, table: &mut Table) {
        match least {
            Some(least) => table.judged(what, "1/s", self.rates, Target::AtLeast(least)),
            None => table.row(what, "1/s", self.rates),
        }
        table.row("  processor time of the server", "µs/request", self.micros);
        table.row("  p50", "ms", self.p50);
        table.row("  p99", "ms", self.p99);
    }
}

/// The share of each caller.
fn shared_out(all: &[String]) -> Vec<Vec<String>> {
    let share = |first| all.iter().skip(first).step_by(CALLERS).cloned().collect();
    (0..CALLERS.min(all.len())).map(share).collect()
}

/// A server over a database of its own.
struct House {
    given: Given,
    server: Served,
    _folder: tempfile::TempDir,
}

impl House {
    fn build(program: &Path, url: Option<&str>, codes: usize, families: usize) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let own = accounts::database_in(folder.path());
        let url = url.unwrap_or(&own);
        let given = tokio::runtime::Runtime::new()?.block_on(async {
            accounts::make(url, ACCOUNTS).await?;
            oidc::give(url, ACCOUNTS, codes, families).await
        })?;
        let server = Served::vestibule(program, folder.path(), &[("VESTIBULE_DATABASE_URL", url)])?;
        Ok(Self { given, server, _folder: folder })
    }

    fn refreshing(&self) -> Vec<Refreshing> {
        let client = &self.given.credentials;
        let caller = |families| Refreshing { client: client.clone(), families, at: 0, request: Vec::new() };
        shared_out(&self.given.refresh_tokens).into_iter().map(caller).collect()
    }

    fn exchanging(&self, codes: &[String]) -> Vec<Exchanging> {
        let client = &self.given.credentials;
        let caller = |codes| Exchanging { client: client.clone(), codes, request: Vec::new() };
        shared_out(codes).into_iter().map(caller).collect()
    }
}

/// The rates of both kinds of exchange over one database.
fn both(plan: &Plan, program: &Path, url: Option<&str>, engine: &str, table: &mut Table) -> Outcome<()> {
    let for_a_round = (CODES_PER_SECOND * plan.turn().as_secs_f64()) as usize;
    let house = House::build(program, url, for_a_round * plan.rounds(), ACCOUNTS)?;
    let (mut exchanged, mut refreshed) = (Seen::default(), Seen::default());
    let mut refreshing = house.refreshing();
    for codes in house.given.codes.chunks(for_a_round) {
        exchanged.take_turn(plan, &house.server, house.exchanging(codes))?;
        refreshing = refreshed.take_turn(plan, &house.server, refreshing)?;
    }
    exchanged.show(&format!("{engine}: codes exchanged"), Some(LEAST), table);
    refreshed.show(&format!("{engine}: refresh tokens exchanged"), Some(LEAST), table);
    Ok(())
}

/// Few families beside many, each over a database of its own.
fn few_and_many(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    let [few, many] = FAMILIES;
    table.heading(&format!("Refresh tokens where {few} are known, and where {many} are; SQLite"));
    let houses = [House::build(program, None, 0, few)?, House::build(program, None, 0, many)?];
    let mut callers = houses.each_ref().map(House::refreshing);
    let mut seen = [Seen::default(), Seen::default()];
    for round in 0..plan.rounds() {
        for turn in 0..houses.len() {
            let next = (round + turn) % houses.len();
            let asking = std::mem::take(&mut callers[next]);
            callers[next] = seen[next].take_turn(plan, &houses[next].server, asking)?;
        }
    }
    let [few_seen, many_seen] = seen;
    let (rates, effort) =
        (ratios(&many_seen.rates, &few_seen.rates), ratios(&many_seen.micros, &few_seen.micros));
    few_seen.show(&format!("{few} families"), None, table);
    many_seen.show(&format!("{many} families"), None, table);
    table.row("rate with many of that with few", "%", rates);
    // The noise of one machine is a twentieth.
    table.judged("processor time with many of that with few", "%", effort, Target::AtMost(105.0));
    Ok(())
}

pub fn measure(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    table.heading(&format!("Tokens signed by ES256: {ACCOUNTS} accounts, {CALLERS} connections"));
    both(plan, program, None, "SQLite", table)?;
    if with_database(plan, |url| both(plan, program, Some(url), "PostgreSQL", table))?.is_none() {
        table.remark("PostgreSQL not measured: there is none, see --postgres");
    }
    few_and_many(plan, program, table)
}
