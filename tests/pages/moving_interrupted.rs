//! Imports that end before their time, and many accounts at once.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::moving::{Site, environment};
use crate::program::{PROGRAM, command};

both_engines!(an_import_that_was_killed_goes_on, accounts_that_want_the_same_are_told_apart);

/// More accounts than an import takes over in the time of one look.
pub const MANY: usize = 40_000;

pub fn lines(accounts: impl IntoIterator<Item = usize>) -> String {
    let line = |number: usize| {
        let account = json!({
            "id": number, "email": format!("somebody.{number}@example.org"), "username": format!("somebody-{number}"),
            "name": format!("Some Body {number}"), "created_at": 1_600_000_000_000_u64 + number as u64,
        });
        format!("{account}\n")
    };
    accounts.into_iter().map(line).collect()
}

fn emails(accounts: &[Value]) -> Vec<&str> {
    let mut emails: Vec<&str> = accounts.iter().map(|account| account["email"].as_str().unwrap()).collect();
    emails.sort_unstable();
    emails
}

async fn an_import_that_was_killed_goes_on(engine: Engine) {
    let site = Site::open(engine, "").await;
    let file = site.write("many.jsonl", &lines(1..=MANY));
    let mut import = command(Path::new(PROGRAM), site.scratch.folder(), &environment(&site.scratch));
    import.args(["import", file.to_str().unwrap(), "--from", "vestibule"]);
    let mut import = import.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while site.export(&[]).is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing was taken over");
    }
    import.kill().unwrap();
    assert!(!import.wait().unwrap().success(), "it ended before it was killed");
    let some = site.export(&[]).len();
    assert!((1..MANY).contains(&some), "{some}");
    let done = site.import(&file, "vestibule", &[]);
    let last = done.last();
    assert_eq!(
        (done.code, last["known"].as_u64()),
        (Some(0), Some(some as u64)),
        "{} {}",
        done.out,
        done.said
    );
    assert_eq!(last["made"].as_u64(), Some((MANY - some) as u64));
    let accounts = site.export(&[]);
    let mut emails = emails(&accounts);
    emails.dedup();
    assert_eq!((accounts.len(), emails.len()), (MANY, MANY));
    let again = site.import(&file, "vestibule", &[]);
    assert_eq!((again.code, &again.last()["made"]), (Some(0), &0.into()), "{}", again.out);
    assert_eq!(site.export(&[]), accounts);
}

async fn accounts_that_want_the_same_are_told_apart(engine: Engine) {
    told_apart(Site::open(engine, "").await);
}

/// Those that are made together, and those that come one by one.
pub fn told_apart(site: Site) {
    let first = site.write("first.jsonl", &lines([7]));
    assert_eq!(site.import(&first, "vestibule", &["--source", "first"]).last()["made"], 1);
    assert_eq!(site.run(&["account", "rename", "somebody-7", "another"]).code, Some(0));
    let odd = |number: usize, email: &str, username: &str| {
        format!("{}\n", json!({ "id": number, "email": email, "username": username }))
    };
    let mut file = lines(1..=300);
    // An address and a username that stand twice, a look-alike, an id that stands twice, and a name that is
    // kept for who gave it up.
    file.push_str(&odd(1_001, "SOMEBODY.3@example.org", "third"));
    file.push_str(&odd(1_002, "fourth@example.org", "Somebody-4"));
    file.push_str(&odd(1_003, "fifth@example.org", "s\u{43e}mebody-5"));
    file.push_str(&odd(6, "sixth@example.org", "sixth"));
    file.push_str(&odd(1_004, "seventh@example.org", "somebody-7"));
    let file = site.write("file.jsonl", &file);
    let done = site.import(&file, "vestibule", &[]);
    let last = done.last();
    assert_eq!(done.code, Some(0), "{} {}", done.out, done.said);
    assert_eq!(
        (&last["made"], &last["conflicts"], &last["known"]),
        (&302.into(), &2.into(), &1.into()),
        "{last}"
    );
    let left_out = json!({ "username_taken": 3 });
    let invalid = json!({ "username_taken": 2, "username_invalid": 1 });
    assert!(last["left_out"] == left_out || last["left_out"] == invalid, "{last}");
    let accounts = site.export(&[]);
    let named =
        |email: &str| accounts.iter().find(|account| account["email"] == email).unwrap()["username"].clone();
    assert_eq!(named("somebody.4@example.org"), "somebody-4");
    assert_eq!(named("fourth@example.org"), Value::Null);
    assert_eq!(named("seventh@example.org"), Value::Null);
    assert_eq!(named("somebody.300@example.org"), "somebody-300");
}

/// The database is SQLite: of the disk of a PostgreSQL server only that server knows.
#[tokio::test]
async fn an_import_on_a_full_disk_changes_nothing_by_half() {
    full_disk(&Site::open(Engine::Sqlite, "").await);
}

pub fn full_disk(site: &Site) {
    let file = site.write("many.jsonl", &lines(1..=MANY));
    // No file grows beyond 8 MiB, in blocks of 512 bytes. A write beyond fails, as the signal is ignored.
    let limited = "trap '' XFSZ; ulimit -f 16384; exec \"$0\" \"$@\"";
    let mut import = command(Path::new("/bin/sh"), site.scratch.folder(), &environment(&site.scratch));
    import.args(["-c", limited, PROGRAM, "import", "--json", file.to_str().unwrap(), "--from", "vestibule"]);
    let ran = import.output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert!(said.contains("disk"), "{said}");
    let some = site.export(&[]).len();
    assert!(some < MANY, "{some}");
    let done = site.import(&file, "vestibule", &[]);
    let last = done.last();
    assert_eq!(
        (done.code, last["known"].as_u64()),
        (Some(0), Some(some as u64)),
        "{} {}",
        done.out,
        done.said
    );
    assert_eq!(site.export(&[]).len(), MANY);
}
