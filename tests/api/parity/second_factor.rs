//! An account that wants a second factor, at every door.

use store::Engine;

use super::server::Door::{Amadis, Fastsite, Mirror, Pages, Siberian};
use super::server::{DOORS, TestServer};
use crate::engines::both_engines;
use crate::support::{PASSWORD, Visitor};

both_engines![
    an_account_that_wants_a_second_factor_is_opened_by_its_password_alone_at_no_door,
    an_app_password_opens_one_door_and_ends_at_it_at_once,
];

/// The account with this address wants a second factor from now on; `browser` is signed in to it.
async fn want_more(server: &TestServer, browser: &Visitor, email: &str) {
    server.app.sql(&format!("UPDATE accounts SET second_factor_at = 1 WHERE email_key = '{email}'")).await;
    // Copies of the account are read again after a change.
    let changed = browser.post("/user/modify/profile").wants_json().form(&[("name", "Ada")]).send().await;
    assert_eq!(changed.status, 200, "{}", changed.text());
}

async fn an_account_that_wants_a_second_factor_is_opened_by_its_password_alone_at_no_door(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    for made_at in DOORS {
        let email = format!("{made_at:?}@example.org").to_lowercase();
        server.register(made_at, &email, PASSWORD).await;
        let browser = server.app.signed_in(&email).await;
        want_more(&server, &browser, &email).await;
        let tables = ["sessions", "bearers", "user_secrets"];
        let mut before = Vec::new();
        for table in tables {
            before.push(server.app.count(&format!("SELECT COUNT(*) FROM {table}")).await);
        }
        for door in DOORS {
            let entered = server.signs_in(door, &email, PASSWORD).await;
            // The trusted server's link leads to a page that asks.
            assert_eq!(entered, door == Siberian, "made at {made_at:?}, in at {door:?}");
            assert!(!server.signs_in(door, &email, "wrong horse battery").await, "{door:?}");
        }
        for (table, before) in tables.into_iter().zip(before) {
            let count = server.app.count(&format!("SELECT COUNT(*) FROM {table}")).await;
            assert_eq!(count, before, "{table}, made at {made_at:?}");
        }
        assert!(browser.is_signed_in().await);
    }
}

async fn an_app_password_opens_one_door_and_ends_at_it_at_once(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    server.register(Pages, "ada@example.org", PASSWORD).await;
    let browser = server.app.signed_in("ada@example.org").await;
    want_more(&server, &browser, "ada@example.org").await;
    // Amadis' own call is in the list of app passwords: its change of a password takes none.
    for (door, dialect) in [(Fastsite, "fastsite"), (Mirror, "mirror"), (Amadis, "amadis")] {
        let form = [("name", "Telephone"), ("dialect", dialect)];
        let made = browser.post("/user/security/app-passwords").wants_json().form(&form).send().await.json();
        let password = made["password"].as_str().unwrap();
        for other in DOORS {
            let opens = other == door && door != Amadis;
            assert_eq!(
                server.signs_in(other, "ada@example.org", password).await,
                opens,
                "{dialect} at {other:?}"
            );
        }
        let revoke = browser.post("/user/security/app-passwords/revoke").wants_json();
        assert_eq!(revoke.form(&[("id", &made["id"].to_string())]).send().await.status, 200);
        assert!(!server.signs_in(door, "ada@example.org", password).await, "{dialect}");
    }
    assert_eq!(server.app.count("SELECT COUNT(*) FROM bearers").await, 0);
}
