//! Gathers the numbers of one answer. Most are counts that the parts keep anyway; what waits in the database
//! is read for each answer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::Millis;
use listener::Connections;
use metrics::{Labels, MetricsSource, Sheet};
use store::{Conn, Engine, StoreError, error_counts, outbox, webhook_deliveries};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::process;
use crate::flows::Flows;
use crate::web::RequestFigures;

/// How long the database may take to say what waits in it. Prometheus gives an answer ten seconds by default.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the count of sessions is good for: a million rows take a tenth of a second.
const SESSIONS_COUNT_FOR: Duration = Duration::from_secs(60);

/// Where the numbers come from.
pub(super) struct Figures {
    requests: Arc<RequestFigures>,
    connections: Connections,
    flows: Flows,
    /// The newest count of sessions, and when it was made.
    sessions: Mutex<Option<(Instant, i64)>>,
}

impl Figures {
    pub(super) fn new(requests: Arc<RequestFigures>, connections: Connections, flows: Flows) -> Self {
        Self { requests, connections, flows, sessions: Mutex::default() }
    }
}

impl MetricsSource for Figures {
    async fn sheet(&self) -> Sheet {
        let mut sheet = Sheet::default();
        process::write(&mut sheet);
        self.write_requests(&mut sheet);
        let flows = &self.flows;
        write_sign_ins(&mut sheet, flows);
        write_limits(&mut sheet, flows);
        write_pictures(&mut sheet, flows);
        write_sent(&mut sheet, flows);
        write_pool(&mut sheet, flows);
        let stored = timeout(PATIENCE, self.stored(flows)).await.ok().and_then(Result::ok);
        let up = f64::from(u8::from(stored.is_some()));
        sheet.gauge("vestibule_database_up", "Whether the database answers this instance.", up);
        if let Some(stored) = stored {
            stored.write(&mut sheet, flows);
        }
        sheet
    }
}

impl Figures {
    fn write_requests(&self, sheet: &mut Sheet) {
        sheet.counters(
            "vestibule_requests",
            "Requests that were answered, by door, route, method and status.",
            self.requests.requests(),
        );
        sheet.histograms(
            "vestibule_request_duration",
            "Time from the head and a small body of a request to the head of its answer.",
            self.requests.times(),
        );
        let (open, most) = (count(self.connections.open()), count(self.connections.most()));
        sheet.gauge("vestibule_connections", "Open connections, event streams included.", open);
        sheet.gauge("vestibule_connections_max", "The most connections that may be open.", most);
    }

    /// Reads what is in the database.
    async fn stored(&self, flows: &Flows) -> Result<Stored, StoreError> {
        let mut db = flows.store().read().await?;
        Ok(Stored {
            mail: outbox::counts(&mut db).await?,
            webhooks: webhook_deliveries::counts_of_each(&mut db).await?,
            sessions: self.sessions(flows, &mut db).await?,
        })
    }

    async fn sessions(&self, flows: &Flows, db: &mut Conn) -> Result<i64, StoreError> {
        let mut newest = self.sessions.lock().await;
        if let Some((at, sessions)) = *newest
            && at.elapsed() < SESSIONS_COUNT_FOR
        {
            return Ok(sessions);
        }
        let sessions = flows.sessions.count(db).await?;
        *newest = Some((Instant::now(), sessions));
        Ok(sessions)
    }
}

/// What the database says.
struct Stored {
    mail: outbox::OutboxCounts,
    webhooks: Vec<webhook_deliveries::DeliveryCounts>,
    sessions: i64,
}

impl Stored {
    fn write(&self, sheet: &mut Sheet, flows: &Flows) {
        let age = |oldest: Option<Millis>| oldest.map_or(0.0, |at| flows.now().since(at).as_secs_f64());
        let mail = &self.mail;
        sheet.gauge("vestibule_mail_waiting", "Messages in the outbox.", number(mail.waiting));
        sheet.seconds(
            "vestibule_mail_oldest",
            "Age of the oldest message in the outbox; 0 when it is empty.",
            [(Labels::new(), age(mail.oldest))],
        );
        sheet.gauge(
            "vestibule_mail_set_aside",
            "Messages that are tried no more, until somebody retries them.",
            number(mail.failed),
        );
        // A webhook that nothing waits for has no row.
        let each: Vec<_> = flows
            .webhooks
            .names()
            .map(|name| {
                let counts = self.webhooks.iter().find(|counts| counts.webhook == name);
                (vec![("webhook", name.to_owned())], counts)
            })
            .collect();
        let of_each = |read: &dyn Fn(&webhook_deliveries::DeliveryCounts) -> f64| -> Vec<(Labels, f64)> {
            each.iter().map(|(labels, counts)| (labels.clone(), counts.map_or(0.0, read))).collect()
        };
        sheet.gauges(
            "vestibule_webhook_waiting",
            "Messages that wait for a site.",
            of_each(&|counts| number(counts.waiting)),
        );
        sheet.seconds(
            "vestibule_webhook_oldest",
            "Age of the oldest message that waits for a site; 0 when none does.",
            of_each(&|counts| age(counts.oldest)),
        );
        sheet.gauges(
            "vestibule_webhook_set_aside",
            "Messages to a site that are tried no more, until somebody retries them.",
            of_each(&|counts| number(counts.failed)),
        );
        sheet.gauge(
            "vestibule_sessions",
            "Sessions that are not idle for too long, counted once a minute.",
            number(self.sessions),
        );
    }
}

fn write_sign_ins(sheet: &mut Sheet, flows: &Flows) {
    let counted = flows.sign_in.counts().into_iter().map(|(kind, count)| {
        let labels = [("door", kind.door), ("by", kind.by), ("outcome", kind.outcome)];
        (labels.map(|(name, value)| (name, value.to_owned())).to_vec(), count)
    });
    sheet.counters("vestibule_sign_ins", "Tries to sign in, by what they came to.", counted);
    let cache = flows.sessions.cache_figures();
    sheet.gauge("vestibule_sessions_cached", "Sessions in memory.", big(cache.kept));
    sheet.counters(
        "vestibule_session_lookups",
        "Look-ups of a session: those that memory answered, and those that asked the database.",
        by("result", [("hit", cache.hits), ("miss", cache.misses)]),
    );
}

fn write_limits(sheet: &mut Sheet, flows: &Flows) {
    let hasher = flows.refusal_log.hasher();
    sheet.gauge("vestibule_hash_threads", "Threads that hash passwords.", count(hasher.threads));
    sheet.gauge("vestibule_hash_busy", "Threads that hash a password now.", count(hasher.busy));
    sheet.gauge("vestibule_hash_waiting", "Passwords that wait to be hashed.", count(hasher.waiting));
    sheet.gauge("vestibule_hash_waiting_max", "The most passwords that may wait.", count(hasher.room));
    sheet.counter("vestibule_hashes", "Passwords that were hashed.", hasher.computed);
    sheet.counter(
        "vestibule_hashes_refused",
        "Passwords for which there was no place in the queue, or in one client's share of it.",
        hasher.refused,
    );
    sheet.seconds_total("vestibule_hash", "Time that hashing took.", hasher.spent);
    let refused = flows.refusal_log.refusals().into_iter();
    let refused = refused.map(|(kind, count)| {
        (vec![("what", kind.what().to_owned()), ("whose", kind.whose().to_owned())], count)
    });
    sheet.counters("vestibule_limiter_refusals", "What the rate limits refused.", refused);
}

fn write_pictures(sheet: &mut Sheet, flows: &Flows) {
    let pictures = flows.pictures.figures();
    sheet.gauge("vestibule_picture_busy", "Pictures that are being made.", count(pictures.busy));
    sheet.gauge("vestibule_picture_waiting", "Uploads that wait for a thread.", count(pictures.waiting));
    sheet.counters(
        "vestibule_pictures",
        "Uploads: made into pictures, unusable, or refused because too many waited.",
        by(
            "outcome",
            [("made", pictures.made), ("unusable", pictures.unusable), ("refused", pictures.refused)],
        ),
    );
    sheet.seconds_total("vestibule_picture", "Time that pictures took.", pictures.spent);
}

/// What tries come to. Each has a number from the start: a rate counts from the second one that it sees.
const MAIL_OUTCOMES: [&str; 5] = ["sent", "rejected", "deferred", "unclear", "unreachable"];
const WEBHOOK_OUTCOMES: [&str; 3] = ["taken", "not_taken", "set_aside"];

fn write_sent(sheet: &mut Sheet, flows: &Flows) {
    let tries = flows.mailing.tries();
    let of = |outcome: &str| tries.iter().find(|(known, _)| *known == outcome).map_or(0, |(_, count)| *count);
    sheet.counters(
        "vestibule_mail_tries",
        "Tries to send a message: sent, or rejected, deferred, unclear, or the server was unreachable.",
        by("outcome", MAIL_OUTCOMES.map(|outcome| (outcome, of(outcome)))),
    );
    sheet.counter(
        "vestibule_mail_held_back",
        "Messages that were put off or dropped because their mailbox had those of its hour.",
        flows.mailing.held_back(),
    );
    let tries: BTreeMap<(String, &str), u64> = flows.webhooks.tries().into_iter().collect();
    let each = flows.webhooks.names().flat_map(|name| {
        let tries = &tries;
        WEBHOOK_OUTCOMES.into_iter().map(move |outcome| {
            let count = tries.get(&(name.to_owned(), outcome)).copied().unwrap_or_default();
            (vec![("webhook", name.to_owned()), ("outcome", outcome.to_owned())], count)
        })
    });
    sheet.counters(
        "vestibule_webhook_tries",
        "Tries to give a site a message: taken or not taken; and messages set aside after the last try.",
        each,
    );
}

fn write_pool(sheet: &mut Sheet, flows: &Flows) {
    let pool = flows.store().pool_figures();
    sheet.gauges(
        "vestibule_database_connections",
        "Connections to the database.",
        by("state", [("used", count(pool.open - pool.idle)), ("idle", count(pool.idle))]),
    );
    sheet.gauge(
        "vestibule_database_connections_max",
        "The most connections that there may be.",
        count(pool.most),
    );
    sheet.gauges(
        "vestibule_database_waiting",
        "Calls that wait for a connection, and on SQLite for their turn to write.",
        by("queue", [("connection", count(pool.waiting)), ("writer", count(pool.waiting_to_write))]),
    );
    let errors = error_counts();
    sheet.counters(
        "vestibule_database_errors",
        "Calls of the database that failed: it was unavailable, one client had too many waiting, or it refused.",
        by("kind", [("unavailable", errors.unavailable), ("crowded", errors.crowded), ("broken", errors.broken)]),
    );
    let engine = match flows.store().engine() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let facts = [("version", env!("CARGO_PKG_VERSION")), ("engine", engine)];
    let facts = facts.map(|(name, value)| (name, value.to_owned())).to_vec();
    sheet.info("vestibule_build", "The program, and the engine of its database.", facts);
}

/// Numbers by one label.
fn by<T>(
    label: &'static str,
    numbers: impl IntoIterator<Item = (&'static str, T)>,
) -> impl Iterator<Item = (Labels, T)> {
    numbers.into_iter().map(move |(value, number)| (vec![(label, value.to_owned())], number))
}

fn count(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

fn number(count: i64) -> f64 {
    big(u64::try_from(count).unwrap_or_default())
}

fn big(count: u64) -> f64 {
    count as f64
}
