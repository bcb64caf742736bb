//! Autologin by redirection: once, within ten minutes, for one account.

use std::time::Duration;

use rocket::tokio::task::JoinSet;
use serde_json::json;
use store::Engine;

use super::{BASE, Shop, below_origin, succeeded};
use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor};

both_engines![
    a_token_signs_its_owner_in_once,
    a_token_works_for_ten_minutes,
    a_token_opens_no_other_account,
    a_head_request_uses_nothing_up,
    fifty_browsers_with_one_token_open_one_session,
    the_session_before_is_left_and_the_browser_is_known,
    a_browser_that_is_signed_in_to_another_account_is_asked_first,
    what_a_browser_fetches_in_advance_uses_nothing_up,
    a_locked_account_is_not_entered,
    a_locked_account_gets_no_token,
    a_person_sees_a_page_whatever_goes_wrong,
    guessing_tokens_is_slowed_down,
    a_token_is_worth_nothing_at_another_door,
];

async fn address(shop: &Shop<'_>, email: &str) -> String {
    let fields = [("email", email), ("password", PASSWORD)];
    below_origin(&succeeded(&shop.ask("authenticate", &fields).await)["redirect_url"])
}

async fn a_token_signs_its_owner_in_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let id = shop.created("ada+shop@example.org").await;
    let address = address(&shop, "ada+shop@example.org").await;
    let browser = app.visitor();
    let journey = browser.get(&address).follow().await;
    journey.went(&[(303, "/user/profil")]);
    assert_eq!(journey.answer.status, 200);
    assert_eq!(browser.account().await["id"], id);
    for again in [&browser, &app.visitor()] {
        again.get(&address).send().await.refusal_page(404);
    }
    assert!(browser.is_signed_in().await);
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 1);
}

async fn a_token_works_for_ten_minutes(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    shop.created("ada@example.org").await;
    let (in_time, late) = (address(&shop, "ada@example.org").await, address(&shop, "ada@example.org").await);
    app.pass(Duration::from_secs(599));
    assert_eq!(app.visitor().get(&in_time).send().await.status, 303);
    app.pass(Duration::from_secs(1));
    app.visitor().get(&late).send().await.refusal_page(404);
}

async fn a_token_opens_no_other_account(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    shop.created("ada@example.org").await;
    shop.created("eve@example.org").await;
    let address = address(&shop, "ada@example.org").await;
    for other in ["eve%40example.org", "nobody%40example.org", "", "%ff", "ada"] {
        let wrong = address.replace("ada%40example.org", other);
        let browser = app.visitor();
        browser.get(&wrong).send().await.refusal_page(404);
        assert!(!browser.is_signed_in().await);
    }
    let (_, token) = address.split_once("&token=").unwrap();
    for wrong in [format!("{BASE}/autologin"), format!("{BASE}/autologin?token={token}")] {
        app.visitor().get(&wrong).send().await.refusal_page(404);
    }
    let junk = address.replace(token, &"A".repeat(43));
    app.visitor().get(&junk).send().await.refusal_page(404);
    let spelt = address.replace("ada%40example.org", "ADA%40Example.ORG");
    assert_eq!(app.visitor().get(&spelt).send().await.status, 303, "nothing was used up");
}

async fn a_head_request_uses_nothing_up(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    shop.created("ada@example.org").await;
    let address = address(&shop, "ada@example.org").await;
    let head = async || app.visitor().ask("HEAD", &address).send().await;
    let looked = head().await;
    assert_eq!((looked.status, looked.header("location")), (303, Some("/user/profil")));
    assert_eq!(looked.all("set-cookie").count(), 0);
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 0);
    assert_eq!(app.visitor().get(&address).send().await.status, 303);
    assert_eq!(head().await.status, 404);
}

async fn fifty_browsers_with_one_token_open_one_session(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    shop.created("ada@example.org").await;
    let address = address(&shop, "ada@example.org").await;
    let mut all = JoinSet::new();
    for _ in 0..50 {
        let ask = app.visitor().get(&address);
        all.spawn(async move { ask.send().await.status });
    }
    let mut statuses = all.join_all().await;
    statuses.sort_unstable();
    assert_eq!((statuses[0], statuses[1]), (303, 404), "{statuses:?}");
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 1);
}

/// Opens the link in a browser that is signed in to another account, and agrees to change to it.
async fn changed(browser: &Visitor, address: &str) -> u16 {
    let page = browser.get(address).send().await;
    assert_eq!(page.status, 200);
    let page = page.text();
    let (email, token) = (value(&page, "email"), value(&page, "token"));
    browser.post("/user/switch").form(&[("email", &email), ("token", &token)]).send().await.status
}

/// The value of a hidden field.
fn value(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

async fn a_browser_that_is_signed_in_to_another_account_is_asked_first(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    shop.created("ada@example.org").await;
    let browser = app.signed_up("eve").await;
    let address = address(&shop, "ada@example.org").await;
    let page = browser.get(&address).send().await;
    assert_eq!((page.status, page.header("referrer-policy")), (200, Some("strict-origin")));
    assert!(page.text().contains("eve@example.org") && page.text().contains("ada@example.org"));
    assert!(page.text().contains("action=\"/user/switch\""), "{}", page.text());
    assert_eq!(page.all("set-cookie").count(), 0);
    let json = browser.get(&address).wants_json().send().await.json();
    assert_eq!((&json["signed_in"], &json["email"]), (&"eve@example.org".into(), &"ada@example.org".into()));
    assert_eq!(browser.account().await["email"], "eve@example.org");
    // Another site cannot agree for its visitor.
    let (email, token) = (value(&page.text(), "email"), value(&page.text(), "token"));
    let form = [("email", &*email), ("token", &*token)];
    for headers in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let sent = browser.post("/user/switch").header(headers.0, headers.1).form(&form).send().await;
        sent.refusal_page(403);
    }
    browser
        .post("/user/switch")
        .form(&[("email", "eve@example.org"), ("token", &token)])
        .send()
        .await
        .refusal_page(404);
    assert_eq!(browser.account().await["email"], "eve@example.org");
    assert_eq!(browser.post("/user/switch").form(&form).follow().await.answer.status, 200);
    assert_eq!(browser.account().await["email"], "ada@example.org");
    browser.post("/user/switch").form(&form).send().await.refusal_page(404);
    // A browser that is signed in to the same account is not asked.
    let again = address_of(&shop).await;
    assert_eq!(browser.get(&again).send().await.status, 303);
    let stray = browser.get("/user/switch").send().await;
    assert_eq!((stray.status, stray.header("location")), (303, Some("/user/profil")));
    // Nothing is asked about a link that does not work.
    browser.get(&again).send().await.refusal_page(404);
}

async fn address_of(shop: &Shop<'_>) -> String {
    address(shop, "ada@example.org").await
}

async fn what_a_browser_fetches_in_advance_uses_nothing_up(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    shop.created("ada@example.org").await;
    let address = address_of(&shop).await;
    for (name, value) in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "Prefetch"),
        ("x-moz", "prefetch"),
        ("x-purpose", "preview"),
        // Only a navigation signs in, no picture, frame or script of another page.
        ("sec-fetch-dest", "empty"),
        ("sec-fetch-dest", "image"),
        ("sec-fetch-dest", "iframe"),
    ] {
        let browser = app.visitor();
        let answer = browser.get(&address).header(name, value).send().await;
        assert_eq!(answer.all("set-cookie").count(), 0, "{name}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{name}");
        answer.refusal_page(403);
        assert!(!browser.is_signed_in().await, "{name}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 0);
    let followed = app.visitor().get(&address).header("sec-fetch-dest", "document").send().await;
    assert_eq!(followed.status, 303);
}

async fn the_session_before_is_left_and_the_browser_is_known(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    shop.created("ada@example.org").await;
    let browser = app.signed_up("eve").await;
    let (before, device) =
        (browser.cookie("vestibule").unwrap(), browser.cookie("vestibule_device").unwrap());
    assert_eq!(changed(&browser, &address(&shop, "ada@example.org").await).await, 303);
    assert_eq!(browser.account().await["email"], "ada@example.org");
    assert_eq!(browser.cookie("vestibule_device"), Some(device), "it is one of ours");
    let thief = app.visitor();
    thief.set_cookie("vestibule", &before);
    assert!(!thief.is_signed_in().await, "a session was left behind");
    assert_eq!(app.count("SELECT COUNT(*) FROM devices").await, 2, "known to both accounts");

    let planted = "A".repeat(43);
    let fresh = app.visitor();
    fresh.set_cookie("vestibule_device", &planted);
    assert_eq!(fresh.get(&address(&shop, "ada@example.org").await).send().await.status, 303);
    assert_ne!(fresh.cookie("vestibule_device"), Some(planted), "it is not one of ours");
}

async fn a_locked_account_is_not_entered(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    shop.created("ada@example.org").await;
    let address = address(&shop, "ada@example.org").await;
    app.sql("UPDATE accounts SET locked_at = 1").await;
    app.visitor().get(&address).send().await.refusal_page(404);
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 0);
}

async fn a_locked_account_gets_no_token(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let id = shop.created("ada@example.org").await;
    let number = id.to_string();
    let usable = "SELECT COUNT(*) FROM tickets WHERE used_at IS NULL";
    app.sql("UPDATE accounts SET locked_at = 1").await;
    app.sql("UPDATE tickets SET used_at = 1").await;
    for change in [("firstname", "Augusta"), ("password", "a longer password"), ("email", "b@example.org")] {
        let body = succeeded(&shop.ask("update", &[("user_id", &*number), change]).await);
        assert_eq!(body, json!({ "success": 1, "user_id": id, "token": "" }));
    }
    assert_eq!(app.count(usable).await, 0);
    app.sql("UPDATE accounts SET locked_at = NULL").await;
    let body = succeeded(&shop.ask("update", &[("user_id", &*number), ("firstname", "Ada")]).await);
    let address = format!("{BASE}/autologin?email=b%40example.org&token={}", body["token"].as_str().unwrap());
    assert_eq!(app.visitor().get(&address).send().await.status, 303);
}

async fn a_person_sees_a_page_whatever_goes_wrong(engine: Engine) {
    let app = TestApp::new(engine).await;
    let page = app.visitor().get(&format!("{BASE}/autologin/")).send().await;
    page.refusal_page(404);
    assert!(page.header("content-security-policy").is_some());
    app.visitor().post(&format!("{BASE}/autologin")).form(&[]).send().await.refusal_page(405);
    app.visitor().get(&format!("{BASE}/autologin/more")).send().await.refusal_page(404);
    app.visitor().get(&format!("{BASE}/autologin")).wants_json().send().await.problem(404);
}

async fn guessing_tokens_is_slowed_down(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    let guess = format!("{BASE}/autologin?email=ada%40example.org&token={}", "A".repeat(43));
    for _ in 0..60 {
        assert_eq!(app.visitor().get(&guess).send().await.status, 404);
    }
    let stopped = app.visitor().get(&guess).send().await;
    stopped.refusal_page(429);
    assert!(stopped.header("retry-after").is_some());
}

async fn a_token_is_worth_nothing_at_another_door(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let id = shop.created("ada@example.org").await.to_string();
    let address = address(&shop, "ada@example.org").await;
    let (_, token) = address.split_once("&token=").unwrap();
    let cookie = app.visitor();
    cookie.set_cookie("vestibule", token);
    assert!(!cookie.is_signed_in().await);
    let refresh = app.visitor().get("/api/v1/personal/auth_refresh/");
    assert_eq!(refresh.header("user-id", &id).header("user-hash", token).send().await.status, 401);
    let key = app.visitor().post(&format!("{BASE}/exist")).form(&[("email", "ada@example.org")]);
    assert_eq!(key.header("authorization", &format!("Bearer {token}")).send().await.status, 400);
    let reset = [("token", token), ("npassword", "another horse battery")];
    let answer = app.visitor().post("/user/reset").wants_json().form(&reset).send().await;
    answer.problem(410);
    assert_eq!(app.visitor().get(&address).send().await.status, 303, "nothing was used up");
}
