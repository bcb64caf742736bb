//! The API key of a call: the headers for it, its end, and its scopes.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Scope;
use serde_json::json;
use store::Engine;

use super::{BASE, CALLS, NO_KEY, ROLE_NOT_GIVEN, Shop, failed, succeeded};
use crate::engines::both_engines;
use crate::support::{Ask, Body, PASSWORD, TestApp, broken, spoiled, until};

both_engines![
    a_key_is_taken_in_each_of_three_headers,
    without_a_living_key_nothing_is_answered_or_done,
    a_key_that_is_revoked_by_another_process_is_dead_at_the_next_request,
    a_key_ends_when_its_time_is_up,
    a_key_may_do_what_its_scopes_say,
    a_key_gives_its_roles_and_touches_accounts_that_have_them,
    the_last_use_of_a_key_is_noted,
    a_dead_key_is_told_before_anything_about_the_body,
];

fn basic(name: &str, key: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{key}")))
}

fn exist(app: &TestApp) -> Ask {
    app.visitor().post(&format!("{BASE}/exist")).form(&[("email", "ada@example.org")])
}

async fn a_key_is_taken_in_each_of_three_headers(engine: Engine) {
    let app = TestApp::new(engine).await;
    let key = app.key("shop").await;
    let bearer = format!("Bearer {key}");
    for (name, value) in [
        ("authorization", bearer.clone()),
        ("authorization", format!("bearer  {key} ")),
        ("authorization", basic("shop", &key)),
        ("api-auth-bearer", bearer.clone()),
    ] {
        succeeded(&exist(&app).header(name, &value).send().await);
    }
    // One valid key of two is enough.
    let both = exist(&app).header("authorization", "Basic !").header("api-auth-bearer", &bearer);
    succeeded(&both.send().await);
    let both = exist(&app).header("authorization", &bearer).header("api-auth-bearer", "Bearer x");
    succeeded(&both.send().await);
}

async fn without_a_living_key_nothing_is_answered_or_done(engine: Engine) {
    let app = TestApp::new(engine).await;
    let key = app.key("shop").await;
    let browser = app.signed_up("ada").await;
    let other = "A".repeat(43);
    let fields =
        [("email", "ada@example.org"), ("user_id", "1"), ("password", PASSWORD), ("firstname", "Changed")];
    for call in CALLS {
        for body in Body::kinds(&fields) {
            let ask = app.visitor().post(&format!("{BASE}/{call}")).body(body);
            assert_eq!(failed(&ask.send().await), NO_KEY, "{call}");
        }
        let ask = app.visitor().post(&format!("{BASE}/{call}")).form(&fields);
        for (name, value) in [
            ("authorization", format!("Bearer {other}")),
            ("authorization", format!("Bearer {key}x")),
            ("authorization", format!("Bearer {}", &key[..42])),
            ("authorization", key.clone()),
            ("authorization", basic("another", &key)),
            ("authorization", basic("", &key)),
            ("authorization", basic("shop", &other)),
            ("authorization", "Bearer ".to_owned()),
            ("authorization", format!("Bearer {}", "x".repeat(4_000))),
            ("api-auth-bearer", format!("Bearer {other}")),
            ("api-auth-bearer", key.clone()),
            ("x-api-key", key.clone()),
        ] {
            assert_eq!(
                failed(&ask.clone().header(name, &value).send().await),
                NO_KEY,
                "{call} {name}: {value}"
            );
        }
        // A cookie does not authenticate an API, and neither does a query. Without a key, no other error is
        // revealed.
        assert_eq!(failed(&browser.post(&format!("{BASE}/{call}")).form(&fields).send().await), NO_KEY);
        let ask = app.visitor().post(&format!("{BASE}/{call}?key={key}"));
        assert_eq!(failed(&ask.body(Body::new("application/xml", "<a/>")).send().await), NO_KEY);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE firstname = ''").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM tickets").await, 0);
}

async fn a_key_that_is_revoked_by_another_process_is_dead_at_the_next_request(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let other = app.key("other").await;
    succeeded(&shop.ask("exist", &[("email", "ada@example.org")]).await);
    app.revoke_key("shop").await;
    shop.refused(&shop.ask("exist", &[("email", "ada@example.org")]).await, NO_KEY);
    let kept = exist(&app).header("authorization", &format!("Bearer {other}"));
    succeeded(&kept.send().await);
    // The name is free again, and the old key stays revoked.
    let again = Shop { app: &app, key: app.key("shop").await };
    succeeded(&again.ask("exist", &[("email", "ada@example.org")]).await);
    shop.refused(&shop.ask("exist", &[("email", "ada@example.org")]).await, NO_KEY);
}

async fn a_key_ends_when_its_time_is_up(engine: Engine) {
    let app = TestApp::new(engine).await;
    let key = app.key_with("shop", &Scope::ALL, 2, Some(Duration::from_secs(3_600))).await;
    let shop = Shop { app: &app, key };
    app.pass(Duration::from_secs(3_599));
    succeeded(&shop.ask("exist", &[("email", "ada@example.org")]).await);
    app.pass(Duration::from_secs(1));
    shop.refused(&shop.ask("exist", &[("email", "ada@example.org")]).await, NO_KEY);
}

async fn a_key_may_do_what_its_scopes_say(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let id = ada.account().await["id"].to_string();
    let email = ("email", "ada@example.org");
    type Case<'a> = (&'a str, Vec<(&'a str, &'a str)>, &'a [Scope]);
    let calls: [Case<'_>; 6] = [
        ("exist", vec![email], &[Scope::AccountsRead]),
        ("authenticate", vec![email, ("password", PASSWORD)], &[Scope::AccountsRead]),
        ("create", vec![("password", PASSWORD)], &[Scope::AccountsWrite]),
        ("update", vec![("user_id", &id), ("lastname", "King")], &[Scope::AccountsWrite]),
        ("forgotpassword", vec![email], &[Scope::PasswordReset]),
        (
            "update",
            vec![("user_id", &id), ("password", PASSWORD)],
            &[Scope::AccountsWrite, Scope::PasswordReset],
        ),
    ];
    for chosen in 1..8_u8 {
        let scopes: Vec<Scope> = Scope::ALL
            .into_iter()
            .enumerate()
            .filter(|(at, _)| chosen & (1 << at) != 0)
            .map(|(_, s)| s)
            .collect();
        let shop = Shop { app: &app, key: app.key_with(&format!("k{chosen}"), &scopes, 2, None).await };
        for (name, fields, needed) in &calls {
            let address = format!("new{chosen}@example.org");
            let mut fields = fields.clone();
            if *name == "create" {
                fields.push(("email", &address));
            }
            let answer = shop.ask(name, &fields).await;
            if needed.iter().all(|scope| scopes.contains(scope)) {
                succeeded(&answer);
            } else {
                assert_ne!(failed(&answer), NO_KEY, "{name} with {scopes:?}");
            }
        }
    }
    let made = app.count("SELECT COUNT(*) FROM accounts").await;
    assert_eq!(made, 1 + 4, "four of the seven keys may make accounts");
}

async fn a_key_gives_its_roles_and_touches_accounts_that_have_them(engine: Engine) {
    let app = TestApp::new(engine).await;
    let editor = Shop::new(&app).await;
    let admin = Shop { app: &app, key: app.key_with("admin", &Scope::ALL, 3, None).await };
    let member = Shop { app: &app, key: app.key_with("member", &Scope::ALL, 1, None).await };
    let as_role = |email: &'static str, role: &'static str| {
        [("email", email), ("password", PASSWORD), ("role_id", role)]
    };
    editor.refused(&editor.ask("create", &as_role("a@example.org", "3")).await, ROLE_NOT_GIVEN);
    member.refused(&member.ask("create", &as_role("a@example.org", "2")).await, ROLE_NOT_GIVEN);
    let made = succeeded(&admin.ask("create", &as_role("a@example.org", "3")).await);
    let id = made["user_id"].to_string();
    let browser = app.visitor();
    assert_eq!(browser.log_in("a@example.org", PASSWORD).await.status, 200);
    for change in [
        ("email", "stolen@example.org"),
        ("password", "stolen horse battery"),
        ("role_id", "1"),
        ("role_id", "3"),
        ("firstname", "Stolen"),
        ("nothing", ""),
    ] {
        for shop in [&editor, &member] {
            shop.refused(&shop.ask("update", &[("user_id", &id), change]).await, ROLE_NOT_GIVEN);
        }
    }
    assert!(browser.is_signed_in().await);
    assert_eq!(browser.account().await["firstname"], json!(""));
    let same = "SELECT COUNT(*) FROM accounts WHERE role_id = 3 AND email = 'a@example.org'";
    assert_eq!(app.count(same).await, 1);
    // A role that is not the key's does not prevent look-ups, nor a mail to the owner.
    succeeded(&editor.ask("exist", &[("email", "a@example.org")]).await);
    succeeded(&editor.ask("forgotpassword", &[("email", "a@example.org")]).await);
    succeeded(&admin.ask("update", &[("user_id", &id), ("role_id", "1"), ("firstname", "Ada")]).await);
    succeeded(&member.ask("update", &[("user_id", &id), ("role_id", "1"), ("firstname", "Ada")]).await);
    // A role of the site's own is listed or not given, whatever its number.
    app.sql("INSERT INTO roles (id, name) VALUES (7, 'auditor')").await;
    admin.refused(&admin.ask("create", &as_role("b@example.org", "7")).await, ROLE_NOT_GIVEN);
}

async fn the_last_use_of_a_key_is_noted(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let used = async || app.count("SELECT COALESCE(MAX(used_at), 0) FROM api_keys").await;
    assert_eq!(used().await, 0);
    for minutes in [0, 1, 60] {
        app.pass(Duration::from_secs(minutes * 60));
        succeeded(&shop.ask("exist", &[("email", "ada@example.org")]).await);
        until(Duration::from_secs(5), || async { used().await == app.now() }).await;
    }
}

async fn a_dead_key_is_told_before_anything_about_the_body(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (key, reads) = (app.key("shop").await, app.key("blog").await);
    app.revoke_key("shop").await;
    let email = [("email", "ada@example.org")];
    for call in CALLS {
        // The listener refuses this one before any dialect.
        let bodies = broken().into_iter().filter(|(what, ..)| *what != "another method");
        let bodies = bodies.map(|(what, _, body)| (what.to_owned(), body));
        for (what, body) in bodies.chain(spoiled("email", &email)) {
            let ask = app.visitor().post(&format!("{BASE}/{call}")).body(body);
            let ask = ask.header("authorization", &format!("Bearer {key}"));
            assert_eq!(failed(&ask.send().await), NO_KEY, "{call} with {what}");
        }
    }
    // Both keys of a request are looked up.
    let both = exist(&app)
        .header("api-auth-bearer", &format!("Bearer {key}"))
        .header("authorization", &format!("Bearer {reads}"));
    succeeded(&both.send().await);
}
