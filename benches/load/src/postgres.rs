//! A database on the PostgreSQL of `--postgres`, for the time of one measurement.

use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::{Outcome, Plan};

/// Runs `work` with the URL of a new database, and drops that. `None` where there is no PostgreSQL.
///
/// # Errors
/// The error of `work`; the database cannot be made or dropped.
pub fn with_database<T>(plan: &Plan, work: impl FnOnce(&str) -> Outcome<T>) -> Outcome<Option<T>> {
    // One may be needed within the time of another.
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let runtime = tokio::runtime::Runtime::new()?;
    let name = format!("vestibule_load_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    let Ok(mut admin) = runtime.block_on(PgConnection::connect(&format!("{}/postgres", plan.postgres)))
    else {
        return Ok(None);
    };
    let mut order = |order: String| runtime.block_on(sqlx::query(AssertSqlSafe(order)).execute(&mut admin));
    order(format!("CREATE DATABASE {name}"))?;
    let done = work(&format!("{}/{name}", plan.postgres));
    let dropped = order(format!("DROP DATABASE {name} WITH (FORCE)"));
    let done = done?;
    dropped?;
    Ok(Some(done))
}
