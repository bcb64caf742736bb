//! `vestibule account …`: the real program beside a running server.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use store::Engine;

use crate::engines::{Scratch, both_engines};
use crate::parity::server::Door::{Amadis, Fastsite, Mirror, Pages, Siberian};
use crate::parity::server::{DOORS, Given, TestServer, succeeded};
use crate::support::{Ask, PASSWORD, TestApp, mail, until};

both_engines![
    a_locked_account_is_closed_at_every_door_by_the_next_request,
    the_right_password_is_told_of_the_lock_and_nobody_else_is,
    what_a_lock_ended_stays_ended_when_the_account_is_unlocked,
    ending_sessions_ends_everything_but_the_password,
    removing_factors_ends_everything_but_the_password_and_is_told,
    the_commands_say_what_they_did,
    what_cannot_be_is_said_and_changes_nothing,
];

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const WRONG: &str = "wrong horse battery";
const LOCKED: &str = "This account is locked.";
const RESET: &str = "/user/reset?token=";
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs `vestibule account` over this database.
fn account(scratch: &Scratch, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .arg("account")
        .args(arguments)
        .current_dir(scratch.folder())
        .env_clear()
        .env("VESTIBULE_DATABASE_URL", &scratch.url)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What it said after success.
#[track_caller]
fn done(app: &TestApp, arguments: &[&str]) -> String {
    let output = account(app.scratch(), arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(output.stdout, b"");
    said
}

/// The recovery links that were mailed to an address.
fn reset_links(app: &TestApp, email: &str) -> Vec<String> {
    let plain = app.mails(email).into_iter().map(|mail| mail::read(&mail));
    let link = |mail: String| mail.split_once(RESET).map(|(_, rest)| format!("{RESET}{}", &rest[..43]));
    plain.filter_map(link).collect()
}

/// What opens an account, each with a call that tells whether it still does.
struct Openings {
    given: Vec<(&'static str, Given)>,
    links: Vec<(&'static str, Ask, u16)>,
    secret: (String, String),
}

impl Openings {
    /// One of each kind, all of them used once.
    async fn of(server: &TestServer, email: &str) -> Self {
        let visitor = server.app.visitor();
        let named = [("name", "Somebody"), ("email", email), ("password", PASSWORD)];
        let made = visitor.post("/api/user/v1/register").form(&named).send().await.json()["data"].clone();
        let secret = (made["user_id"].to_string(), made["user_secret"].as_str().unwrap().to_owned());

        let mut given = Vec::new();
        for (what, door) in [("session", Pages), ("user_hash", Fastsite), ("bearer", Mirror)] {
            given.push((what, Given::by(server, door, email).await.unwrap()));
        }
        let bearer = server.login(Mirror, email, PASSWORD).send().await.json()["bearer"].clone();
        let bearer = format!("Bearer {}", bearer.as_str().unwrap());
        let device = visitor.post("/auth/device").form(&[("name", "mirror")]).send().await.json();
        let pair = visitor.post("/auth/pair").header("authorization", &bearer);
        let paired = pair.form(&[("code", device["code"].as_str().unwrap())]).send().await;
        assert_eq!(paired.status, 200, "{}", paired.text());
        let token = format!("Bearer {}", device["device_token"].as_str().unwrap());
        let fetched = visitor.get("/auth/device").header("authorization", &token).send().await.json();
        assert!(fetched["bearer"].is_string(), "{fetched}");

        let entered = server.trusted("authenticate").form(&[("email", email), ("password", PASSWORD)]);
        let address = entered.send().await.json()["redirect_url"].as_str().unwrap().to_owned();
        let autologin = visitor.get(&address[address.find("/admin").unwrap()..]);
        visitor.post("/user/forgot").form(&[("email", email)]).send().await;
        until(PATIENCE, async || !reset_links(&server.app, email).is_empty()).await;
        let reset = visitor.get(&reset_links(&server.app, email)[0]).wants_json();
        let opened = Self {
            given,
            links: vec![("autologin link", autologin, 404), ("mailed link", reset, 410)],
            secret,
        };
        for (what, given) in &opened.given {
            assert!(given.is_alive().await, "{what}");
        }
        assert!(opened.secret_is_good(server).await);
        opened
    }

    async fn secret_is_good(&self, server: &TestServer) -> bool {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &*self.secret.0),
            ("client_secret", &*self.secret.1),
        ];
        server.app.visitor().post("/oauth/token").form(&form).send().await.status == 200
    }

    /// Checks that the next use of each is refused. On PostgreSQL, news of another process comes a moment
    /// later.
    async fn have_ended(&self, server: &TestServer) {
        for (what, given) in &self.given {
            if matches!(server.app.scratch().engine, Engine::Postgres) {
                until(Duration::from_secs(2), async || !given.is_alive().await).await;
            }
            assert!(!given.is_alive().await, "{what}");
        }
        for (what, ask, status) in &self.links {
            assert_eq!(ask.send().await.status, *status, "{what}");
        }
        assert!(!self.secret_is_good(server).await, "user secret");
        // A device's bearer opens no call of ours, so its row tells.
        let bearers = format!("SELECT COUNT(*) FROM bearers WHERE account_id = {}", self.secret.0);
        assert_eq!(server.app.count(&bearers).await, 0, "paired device");
    }
}

async fn a_locked_account_is_closed_at_every_door_by_the_next_request(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let (ada, bob) = (Openings::of(&server, ADA).await, Openings::of(&server, BOB).await);
    // Another instance remembers the session too.
    let another = match engine {
        Engine::Postgres => Some(server.app.another().await),
        Engine::Sqlite => None,
    };
    let browser = server.app.signed_in(ADA).await;
    let elsewhere = another.as_ref().map(|another| {
        let visitor = another.visitor();
        visitor.set_cookie("vestibule", &browser.cookie("vestibule").unwrap());
        visitor
    });
    if let Some(elsewhere) = &elsewhere {
        assert!(elsewhere.is_signed_in().await);
    }
    done(&server.app, &["lock", ADA]);
    ada.have_ended(&server).await;
    assert!(!browser.is_signed_in().await);
    if let Some(elsewhere) = &elsewhere {
        until(Duration::from_secs(2), async || !elsewhere.is_signed_in().await).await;
    }
    // Nobody else has lost anything.
    for (what, given) in &bob.given {
        assert!(given.is_alive().await, "{what}");
    }
    assert!(bob.secret_is_good(&server).await);
    // No mail opens it again.
    for email in [ADA, BOB] {
        server.app.visitor().post("/user/forgot").form(&[("email", email)]).send().await;
    }
    until(PATIENCE, async || reset_links(&server.app, BOB).len() == 2).await;
    assert_eq!(reset_links(&server.app, ADA).len(), 1);
}

async fn the_right_password_is_told_of_the_lock_and_nobody_else_is(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    for email in [ADA, BOB] {
        server.register(Pages, email, PASSWORD).await;
    }
    done(&server.app, &["lock", ADA]);
    for door in DOORS {
        let right = server.login(door, ADA, PASSWORD).header("accept-language", "en").send().await;
        assert!(!succeeded(door, &right) && right.text().contains(LOCKED), "{door:?}: {}", right.text());
        let status = match door {
            Siberian => 400,
            Fastsite => 200,
            Pages | Amadis | Mirror => 403,
        };
        assert_eq!(right.status, status, "{door:?}");
        if door == Pages {
            assert_eq!(right.problem(403)["code"], "locked");
        }
        assert_eq!(server.app.count("SELECT COUNT(*) FROM sessions").await, 0, "{door:?}");
        // With a wrong password it is as every other account, and where nobody is trusted as none at all.
        let other = if door == Siberian { BOB } else { "nobody@example.org" };
        let [wrong, alike] = [ADA, other].map(|email| server.login(door, email, WRONG));
        let (wrong, alike) = (wrong.send().await, alike.send().await);
        let said = |answer: &crate::support::Answer| (answer.status, answer.shared_headers(), answer.text());
        assert_eq!(said(&wrong), said(&alike), "{door:?}");
    }
    let form = [("email", ADA), ("password", PASSWORD)];
    let page = server.app.visitor().post("/user/login").form(&form).send().await;
    let page = page.refusal_page(403);
    assert!(page.contains(LOCKED) && page.contains("name=\"password\""), "the form with a sentence: {page}");

    // A hash is computed for a locked account too. Without one the answer would take next to no time.
    let quickest = async |email| {
        let mut quickest = Duration::MAX;
        for _ in 0..4 {
            let begun = Instant::now();
            server.login(Pages, email, WRONG).send().await;
            quickest = quickest.min(begun.elapsed());
        }
        quickest
    };
    let (open, locked) = (quickest(BOB).await, quickest(ADA).await);
    assert!(locked > open / 3, "{locked:?} for a locked account, {open:?} for another");
}

async fn what_a_lock_ended_stays_ended_when_the_account_is_unlocked(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let openings = Openings::of(&server, ADA).await;
    let id = server.id(ADA).await.to_string();
    done(&server.app, &["lock", &id]);
    assert!(!server.signs_in(Pages, ADA, PASSWORD).await);
    done(&server.app, &["unlock", &id]);
    openings.have_ended(&server).await;
    for door in DOORS {
        assert!(server.signs_in(door, ADA, PASSWORD).await, "{door:?}");
    }
}

async fn ending_sessions_ends_everything_but_the_password(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let (ada, bob) = (Openings::of(&server, ADA).await, Openings::of(&server, BOB).await);
    done(&server.app, &["end-sessions", &ADA.to_uppercase()]);
    ada.have_ended(&server).await;
    for (what, given) in &bob.given {
        assert!(given.is_alive().await, "{what}");
    }
    for door in DOORS {
        assert!(server.signs_in(door, ADA, PASSWORD).await, "{door:?}");
    }
}

async fn removing_factors_ends_everything_but_the_password_and_is_told(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let ada = Openings::of(&server, ADA).await;
    server.app.sql("UPDATE accounts SET second_factor_at = 1, verified_at = 1").await;
    let said = done(&server.app, &["remove-factors", ADA]);
    assert!(said.contains("no second factors any more"), "{said}");
    ada.have_ended(&server).await;
    assert!(server.signs_in(Pages, ADA, PASSWORD).await);
    let removed = "SELECT COUNT(*) FROM audit_events WHERE kind = 'factors_removed' AND actor = 'operator'";
    assert_eq!(server.app.count(removed).await, 1);
    let wants = "SELECT COUNT(*) FROM accounts WHERE second_factor_at IS NOT NULL";
    // Bob's stay.
    assert_eq!(server.app.count(wants).await, server.app.count("SELECT COUNT(*) FROM accounts").await - 1);
    // The command reads the machine's clock.
    server.app.pass(Duration::from_secs(40 * 365 * 86_400));
    let told = || {
        server.app.mails(ADA).iter().any(|one| mail::read(one).contains("All second factors of your account"))
    };
    until(PATIENCE, async || told()).await;
}

async fn the_commands_say_what_they_did(engine: Engine) {
    let app = TestApp::new(engine).await;
    let id = app.signed_up("ada").await.account().await["id"].clone();
    let Value::Number(id) = id else { panic!("{id}") };
    let named = format!("account {id} ({ADA})");
    for (command, said) in [
        ("unlock", "was not locked"),
        ("end-sessions", "sessions"),
        ("lock", "is locked. Its sessions"),
        ("lock", "has been locked since 20"),
        ("end-sessions", "sessions"),
        ("unlock", "is unlocked. It had been locked since 20"),
        ("unlock", "was not locked"),
        ("remove-factors", "had no second factors"),
    ] {
        let printed = done(&app, &[command, ADA]);
        assert!(printed.contains(&named) && printed.contains(said), "{command}: {printed}");
    }
}

async fn what_cannot_be_is_said_and_changes_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for (arguments, status, named) in [
        (&["lock"][..], 2, "ACCOUNT"),
        (&["lock", "a da"], 2, "ada@example.org"),
        (&["lock", "nobody"], 1, "no account with the username nobody"),
        (&["lock", ""], 2, "ada@example.org"),
        (&["lock", "-1"], 2, "-1"),
        (&["lock", "99999999999999999999"], 2, "number such as 7"),
        (&["lock", ADA, BOB], 2, BOB),
        (&["nonsense", ADA], 2, "nonsense"),
        (&["lock", "4711"], 1, "no account 4711"),
        (&["unlock", "4711"], 1, "no account 4711"),
        (&["end-sessions", BOB], 1, BOB),
        (&["remove-factors", BOB], 1, BOB),
        (&["remove-factors"], 2, "ACCOUNT"),
    ] {
        let output = account(app.scratch(), arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
        assert!(said.contains(named) && output.stdout.is_empty(), "{arguments:?}: {said}");
    }
    assert!(ada.is_signed_in().await);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE locked_at IS NULL").await, 1);
}
