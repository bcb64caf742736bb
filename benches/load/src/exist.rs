//! Whether an address has an account, as a trusted server asks: among very many accounts, and among few.

use std::io;
use std::path::Path;
use std::time::Duration;

use domain::Token;
use store::{DbPool, Store};

use crate::client::Answer;
use crate::dialects::{api_key, post};
use crate::dumpdata::Dice;
use crate::load::{Caller, closed_by, expect};
use crate::postgres::with_database;
use crate::process::Served;
use crate::table::{Table, Target, multiples};
use crate::{Outcome, Plan, accounts, directory};

const FEW: usize = 10_000;
/// The longest time of an answer among many, as a multiple of the time among few.
const MOST: f64 = 1.2;

/// Asks for somebody else each time, at random among all accounts.
struct Asking {
    key: String,
    accounts: usize,
    dice: Dice,
    request: Vec<u8>,
}

impl Caller for Asking {
    fn request(&mut self) -> Option<&[u8]> {
        let number = 1 + self.dice.below(self.accounts);
        let body = format!("email=somebody.{number}%40example.net");
        self.request = post("/admin/api_account/exist", &self.key, &body);
        Some(&self.request)
    }

    fn answered(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        expect(answer, 200)?;
        match memchr::memmem::find(answer.body, b"\"exists\":true") {
            Some(_) => Ok(()),
            None => Err(io::Error::other("an account was not found")),
        }
    }
}

/// A server, and how many accounts it has.
struct Side {
    server: Served,
    key: Token,
    accounts: usize,
    asked: u64,
    /// At the median, in milliseconds, for one caller.
    alone: Vec<f64>,
    /// The same for many callers at once.
    together: Vec<f64>,
}

impl Side {
    /// Starts a server on the empty database at `url`, with so many accounts.
    fn start(program: &Path, folder: &Path, url: &str, accounts: usize) -> Outcome<Self> {
        let runtime = tokio::runtime::Runtime::new()?;
        let key = runtime.block_on(async {
            directory::fill(url, accounts).await?;
            let store = Store::open(DbPool::connect(url, 1, Duration::from_secs(5)).await?).await?;
            let key = api_key(&store).await?;
            store.close().await;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(key)
        })?;
        let server = Served::vestibule(program, folder, &[("VESTIBULE_DATABASE_URL", url)])?;
        Ok(Self { server, key, accounts, asked: 0, alone: vec![], together: vec![] })
    }

    /// How long an answer takes at the median, in milliseconds.
    fn usual(&mut self, callers: usize, turn: Duration) -> Outcome<f64> {
        let asking = (0..callers).map(|_| {
            self.asked += 1;
            let key = self.key.reveal().to_owned();
            Asking { key, accounts: self.accounts, dice: Dice::new(self.asked), request: Vec::new() }
        });
        let asking = asking.collect();
        Ok(closed_by(self.server.address, asking, turn)?.0.percentile(0.5))
    }

    fn take_turn(&mut self, plan: &Plan) -> Outcome<()> {
        let alone = self.usual(1, plan.turn())?;
        let together = self.usual(plan.connections, plan.turn())?;
        self.alone.push(alone);
        self.together.push(together);
        Ok(())
    }
}

fn compare(plan: &Plan, mut sides: [Side; 2], engine: &str, table: &mut Table) -> Outcome<()> {
    for side in &mut sides {
        // What is asked first waits for the disk.
        side.usual(plan.connections, plan.turn())?;
    }
    for round in 0..plan.rounds() {
        for turn in 0..sides.len() {
            sides[(round + turn) % 2].take_turn(plan)?;
        }
    }
    let [few, many] = &sides;
    let together = format!("{} callers", plan.connections);
    for (callers, few_took, many_took) in
        [("one caller", &few.alone, &many.alone), (&*together, &few.together, &many.together)]
    {
        let times = |accounts: usize| format!("{engine}, {callers}: p50 among {accounts}");
        table.row(&times(few.accounts), "ms", few_took.clone());
        table.row(&times(many.accounts), "ms", many_took.clone());
        table.judged("  as a multiple", "×", multiples(many_took, few_took), Target::AtMost(MOST));
    }
    Ok(())
}

fn counts(plan: &Plan) -> [usize; 2] {
    let many = plan.accounts().max(10);
    [FEW.min(many / 10), many]
}

fn sqlite(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    let folders = [tempfile::tempdir()?, tempfile::tempdir()?];
    let start = |side: usize| {
        let folder = folders[side].path();
        Side::start(program, folder, &accounts::database_in(folder), counts(plan)[side])
    };
    compare(plan, [start(0)?, start(1)?], "SQLite", table)
}

fn postgres(plan: &Plan, program: &Path, urls: [&str; 2], table: &mut Table) -> Outcome<()> {
    let folders = [tempfile::tempdir()?, tempfile::tempdir()?];
    let start = |side: usize| Side::start(program, folders[side].path(), urls[side], counts(plan)[side]);
    compare(plan, [start(0)?, start(1)?], "PostgreSQL", table)
}

pub fn measure(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    let [few, many] = counts(plan);
    table.heading(&format!("siberian exist, somebody at random: {many} accounts beside {few}"));
    sqlite(plan, program, table)?;
    let measured = with_database(plan, |few| {
        with_database(plan, |many| postgres(plan, program, [few, many], table)).map(drop)
    })?;
    if measured.is_none() {
        table.remark("PostgreSQL not measured: there is none, see --postgres");
    }
    Ok(())
}
