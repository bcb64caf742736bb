//! Imports into an SQLite file that no server has: it is the import's own meanwhile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use store::{DbPool, Engine};

use crate::moving::{Site, environment};
use crate::moving_interrupted::{MANY, full_disk, lines, told_apart};
use crate::program::{PROGRAM, Running, command, complaint_in};

/// A site whose server has stopped.
async fn stopped() -> Site {
    let mut site = Site::open(Engine::Sqlite, "").await;
    site.running.stop();
    site
}

fn beside(site: &Site, end: &str) -> PathBuf {
    site.scratch.folder().join(format!("test.sqlite{end}"))
}

/// Whether the file is whole, and in WAL mode.
async fn is_whole(site: &Site) {
    let DbPool::Sqlite(pool) = DbPool::connect(&site.scratch.url, 1, Duration::from_secs(5)).await.unwrap()
    else {
        unreachable!()
    };
    let said: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&pool).await.unwrap();
    assert_eq!(said, "ok");
    pool.close().await;
    // The version of the file format for writing is 2 in WAL mode (SQLite's file format, 1.3.3).
    assert_eq!(fs::read(beside(site, "")).unwrap()[18], 2);
    assert!(!beside(site, "-journal").exists());
}

#[tokio::test]
async fn an_import_that_was_killed_leaves_a_whole_file_and_goes_on() {
    let site = stopped().await;
    let file = site.write("many.jsonl", &lines(1..=MANY));
    let mut import = command(Path::new(PROGRAM), site.scratch.folder(), &environment(&site.scratch));
    import.args(["import", file.to_str().unwrap(), "--from", "vestibule"]);
    let mut import = import.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    // Accounts are in the file, and the journal knows how to take them back.
    let size = |end: &str| fs::metadata(beside(&site, end)).map_or(0, |about| about.len());
    let before = size("");
    while size("-journal") == 0 || size("") < before + 1_000_000 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing was taken over");
        assert_eq!(import.try_wait().unwrap(), None, "it ended before it was killed");
    }
    // It stands still, so that it does not end meanwhile. No server starts on its file, and says why.
    let stop = rustix::process::Signal::STOP;
    rustix::process::kill_process(rustix::process::Pid::from_child(&import), stop).unwrap();
    let said = complaint_in(site.scratch.folder(), &environment(&site.scratch));
    assert!(said.contains(&format!("has the lock (process {}, since 20", import.id())), "{said}");
    import.kill().unwrap();
    import.wait().unwrap();
    is_whole(&site).await;
    let some = site.export(&[]).len();
    assert!(some < MANY, "{some}");
    let done = site.import(&file, "vestibule", &[]);
    let last = done.last();
    assert_eq!(
        (done.code, last["known"].as_u64(), last["made"].as_u64()),
        (Some(0), Some(some as u64), Some((MANY - some) as u64)),
        "{} {}",
        done.out,
        done.said
    );
    is_whole(&site).await;
    let accounts = site.export(&[]);
    assert_eq!(accounts.len(), MANY);
    let again = site.import(&file, "vestibule", &[]);
    assert_eq!((again.code, &again.last()["made"]), (Some(0), &0.into()), "{}", again.out);
    assert_eq!(site.export(&[]), accounts);
    Running::start(Path::new(PROGRAM), site.scratch.folder(), &environment(&site.scratch));
}

#[tokio::test]
async fn accounts_that_want_the_same_are_told_apart_and_the_rest_stays() {
    told_apart(stopped().await);
}

#[tokio::test]
async fn a_conflict_that_ends_it_keeps_what_stands_before() {
    let site = stopped().await;
    // Of four transactions' accounts elsewhere, the last has an address that stands further up.
    let mut text = lines(1..=1_000);
    text.push_str(&lines([1]).replace("\"id\":1,", "\"id\":1001,"));
    text.push_str(&lines(1_002..=1_010));
    let file = site.write("many.jsonl", &text);
    let ended = site.import(&file, "vestibule", &["--on-conflict", "fail"]);
    assert_eq!(ended.code, Some(1), "{}", ended.out);
    assert!(ended.said.contains("line 1001") && ended.said.contains("was taken over"), "{}", ended.said);
    is_whole(&site).await;
    assert_eq!(site.export(&[]).len(), 1_000);
}

#[tokio::test]
async fn whoever_has_the_file_open_keeps_it() {
    let site = stopped().await;
    let file = site.write("some.jsonl", &lines(1..=600));
    let pool = DbPool::connect(&site.scratch.url, 1, Duration::from_secs(5)).await.unwrap();
    let DbPool::Sqlite(reader) = &pool else { unreachable!() };
    let count = async || -> i64 {
        sqlx::query_scalar("SELECT COUNT(*) FROM accounts").fetch_one(reader).await.unwrap()
    };
    assert_eq!(count().await, 0);
    let done = site.import(&file, "vestibule", &[]);
    assert_eq!((done.code, &done.last()["made"]), (Some(0), &600.into()), "{} {}", done.out, done.said);
    assert_eq!(count().await, 600);
}

#[tokio::test]
async fn a_dry_run_leaves_the_file_as_it_is() {
    let site = stopped().await;
    let file = site.write("some.jsonl", &lines(1..=600));
    // What the server left in the log is in the file then.
    is_whole(&site).await;
    let before = fs::read(beside(&site, "")).unwrap();
    let done = site.import(&file, "vestibule", &["--dry-run"]);
    assert_eq!((done.code, &done.last()["made"]), (Some(0), &600.into()), "{} {}", done.out, done.said);
    assert!(fs::read(beside(&site, "")).unwrap() == before);
    assert_eq!(site.export(&[]), [Value::Null; 0]);
}

#[tokio::test]
async fn on_a_full_disk_it_changes_nothing_by_half() {
    let site = stopped().await;
    full_disk(&site);
    is_whole(&site).await;
}
