//! What a direct connection tells of the way to PostgreSQL: why the pool gets none, and whether a pooler in
//! between changes connections.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _};
use tokio::time::timeout;

use super::StoreError;

/// How long a direct connection may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why the server gives no connection; `None` if it does. A pool that waits in vain says only that time is
/// up.
pub(super) async fn reason(options: &PgConnectOptions) -> Option<StoreError> {
    match timeout(PATIENCE, options.connect()).await {
        Ok(Err(error)) => Some(refused(error)),
        Ok(Ok(_)) => None,
        Err(_) => Some(StoreError::Unavailable(sqlx::Error::PoolTimedOut)),
    }
}

/// The error of a connection that was not made. PostgreSQL repeats a parameter that it refuses.
fn refused(error: sqlx::Error) -> StoreError {
    // SQLSTATE classes: 22 and 42 are about values and names, 55 about parameters that cannot be changed.
    let code = error.as_database_error().and_then(|reported| reported.code()).map(|code| code.into_owned());
    match code {
        Some(code) if ["22", "42", "55"].iter().any(|class| code.starts_with(class)) => {
            StoreError::Parameter { code }
        }
        _ => StoreError::Unavailable(error),
    }
}

/// Checks that a connection to PostgreSQL stays the same from one transaction to the next. Two clients of a
/// pooler that does not keep them apart meet the same process of the server, or one of them meets two.
///
/// # Errors
/// `Pooler` when it does not, `Unavailable` when the database cannot be reached.
pub(super) async fn check(options: &PgConnectOptions) -> Result<(), StoreError> {
    let (mut one, mut other) = (options.connect().await?, options.connect().await?);
    let seen = [process(&mut one).await?, process(&mut one).await?, process(&mut other).await?];
    let kept = seen[0] == seen[1] && seen[1] != seen[2];
    one.close().await?;
    other.close().await?;
    if kept { Ok(()) } else { Err(StoreError::Pooler) }
}

/// The number of the server's process behind a connection. Without a prepared statement, which such a pooler
/// may not know.
async fn process(connection: &mut PgConnection) -> Result<i32, StoreError> {
    let row = connection.fetch_one(sqlx::raw_sql("SELECT pg_backend_pid()")).await?;
    Ok(row.try_get(0)?)
}
