//! Waiting for the database in turn: clients take turns at SQLite's writer, at the pool's connections and at
//! the writes of one account, so that a client with hundreds of requests delays another's by one turn.
//!
//! Who the client is, is a task-local that the web layer sets around each request ([`on_behalf_of`]). As an
//! argument it would go through every flow to every read, and a call without it would wait with everybody;
//! so it is known in one place, and no flow can forget it. What runs outside of a request – mail, the sweep,
//! commands, notes of a last use – is a client of its own.

use std::sync::Arc;
use std::time::Duration;

use domain::AccountId;
use parking_lot::Mutex;
use tokio::time::{Instant, timeout_at};
use turns::{Full, Gate, Gates, Pass};

use super::error_counts::count_crowded;
use super::pool::DbConn;
use super::{DbPool, Engine, StoreError};

tokio::task_local! {
    static CLIENT: u64;
}

/// The client that work outside of a request counts as.
const NOBODY: u64 = u64::MAX;

/// The requests of one client that may wait at each gate. More are refused at once: they would only take
/// memory until their patience ends.
const MOST_WAITING: usize = 256;

/// The shortest time between two lines of the log that say why there is no connection.
const ASK_AGAIN: Duration = Duration::from_secs(10);

/// Runs `work` on behalf of `client`: its calls of a [`Store`](super::Store) wait in this client's line. The
/// number's meaning is the caller's business; `u64::MAX` is the program itself. A task that `work` spawns is
/// on behalf of the program.
pub async fn on_behalf_of<F: Future>(client: u64, work: F) -> F::Output {
    CLIENT.scope(client, work).await
}

fn client() -> u64 {
    CLIENT.try_with(|client| *client).unwrap_or(NOBODY)
}

/// The gates of one store.
pub(super) struct Gatekeeper {
    connections: Arc<Gate>,
    /// SQLite has one writer. The gate wakes the next writer at once; SQLite's own waiting polls.
    writer: Option<Arc<Gate>>,
    accounts: Gates,
    /// When it was last asked why there is no connection.
    asked: Mutex<Option<Instant>>,
}

impl Gatekeeper {
    pub(super) fn new(pool: &DbPool) -> Self {
        let writer = pool.engine() == Engine::Sqlite;
        Self {
            connections: Arc::new(Gate::new(pool.size(), MOST_WAITING)),
            writer: writer.then(|| Arc::new(Gate::new(1, MOST_WAITING))),
            accounts: Gates::new(1, MOST_WAITING),
            asked: Mutex::default(),
        }
    }

    /// Waits for the account's other writes of this instance, which would wait for its row with a connection
    /// or the writer in their hands.
    pub(super) async fn account(&self, id: AccountId, patience: Patience) -> Result<Pass, StoreError> {
        patience.pass(&self.accounts.gate(id.0.cast_unsigned())).await
    }

    /// Waits for the turn to write; `None` on PostgreSQL, which has many writers.
    pub(super) async fn writer(&self, patience: Patience) -> Result<Option<Pass>, StoreError> {
        match &self.writer {
            Some(writer) => Ok(Some(patience.pass(writer).await?)),
            None => Ok(None),
        }
    }

    /// How many wait for a connection, and how many for SQLite's only writer.
    pub(super) fn waiting(&self) -> (usize, usize) {
        (self.connections.waiting(), self.writer.as_ref().map_or(0, |writer| writer.waiting()))
    }

    /// The gate of SQLite's only writer.
    pub(super) fn writers(&self) -> Option<&Arc<Gate>> {
        self.writer.as_ref()
    }

    /// Waits for a connection.
    pub(super) async fn connection(
        &self,
        pool: &DbPool,
        patience: Patience,
    ) -> Result<PassedConn, StoreError> {
        let pass = patience.pass(&self.connections).await?;
        // The pool has a connection for every pass. It is waited for only while the former holder's returns,
        // or a new one is opened.
        match timeout_at(patience.end, pool.acquire()).await {
            Ok(Ok(conn)) => Ok(PassedConn { conn, _pass: pass }),
            Ok(Err(late @ StoreError::Unavailable(sqlx::Error::PoolTimedOut))) => {
                self.ask_why(pool);
                Err(late)
            }
            Err(_) => {
                self.ask_why(pool);
                Err(late())
            }
            Ok(Err(error)) => Err(error),
        }
    }

    /// Logs why there is no connection, at most every ten seconds. The pool keeps the reason to itself.
    fn ask_why(&self, pool: &DbPool) {
        let mut asked = self.asked.lock();
        if asked.is_some_and(|at| at.elapsed() < ASK_AGAIN) {
            return;
        }
        *asked = Some(Instant::now());
        let pool = pool.clone();
        tokio::spawn(async move {
            if let Some(error) = pool.why_unavailable().await {
                log::warn!("{error}");
            }
        });
    }
}

/// A connection and the right to it. The fields' order matters: the connection goes back first.
pub(super) struct PassedConn {
    pub(super) conn: DbConn,
    _pass: Pass,
}

/// How long one call waits, at all its gates together.
#[derive(Clone, Copy)]
pub(super) struct Patience {
    end: Instant,
    whole: Duration,
}

/// A patience of which a good part has gone by.
#[derive(Clone, Copy)]
pub(super) struct Spent {
    pub(super) left: Duration,
    /// What it was.
    pub(super) usual: Duration,
}

/// How much of a patience may have gone by without a difference to the one who waits.
const HARDLY_SPENT: Duration = Duration::from_millis(100);

impl Patience {
    pub(super) fn of(pool: &DbPool) -> Self {
        let whole = pool.patience();
        Self { end: Instant::now() + whole, whole }
    }

    /// `None` while hardly any has gone by.
    pub(super) fn spent(self) -> Option<Spent> {
        let left = self.end.saturating_duration_since(Instant::now());
        (left + HARDLY_SPENT < self.whole).then_some(Spent { left, usual: self.whole })
    }

    async fn pass(self, gate: &Arc<Gate>) -> Result<Pass, StoreError> {
        if let Some(pass) = gate.try_enter() {
            return Ok(pass);
        }
        let entered = timeout_at(self.end, gate.enter(client())).await.map_err(|_| late())?;
        entered.map_err(|Full| {
            count_crowded();
            StoreError::Crowded
        })
    }
}

fn late() -> StoreError {
    sqlx::Error::PoolTimedOut.into()
}
