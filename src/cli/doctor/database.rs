//! The database: whether it answers, its version, its migrations, its clock, and the keys of its secrets.

use domain::{Clock as _, Millis, SystemClock};
use store::SchemaState;

use super::Diagnosis;
use crate::cli::table::utc;
use crate::compose;
use crate::config::Config;

/// How far two clocks may be apart: codes of authenticator apps bear half a minute.
const APART: i64 = 10_000;

/// Looks at the database.
pub async fn look(config: &Config) -> Vec<Diagnosis> {
    let state = match compose::look_at_database(config).await {
        Ok(state) => state,
        Err(error) => return vec![Diagnosis::error("database", error.to_string())],
    };
    let mut found = vec![schema(&state)];
    let now = SystemClock.now();
    found.push(clock(&state, now));
    // Opening the database for more than a look applies migrations, which is the next start's to do.
    if state.pending == 0 && state.newer.is_none() {
        found.push(match compose::check_secret_keys(config).await {
            Ok(true) => Diagnosis::ok("keys", "every key that the database needs is there"),
            Ok(false) => {
                Diagnosis::warning("keys", "there is no secret key; the server makes one when it starts")
            }
            Err(error) => Diagnosis::error("keys", error.to_string()),
        });
        found.push(set_aside(config).await);
    }
    found
}

/// What was tried and is tried no more, of mail and of messages to sites.
async fn set_aside(config: &Config) -> Diagnosis {
    let (mail, sites) = match compose::set_aside(config).await {
        Ok(counted) => counted,
        Err(error) => return Diagnosis::error("outbox", error.to_string()),
    };
    let mut said = Vec::new();
    if mail > 0 {
        let many = if mail == 1 { "mail was" } else { "mails were" };
        said.push(format!("{mail} {many} set aside: `vestibule mail list --failed` says why"));
    }
    for (name, count) in sites.iter().filter(|(_, count)| *count > 0) {
        let many = if *count == 1 { "message" } else { "messages" };
        said.push(format!(
            "{count} {many} to `webhooks.{name}` set aside: `vestibule webhook list --failed` says why"
        ));
    }
    if said.is_empty() {
        return Diagnosis::ok("outbox", "nothing was set aside");
    }
    Diagnosis::warning("outbox", said.join("; "))
}

fn schema(state: &SchemaState) -> Diagnosis {
    let version = &state.engine_version;
    if let Some(newer) = state.newer {
        return Diagnosis::error(
            "database",
            format!(
                "{version}: migration {newer} is of a newer program, see going back in docs/installing.md; this \
                 program does not start with it"
            ),
        );
    }
    match state.pending {
        0 => Diagnosis::ok("database", format!("{version}, migration {}", state.applied)),
        some => Diagnosis::warning(
            "database",
            format!(
                "{version}: {some} migrations are to be applied; the next start does it, make a backup before"
            ),
        ),
    }
}

fn clock(state: &SchemaState, now: Millis) -> Diagnosis {
    if let Some(at) = state.newest_event
        && at.0 > now.0 + APART
    {
        let said = format!(
            "it is {} here, but something is said to have happened at {}: set the clock, and keep it by NTP",
            utc(now),
            utc(at)
        );
        return Diagnosis::error("clock", said);
    }
    match state.clock {
        Some(there) if (there.0 - now.0).abs() > APART => {
            let apart = (there.0 - now.0) / 1_000;
            let said = format!("the database's clock is {apart} seconds from this one; keep both by NTP");
            Diagnosis::warning("clock", said)
        }
        _ => Diagnosis::ok("clock", format!("it is {}", utc(now))),
    }
}
