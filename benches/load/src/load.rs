//! Two kinds of load: callers that ask again after each answer, and callers that ask at a fixed rate.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::Outcome;
use crate::client::{Answer, Connection};

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

/// Somebody with a connection, who asks again after each answer.
pub trait Caller: Send + 'static {
    /// The next request; `None` when there is nothing left to ask.
    fn request(&mut self) -> Option<&[u8]>;

    /// Reads the answer.
    ///
    /// # Errors
    /// It is not the expected one, and nothing is measured.
    fn answered(&mut self, answer: &Answer<'_>) -> io::Result<()>;
}

/// The answer's status must be `expected`.
///
/// # Errors
/// It is another.
pub fn expect(answer: &Answer<'_>, expected: u16) -> io::Result<()> {
    if answer.status == expected { Ok(()) } else { Err(unexpected(answer.status)) }
}

/// Repeats its requests.
struct Repeating {
    requests: Vec<Vec<u8>>,
    asked: usize,
    expected: u16,
}

impl Caller for Repeating {
    fn request(&mut self) -> Option<&[u8]> {
        let next = self.asked % self.requests.len().max(1);
        self.asked += 1;
        self.requests.get(next).map(Vec::as_slice)
    }

    fn answered(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        expect(answer, self.expected)
    }
}

/// Runs `connections` callers for `turn`. Each repeats its share of `requests`, and every answer must have
/// the status `expected`.
pub fn closed(
    address: SocketAddr,
    requests: &[Vec<u8>],
    connections: usize,
    turn: Duration,
    expected: u16,
) -> Outcome<Run> {
    let share = |first: usize| {
        let requests = requests.iter().skip(first % requests.len()).step_by(connections).cloned().collect();
        Repeating { requests, asked: 0, expected }
    };
    let (run, _) = closed_by(address, (0..connections).map(share).collect(), turn)?;
    Ok(run)
}

/// Runs the callers for `turn`, on one thread per core, and returns them.
pub fn closed_by<C: Caller>(address: SocketAddr, callers: Vec<C>, turn: Duration) -> Outcome<(Run, Vec<C>)> {
    let threads = available_parallelism()?.get().min(callers.len());
    let mut groups: Vec<Vec<C>> = (0..threads).map(|_| Vec::new()).collect();
    for (number, caller) in callers.into_iter().enumerate() {
        groups[number % threads].push(caller);
    }
    let started = Instant::now();
    let end = started + turn;
    std::thread::scope(|scope| {
        let running: Vec<_> =
            groups.into_iter().map(|group| scope.spawn(move || ask_together(address, group, end))).collect();
        let (mut latencies, mut callers) = (Vec::new(), Vec::new());
        for thread in running {
            for (measured, caller) in thread.join().map_err(|_| "a load thread failed")?? {
                latencies.extend(measured);
                callers.push(caller);
            }
        }
        Ok((Run::of(latencies, started.elapsed()), callers))
    })
}

/// Runs the callers of one thread. Each returns with its latencies, in milliseconds.
fn ask_together<C: Caller>(
    address: SocketAddr,
    callers: Vec<C>,
    end: Instant,
) -> Outcome<Vec<(Vec<f64>, C)>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let together = tokio::task::LocalSet::new();
    let asking: Vec<_> =
        callers.into_iter().map(|caller| together.spawn_local(ask_until(address, caller, end))).collect();
    together.block_on(&runtime, async {
        let mut done = Vec::new();
        for caller in asking {
            done.push(caller.await??);
        }
        Ok(done)
    })
}

async fn ask_until<C: Caller>(address: SocketAddr, mut caller: C, end: Instant) -> io::Result<(Vec<f64>, C)> {
    let mut connection = Connection::open(address).await?;
    let mut latencies = Vec::new();
    while let Some(request) = caller.request() {
        let asked = Instant::now();
        if asked >= end {
            break;
        }
        let answer = connection.ask(request).await?;
        caller.answered(&answer)?;
        latencies.push(milliseconds(asked));
    }
    Ok((latencies, caller))
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
