//! An import under way: what stands beside accounts is found first, then accounts are read on a thread of
//! their own, taken over some at a time, and counted.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use readers::{FactorsSaid, Place, ReadError, Reader, SupplementIndex, Wanted, wants_factors_table};
use serde_json::json;
use store::{Store, StoreError, Tx};

use super::accounts_read::{Batch, ReadAccount, at_once, read_accounts};
use super::{ImportArguments, OnConflict, Tally, options};
use crate::cli::fault;
use crate::cli::output::Output;
use crate::config::Config;
use crate::flows::administration::import::{Import, Imported, Rules, Taken};

/// So many refused records, and none taken, say that the file is not what it was called.
const HOPELESS: u64 = 1_000;

/// The code of a record whose address another account here has.
const CONFLICT: &str = "email_taken";

/// After how many records of the first pass it is shown how far it is.
const SHOWN: usize = 1_000;

/// How many batches are read ahead of the database.
const AHEAD: usize = 1;

/// How long one transaction goes on where nobody else uses the database: a kill takes so much of the work
/// back. The longer it is, the fewer pages are written twice.
const ONE_TRANSACTION: Duration = Duration::from_secs(10);

/// An import under way.
pub(super) struct Run<'a> {
    pub(super) config: &'a Config,
    pub(super) store: &'a Store,
    /// Whether nobody else uses the database meanwhile.
    pub(super) alone: bool,
    pub(super) arguments: &'a ImportArguments,
    pub(super) output: Output,
    pub(super) import: Import<'a>,
    pub(super) tally: Tally,
    /// How far it was when that was shown last, in hundredths.
    pub(super) shown: Option<u64>,
}

impl Run<'_> {
    /// Reads the file from its beginning.
    ///
    /// # Errors
    /// It cannot be read, or its beginning is not what it should be.
    fn open(&self, wanted: Wanted) -> Result<(Reader<File>, u64), Box<dyn Error>> {
        let shown = self.arguments.file.display();
        let wrong = |error: io::Error| format!("{shown}: {error}");
        // Before it is opened: a pipe would wait for whoever writes to it.
        let about = fs::metadata(&self.arguments.file).map_err(wrong)?;
        if !about.is_file() {
            let why = "is no file; it is read more than once, so a pipe or a folder cannot be imported";
            return Err(format!("{shown}: {why}").into());
        }
        let file = File::open(&self.arguments.file).map_err(wrong)?;
        let options = options(self.config, self.arguments, wanted)?;
        let reader = Reader::open(&self.arguments.from, file, options);
        Ok((reader.map_err(|error| format!("{shown}: {error}"))?, about.len()))
    }

    /// Finds what stands beside accounts. Nothing is written to the database: a file that is broken anywhere
    /// changes nothing.
    ///
    /// # Errors
    /// The file cannot be read or is not what it was called.
    pub(super) async fn survey(&mut self) -> Result<SupplementIndex, Box<dyn Error>> {
        let shown = self.arguments.file.display();
        let mut beside = SupplementIndex::new()?;
        let (mut reader, length) = self.open(Wanted::Supplements)?;
        let mut read = 0_usize;
        let worth_reading = reader.has_supplements();
        while worth_reading && let Some(item) = reader.next() {
            match item {
                Ok(found) => beside.add(&found)?,
                Err(ReadError::Row(bad)) => {
                    self.refuse(bad.place, bad.fault.code(), &bad.fault);
                }
                Err(error @ ReadError::File(_)) => {
                    return Err(format!("{shown}: {error}; nothing was taken over").into());
                }
            }
            read += 1;
            if read.is_multiple_of(SHOWN) {
                self.show("read", reader.offset(), length);
            }
        }
        if self.arguments.without_factors {
            return Ok(beside);
        }
        let missing = wants_factors_table(&self.arguments.from);
        self.tally.doubt = match reader.factors() {
            FactorsSaid::Unread(why) => Some(why),
            FactorsSaid::Nothing if missing => Some("the file has no table of second factors".to_owned()),
            FactorsSaid::Nothing | FactorsSaid::All => None,
        };
        if self.tally.doubt.is_none() && self.has_stray_factor(&mut beside).await? {
            self.tally.doubt = Some("a second factor is of an account that is not in the file".to_owned());
        }
        Ok(beside)
    }

    /// Whether there is a second factor of an account that is neither in the file nor here.
    async fn has_stray_factor(&mut self, beside: &mut SupplementIndex) -> Result<bool, Box<dyn Error>> {
        if !beside.has_factors()? {
            return Ok(false);
        }
        let (reader, _) = self.open(Wanted::Accounts)?;
        let mut seen = Ok(());
        reader.ids(|id| {
            if seen.is_ok() {
                seen = beside.see(id);
            }
        });
        seen?;
        while let Some(stray) = beside.stray()? {
            let db = self.store.read().await.map_err(|error| fault(error.into()))?;
            if !self.import.knows(db, &stray).await.map_err(|error| fault(error.into()))? {
                return Ok(true);
            }
            beside.see(&stray)?;
        }
        Ok(false)
    }

    /// Takes the accounts of the file over.
    ///
    /// # Errors
    /// The file cannot be read, the database fails, or a conflict ends the import.
    pub(super) async fn accounts(
        &mut self,
        beside: SupplementIndex,
        rules: Arc<Rules>,
    ) -> Result<(), Box<dyn Error>> {
        let (reader, length) = self.open(Wanted::Accounts)?;
        let again = File::open(&self.arguments.file)?;
        let (send, mut batches) = tokio::sync::mpsc::channel::<Batch>(AHEAD);
        let at_once = at_once(self.store.engine());
        let reading =
            std::thread::spawn(move || read_accounts(reader, &again, beside, &rules, at_once, &send));
        let (store, mut end) = (self.store, None);
        while end.is_none()
            && let Some(batch) = batches.recv().await
        {
            let (begun, mut next) = (Instant::now(), Some(batch));
            let written = store.transact(async |tx| {
                while end.is_none()
                    && let Some(batch) = next.take()
                {
                    end = self.take(tx, &batch).await?;
                    self.show("accounts", batch.offset, length);
                    if self.alone && begun.elapsed() < ONE_TRANSACTION {
                        next = batches.recv().await;
                    }
                }
                if self.arguments.dry_run { Err(Ended::DryRun) } else { Ok(()) }
            });
            match written.await {
                Ok(()) | Err(Ended::DryRun) => {}
                Err(Ended::Store(error)) => return Err(fault(error.into())),
            }
        }
        if let Some(end) = end {
            return Err(end.into());
        }
        if reading.join().is_err() {
            return Err("the file could not be read to its end".into());
        }
        Ok(())
    }

    /// Takes over what was read, and counts it. Says why the import ends with it, if it does.
    async fn take(&mut self, tx: &mut Tx, batch: &Batch) -> Result<Option<String>, StoreError> {
        let end = self.take_accounts(tx, &batch.accounts).await?;
        let shown = self.arguments.file.display();
        Ok(end.or_else(|| Some(format!("{shown}: {}; {}", batch.ended.as_ref()?, self.so_far()))))
    }

    /// Whatever somebody else's sign-up makes fail is tried once more, one by one.
    async fn take_accounts(
        &mut self,
        tx: &mut Tx,
        read: &[ReadAccount],
    ) -> Result<Option<String>, StoreError> {
        if self.arguments.on_conflict != OnConflict::Fail {
            let arriving: Vec<_> = read.iter().filter_map(|read| read.account.as_ref().ok()).collect();
            let done = self.attempt(tx, async |tx| self.import.many(tx, &arriving).await).await?;
            if let Some(done) = done {
                return Ok(self.count(read, done));
            }
        }
        for one in read {
            let done = match &one.account {
                Ok(account) => {
                    let done = self.attempt(tx, async |tx| self.import.one(tx, account).await).await?;
                    Some(match done {
                        Some(done) => done,
                        None => self.import.one(tx, account).await?,
                    })
                }
                Err(_) => None,
            };
            if let Some(end) = self.count(std::slice::from_ref(one), done) {
                return Ok(Some(end));
            }
        }
        Ok(None)
    }

    /// What `work` came to; `None` if something that it wants is somebody's meanwhile. Then it has changed
    /// nothing. Where nobody else writes, it sees that before its first change.
    async fn attempt<T>(
        &self,
        tx: &mut Tx,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let done = if self.alone { work(tx).await } else { tx.part(work).await };
        match done {
            Err(StoreError::Reserved) => Ok(None),
            Err(StoreError::Conflict(_)) if !self.alone => Ok(None),
            done => done.map(Some),
        }
    }

    /// Counts what became of each, in the order of the file. Says why the import ends there, if it does.
    fn count(&mut self, read: &[ReadAccount], done: impl IntoIterator<Item = Taken>) -> Option<String> {
        let mut done = done.into_iter();
        for ReadAccount { place, account } in read {
            let account = match account {
                Ok(account) => account,
                Err(fault) => {
                    self.refuse(*place, fault.code(), fault);
                    continue;
                }
            };
            let Some(taken) = done.next() else { break };
            let complains =
                matches!(taken, Ok(Imported::Made { .. } | Imported::Known { goes_on: true, .. }));
            match taken {
                Ok(Imported::Known { same_address, .. }) => {
                    self.tally.known += 1;
                    self.tally.readdressed += u64::from(!same_address);
                }
                Ok(Imported::Conflict) if self.arguments.on_conflict == OnConflict::Fail => {
                    let why = "another account here has the address";
                    return Some(format!("{place}: {why}; {}", self.so_far()));
                }
                Ok(Imported::Conflict) => {
                    self.tally.conflicts += 1;
                    self.say("left_alone", *place, CONFLICT, &self.conflict());
                }
                Ok(Imported::Updated { left_out }) => {
                    self.tally.updated += 1;
                    self.tally.leave_out(left_out);
                }
                Ok(Imported::Made { left_out, without_password }) => {
                    self.tally.made += 1;
                    self.tally.without_password += u64::from(without_password);
                    self.tally.leave_out(left_out);
                }
                Err(refusal) => self.refuse(*place, refusal.code(), &refusal),
            }
            if complains {
                for (place, refusal) in &account.complaints {
                    self.refuse(*place, refusal.code(), refusal);
                }
            }
        }
        let Tally { made, known, updated, conflicts, .. } = self.tally;
        if self.tally.refused >= HOPELESS && made + known + updated + conflicts == 0 {
            let (refused, product) = (self.tally.refused, &self.arguments.from);
            return Some(format!(
                "{refused} records were refused, and none was taken: is that of {product}?"
            ));
        }
        None
    }

    fn refuse(&mut self, place: Place, code: &str, said: &dyn std::fmt::Display) {
        self.tally.refused += 1;
        self.say("refused", place, code, said);
    }

    /// Reports what became of the record at `place`, in a line of its own.
    fn say(&self, became: &str, place: Place, code: &str, said: &dyn std::fmt::Display) {
        // Where nobody reads any more, the import goes on.
        let _ = if self.output.is_json() {
            let line = json!({ became: place.to_string(), "code": code, "why": said.to_string() });
            writeln!(io::stdout(), "{line}")
        } else {
            writeln!(io::stderr(), "{place}: {said} ({code})")
        };
    }

    /// What became of the records before the one that ends the import.
    fn so_far(&self) -> &'static str {
        match (self.tally.made + self.tally.updated, self.arguments.dry_run) {
            (0, _) => "nothing was taken over",
            (_, true) => "what stands before would be taken over",
            (_, false) => "what stands before was taken over",
        }
    }

    /// Why an account here that has the address of a record is left alone.
    fn conflict(&self) -> &'static str {
        match self.arguments.on_conflict {
            OnConflict::Update => {
                "another account here has the address, and was left alone: one of both is not proven"
            }
            OnConflict::Skip | OnConflict::Fail => "another account here has the address, and was left alone",
        }
    }

    /// Shows on a terminal how far it is.
    fn show(&mut self, doing: &str, offset: u64, length: u64) {
        let hundredths = offset.saturating_mul(100).checked_div(length).unwrap_or(100).min(100);
        if !io::stderr().is_terminal() || self.shown == Some(hundredths) {
            return;
        }
        self.shown = Some(hundredths);
        // Nothing is lost with it.
        let _ = match doing {
            "read" => write!(io::stderr(), "\rreading the file: {hundredths} %"),
            _ => write!(io::stderr(), "\r{hundredths} %, {} accounts    ", self.tally.made),
        };
        if hundredths == 100 {
            eprintln!();
        }
    }
}

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
