//! The life of a username: how often it changes, and what becomes of the one before.

use std::time::Duration;

use serde_json::json;
use store::Engine;

use crate::admin::{act, administrator, number_of, values};
use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor, html};

both_engines!(
    a_former_username_signs_in_and_is_nobody_elses,
    a_username_is_kept_for_a_while,
    a_reservation_ends,
    what_the_operator_renames_stays_the_owners,
    nobody_gets_a_name_in_the_moment_in_which_it_is_given_up,
);

const DAY: Duration = Duration::from_secs(86_400);
const ONCE_A_MONTH: &str = "username.change_days = 30";
const AT_ANY_TIME: &str = "username.change_days = 0";

async fn rename(browser: &Visitor, to: &str) -> crate::support::Answer {
    browser.post("/user/modify/username").wants_json().form(&[("username", to)]).send().await
}

async fn signs_up(app: &TestApp, email: &str, username: &str) -> u16 {
    let form = [("email", email), ("username", username), ("password", PASSWORD)];
    app.visitor().post("/user/create").wants_json().form(&form).send().await.status
}

async fn a_former_username_signs_in_and_is_nobody_elses(engine: Engine) {
    let app = TestApp::with(engine, ONCE_A_MONTH).await;
    let ada = app.signed_up("paypal").await;
    let bob = app.signed_up("bob").await;
    assert_eq!(rename(&ada, "countess").await.json()["username"], "countess");
    for name in ["paypal", "PAYPAL", "countess"] {
        let entered = app.visitor().log_in(name, PASSWORD).await;
        assert_eq!((entered.status, &entered.json()["username"]), (200, &json!("countess")), "{name}");
    }
    // Neither it nor what looks like it is anybody else's, however they come by a name.
    for name in ["paypal", "PayPal", "paypa1"] {
        assert_eq!(signs_up(&app, "eve@example.org", name).await, 422, "{name}");
        assert_eq!(rename(&bob, name).await.problem(422)["codes"]["username"][0], "username_taken", "{name}");
    }
    // A program finds nobody else by it either.
    let body = crate::support::Body::json(&[("email", "paypal"), ("password", PASSWORD)]);
    let device = app.visitor().post("/auth/login").body(body).send().await;
    assert_eq!(device.status, 200, "{}", device.text());
    // Its owner reads what it was, and until when.
    let page = ada.profile_page().await;
    assert!(page.contains("Former usernames") && page.contains("<bdi>paypal</bdi>"), "{page}");
    assert!(page.contains("reserved until") && page.contains("You can choose another one from"), "{page}");
    assert!(!bob.profile_page().await.contains("Former usernames"));
}

async fn a_username_is_kept_for_a_while(engine: Engine) {
    let app = TestApp::with(engine, ONCE_A_MONTH).await;
    let ada = app.signed_up("ada").await;
    // Spelling it anew is no change.
    for name in ["Ada", "ADA", "countess", "Countess"] {
        assert_eq!(rename(&ada, name).await.status, 200, "{name}");
    }
    let refused = rename(&ada, "augusta").await.problem(422);
    assert_eq!(refused["codes"]["username"][0], "username_changed_lately", "{refused}");
    let form = [("username", "augusta"), ("form-page", "profile")];
    let page = ada.post("/user/modify/username").form(&form).send().await.refusal_page(422);
    let said = html::error(&page, "username").unwrap();
    assert!(said.contains("in 30 days"), "{said}");
    app.pass(DAY * 30 - Duration::from_secs(1));
    let ada = app.signed_in("ada").await;
    let page = ada.post("/user/modify/username").form(&form).send().await.refusal_page(422);
    assert!(html::error(&page, "username").unwrap().contains("tomorrow"), "{page}");
    app.pass(Duration::from_secs(1));
    assert_eq!(rename(&ada, "augusta").await.status, 200);
    // Where it may change at any time, it does; taking one's own back is a change as well.
    let free = app.another_with(AT_ANY_TIME).await;
    let ada = free.signed_in("augusta").await;
    for name in ["ada", "lovelace", "ada"] {
        assert_eq!(rename(&ada, name).await.status, 200, "{name}");
    }
    for name in ["augusta", "countess", "lovelace"] {
        assert_eq!(app.visitor().log_in(name, PASSWORD).await.status, 200, "{name}");
    }
    // Nobody collects names: of many, the last ten are kept from others.
    for number in 0..12 {
        assert_eq!(rename(&ada, &format!("name{number}")).await.status, 200);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM former_usernames WHERE reserved_key IS NOT NULL").await, 10);
    assert_eq!(signs_up(&app, "eve@example.org", "countess").await, 201);
    assert_eq!(signs_up(&app, "eva@example.org", "name10").await, 422);
}

async fn a_reservation_ends(engine: Engine) {
    let app = TestApp::with(engine, "username.reserved_days = 10").await;
    let ada = app.signed_up("ada").await;
    assert_eq!(rename(&ada, "countess").await.status, 200);
    app.pass(DAY * 10 - Duration::from_secs(1));
    // Each server looks at its start.
    let sweeping = app.another().await;
    assert_eq!(sweeping.visitor().log_in("ada", PASSWORD).await.status, 200);
    assert_eq!(signs_up(&app, "eve@example.org", "ada").await, 422);
    app.pass(Duration::from_secs(2));
    let _sweeping = app.another().await;
    crate::support::until(Duration::from_secs(10), || async {
        app.count("SELECT COUNT(*) FROM former_usernames WHERE reserved_key IS NOT NULL").await == 0
    })
    .await;
    app.visitor().log_in("ada", PASSWORD).await.problem(401);
    assert_eq!(signs_up(&app, "eve@example.org", "ada").await, 201);
    // What it was is still known, and no longer said to be reserved.
    let page = app.signed_in("countess").await.profile_page().await;
    assert!(page.contains("<bdi>ada</bdi>") && !page.contains("reserved until"), "{page}");
    // Without a reservation a name is free at once.
    let free = app.another_with("username.reserved_days = 0\nusername.change_days = 0").await;
    let countess = free.signed_in("countess").await;
    assert_eq!(rename(&countess, "augusta").await.status, 200);
    assert_eq!(signs_up(&app, "eva@example.org", "countess").await, 201);
}

async fn what_the_operator_renames_stays_the_owners(engine: Engine) {
    let app = TestApp::new(engine).await;
    let root = administrator(&app, "grace").await;
    let ada = app.signed_up("ada").await;
    let id = number_of(&app, "ada").await;
    let (status, said) = act(&root, id, "rename", &[("username", "countess"), ("reason", "asked")]).await;
    assert_eq!(status, 303, "{said}");
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
    assert_eq!(signs_up(&app, "eve@example.org", "ada").await, 422);
    // That was not the owner's change, so the owner has one.
    assert_eq!(rename(&ada, "augusta").await.status, 200);
    let shown = values(&root, &format!("/admin/accounts/{id}")).await;
    let former: Vec<&str> = shown["facts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|fact| fact["label"] == "Former username")
        .map(|fact| fact["value"].as_str().unwrap())
        .collect();
    assert_eq!(former.len(), 2, "{shown}");
    assert!(former[0].starts_with("countess (") && former[1].starts_with("ada ("), "{former:?}");
}

async fn nobody_gets_a_name_in_the_moment_in_which_it_is_given_up(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'off'").await;
    let ada = app.signed_up("ada").await;
    for round in 0..5 {
        let (from, to) = if round % 2 == 0 { ("ada", "countess") } else { ("countess", "ada") };
        let others = (0..6).map(|other| {
            let app = &app;
            async move { signs_up(app, &format!("eve{round}-{other}@example.org"), from).await }
        });
        let change = async {
            app.sql("UPDATE former_usernames SET given_up_at = 0").await;
            rename(&ada, to).await.status
        };
        let (changed, made) = rocket::tokio::join!(change, rocket::futures::future::join_all(others));
        assert_eq!(changed, 200);
        assert!(made.iter().all(|status| *status == 422), "{made:?}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
}
