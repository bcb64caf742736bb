//! Delivers committed changes to every [`ChangeListener`]: by a call on this instance, and by
//! `LISTEN`/`NOTIFY` between the processes that share one PostgreSQL.
//!
//! An instance relies on its copies only while it is *in step*: it sends itself a heartbeat through the
//! database five times a second, and because PostgreSQL delivers notifications in commit order, a heartbeat
//! that came back proves that every earlier change has been heard.

use std::collections::VecDeque;
use std::sync::{Arc, RwLock, Weak};
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::time::Instant;

use super::{Change, ChangeListener, Engine};
use domain::{OsRandom, Random as _};

pub(super) struct Feed {
    listeners: RwLock<Vec<Arc<dyn ChangeListener>>>,
    /// The sending time of the newest heartbeat that came back. The outer `None` means SQLite, where
    /// [`Watch`](super::watch::Watch) notices what other processes write.
    heard: Option<RwLock<Option<Instant>>>,
}

impl Feed {
    pub(super) const CHANNEL: &'static str = "vestibule";
    /// The time between two heartbeats.
    const BEAT: Duration = Duration::from_millis(200);
    /// The time for which a heartbeat that came back proves that the instance is in step. It must be less
    /// than a second, within which a session that ended must be dead on every instance.
    const TRUST: Duration = Duration::from_millis(900);

    pub(super) fn new(engine: Engine) -> Self {
        let heard = (engine == Engine::Postgres).then(|| RwLock::new(None));
        Self { listeners: RwLock::default(), heard }
    }

    /// Adds a listener. Returns `true` for the first one.
    pub(super) fn subscribe(&self, listener: Arc<dyn ChangeListener>) -> bool {
        let mut listeners = self.listeners.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        listeners.push(listener);
        listeners.len() == 1
    }

    fn notify_all(&self, call: impl Fn(&dyn ChangeListener)) {
        let listeners = self.listeners.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        listeners.iter().for_each(|listener| call(listener.as_ref()));
    }

    pub(super) fn publish(&self, change: &Change) {
        self.notify_all(|listener| listener.changed(change));
    }

    /// Announces that changes may have been missed.
    pub(super) fn lost_track(&self) {
        self.notify_all(|listener| listener.lost_track());
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

/// Delivers the changes of other instances until the store is dropped. Reconnects after every failure.
pub(super) async fn follow(pool: PgPool, feed: Weak<Feed>) {
    loop {
        let Some(alive) = feed.upgrade() else { return };
        if pool.is_closed() {
            return;
        }
        if let Err(error) = listen(&pool, &alive).await {
            log::warn!("changes of other instances are not heard, signed-in pages ask the database: {error}");
        }
        alive.set_heard(None);
        drop(alive);
        tokio::time::sleep(Feed::BEAT).await;
    }
}

async fn listen(pool: &PgPool, feed: &Arc<Feed>) -> Result<(), sqlx::Error> {
    // A connection outside the pool, because the listener keeps it for ever and requests need every
    // connection of the pool.
    let own = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(2))
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with((*pool.connect_options()).clone());
    let mut listener = PgListener::connect_with(&own).await?;
    // A silent reconnect would hide that notifications were missed.
    listener.eager_reconnect(false);
    listener.listen(Feed::CHANNEL).await?;
    feed.lost_track();
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
            heard = listener.try_recv() => {
                let Some(heard) = heard? else { return Err(sqlx::Error::WorkerCrashed) };
                match heard.payload().strip_prefix("h:") {
                    Some(beat) => {
                        let ours = beat.strip_prefix(&instance).and_then(|rest| rest.strip_prefix(':'));
                        let number = ours.and_then(|number| number.parse::<u64>().ok());
                        let beaten = sent.iter().find(|(known, _)| Some(*known) == number);
                        if let Some((_, at)) = beaten {
                            feed.set_heard(Some(*at));
                        }
                    }
                    None => match Change::from_payload(heard.payload()) {
                        Some(change) => feed.publish(&change),
                        // A change that only a newer version knows: every copy may be out of date.
                        None => feed.lost_track(),
                    },
                }
            }
        }
    }
}
