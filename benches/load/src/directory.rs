//! The first page of accounts that an administrator looks for, over ten million of them.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::AssertSqlSafe;
use store::DbPool;

use crate::client::{Connection, Wanted, get};
use crate::postgres::with_database;
use crate::process::Served;
use crate::table::{Table, Target, median};
use crate::{Outcome, Plan, accounts};

/// As many as one statement writes.
const AT_ONCE: usize = 500_000;
const MOST_MILLISECONDS: f64 = 50.0;
/// Each is asked for so many times in a round.
const TIMES: usize = 20;

/// What is looked for, and what of the accounts begins like it.
const SEARCHES: [(&str, &str); 6] = [
    ("", "everybody, the newest first"),
    ("q=somebody", "all addresses and usernames"),
    ("q=some%20b", "all names"),
    ("q=body", "all last names"),
    ("q=somebody.77", "a ninetieth of all addresses"),
    ("q=zebra", "nothing"),
];

fn insert(postgres: bool, first: usize, last: usize) -> String {
    let numbers = if postgres {
        format!("(SELECT i FROM generate_series({first}, {last}) AS g (i)) AS n")
    } else {
        format!(
            "(WITH RECURSIVE n (i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) SELECT i FROM n)"
        )
    };
    format!(
        "INSERT INTO accounts (email, email_key, username, username_key, username_skeleton, name, firstname, \
         lastname, name_key, lastname_key, role_id, password_hash, created_at, updated_at) \
         SELECT 'somebody.' || i || '@example.net', 'somebody.' || i || '@example.net', 'somebody-' || i, \
         'somebody-' || i, 'somebody-' || i, '', 'Some', 'Body ' || i, 'some body ' || i, 'body ' || i, 1, \
         '$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IHRoYXQgaXM$Ejm0nPPCvs1hGfzhkFJUh4fOIq7cXQgXQ7ZyTtAhhAU', \
         1767225600000 + i, 1767225600000 + i FROM {numbers}"
    )
}

/// Makes `count` accounts beside an administrator's, and returns the administrator's session.
pub async fn fill(url: &str, count: usize) -> Outcome<String> {
    let administrator = accounts::make_named(url, 1, |_| "admin@example.org".to_owned()).await?.remove(0);
    let pool = DbPool::connect(url, 1, Duration::from_secs(5)).await?;
    let mut first = 1;
    let mut orders = vec!["UPDATE accounts SET role_id = 3".to_owned()];
    while first <= count {
        let last = count.min(first + AT_ONCE - 1);
        orders.push(insert(matches!(pool, DbPool::Postgres(_)), first, last));
        first = last + 1;
    }
    match &pool {
        DbPool::Sqlite(pool) => {
            for order in orders {
                sqlx::query(AssertSqlSafe(order)).execute(pool).await?;
            }
            pool.close().await;
        }
        DbPool::Postgres(pool) => {
            let mut connection = pool.acquire().await?;
            sqlx::raw_sql("SET statement_timeout = 0").execute(&mut *connection).await?;
            for order in orders {
                sqlx::query(AssertSqlSafe(order)).execute(&mut *connection).await?;
            }
            // As PostgreSQL does by itself within minutes.
            sqlx::raw_sql("VACUUM ANALYZE accounts").execute(&mut *connection).await?;
            drop(connection);
            pool.close().await;
        }
    }
    Ok(administrator.session)
}

fn one(plan: &Plan, program: &Path, url: Option<&str>, engine: &str, table: &mut Table) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let own = accounts::database_in(folder.path());
    let url = url.unwrap_or(&own);
    let runtime = tokio::runtime::Runtime::new()?;
    let session = runtime.block_on(fill(url, plan.accounts()))?;
    let settings = [("VESTIBULE_DATABASE_URL", url), ("VESTIBULE_ADMIN__SECOND_FACTOR", "off")];
    let server = Served::vestibule(program, folder.path(), &settings)?;
    for (search, finds) in SEARCHES {
        let request = get(&format!("/admin/accounts?{search}"), Wanted::Page, &session);
        let (mut usual, mut slowest) = (Vec::new(), Vec::new());
        for _ in 0..plan.rounds() {
            let times = runtime.block_on(ask(&server, &request))?;
            usual.push(median(&times));
            slowest.push(times.into_iter().fold(0.0, f64::max));
        }
        table.judged(&format!("{engine}: {finds}"), "ms", usual, Target::AtMost(MOST_MILLISECONDS));
        table.judged("  the slowest of a round", "ms", slowest, Target::AtMost(MOST_MILLISECONDS));
    }
    Ok(())
}

/// How long each of [`TIMES`] answers takes, in milliseconds.
async fn ask(server: &Served, request: &[u8]) -> Outcome<Vec<f64>> {
    let mut connection = Connection::open(server.address).await?;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let begun = Instant::now();
        let answer = connection.ask(request).await?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        if answer.status != 200 {
            return Err(format!("/admin/accounts was answered with {}", answer.status).into());
        }
    }
    Ok(times)
}

pub fn measure(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    table.heading(&format!("Finding accounts at /admin: the first page of {} accounts", plan.accounts()));
    one(plan, program, None, "SQLite", table)?;
    if with_database(plan, |url| one(plan, program, Some(url), "PostgreSQL", table))?.is_none() {
        table.remark("PostgreSQL not measured: there is none, see --postgres");
    }
    Ok(())
}
