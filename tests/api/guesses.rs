//! Wrong guesses hurt the guesser first: at every door, a stranger at one address shuts out nobody else.

use std::time::Duration;

use domain::Scope;
use rocket::tokio::task::JoinSet;
use store::Engine;

use crate::engines::both_engines;
use crate::parity::server::Door::{Amadis, Fastsite, Mirror, Pages, Siberian};
use crate::parity::server::{DOORS, Door, TestServer, succeeded};
use crate::support::{Answer, Ask, PASSWORD, TestApp};

both_engines![
    a_stranger_at_any_door_shuts_out_nobody_at_another_address,
    strangers_everywhere_shut_out_neither_servers_nor_known_devices,
    an_app_is_known_by_any_bearer_it_had_even_an_ended_one,
    a_bearer_of_another_account_and_one_from_before_a_new_password_are_strangers,
    all_doors_together_evaluate_at_most_a_hundred_failures_a_day,
    only_a_key_that_writes_accounts_lifts_the_limits_of_amadis,
];

/// Addresses come from a header, as behind a proxy.
const PROXIED: &str = "rate_limits = \"on\"\nip_header = \"X-Real-IP\"";
const WRONG: &str = "wrong horse battery";
const BUSY: &str = "We’re very busy right now.";
const ADA: &str = "ada@example.org";

fn from(ask: Ask, address: &str) -> Ask {
    ask.header("x-real-ip", address)
}

fn throttled(answer: &Answer) -> bool {
    answer.header("retry-after").is_some()
}

/// Uses up what all strangers may fail in a day, from eight addresses.
async fn exhaust_strangers(server: &TestServer, email: &str) {
    for network in 1..=8 {
        for _ in 0..5 {
            let guess = server.login(Mirror, email, WRONG);
            let answer = from(guess, &format!("203.0.113.{network}")).send().await;
            assert_eq!(answer.status, 401, "{}", answer.text());
        }
    }
    let late = from(server.login(Mirror, email, PASSWORD), "203.0.113.9").send().await;
    assert_eq!(late.status, 429, "the strangers' share of the day is used up");
}

async fn a_stranger_at_any_door_shuts_out_nobody_at_another_address(engine: Engine) {
    let server = TestServer::new(engine, PROXIED).await;
    for (attacked, network) in [Pages, Amadis, Fastsite, Mirror].into_iter().zip(1_u8..) {
        let email = format!("{attacked:?}@example.org").to_lowercase();
        server.register(Siberian, &email, PASSWORD).await;
        let stranger = format!("2001:db8:0:{network}::1");
        let mut evaluated = 0;
        for number in 0..30 {
            // The rest of the /64 is the same stranger.
            let address = format!("2001:db8:0:{network}::{number:x}");
            let answer = from(server.login(attacked, &email, WRONG), &address).send().await;
            assert!(!succeeded(attacked, &answer), "{}", answer.text());
            evaluated += usize::from(!throttled(&answer));
        }
        assert_eq!(evaluated, 5, "{attacked:?}");
        assert!(throttled(&from(server.login(attacked, &email, PASSWORD), &stranger).send().await));
        for (door, host) in DOORS.into_iter().zip(1_u8..) {
            let address = format!("198.51.{network}.{host}");
            let answer = from(server.login(door, &email, PASSWORD), &address).send().await;
            assert!(succeeded(door, &answer), "{door:?} after {attacked:?}: {}", answer.text());
        }
        // A shop that shares the stranger's address is still a trusted server.
        let shop = from(server.login(Siberian, &email, PASSWORD), &stranger).send().await;
        assert!(succeeded(Siberian, &shop), "{}", shop.text());
    }
}

async fn strangers_everywhere_shut_out_neither_servers_nor_known_devices(engine: Engine) {
    let server = TestServer::new(engine, PROXIED).await;
    server.register(Siberian, ADA, PASSWORD).await;
    let browser = server.app.signed_in(ADA).await;
    let app = server.login(Mirror, ADA, PASSWORD).send().await.json()["bearer"].as_str().unwrap().to_owned();
    exhaust_strangers(&server, ADA).await;
    for door in [Pages, Amadis, Fastsite, Mirror] {
        let new = from(server.login(door, ADA, PASSWORD), "198.51.100.1").send().await;
        assert!(throttled(&new), "a day has at most a hundred failures: {door:?} {}", new.text());
    }
    assert!(server.signs_in(Siberian, ADA, PASSWORD).await);
    let backend = server.app.key_with("backend", &[Scope::AccountsWrite], 2, None).await;
    // These come first, because a change of password forgets what the account knows.
    assert_eq!(browser.log_in(ADA, PASSWORD).await.status, 200);
    for door in [Pages, Fastsite, Mirror] {
        let known = server.login(door, ADA, PASSWORD).header("authorization", &format!("Bearer {app}"));
        let answer = known.send().await;
        assert!(succeeded(door, &answer), "{door:?}: {}", answer.text());
    }
    let change = server.login(Amadis, ADA, PASSWORD).header("authorization", &format!("Bearer {backend}"));
    let answer = change.send().await;
    assert!(succeeded(Amadis, &answer), "{}", answer.text());
}

async fn an_app_is_known_by_any_bearer_it_had_even_an_ended_one(engine: Engine) {
    let server = TestServer::new(engine, PROXIED).await;
    server.register(Siberian, ADA, PASSWORD).await;
    let data = server.login(Fastsite, ADA, PASSWORD).send().await.json()["data"].clone();
    let (id, first) = (data["user_id"].to_string(), data["user_hash"].as_str().unwrap().to_owned());
    let refresh = server.app.visitor().get("/api/v1/personal/auth_refresh").header("user-id", &id);
    let refreshed = refresh.header("user-hash", &first).send().await.json();
    let hash = refreshed["data"]["user_hash"].as_str().unwrap().to_owned();
    let mirror = server.login(Mirror, ADA, PASSWORD).send().await.json();
    let bearer = format!("Bearer {}", mirror["bearer"].as_str().unwrap());
    assert_eq!(server.app.count("SELECT COUNT(*) FROM known_apps").await, 2, "two apps, however often");

    // They end, and a sweep takes their rows.
    server.app.pass(Duration::from_secs(200 * 86_400));
    server.app.sql("DELETE FROM bearers").await;
    exhaust_strangers(&server, ADA).await;
    let presented = [("user-hash", hash), ("authorization", bearer)];
    for ((name, value), host) in presented.iter().zip(1_u8..) {
        let ask = from(server.login(Fastsite, ADA, PASSWORD), &format!("198.51.100.{host}"));
        let stranger = ask.send().await;
        assert!(throttled(&stranger), "{}", stranger.text());
        // A wrong guess of its own is told so, and only then has it used up one of its own tries.
        let wrong = server.login(Fastsite, ADA, WRONG).header(name, value).send().await;
        assert!(!succeeded(Fastsite, &wrong) && !throttled(&wrong), "{}", wrong.text());
        let known = ask.header("user-id", &id).header(name, value).send().await;
        assert!(succeeded(Fastsite, &known), "{name}: {}", known.text());
        // The next answer may have been lost: what it presented is still known.
        let again = server.login(Mirror, ADA, PASSWORD).header(name, value).send().await;
        assert_eq!(again.status, 200, "{name}: {}", again.text());
    }
}

async fn a_bearer_of_another_account_and_one_from_before_a_new_password_are_strangers(engine: Engine) {
    let server = TestServer::new(engine, PROXIED).await;
    server.register(Siberian, ADA, PASSWORD).await;
    server.register(Siberian, "eve@example.org", PASSWORD).await;
    let bearer_of = async |email: &str, password: &str| {
        let answer = server.login(Mirror, email, password).send().await;
        format!("Bearer {}", answer.json()["bearer"].as_str().unwrap())
    };
    let (eve, old) = (bearer_of("eve@example.org", PASSWORD).await, bearer_of(ADA, PASSWORD).await);
    let new_password = "another horse battery";
    let change = [("email", ADA), ("oldpassword", PASSWORD), ("newpassword", new_password)];
    let change = server.app.visitor().ask("PATCH", "/api/user/v1/changepassword").form(&change);
    assert_eq!(change.send().await.status, 200);
    let new = bearer_of(ADA, new_password).await;
    exhaust_strangers(&server, ADA).await;
    for (bearer, known) in
        [(eve, false), (old, false), (format!("Bearer {}", "A".repeat(43)), false), (new, true)]
    {
        let ask = server.login(Mirror, ADA, new_password).header("authorization", &bearer);
        assert_eq!(ask.send().await.status == 200, known);
    }
}

async fn all_doors_together_evaluate_at_most_a_hundred_failures_a_day(engine: Engine) {
    let server = TestServer::new(engine, PROXIED).await;
    server.register(Siberian, ADA, PASSWORD).await;
    let login = server.login(Mirror, ADA, PASSWORD).send().await.json();
    let app = format!("Bearer {}", login["bearer"].as_str().unwrap());
    let mut guesses = JoinSet::new();
    for number in 0..200_u16 {
        let door = match number % 10 {
            0..3 => Siberian,
            3 => Mirror,
            other => [Pages, Amadis, Fastsite][usize::from(other) % 3],
        };
        let mut guess = from(server.login(door, ADA, WRONG), &format!("203.0.113.{}", number % 250));
        guess = guess.header("accept-language", "en");
        if door == Mirror {
            guess = guess.header("authorization", &app);
        }
        guesses.spawn(async move {
            loop {
                let answer = guess.send().await;
                // Of a full queue; the guess was not evaluated then.
                if !answer.text().contains(BUSY) {
                    return (door, throttled(&answer), succeeded(door, &answer));
                }
            }
        });
    }
    let answers = guesses.join_all().await;
    assert!(answers.iter().all(|(.., entered)| !entered));
    let evaluated = |wanted: &[Door]| {
        answers.iter().filter(|(door, throttled, _)| wanted.contains(door) && !throttled).count()
    };
    assert_eq!(evaluated(&[Pages, Amadis, Fastsite]), 40, "strangers");
    assert_eq!(evaluated(&[Siberian]), 40, "trusted servers");
    assert_eq!(evaluated(&[Mirror]), 5, "one known device, at once");
    // The next day begins without these.
    server.app.pass(Duration::from_secs(25 * 3_600));
    assert!(server.signs_in(Fastsite, ADA, PASSWORD).await && server.signs_in(Siberian, ADA, PASSWORD).await);
}

async fn only_a_key_that_writes_accounts_lifts_the_limits_of_amadis(engine: Engine) {
    for (scopes, lifted) in
        [(vec![Scope::AccountsWrite], true), (vec![Scope::AccountsRead, Scope::PasswordReset], false)]
    {
        let app = TestApp::with(engine, "rate_limits = \"on\"").await;
        let key = format!("Bearer {}", app.key_with("backend", &scopes, 2, None).await);
        let mut registered = 0;
        for number in 0..25 {
            let email = format!("user{number}@example.org");
            let fields = [("name", "Ada"), ("email", &email), ("password", PASSWORD)];
            let ask = app.visitor().post("/api/user/v1/register").header("authorization", &key);
            registered += usize::from(ask.form(&fields).send().await.status == 201);
        }
        assert_eq!(registered, if lifted { 25 } else { 20 }, "{scopes:?}");
        let wrong = [("email", "user1@example.org"), ("oldpassword", WRONG), ("newpassword", PASSWORD)];
        let change = app.visitor().ask("PATCH", "/api/user/v1/changepassword");
        let change = change.header("authorization", &key).form(&wrong);
        for _ in 0..5 {
            assert_eq!(change.send().await.status, 422);
        }
        assert_eq!(change.send().await.status, if lifted { 422 } else { 429 }, "{scopes:?}");
    }
}
