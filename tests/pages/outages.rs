//! The database in trouble: for reading alone, locked by another program, replaced by a copy, without a free
//! connection, from a newer version. The program is told to say what is wrong, and to come back by itself.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rocket::tokio::task::JoinSet;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _};
use store::Engine;

use crate::engines::{Scratch, both_engines};
use crate::program::{PROGRAM, Running, command, complaint_in};
use crate::support::{PASSWORD, TestApp, Visitor, until};

both_engines![a_database_of_a_newer_version_is_told, whether_it_can_be_written_to_is_told];

/// An unprivileged user, whom the permissions of files concern.
const NOBODY: u32 = 65_534;

async fn sign_up(visitor: &Visitor, name: &str) -> u16 {
    let email = format!("{name}@example.org");
    let form = [("email", email.as_str()), ("password", PASSWORD)];
    visitor.post("/user/create").form(&form).wants_json().send().await.status
}

async fn status(visitor: &Visitor, path: &str) -> u16 {
    visitor.get(path).send().await.status
}

async fn whether_it_can_be_written_to_is_told(engine: Engine) {
    let app = TestApp::with(engine, "database.patience_seconds = 1").await;
    for _ in 0..2 {
        assert_eq!(status(&app.visitor(), "/health/ready").await, 200);
    }
    assert_eq!(app.count("SELECT writes FROM readiness").await, 1, "one write a second at most");
    app.sql("DROP TABLE readiness").await;
    let ready = async || status(&app.visitor(), "/health/ready").await != 200;
    until(Duration::from_secs(5), ready).await;
    assert_eq!(status(&app.visitor(), "/health").await, 200);
}

async fn a_database_of_a_newer_version_is_told(engine: Engine) {
    let scratch = Scratch::migrated(engine).await;
    let sql = "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
               SELECT 9999, description, installed_on, success, checksum, execution_time FROM _sqlx_migrations \
               WHERE version = 1";
    run(&scratch.url, sql).await;
    fs::write(scratch.folder().join("Rocket.toml"), "").unwrap();
    let said = complaint_in(scratch.folder(), &[("VESTIBULE_DATABASE_URL", &scratch.url)]);
    assert!(said.contains("`database_url`") && said.contains("newer version"), "{said}");
    assert!(engine == Engine::Postgres || said.contains("test.sqlite"), "{said}");
}

/// Runs a statement on the database at `url`.
async fn run(url: &str, sql: &str) {
    use store::DbPool;

    match DbPool::connect(url, 1, Duration::from_secs(10)).await.unwrap() {
        DbPool::Sqlite(pool) => drop(pool.execute(AssertSqlSafe(sql.to_owned())).await.unwrap()),
        DbPool::Postgres(pool) => drop(pool.execute(AssertSqlSafe(sql.to_owned())).await.unwrap()),
    }
}

/// Runs a statement on the PostgreSQL server, in another database than this one, which is `{name}` in it.
async fn administer(scratch: &Scratch, statement: &str) {
    let mut url = url::Url::parse(&scratch.url).unwrap();
    let name = url.path().trim_start_matches('/').to_owned();
    url.set_path("postgres");
    run(url.as_str(), &statement.replace("{name}", &name)).await;
}

#[rocket::async_test]
async fn writes_come_back_when_postgresql_takes_them_again() {
    let app = TestApp::with(Engine::Postgres, "database.patience_seconds = 2").await;
    let visitor = app.visitor();
    assert_eq!(sign_up(&visitor, "before").await, 201);
    administer(app.scratch(), "ALTER DATABASE {name} SET default_transaction_read_only = on").await;
    // New sessions alone follow the setting.
    administer(
        app.scratch(),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
    )
    .await;
    until(Duration::from_secs(10), async || status(&visitor, "/health").await == 200).await;
    let mut refused = JoinSet::new();
    for number in 0..8 {
        let visitor = app.visitor();
        refused.spawn(async move { sign_up(&visitor, &format!("during-{number}")).await });
    }
    assert_eq!(refused.join_all().await, [503; 8]);
    assert_eq!(status(&visitor, "/health/ready").await, 503);
    assert_eq!(status(&visitor, "/health").await, 200);
    administer(app.scratch(), "ALTER DATABASE {name} RESET default_transaction_read_only").await;
    let first = sign_up(&app.visitor(), "first").await;
    assert!([201, 503].contains(&first), "{first}");
    for number in 0..8 {
        assert_eq!(sign_up(&app.visitor(), &format!("after-{number}")).await, 201);
    }
}

/// A folder that belongs to an unprivileged user, with a copy of the program that it may run.
struct Unprivileged {
    folder: tempfile::TempDir,
}

impl Unprivileged {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("Rocket.toml"),
            "[default]\nrate_limits = 'off'\ndatabase.connections = 4",
        )
        .unwrap();
        fs::copy(PROGRAM, folder.path().join("program")).unwrap();
        if is_root() {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        Self { folder }
    }

    fn start(&self) -> Running {
        let program = self.folder.path().join("program");
        Running::started(self.folder.path(), &[], |folder, environment| {
            let mut command = command(&program, folder, environment);
            if is_root() {
                command.uid(NOBODY).gid(NOBODY);
            }
            command
        })
    }

    /// What the doctor says to the user of the server.
    fn doctor(&self) -> String {
        let mut command = command(&self.folder.path().join("program"), self.folder.path(), &[]);
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        String::from_utf8(command.arg("doctor").output().unwrap().stdout).unwrap()
    }

    /// Lets nobody write to the database, or lets its owner do so again.
    fn writable(&self, writable: bool) {
        let data = self.folder.path().join("data");
        let (file, folder) = if writable { (0o600, 0o700) } else { (0o400, 0o500) };
        for entry in fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_file() {
                fs::set_permissions(entry, Permissions::from_mode(file)).unwrap();
            }
        }
        fs::set_permissions(&data, Permissions::from_mode(folder)).unwrap();
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[rocket::async_test]
async fn writes_come_back_when_the_file_can_be_written_to_again() {
    let place = Unprivileged::new();
    let mut running = place.start();
    assert_eq!(sign_up(&Visitor::new(running.address), "before").await, 201);
    place.writable(false);
    // The pool opens its other connections now: each of them is for reading alone for good.
    let mut answers = JoinSet::new();
    for number in 0..40 {
        let visitor = Visitor::new(running.address);
        answers.spawn(async move { sign_up(&visitor, &format!("during-{number}")).await });
    }
    let answers = answers.join_all().await;
    assert!(answers.iter().all(|status| [201, 503].contains(status)), "{answers:?}");
    place.writable(true);
    for number in 0..12 {
        let status = sign_up(&Visitor::new(running.address), &format!("after-{number}")).await;
        assert_eq!(status, 201, "{}", running.stop());
    }
}

#[rocket::async_test]
async fn a_database_that_was_removed_under_the_server_is_not_ready() {
    let app = TestApp::new(Engine::Sqlite).await;
    assert_eq!(status(&app.visitor(), "/health/ready").await, 200);
    fs::remove_file(app.scratch().folder().join("test.sqlite")).unwrap();
    let unready = async || status(&app.visitor(), "/health/ready").await == 503;
    until(Duration::from_secs(5), unready).await;
}

#[test]
fn the_doctor_names_what_the_user_of_the_server_cannot_work_with() {
    let place = Unprivileged::new();
    let data = place.folder.path().join("data");
    let found = || place.doctor();
    fs::create_dir_all(data.join("pictures")).unwrap();
    let own = |path: &Path| {
        if is_root() {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    };
    for path in [&data, &data.join("pictures")] {
        own(path);
        fs::set_permissions(path, Permissions::from_mode(0o700)).unwrap();
    }
    assert!(!found().contains("error    folders"), "{}", found());
    for (closed, name) in [(&data, "data"), (&data.join("pictures"), "data/pictures")] {
        fs::set_permissions(closed, Permissions::from_mode(0o500)).unwrap();
        let said = found();
        let named = format!("{name} cannot be read and written to");
        assert!(said.contains("error    folders") && said.contains(&named), "{said}");
        fs::set_permissions(closed, Permissions::from_mode(0o700)).unwrap();
    }
    fs::remove_dir_all(&data).unwrap();
    assert!(found().contains("warning  folders   data is not there; the server makes it"), "{}", found());
    fs::set_permissions(place.folder.path(), Permissions::from_mode(0o500)).unwrap();
    assert!(found().contains("data is not there, and cannot be made in"), "{}", found());
    fs::set_permissions(place.folder.path(), Permissions::from_mode(0o700)).unwrap();
}

#[rocket::async_test]
async fn a_lock_of_another_program_is_waited_for_as_long_as_the_setting_says() {
    let app = TestApp::with(Engine::Sqlite, "database.patience_seconds = 2").await;
    let key = app.key("siberian").await;
    let file = app.scratch().folder().join("test.sqlite");
    let mut other = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let mut waiting = JoinSet::new();
    for number in 0..12 {
        let (visitor, key) = (app.visitor(), key.clone());
        waiting.spawn(async move {
            let start = Instant::now();
            let status = if number % 2 == 0 {
                sign_up(&visitor, &format!("during-{number}")).await
            } else {
                let email = format!("during-{number}@example.org");
                let ask = visitor.post("/admin/api_account/create").form(&[("email", &email)]);
                ask.header("authorization", &format!("Bearer {key}")).send().await.status
            };
            (status, start.elapsed())
        });
    }
    for (status, took) in waiting.join_all().await {
        // siberian answers 400 to whatever it cannot do.
        assert!([503, 400].contains(&status), "{status}");
        // One after the other they would wait 24 s.
        assert!(took < Duration::from_secs(12), "{took:?}");
    }
    other.execute("COMMIT").await.unwrap();
    other.close().await.unwrap();
    assert_eq!(sign_up(&app.visitor(), "after").await, 201);
}

#[rocket::async_test]
async fn a_copy_beside_the_log_of_another_state_is_refused_and_served_without_it() {
    let folder = crate::program::folder("");
    let database = folder.path().join("data/vestibule.sqlite");
    let log = PathBuf::from(format!("{}-wal", database.display()));
    let backup = folder.path().join("backup");
    {
        let running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
        assert_eq!(sign_up(&Visitor::new(running.address), "kept").await, 201);
        let url = format!("sqlite:{}", database.display());
        run(&url, &format!("VACUUM INTO '{}'", backup.display())).await;
        for number in 0..5 {
            assert_eq!(sign_up(&Visitor::new(running.address), &format!("lost-{number}")).await, 201);
        }
        // Dropping it kills it.
    }
    assert!(fs::metadata(&log).unwrap().len() > 32, "the crash leaves a log");
    {
        let running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
        let visitor = Visitor::new(running.address);
        assert_eq!(visitor.log_in("lost-4@example.org", PASSWORD).await.status, 200, "its own log is read");
        assert_eq!(sign_up(&visitor, "lost-5").await, 201);
    }
    assert!(fs::metadata(&log).unwrap().len() > 32, "the crash leaves a log");
    std::thread::sleep(Duration::from_millis(30));
    fs::copy(&backup, &database).unwrap();
    let said = complaint_in(folder.path(), &[]);
    assert!(said.contains("vestibule.sqlite-wal") && said.contains("remove that log"), "{said}");
    fs::remove_file(&log).unwrap();
    let running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
    let visitor = Visitor::new(running.address);
    assert_eq!(visitor.log_in("kept@example.org", PASSWORD).await.status, 200);
    assert_ne!(Visitor::new(running.address).log_in("lost-4@example.org", PASSWORD).await.status, 200);
}

#[rocket::async_test]
async fn that_postgresql_has_no_connection_left_is_said() {
    let scratch = Scratch::migrated(Engine::Postgres).await;
    administer(&scratch, "CREATE ROLE {name} LOGIN").await;
    administer(&scratch, "ALTER DATABASE {name} OWNER TO {name}").await;
    for statement in
        ["GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC", "GRANT ALL ON SCHEMA public TO PUBLIC"]
    {
        run(&scratch.url, statement).await;
    }
    let mut url = url::Url::parse(&scratch.url).unwrap();
    let name = url.path().trim_start_matches('/').to_owned();
    url.set_username(&name).unwrap();
    let environment =
        [("VESTIBULE_DATABASE_URL", url.as_str()), ("VESTIBULE_DATABASE__PATIENCE_SECONDS", "1")];
    fs::write(scratch.folder().join("Rocket.toml"), "").unwrap();
    let mut running = Running::start(Path::new(PROGRAM), scratch.folder(), &environment);
    let visitor = Visitor::new(running.address);
    assert_eq!(status(&visitor, "/health").await, 200);
    administer(&scratch, "ALTER ROLE {name} CONNECTION LIMIT 0").await;
    administer(&scratch, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{name}'")
        .await;
    until(Duration::from_secs(10), async || status(&visitor, "/health").await == 503).await;
    let said = complaint_in(scratch.folder(), &environment);
    assert!(said.contains("`database_url`") && said.contains("too many connections"), "{said}");
    std::thread::sleep(Duration::from_millis(500));
    let written = running.stop();
    assert!(written.contains("too many connections"), "{written}");
    administer(&scratch, "ALTER DATABASE {name} OWNER TO postgres").await;
    run(&scratch.url, &format!("DROP OWNED BY {name}")).await;
    administer(&scratch, "DROP ROLE {name}").await;
}
