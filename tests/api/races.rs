//! Grants that are given during a change of password. On SQLite there is one writer at a time, so this needs
//! PostgreSQL.

use std::pin::pin;
use std::time::Duration;

use store::{DbPool, Engine};

use crate::engines::run;
use crate::support::{Answer, Ask, PASSWORD, TestApp, until};

/// Longest wait of any test.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends `ask` while a transaction changes the password. The transaction then runs `sql`, which ends what the
/// old password opened, and commits.
async fn during_a_change(app: &TestApp, ask: Ask, sql: &'static str) -> Answer {
    let DbPool::Postgres(pool) = app.database().await else { panic!("a test of PostgreSQL") };
    let mut change = pool.begin().await.unwrap();
    sqlx::query("UPDATE accounts SET password_changed_at = 1").execute(&mut *change).await.unwrap();
    let mut answer = pin!(ask.send());
    let waits = until(PATIENCE, async || app.scratch().blocked().await > 0);
    let early = tokio::select! {
        early = &mut answer => Some(early),
        _ = waits => None,
    };
    sqlx::query(sql).execute(&mut *change).await.unwrap();
    change.commit().await.unwrap();
    match early {
        Some(early) => early,
        None => answer.await,
    }
}

#[test]
fn a_user_hash_is_not_exchanged_past_a_change_of_password() {
    run(Engine::Postgres, async |engine| {
        let app = TestApp::new(engine).await;
        let fields = [
            ("login", "ada"),
            ("email", "ada@example.org"),
            ("password", PASSWORD),
            ("confirm_password", PASSWORD),
        ];
        let answer = app.visitor().post("/api/v1/personal/register").form(&fields).send().await;
        let data = answer.json()["data"].clone();
        let ask = app.visitor().get("/api/v1/personal/auth_refresh");
        let ask = ask.header("User-Id", &data["user_id"].to_string());
        let ask = ask.header("User-Hash", data["user_hash"].as_str().unwrap());
        assert_eq!(during_a_change(&app, ask, "DELETE FROM bearers").await.status, 401);
        assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 0);
    });
}

#[test]
fn a_user_secret_is_not_exchanged_past_a_recovery() {
    run(Engine::Postgres, async |engine| {
        let app = TestApp::new(engine).await;
        let fields = [("name", "Ada"), ("email", "ada@example.org"), ("password", PASSWORD)];
        let answer = app.visitor().post("/api/user/v1/register").form(&fields).send().await;
        let data = answer.json()["data"].clone();
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", &data["user_id"].to_string()),
            ("client_secret", data["user_secret"].as_str().unwrap()),
        ];
        let ask = app.visitor().post("/oauth/token").form(&fields);
        assert_eq!(during_a_change(&app, ask, "DELETE FROM user_secrets").await.status, 401);
        assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 0);
    });
}

#[test]
fn a_password_is_not_generated_past_the_end_of_what_its_caller_holds() {
    run(Engine::Postgres, async |engine| {
        for end in ["UPDATE accounts SET locked_at = 1", "DELETE FROM user_secrets", "DELETE FROM bearers"] {
            let app = TestApp::new(engine).await;
            let fields = [("name", "Ada"), ("email", "ada@example.org"), ("password", PASSWORD)];
            let answer = app.visitor().post("/api/user/v1/register").form(&fields).send().await;
            let data = answer.json()["data"].clone();
            let mut held = data["user_secret"].as_str().unwrap().to_owned();
            if end.ends_with("bearers") {
                let fields = [
                    ("grant_type", "client_credentials"),
                    ("client_id", &*data["user_id"].to_string()),
                    ("client_secret", &held),
                ];
                let given = app.visitor().post("/oauth/token").form(&fields).send().await.json();
                held = given["access_token"].as_str().unwrap().to_owned();
            }
            let ask = app.visitor().ask("PATCH", "/api/user/v1/resetpassword");
            let ask = ask.form(&[("email", "ada@example.org")]);
            let ask = ask.header("authorization", &format!("Bearer {held}"));
            let answer = during_a_change(&app, ask, end).await;
            assert_eq!(answer.status, 503, "{end}: {}", answer.text());
            assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE password_changed_at = 1").await, 1);
        }
    });
}
