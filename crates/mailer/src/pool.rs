//! The connections to the mail server. A message waits for whichever connection is free first, never for one
//! of its own: a server that serves few connections at a time leaves the others without a greeting, and a
//! message that waited for such a greeting would wait while others finish.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Weak};
use std::time::Duration;

use lettre::transport::smtp::client::AsyncSmtpConnection;
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::connection::Opener;

/// The longest time until a new connection takes mail: for connecting, the greeting, encryption and signing
/// in. Some servers let a new client wait for their greeting for 20 seconds, against spam.
pub(super) const OPEN_TIMEOUT: Duration = Duration::from_secs(30);

/// How long an idle connection stays open. It is shorter than [`OPEN_TIMEOUT`], so that another instance that
/// waits for a greeting gets it when this one has no more mail.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long no further connection is opened after the server left one without a greeting and served others.
const SHORTAGE: Duration = Duration::from_secs(30);

/// The longest time for the farewell to the server.
const QUIT_TIMEOUT: Duration = Duration::from_secs(2);

/// Why nobody gets a connection after [`Pool::close`].
const CLOSED: &str = "the connections are closed";

pub(super) struct Pool {
    opener: Arc<Opener>,
    /// The most connections at a time.
    most: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Free connections, and since when; the one that was used last is the last.
    idle: Vec<(Lent, Instant)>,
    /// Who waits for a connection, in turn.
    waiting: VecDeque<oneshot::Sender<Taken>>,
    /// The number of connections that take mail, idle and lent.
    open: usize,
    /// The number of connections that are being opened.
    opening: usize,
    /// When the server last left a connection without a greeting and served others.
    short: Option<Instant>,
    /// Whether a task closes idle connections.
    closing_idle: bool,
    closed: bool,
}

type Taken = Result<Lent, String>;

/// A connection that one message has for itself. It is closed when dropped, unless it is given back.
pub(super) struct Lent {
    pub(super) connection: AsyncSmtpConnection,
    /// Whether it was used or idle before. The server may have closed it since.
    pub(super) reused: bool,
    counted: Counted,
}

impl Lent {
    /// Says that the connection is ready for the next message.
    pub(super) async fn give_back(mut self) {
        self.reused = true;
        if let Some(pool) = self.counted.0.upgrade() {
            pool.hand_on(self).await;
        }
    }
}

/// Counts a connection as open until it is dropped. It must not be dropped while the state is locked.
struct Counted(Weak<Pool>);

impl Drop for Counted {
    fn drop(&mut self) {
        let Some(pool) = self.0.upgrade() else { return };
        let mut state = pool.state.lock();
        state.open -= 1;
        // When the runtime ends, nobody waits any more.
        if Handle::try_current().is_ok() {
            pool.open_more(&mut state);
        }
    }
}

impl Pool {
    pub(super) fn new(opener: Arc<Opener>, most: u32) -> Arc<Self> {
        let most = usize::try_from(most).unwrap_or(usize::MAX).max(1);
        Arc::new(Self { opener, most, state: Mutex::default() })
    }

    /// Waits for a free connection. As long as some connection is open this waits for it, because each is
    /// given back or given up within a bounded time.
    ///
    /// # Errors
    /// Why no connection can be opened, if none is open.
    pub(super) async fn take(self: &Arc<Self>) -> Taken {
        let turn = {
            let mut state = self.state.lock();
            if state.closed {
                return Err(CLOSED.to_owned());
            }
            if let Some((lent, _)) = state.idle.pop() {
                return Ok(lent);
            }
            let (free, turn) = oneshot::channel();
            state.waiting.push_back(free);
            self.open_more(&mut state);
            turn
        };
        turn.await.unwrap_or_else(|_| Err(CLOSED.to_owned()))
    }

    /// Closes all connections with SMTP `QUIT`: the idle ones now, the others when they are given back.
    pub(super) async fn close(&self) {
        let (idle, waiting) = {
            let mut state = self.state.lock();
            state.closed = true;
            (mem::take(&mut state.idle), mem::take(&mut state.waiting))
        };
        drop(waiting);
        quit(idle.into_iter().map(|(lent, _)| lent)).await;
    }

    /// Opens connections for those who wait: at first one, later as many as there are. So a server that
    /// serves few is left with few that it does not greet.
    fn open_more(self: &Arc<Self>, state: &mut State) {
        state.waiting.retain(|free| !free.is_closed());
        let at_once = match (state.open, state.short) {
            (0, _) => 1,
            (_, Some(since)) if since.elapsed() < SHORTAGE => 0,
            // After a shortage the server is asked with one.
            (_, Some(_)) => 1,
            (open, None) => open,
        };
        let room = self.most.saturating_sub(state.open);
        while !state.closed && state.opening < state.waiting.len().min(at_once).min(room) {
            state.opening += 1;
            tokio::spawn(self.clone().open_one());
        }
    }

    async fn open_one(self: Arc<Self>) {
        let failed = match self.opener.open(OPEN_TIMEOUT).await {
            Ok(connection) => {
                let counted = Counted(Arc::downgrade(&self));
                {
                    let mut state = self.state.lock();
                    state.opening -= 1;
                    state.open += 1;
                    state.short = None;
                }
                self.hand_on(Lent { connection, reused: false, counted }).await;
                self.open_more(&mut self.state.lock());
                return;
            }
            Err(failed) => failed,
        };
        let given_up = {
            let mut state = self.state.lock();
            state.opening -= 1;
            if state.open > 0 {
                // The server serves no more at a time. Whoever waits gets one of those that are open.
                state.short = Some(Instant::now());
            }
            if state.open + state.opening > 0 { VecDeque::new() } else { mem::take(&mut state.waiting) }
        };
        for free in given_up {
            // Whoever no longer waits needs no answer.
            let _ = free.send(Err(failed.clone()));
        }
    }

    /// Hands a connection to whoever has waited longest, or keeps it.
    async fn hand_on(self: &Arc<Self>, mut lent: Lent) {
        loop {
            let waiting = {
                let mut state = self.state.lock();
                match state.waiting.pop_front() {
                    Some(waiting) => waiting,
                    None if state.closed => break,
                    None => {
                        lent.reused = true;
                        state.idle.push((lent, Instant::now()));
                        if !mem::replace(&mut state.closing_idle, true) {
                            tokio::spawn(self.clone().close_idle());
                        }
                        return;
                    }
                }
            };
            match waiting.send(Ok(lent)) {
                Err(Ok(back)) => lent = back,
                Ok(()) | Err(Err(_)) => return,
            }
        }
        quit([lent]).await;
    }

    /// Closes connections that have been idle for long, until none is left.
    async fn close_idle(self: Arc<Self>) {
        let mut left = true;
        while left {
            sleep(IDLE_TIMEOUT).await;
            let old = {
                let mut state = self.state.lock();
                let all = mem::take(&mut state.idle).into_iter();
                let (old, idle): (Vec<_>, Vec<_>) =
                    all.partition(|(_, since)| since.elapsed() >= IDLE_TIMEOUT);
                left = !idle.is_empty();
                state.closing_idle = left;
                state.idle = idle;
                old
            };
            quit(old.into_iter().map(|(lent, _)| lent)).await;
        }
    }
}

/// Closes connections with SMTP `QUIT`, all at once.
async fn quit(connections: impl IntoIterator<Item = Lent>) {
    let mut farewells = JoinSet::new();
    for mut lent in connections {
        farewells.spawn(async move {
            // A server that does not answer is left without a farewell.
            let _ = timeout(QUIT_TIMEOUT, lent.connection.abort()).await;
        });
    }
    while farewells.join_next().await.is_some() {}
}
