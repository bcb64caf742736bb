//! Whether others of the program use a PostgreSQL database.

use std::time::Duration;

use sqlx::PgConnection;

use super::super::StoreError;

/// Connections of the program to this database, without this one.
const OTHERS: &str = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
                      AND application_name = 'vestibule' AND pid <> pg_backend_pid()";

/// How often it is looked whether the others have gone, and after what time. A connection that was closed is
/// still there for a moment.
const LOOK_AGAIN: (usize, Duration) = (20, Duration::from_millis(100));

/// How many other connections the program has to this database; `None` when it has no other.
pub(super) async fn others(connection: &mut PgConnection) -> Result<Option<i64>, StoreError> {
    let mut others: i64 = 0;
    for _ in 0..LOOK_AGAIN.0 {
        // Within a transaction the server would repeat what it said first.
        sqlx::query("SELECT pg_stat_clear_snapshot()").execute(&mut *connection).await?;
        others = sqlx::query_scalar(OTHERS).fetch_one(&mut *connection).await?;
        if others == 0 {
            return Ok(None);
        }
        tokio::time::sleep(LOOK_AGAIN.1).await;
    }
    Ok(Some(others))
}
