//! `vestibule import` of a file of Django's, beside `loaddata` of the same file.

use std::fs;

use super::{Bench, Runs, Seen, Site};
use crate::django::Django;
use crate::postgres::with_database;
use crate::process::{Served, finish, vestibule};
use crate::table::{Table, Target, multiples};
use crate::{Outcome, dumpdata};

/// How many times as many objects a second as `loaddata` an import is to read.
const LEAST: f64 = 20.0;
/// The longest time that `loaddata` gets for the whole file, in seconds.
const PATIENCE: f64 = 600.0;
/// As many accounts tell how long it will take.
const TRIAL: usize = 2_000;

/// Runs of `loaddata`.
#[derive(Default)]
pub(super) struct Loads {
    runs: Runs,
    /// How many of the file's accounts it gets.
    accounts: usize,
    objects: usize,
}

/// Imports the file into an empty store.
pub(super) fn import(bench: &Bench<'_>, site: &Site<'_>, runs: &mut Runs) -> Outcome<()> {
    // The tables are there before, as Django's are, and the lock of a server that has stopped.
    drop(Served::vestibule(bench.program, site.folder, &[("VESTIBULE_DATABASE_URL", site.url)])?);
    let mut command = vestibule(bench.program, site.folder, site.url);
    let done = finish(command.args(["--json", "import", "--from", "django"]).arg(&bench.file))?;
    let all = [format!("\"made\":{},", bench.plan.moved()), "\"left_out\":{}".to_owned()];
    if !all.iter().all(|said| done.printed.contains(said)) {
        return Err(format!("the import did not take everything over: {}", done.printed).into());
    }
    runs.add(&done);
    Ok(())
}

/// Loads the file, or as much of it as there is time for, into an empty site of Django's on the same engine.
pub(super) fn load(bench: &Bench<'_>, django: &Django, site: &Site<'_>, loads: &mut Loads) -> Outcome<()> {
    if loads.accounts == 0 {
        loads.accounts = match bench.plan.loaded {
            Some(wanted) => wanted.clamp(1, bench.plan.moved()),
            None => in_time(bench, django, site)?,
        };
    }
    loads.objects = first(bench, django, site, loads.accounts, &mut loads.runs)?;
    Ok(())
}

/// Loads the file's first accounts, with what belongs to them. Returns how many objects that are.
fn first(
    bench: &Bench<'_>,
    django: &Django,
    site: &Site<'_>,
    accounts: usize,
    runs: &mut Runs,
) -> Outcome<usize> {
    let part = bench.folder.join("part.json");
    let (file, objects) = if accounts == bench.plan.moved() {
        (&bench.file, bench.objects)
    } else {
        (&part, dumpdata::write(&part, accounts)?)
    };
    let mut work = |url: &str| -> Outcome<()> {
        django.migrate(url)?;
        runs.add(&django.load(url, file, objects)?);
        Ok(())
    };
    if site.url.starts_with("sqlite:") {
        let folder = tempfile::tempdir_in(bench.folder)?;
        work(&format!("sqlite:{}", folder.path().join("django.sqlite").display()))?;
    } else {
        with_database(bench.plan, work)?.ok_or("PostgreSQL is gone")?;
    }
    if file == &part {
        fs::remove_file(&part)?;
    }
    Ok(objects)
}

/// How many accounts `loaddata` gets: all of them, or as many as half of the longest time is enough for.
fn in_time(bench: &Bench<'_>, django: &Django, site: &Site<'_>) -> Outcome<usize> {
    let all = bench.plan.moved();
    if all <= 2 * TRIAL {
        return Ok(all);
    }
    let mut trial = Runs::default();
    first(bench, django, site, TRIAL, &mut trial)?;
    let in_time = PATIENCE * trial.rates(TRIAL)[0];
    Ok(if in_time >= all as f64 { all } else { ((in_time / 2.0) as usize).clamp(1, all) })
}

pub(super) fn show(bench: &Bench<'_>, engine: &str, seen: &Seen, table: &mut Table) {
    let Seen { imports, loads, .. } = seen;
    let imported = imports.rates(bench.objects);
    table.row(&format!("{engine}: import"), "objects/s", imported.clone());
    table.row("  of them", "accounts/s", imports.rates(bench.plan.moved()));
    imports.show_memory(table);
    if loads.accounts == 0 {
        return;
    }
    let of = if loads.accounts == bench.plan.moved() {
        "the same file".to_owned()
    } else {
        format!("its first {} accounts", loads.accounts)
    };
    let loaded = loads.runs.rates(loads.objects);
    table.row(&format!("{engine}: loaddata of {of}"), "objects/s", loaded.clone());
    table.row("  its memory", "MiB", loads.runs.memory.clone());
    table.judged("  import, as a multiple", "×", multiples(&imported, &loaded), Target::AtLeast(LEAST));
}
