//! Invalid input, concurrent calls, and an overloaded server.

use std::time::Duration;

use rocket::tokio::task::JoinSet;
use store::Engine;

use super::{CALLS, EMAIL_TAKEN, Shop, failed, succeeded};
use crate::engines::{both_engines, run};
use crate::support::{Body, PASSWORD, TestApp, broken, spoiled};

both_engines![
    bad_values_are_refused_in_shape_and_change_nothing,
    bad_bodies_are_refused_in_shape,
    too_many_tries_say_so_in_shape,
    twenty_racing_creates_of_one_address_make_one_account,
    a_trusted_caller_is_answered_in_time_while_sign_ins_queue,
];

async fn bad_values_are_refused_in_shape_and_change_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let id = app.signed_up("ada").await.account().await["id"].to_string();
    let email = ("email", "ada@example.org");
    let new = ("email", "new@example.org");
    let (password, user) = (("password", PASSWORD), ("user_id", id.as_str()));
    let names = [("firstname", "Ada"), ("lastname", "King"), ("role_id", "2")];
    let create = [&[new, password][..], &names].concat();
    let update = [&[user, new, password][..], &names].concat();
    for (call, good) in [
        ("create", create),
        ("update", update),
        ("exist", vec![email]),
        ("authenticate", vec![email, password]),
        ("forgotpassword", vec![email]),
    ] {
        for (name, _) in &good {
            for (what, body) in spoiled(name, &good) {
                // Optional fields may be missing, and an empty name removes the name.
                let optional = ["create", "update"].contains(&call);
                let needed = matches!((call, *name), ("create", "email") | ("update", "user_id"));
                let is_name = ["firstname", "lastname"].contains(name);
                if optional && !needed && what.ends_with("missing") || is_name && what.ends_with("empty") {
                    continue;
                }
                let answer = shop.call(call).body(body).send().await;
                assert_eq!(answer.status, 400, "{call} with {what}: {}", answer.text());
                failed(&answer);
            }
        }
    }
    let same = "SELECT COUNT(*) FROM accounts WHERE email = 'ada@example.org' AND firstname = '' AND lastname = '' \
                AND role_id = 1 AND updated_at = created_at";
    assert_eq!(app.count(same).await, 1);
    for table in ["tickets", "outbox"] {
        assert_eq!(app.count(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
}

async fn bad_bodies_are_refused_in_shape(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    for call in CALLS {
        for (what, _, body) in broken() {
            let answer = shop.call(call).body(body).send().await;
            assert_eq!(answer.status, 400, "{what} at {call}: {}", answer.text());
            failed(&answer);
        }
        // A request without a body has no fields.
        assert!(failed(&shop.call(call).send().await).contains(" "), "{call}");
    }
}

async fn too_many_tries_say_so_in_shape(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    let shop = Shop::new(&app).await;
    shop.created("ada@example.org").await;
    let wrong = [("email", "ada@example.org"), ("password", "wrong horse")];
    let ask = shop.call("authenticate").header("accept-language", "ru").form(&wrong);
    // A shop passes many people's guesses on, so it is not slowed down before the day's share is used up.
    for _ in 0..40 {
        shop.refused(&ask.send().await, "Authentication failed.");
    }
    let stopped = ask.send().await;
    let message = failed(&stopped);
    assert!(message.starts_with("Too many attempts."), "{message}");
    let wait: u64 = stopped.header("retry-after").unwrap().parse().unwrap();
    // One person's failures do not throttle the shop's calls for others.
    for number in 0..70 {
        let email = format!("new{number}@example.org");
        succeeded(&shop.ask("create", &[("email", &email)]).await);
    }
    app.pass(Duration::from_secs(wait));
    let right = [("email", "ada@example.org"), ("password", PASSWORD)];
    succeeded(&shop.ask("authenticate", &right).await);
}

async fn twenty_racing_creates_of_one_address_make_one_account(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let mut race = JoinSet::new();
    for number in 0..20 {
        let email = if number % 2 == 0 { "ada@example.org" } else { " ADA@example.ORG" };
        let fields = [("email", email), ("password", PASSWORD)];
        let ask = shop.call("create").body(Body::kinds(&fields)[number % 3].clone());
        race.spawn(async move {
            loop {
                let answer = ask.send().await;
                // A client retries a call that was answered with "busy".
                if answer.header("retry-after").is_none() {
                    return answer;
                }
            }
        });
    }
    let mut made = 0;
    for answer in race.join_all().await {
        if answer.status == 200 {
            succeeded(&answer);
            made += 1;
        } else {
            assert_eq!(failed(&answer), EMAIL_TAKEN);
        }
    }
    assert_eq!(made, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM tickets").await, 1);
}

/// The published clients hang up after three seconds.
async fn a_trusted_caller_is_answered_in_time_while_sign_ins_queue(engine: Engine) {
    // Two hundred sign-ins take many seconds, and all of them fit into the queue.
    let slow = "password.threads = 1\npassword.queue = 400\npassword.passes = 4";
    let app = TestApp::with(engine, slow).await;
    let shop = Shop::new(&app).await;
    shop.created("ada@example.org").await;
    let mut queue = JoinSet::new();
    for number in 0..200 {
        let (visitor, email) = (app.visitor(), format!("new{number}@example.org"));
        queue.spawn(async move { visitor.log_in(&email, PASSWORD).await.status });
    }
    // After the first three answers the other sign-ins wait in the queue.
    for _ in 0..3 {
        assert_eq!(queue.join_next().await.unwrap().unwrap(), 401);
    }
    // A trusted server has a line of its own.
    for (call, email) in [("authenticate", "ada@example.org"), ("create", "new@example.org")] {
        succeeded(&shop.ask(call, &[("email", email), ("password", PASSWORD)]).await);
        while queue.try_join_next().is_some() {}
        assert!(!queue.is_empty(), "{call} waited for everybody else");
    }
    // A call without a hash does not wait.
    succeeded(&shop.ask("exist", &[("email", "ada@example.org")]).await);
    queue.shutdown().await;
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 2);
}

#[test]
fn a_database_that_is_gone_is_said_in_shape() {
    // An SQLite file cannot become unreachable.
    run(Engine::Postgres, async |engine| {
        let app = TestApp::new(engine).await;
        let shop = Shop::new(&app).await;
        app.scratch().shut_out().await;
        let answer = shop.ask("exist", &[("email", "ada@example.org")]).await;
        app.scratch().let_in().await;
        let message = failed(&answer);
        assert!(message.starts_with("Please try again in a moment."), "{message}");
        assert!(message.ends_with(')'), "no number of an incident: {message}");
        assert!(answer.header("retry-after").is_some());
        succeeded(&shop.ask("exist", &[("email", "ada@example.org")]).await);
    });
}
