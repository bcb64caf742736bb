//! The real program, killed while the mail server holds its answer back, and beside another instance while
//! the answer is late: what was being sent goes soon, and once.

use std::time::{Duration, Instant};

use rocket::tokio::time::sleep;
use store::Engine;

use crate::crash::{Life, Program};
use crate::engines::{Scratch, both_engines};
use crate::support::smtp::{Habits, MailServer};
use crate::support::until;

both_engines![
    what_a_killed_program_was_sending_goes_soon,
    what_is_being_sent_for_long_goes_once,
    what_waits_is_listed_with_the_reason,
];

/// Much longer than a lease that nobody renews.
const PATIENCE: Duration = Duration::from_secs(90);

async fn invite(program: &Program, life: &Life, email: &str) {
    let key = program.command(&["key", "create", "shop"]).output().unwrap();
    let key = String::from_utf8(key.stdout).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = client
        .post(format!("{}/admin/api_account/create", life.origin))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("authorization", format!("Bearer {}", key.trim()))
        .body(format!("email={email}"));
    assert_eq!(ask.send().await.unwrap().status(), 200);
}

fn program(scratch: Scratch, server: &MailServer) -> Program {
    Program { scratch, smtp: server.address("smtp://127.0.0.1:PORT"), more: Vec::new() }
}

fn said(server: &MailServer, line: &str) -> usize {
    server.commands().iter().filter(|said| *said == line).count()
}

async fn what_a_killed_program_was_sending_goes_soon(engine: Engine) {
    let Some(server) = MailServer::up() else { return };
    let program = program(Scratch::new(engine).await, &server);
    let killed = Life::begin(&program);
    invite(&program, &killed, "held@example.org").await;
    until(PATIENCE, || async { said(&server, "HELD held@example.org") == 1 }).await;
    // Long enough for the lease to be renewed.
    sleep(Duration::from_secs(6)).await;
    let another = (engine == Engine::Postgres).then(|| Life::begin(&program));
    drop(killed);
    let since = Instant::now();
    let _alive = another.unwrap_or_else(|| Life::begin(&program));
    until(PATIENCE, || async { program.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    println!("sent {:?} after the end", since.elapsed());
    assert_eq!(server.count("held@example.org"), 1);
}

async fn what_is_being_sent_for_long_goes_once(engine: Engine) {
    // Half as long again as a lease lasts.
    let slow = Duration::from_secs(30);
    let Some(server) = MailServer::with(Habits { slow, ..Habits::default() }) else { return };
    let program = program(Scratch::new(engine).await, &server);
    let life = Life::begin(&program);
    invite(&program, &life, "slow@example.org").await;
    until(PATIENCE, || async { said(&server, "TAKEN slow@example.org") == 1 }).await;
    let since = Instant::now();
    let _another = (engine == Engine::Postgres).then(|| Life::begin(&program));
    until(PATIENCE, || async { program.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    assert!(since.elapsed() > Duration::from_secs(25), "it was noted before the server answered");
    assert_eq!(server.count("slow@example.org"), 1);
    assert_eq!(program.count("SELECT COALESCE(MAX(attempts), 0) FROM outbox").await, 0);
}

async fn what_waits_is_listed_with_the_reason(engine: Engine) {
    let Some(mut server) = MailServer::down() else { return };
    let program = program(Scratch::new(engine).await, &server);
    let life = Life::begin(&program);
    invite(&program, &life, "ada@example.org").await;
    let list = |more: &[&str]| {
        let output = program.command(&[&["mail", "list"], more].concat()).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    until(PATIENCE, || async { list(&[]).contains("refused") }).await;
    let (waiting, aside) = (list(&[]), list(&["--failed"]));
    assert!(waiting.contains("invitation") && waiting.contains("ada@example.org"), "{waiting}");
    assert_eq!((waiting.lines().count(), aside.lines().count()), (2, 1), "{waiting}{aside}");
    server.start(Habits::default());
    until(PATIENCE, || async { list(&[]).lines().count() == 1 }).await;
}
