//! Accounts that come in from Django, go out as a file, and go to the other engine and back.

mod exporting;
mod importing;

use std::fs;
use std::path::{Path, PathBuf};

use crate::django::Django;
use crate::postgres::with_database;
use crate::process::{Finished, finish, vestibule};
use crate::table::{Table, Target, multiples};
use crate::{Outcome, Part, Plan, accounts, dumpdata};

/// The most memory that a command may have resident, in MiB.
const MOST_MEMORY: f64 = 64.0;
/// The least accounts a second of a move, as a multiple of an import's.
const LEAST_MOVE: f64 = 0.5;

/// What all measurements need.
struct Bench<'a> {
    plan: &'a Plan,
    program: &'a Path,
    folder: &'a Path,
    /// What Django wrote, and how many objects are in it.
    file: PathBuf,
    objects: usize,
    django: Option<Django>,
}

/// A store on one of the engines, with the folder of its server.
struct Site<'a> {
    folder: &'a Path,
    url: &'a str,
}

/// Runs of one kind: how long each took, in seconds, and the most memory that it had, in MiB.
#[derive(Default)]
struct Runs {
    seconds: Vec<f64>,
    memory: Vec<f64>,
}

impl Runs {
    fn add(&mut self, done: &Finished) {
        self.seconds.push(done.seconds);
        self.memory.push(done.memory);
    }

    /// How many of `things` each run did in a second.
    fn rates(&self, things: usize) -> Vec<f64> {
        self.seconds.iter().map(|seconds| things as f64 / seconds).collect()
    }

    fn show_memory(&self, table: &mut Table) {
        table.judged("  its memory", "MiB", self.memory.clone(), Target::AtMost(MOST_MEMORY));
    }
}

/// What is seen on one engine.
#[derive(Default)]
struct Seen {
    imports: Runs,
    loads: importing::Loads,
    exports: Runs,
    copies: Runs,
    /// Moves to this engine.
    moves: Runs,
}

impl Bench<'_> {
    fn wants(&self, part: Part) -> bool {
        self.plan.only.contains(&part)
    }

    /// Fills the store and, if that is wanted, a site of Django's and files.
    fn fill(&self, site: &Site<'_>, seen: &mut Seen) -> Outcome<()> {
        importing::import(self, site, &mut seen.imports)?;
        if let Some(django) = self.django.as_ref() {
            importing::load(self, django, site, &mut seen.loads)?;
        }
        if self.wants(Part::Export) {
            exporting::measure(self, site, seen)?;
        }
        Ok(())
    }

    /// Moves the store to the empty database at `url`, and back to a file.
    fn move_there_and_back(
        &self,
        site: &Site<'_>,
        url: &str,
        there: &mut Runs,
        back: &mut Runs,
    ) -> Outcome<()> {
        let order =
            |from: &str, to: &str| finish(vestibule(self.program, site.folder, from).arg("move").arg(to));
        there.add(&order(site.url, url)?);
        let file = self.folder.join("back.sqlite");
        back.add(&order(url, &format!("sqlite:{}", file.display()))?);
        fs::remove_file(file)?;
        Ok(())
    }

    /// One round. Returns whether there is a PostgreSQL.
    fn round(&self, sqlite: &mut Seen, postgres: &mut Seen) -> Outcome<bool> {
        let (here, there) = (tempfile::tempdir_in(self.folder)?, tempfile::tempdir_in(self.folder)?);
        let file = accounts::database_in(here.path());
        let site = Site { folder: here.path(), url: &file };
        self.fill(&site, sqlite)?;
        let filled = with_database(self.plan, |url| {
            let site = Site { folder: there.path(), url };
            self.fill(&site, postgres)
        })?;
        if self.wants(Part::Move) {
            with_database(self.plan, |url| {
                self.move_there_and_back(&site, url, &mut postgres.moves, &mut sqlite.moves)
            })?;
        }
        Ok(filled.is_some())
    }

    fn show(&self, engine: &str, seen: &Seen, table: &mut Table) {
        importing::show(self, engine, seen, table);
        if self.wants(Part::Export) {
            exporting::show(engine, seen, table);
        }
        if !seen.moves.seconds.is_empty() {
            let (moved, imported) =
                (seen.moves.rates(self.plan.moved()), seen.imports.rates(self.plan.moved()));
            let multiple = multiples(&moved, &imported);
            table.row(&format!("{engine}: move to it"), "accounts/s", moved);
            seen.moves.show_memory(table);
            table.judged(
                "  as a multiple of its import's accounts/s",
                "×",
                multiple,
                Target::AtLeast(LEAST_MOVE),
            );
        }
    }
}

pub fn measure(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("users.json");
    let objects = dumpdata::write(&file, plan.moved())?;
    table.heading(&format!("Moving: {} accounts with hashes, {objects} objects of Django's", plan.moved()));
    let mut bench = Bench { plan, program, folder: folder.path(), file, objects, django: None };
    if bench.wants(Part::Import) {
        bench.django = Django::fetch()?;
        if bench.django.is_none() {
            table.remark("loaddata not measured: Django cannot be fetched");
        }
    }
    let (mut sqlite, mut postgres) = (Seen::default(), Seen::default());
    let mut has_postgres = true;
    for _ in 0..plan.repeats.clamp(1, 100) {
        has_postgres = bench.round(&mut sqlite, &mut postgres)?;
    }
    bench.show("SQLite", &sqlite, table);
    if has_postgres {
        bench.show("PostgreSQL", &postgres, table);
    } else {
        table.remark("PostgreSQL not measured: there is none, see --postgres");
    }
    Ok(())
}
