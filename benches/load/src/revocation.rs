//! How long a session that was ended at one instance stays valid at another on the same PostgreSQL.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::accounts;
use crate::client::{Connection, Wanted, get, post};
use crate::postgres::with_database;
use crate::process::Served;
use crate::table::{Table, Target};
use crate::{Outcome, Plan};

const TRIALS: usize = 30;
const GIVE_UP: Duration = Duration::from_secs(5);

pub fn measure(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    table.heading(
        "A session ended through one of two instances on one PostgreSQL: how long it lives on in the other",
    );
    let lags = with_database(plan, |url| tokio::runtime::Runtime::new()?.block_on(lags(program, url)))?;
    let Some(lags) = lags else {
        table.remark("not measured: there is no PostgreSQL, see --postgres");
        return Ok(());
    };
    let most = lags.iter().copied().fold(0.0, f64::max);
    table.judged("most of all trials", "ms", vec![most], Target::AtMost(1_000.0));
    table.row(&format!("{TRIALS} trials"), "ms", lags);
    Ok(())
}

async fn lags(program: &Path, url: &str) -> Outcome<Vec<f64>> {
    let (one, other) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let everybody = accounts::make(url, TRIALS).await?;
    let settings = [("VESTIBULE_DATABASE_URL", url)];
    let one = Served::vestibule(program, one.path(), &settings)?;
    let other = Served::vestibule(program, other.path(), &settings)?;
    // Waits until both instances follow the notifications. Before that they query the database, and there is
    // no lag.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (mut here, mut there) =
        (Connection::open(one.address).await?, Connection::open(other.address).await?);
    let mut lags = Vec::with_capacity(TRIALS);
    for somebody in everybody {
        let page = get("/user/profil", Wanted::Json, &somebody.session);
        for connection in [&mut here, &mut there] {
            if connection.ask(&page).await?.status != 200 {
                return Err("a session does not work".into());
            }
        }
        let form = "application/x-www-form-urlencoded";
        let left = here.ask(&post("/user/logout", Some(&somebody.session), form, b"")).await?.status;
        let ended = Instant::now();
        if left != 303 {
            return Err(format!("signing out was answered with {left}").into());
        }
        // The time of the last answer that accepted the session; zero if it ended everywhere at once.
        let mut alive = Duration::ZERO;
        while there.ask(&page).await?.status != 401 {
            alive = ended.elapsed();
            if alive > GIVE_UP {
                return Err("a session that was ended lives on".into());
            }
        }
        lags.push(alive.as_secs_f64() * 1_000.0);
    }
    Ok(lags)
}
