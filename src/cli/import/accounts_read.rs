//! Reads the accounts of a file on a thread of its own, while the database takes those before.

use std::fs::File;

use readers::{Part, Place, ReadError, Reader, RowFault, SupplementIndex};
use store::Engine;
use tokio::sync::mpsc::Sender;

use crate::flows::administration::import::{Arriving, Rules};

/// How many records one transaction takes over. A server beside it waits for the writer of SQLite meanwhile,
/// and the pages of more accounts would not fit into the cache that the import has; each commit of
/// PostgreSQL waits for its disk.
pub(super) fn at_once(engine: Engine) -> usize {
    match engine {
        Engine::Sqlite => 250,
        Engine::Postgres => 500,
    }
}

/// Some of the file's accounts.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) accounts: Vec<ReadAccount>,
    /// How far the file was read.
    pub(super) offset: u64,
    /// Why the file is read no further.
    pub(super) ended: Option<String>,
}

/// A record of an account, or why it is refused.
pub(super) struct ReadAccount {
    /// Where it begins.
    pub(super) place: Place,
    pub(super) account: Result<Arriving, RowFault>,
}

/// Reads the accounts, with what stands beside them, and sends them. Ends early when nobody takes them.
pub(super) fn read_accounts(
    mut reader: Reader<File>,
    file: &File,
    mut beside: SupplementIndex,
    rules: &Rules,
    at_once: usize,
    send: &Sender<Batch>,
) {
    let mut batch = Batch::default();
    while let Some(item) = reader.next() {
        match item {
            Ok(found) => {
                let Part::Account(record) = found.part else { continue };
                match beside.of(&record.id, &mut reader, file) {
                    Ok(extras) => {
                        let account = Ok(rules.read(*record, &extras));
                        batch.accounts.push(ReadAccount { place: found.place, account });
                    }
                    Err(fault) => batch.ended = Some(fault.to_string()),
                }
            }
            Err(ReadError::Row(bad)) => {
                batch.accounts.push(ReadAccount { place: bad.place, account: Err(bad.fault) });
            }
            Err(error @ ReadError::File(_)) => batch.ended = Some(error.to_string()),
        }
        if batch.accounts.len() == at_once || batch.ended.is_some() {
            batch.offset = reader.offset();
            let ends = batch.ended.is_some();
            if send.blocking_send(std::mem::take(&mut batch)).is_err() || ends {
                return;
            }
        }
    }
    batch.offset = reader.offset();
    // Nobody takes it when the import has ended for another reason.
    let _ = send.blocking_send(batch);
}
