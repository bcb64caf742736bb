//! News of committed changes for those who keep copies in memory: direct on this instance, by
//! `LISTEN`/`NOTIFY` between instances on one PostgreSQL.
//!
//! An instance relies on its copies only while it is *in step*: it sends itself a heartbeat through the
//! database several times a second, and because PostgreSQL delivers notifications in commit order, a
//! heartbeat that came back proves that every earlier change has been heard.

use std::collections::VecDeque;
use std::sync::{Arc, RwLock, Weak};
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::time::Instant;

use super::Engine;
use domain::{AccountId, OsRandom, Random as _, TokenDigest};

/// Something that was changed and committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An account's record or its list of sessions.
    Account(AccountId),
    /// A session that has ended.
    SessionEnded(TokenDigest),
    /// There is a message to be sent.
    Mail,
    /// A device that waits to be paired, by the digest of its token.
    Pairing(TokenDigest),
}

impl Change {
    pub(super) fn to_text(&self) -> String {
        match self {
            Self::Account(id) => format!("a:{id}"),
            Self::SessionEnded(token) => format!("s:{}", token.to_text()),
            Self::Mail => "m:".to_owned(),
            Self::Pairing(device) => format!("p:{}", device.to_text()),
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("a", id) => id.parse().ok().map(|id| Self::Account(AccountId(id))),
            ("s", token) => TokenDigest::from_text(token).map(Self::SessionEnded),
            ("m", _) => Some(Self::Mail),
            ("p", device) => TokenDigest::from_text(device).map(Self::Pairing),
            _ => None,
        }
    }
}

/// Somebody who keeps copies of rows, or waits for them to change.
pub trait ChangeListener: Send + Sync + 'static {
    /// `change` was committed: what was kept of it is out of date.
    fn changed(&self, change: &Change);
    /// News may have been missed: everything that was kept is out of date.
    fn lost_track(&self);
}

pub(super) struct Feed {
    listeners: RwLock<Vec<Arc<dyn ChangeListener>>>,
    /// When the newest heartbeat that came back was sent; `None` where no other instance can write.
    heard: Option<RwLock<Option<Instant>>>,
}

impl Feed {
    pub(super) const CHANNEL: &'static str = "vestibule";
    const BEAT: Duration = Duration::from_millis(200);
    /// Below the second within which an ended session must be dead everywhere.
    const TRUST: Duration = Duration::from_millis(900);

    pub(super) fn new(engine: Engine) -> Self {
        let heard = (engine == Engine::Postgres).then(|| RwLock::new(None));
        Self { listeners: RwLock::default(), heard }
    }

    /// `true` for the first of all.
    pub(super) fn subscribe(&self, listener: Arc<dyn ChangeListener>) -> bool {
        let mut listeners = self.listeners.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        listeners.push(listener);
        listeners.len() == 1
    }

    fn tell(&self, news: impl Fn(&dyn ChangeListener)) {
        let listeners = self.listeners.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        listeners.iter().for_each(|listener| news(listener.as_ref()));
    }

    pub(super) fn publish(&self, change: &Change) {
        self.tell(|listener| listener.changed(change));
    }

    fn set_heard(&self, at: Option<Instant>) {
        if let Some(heard) = &self.heard {
            *heard.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = at;
        }
    }

    pub(super) fn in_step(&self) -> bool {
        let Some(heard) = &self.heard else { return true };
        let heard = *heard.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        heard.is_some_and(|at| at.elapsed() < Self::TRUST)
    }
}

/// Follows the other instances' news until the store is gone; reconnects for ever.
pub(super) async fn follow(pool: PgPool, feed: Weak<Feed>) {
    loop {
        let Some(alive) = feed.upgrade() else { return };
        if pool.is_closed() {
            return;
        }
        if let Err(error) = listen(&pool, &alive).await {
            log::warn!("news of other instances interrupted, signed-in pages ask the database: {error}");
        }
        alive.set_heard(None);
        drop(alive);
        tokio::time::sleep(Feed::BEAT).await;
    }
}

async fn listen(pool: &PgPool, feed: &Arc<Feed>) -> Result<(), sqlx::Error> {
    // A connection of its own: it is kept for ever, and requests need all of theirs.
    let own = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(2))
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with((*pool.connect_options()).clone());
    let mut listener = PgListener::connect_with(&own).await?;
    // Reconnecting silently would hide that news was missed.
    listener.eager_reconnect(false);
    listener.listen(Feed::CHANNEL).await?;
    feed.tell(|listener| listener.lost_track());
    let mut beat = tokio::time::interval(Feed::BEAT);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut name = [0u8; 8];
    OsRandom.fill(&mut name);
    let instance = format!("{:x}", u64::from_ne_bytes(name));
    let mut number = 0u64;
    let mut sent: VecDeque<(u64, Instant)> = VecDeque::new();
    loop {
        tokio::select! {
            _ = beat.tick() => {
                if pool.is_closed() {
                    return Ok(());
                }
                number += 1;
                sent.push_back((number, Instant::now()));
                if sent.len() > 16 {
                    sent.pop_front();
                }
                let text = format!("h:{instance}:{number}");
                let query = sqlx::query("SELECT pg_notify($1, $2)").bind(Feed::CHANNEL).bind(text);
                tokio::time::timeout(Feed::TRUST, query.execute(&mut listener))
                    .await
                    .map_err(|_| sqlx::Error::PoolTimedOut)??;
            }
            news = listener.try_recv() => {
                let Some(news) = news? else { return Err(sqlx::Error::WorkerCrashed) };
                match news.payload().strip_prefix("h:") {
                    Some(beat) => {
                        let ours = beat.strip_prefix(&instance).and_then(|rest| rest.strip_prefix(':'));
                        let number = ours.and_then(|number| number.parse::<u64>().ok());
                        let beaten = sent.iter().find(|(known, _)| Some(*known) == number);
                        if let Some((_, at)) = beaten {
                            feed.set_heard(Some(*at));
                        }
                    }
                    None => match Change::from_text(news.payload()) {
                        Some(change) => feed.publish(&change),
                        // A newer version's news: what it means is unknown, so everything is re-read.
                        None => feed.tell(|listener| listener.lost_track()),
                    },
                }
            }
        }
    }
}
