//! An import under way: records are read, taken over some at a time, and counted.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Write as _};

use readers::{BadRow, Found, Part, ReadError, Reader, Wanted};
use serde_json::json;
use store::{Store, StoreError};

use super::{ImportArguments, OnConflict, Tally, options};
use crate::cli::fault;
use crate::cli::output::Output;
use crate::flows::administration::import::{Import, ImportRefusal, Imported};

/// How many records one transaction takes over.
const AT_ONCE: usize = 200;

/// So many refused records, and none taken, say that the file is not what it was called.
const HOPELESS: u64 = 1_000;

/// An import under way.
pub(super) struct Run<'a> {
    pub(super) store: &'a Store,
    pub(super) arguments: &'a ImportArguments,
    pub(super) output: Output,
    pub(super) import: Import<'a>,
    pub(super) tally: Tally,
    /// How far it was when that was shown last, in hundredths.
    pub(super) shown: u64,
}

impl Run<'_> {
    /// Reads the file once.
    ///
    /// # Errors
    /// The file cannot be read or is not what it was called, the database fails, or a conflict ends the
    /// import.
    pub(super) async fn pass(&mut self, wanted: Wanted) -> Result<(), Box<dyn Error>> {
        let shown = self.arguments.file.display();
        let wrong = |error: io::Error| format!("{shown}: {error}");
        // Before it is opened: a pipe would wait for whoever writes to it.
        let about = fs::metadata(&self.arguments.file).map_err(wrong)?;
        if !about.is_file() {
            let why = "is no file; it is read twice, so a pipe or a folder cannot be imported";
            return Err(format!("{shown}: {why}").into());
        }
        let (file, length) = (File::open(&self.arguments.file).map_err(wrong)?, about.len());
        let options = options(self.arguments, wanted)?;
        let mut reader =
            Reader::open(&self.arguments.from, file, options).map_err(|error| format!("{shown}: {error}"))?;
        let mut batch = Vec::with_capacity(AT_ONCE);
        loop {
            match reader.next() {
                Some(Ok(found)) => batch.push(Ok(found)),
                Some(Err(ReadError::Row(bad))) => batch.push(Err(bad)),
                Some(Err(error @ ReadError::File(_))) => {
                    self.take(&mut batch).await?;
                    return Err(format!("{shown}: {error}; what stands before was taken over").into());
                }
                None => break,
            }
            if batch.len() == AT_ONCE {
                self.take(&mut batch).await?;
                self.show(reader.offset(), length);
            }
        }
        self.take(&mut batch).await?;
        self.show(length, length);
        Ok(())
    }

    /// Takes over what was read. Whatever somebody else's sign-up makes fail is tried once more, one by one.
    async fn take(&mut self, batch: &mut Vec<ReadRow>) -> Result<(), Box<dyn Error>> {
        let read = std::mem::take(batch);
        match self.transact(&read).await {
            Ok(done) => return self.count(&read, done),
            Err(StoreError::Conflict(_)) => {}
            Err(error) => return Err(fault(error.into())),
        }
        for one in read {
            let one = [one];
            let done = self.transact(&one).await.map_err(|error| fault(error.into()))?;
            self.count(&one, done)?;
        }
        Ok(())
    }

    async fn transact(&self, read: &[ReadRow]) -> Result<Vec<Taken>, StoreError> {
        let mut done = Vec::with_capacity(read.len());
        let written = self.store.transact(async |tx| {
            for found in read.iter().flatten() {
                let taken = match &found.part {
                    Part::Account(record) => self.import.account(tx, record).await?.map(Some),
                    Part::Supplement(supplement) => {
                        self.import.supplement(tx, supplement.clone()).await?.map(|()| None)
                    }
                };
                let conflict = taken == Ok(Some(Imported::Conflict));
                done.push(taken);
                if conflict && self.arguments.on_conflict == OnConflict::Fail {
                    break;
                }
            }
            if self.arguments.dry_run { Err(Ended::DryRun) } else { Ok(()) }
        });
        match written.await {
            Ok(()) | Err(Ended::DryRun) => Ok(done),
            Err(Ended::Store(error)) => Err(error),
        }
    }

    /// Counts what became of each, in the order of the file.
    fn count(&mut self, read: &[ReadRow], done: Vec<Taken>) -> Result<(), Box<dyn Error>> {
        let mut done = done.into_iter();
        for read in read {
            let found = match read {
                Ok(found) => found,
                Err(bad) => {
                    self.refuse(&bad.place.to_string(), bad.fault.code(), &bad.fault.to_string())?;
                    continue;
                }
            };
            match done.next().unwrap_or(Ok(None)) {
                Ok(None) => {}
                Ok(Some(Imported::Known { same_address })) => {
                    self.tally.known += 1;
                    self.tally.readdressed += u64::from(!same_address);
                }
                Ok(Some(Imported::Conflict)) if self.arguments.on_conflict == OnConflict::Fail => {
                    let why = "another account here has the address; what stands before was taken over";
                    return Err(format!("{}: {why}", found.place).into());
                }
                Ok(Some(Imported::Conflict)) => self.tally.conflicts += 1,
                Ok(Some(Imported::Made { left_out })) => {
                    self.tally.made += 1;
                    for what in left_out {
                        *self.tally.left_out.entry(what).or_default() += 1;
                    }
                }
                Err(refusal) => {
                    self.refuse(&found.place.to_string(), refusal.code(), &refusal.to_string())?;
                }
            }
        }
        Ok(())
    }

    fn refuse(&mut self, place: &str, code: &str, said: &str) -> Result<(), Box<dyn Error>> {
        self.tally.refused += 1;
        // Where nobody reads any more, the import goes on.
        let _ = if self.output.is_json() {
            let line = json!({ "refused": place, "code": code, "why": said });
            writeln!(io::stdout(), "{line}")
        } else {
            writeln!(io::stderr(), "{place}: {said} ({code})")
        };
        if self.tally.refused == HOPELESS && self.tally.made + self.tally.known == 0 {
            let product = &self.arguments.from;
            return Err(format!(
                "{HOPELESS} records were refused, and none was taken: is that of {product}?"
            )
            .into());
        }
        Ok(())
    }

    /// Shows on a terminal how far it is.
    fn show(&mut self, offset: u64, length: u64) {
        let hundredths = offset.saturating_mul(100).checked_div(length).unwrap_or(100).min(100);
        if !io::stderr().is_terminal() || hundredths == self.shown {
            return;
        }
        self.shown = hundredths;
        // Nothing is lost with it.
        let _ = write!(io::stderr(), "\r{hundredths} %, {} accounts", self.tally.made);
        if hundredths == 100 {
            eprintln!();
        }
    }
}

/// A record, or why it was not read.
type ReadRow = Result<Found, BadRow>;

/// What became of a record: of an account, or of what supplements one.
type Taken = Result<Option<Imported>, ImportRefusal>;

/// Why a transaction is undone.
enum Ended {
    DryRun,
    Store(StoreError),
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
