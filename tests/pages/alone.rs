//! The program's folder: one server at a time over it, nobody else's eyes in it, and settings that are unsafe
//! in public.

use std::fs::{self, Permissions};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use image::ImageFormat;
use rocket::tokio;
use store::Engine;

use crate::engines::{Scratch, both_engines};
use crate::program::{PROGRAM, Running, command, complaint, complaint_in, folder};
use crate::support::pictures::{RED, plain};
use crate::support::{Body, PASSWORD, TestApp, Visitor, until};

both_engines!(one_sqlite_has_one_server_and_postgres_many, what_others_write_counts_by_the_next_request,);

/// Runs a server that does not come up, and returns what it said. It says it at once.
#[track_caller]
fn turned_away(folder: &Path, environment: &[(&str, &str)]) -> String {
    let begun = Instant::now();
    let said = complaint_in(folder, environment);
    // A second on a machine with nothing else to do.
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    said
}

async fn one_sqlite_has_one_server_and_postgres_many(engine: Engine) {
    let scratch = Scratch::new(engine).await;
    let url = [("VESTIBULE_DATABASE_URL", scratch.url.as_str())];
    let mut first = Running::start(Path::new(PROGRAM), scratch.folder(), &url);
    if engine == Engine::Postgres {
        let second = Running::start(Path::new(PROGRAM), scratch.folder(), &url);
        assert_eq!(Visitor::new(second.address).get("/health").send().await.status, 200);
        return;
    }
    let holder = format!("(process {}, since 20", first.child.id());
    let said = turned_away(scratch.folder(), &url);
    assert!(said.contains("`data_dir`") && said.contains(&holder), "{said}");
    // Folders of their own do not make the database two.
    let elsewhere = [url[0], ("VESTIBULE_DATA_DIR", "elsewhere")];
    let said = turned_away(scratch.folder(), &elsewhere);
    assert!(said.contains("`database_url`") && said.contains(&holder), "{said}");
    assert_eq!(Visitor::new(first.address).get("/health").send().await.status, 200);
    // Neither an orderly end nor a sudden one leaves it locked.
    first.stop();
    let mut second = Running::start(Path::new(PROGRAM), scratch.folder(), &url);
    second.child.kill().unwrap();
    second.child.wait().unwrap();
    Running::start(Path::new(PROGRAM), scratch.folder(), &url);
}

#[test]
fn a_database_is_found_to_be_in_use_by_whatever_name_it_goes() {
    let (first, second) = (folder(""), folder(""));
    let running = Running::start(Path::new(PROGRAM), first.path(), &[]);
    let holder = format!("(process {}, since 20", running.child.id());
    let database = first.path().join("data/vestibule.sqlite");
    let link = second.path().join("link.sqlite");
    std::os::unix::fs::symlink(&database, &link).unwrap();
    for name in [&database, &link] {
        let url = format!("sqlite:{}", name.display());
        let said = turned_away(second.path(), &[("VESTIBULE_DATABASE_URL", &url)]);
        assert!(said.contains("`database_url`") && said.contains(&holder), "{said}");
    }
}

#[test]
fn two_servers_that_start_at_once_are_not_both_let_in() {
    let folder = folder("");
    for _ in 0..3 {
        let environment = [("ROCKET_PORT", "0")];
        let start = || command(Path::new(PROGRAM), folder.path(), &environment).spawn().unwrap();
        let mut both = [start(), start()];
        let begun = Instant::now();
        let ended = loop {
            assert!(begun.elapsed() < Duration::from_secs(30), "both serve");
            let ended: Vec<usize> = (0..2).filter(|at| both[*at].try_wait().unwrap().is_some()).collect();
            if let [first, ..] = ended[..] {
                break first;
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        let mut said = String::new();
        both[ended].stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(said.contains("has the lock (process "), "{said}");
        let other = &mut both[1 - ended];
        assert!(other.try_wait().unwrap().is_none(), "neither was let in");
        other.kill().unwrap();
        other.wait().unwrap();
    }
}

async fn what_others_write_counts_by_the_next_request(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    for name in ["one", "two", "three"] {
        assert!(ada.is_signed_in().await && bob.is_signed_in().await);
        app.sql(&format!("UPDATE accounts SET name = '{name}' WHERE username = 'ada'")).await;
        // A statement that PostgreSQL runs for somebody else is not announced: only our own commands are.
        if engine == Engine::Sqlite {
            assert_eq!(ada.account().await["name"], name);
        }
        // The server's own writes go on beside it.
        let form = [("name", name)];
        assert_eq!(bob.post("/user/modify/profile").wants_json().form(&form).send().await.status, 200);
        assert_eq!(bob.account().await["name"], name);
    }
    if engine == Engine::Sqlite {
        app.sql("DELETE FROM sessions").await;
        assert!(!ada.is_signed_in().await && !bob.is_signed_in().await);
    }
}

/// Everything in `folder` that others than its owner may use, with its mode.
fn open_to_others(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mut open = vec![folder.to_path_buf()];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        if mode != wanted {
            found.push((path.clone(), mode));
        }
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    found
}

fn open_to_all(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            open_to_all(&path);
        } else {
            fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        }
    }
    fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
}

/// Leaves a file of each kind in the data folder: picture, mail, database.
async fn use_everything(running: &Running, name: &str, data: &Path) {
    let visitor = Visitor::new(running.address);
    let email = format!("{name}@example.org");
    let form = [("email", &*email), ("username", name), ("password", PASSWORD)];
    assert_eq!(visitor.post("/user/create").form(&form).follow().await.answer.status, 200);
    let colour = [RED[0], RED[1], u8::try_from(name.len()).unwrap()];
    let picture = Body::upload(&plain(colour, ImageFormat::Png), &[]);
    assert_eq!(visitor.post("/user/modify/pp").body(picture).follow().await.answer.status, 200);
    let before = fs::read_dir(data.join("mail")).unwrap().count();
    visitor.post("/user/forgot").form(&[("email", &*email)]).send().await;
    let mails = || fs::read_dir(data.join("mail")).unwrap().count();
    until(Duration::from_secs(10), async || mails() >= before + 2).await;
}

#[tokio::test]
async fn nobody_else_reads_the_data_folder_whatever_it_was_before() {
    let folder = folder("");
    let data = folder.path().join("data");
    let mut running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
    use_everything(&running, "ada", &data).await;
    assert_eq!(open_to_others(&data), []);
    running.stop();
    // As a backup is restored, or as an earlier version left it.
    fs::write(data.join("uploads/left.part"), "x").unwrap();
    fs::write(data.join("vestibule.sqlite-wal"), "").unwrap();
    open_to_all(&data);
    assert!(open_to_others(&data).len() > 10);
    // A key that others could read is no secret any more: it is not closed in silence, but refused.
    let said = complaint_in(folder.path(), &[]);
    assert!(said.contains("secret.key: others may read it (644)"), "{said}");
    open_to_all(&data);
    fs::set_permissions(data.join("secret.key"), Permissions::from_mode(0o600)).unwrap();
    let mut running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
    assert_eq!(open_to_others(&data), []);
    use_everything(&running, "a-longer-name", &data).await;
    assert_eq!(open_to_others(&data), []);
    running.stop();
    // Commands do the same with the database, and leave the folder as it is: theirs may be another one.
    open_to_all(&data);
    let done = command(Path::new(PROGRAM), folder.path(), &[]).args(["key", "list"]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let open = open_to_others(&data);
    let of_database = |path: &str| path.ends_with("vestibule.sqlite") || path.contains("vestibule.sqlite-");
    assert!(open.iter().all(|(path, _)| !of_database(&path.display().to_string())), "{open:?}");
    assert!(open.iter().any(|(path, _)| path.ends_with("uploads/left.part")), "{open:?}");
}

#[test]
fn a_folder_that_is_everybodys_is_refused() {
    let shared = tempfile::tempdir().unwrap();
    fs::set_permissions(shared.path(), Permissions::from_mode(0o1777)).unwrap();
    let said = complaint("", &[("VESTIBULE_DATA_DIR", shared.path().to_str().unwrap())]);
    assert!(said.contains("`data_dir`") && said.contains("0700") | said.contains("700"), "{said}");
    assert_eq!(fs::read_dir(shared.path()).unwrap().count(), 0, "something was made in it");
}

#[test]
fn settings_that_are_unsafe_in_public_are_warned_of_loudly() {
    let reckless = "[default]\nrate_limits = 'off'\nmail.page = 'on'\n";
    let folder_of = |more: &str| folder(&format!("{reckless}{more}"));
    let at_home = folder_of("");
    let said = Running::start(Path::new(PROGRAM), at_home.path(), &[]).stop();
    assert!(!said.contains("UNSAFE"), "{said}");
    let public = folder_of("public_url = 'https://accounts.example.org'");
    let said = Running::start(Path::new(PROGRAM), public.path(), &[]).stop();
    for name in ["rate_limits", "mail.page", "smtp.url"] {
        let warned = said
            .lines()
            .any(|line| line.contains(" WARN ") && line.contains(&format!("UNSAFE: setting `{name}`")));
        assert!(warned, "{name}: {said}");
    }
    let plain = folder_of("public_url = 'http://accounts.example.org'\nhttp.allow_plain = 'on'");
    let said = Running::start(Path::new(PROGRAM), plain.path(), &[]).stop();
    assert!(said.contains("UNSAFE: setting `http.allow_plain`"), "{said}");
}
