//! Many rows by few statements: a call of a database costs more than a row does.

use sqlx::AssertSqlSafe;

use super::pool::DbPool;
use super::{Link, Linked, Store, StoreError};

/// How many rows, or values that are looked for, one statement has. SQLite takes 32,766 parameters at once
/// (`SQLITE_MAX_VARIABLE_NUMBER`), PostgreSQL 65,535.
pub(super) const AT_ONCE: usize = 100;

/// For the connection that adds many rows to SQLite. The 250 accounts of a transaction, with addresses in no
/// order, touch 1,200 pages of its indexes: with the usual cache of 2 MiB most of them are written several
/// times over. A checkpoint writes a page once, however often it stands in the log, and costs less the fewer
/// there are; the log takes up to 128 MiB of disk meanwhile. Without a `fsync` at each commit a power cut
/// may take the last rows back, which the next run adds again. The pages that a statement of many rows may
/// have to bring back are in memory: usually, what is more than 64 KiB goes to a file.
const MANY_ROWS: &str = "PRAGMA cache_size = -12288; PRAGMA wal_autocheckpoint = 32768; \
                         PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY";

/// The tables that an import fills.
const ANALYZE: &str = "ANALYZE accounts, audit_events, identities, imported_accounts, totp_secrets";

impl Store {
    /// Makes ready for the many rows of an import. For a store with one connection, as commands have.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn expect_many_rows(&self) -> Result<(), StoreError> {
        if let DbPool::Sqlite(pool) = &self.pool {
            sqlx::raw_sql(MANY_ROWS).execute(pool).await?;
        }
        Ok(())
    }

    /// Has PostgreSQL look at the tables that an import has filled. Until it does so by itself, it takes them
    /// for small, and reads all of a table for each look-up of many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn look_at_many_rows(&self) -> Result<(), StoreError> {
        if let DbPool::Postgres(pool) = &self.pool {
            sqlx::raw_sql(ANALYZE).execute(pool).await?;
        }
        Ok(())
    }
}

/// How an engine writes parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parameters {
    /// `$1`, `$2`: PostgreSQL knows no other.
    Numbered,
    /// `?`: SQLite takes a number for a name, and looks names up one after the other. Of thousands that takes
    /// most of the time of the statement.
    InOrder,
}

impl Parameters {
    pub(super) fn of(db: &mut impl Linked) -> Self {
        match db.link() {
            Link::Sqlite(_) => Self::InOrder,
            Link::Postgres(_) => Self::Numbered,
        }
    }

    fn push(self, sql: &mut String, number: usize) {
        match self {
            Self::Numbered => {
                sql.push('$');
                sql.push_str(&number.to_string());
            }
            Self::InOrder => sql.push('?'),
        }
    }

    /// `head`, so many rows of so many parameters, and `tail`.
    pub(super) fn rows(self, head: &str, rows: usize, columns: usize, tail: &str) -> AssertSqlSafe<String> {
        self.rows_from(1, head, rows, columns, tail)
    }

    /// As [`rows`](Self::rows), where `head` has the parameters below the number `first`.
    pub(super) fn rows_from(
        self,
        first: usize,
        head: &str,
        rows: usize,
        columns: usize,
        tail: &str,
    ) -> AssertSqlSafe<String> {
        let mut sql = String::with_capacity(head.len() + rows * columns * 7 + tail.len());
        sql.push_str(head);
        for row in 0..rows {
            sql.push_str(if row == 0 { " VALUES (" } else { "), (" });
            self.push_all(&mut sql, row * columns + first, columns);
        }
        sql.push_str(") ");
        sql.push_str(tail);
        AssertSqlSafe(sql)
    }

    /// The parameter with this number, in text that is put together.
    pub(super) fn one(self, number: usize) -> String {
        let mut sql = String::new();
        self.push(&mut sql, number);
        sql
    }

    /// `head`, and behind it in brackets so many parameters.
    pub(super) fn list(self, head: &str, count: usize) -> AssertSqlSafe<String> {
        let mut sql = String::with_capacity(head.len() + count * 7);
        sql.push_str(head);
        sql.push_str(" (");
        self.push_all(&mut sql, 1, count);
        sql.push(')');
        AssertSqlSafe(sql)
    }

    fn push_all(self, sql: &mut String, first: usize, count: usize) {
        for number in first..first + count {
            if number > first {
                sql.push_str(", ");
            }
            self.push(sql, number);
        }
    }
}

/// Inserts many rows: `insert_rows!(tx, "INSERT INTO notes (id)", notes, note => [note.id])`.
macro_rules! insert_rows {
    ($db:expr, $head:literal, $rows:expr, $row:ident => [$($value:expr),+ $(,)?]) => {{
        const COLUMNS: usize = [$(stringify!($value)),+].len();
        let rows = $rows;
        let mut done = Ok(());
        for chunk in rows.chunks($crate::many_rows::AT_ONCE) {
            let parameters = $crate::many_rows::Parameters::of($db);
            let sql = parameters.rows($head, chunk.len(), COLUMNS, "");
            // A statement of a length that comes once is not worth keeping.
            let keeps = matches!(chunk.len(), 1 | $crate::many_rows::AT_ONCE);
            done = $crate::connection::on!($crate::Linked::link($db), c => {
                let mut query = sqlx::query(sql).persistent(keeps);
                for $row in chunk {
                    query = query$(.bind($value))+;
                }
                query.execute(c).await.map(drop)
            });
            if done.is_err() {
                break;
            }
        }
        done
    }};
}
pub(super) use insert_rows;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_through_or_stand_in_order() {
        let rows = |parameters: Parameters| parameters.rows("INSERT INTO t (a, b)", 2, 2, "RETURNING a").0;
        assert_eq!(rows(Parameters::Numbered), "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) RETURNING a");
        assert_eq!(rows(Parameters::InOrder), "INSERT INTO t (a, b) VALUES (?, ?), (?, ?) RETURNING a");
        let list = |parameters: Parameters| parameters.list("SELECT a FROM t WHERE a IN", 3).0;
        assert_eq!(list(Parameters::Numbered), "SELECT a FROM t WHERE a IN ($1, $2, $3)");
        assert_eq!(list(Parameters::InOrder), "SELECT a FROM t WHERE a IN (?, ?, ?)");
    }
}
