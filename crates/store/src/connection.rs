//! A borrowed connection and a transaction on either engine, and the macro that runs one SQL text on both.

use std::sync::{Arc, OnceLock};

use sqlx::{PgConnection, SqliteConnection};
use turns::Pass;

use super::feed::Feed;
use super::pool::DbConn;
use super::turn::PassedConn;
use super::watch::Watch;
use super::{Change, StoreError};

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
    changes: Vec<Change>,
    feed: Arc<Feed>,
    watch: Arc<OnceLock<Watch>>,
    /// `PRAGMA data_version` of this connection at the beginning, if there is a watch.
    version: Option<i64>,
    /// The turn of SQLite's only writer, held until the transaction ends.
    _turn: Option<Pass>,
}

impl Tx {
    pub(super) async fn begin(
        conn: PassedConn,
        turn: Option<Pass>,
        feed: Arc<Feed>,
        watch: Arc<OnceLock<Watch>>,
    ) -> Result<Self, StoreError> {
        let mut tx = Self { conn, open: true, changes: Vec::new(), feed, watch, version: None, _turn: turn };
        // SQLite begins a transaction as a reader by default. Its first write then fails at once if another
        // transaction has written since, and `busy_timeout` does not apply.
        let watched = tx.watch.get().is_some();
        match tx.link() {
            // One call for both statements: each call hands over to the connection's own thread.
            Link::Sqlite(c) if watched => {
                let version = sqlx::query_scalar("BEGIN IMMEDIATE; PRAGMA data_version").fetch_one(c).await?;
                tx.version = Some(version);
            }
            Link::Sqlite(c) => sqlx::query("BEGIN IMMEDIATE").execute(c).await.map(drop)?,
            Link::Postgres(c) => sqlx::query("BEGIN").execute(c).await.map(drop)?,
        }
        if let Some(watch) = tx.watch.get() {
            watch.begun();
        }
        Ok(tx)
    }

    /// Notes a change, which the commit announces to every [`ChangeListener`](super::ChangeListener).
    pub(super) fn announce(&mut self, change: Change) {
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
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

    /// Rolls back and keeps the connection. If that fails, the connection is closed, which also rolls back.
    pub(super) async fn rollback(mut self) {
        // SQLite answers "cannot rollback" when a full disk has already made it roll back.
        let undone = on!(self.link(), c => sqlx::query("ROLLBACK").execute(c).await.map(drop));
        self.open = undone.is_err();
    }
}

impl Linked for Tx {
    fn link(&mut self) -> Link<'_> {
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
