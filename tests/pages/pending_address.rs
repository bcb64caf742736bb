//! `/user/modify/email/again` and `/user/modify/email/cancel`: what the profile says of an address that is
//! not proven yet.

use std::time::Duration;

use store::Engine;

use super::addresses::{ADA, CONFIRM, NEXT, ask, confirm, link, told};
use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor, html, mail};

both_engines!(
    the_profile_says_whether_the_address_is_proven,
    an_address_that_waits_is_shown_until_it_is_proven,
    cancelling_ends_links_that_nothing_else_shows,
    no_number_of_a_ticket_tells_whose_an_address_is,
    the_profile_says_the_same_whoever_has_the_address,
    the_message_is_sent_again_within_the_same_limits,
    a_change_is_cancelled_and_its_links_end,
    what_waits_for_nothing_is_not_found,
);

const AGAIN: &str = "/user/modify/email/again";
const CANCEL: &str = "/user/modify/email/cancel";

/// What the profile says of the pending address.
async fn pending(visitor: &Visitor) -> Option<String> {
    let page = visitor.profile_page().await;
    let said = html::between(&page, "<div class=\"pending\">", "</p>");
    assert_eq!(said.is_some(), page.contains(&format!("action=\"{CANCEL}\"")));
    assert_eq!(said.is_some(), page.contains(&format!("action=\"{AGAIN}\"")));
    said.map(|said| said.trim().trim_start_matches("<p>").to_owned())
}

fn waiting(email: &str) -> Option<String> {
    Some(format!("Waiting for {email} to be confirmed."))
}

async fn the_profile_says_whether_the_address_is_proven(engine: Engine) {
    let badges = async |settings: &str, prove: bool| {
        let app = TestApp::with(engine, settings).await;
        let ada = app.signed_up("ada").await;
        if prove {
            app.prove(ADA).await;
        }
        let page = ada.profile_page().await;
        [">Confirmed<", ">Not confirmed<"].map(|badge| page.contains(badge))
    };
    assert_eq!(badges("registration.verify = 'optional'", false).await, [false, true]);
    assert_eq!(badges("registration.verify = 'optional'", true).await, [true, false]);
    // A site that asks for no proof says that an address lacks none.
    let unasked = badges("", false).await;
    assert!(!unasked[1], "{unasked:?}");
}

async fn an_address_that_waits_is_shown_until_it_is_proven(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let bob = app.signed_up("bob").await;
    assert_eq!(pending(&ada).await, None);
    let first = link(&app, &ada, NEXT).await;
    for _ in 0..2 {
        assert_eq!(pending(&ada).await, waiting(NEXT));
    }
    assert_eq!(pending(&bob).await, None);
    // The last one counts, and the link of the one before goes on working.
    ask(&ada, "lovelace@example.org", PASSWORD).await;
    assert_eq!(pending(&ada).await, waiting("lovelace@example.org"));
    assert_eq!(confirm(&app, &first).await.status, 200);
    assert_eq!(pending(&ada).await, None);
    assert!(ada.profile_page().await.contains(">Confirmed<"));
    ask(&ada, "lovelace@example.org", PASSWORD).await;
    // It stands on a refused page too.
    let page = ada.post("/user/modify/email").form(&[("email", "x")]).send().await.refusal_page(422);
    assert!(page.contains("Waiting for lovelace@example.org"), "{page}");
    app.pass(Duration::from_secs(24 * 3_600));
    assert_eq!(pending(&ada).await, None, "the link is too old");
    ask(&ada, "lovelace@example.org", PASSWORD).await;
    let form = [("apassword", PASSWORD), ("npassword", "another horse entirely")];
    assert_eq!(ada.post("/user/modify/password").wants_json().form(&form).send().await.status, 200);
    assert_eq!(pending(&ada).await, None, "a new password stops the change");
}

async fn the_profile_says_the_same_whoever_has_the_address(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.signed_up("bob").await;
    let mut seen = Vec::new();
    for email in [NEXT, "bob@example.org"] {
        assert_eq!(ask(&ada, email, PASSWORD).await.status, 200);
        let waits = pending(&ada).await;
        assert_eq!(waits, waiting(email));
        told(&app, NEXT, CONFIRM).await;
        let openings = ada.get("/user/devices").wants_json().send().await.text();
        let again = ada.post(AGAIN).wants_json().send().await;
        let cancel = ada.post(CANCEL).wants_json().send().await;
        assert_eq!(pending(&ada).await, None);
        seen.push((openings, again.status, again.text(), cancel.status, cancel.text()));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0].1, 200);
}

async fn the_message_is_sent_again_within_the_same_limits(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'\nmail.hourly = 100").await;
    let ada = app.signed_up("ada").await;
    link(&app, &ada, NEXT).await;
    let journey = ada.post(AGAIN).follow().await;
    journey.went(&[(303, "/user/profil")]);
    let page = journey.answer.text();
    assert!(html::notice(&page).is_some_and(|said| said.contains("again")), "{page}");
    let answer = ada.post(AGAIN).wants_json().send().await;
    assert_eq!((answer.status, answer.text().as_str()), (200, "{\"requested\":true}"));
    let mails = told(&app, NEXT, CONFIRM).await;
    assert_eq!(mails.len(), 3);
    // The new address has reached its limit of three.
    ada.post(AGAIN).wants_json().send().await.problem(429);
    let late = ada.post(AGAIN).send().await;
    assert!(late.header("retry-after").is_some());
    let page = late.refusal_page(429);
    assert!(html::alert(&page).is_some() && page.contains("Waiting for"), "{page}");
    ada.get(AGAIN).follow().await.went(&[(303, "/user/profil")]);
    let token = mail::token_in(mails.last().unwrap(), "/user/email");
    assert_eq!(confirm(&app, &token).await.status, 200);
}

async fn a_change_is_cancelled_and_its_links_end(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let tokens = [link(&app, &ada, NEXT).await, link(&app, &ada, "lovelace@example.org").await];
    let journey = ada.post(CANCEL).follow().await;
    journey.went(&[(303, "/user/profil")]);
    assert_eq!(
        html::notice(&journey.answer.text()),
        Some("Change cancelled. The link we emailed no longer works.")
    );
    assert_eq!(pending(&ada).await, None);
    for token in tokens {
        assert_eq!(confirm(&app, &token).await.status, 410);
    }
    // Another can be asked for.
    let token = link(&app, &ada, NEXT).await;
    assert_eq!(confirm(&app, &token).await.status, 200);
    assert_eq!(ada.account().await["email"], NEXT);
}

async fn what_waits_for_nothing_is_not_found(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let bob = app.signed_up("bob").await;
    let token = link(&app, &ada, NEXT).await;
    for path in [AGAIN, CANCEL] {
        bob.post(path).wants_json().send().await.problem(404);
        let journey = bob.post(path).follow().await;
        journey.went(&[(303, "/user/profil")]);
        assert_eq!(html::notice(&journey.answer.text()), None);
        app.visitor().post(path).wants_json().send().await.problem(401);
        ada.post(path).header("sec-fetch-site", "cross-site").send().await.refusal_page(403);
    }
    assert_eq!(pending(&ada).await, waiting(NEXT));
    assert_eq!(confirm(&app, &token).await.status, 200);
    ada.get("/user/modify/email/nothing").send().await.refusal_page(404);
}

async fn cancelling_ends_links_that_nothing_else_shows(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let first = link(&app, &ada, NEXT).await;
    let second = link(&app, &ada, "lovelace@example.org").await;
    let declined = app.visitor().post("/user/email/decline").wants_json().form(&[("token", &*second)]);
    assert_eq!(declined.send().await.status, 200);
    // Whether somebody has declined is nobody else's business.
    assert_eq!(pending(&ada).await, waiting("lovelace@example.org"));
    assert_eq!(ada.post("/user/modify/email/cancel").wants_json().send().await.status, 200);
    assert_eq!(confirm(&app, &first).await.status, 410);
    assert_eq!(pending(&ada).await, None);
}

async fn no_number_of_a_ticket_tells_whose_an_address_is(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.signed_up("bob").await;
    let token = link(&app, &ada, NEXT).await;
    ask(&ada, "bob@example.org", PASSWORD).await;
    for id in 1..20 {
        let form = [("kind", "link"), ("id", &*id.to_string())];
        assert_eq!(ada.post("/user/devices/end").wants_json().form(&form).send().await.status, 404);
    }
    assert_eq!(confirm(&app, &token).await.status, 200);
}
