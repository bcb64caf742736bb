//! Whatever ended everything that opened an account, the next sign-in is told to its owner: the account has
//! been signed in to before, and knows nobody any more.

use std::process::{Command, Stdio};
use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, mail, until};

both_engines![
    the_first_sign_in_after_everything_ended_is_told,
    the_first_sign_in_ever_is_not_told_whatever_was_ended_before,
];

const ADA: &str = "ada@example.org";
const NEW: &str = "another horse entirely";
const SUBJECT: &str = "Subject: New sign-in to your account on Vestibule";

/// Waits until everything is sent, and returns how many sign-ins were told.
async fn told(app: &TestApp) -> usize {
    until(Duration::from_secs(20), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    app.mails(ADA).iter().filter(|mail| mail.lines().any(|line| line == SUBJECT)).count()
}

/// Runs `vestibule account` over the database.
fn account(app: &TestApp, command: &str) {
    let status = Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .args(["account", command, ADA])
        .current_dir(app.scratch().folder())
        .env_clear()
        .env("VESTIBULE_DATABASE_URL", &app.scratch().url)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success(), "{command}");
}

/// Chooses [`NEW`] by the link that is mailed to ada.
async fn recover(app: &TestApp) {
    app.visitor().post("/user/forgot").form(&[("email", ADA)]).send().await;
    told(app).await;
    let mails = app.mails(ADA).into_iter().map(|mail| mail::read(&mail));
    let token = mails
        .filter_map(|mail| Some(mail.split_once("/user/reset?token=")?.1.get(..43)?.to_owned()))
        .next_back()
        .unwrap();
    let form = [("token", &*token), ("npassword", NEW)];
    let answer = app.visitor().post("/user/reset").wants_json().form(&form).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// A password that amadis generates for the holder of `bearer`.
async fn generated(app: &TestApp, bearer: &str) -> String {
    let ask = app.visitor().ask("PATCH", "/api/user/v1/resetpassword").form(&[("email", ADA)]);
    let answer = ask.header("authorization", &format!("Bearer {bearer}")).send().await;
    answer.json()["data"]["password"].as_str().unwrap().to_owned()
}

async fn the_first_sign_in_after_everything_ended_is_told(engine: Engine) {
    for way in ["link", "key", "secret", "end-sessions", "lock", "swept"] {
        let app = TestApp::new(engine).await;
        app.signed_up("ada").await;
        let password = match way {
            "link" => {
                recover(&app).await;
                NEW.to_owned()
            }
            "key" => generated(&app, &app.key("shop").await).await,
            "secret" => {
                let form = [("email", ADA), ("password", PASSWORD)];
                let made = app.visitor().post("/api/user/v1/secret").form(&form).send().await.json();
                generated(&app, made["data"]["user_secret"].as_str().unwrap()).await
            }
            "lock" => {
                account(&app, "lock");
                account(&app, "unlock");
                PASSWORD.to_owned()
            }
            // All that the account was opened with has expired and is swept away.
            "swept" => {
                for table in ["sessions", "devices", "known_places", "bearers", "user_secrets"] {
                    app.sql(&format!("DELETE FROM {table}")).await;
                }
                PASSWORD.to_owned()
            }
            _ => {
                account(&app, way);
                PASSWORD.to_owned()
            }
        };
        let before = told(&app).await;
        for (door, expected) in [("/auth/login", 1), ("/user/login", 2)] {
            let form = [("email", ADA), ("password", &*password)];
            let entered = app.visitor().post(door).wants_json().form(&form).send().await;
            assert_eq!(entered.status, 200, "{way}: {}", entered.text());
            assert_eq!(told(&app).await, before + expected, "{door} after {way}");
        }
    }
}

async fn the_first_sign_in_ever_is_not_told_whatever_was_ended_before(engine: Engine) {
    let app = TestApp::new(engine).await;
    let form = [("email", ADA), ("password", PASSWORD)];
    assert_eq!(app.visitor().post("/user/create").wants_json().form(&form).send().await.status, 201);
    recover(&app).await;
    account(&app, "end-sessions");
    assert_eq!(app.visitor().log_in(ADA, NEW).await.status, 200);
    assert_eq!(told(&app).await, 0);
    assert_eq!(app.visitor().log_in(ADA, NEW).await.status, 200);
    assert_eq!(told(&app).await, 1);
}
