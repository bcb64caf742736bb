//! User secrets: how they end, and how they are made anew.

use std::cell::RefCell;
use std::time::Duration;

use serde_json::json;
use store::Engine;

use super::{BASE, NEW, patch, refused, register};
use crate::engines::both_engines;
use crate::support::{Answer, Ask, PASSWORD, TestApp, spoiled, until};

both_engines![
    a_secret_ends_with_the_password_by_whatever_door_and_is_made_anew,
    a_secret_outlives_a_change_of_password_where_the_operator_wants_it_so_and_never_a_recovery,
    a_secret_is_made_for_the_right_password_alone,
    a_secret_that_is_replaced_takes_the_bearers_along_that_it_was_exchanged_for,
];

/// Whether `/oauth/token` takes the secret.
async fn is_alive(app: &TestApp, id: i64, secret: &str) -> bool {
    let id = id.to_string();
    let fields = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", secret)];
    match app.visitor().post("/oauth/token").form(&fields).send().await.status {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

async fn renew(app: &TestApp, email: &str, password: &str) -> Answer {
    app.visitor()
        .post(&format!("{BASE}/secret"))
        .form(&[("email", email), ("password", password)])
        .send()
        .await
}

async fn a_secret_ends_with_the_password_by_whatever_door_and_is_made_anew(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (id, mut secret) = register(&app, "ada").await;
    let key = app.key("shop").await;
    let mut password = PASSWORD.to_owned();
    for door in ["amadis", "pages", "siberian", "reset", "link"] {
        assert!(is_alive(&app, id, &secret).await);
        let mut next = format!("a new password by {door}");
        let trusted = |ask: Ask| ask.header("api-auth-bearer", &format!("Bearer {key}"));
        match door {
            "amadis" => {
                let change =
                    [("email", "ada@example.org"), ("oldpassword", &*password), ("newpassword", &*next)];
                assert_eq!(patch(&app, "changepassword").form(&change).send().await.status, 200);
            }
            "pages" => {
                let browser = app.visitor();
                browser.log_in("ada@example.org", &password).await;
                let change = [("apassword", &*password), ("npassword", &*next)];
                let changed = browser.post("/user/modify/password").wants_json().form(&change).send().await;
                assert_eq!(changed.status, 200);
            }
            "siberian" => {
                let change = [("user_id", &*id.to_string()), ("password", &*next)];
                let ask = app.visitor().post("/admin/api_account/update").form(&change);
                assert_eq!(trusted(ask).send().await.status, 200);
            }
            "reset" => {
                let ask = patch(&app, "resetpassword").form(&[("email", "ada@example.org")]);
                let body = trusted(ask).send().await.json();
                next = body["data"]["password"].as_str().unwrap().to_owned();
            }
            _ => {
                app.visitor().post("/user/forgot").form(&[("email", "ada@example.org")]).send().await;
                let link = mailed_link(&app).await;
                let form = [("token", &*link), ("npassword", &*next)];
                let reset = app.visitor().post("/user/reset").wants_json().form(&form).send().await;
                assert_eq!(reset.status, 200, "{}", reset.text());
            }
        }
        password = next;
        assert!(!is_alive(&app, id, &secret).await, "after a change by {door}");
        let answer = renew(&app, " ADA@example.org", &password).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body = answer.json();
        secret = body["data"]["user_secret"].as_str().unwrap().to_owned();
        let shape = json!({ "status": "success", "data": { "user_id": id, "user_secret": secret } });
        assert_eq!((body, secret.len()), (shape, 44));
    }
}

/// The secret of the recovery link that was mailed to ada, from the file beside the message.
async fn mailed_link(app: &TestApp) -> String {
    let folder = app.scratch().folder().join("data/mail");
    let found = RefCell::new(None);
    until(Duration::from_secs(10), || async {
        let files = std::fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        let facts = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        *found.borrow_mut() = facts
            .filter_map(|path| std::fs::read_to_string(path).ok())
            .find_map(|mail| Some(mail.split("/user/reset?token=").nth(1)?.get(..43)?.to_owned()));
        found.borrow().is_some()
    })
    .await;
    found.into_inner().unwrap()
}

async fn a_secret_outlives_a_change_of_password_where_the_operator_wants_it_so_and_never_a_recovery(
    engine: Engine,
) {
    let app = TestApp::with(engine, "amadis.secret_outlives_password = true").await;
    let (id, secret) = register(&app, "ada").await;
    let change = [("email", "ada@example.org"), ("oldpassword", PASSWORD), ("newpassword", NEW)];
    assert_eq!(patch(&app, "changepassword").form(&change).send().await.status, 200);
    assert!(is_alive(&app, id, &secret).await);
    let bearer = format!("Bearer {secret}");
    let reset = patch(&app, "resetpassword").header("authorization", &bearer);
    reset.form(&[("email", "ada@example.org")]).send().await;
    assert!(is_alive(&app, id, &secret).await);
    app.visitor().post("/user/forgot").form(&[("email", "ada@example.org")]).send().await;
    let link = mailed_link(&app).await;
    let form = [("token", &*link), ("npassword", NEW)];
    assert_eq!(app.visitor().post("/user/reset").wants_json().form(&form).send().await.status, 200);
    assert!(!is_alive(&app, id, &secret).await);
}

async fn a_secret_is_made_for_the_right_password_alone(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (id, secret) = register(&app, "ada").await;
    let wrong = refused(&renew(&app, "ada@example.org", "wrong horse").await, 422);
    assert_eq!(refused(&renew(&app, "nobody@example.org", PASSWORD).await, 422), wrong);
    assert!(refused(&renew(&app, "", PASSWORD).await, 422).starts_with("email: "));
    for name in ["email", "password"] {
        for (what, body) in spoiled(name, &[("email", "ada@example.org"), ("password", PASSWORD)]) {
            let answer = app.visitor().post(&format!("{BASE}/secret")).body(body).send().await;
            refused(&answer, if what.ends_with("MiB") { 413 } else { 422 });
        }
    }
    assert!(is_alive(&app, id, &secret).await, "nothing was made");
    // The new one takes the place of the old one.
    assert_eq!(renew(&app, "ada@example.org", PASSWORD).await.status, 200);
    assert!(!is_alive(&app, id, &secret).await);
}

/// The bearer that `/oauth/token` gives for the secret.
async fn exchanged(app: &TestApp, id: i64, secret: &str) -> String {
    let id = id.to_string();
    let fields = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", secret)];
    let answer = app.visitor().post("/oauth/token").form(&fields).send().await;
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

async fn a_secret_that_is_replaced_takes_the_bearers_along_that_it_was_exchanged_for(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (id, secret) = register(&app, "ada").await;
    let (other_id, other) = register(&app, "bob").await;
    let others = exchanged(&app, other_id, &other).await;
    let reset = async |email: &str, bearer: &str| {
        let ask = patch(&app, "resetpassword").header("authorization", &format!("Bearer {bearer}"));
        ask.form(&[("email", email)]).send().await.json()["data"]["password"].clone()
    };
    let old = exchanged(&app, id, &secret).await;
    let mirror = [("email", "ada@example.org"), ("password", PASSWORD)];
    assert_eq!(app.visitor().post("/auth/login").form(&mirror).send().await.status, 200);
    let made = renew(&app, "ada@example.org", PASSWORD).await.json();
    assert!(reset("ada@example.org", &old).await.is_null(), "the former bearer still works");
    let change = [("oldpassword", PASSWORD), ("newpassword", NEW)];
    let ask = patch(&app, "changepassword").header("authorization", &format!("Bearer {old}"));
    assert_eq!(ask.form(&change).send().await.status, 401);
    // What other dialects gave goes on, and so do the bearers of others.
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers WHERE audience = 'mirror'").await, 1);
    assert!(reset("bob@example.org", &others).await.is_string());
    let new = exchanged(&app, id, made["data"]["user_secret"].as_str().unwrap()).await;
    assert!(reset("ada@example.org", &new).await.is_string());
}
