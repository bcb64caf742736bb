//! Whose click on the link to a new address counts, and how whoever did not ask for it voids the link.

use store::Engine;

use crate::addresses::{ADA, CONFIRM, NEXT, confirm, link, told};
use crate::engines::both_engines;
use crate::support::{Answer, PASSWORD, TestApp, Visitor, html};

both_engines!(
    only_the_accounts_owner_confirms_its_address,
    page_and_mail_say_which_account_asked,
    whoever_did_not_ask_voids_every_link_of_that_account_to_the_address,
    guesses_behind_the_link_are_counted,
);

async fn decline(visitor: &Visitor, token: &str) -> Answer {
    visitor.post("/user/email/decline").wants_json().form(&[("token", token)]).send().await
}

async fn only_the_accounts_owner_confirms_its_address(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    let token = link(&app, &ada, NEXT).await;
    let url = format!("/user/email?token={token}");
    // Neither a stranger's click nor that of somebody with another account, whatever password they have.
    for visitor in [&app.visitor(), &bob] {
        let page = visitor.get(&url).send().await.text();
        html::input(&page, "password");
        for password in ["", "not this one"] {
            let form = [("token", &*token), ("password", password)];
            visitor
                .post("/user/email")
                .wants_json()
                .form(&form)
                .send()
                .await
                .refused_fields(422, &["password"]);
            let page = visitor.post("/user/email").form(&form).send().await.refusal_page(422);
            assert!(html::error(&page, "password").is_some(), "{page}");
        }
    }
    assert_eq!(ada.account().await["email"], ADA);
    // A browser that is signed in to the account needs a click.
    let page = ada.get(&url).send().await.text();
    assert!(!page.contains("name=\"password\""), "{page}");
    ada.post("/user/logout").send().await;
    let form = [("token", &*token)];
    ada.post("/user/email").wants_json().form(&form).send().await.refused_fields(422, &["password"]);
    // Its password serves in any browser.
    let form = [("token", &*token), ("password", PASSWORD)];
    bob.post("/user/email").form(&form).follow().await.went(&[(303, "/user/profil")]);
    assert_eq!(bob.account().await["email"], "bob@example.org");
    assert_eq!(app.visitor().log_in(NEXT, PASSWORD).await.json()["username"], "ada");
}

async fn page_and_mail_say_which_account_asked(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let token = link(&app, &ada, NEXT).await;
    let mail = told(&app, NEXT, CONFIRM).await.remove(0);
    assert!(mail.contains("a***@example.org") && mail.contains("This wasn't me"), "{mail}");
    let page = app.visitor().get(&format!("/user/email?token={token}")).send().await.text();
    assert!(page.contains("a•••@example.org") && !page.contains(ADA), "{page}");
    assert!(page.contains("action=\"/user/email/decline\"") && page.contains("This wasn’t me"), "{page}");
}

async fn whoever_did_not_ask_voids_every_link_of_that_account_to_the_address(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    let (first, second) = (link(&app, &ada, NEXT).await, link(&app, &ada, "COUNTESS@example.org").await);
    let (elsewhere, bobs) = (link(&app, &ada, "lovelace@example.org").await, link(&app, &bob, NEXT).await);
    let now = app.now();
    app.sql(&format!(
        "INSERT INTO outbox (kind, account_id, recipient, created_at, due_at) \
         SELECT 'address_change', id, '{NEXT}', {now}, {} FROM accounts WHERE username = 'ada'",
        now + 60_000
    ))
    .await;
    // Looking voids nothing, and no other site can do it for a visitor.
    let stray = app.visitor().get("/user/email/decline").send().await;
    assert_eq!((stray.status, stray.header("location")), (303, Some("/user/login")));
    let elsewhere_sent = app.visitor().post("/user/email/decline").header("sec-fetch-site", "cross-site");
    elsewhere_sent.form(&[("token", &*second)]).send().await.refusal_page(403);
    let journey = app.visitor().post("/user/email/decline").form(&[("token", &*second)]).follow().await;
    journey.went(&[(303, "/user/login")]);
    assert!(html::notice(&journey.answer.text()).is_some_and(|said| said.contains("no longer works")));
    for token in [&first, &second] {
        assert_eq!(confirm(&app, token).await.status, 410);
        assert_eq!(decline(&app.visitor(), token).await.problem(410)["code"], "ticket_spent");
        let page = app.visitor().post("/user/email/decline").form(&[("token", &**token)]).send().await;
        page.refusal_page(410);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 0);
    // Other addresses and other accounts have theirs.
    assert_eq!(decline(&bob, &bobs).await.json()["declined"], true);
    assert_eq!(confirm(&app, &elsewhere).await.json()["email"], "lovelace@example.org");
    assert!(ada.is_signed_in().await);
}

async fn guesses_behind_the_link_are_counted(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    let ada = app.signed_up("ada").await;
    let token = link(&app, &ada, NEXT).await;
    let form = [("token", &*token), ("password", "not this one")];
    for _ in 0..5 {
        app.visitor()
            .post("/user/email")
            .wants_json()
            .form(&form)
            .send()
            .await
            .refused_fields(422, &["password"]);
    }
    let late = app.visitor().post("/user/email").form(&form).send().await;
    assert!(late.header("retry-after").is_some());
    html::input(&late.refusal_page(429), "password");
    // Whoever is signed in is not locked out by it.
    let confirmed = ada.post("/user/email").wants_json().form(&[("token", &*token)]).send().await;
    assert_eq!(confirmed.json()["email"], NEXT);
}
