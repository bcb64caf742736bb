//! Notices what other processes commit to the SQLite database: commands beside a running server, or an
//! operator at SQLite's own shell. Copies of rows are believed only while nobody else has written.
//!
//! `PRAGMA data_version` differs between two reads on one connection exactly when another connection has
//! committed between them. The watch has a connection that never writes, so it sees the commits of this
//! process too. A transaction of this process therefore takes its own commit out again: its connection reads
//! the same pragma before and after, and if that is unchanged, no third party has committed meanwhile.

use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::Connection;
use turns::Gate;

use super::direct;
use super::feed::Feed;

pub(super) struct Watch {
    file: PathBuf,
    /// The turn to write of this process.
    writer: Arc<Gate>,
    feed: Arc<Feed>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    connection: Option<Connection>,
    /// How many connections were opened.
    opened: u64,
    /// The version up to which every commit was announced to the listeners.
    known: Option<Version>,
}

/// The database as one connection sees it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Version {
    /// Which connection. The numbers of two connections have nothing to do with each other.
    connection: u64,
    number: i64,
}

impl Watch {
    pub(super) fn new(file: PathBuf, writer: Arc<Gate>, feed: Arc<Feed>) -> Self {
        Self { file, writer, feed, seen: Mutex::default() }
    }

    /// Whether every commit has been announced. Announces one of another process as lost track.
    pub(super) fn in_step(&self) -> bool {
        let mut seen = self.seen.lock();
        let Some(version) = self.version(&mut seen) else { return false };
        if seen.known == Some(version) {
            return true;
        }
        // A transaction of this process may have committed just now. It announces that itself, and says when
        // it has: see `committed`.
        let Some(_turn) = self.writer.try_enter() else { return false };
        self.lost_track(&mut seen, version);
        true
    }

    /// Called by a transaction of this process that has begun, so that nobody else can commit.
    pub(super) fn begun(&self) {
        let mut seen = self.seen.lock();
        if let Some(version) = self.version(&mut seen)
            && seen.known != Some(version)
        {
            self.lost_track(&mut seen, version);
        }
    }

    /// The version after a commit of this process. Only if nobody else has committed by the time it was read,
    /// it may be [noted](Self::committed).
    pub(super) fn after_commit(&self) -> Option<Version> {
        self.version(&mut self.seen.lock())
    }

    /// Notes that everything up to `version` has been announced.
    pub(super) fn committed(&self, version: Version) {
        self.seen.lock().known = Some(version);
    }

    /// The listeners forget their copies before the version counts as known: another thread that finds it
    /// known must find no copy of before.
    fn lost_track(&self, seen: &mut Seen, version: Version) {
        self.feed.lost_track();
        seen.known = Some(version);
    }

    /// `None` when the database cannot be read now. The next call opens it anew.
    fn version(&self, seen: &mut Seen) -> Option<Version> {
        let connection = match seen.connection.take() {
            Some(connection) => connection,
            None => {
                seen.opened += 1;
                direct::open(&self.file).ok()?
            }
        };
        let number = connection
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut pragma| pragma.query_row([], |row| row.get(0)))
            .ok()?;
        seen.connection = Some(connection);
        Some(Version { connection: seen.opened, number })
    }
}
