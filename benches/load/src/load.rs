//! Two kinds of load: clients that ask again after each answer, and clients that ask at a fixed rate.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::Outcome;
use crate::client::Connection;

/// The result of a load.
#[derive(Default)]
pub struct Run {
    /// Latency of each answer in milliseconds, shortest first.
    pub latencies: Vec<f64>,
    pub seconds: f64,
}

impl Run {
    fn of(mut latencies: Vec<f64>, elapsed: Duration) -> Self {
        latencies.sort_by(f64::total_cmp);
        Self { latencies, seconds: elapsed.as_secs_f64() }
    }

    /// Answers per second.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.seconds
    }

    /// The latency that the fraction `share` of the answers did not exceed, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        self.latencies.get((share * last as f64).round() as usize).copied().unwrap_or(f64::NAN)
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

fn unexpected(status: u16) -> io::Error {
    io::Error::other(format!("a measured request was answered with {status}"))
}

/// Runs `connections` clients for `turn`, on one thread per core. Each repeats its share of `requests`, and
/// every answer must have the status `expected`.
pub fn closed(
    address: SocketAddr,
    requests: &[Vec<u8>],
    connections: usize,
    turn: Duration,
    expected: u16,
) -> Outcome<Run> {
    let threads = available_parallelism()?.get().min(connections);
    let started = Instant::now();
    let end = started + turn;
    let latencies = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                let mine = (thread..connections).step_by(threads);
                scope.spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                    let clients = tokio::task::LocalSet::new();
                    // Local tasks need `'static` data, so each gets its own share.
                    let running: Vec<_> = mine
                        .map(|first| {
                            let share: Vec<Vec<u8>> = requests
                                .iter()
                                .skip(first % requests.len())
                                .step_by(connections)
                                .cloned()
                                .collect();
                            clients.spawn_local(ask_until(address, share, end, expected))
                        })
                        .collect();
                    clients.block_on(&runtime, async {
                        let mut latencies = Vec::new();
                        for client in running {
                            latencies.extend(client.await??);
                        }
                        Ok(latencies)
                    })
                })
            })
            .collect();
        let mut latencies = Vec::new();
        for thread in running {
            let measured: io::Result<Vec<f64>> = thread.join().map_err(|_| "a load thread failed")?;
            latencies.extend(measured?);
        }
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(latencies)
    })?;
    Ok(Run::of(latencies, started.elapsed()))
}

async fn ask_until(
    address: SocketAddr,
    requests: Vec<Vec<u8>>,
    end: Instant,
    expected: u16,
) -> io::Result<Vec<f64>> {
    let mut connection = Connection::open(address).await?;
    let mut latencies = Vec::new();
    for request in requests.iter().cycle() {
        let asked = Instant::now();
        if asked >= end {
            break;
        }
        let status = connection.ask(request).await?.status;
        if status != expected {
            return Err(unexpected(status));
        }
        latencies.push(milliseconds(asked));
    }
    Ok(latencies)
}

/// Asks `rate` times a second, without waiting for earlier answers. Latency counts from the intended time of
/// the request, so a stalling server cannot hide it by delaying the requests.
pub async fn open(
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    rate: f64,
    turn: Duration,
) -> Outcome<Run> {
    const CONNECTIONS: usize = 64;
    let mut idle = Vec::new();
    for _ in 0..CONNECTIONS {
        idle.push(Connection::open(address).await?);
    }
    let idle = Arc::new(std::sync::Mutex::new(idle));
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    let started = Instant::now();
    let count = (rate * turn.as_secs_f64()) as usize;
    let mut asked: JoinSet<io::Result<f64>> = JoinSet::new();
    for number in 0..count {
        let meant = started + Duration::from_secs_f64(number as f64 / rate);
        tokio::time::sleep_until(meant.into()).await;
        let (idle, free, requests) = (idle.clone(), free.clone(), requests.clone());
        asked.spawn(async move {
            let _permit = free.acquire_owned().await.map_err(io::Error::other)?;
            let poisoned = |_| io::Error::other("a load task failed");
            let taken = idle.lock().map_err(poisoned)?.pop();
            let mut connection = taken.ok_or_else(|| io::Error::other("no connection is left"))?;
            let status = connection.ask(&requests[number % requests.len()]).await?.status;
            idle.lock().map_err(|_| io::Error::other("a load task failed"))?.push(connection);
            if status == 200 { Ok(milliseconds(meant)) } else { Err(unexpected(status)) }
        });
    }
    let mut latencies = Vec::with_capacity(count);
    while let Some(answered) = asked.join_next().await {
        latencies.push(answered??);
    }
    Ok(Run::of(latencies, started.elapsed()))
}
