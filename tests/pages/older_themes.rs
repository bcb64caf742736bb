//! Themes of contract 1, whose profile page has the form of the password and everything else.

use store::Engine;

use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, html};

both_engines!(
    a_profile_page_of_contract_1_changes_what_it_did,
    a_profile_page_of_contract_1_has_its_refusals_shown_where_the_form_is,
);

/// The built-in profile page of contract 1; with the pieces that it was made of; that of a whole theme.
const THEMES: [&str; 3] = ["page", "whole", "terminal"];

const NEW: &str = "another horse entirely";

async fn with_theme(engine: Engine, name: &str) -> TestApp {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/themes/contract_1");
    TestApp::with(engine, &format!("theme = '{folder}/{name}'")).await
}

async fn a_profile_page_of_contract_1_changes_what_it_did(engine: Engine) {
    for theme in THEMES {
        let app = with_theme(engine, theme).await;
        let ada = app.signed_up("ada").await;
        let page = ada.profile_page().await;
        assert!(page.contains("id=\"sessions\""), "{theme} is not served: {page}");
        assert_eq!(html::headline(&page), Some("ada"), "{theme}");
        for (action, typed) in [
            ("/user/modify/profile", vec![("name", "Ada")]),
            ("/user/modify/username", vec![("username", "countess")]),
            ("/user/modify/email", vec![("email", "next@example.org"), ("apassword", PASSWORD)]),
            ("/user/modify/password", vec![("apassword", PASSWORD), ("npassword", NEW)]),
        ] {
            let form = html::form(&page, action);
            let form = typed.iter().fold(form, |form, (name, text)| form.filled(name, text));
            let journey = ada.post(action).form(&form.fields()).follow().await;
            let shown = journey.answer.text();
            assert_eq!(journey.answer.status, 200, "{theme}, {action}: {shown}");
            assert!(html::notice(&shown).is_some(), "{theme}, {action}: {shown}");
            assert_eq!(shown.matches("role=\"status\"").count(), 1, "{theme}, {action}: {shown}");
        }
        assert_eq!(app.visitor().log_in("countess", NEW).await.status, 200);
        // Its pages lead to what is new.
        assert!(ada.get("/user/security").send().await.text().contains("href=\"/user/devices\""), "{theme}");
        assert_eq!(ada.account().await["name"], "Ada", "{theme}");
    }
}

async fn a_profile_page_of_contract_1_has_its_refusals_shown_where_the_form_is(engine: Engine) {
    for theme in THEMES {
        let app = with_theme(engine, theme).await;
        let ada = app.signed_up("ada").await;
        for (action, name, typed) in [
            ("/user/modify/password", "npassword", vec![("apassword", PASSWORD), ("npassword", "short")]),
            ("/user/modify/password", "apassword", vec![("apassword", "not this one"), ("npassword", NEW)]),
            ("/user/modify/username", "username", vec![("username", "a b")]),
            ("/user/modify/email", "email", vec![("email", "no address"), ("apassword", PASSWORD)]),
        ] {
            let answer = ada.post(action).form(&typed).send().await;
            let page = answer.text();
            assert_eq!(answer.status, 422, "{theme}, {name}: {page}");
            assert!(html::error(&page, name).is_some(), "{theme}, {name}: {page}");
            html::form(&page, action);
        }
        let both = [("apassword", ""), ("npassword", "")];
        let page = ada.post("/user/modify/password").form(&both).send().await.text();
        assert!(html::alert(&page).is_some(), "{theme}: {page}");
        assert_eq!(page.matches("role=\"alert\"").count(), 1, "{theme}: {page}");
    }
}
