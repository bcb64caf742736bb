//! Keeping second factors that somebody has asked to have taken off.

use std::time::Duration;

use domain::{Factor, OsRandom, Token};
use store::{Engine, accounts};

use super::{
    ADA, BANNER, DAY, KEEP, LINK, LOST, app_with_ada, ask, half_way, is_pending, on_ada, token, tokens, told,
    want_factor, wants_factor,
};
use crate::engines::both_engines;
use crate::security_log::{events, kinds};
use crate::support::{PASSWORD, TestApp, html};
use crate::totp;

both_engines!(
    a_banner_stands_on_every_page_and_its_button_keeps_the_factors,
    every_mail_keeps_the_factors_by_one_click,
    what_the_owner_does_meanwhile_keeps_the_factors,
    a_locked_account_keeps_its_factors,
    of_many_requests_at_once_one_asks_and_one_keeps,
);

const NEW: &str = "another horse entirely";

async fn a_banner_stands_on_every_page_and_its_button_keeps_the_factors(engine: Engine) {
    let (app, ada) = app_with_ada(engine, "").await;
    let banner = |page: &str| page.contains(&format!("action=\"{BANNER}\""));
    assert!(!banner(&ada.profile_page().await));
    ada.post(BANNER).wants_json().send().await.problem(404);
    ask(&app).await;
    for page in ["/user/profil", "/user/security", "/user/devices", "/user/security/log"] {
        let page = ada.get(page).send().await.text();
        assert!(banner(&page) && page.contains("on January 4, 2026 at 12:00\u{202f}AM UTC"), "{page}");
    }
    // Nobody else sees it, and nobody else's form does it.
    let eve = app.signed_up("eve").await;
    assert!(!banner(&eve.profile_page().await));
    eve.post(BANNER).wants_json().send().await.problem(404);
    ada.post(BANNER).header("origin", "https://evil.example").send().await.refusal_page(403);
    app.visitor().post(BANNER).wants_json().send().await.problem(401);
    assert!(is_pending(&app).await);
    let form = html::form(&ada.profile_page().await, BANNER);
    let journey = ada.post(BANNER).form(&form.fields()).follow().await;
    journey.went(&[(303, "/user/security")]);
    let page = journey.answer.text();
    assert_eq!(html::notice(&page), Some("Removal cancelled. Your second factors stay."));
    assert!(!banner(&page) && !is_pending(&app).await);
    ada.post(BANNER).form(&form.fields()).follow().await.went(&[(303, "/user/security")]);
    ada.get(BANNER).follow().await.went(&[(303, "/user/security")]);
    told(&app, "removal of the second factors of your account", 1).await;
    assert_eq!(kinds(&events(&ada).await)[..2], ["recovery_cancelled", "recovery_asked"]);
    for _ in 0..4 {
        app.pass(DAY);
        app.quiet().await;
    }
    assert!(wants_factor(&app).await);
    told(&app, "They will be removed:", 1).await;
}

async fn every_mail_keeps_the_factors_by_one_click(engine: Engine) {
    let (app, ada) = app_with_ada(engine, "").await;
    ask(&app).await;
    app.pass(DAY);
    token(&app, KEEP, 2).await;
    app.pass(DAY);
    token(&app, KEEP, 3).await;
    // The oldest works as well as the newest. Looking keeps nothing.
    let oldest = tokens(&app, KEEP).remove(0);
    let address = format!("{KEEP}?token={oldest}");
    let page = app.visitor().get(&address).send().await;
    assert!(page.text().contains(ADA) && is_pending(&app).await, "{}", page.text());
    let offer = app.visitor().get(&address).wants_json().send().await.json();
    assert_eq!(offer["due_at"], "2026-01-04T00:00:00Z");
    let form = html::form(&page.text(), KEEP);
    for _ in 0..2 {
        let page = app.visitor().post(KEEP).form(&form.fields()).send().await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.text().contains("Removal cancelled"), "{}", page.text());
    }
    assert!(!is_pending(&app).await && wants_factor(&app).await && ada.is_signed_in().await);
    app.visitor().get(&address).send().await.refusal_page(410);
    for used in tokens(&app, KEEP) {
        app.visitor().post(KEEP).wants_json().form(&[("token", &used)]).send().await.problem(410);
    }
    for wrong in ["", "x", Token::generate(&OsRandom).reveal()] {
        app.visitor().post(KEEP).wants_json().form(&[("token", wrong)]).send().await.problem(410);
    }
    assert_eq!(events(&ada).await[0]["actor"], "owner");
    // The link of a recovery that is over keeps none that comes after it.
    let fresh = ask(&app).await;
    app.visitor().post(KEEP).wants_json().form(&[("token", &oldest)]).send().await.problem(410);
    assert!(is_pending(&app).await);
    let answer = app.visitor().post(KEEP).wants_json().form(&[("token", &fresh)]).send().await;
    assert_eq!(answer.json()["cancelled"], true);
}

async fn what_the_owner_does_meanwhile_keeps_the_factors(engine: Engine) {
    let (app, ada) = app_with_ada(engine, "").await;
    let (there, back) = ((PASSWORD, NEW), (NEW, PASSWORD));
    for way in ["password", "password back", "app", "codes", "others", "sessions", "denial"] {
        // A denial takes away what was added at the time of its event or later.
        app.pass(Duration::from_secs(1));
        ask(&app).await;
        assert!(is_pending(&app).await);
        if way == "sessions" {
            on_ada(&app, async |tx, id, _| accounts::want_no_second_factor(tx, id).await).await;
            app.signed_in("ada").await;
            want_factor(&app).await;
        }
        let (now, then) = if way == "password" { there } else { back };
        let form = [("apassword", now), ("npassword", then)];
        let newest = events(&ada).await[0]["id"].to_string();
        let ask = match way {
            "app" => {
                totp::set_up(&app, &ada).await;
                ada.get("/user/profil")
            }
            "codes" => ada.post("/user/security/recovery-codes"),
            "others" => ada.post("/user/devices/end-others"),
            "sessions" => ada.post("/user/sessions/end-others"),
            "denial" => ada.post("/user/security/log/deny").form(&[("event", &*newest)]),
            _ => ada.post("/user/modify/password").form(&form),
        };
        let answer = ask.wants_json().send().await;
        assert_eq!(answer.status, 200, "{way}: {}", answer.text());
        assert!(!is_pending(&app).await, "{way}");
        assert!(wants_factor(&app).await, "{way}");
    }
    let cancelled =
        "SELECT COUNT(*) FROM audit_events WHERE kind = 'recovery_cancelled' AND actor = 'system'";
    assert_eq!(app.count(cancelled).await, 7);
    told(&app, "removal of the second factors of your account", 7).await;
}

async fn a_locked_account_keeps_its_factors(engine: Engine) {
    let (app, _ada) = app_with_ada(engine, "").await;
    let kept = ask(&app).await;
    half_way(&app, Factor::Password).await.post(LOST).send().await;
    let link = token(&app, LINK, 2).await;
    let waiting = half_way(&app, Factor::Password).await;
    on_ada(&app, async |tx, id, now| accounts::set_locked(tx, id, Some(now), now).await).await;
    assert_eq!(waiting.post(LOST).send().await.header("location"), Some("/user/login"));
    app.visitor().post(LINK).wants_json().form(&[("token", &link)]).send().await.problem(410);
    // Whoever reads the mailbox can still keep them.
    let answer = app.visitor().post(KEEP).wants_json().form(&[("token", &kept)]).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(wants_factor(&app).await);
}

async fn of_many_requests_at_once_one_asks_and_one_keeps(engine: Engine) {
    let (app, _ada) = app_with_ada(engine, "").await;
    half_way(&app, Factor::Password).await.post(LOST).send().await;
    let link = token(&app, LINK, 1).await;
    assert_eq!(at_once(&app, LINK, &link).await, 1);
    let count = |kind| format!("SELECT COUNT(*) FROM audit_events WHERE kind = '{kind}'");
    assert_eq!(app.count(&count("recovery_asked")).await, 1);
    told(&app, "They will be removed:", 1).await;
    let kept = token(&app, KEEP, 1).await;
    assert_eq!(at_once(&app, KEEP, &kept).await, 1);
    assert_eq!(app.count(&count("recovery_cancelled")).await, 1);
    told(&app, "removal of the second factors of your account", 1).await;
}

/// How many of fifty that send `token` to `path` at once are let through. The others find it spent.
async fn at_once(app: &TestApp, path: &str, token: &str) -> usize {
    let asks: Vec<_> = (0..50)
        .map(|_| app.visitor().post(path).wants_json().form(&[("token", token)]))
        .map(|ask| rocket::tokio::spawn(async move { ask.send().await.status }))
        .collect();
    let mut done = 0;
    for ask in asks {
        match ask.await.unwrap() {
            200 => done += 1,
            status => assert_eq!(status, 410),
        }
    }
    done
}
