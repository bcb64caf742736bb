//! Sign-ins compared with the bare `argon2` crate, the memory that they need, and a full queue.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use hasher::HashCost;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::accounts::{self, PASSWORD, Somebody};
use crate::client::{Connection, Wanted, get, sign_in};
use crate::process::Served;
use crate::table::{Table, Target};
use crate::{Outcome, Plan, load};

/// Enough clients to keep every core hashing, but too few to fill the queue.
const CLIENTS: usize = 64;
const FLOOD: usize = 1_000;

/// Hashes per second of the bare crate in its best case: one thread per core, each of which reuses its
/// memory.
fn bare_rate(turn: Duration) -> Outcome<f64> {
    let cost = HashCost::default();
    let params =
        Params::new(cost.memory_kib(), cost.passes(), 1, Some(32)).map_err(|error| error.to_string())?;
    let threads = available_parallelism()?.get();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let started = Instant::now();
    let hashes: u32 = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut memory = vec![Block::new(); params.block_count()];
                    let mut done = 0;
                    while started.elapsed() < turn {
                        let mut output = [0; 32];
                        let hashed = argon2.hash_password_into_with_memory(
                            PASSWORD.as_bytes(),
                            &[7; 16],
                            &mut output,
                            &mut memory,
                        );
                        black_box((hashed.is_ok(), output));
                        done += 1;
                    }
                    done
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
    });
    Ok(f64::from(hashes) / started.elapsed().as_secs_f64())
}

pub fn measure(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    let cores = available_parallelism()?.get();
    table.heading(&format!("Signing in: {CLIENTS} clients, {cores} cores"));
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let everybody = runtime.block_on(accounts::make(&accounts::database_in(folder.path()), FLOOD))?;
    let server = Served::vestibule(program, folder.path(), &[])?;
    let requests: Vec<Vec<u8>> =
        everybody.iter().map(|somebody| sign_in(&somebody.email, PASSWORD)).collect();
    // A sign-in takes longer than a page, so a turn needs more time to count enough of them.
    let turn = plan.turn() * 2;
    // Opens the connections of the database and of the clients first, so that their memory is not counted as
    // the hasher's.
    let pages: Vec<Vec<u8>> =
        everybody.iter().map(|somebody| get("/user/profil", Wanted::Page, &somebody.session)).collect();
    load::closed(server.address, &pages, CLIENTS, Duration::from_secs(1), 200)?;
    let idle = server.memory()?;
    server.forget_peak()?;
    let (mut bare, mut ours, mut p50) = (vec![bare_rate(turn)?], vec![], vec![]);
    for _ in 0..plan.rounds() {
        let run = load::closed(server.address, &requests, CLIENTS, turn, 308)?;
        ours.push(run.rate());
        p50.push(run.percentile(0.5));
        bare.push(bare_rate(turn)?);
    }
    let shares =
        ours.iter().zip(bare.windows(2)).map(|(ours, bare)| 200.0 * ours / (bare[0] + bare[1])).collect();
    table.row("the bare crate, a thread per core", "hashes/s", bare);
    table.row("sign-ins", "1/s", ours);
    table.row("  p50", "ms", p50);
    table.judged("of the bare crate's rate", "%", shares, Target::AtLeast(95.0));
    let memory = f64::from(HashCost::default().memory_kib()) / 1024.0 * cores as f64;
    table.row("memory before", "MiB", vec![idle]);
    let more = server.peak_memory()? - idle;
    table.judged("most memory on top of it", "MiB", vec![more], Target::AtMost(memory + 10.0));
    flood(&runtime, &server, &everybody, table)
}

/// More simultaneous sign-ins than the queue holds.
fn flood(
    runtime: &tokio::runtime::Runtime,
    server: &Served,
    everybody: &[Somebody],
    table: &mut Table,
) -> Outcome<()> {
    let together = Arc::new(Barrier::new(everybody.len()));
    let address = server.address;
    let answers = runtime.block_on(async {
        let mut clients: JoinSet<Outcome<(u16, Option<f64>, f64)>> = JoinSet::new();
        for somebody in everybody {
            let (request, together) = (sign_in(&somebody.email, PASSWORD), together.clone());
            clients.spawn(async move {
                let connection = Connection::open(address).await;
                together.wait().await;
                let asked = Instant::now();
                let mut connection = connection?;
                let answer = connection.ask(&request).await?;
                let retry = answer.header("retry-after").and_then(|seconds| seconds.parse().ok());
                Ok((answer.status, retry, asked.elapsed().as_secs_f64() * 1_000.0))
            });
        }
        let mut answers = Vec::new();
        while let Some(answer) = clients.join_next().await {
            answers.push(answer??);
        }
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(answers)
    })?;
    let (entered, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(status, ..)| *status == 308);
    if refused.iter().any(|(status, retry, _)| *status != 503 || retry.is_none()) {
        return Err("a refusal is not a 503 with Retry-After".into());
    }
    table.heading(&format!("A full queue: {} sign-ins at the same moment", everybody.len()));
    table.row("signed in", "", vec![entered.len() as f64]);
    table.row(
        "  the last of them after",
        "ms",
        vec![entered.iter().map(|(.., took)| *took).fold(0.0, f64::max)],
    );
    table.row("answered 503 with Retry-After", "", vec![refused.len() as f64]);
    table.row("  Retry-After", "s", refused.iter().filter_map(|(_, retry, _)| *retry).collect());
    table.row("  answered after", "ms", refused.iter().map(|(.., took)| *took).collect());
    Ok(())
}
