//! The real server, in this process, over a folder of its own.

use std::sync::{Arc, Mutex};

use listener::Server;
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use rocket::figment::providers::{Format as _, Toml};
use rocket::http::ContentType;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use url::Url;
use vestibule::plugin::Config;
use vestibule::plugin::{ClockAndRandom, prepare, rocket, server_settings};

use super::{eventually, mail};

#[derive(Clone, Copy, Debug)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Settings with operator's fields of every kind, one of which is asked at sign-up.
const SETTINGS: &str = r#"
port = 0
log_level = "off"
rate_limits = "off"
registration.username = "optional"
[fields.city]
label = { en = "City", fr = "Ville", ru = "Город" }
required = true
sign_up = true
max_length = 40
[fields.site]
label = { en = "Web site", fr = "Site web", ru = "Сайт" }
type = "url"
[fields.born]
label = { en = "Born", fr = "Date de naissance", ru = "Дата рождения" }
type = "date"
[fields.shoes]
label = { en = "Shoe size", fr = "Pointure", ru = "Размер обуви" }
type = "number"
[fields.news]
label = { en = "Send me news", fr = "M’envoyer des nouvelles", ru = "Присылать новости" }
type = "boolean"
"#;

pub struct TestServer {
    pub origin: String,
    port: u16,
    answered: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
    database: Option<FreshDatabase>,
    folder: TempDir,
}

impl TestServer {
    /// With these settings (TOML) over the others.
    pub async fn open(engine: Engine, settings: &str) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let mut figment = Figment::from(rocket::Config::default())
            .merge(Toml::string(SETTINGS))
            .merge(Toml::string(settings))
            .merge(("data_dir", folder.path().join("data")));
        let mut database = None;
        if matches!(engine, Engine::Postgres) {
            let fresh = FreshDatabase::make().await?;
            figment = figment.merge(("database_url", fresh.url()));
            database = Some(fresh);
        }
        let config = Config::from_figment(figment).unwrap();
        prepare(&config).await.unwrap();
        let answered = Arc::default();
        let rocket = rocket(&config, ClockAndRandom::default()).unwrap().attach(recorder(&answered));
        let server = Server::bind(rocket, server_settings(&config).unwrap()).await.unwrap();
        let address = server.local_addr();
        let (origin, port) = (format!("http://{address}"), address.port());
        let task = tokio::spawn(async move { server.run(std::future::pending()).await.unwrap() });
        Ok(Self { origin, port, answered, task, database, folder })
    }

    /// The port that it listens on, whatever `origin` says.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The documents that were answered since the last call, whichever browser asked for them, as
    /// `POST /user/login 308`.
    pub fn hops(&self) -> Vec<String> {
        std::mem::take(&mut *self.answered.lock().unwrap())
    }

    /// The messages to `recipient`, decoded, with the newest first.
    pub fn mails(&self, recipient: &str) -> Vec<String> {
        let folder = std::fs::read_dir(self.folder.path().join("data/mail")).unwrap();
        let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
        paths.sort();
        let mails = paths.into_iter().rev().map(|path| std::fs::read_to_string(path).unwrap());
        mails.filter(|mail| mail.contains(recipient)).map(|mail| mail::read(&mail)).collect()
    }

    /// Runs a command as the operator does, over SQLite. Returns what it prints.
    pub fn operate(&self, arguments: &[&str]) -> String {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .env_clear()
            .env("VESTIBULE_DATA_DIR", self.folder.path().join("data"))
            .current_dir(self.folder.path())
            .args(arguments)
            .output()
            .unwrap();
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Makes a client of OpenID Connect as the operator does. Returns its number.
    pub fn registered(&self, name: &str, callback: &str) -> String {
        let create =
            ["client", "create", name, "--public", "--redirect", callback, "--post-logout", callback];
        let printed = self.operate(&create);
        let id = printed.lines().find_map(|line| line.strip_prefix("client_id="));
        id.unwrap_or_else(|| panic!("{printed}")).to_owned()
    }

    /// The newest link to `path` that was mailed to `recipient`.
    pub async fn mailed_link(&self, recipient: &str, path: &str) -> String {
        let start = format!("{path}?token=");
        let mut found = None;
        eventually("the link is in the mailbox", async || {
            let mails = self.mails(recipient);
            let newest = mails.iter().find(|mail| mail.contains(&start));
            found = newest.map(|mail| mail::token_in(mail, path));
            found.is_some()
        })
        .await;
        format!("{start}{}", found.unwrap())
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.task.abort();
        if let Some(database) = self.database.take() {
            // A runtime of its own, because the test's runtime may be panicking.
            let dropped = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.map(|runtime| runtime.block_on(database.destroy()))
            });
            let _ = dropped.join();
        }
    }
}

/// Records which documents are answered: pages and redirects.
fn recorder(answered: &Arc<Mutex<Vec<String>>>) -> AdHoc {
    let answered = answered.clone();
    AdHoc::on_response("Recorder", move |request, answer| {
        let status = answer.status().code;
        let document = answer.content_type() == Some(ContentType::HTML) || [303, 308].contains(&status);
        // Paths of pages contain no dot; paths of their files do, and so does the icon that browsers look
        // for.
        if document && !request.uri().path().contains('.') {
            let hop = format!("{} {} {status}", request.method(), request.uri());
            answered.lock().unwrap().push(hop);
        }
        Box::pin(async {})
    })
}

/// A database that is dropped after its test.
struct FreshDatabase {
    server: Url,
    name: String,
}

impl FreshDatabase {
    /// Creates the database on the server that `VESTIBULE_TEST_POSTGRES` names by the URL of an existing
    /// database.
    async fn make() -> Result<Self, String> {
        let server = std::env::var_os("VESTIBULE_TEST_POSTGRES")
            .map_or("postgres://postgres@127.0.0.1:5432/postgres".into(), |url| url.into_string().unwrap());
        let mut number = [0; 8];
        getrandom::fill(&mut number).unwrap();
        let name = format!("vestibule_browser_{:016x}", u64::from_ne_bytes(number));
        let fresh = Self { server: server.parse().unwrap(), name };
        let mut connection =
            fresh.connect().await.map_err(|error| format!("no PostgreSQL answers: {error}"))?;
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {}", fresh.name))).await.unwrap();
        Ok(fresh)
    }

    fn url(&self) -> String {
        let mut url = self.server.clone();
        url.set_path(&self.name);
        url.into()
    }

    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        PgConnection::connect(self.server.as_str()).await
    }

    async fn destroy(&self) {
        if let Ok(mut connection) = self.connect().await {
            let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
            let _ = connection.execute(AssertSqlSafe(statement)).await;
        }
    }
}
