//! Measures the packaged server (profile `dist`) on a free loopback port. Prints its figures beside those of
//! the yardsticks: a bare Rocket, the bare `argon2` crate, `vipsthumbnail`, `loaddata`, `psql`.
//!
//! Only ratios are comparable. The sides of a comparison are measured in turn, so that other load on the
//! machine affects both.
#![forbid(unsafe_code)]

mod accounts;
mod bare;
mod client;
mod dialects;
mod directory;
mod django;
mod dumpdata;
mod exist;
mod latency;
mod load;
mod mail;
mod moving;
mod oidc;
mod pages;
mod photographs;
mod pictures;
mod postgres;
mod process;
mod revocation;
mod signing_in;
mod site_session;
mod streams;
mod table;
mod tokens;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

use table::Table;

/// The server's allocator, so that the yardsticks have it too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Measures a packaged build of Vestibule (profile `dist`) on this machine.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    plan: Plan,
    #[command(subcommand)]
    yardstick: Option<Yardstick>,
}

#[derive(Parser)]
struct Plan {
    /// Measure only these parts.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Seconds that each measurement of a round lasts.
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// Rounds, of which the median is shown.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// One second, three rounds and fewer accounts: for a look, not for a record.
    #[arg(long)]
    quick: bool,
    /// Connections that ask for pages at once.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// The server to measure, instead of building it.
    #[arg(long)]
    server: Option<PathBuf>,
    /// Accounts among which an administrator looks for some, and siberian's `exist` for one: ten million.
    #[arg(long)]
    accounts: Option<usize>,
    /// Accounts that are imported, exported and moved: a million.
    #[arg(long)]
    moved: Option<usize>,
    /// How many of them `loaddata` gets: all, if that takes less than ten minutes, else the first ones.
    #[arg(long)]
    loaded: Option<usize>,
    /// How often they are imported and moved.
    #[arg(long, default_value_t = 1)]
    repeats: usize,
    /// A PostgreSQL where databases may be made and dropped.
    #[arg(long, default_value = "postgres://postgres@127.0.0.1:5432")]
    postgres: String,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Signed-in pages and JSON beside a bare Rocket.
    Pages,
    /// Calls of the JSON dialects that write nothing, beside a bare Rocket.
    Dialects,
    /// Who is signed in, as proxies ask, beside a bare Rocket.
    SiteSession,
    /// Codes and refresh tokens of OpenID Connect.
    Tokens,
    /// The slowest pages, and answers to proxies, while many sign in.
    Latency,
    /// Sign-ins beside the bare `argon2` crate, memory, a full queue.
    SignIn,
    /// Photographs beside `vipsthumbnail`, memory of many uploads.
    Pictures,
    /// How long an ended session lives on in another instance.
    Revocation,
    /// Ten thousand devices with an open event stream each.
    Streams,
    /// What waited for a mail server that was down.
    Mail,
    /// The first page of accounts that an administrator looks for. Only by name: it makes gigabytes.
    Directory,
    /// An import from Django beside its `loaddata`. Only by name: it takes long, as the next three do.
    Import,
    /// An export beside the database's own shell.
    Export,
    /// The whole store to the other engine and back.
    Move,
    /// Siberian's `exist` among ten million accounts beside ten thousand.
    Exist,
}

#[derive(Subcommand)]
enum Yardstick {
    /// A Rocket that answers from memory.
    #[command(hide = true)]
    Bare(bare::Shape),
}

impl Plan {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    fn turn(&self) -> Duration {
        if self.quick {
            Duration::from_secs(1)
        } else {
            Duration::from_secs_f64(self.seconds.clamp(0.1, 600.0))
        }
    }

    fn rounds(&self) -> usize {
        if self.quick { 3 } else { self.rounds.clamp(1, 100) }
    }

    fn accounts(&self) -> usize {
        self.accounts.unwrap_or(if self.quick { 100_000 } else { 10_000_000 })
    }

    fn moved(&self) -> usize {
        self.moved.unwrap_or(if self.quick { 20_000 } else { 1_000_000 }).max(1)
    }
}

fn main() -> ExitCode {
    let Arguments { plan, yardstick } = Arguments::parse();
    let done = match yardstick {
        Some(Yardstick::Bare(shape)) => bare::serve(&shape),
        None => measure(&plan),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vestibule-load: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(plan: &Plan) -> Outcome<()> {
    process::end_children_on_signals()?;
    let program = match &plan.server {
        Some(program) => std::fs::canonicalize(program)?,
        None => process::build_server()?,
    };
    let mut table = Table::new();
    if plan.wants(Part::Pages) {
        pages::measure(plan, &program, &mut table)?;
    }
    if plan.wants(Part::Dialects) {
        dialects::measure(plan, &program, &mut table)?;
    }
    if plan.wants(Part::SiteSession) {
        site_session::measure(plan, &program, &mut table)?;
    }
    if plan.wants(Part::Tokens) {
        tokens::measure(plan, &program, &mut table)?;
    }
    if plan.wants(Part::Latency) {
        latency::measure(plan, &program, &mut table)?;
    }
    if plan.wants(Part::SignIn) {
        signing_in::measure(plan, &program, &mut table)?;
    }
    if plan.wants(Part::Pictures) {
        pictures::measure(plan, &program, &mut table)?;
    }
    if plan.wants(Part::Revocation) {
        revocation::measure(plan, &program, &mut table)?;
    }
    if plan.wants(Part::Streams) {
        streams::measure(&program, &mut table)?;
    }
    if plan.wants(Part::Mail) {
        mail::measure(plan, &program, &mut table)?;
    }
    if plan.only.contains(&Part::Directory) {
        directory::measure(plan, &program, &mut table)?;
    }
    if [Part::Import, Part::Export, Part::Move].iter().any(|part| plan.only.contains(part)) {
        moving::measure(plan, &program, &mut table)?;
    }
    if plan.only.contains(&Part::Exist) {
        exist::measure(plan, &program, &mut table)?;
    }
    println!("{table}");
    Ok(())
}
