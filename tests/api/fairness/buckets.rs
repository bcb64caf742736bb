//! What computes a hash or writes for an account is counted by address and by account, right or wrong.

use store::Engine;

use crate::engines::both_engines;
use crate::support::{Answer, Ask, PASSWORD, TestApp};

both_engines![
    right_passwords_are_counted_by_account_whatever_the_address,
    own_secrets_are_exchanged_as_often_as_one_needs,
    wrong_secrets_are_counted_by_address,
    wrong_bearers_of_a_reset_are_counted_by_address,
    ending_sessions_is_counted_too,
    a_server_with_a_key_is_not_counted,
    who_names_somebody_else_spends_nothing_of_theirs,
];

const LIMITED: &str = "rate_limits = 'on'\nip_header = 'X-Real-IP'";

/// Sends `ask` from so many addresses, and returns how often it succeeded and the last answer.
async fn from_many(ask: &Ask, times: usize) -> (usize, Answer) {
    let mut succeeded = 0;
    let mut last = None;
    for number in 0..times {
        let address = format!("198.51.{}.{}", number / 250, number % 250);
        let answer = ask.clone().header("x-real-ip", &address).send().await;
        succeeded += usize::from(answer.status == 200);
        last = Some(answer);
    }
    (succeeded, last.unwrap())
}

#[track_caller]
fn throttled(answer: &Answer) {
    assert_eq!(answer.status, 429, "{}", answer.text());
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!(seconds > 0);
}

async fn right_passwords_are_counted_by_account_whatever_the_address(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    app.signed_up("ada").await;
    app.signed_up("bob").await;
    let form = |name| app.visitor().post("/auth/login").form(&[("email", name), ("password", PASSWORD)]);
    // One of the 120 was the sign-in of the fixture.
    let (succeeded, last) = from_many(&form("ada@example.org"), 120).await;
    assert_eq!(succeeded, 119);
    throttled(&last);
    assert_eq!(from_many(&form("bob@example.org"), 1).await.0, 1);
}

/// A device back end's new account: its number and its secret.
async fn registered(app: &TestApp) -> (String, String) {
    let form = [("name", "Ada"), ("email", "ada@example.org"), ("password", PASSWORD)];
    let made = app.visitor().post("/api/user/v1/register").form(&form).send().await.json();
    (made["data"]["user_id"].to_string(), made["data"]["user_secret"].as_str().unwrap().to_owned())
}

async fn own_secrets_are_exchanged_as_often_as_one_needs(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let (id, secret) = registered(&app).await;
    let form = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)];
    let ask = app.visitor().post("/oauth/token").form(&form);
    let (succeeded, last) = from_many(&ask, 61).await;
    assert_eq!(succeeded, 60);
    throttled(&last);
}

async fn wrong_secrets_are_counted_by_address(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let (id, secret) = registered(&app).await;
    let exchange = |secret: &str| {
        let form = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", secret)];
        app.visitor().post("/oauth/token").form(&form)
    };
    let wrong = exchange(&format!("{}=", "A".repeat(43)));
    for _ in 0..60 {
        assert_eq!(wrong.send().await.status, 401);
    }
    throttled(&wrong.send().await);
    assert_eq!(exchange(&secret).header("x-real-ip", "198.51.100.1").send().await.status, 200);
}

async fn wrong_bearers_of_a_reset_are_counted_by_address(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    registered(&app).await;
    let ask = app.visitor().ask("PATCH", "/api/user/v1/resetpassword").form(&[("email", "ada@example.org")]);
    let ask = ask.header("authorization", &format!("Bearer {}=", "A".repeat(43)));
    for _ in 0..120 {
        assert_eq!(ask.send().await.status, 200);
    }
    throttled(&ask.send().await);
    assert_eq!(ask.clone().header("x-real-ip", "198.51.100.1").send().await.status, 200);
}

async fn ending_sessions_is_counted_too(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let ada = app.signed_up("ada").await;
    let (succeeded, last) = from_many(&ada.post("/user/sessions/end-others").wants_json(), 121).await;
    assert_eq!(succeeded, 120);
    throttled(&last);
    assert!(ada.is_signed_in().await);
}

async fn a_server_with_a_key_is_not_counted(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    app.signed_up("ada").await;
    let key = format!("Bearer {}", app.key("shop").await);
    let form = [("email", "ada@example.org"), ("password", PASSWORD)];
    let ask = app.visitor().post("/admin/api_account/authenticate").form(&form);
    let ask = ask.header("authorization", &key);
    for _ in 0..150 {
        assert_eq!(ask.send().await.status, 200);
    }
    // Its right passwords cost the account nothing either.
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
}

async fn who_names_somebody_else_spends_nothing_of_theirs(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let mut hashes = Vec::new();
    for login in ["victim", "mallory"] {
        let email = format!("{login}@example.org");
        let form =
            [("login", login), ("email", &*email), ("password", PASSWORD), ("confirm_password", PASSWORD)];
        let made = app.visitor().post("/api/v1/personal/register").form(&form).send().await.json();
        let data = &made["data"];
        hashes.push((data["user_id"].to_string(), data["user_hash"].as_str().unwrap().to_owned()));
    }
    let refresh = |id: &str, hash: &str| {
        let ask = app.visitor().get("/api/v1/personal/auth_refresh").header("user-id", id);
        ask.header("user-hash", hash).header("x-real-ip", "198.51.100.1")
    };
    let named = refresh(&hashes[0].0, &hashes[1].1);
    for _ in 0..301 {
        assert_eq!(named.send().await.status, 401);
    }
    let own = refresh(&hashes[0].0, &hashes[0].1).send().await;
    assert_eq!((own.status, &own.json()["success"]), (200, &1.into()), "{}", own.text());
    // The hash of the one who named others is not ended by it either.
    assert_eq!(refresh(&hashes[1].0, &hashes[1].1).send().await.json()["success"], 1);
}
