//! Mail written while the mail server is down: how soon it arrives after the server's return, from one
//! instance and from several. Also whether the response time reveals that a mail was written.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use store::{DbPool, Store, outbox};
use tokio::task::JoinSet;

use crate::accounts::{self, database_in};
use crate::client::{Connection, post};
use crate::postgres::with_database;
use crate::process::Served;
use crate::table::{Table, Target, median};
use crate::{Outcome, Plan};

const MESSAGES: usize = 3_000;
/// One in a hundred messages goes to an address that the server refuses.
const REFUSED_EVERY: usize = 100;
/// Delay of each of the server's replies.
const LATENCY: Duration = Duration::from_millis(30);
/// Long enough for every instance to reach its longest interval between probes.
const DOWN: Duration = Duration::from_secs(60);
const CLIENTS: usize = 16;
const GIVE_UP: Duration = Duration::from_secs(600);

pub fn measure(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    table.heading(
        "3,000 messages written while the mail server is down, which comes back with 30 ms an answer",
    );
    let Some(python) = python() else {
        table.remark("not measured: aiosmtpd is not there; `make test` fetches it");
        return Ok(());
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let folder = tempfile::tempdir()?;
    let url = database_in(folder.path());
    let seen = runtime.block_on(return_of_the_server(program, &python, &url, &[folder.path()]))?;
    report("one instance, SQLite", &seen, table);

    let folders = [tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?];
    let folders: Vec<&Path> = folders.iter().map(tempfile::TempDir::path).collect();
    let seen =
        with_database(plan, |url| runtime.block_on(return_of_the_server(program, &python, url, &folders)))?;
    match seen {
        Some(seen) => report("three instances, PostgreSQL", &seen, table),
        None => table.remark("several instances not measured: there is no PostgreSQL, see --postgres"),
    }
    runtime.block_on(answers(plan, program, table))
}

/// The result of one return of the server.
struct Seen {
    /// Seconds from the server's return to the last message.
    last: f64,
    /// Most messages to one recipient.
    most: usize,
    /// Number of recipients without their message.
    missing: usize,
    /// Number of messages that were refused and set aside.
    set_aside: usize,
}

fn report(what: &str, seen: &Seen, table: &mut Table) {
    let number = |count: usize| vec![u32::try_from(count).map_or(f64::NAN, f64::from)];
    table.judged(&format!("{what}: all arrived after"), "s", vec![seen.last], Target::AtMost(120.0));
    table.judged(&format!("{what}: most copies of a message"), "", number(seen.most), Target::AtMost(1.0));
    table.judged(&format!("{what}: lost"), "", number(seen.missing), Target::AtMost(0.0));
    table.row(&format!("{what}: refused by the server and set aside"), "", number(seen.set_aside));
}

fn address(number: usize) -> String {
    let who = if number.is_multiple_of(REFUSED_EVERY) { "refused" } else { "somebody" };
    format!("{who}.{number}@example.org")
}

async fn return_of_the_server(program: &Path, python: &Path, url: &str, folders: &[&Path]) -> Outcome<Seen> {
    accounts::make_named(url, MESSAGES, address).await?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let smtp = format!("smtp://127.0.0.1:{port}");
    let settings = [("VESTIBULE_DATABASE_URL", url), ("VESTIBULE_SMTP_URL", &smtp)];
    let served: Vec<Served> =
        folders.iter().map(|folder| Served::vestibule(program, folder, &settings)).collect::<Outcome<_>>()?;
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let address_of = served[client % served.len()].address;
        clients.spawn(async move {
            let mut connection = Connection::open(address_of).await?;
            for number in (client..MESSAGES).step_by(CLIENTS) {
                forget(&mut connection, &address(number)).await?;
            }
            Outcome::Ok(())
        });
    }
    while let Some(done) = clients.join_next().await {
        done??;
    }
    tokio::time::sleep(DOWN).await;
    let store = Store::open(DbPool::connect(url, 1, Duration::from_secs(30)).await?).await?;
    let waiting = async || -> Outcome<usize> {
        let all = outbox::list(&mut store.read().await?, false).await?;
        Ok(all.iter().filter(|mail| mail.failed_at.is_none()).count())
    };
    if waiting().await? != MESSAGES {
        return Err("not every message was written".into());
    }
    let house = tempfile::tempdir()?;
    let server = MailServer::start(python, house.path(), port)?;
    let returned = Instant::now();
    while waiting().await? > 0 {
        if returned.elapsed() > GIVE_UP {
            return Err(format!("{} messages wait", waiting().await?).into());
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let last = returned.elapsed().as_secs_f64();
    let set_aside = outbox::list(&mut store.read().await?, true).await?.len();
    store.close().await;
    drop(server);
    let mut copies: BTreeMap<String, usize> = BTreeMap::new();
    for line in std::fs::read_to_string(house.path().join("commands"))?.lines() {
        if let Some(recipient) = line.strip_prefix("TAKEN ") {
            *copies.entry(recipient.to_owned()).or_default() += 1;
        }
    }
    let wanted = (0..MESSAGES).map(address).filter(|address| address.starts_with("somebody"));
    let missing = wanted.filter(|address| !copies.contains_key(address)).count();
    Ok(Seen { last, most: copies.values().copied().max().unwrap_or(0), missing, set_aside })
}

async fn forget(connection: &mut Connection, identifier: &str) -> Outcome<()> {
    let form = format!("email={}", identifier.replace('@', "%40"));
    let request = post("/user/forgot", None, "application/x-www-form-urlencoded", form.as_bytes());
    match connection.ask(&request).await?.status {
        303 => Ok(()),
        status => Err(format!("a forgotten password was answered with {status}").into()),
    }
}

/// Requests links for existing and for unknown accounts in turn.
async fn answers(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    let trials = if plan.quick { 100 } else { 500 };
    let folder = tempfile::tempdir()?;
    accounts::make(&database_in(folder.path()), trials).await?;
    let served = Served::vestibule(program, folder.path(), &[])?;
    let mut connection = Connection::open(served.address).await?;
    let mut times = [Vec::with_capacity(trials), Vec::with_capacity(trials)];
    for number in 0..trials {
        // Each kind goes first equally often.
        for whom in [number % 2, 1 - number % 2] {
            let name = if whom == 0 { "somebody" } else { "nobodyyy" };
            // Waits until the previous mail is sent, which would disturb the measurement.
            tokio::time::sleep(Duration::from_millis(25)).await;
            let asked = Instant::now();
            forget(&mut connection, &format!("{name}.{number}@example.org")).await?;
            times[whom].push(asked.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    let [known, unknown] = times;
    let ratio = median(&known) / median(&unknown);
    table.row("`forgot` of an account that is there, median", "ms", vec![median(&known)]);
    table.row("`forgot` of one that is not, median", "ms", vec![median(&unknown)]);
    table.judged("the former beside the latter", "", vec![ratio], Target::AtMost(1.1));
    Ok(())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn python() -> Option<PathBuf> {
    Some(root().join("target/aiosmtpd/bin/python")).filter(|python| python.exists())
}

/// The tests' mail server. It ends with this process, because its standard input closes then.
struct MailServer(Child);

impl MailServer {
    fn start(python: &Path, folder: &Path, port: u16) -> Outcome<Self> {
        let mut child = Command::new(python)
            .arg(root().join("tests/support/smtp.py"))
            .arg(folder)
            .args(["--port", &port.to_string(), "--latency", &LATENCY.as_millis().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut said = String::new();
        let output = child.stdout.take().ok_or("no standard output")?;
        BufReader::new(output).read_line(&mut said)?;
        let server = Self(child);
        if said.trim() == format!("ready {port}") { Ok(server) } else { Err("no mail server".into()) }
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // Both calls fail only for a process that is gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
