//! A borrowed connection and a transaction on either engine, and the macro that runs one SQL text on both.

use std::sync::{Arc, OnceLock};

use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _, SqliteConnection};
use turns::Pass;

use super::event_lines::EventLines;
use super::fast_connections::FastConnections;
use super::feed::Feed;
use super::pool::DbConn;
use super::turn::{PassedConn, Patience, Spent};
use super::watch::Watch;
use super::{Change, StoreError, Subscriptions};

/// A connection to either engine, borrowed for one statement.
pub enum Link<'a> {
    /// An SQLite connection.
    Sqlite(&'a mut SqliteConnection),
    /// A PostgreSQL connection.
    Postgres(&'a mut PgConnection),
}

/// Runs `$body` with `$c` bound to the connection of either engine, so that one SQL text serves both:
/// `on!(tx.link(), c => sqlx::query("DELETE FROM notes WHERE id = $1").bind(id).execute(c).await)`. The body
/// must have the same type for both engines.
#[macro_export]
macro_rules! on {
    ($link:expr, $c:ident => $body:expr) => {
        match $link {
            $crate::Link::Sqlite($c) => $body,
            $crate::Link::Postgres($c) => $body,
        }
    };
}
pub(super) use on;

/// A connection that statements run on: a [`Conn`], or a [`Tx`] when the read belongs to a write.
pub trait Linked: Send {
    /// Borrows the connection for the next statement.
    fn link(&mut self) -> Link<'_>;
}

fn link_of(conn: &mut DbConn) -> Link<'_> {
    match conn {
        DbConn::Sqlite(conn) => Link::Sqlite(conn),
        DbConn::Postgres(conn) => Link::Postgres(conn),
    }
}

/// A pooled connection for reading.
pub struct Conn(PassedConn);

impl Conn {
    pub(super) fn new(conn: PassedConn) -> Self {
        Self(conn)
    }

    pub(super) async fn ping(&mut self) -> Result<(), StoreError> {
        on!(self.link(), c => sqlx::query("SELECT 1").execute(c).await.map(drop))?;
        Ok(())
    }
}

impl Linked for Conn {
    fn link(&mut self) -> Link<'_> {
        link_of(&mut self.0.conn)
    }
}

/// A writing transaction, inside [`Store::transact`](super::Store::transact).
pub struct Tx {
    conn: PassedConn,
    open: bool,
    /// Whether a statement has run. Until then, what is committed is all that there is to see.
    used: bool,
    fast: Option<Arc<FastConnections>>,
    changes: Vec<Change>,
    event_lines: EventLines,
    feed: Arc<Feed>,
    watch: Arc<OnceLock<Watch>>,
    subscriptions: Arc<OnceLock<Subscriptions>>,
    /// `PRAGMA data_version` of this connection at the beginning, if there is a watch.
    version: Option<i64>,
    /// The turn of SQLite's only writer, held until the transaction ends.
    turn: Option<Pass>,
}

/// Begins a transaction of SQLite, and answers with `PRAGMA data_version`. By default one begins as a reader.
/// Its first write then fails at once if another transaction has written since, and `busy_timeout` does not
/// apply. A connection that was opened while the file could not be written to becomes a reader even so; the
/// second statement fails there, and touches no page.
const BEGIN: &str = "BEGIN IMMEDIATE; UPDATE readiness SET writes = writes WHERE 0; PRAGMA data_version";

/// What a connection may be used for after a rollback.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Afterwards {
    Usable,
    /// PostgreSQL lets this session read alone, until another one is opened.
    ReadOnly,
}

/// Begins a transaction of SQLite whose caller has `spent` most of its patience, and returns
/// `PRAGMA data_version`. If it fails, the connection is closed, so its usual patience need not come back.
async fn begin_within(connection: &mut SqliteConnection, spent: Spent) -> Result<i64, sqlx::Error> {
    let Spent { left, usual } = spent;
    let (left, usual) = (left.as_millis(), usual.as_millis());
    let sql = format!("PRAGMA busy_timeout = {left}; {BEGIN}; PRAGMA busy_timeout = {usual}");
    let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    // Each pragma answers with a row.
    rows.get(1).ok_or(sqlx::Error::RowNotFound)?.try_get(0)
}

impl Tx {
    /// Begins a transaction, and takes the `turn` of SQLite's writer with it. The lock of another process is
    /// waited for until the `patience` ends.
    pub(super) async fn begin(
        conn: PassedConn,
        turn: &mut Option<Pass>,
        patience: Patience,
        feed: Arc<Feed>,
        watch: Arc<OnceLock<Watch>>,
        subscriptions: Arc<OnceLock<Subscriptions>>,
        fast: Option<Arc<FastConnections>>,
    ) -> Result<Self, sqlx::Error> {
        let (open, used, changes, version, turn_held) = (true, false, Vec::new(), None, None);
        let mut tx = Self {
            conn,
            open,
            used,
            fast,
            changes,
            event_lines: EventLines::default(),
            feed,
            watch,
            subscriptions,
            version,
            turn: turn_held,
        };
        let watched = tx.watch.get().is_some();
        match (tx.link(), patience.spent()) {
            (Link::Sqlite(c), Some(spent)) => tx.version = Some(begin_within(c, spent).await?),
            // One call for all statements: each call hands over to the connection's own thread.
            (Link::Sqlite(c), None) => {
                let version = sqlx::query_scalar(BEGIN).fetch_one(c).await?;
                tx.version = watched.then_some(version);
            }
            (Link::Postgres(c), _) => sqlx::query("BEGIN").execute(c).await.map(drop)?,
        }
        if let Some(watch) = tx.watch.get() {
            watch.begun();
        }
        tx.turn = turn.take();
        tx.used = false;
        Ok(tx)
    }

    /// Connections that see what this transaction of SQLite sees: as no other writes meanwhile, all do until
    /// its first statement.
    pub(super) fn alike(&self) -> Option<&FastConnections> {
        self.fast.as_deref().filter(|_| !self.used)
    }

    /// The webhooks of the settings, if there are any.
    pub(super) fn subscriptions(&self) -> Option<&Subscriptions> {
        self.subscriptions.get()
    }

    /// Notes a change, which the commit announces to every [`ChangeListener`](super::ChangeListener).
    pub(super) fn announce(&mut self, change: Change) {
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    /// The lines that the log gets when the transaction commits.
    pub(super) fn event_lines(&mut self) -> &mut EventLines {
        &mut self.event_lines
    }

    /// Runs `work` as a part of the transaction: its error undoes what it did, and nothing before it.
    ///
    /// # Errors
    /// The error of `work`, or of the database. After an error of the database itself, such as a full disk,
    /// the whole transaction is over.
    pub async fn part<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (changes, lines) = (self.changes.len(), self.event_lines.len());
        on!(self.link(), c => sqlx::query("SAVEPOINT part").execute(c).await.map(drop))?;
        let done = work(self).await;
        let end = if done.is_ok() { "RELEASE part" } else { "ROLLBACK TO part; RELEASE part" };
        let ended = on!(self.link(), c => sqlx::raw_sql(end).execute(c).await.map(drop));
        let refused = match done {
            Ok(done) => {
                ended?;
                return Ok(done);
            }
            Err(refused) => refused,
        };
        self.changes.truncate(changes);
        self.event_lines.truncate(lines);
        // After a failure of the database itself nothing is left to undo, and its own words say more.
        if matches!(refused, StoreError::Conflict(_) | StoreError::Reserved) {
            ended?;
        }
        Err(refused)
    }

    /// Commits, then announces the changes. If it fails, the transaction has changed nothing.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        if let Link::Postgres(c) = link_of(&mut self.conn.conn) {
            for change in &self.changes {
                sqlx::query("SELECT pg_notify($1, $2)")
                    .bind(Feed::CHANNEL)
                    .bind(change.to_payload())
                    .execute(&mut *c)
                    .await?;
            }
        }
        on!(self.link(), c => sqlx::query("COMMIT").execute(c).await.map(drop))?;
        self.open = false;
        for change in &self.changes {
            self.feed.publish(change);
        }
        self.event_lines.write();
        self.take_out_own_commit().await;
        Ok(())
    }

    /// Tells the watch that this commit has been announced, unless another process has committed since the
    /// transaction began. What fails here leaves the commit to be taken for another process's, which costs a
    /// few reads.
    async fn take_out_own_commit(&mut self) {
        let (Some(watch), Some(before)) = (self.watch.get(), self.version) else { return };
        let Some(version) = watch.after_commit() else { return };
        let Link::Sqlite(c) = link_of(&mut self.conn.conn) else { return };
        let now: Result<i64, _> = sqlx::query_scalar("PRAGMA data_version").fetch_one(c).await;
        if now.is_ok_and(|now| now == before) {
            watch.committed(version);
        }
    }

    /// Rolls back and keeps the connection. If that fails, or if the session became one for reading alone,
    /// the connection is closed, which also rolls back.
    pub(super) async fn rollback(mut self) -> Afterwards {
        match self.link() {
            Link::Sqlite(c) => {
                // SQLite answers "cannot rollback" when a full disk has already made it roll back.
                let undone = sqlx::query("ROLLBACK").execute(c).await;
                self.open = undone.is_err();
                Afterwards::Usable
            }
            Link::Postgres(c) => {
                // One call for both. The second tells what the next transaction of this session may do.
                let asked = c.fetch_one(sqlx::raw_sql("ROLLBACK; SHOW transaction_read_only")).await;
                let read_only = asked.and_then(|row| row.try_get::<String, _>(0));
                self.open = read_only.as_deref().ok() != Some("off");
                if read_only.is_ok_and(|said| said == "on") {
                    Afterwards::ReadOnly
                } else {
                    Afterwards::Usable
                }
            }
        }
    }
}

impl Linked for Tx {
    fn link(&mut self) -> Link<'_> {
        self.used = true;
        link_of(&mut self.conn.conn)
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if self.open {
            match &mut self.conn.conn {
                DbConn::Sqlite(conn) => conn.close_on_drop(),
                DbConn::Postgres(conn) => conn.close_on_drop(),
            }
        }
    }
}
