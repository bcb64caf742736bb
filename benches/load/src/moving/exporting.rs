//! `vestibule export`, beside the database's own shell that writes the same columns.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{Bench, Seen, Site};
use crate::Outcome;
use crate::process::{finish, vestibule};
use crate::table::{Table, Target, multiples};

/// The longest time of an export, as a multiple of the time of `\copy`.
const MOST: f64 = 2.0;

/// What an export with hashes says of each account, from the accounts' own table.
const SELECT: &str = "SELECT id, email, verified_at, username, name, firstname, lastname, locale, role_id, fields, \
                      picture, created_at, updated_at, locked_at, approval_wanted_at, terms, password_hash, \
                      password_changed_at, password_expires_at, second_factor_at \
                      FROM accounts WHERE deleted_at IS NULL ORDER BY id";

/// Exports and copies in turn.
pub(super) fn measure(bench: &Bench<'_>, site: &Site<'_>, seen: &mut Seen) -> Outcome<()> {
    let (exported, copied) = (bench.folder.join("accounts.jsonl"), bench.folder.join("accounts.txt"));
    let mut copies = vec![shell(site.url, &copied)];
    copies.retain(|command| is_there(command.get_program()));
    for round in 0..bench.plan.rounds() {
        for turn in 0..2 {
            if (round + turn) % 2 == 0 {
                let mut command = vestibule(bench.program, site.folder, site.url);
                seen.exports.add(&finish(command.args(["export", "--with-hashes"]).arg(&exported))?);
                fs::remove_file(&exported)?;
            } else if let Some(command) = copies.first_mut() {
                seen.copies.add(&finish(command)?);
                fs::remove_file(&copied)?;
            }
        }
    }
    Ok(())
}

/// What writes the same columns to `file` without us, a line for each account.
fn shell(url: &str, file: &Path) -> Command {
    let file = file.display();
    match url.strip_prefix("sqlite:") {
        Some(database) => {
            let mut command = Command::new("sqlite3");
            command.args(["-tabs", "-cmd", &format!(".output '{file}'"), database, SELECT]);
            command
        }
        None => {
            let mut command = Command::new("psql");
            command.args(["-X", "-q", "-d", url, "-c", &format!("\\copy ({SELECT}) TO '{file}'")]);
            command
        }
    }
}

fn is_there(program: &std::ffi::OsStr) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

pub(super) fn show(engine: &str, seen: &Seen, table: &mut Table) {
    let Seen { exports, copies, .. } = seen;
    table.row(&format!("{engine}: export --with-hashes"), "s", exports.seconds.clone());
    table.row("  its memory", "MiB", exports.memory.clone());
    let (shell, target) = match engine {
        "SQLite" => ("sqlite3", None),
        _ => ("psql", Some(Target::AtMost(MOST))),
    };
    if copies.seconds.is_empty() {
        table.remark(&format!("{shell} not measured: it is not there"));
        return;
    }
    table.row(&format!("{engine}: {shell} of the same columns"), "s", copies.seconds.clone());
    let multiple = multiples(&exports.seconds, &copies.seconds);
    match target {
        Some(target) => table.judged("  export, as a multiple", "×", multiple, target),
        None => table.row("  export, as a multiple", "×", multiple),
    }
}
