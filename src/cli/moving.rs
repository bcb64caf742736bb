//! `vestibule move`: the whole store of a server on the other engine.

use std::error::Error;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use store::moves::{MoveProgress, MovedTable};

use super::output::{Output, value_line};
use super::{finish, table};
use crate::compose::{self, MoveOrder, MovedStore, log_to_stderr};
use crate::config::Config;

/// `vestibule move …`
#[derive(Args)]
pub struct MoveArguments {
    /// The address of an empty database of the other engine, as the setting `database_url` takes it:
    /// `postgres://user@host/name` or `sqlite:FILE`. A password may stand in the variable PGPASSWORD or in
    /// `~/.pgpass`, where nobody else on the machine sees it.
    target: String,
    /// Move although servers run: what they write from now on is not moved. For a trial.
    #[arg(long)]
    while_running: bool,
}

/// Moves the store; prints an error on standard error.
pub fn run(arguments: &MoveArguments, output: Output) -> ExitCode {
    log_to_stderr();
    finish(obey(arguments, output))
}

fn obey(arguments: &MoveArguments, output: Output) -> Result<(), Box<dyn Error>> {
    let config = Config::load()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let order = MoveOrder { target: &arguments.target, while_running: arguments.while_running };
    let mut shown = ProgressLine::default();
    let moved = runtime.block_on(compose::move_store(&config, order, &mut |progress| shown.show(progress)));
    shown.end();
    tell(&moved?, arguments.while_running, output)
}

fn tell(moved: &MovedStore, while_running: bool, output: Output) -> Result<(), Box<dyn Error>> {
    let MovedStore { from, to, moved } = moved;
    if output.is_json() {
        let tables = moved.tables.iter().map(
            |MovedTable { name, rows, checksum }| json!({ "table": name, "rows": rows, "checksum": checksum }),
        );
        return value_line(&json!({
            "from": from, "to": to, "rows": moved.rows(), "tables": tables.collect::<Vec<_>>(),
            "while_running": while_running,
        }));
    }
    let rows = moved.tables.iter().map(|MovedTable { name, rows, checksum }| {
        [name.clone(), rows.to_string(), checksum.chars().take(16).collect()]
    });
    table::print(["table", "rows", "checksum"], rows)?;
    eprintln!(
        "Moved from {from} to {to}: {} rows of {} tables, and what was read back there is what was here.",
        moved.rows(),
        moved.tables.len()
    );
    if while_running {
        eprintln!(
            "What servers have written since is not in it: move once more, without them, before you change over."
        );
    } else {
        eprintln!(
            "Set `database_url` to that address now, and start the server. The data folder stays where it is, with \
             pictures and keys. {from} is as it was: delete it once you need no way back."
        );
    }
    Ok(())
}

/// What a terminal shows of a move under way.
#[derive(Default)]
struct ProgressLine {
    hundredths: Option<u64>,
}

impl ProgressLine {
    fn show(&mut self, progress: &MoveProgress<'_>) {
        let MoveProgress { table, done, total } = progress;
        let hundredths = done.saturating_mul(100).checked_div(*total).unwrap_or(100).min(100);
        if !io::stderr().is_terminal() || self.hundredths == Some(hundredths) {
            return;
        }
        self.hundredths = Some(hundredths);
        // Nothing is lost with it. The line may be shorter than the one before.
        let _ = write!(io::stderr(), "\r{hundredths} %, {done} rows, {table}\u{1b}[K");
    }

    /// Goes on to the next line.
    fn end(&self) {
        if self.hundredths.is_some() {
            eprintln!();
        }
    }
}
