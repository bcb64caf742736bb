//! Second factors that were lost: asking to have them taken off, being told, keeping them, and the end.

mod kept;

use std::time::Duration;

use domain::{AccountId, Factor, Millis, OsRandom, Token};
use store::pending_sign_ins::{self, NewPendingSignIn};
use store::{Engine, Store, StoreError, accounts};

use crate::engines::both_engines;
use crate::openings::Everything;
use crate::security_log::{events, kinds};
use crate::support::{TestApp, Visitor, html, mail, until};
use crate::totp;

both_engines!(
    whoever_proved_the_password_is_mailed_a_link_and_nobody_else,
    the_link_asks_once_and_the_owner_is_told,
    the_owner_is_told_every_day_and_the_factors_go_when_the_time_is_over,
    every_instance_looks_and_one_tells,
    a_server_that_slept_tells_again_and_waits_a_day,
    while_a_notice_waits_to_be_sent_the_factors_stay,
    the_operator_says_how_long_it_takes,
    a_full_mailbox_is_told_in_a_digest,
    each_language_words_every_step,
);

const ADA: &str = "ada@example.org";
const LOST: &str = "/user/login/lost";
const LINK: &str = "/user/recover-factors";
const KEEP: &str = "/user/recover-factors/cancel";
const BANNER: &str = "/user/security/recovery/cancel";
const DAY: Duration = Duration::from_secs(86_400);
const LONG: Duration = Duration::from_secs(20);

/// Does something to ada's account, as another instance would.
async fn on_ada<T>(
    app: &TestApp,
    work: impl AsyncFnOnce(&mut store::Tx, AccountId, Millis) -> Result<T, StoreError>,
) -> T {
    let store = Store::open(app.database().await).await.unwrap();
    let id = AccountId(app.count(&format!("SELECT id FROM accounts WHERE email_key = '{ADA}'")).await);
    let done = store.transact(async |tx| work(tx, id, Millis(app.now())).await).await;
    store.close().await;
    done.unwrap()
}

/// A server with ada, who is signed in and wants a second factor.
async fn app_with_ada(engine: Engine, settings: &str) -> (TestApp, Visitor) {
    let app = TestApp::with(engine, settings).await;
    let ada = app.signed_up("ada").await;
    want_factor(&app).await;
    (app, ada)
}

async fn want_factor(app: &TestApp) {
    on_ada(app, async |tx, id, now| accounts::want_second_factor(tx, id, now).await).await;
}

async fn wants_factor(app: &TestApp) -> bool {
    app.count("SELECT COUNT(*) FROM accounts WHERE second_factor_at IS NOT NULL").await > 0
}

async fn is_pending(app: &TestApp) -> bool {
    app.count("SELECT COUNT(*) FROM accounts WHERE factor_recovery_due_at IS NOT NULL").await > 0
}

/// A browser in which somebody has proven `proof` of ada's account, and has no second factor.
async fn half_way(app: &TestApp, proof: Factor) -> Visitor {
    let token = Token::generate(&OsRandom);
    on_ada(app, async |tx, id, now| {
        let found = accounts::find(tx, id).await?.unwrap();
        let new = NewPendingSignIn {
            account_id: id,
            token: &token.digest(),
            proof,
            password_changed_at: found.password_changed_at,
            expires_at: now.after(Duration::from_secs(600)),
        };
        pending_sign_ins::insert(tx, &new, 10, now).await
    })
    .await;
    let visitor = app.visitor();
    visitor.set_cookie("vestibule_step", token.reveal());
    visitor
}

/// The secrets of the links to `path` that were mailed to ada, the oldest first.
fn tokens(app: &TestApp, path: &str) -> Vec<String> {
    let mails = app.mails(ADA).into_iter().map(|mail| mail::read(&mail));
    let linked = mails.filter(|mail| mail.contains(&format!("{path}?token=")));
    linked.map(|mail| mail::token_in(&mail, path)).collect()
}

/// Waits for `count` links to `path`, and returns the newest.
async fn token(app: &TestApp, path: &str, count: usize) -> String {
    until(LONG, async || tokens(app, path).len() >= count).await;
    tokens(app, path).pop().unwrap()
}

/// Waits for `count` mails to ada whose text contains `words`.
async fn told(app: &TestApp, words: &str, count: usize) {
    let found = || app.mails(ADA).iter().filter(|one| mail::read(one).contains(words)).count();
    until(LONG, async || found() >= count).await;
    app.quiet().await;
    assert_eq!(found(), count, "{words}");
}

/// Asks as somebody without a factor does, up to the page that says when. Returns the link that keeps them.
pub async fn ask(app: &TestApp) -> String {
    let (asked, kept) = (tokens(app, LINK).len(), tokens(app, KEEP).len());
    let visitor = half_way(app, Factor::Password).await;
    visitor.post(LOST).follow().await.went(&[(303, "/user/login/lost?requested=yes")]);
    let link = token(app, LINK, asked + 1).await;
    let page = app.visitor().get(&format!("{LINK}?token={link}")).send().await.text();
    let form = html::form(&page, LINK);
    let answer = app.visitor().post(LINK).form(&form.fields()).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    token(app, KEEP, kept + 1).await
}

async fn whoever_proved_the_password_is_mailed_a_link_and_nobody_else(engine: Engine) {
    let (app, ada) = app_with_ada(engine, "").await;
    // Nobody, a wrong secret, who is signed in, who came by redirection.
    let stranger = app.visitor();
    stranger.set_cookie("vestibule_step", Token::generate(&OsRandom).reveal());
    let redirected = half_way(&app, Factor::Redirection).await;
    for visitor in [&app.visitor(), &stranger, &ada, &redirected] {
        assert_eq!(visitor.get(LOST).send().await.header("location"), Some("/user/login"));
        assert_eq!(visitor.post(LOST).send().await.header("location"), Some("/user/login"));
        visitor.post(LOST).wants_json().send().await.problem(401);
    }
    let visitor = half_way(&app, Factor::Password).await;
    let page = visitor.get(LOST).send().await.text();
    assert!(page.contains("after 3 days") && !page.contains(ADA), "{page}");
    html::form(&page, LOST);
    // From a page of another site.
    visitor.post(LOST).header("origin", "https://evil.example").send().await.refusal_page(403);
    let journey = visitor.post(LOST).follow().await;
    journey.went(&[(303, "/user/login/lost?requested=yes")]);
    assert!(journey.answer.text().contains("a•••@example.org"), "{}", journey.answer.text());
    token(&app, LINK, 1).await;
    app.quiet().await;
    assert_eq!(app.mails(ADA).len(), 1);
    assert!(!is_pending(&app).await);
    // The sign-in is too old, or its password is not the present one.
    let late = half_way(&app, Factor::Password).await;
    app.pass(Duration::from_secs(600));
    assert_eq!(late.post(LOST).send().await.header("location"), Some("/user/login"));
    let visitor = half_way(&app, Factor::Password).await;
    on_ada(&app, async |tx, id, now| accounts::reset_password(tx, id, "x", now.after(DAY)).await).await;
    assert_eq!(visitor.post(LOST).send().await.header("location"), Some("/user/login"));
    app.quiet().await;
    assert_eq!(app.mails(ADA).len(), 1);
}

async fn the_link_asks_once_and_the_owner_is_told(engine: Engine) {
    let (app, ada) = app_with_ada(engine, "").await;
    let visitor = half_way(&app, Factor::Password).await;
    visitor.post(LOST).send().await;
    let link = token(&app, LINK, 1).await;
    let address = format!("{LINK}?token={link}");
    let answer = app.visitor().get(&address).send().await;
    assert_eq!(answer.header("referrer-policy"), Some("strict-origin"));
    assert!(answer.text().contains(ADA) && answer.text().contains("after 3 days"), "{}", answer.text());
    let offer = app.visitor().get(&address).wants_json().send().await.json();
    assert_eq!(offer["due_at"], "2026-01-04T00:00:00Z");
    // Looking changes nothing.
    assert!(!is_pending(&app).await);
    for _ in 0..2 {
        let page = app.visitor().post(LINK).form(&[("token", &link)]).send().await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("datetime=\"2026-01-04T00:00:00Z\""), "{}", page.text());
    }
    app.visitor().post(LINK).wants_json().form(&[("token", &link)]).send().await.problem(410);
    app.visitor().get(&address).send().await.refusal_page(410);
    for wrong in ["", "x", Token::generate(&OsRandom).reveal()] {
        app.visitor().post(LINK).wants_json().form(&[("token", wrong)]).send().await.problem(410);
        app.visitor().post(LINK).form(&[("token", wrong)]).send().await.refusal_page(410);
    }
    token(&app, KEEP, 1).await;
    told(&app, "They will be removed: January 4, 2026 at 12:00 AM UTC", 1).await;
    // Asking again changes nothing of when, and tells nobody anew.
    app.pass(Duration::from_secs(60));
    half_way(&app, Factor::Password).await.post(LOST).send().await;
    let second = token(&app, LINK, 2).await;
    let answer = app.visitor().post(LINK).wants_json().form(&[("token", &second)]).send().await;
    assert_eq!(answer.json()["due_at"], "2026-01-04T00:00:00Z");
    told(&app, "They will be removed:", 1).await;
    assert_eq!(kinds(&events(&ada).await), ["recovery_asked", "signed_in", "created"]);
    // An hour is too long, and a link of another kind is no link.
    half_way(&app, Factor::Password).await.post(LOST).send().await;
    let late = token(&app, LINK, 3).await;
    let keeps = tokens(&app, KEEP).pop().unwrap();
    app.visitor().post(LINK).wants_json().form(&[("token", &keeps)]).send().await.problem(410);
    app.pass(Duration::from_secs(3_600));
    app.visitor().post(LINK).wants_json().form(&[("token", &late)]).send().await.problem(410);
}

async fn the_owner_is_told_every_day_and_the_factors_go_when_the_time_is_over(engine: Engine) {
    let all = Everything::new(engine).await;
    let app = &all.app;
    totp::set_up(app, &all.ada).await;
    ask(app).await;
    told(app, "They will be removed:", 1).await;
    told(app, "1 device is paired", 1).await;
    for day in 2..=3 {
        app.pass(DAY);
        told(app, "They will be removed:", day).await;
        assert!(wants_factor(app).await && is_pending(app).await);
    }
    assert!(all.ada.is_signed_in().await);
    app.pass(DAY);
    until(LONG, async || !wants_factor(app).await).await;
    told(app, "All second factors of your account", 1).await;
    assert!(!is_pending(app).await && !all.ada.is_signed_in().await);
    for table in ["totp_secrets", "recovery_codes"] {
        assert_eq!(app.count(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(all.alive().await, Vec::<&str>::new());
    // The links of the notices keep nothing any more.
    for late in tokens(app, KEEP) {
        app.visitor().post(KEEP).wants_json().form(&[("token", &late)]).send().await.problem(410);
    }
    let ada = app.signed_in("ada").await;
    let written = events(&ada).await;
    assert_eq!(kinds(&written[..3]), ["signed_in", "factors_removed", "recovery_asked"]);
    assert_eq!(written[1]["actor"], "system");
    told(app, "They will be removed:", 3).await;
}

async fn every_instance_looks_and_one_tells(engine: Engine) {
    // With SQLite a server is alone on its database.
    if engine == Engine::Sqlite {
        return;
    }
    let (app, _ada) = app_with_ada(engine, "").await;
    let (_second, _third) = (app.another().await, app.another().await);
    ask(&app).await;
    for day in 2..=3 {
        app.pass(DAY);
        told(&app, "They will be removed:", day).await;
    }
    app.pass(DAY);
    until(LONG, async || !wants_factor(&app).await).await;
    told(&app, "All second factors of your account", 1).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'factors_removed'").await, 1);
}

async fn a_server_that_slept_tells_again_and_waits_a_day(engine: Engine) {
    let (app, _ada) = app_with_ada(engine, "").await;
    ask(&app).await;
    told(&app, "They will be removed:", 1).await;
    app.pass(5 * DAY);
    told(&app, "They will be removed:", 2).await;
    assert!(wants_factor(&app).await && is_pending(&app).await);
    told(&app, "They will be removed: January 7, 2026 at 12:00 AM UTC", 1).await;
    app.pass(DAY);
    until(LONG, async || !wants_factor(&app).await).await;
}

async fn while_a_notice_waits_to_be_sent_the_factors_stay(engine: Engine) {
    let (app, _ada) = app_with_ada(engine, "").await;
    ask(&app).await;
    let waiting = "INSERT INTO outbox (kind, account_id, recipient, created_at, due_at, detail) \
                   SELECT 'factor_recovery_asked', id, email, 0, 4000000000000, '' FROM accounts";
    app.sql(waiting).await;
    for day in 2..=3 {
        app.pass(DAY);
        told(&app, "They will be removed:", day).await;
    }
    app.pass(DAY);
    app.quiet().await;
    assert!(wants_factor(&app).await && is_pending(&app).await);
    app.sql("DELETE FROM outbox WHERE due_at = 4000000000000").await;
    until(LONG, async || !wants_factor(&app).await).await;
}

async fn the_operator_says_how_long_it_takes(engine: Engine) {
    let (app, _ada) = app_with_ada(engine, "[second_factor]\nrecovery_days = 1").await;
    let page = half_way(&app, Factor::Password).await.get(LOST).send().await.text();
    assert!(page.contains("after 1 day."), "{page}");
    ask(&app).await;
    app.pass(DAY);
    until(LONG, async || !wants_factor(&app).await).await;
    told(&app, "They will be removed:", 1).await;
}

async fn a_full_mailbox_is_told_in_a_digest(engine: Engine) {
    let (app, ada) = app_with_ada(engine, "rate_limits = \"on\"").await;
    // Notices of other changes have taken the places of the hour.
    for name in ["a", "b", "c", "d", "e"] {
        ada.post("/user/modify/username").form(&[("username", name)]).send().await;
    }
    told(&app, "username of your account", 4).await;
    half_way(&app, Factor::Password).await.post(LOST).send().await;
    let link = token(&app, LINK, 1).await;
    let answer = app.visitor().post(LINK).wants_json().form(&[("token", &link)]).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    // There is no room, so it joins the digest.
    let alone = "SELECT COUNT(*) FROM outbox WHERE kind = 'factor_recovery_asked'";
    until(LONG, async || app.count(alone).await == 0).await;
    app.pass(Duration::from_secs(7_200));
    told(&app, "Removal of all second factors requested.", 1).await;
}

async fn each_language_words_every_step(engine: Engine) {
    for (language, asked, removed) in [
        ("fr", "deuxième étape de votre compte", "entièrement retirée"),
        ("ru", "отключить второй шаг", "полностью отключён"),
    ] {
        let (app, ada) = app_with_ada(engine, "").await;
        ada.post("/user/modify/profile").form(&[("locale", language)]).send().await;
        let pages = [
            half_way(&app, Factor::Password).await.get(LOST).header("accept-language", language).send().await,
            app.visitor().get(LINK).header("accept-language", language).send().await,
            app.visitor().get(KEEP).header("accept-language", language).send().await,
        ];
        for page in pages {
            assert_eq!(html::language(&page.text()), Some(language));
        }
        ask(&app).await;
        told(&app, asked, 1).await;
        let page = ada.profile_page().await;
        assert!(page.contains(BANNER) && html::language(&page) == Some(language), "{page}");
        for day in 1..=3 {
            app.pass(DAY);
            if day < 3 {
                token(&app, KEEP, day + 1).await;
            }
        }
        told(&app, removed, 1).await;
        for mail in app.mails(ADA) {
            assert_eq!(mail::language(&mail), language, "{mail}");
        }
    }
}
