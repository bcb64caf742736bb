//! Connections to SQLite that are used on the caller's thread, for reading alone.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

/// Opens a connection.
pub(super) fn open(file: &Path) -> rusqlite::Result<Connection> {
    // Not SQLITE_OPEN_READ_ONLY: a reader of a database in WAL mode writes to the WAL's index.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.busy_timeout(Duration::ZERO)?;
    Ok(connection)
}
