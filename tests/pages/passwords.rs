//! `/user/modify/password`, also in the spelling of the published theme API.

use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, TestApp, html, until};

both_engines!(
    a_changed_password_leads_back_to_the_profile_under_both_spellings,
    a_program_changes_the_password_and_gets_the_account,
    a_changed_password_ends_every_other_session_and_not_this_one,
    the_session_that_changes_the_password_goes_on_under_a_new_secret,
    a_wrong_or_missing_current_password_changes_nothing,
    a_new_password_obeys_the_rules_of_sign_up,
    an_outstanding_ticket_dies_with_the_old_password,
    of_two_changes_at_once_one_wins,
    a_sign_in_that_overtakes_a_change_does_not_outlive_it,
);

const NEW: &str = "another horse entirely";

async fn a_changed_password_leads_back_to_the_profile_under_both_spellings(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let mut old = PASSWORD.to_owned();
    let paths = ["/user/modify/pasword", "/user/modify/password", "/user/modify/password/"];
    for (number, path) in paths.into_iter().enumerate() {
        let new = format!("{NEW} {number}");
        let body = Body::kinds(&[("apassword", &old), ("npassword", &new)])[number].clone();
        let journey = ada.post(path).body(body).follow().await;
        journey.went(&[(308, "/user/profil"), (303, "/user/profil")]);
        assert_eq!(journey.answer.status, 200);
        let page = journey.answer.text();
        assert!(html::notice(&page).is_some_and(|notice| notice.contains("Password changed")));
        assert!(!page.contains(NEW) && !page.contains(PASSWORD), "a page shows a password");
        assert_eq!(app.visitor().log_in("ada", &old).await.status, 401);
        assert_eq!(app.visitor().log_in("ada", &new).await.status, 200);
        old = new;
    }
}

async fn a_program_changes_the_password_and_gets_the_account(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let body = Body::json(&[("apassword", PASSWORD), ("npassword", NEW)]);
    let answer = ada.post("/user/modify/pasword").wants_json().body(body).send().await;
    assert_eq!((answer.status, answer.header("location")), (200, None));
    assert_eq!(answer.json(), ada.account().await);
    assert_eq!(app.visitor().log_in("ada", NEW).await.status, 200);
}

async fn a_changed_password_ends_every_other_session_and_not_this_one(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let bob = app.signed_up("bob").await;
    let others = [app.signed_in("ada").await, app.signed_in("ada").await];
    for other in &others {
        assert!(other.is_signed_in().await);
    }
    let form = [("apassword", PASSWORD), ("npassword", NEW)];
    assert_eq!(ada.post("/user/modify/password").form(&form).send().await.status, 308);
    for other in &others {
        assert!(!other.is_signed_in().await);
    }
    assert!(ada.is_signed_in().await);
    assert!(bob.is_signed_in().await);
}

async fn the_session_that_changes_the_password_goes_on_under_a_new_secret(engine: Engine) {
    let app = TestApp::new(engine).await;
    let another = app.another().await;
    let ada = app.signed_up("ada").await;
    let mut old = PASSWORD.to_owned();
    for json in [false, true] {
        let before = ada.cookie("vestibule").unwrap();
        let thief = app.visitor();
        thief.set_cookie("vestibule", &before);
        assert!(thief.is_signed_in().await);
        let elsewhere = another.visitor();
        elsewhere.set_cookie("vestibule", &before);
        assert!(elsewhere.is_signed_in().await);
        let new = format!("{NEW} {json}");
        let ask = ada.post("/user/modify/password").form(&[("apassword", old.as_str()), ("npassword", &new)]);
        let answer = if json { ask.wants_json() } else { ask }.send().await;
        assert_eq!(answer.status, if json { 200 } else { 308 });
        assert_ne!(ada.cookie("vestibule").unwrap(), before);
        assert!(ada.is_signed_in().await);
        assert!(!thief.is_signed_in().await, "the old secret still works");
        let dead = async || !elsewhere.is_signed_in().await;
        until(Duration::from_secs(5), dead).await;
        assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 1);
        old = new;
    }
}

async fn a_wrong_or_missing_current_password_changes_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let other = app.signed_in("ada").await;
    for current in ["not my password", "", &PASSWORD.to_uppercase(), &format!("{PASSWORD} ")] {
        let form = [("apassword", current), ("npassword", NEW)];
        let answer = ada.post("/user/modify/password").form(&form).send().await;
        let page = answer.refusal_page(422);
        assert_eq!(html::headline(&page), Some("Security"));
        assert!(html::error(&page, "apassword").is_some());
        assert_eq!(html::error(&page, "npassword"), None);
        assert!(
            !page.contains(NEW) && (current.is_empty() || !page.contains(current)),
            "a page shows a password"
        );
        let answer = ada.post("/user/modify/password").wants_json().form(&form).send().await;
        answer.refused_fields(422, &["apassword"]);
    }
    assert!(other.is_signed_in().await);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
}

async fn a_new_password_obeys_the_rules_of_sign_up(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada-lovelace").await;
    let named = ada.post("/user/modify/profile").wants_json().form(&[("name", "Countess Ada")]).send().await;
    assert_eq!(named.status, 200);
    for new in
        ["", "seven77", "password1", "Ada-Lovelace", "ada-lovelace@example.org", "countess ada", "a\0bcdefgh"]
    {
        let form = [("apassword", PASSWORD), ("npassword", new)];
        let answer = ada.post("/user/modify/password").wants_json().form(&form).send().await;
        answer.refused_fields(422, &["npassword"]);
        let page = ada.post("/user/modify/password").form(&form).send().await.refusal_page(422);
        assert!(html::error(&page, "npassword").is_some());
        assert!(!page.contains(PASSWORD), "a page shows a password");
    }
    assert_eq!(app.visitor().log_in("ada-lovelace", PASSWORD).await.status, 200);
}

async fn an_outstanding_ticket_dies_with_the_old_password(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.sql(
        "INSERT INTO tickets (account_id, purpose, token, created_at, expires_at) \
         SELECT id, 'recovery', CAST('x' AS BYTEA), 0, 9999999999999 FROM accounts",
    )
    .await;
    let open = "SELECT COUNT(*) FROM tickets WHERE used_at IS NULL";
    assert_eq!(app.count(open).await, 1);
    let form = [("apassword", PASSWORD), ("npassword", NEW)];
    assert_eq!(ada.post("/user/modify/password").wants_json().form(&form).send().await.status, 200);
    assert_eq!(app.count(open).await, 0);
}

async fn of_two_changes_at_once_one_wins(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let change = async |number: usize| {
        let new = format!("{NEW} {number}");
        let form = [("apassword", PASSWORD), ("npassword", new.as_str())];
        ada.post("/user/modify/password").wants_json().form(&form).send().await.status
    };
    let (one, two, three) = rocket::tokio::join!(change(1), change(2), change(3));
    let mut statuses = [one, two, three];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422, 422]);
    let winner = [one, two, three].iter().position(|status| *status == 200).unwrap() + 1;
    assert_eq!(app.visitor().log_in("ada", &format!("{NEW} {winner}")).await.status, 200);
}

async fn a_sign_in_that_overtakes_a_change_does_not_outlive_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let mut old = PASSWORD.to_owned();
    for round in 0..6 {
        app.pass(Duration::from_millis(1));
        let new = format!("{NEW} {round}");
        let form = [("apassword", old.as_str()), ("npassword", new.as_str())];
        let change = ada.post("/user/modify/password").wants_json().form(&form);
        let (thief, second) = (app.visitor(), app.visitor());
        // The change computes two hashes, so the second sign-in comes in the middle of it.
        let (changed, _, _) = rocket::tokio::join!(change.send(), thief.log_in("ada", &old), async {
            second.log_in("ada", "no password of hers").await;
            second.log_in("ada", &old).await
        });
        assert_eq!(changed.status, 200);
        assert!(!thief.is_signed_in().await && !second.is_signed_in().await, "in round {round}");
        old = new;
    }
}
