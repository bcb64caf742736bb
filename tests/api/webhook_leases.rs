//! The real program, killed while a site holds its answer back: what was being sent goes soon, with the same
//! name.

use std::time::{Duration, Instant};

use store::Engine;

use crate::crash::{Life, Program};
use crate::engines::{Scratch, both_engines};
use crate::support::PASSWORD;
use crate::support::site::{Behaviour, Site};
use crate::support::until;

both_engines![what_a_killed_program_was_telling_a_site_is_told_soon];

/// Much longer than a lease that nobody renews.
const PATIENCE: Duration = Duration::from_secs(90);

async fn sign_up(life: &Life, name: &str) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = client
        .post(format!("{}/user/create", life.origin))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .body(format!("email={name}%40example.org&username={name}&password={PASSWORD}").replace(' ', "+"));
    assert_eq!(ask.send().await.unwrap().status(), 201);
}

async fn what_a_killed_program_was_telling_a_site_is_told_soon(engine: Engine) {
    let site = Site::new(Behaviour::Hangs).await;
    let more = site.variables("shop", "account.created");
    let program = Program { scratch: Scratch::new(engine).await, smtp: "smtp://127.0.0.1:1".into(), more };
    let killed = Life::begin(&program);
    sign_up(&killed, "ada").await;
    site.gets(1).await;
    // Long enough for the lease to be renewed, and no answer yet.
    rocket::tokio::time::sleep(Duration::from_secs(6)).await;
    site.behaves(Behaviour::Answers(204, ""));
    let another = (engine == Engine::Postgres).then(|| Life::begin(&program));
    drop(killed);
    let since = Instant::now();
    let alive = another.unwrap_or_else(|| Life::begin(&program));
    let left = "SELECT COUNT(*) FROM webhook_deliveries";
    until(PATIENCE, || async { program.count(left).await == 0 }).await;
    println!("told {:?} after the end", since.elapsed());
    let got = site.got();
    assert_eq!(got.len(), 2);
    assert_eq!((got[0].id(), &got[0].body), (got[1].id(), &got[1].body));
    // What another instance would have to be told of is sent at once.
    sign_up(&alive, "grace").await;
    until(PATIENCE, || async { program.count(left).await == 0 }).await;
    assert_eq!(site.got().len(), 3);
}
