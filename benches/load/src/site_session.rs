//! The call by which proxies ask who is signed in, compared with a bare Rocket that answers the same headers
//! from memory.

use std::path::Path;

use crate::accounts;
use crate::client::{Connection, Wanted, get};
use crate::pages::{Side, ratios};
use crate::process::Served;
use crate::table::{Table, Target};
use crate::{Outcome, Plan};

const ACCOUNTS: usize = 1_000;
const PATH: &str = "/user/session";

/// Headers that Rocket or its listener writes by itself.
const OF_THE_LISTENER: [&str; 4] = ["connection", "content-length", "date", "server"];

/// The head of the answer to `request`, in lines. It must be a 200 without a body.
async fn head(server: &Served, request: &[u8]) -> Outcome<Vec<String>> {
    let mut connection = Connection::open(server.address).await?;
    let answer = connection.ask(request).await?;
    if answer.status != 200 || !answer.body.is_empty() {
        return Err(format!("{PATH} was answered with {}", answer.status).into());
    }
    Ok(std::str::from_utf8(answer.head)?.lines().map(str::to_owned).collect())
}

/// The headers that the bare Rocket is told to answer with.
fn to_repeat(head: &[String]) -> Vec<String> {
    let by_itself = |line: &&String| {
        let name = line.split(':').next().unwrap_or_default();
        !line.contains(':') || OF_THE_LISTENER.iter().any(|own| own.eq_ignore_ascii_case(name))
    };
    head.iter().filter(|line| !by_itself(line)).cloned().collect()
}

fn bytes(head: &[String]) -> usize {
    head.iter().map(|line| line.len() + 2).sum()
}

pub fn measure(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let everybody = runtime.block_on(accounts::make(&accounts::database_in(folder.path()), ACCOUNTS))?;
    let server = Served::vestibule(program, folder.path(), &[])?;
    let requests: Vec<Vec<u8>> =
        everybody.iter().map(|somebody| get(PATH, Wanted::Page, &somebody.session)).collect();
    // From here on every session is in memory.
    let mut answered = Vec::new();
    for request in &requests {
        answered = runtime.block_on(head(&server, request))?;
    }
    let mut shape: Vec<String> = ["bare", "--page", "1", "--json", "1"].map(str::to_owned).into();
    shape.extend(to_repeat(&answered).into_iter().flat_map(|line| ["--header".to_owned(), line]));
    let bare = |listener: &str| {
        Served::yardstick(&[&shape[..], &["--listener".to_owned(), listener.to_owned()]].concat())
    };
    let (stock, ours) = (bare("stock")?, bare("ours")?);
    let bare_request = get("/headers", Wanted::Page, &everybody[0].session);
    let size = bytes(&answered);
    let same = bytes(&runtime.block_on(head(&stock, &bare_request))?);
    drop(runtime);
    table.heading(&format!(
        "{PATH}: {ACCOUNTS} sessions in memory, {} connections, {size} bytes ({same} of bare Rocket)",
        plan.connections
    ));
    let mut sides = [
        Side::of("bare Rocket", &stock, vec![bare_request.clone()], 200),
        Side::of("bare Rocket behind our listener", &ours, vec![bare_request], 200),
        Side::of("Vestibule", &server, requests, 200),
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
        side.show(PATH, table);
    }
    table.judged("of bare Rocket's requests/s", "%", judged, Target::AtLeast(70.0));
    table.row("of those behind our listener", "%", harsher);
    table.row("bare Rocket's processor time of ours", "%", effort);
    Ok(())
}
