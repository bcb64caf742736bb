//! The real program, killed thirty times in the middle of its work. No acknowledged write is lost, and no
//! mail.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rocket::tokio::task::JoinSet;
use rocket::tokio::time::sleep;
use sqlx::AssertSqlSafe;
use store::{DbPool, Engine};

use crate::engines::{Scratch, both_engines};
use crate::support::smtp::{Habits, MailServer};

both_engines![no_mail_of_an_acknowledged_request_is_lost_when_the_program_is_killed];

const LIVES: usize = 30;
const CLIENTS: usize = 8;
const PATIENCE: Duration = Duration::from_secs(60);

/// Address and subject of a message that must arrive.
type Promised = (String, &'static str);

const INVITATION: &str = "Your account on Vestibule";
const RECOVERY: &str = "Choose a new password for Vestibule";

/// The program and everything around it.
pub(super) struct Program {
    pub(super) scratch: Scratch,
    pub(super) smtp: String,
    /// Further variables.
    pub(super) more: Vec<(String, String)>,
}

impl Program {
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
        command
            .args(arguments)
            .current_dir(self.scratch.folder())
            .env_clear()
            .env("ROCKET_PORT", "0")
            .env("VESTIBULE_DATABASE_URL", &self.scratch.url)
            .env("VESTIBULE_DATABASE__CONNECTIONS", "4")
            .env("VESTIBULE_RATE_LIMITS", "off")
            .env("VESTIBULE_SMTP_URL", &self.smtp)
            .env("VESTIBULE_SMTP__CONNECTIONS", "4")
            .envs(self.more.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    async fn database(&self) -> DbPool {
        DbPool::connect(&self.scratch.url, 1, Duration::from_secs(5)).await.unwrap()
    }

    pub(super) async fn count(&self, query: &str) -> i64 {
        let query = AssertSqlSafe(query.to_owned());
        match self.database().await {
            DbPool::Sqlite(pool) => sqlx::query_scalar(query).fetch_one(&pool).await.unwrap(),
            DbPool::Postgres(pool) => sqlx::query_scalar(query).fetch_one(&pool).await.unwrap(),
        }
    }

    /// The messages that wait in the outbox.
    async fn queued(&self) -> BTreeSet<(String, String)> {
        let query = "SELECT recipient, kind FROM outbox WHERE failed_at IS NULL";
        let rows: Vec<(String, String)> = match self.database().await {
            DbPool::Sqlite(pool) => sqlx::query_as(query).fetch_all(&pool).await.unwrap(),
            DbPool::Postgres(pool) => sqlx::query_as(query).fetch_all(&pool).await.unwrap(),
        };
        rows.into_iter().collect()
    }
}

/// The program while it serves. Dropping it kills the process without warning.
pub(super) struct Life {
    child: Child,
    pub(super) origin: String,
}

impl Life {
    pub(super) fn begin(program: &Program) -> Self {
        let mut child = program.command(&[]).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let (_, rest) = said.split_once("http://").unwrap_or_else(|| panic!("{said:?}"));
        let origin = format!("http://{}", rest.trim().trim_end_matches('/'));
        Self { child, origin }
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Creates accounts without a password and requests a recovery link for each, until the server stops
/// answering.
async fn use_it(origin: String, key: String, number: Arc<AtomicUsize>, promised: Arc<Mutex<Vec<Promised>>>) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    loop {
        let email = format!("somebody-{}@example.org", number.fetch_add(1, Ordering::SeqCst));
        for (path, subject) in [("/admin/api_account/create", INVITATION), ("/user/forgot", RECOVERY)] {
            let form =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("email", &email).finish();
            let ask = client
                .post(format!("{origin}{path}"))
                .header("content-type", "application/x-www-form-urlencoded")
                .header("accept", "application/json")
                .header("authorization", format!("Bearer {key}"))
                .body(form);
            let Ok(answer) = ask.send().await else { return };
            if answer.status() == 200 {
                promised.lock().unwrap().push((email.clone(), subject));
            }
        }
    }
}

async fn no_mail_of_an_acknowledged_request_is_lost_when_the_program_is_killed(engine: Engine) {
    let habits = Habits { latency: Duration::from_millis(5), ..Habits::default() };
    let Some(server) = MailServer::with(habits) else { return };
    let program = Program {
        scratch: Scratch::migrated(engine).await,
        smtp: server.address("smtp://127.0.0.1:PORT"),
        more: Vec::new(),
    };
    let key = program.command(&["key", "create", "shop"]).output().unwrap();
    let key = String::from_utf8(key.stdout).unwrap().trim().to_owned();
    let (number, promised) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<Vec<Promised>>>::default());
    for round in 0..LIVES {
        let life = Life::begin(&program);
        let before = promised.lock().unwrap().len();
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            clients.spawn(use_it(life.origin.clone(), key.clone(), number.clone(), promised.clone()));
        }
        let end = Instant::now() + PATIENCE;
        while promised.lock().unwrap().len() < before + 3 + round % 12 {
            assert!(Instant::now() < end, "it serves nobody");
            sleep(Duration::from_millis(1)).await;
        }
        drop(life);
        clients.join_all().await;
    }
    let promised: BTreeSet<Promised> = promised.lock().unwrap().drain(..).collect();
    let arrived: BTreeSet<(String, String)> = server
        .received()
        .iter()
        .map(|mail| (mail.recipient.clone(), mail.header("Subject").to_owned()))
        .collect();
    let queued = program.queued().await;
    for (email, subject) in &promised {
        let kind = if *subject == INVITATION { "invitation" } else { "recovery" };
        let known = arrived.contains(&(email.clone(), (*subject).to_owned()))
            || queued.contains(&(email.clone(), kind.to_owned()));
        assert!(known, "the mail `{subject}` to {email} is lost");
    }
    assert!(!queued.is_empty(), "nothing was on its way when the program was killed");

    let _life = Life::begin(&program);
    let end = Instant::now() + PATIENCE;
    while program.count("SELECT COUNT(*) FROM outbox").await > 0 {
        assert!(Instant::now() < end, "mail stays behind");
        sleep(Duration::from_millis(50)).await;
    }
    let mut arrived: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for mail in server.received() {
        let message = (mail.recipient.clone(), mail.header("Subject").to_owned());
        arrived.entry(message).or_default().insert(mail.header("Message-ID").to_owned());
    }
    for (email, subject) in promised {
        let ids = arrived.get(&(email.clone(), subject.to_owned()));
        assert!(ids.is_some_and(|ids| ids.len() == 1), "`{subject}` to {email}: {ids:?}");
    }
}
