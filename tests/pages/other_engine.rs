//! `vestibule move`, as the operator runs it: people go on where they were, and what is killed or refused
//! leaves nothing in the way.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use image::ImageFormat;
use serde_json::Value;
use store::Engine;

use crate::engines::{Scratch, run};
use crate::program::{PROGRAM, Running, command};
use crate::support::pictures::plain;
use crate::support::{Body, PASSWORD, Visitor};

/// A data folder, and databases to serve from it.
struct Site {
    folder: tempfile::TempDir,
}

/// What a command said.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    said: String,
}

impl Ran {
    #[track_caller]
    fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}", self.said);
        serde_json::from_str(&self.out).unwrap()
    }

    #[track_caller]
    fn refusal(&self) -> &str {
        assert_eq!((self.code, self.out.as_str()), (Some(1), ""), "{}", self.said);
        assert!(self.said.starts_with("vestibule: ") && !self.said.contains('\n'), "{}", self.said);
        &self.said
    }
}

impl Site {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn environment<'a>(&self, url: &'a str) -> [(&'static str, &'a str); 3] {
        [
            ("VESTIBULE_DATABASE_URL", url),
            ("VESTIBULE_RATE_LIMITS", "off"),
            ("VESTIBULE_DATABASE__PATIENCE_SECONDS", "20"),
        ]
    }

    fn start(&self, database: &Scratch) -> Running {
        Running::start(Path::new(PROGRAM), self.folder.path(), &self.environment(&database.url))
    }

    fn command(&self, from: &Scratch, arguments: &[&str]) -> Command {
        let mut command = command(Path::new(PROGRAM), self.folder.path(), &self.environment(&from.url));
        command.args(arguments);
        command
    }

    fn run(&self, from: &Scratch, arguments: &[&str]) -> Ran {
        let output = self.command(from, arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let lines = said.lines().filter(|line| !line.contains(" INFO "));
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            said: lines.collect::<Vec<_>>().join("\n"),
        }
    }

    fn moved(&self, from: &Scratch, to: &Scratch) -> Ran {
        self.run(from, &["move", "--json", &to.url])
    }
}

async fn sign_up(server: &Running, name: &str) -> Visitor {
    let visitor = Visitor::new(server.address);
    let email = format!("{name}@example.org");
    let form = [("email", email.as_str()), ("username", name), ("password", PASSWORD)];
    assert_eq!(visitor.post("/user/create").wants_json().form(&form).send().await.status, 201);
    assert_eq!(visitor.log_in(name, PASSWORD).await.status, 200);
    visitor
}

async fn show_picture(visitor: &Visitor) {
    let body = Body::upload(&plain([9, 90, 190], ImageFormat::Png), &[]);
    assert_eq!(visitor.post("/user/modify/pp").wants_json().body(body).send().await.status, 200);
}

async fn picture_is_there(visitor: &Visitor) {
    let account = visitor.account().await;
    let address = account["avatar_url"].as_str().unwrap();
    let path = format!("/user/{}", address.split_once("/user/").unwrap().1);
    assert_eq!(visitor.get(&path).send().await.status, 200);
}

/// The rows of a table, as the command counted them.
fn rows(moved: &Value, table: &str) -> u64 {
    let tables = moved["tables"].as_array().unwrap();
    tables.iter().find(|found| found["table"] == table).unwrap()["rows"].as_u64().unwrap()
}

#[test]
fn people_go_on_where_they_were() {
    run(Engine::Postgres, async |_| {
        let site = Site::new();
        let (first, second) = (Scratch::new(Engine::Sqlite).await, Scratch::new(Engine::Postgres).await);
        let third = Scratch::new(Engine::Sqlite).await;
        let mut server = site.start(&first);
        let ada = sign_up(&server, "ada").await;
        show_picture(&ada).await;
        // Whoever was deleted leaves a number that nobody gets again.
        sign_up(&server, "gone").await;
        let of_ada = ada.account().await["id"].clone();
        let mut number = of_ada.clone();
        for (from, to, name) in [(&first, &second, "bob"), (&second, &third, "cleo")] {
            let ran = site.moved(from, to);
            let why =
                if from.engine == Engine::Sqlite { "has the lock" } else { "connections to the database" };
            assert!(ran.refusal().contains(why), "{ran:?}");
            server.stop();
            let moved = site.moved(from, to).json();
            assert!(rows(&moved, "accounts") >= 2 && rows(&moved, "sessions") >= 1, "{moved}");
            assert_eq!(moved["tables"][0]["checksum"].as_str().unwrap().len(), 64);
            let ran = site.moved(from, to);
            assert!(ran.refusal().contains("is not empty"), "{ran:?}");
            server = site.start(to);
            let again = Visitor::new(server.address);
            assert_eq!(again.log_in("ada", PASSWORD).await.status, 200);
            assert_eq!(again.account().await["id"], of_ada);
            picture_is_there(&again).await;
            let new = sign_up(&server, name).await.account().await["id"].clone();
            assert!(new.as_i64() > number.as_i64(), "{new} {number}");
            number = new;
        }
        server.stop();
        let said = site.run(&third, &["move", &Scratch::new(Engine::Postgres).await.url]);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert!(said.out.starts_with("table") && said.out.contains("\naccounts"), "{said:?}");
        assert!(said.said.contains("Set `database_url` to that address"), "{said:?}");
        assert!(!said.said.contains("password"), "{said:?}");
    });
}

#[test]
fn a_running_server_may_be_moved_for_a_trial() {
    run(Engine::Postgres, async |_| {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let site = Site::new();
            let other = if engine == Engine::Sqlite { Engine::Postgres } else { Engine::Sqlite };
            let (from, to) = (Scratch::new(engine).await, Scratch::new(other).await);
            let server = site.start(&from);
            sign_up(&server, "ada").await;
            let ran = site.run(&from, &["move", "--json", "--while-running", &to.url]);
            assert_eq!((rows(&ran.json(), "accounts"), &ran.json()["while_running"]), (1, &true.into()));
            sign_up(&server, "bob").await;
        }
    });
}

#[test]
fn what_cannot_be_a_target_is_named() {
    run(Engine::Postgres, async |_| {
        let site = Site::new();
        let (sqlite, postgres) = (Scratch::new(Engine::Sqlite).await, Scratch::new(Engine::Postgres).await);
        let ran = site.moved(&sqlite, &postgres);
        assert!(ran.refusal().contains("there is no database"), "{ran:?}");
        let ran = site.moved(&postgres, &sqlite);
        assert!(ran.refusal().contains("no server has used this database yet"), "{ran:?}");
        for scratch in [&sqlite, &postgres] {
            site.start(scratch).stop();
        }
        for (from, to, said) in [
            (&sqlite, "sqlite:other.sqlite", "`vestibule backup` and `vestibule restore`"),
            (&postgres, "postgres://u:hunter2@127.0.0.1:1/x", "`vestibule backup` and `vestibule restore`"),
            (&sqlite, "mysql://u:hunter2@h/x", "the address of the target: it should begin with"),
            (&sqlite, "postgres://u:hunter2@127.0.0.1:1/x", "127.0.0.1:1/x: the database is unavailable"),
            (&postgres, "sqlite:no/such/folder.sqlite", "the folder no/such is not there"),
            (&postgres, "sqlite:Rocket.toml", "it is no SQLite database"),
        ] {
            fs::write(site.folder.path().join("Rocket.toml"), "[default]\n").unwrap();
            let ran = site.run(from, &["move", "--json", to]);
            assert!(ran.refusal().contains(said) && !ran.said.contains("hunter2"), "{ran:?}");
        }
        let left: Vec<_> =
            fs::read_dir(site.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(
            left.iter().all(|name| ["Rocket.toml", "data"].iter().any(|known| name == known)),
            "{left:?}"
        );
        // A database that a server has started with is taken, for the tables of its plug-ins.
        site.moved(&sqlite, &postgres).json();
    });
}

#[test]
fn a_database_that_was_started_with_is_filled() {
    run(Engine::Postgres, async |_| {
        let site = Site::new();
        let (from, to) = (Scratch::new(Engine::Postgres).await, Scratch::new(Engine::Sqlite).await);
        site.start(&to).stop();
        let mut server = site.start(&from);
        sign_up(&server, "ada").await;
        server.stop();
        site.moved(&from, &to).json();
        let server = site.start(&to);
        assert_eq!(Visitor::new(server.address).log_in("ada", PASSWORD).await.status, 200);
    });
}

/// Rows that take a while.
async fn write_many(database: &Scratch) {
    let sql = "INSERT INTO mail_log (id, account_id, kind, recipient, attempts, created_at, outcome, at) \
               SELECT i, 1, 'kind', 'somebody@example.org', 1, i, 'sent', i FROM ";
    match database.engine {
        Engine::Sqlite => {
            let numbers = "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) SELECT i FROM n)";
            let pool = sqlx::SqlitePool::connect(&database.url).await.unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(format!("{sql}{numbers}"))).execute(&pool).await.unwrap();
            pool.close().await;
        }
        Engine::Postgres => {
            let pool = sqlx::PgPool::connect(&database.url).await.unwrap();
            let numbers = "generate_series(1, 40000) AS n (i)";
            sqlx::raw_sql(sqlx::AssertSqlSafe(format!("{sql}{numbers}"))).execute(&pool).await.unwrap();
            pool.close().await;
        }
    }
}

#[test]
fn a_move_that_is_killed_begins_again() {
    run(Engine::Postgres, async |_| {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let site = Site::new();
            let other = if engine == Engine::Sqlite { Engine::Postgres } else { Engine::Sqlite };
            let from = Scratch::new(engine).await;
            let mut server = site.start(&from);
            sign_up(&server, "ada").await;
            server.stop();
            write_many(&from).await;
            let begun = Instant::now();
            assert_eq!(site.moved(&from, &Scratch::new(other).await).code, Some(0));
            let whole = begun.elapsed();
            let to = Scratch::new(other).await;
            assert!(until_it_ends(&site, &from, &to, whole) > 2);
            if let Some(file) = to.url.strip_prefix("sqlite:") {
                assert!(!Path::new(&format!("{file}.moving")).exists());
            }
            let server = site.start(&to);
            assert_eq!(Visitor::new(server.address).log_in("ada", PASSWORD).await.status, 200);
        }
    });
}

/// Runs the command again and again, and kills it a little later each time, until it ends by itself. When it
/// was killed after its last step, the next one finds the target filled, and says so.
fn until_it_ends(site: &Site, from: &Scratch, to: &Scratch, whole: Duration) -> u32 {
    for round in 0..500 {
        let mut child = site.command(from, &["move", "--json", &to.url]).spawn().unwrap();
        std::thread::sleep(whole * round / 12);
        if child.try_wait().unwrap().is_some() {
            let ended = child.wait_with_output().unwrap();
            let said = String::from_utf8(ended.stderr).unwrap();
            assert!(ended.status.success() || said.contains("is not empty"), "{said}");
            return round;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    panic!("it never ends");
}
