//! A mailed link of one account that is opened in a browser which is signed in to another.

use std::time::Duration;

use store::Engine;

use crate::addresses;
use crate::engines::both_engines;
use crate::support::{Answer, PASSWORD, TestApp, Visitor, html, mail, until};

both_engines!(
    the_page_of_a_link_shows_no_other_accounts_header,
    a_reset_takes_nothing_from_whoever_is_signed_in,
    a_verification_takes_nothing_from_whoever_is_signed_in,
    a_change_of_address_takes_nothing_from_whoever_is_signed_in,
    ones_own_reset_ends_ones_own_session,
);

const BOB: &str = "bob@example.org";
const NEW: &str = "another horse entirely";

/// Ada's browser, and the links of Bob's to reset, verify and change his address.
async fn two(engine: Engine) -> (TestApp, Visitor, [String; 3]) {
    let app = TestApp::with(engine, "registration.verify = 'optional'").await;
    let ada = app.signed_up("ada").await;
    let bob = app.signed_up("bob").await;
    app.visitor().post("/user/forgot").form(&[("email", "bob")]).send().await;
    until(Duration::from_secs(10), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    let read: Vec<String> = app.mails(BOB).iter().map(|mail| mail::read(mail)).collect();
    let token = |path: &str| {
        mail::token_in(read.iter().find(|mail| mail.contains(&format!("{path}?token="))).unwrap(), path)
    };
    let (reset, verify) = (token("/user/reset"), token("/user/verify"));
    let address = addresses::link(&app, &bob, addresses::NEXT).await;
    (app, ada, [reset, verify, address])
}

fn shows_nobody(answer: &Answer) -> String {
    let page = answer.text();
    assert!(answer.is_page(), "{page}");
    assert!(!page.contains("<nav class=\"nav\"") && !page.contains("/user/logout"), "{page}");
    assert!(!page.contains("ada") && !page.contains("class=\"banner\""), "{page}");
    assert!(!page.contains("form-account"), "{page}");
    assert_eq!(answer.header("referrer-policy"), Some("strict-origin"));
    page
}

async fn the_page_of_a_link_shows_no_other_accounts_header(engine: Engine) {
    let (_app, ada, [reset, verify, address]) = two(engine).await;
    for (path, token) in [("/user/reset", &reset), ("/user/verify", &verify), ("/user/email", &address)] {
        let page = shows_nobody(&ada.get(&format!("{path}?token={token}")).send().await);
        assert_eq!(html::value(&page, "token"), *token);
        // Nor does a refused form, nor a link that no longer works.
        let form = [("token", token.as_str()), ("npassword", "short"), ("password", "not this one")];
        shows_nobody(&ada.post(path).form(&form).send().await);
        let spent = ada.get(&format!("{path}?token={}", "A".repeat(43))).send().await;
        assert_eq!(spent.status, 410);
        shows_nobody(&spent);
    }
    // Whose link it is sees their own.
    assert!(ada.profile_page().await.contains("/user/logout"));
}

async fn a_reset_takes_nothing_from_whoever_is_signed_in(engine: Engine) {
    let (app, ada, [reset, ..]) = two(engine).await;
    let session = ada.cookie("vestibule").unwrap();
    let form = [("token", reset.as_str()), ("npassword", NEW)];
    let journey = ada.post("/user/reset").form(&form).follow().await;
    journey.went(&[(303, "/user/login"), (303, "/user/profil")]);
    let page = journey.answer.text();
    assert!(html::notice(&page).is_some_and(|said| said.contains("of the other account")), "{page}");
    assert_eq!(ada.cookie("vestibule"), Some(session));
    assert_eq!(ada.account().await["username"], "ada");
    assert_eq!(app.visitor().log_in("bob", NEW).await.status, 200);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
}

async fn a_verification_takes_nothing_from_whoever_is_signed_in(engine: Engine) {
    for (number, proof) in [("password", PASSWORD), ("npassword", NEW)].into_iter().enumerate() {
        let (app, ada, [_, verify, _]) = two(engine).await;
        let form = [("token", verify.as_str()), proof];
        let page = ada.post("/user/verify").form(&form).follow().await.answer.text();
        assert!(html::notice(&page).is_some_and(|said| said.contains("of the other account")), "{number}");
        assert_eq!(ada.account().await["verified"], false);
        assert_eq!(app.visitor().log_in("bob", proof.1).await.json()["verified"], true);
    }
}

async fn a_change_of_address_takes_nothing_from_whoever_is_signed_in(engine: Engine) {
    let (_app, ada, [_, _, address]) = two(engine).await;
    let form = [("token", address.as_str()), ("password", PASSWORD)];
    let page = ada.post("/user/email").form(&form).follow().await.answer.text();
    assert!(html::notice(&page).is_some_and(|said| said.contains("of the other account")), "{page}");
    assert_eq!(ada.account().await["email"], "ada@example.org");
}

async fn ones_own_reset_ends_ones_own_session(engine: Engine) {
    let (app, _, [reset, ..]) = two(engine).await;
    let bob = app.signed_in("bob").await;
    let page = bob.get(&format!("/user/reset?token={reset}")).send().await.text();
    assert!(page.contains("/user/logout"), "{page}");
    let form = [("token", reset.as_str()), ("npassword", NEW)];
    let journey = bob.post("/user/reset").form(&form).follow().await;
    journey.went(&[(303, "/user/login")]);
    assert!(html::notice(&journey.answer.text()).is_some_and(|said| said.contains("You can now sign in")));
    assert_eq!(bob.cookie("vestibule"), None);
}
