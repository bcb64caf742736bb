//! Errors are shown at their fields, in the language of the page, and no typed text is lost.

use crate::support::{Browser, CITY, EMAIL, Engine, PASSWORD, Stage, Taste, USERNAME, eventually, sentence};

/// The error of a refused field. Checks that the field refers to it.
async fn said_at(browser: &Browser, name: &str) -> String {
    let field = browser.field(name).await;
    assert!(field.invalid, "{name} is not marked");
    assert!(field.dangling.is_empty(), "{name} is described by nothing: {field:?}");
    assert!(field.described_by.contains(&format!("e-{name}")), "{field:?}");
    field.errors
}

/// Checks a refused form: its status, its title, and the errors of exactly these fields. A single one has the
/// focus; several are named by an alert that has it.
async fn refused(browser: &Browser, language: &str, status: i64, expected: &[(&str, String)]) {
    assert_eq!(browser.status().await, status);
    assert_eq!(browser.text_of("return document.documentElement.lang").await, language);
    for (name, message) in expected {
        assert_eq!(said_at(browser, name).await, *message, "{name}");
    }
    let marked = "return document.querySelectorAll('[aria-invalid=true]').length";
    assert_eq!(browser.js(marked).await, expected.len(), "others are marked too");
    let title = browser.text_of("return document.title").await;
    assert!(title.starts_with(&sentence(language, "title-refused", &[])), "{title}");
    let alerted = expected.len() != 1;
    assert_eq!(browser.shows("#alert[role=alert]").await, alerted);
    let links = "return [...document.querySelectorAll('#alert a')].map((a) => document.querySelector(a.hash) !== null)";
    assert_eq!(
        browser.js(links).await,
        serde_json::json!(vec![true; if alerted { expected.len() } else { 0 }]),
        "ways to the fields"
    );
    match expected {
        [] => {}
        [(only, _)] => assert!(browser.field(only).await.focused, "{only} should have the focus"),
        _ => assert_eq!(browser.js("return document.activeElement.id").await, "alert"),
    }
    let passwords = "return [...document.querySelectorAll('[type=password]')].every((p) => p.value === '' && !p.hasAttribute('value'))";
    assert_eq!(browser.js(passwords).await, true, "a password came back");
}

fn city_required(language: &str) -> String {
    let label = if language == "fr" { "Ville" } else { "City" };
    sentence(language, "error-required-labelled", &[("label", label)])
}

async fn sign_up_is_refused(language: &'static str) {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let taste = Taste { language, ..Taste::default() };
    let said = |key: &str| sentence(language, key, &[]);
    stage.member(taste).await;
    let browser = stage.browser(taste).await;

    browser.go("/user/create").await;
    browser.trust_forms().await;
    browser.send("/user/create").await;
    let expected = [
        ("email", said("error-required-email")),
        ("password", said("error-required-password")),
        ("city", city_required(language)),
    ];
    refused(&browser, language, 422, &expected).await;

    browser.trust_forms().await;
    browser.fill("email", "ada at example").await;
    browser.fill("username", "ada@home").await;
    browser.fill("password", "password").await;
    browser.fill("city", "<Paris> & \"co\"").await;
    browser.send("/user/create").await;
    // That the password is common is said of a form without other errors: finding that out is limited.
    let expected = [("email", said("error-email-invalid")), ("username", said("error-username-invalid"))];
    refused(&browser, language, 422, &expected).await;
    for (name, typed) in [("email", "ada at example"), ("username", "ada@home"), ("city", "<Paris> & \"co\"")]
    {
        assert_eq!(browser.value(name).await, typed, "what was typed is kept");
    }

    browser.fill("email", &EMAIL.to_uppercase()).await;
    browser.fill("username", &USERNAME.to_uppercase()).await;
    browser.fill("password", PASSWORD).await;
    browser.send("/user/create").await;
    let expected = [("email", said("error-email-taken")), ("username", said("error-username-taken"))];
    refused(&browser, language, 422, &expected).await;
    assert_eq!(browser.value("email").await, EMAIL.to_uppercase());

    browser.fill("email", "grace@example.org").await;
    browser.fill("username", "grace").await;
    browser.fill("password", PASSWORD).await;
    browser.send("/user/create").await;
    assert_eq!(browser.path().await, "/user/profil", "the same form, put right, goes through");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sign_up_says_why_at_each_field() {
    sign_up_is_refused("en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sign_up_says_why_in_french_on_a_french_page() {
    sign_up_is_refused("fr").await;
}

async fn sign_in_is_refused(language: &'static str) {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let taste = Taste { language, ..Taste::default() };
    stage.member(taste).await;
    let browser = stage.browser(taste).await;
    let mut pages = Vec::new();
    for identifier in [EMAIL, "nobody@example.org"] {
        browser.try_sign_in(identifier, "not the password").await;
        refused(&browser, language, 401, &[]).await;
        assert_eq!(browser.read("#alert").await, sentence(language, "alert-invalid-credentials", &[]));
        assert_eq!(browser.value("email").await, identifier);
        eventually("the focus at the password", async || browser.field("password").await.focused).await;
        pages.push(browser.driver.source().await.unwrap().replace(identifier, ""));
    }
    assert_eq!(pages[0], pages[1], "known and unknown accounts are answered alike");

    browser.go("/user/login").await;
    browser.trust_forms().await;
    browser.fill("email", EMAIL).await;
    browser.send("/user/login").await;
    refused(&browser, language, 422, &[("password", sentence(language, "error-required-password", &[]))])
        .await;
    assert_eq!(browser.value("email").await, EMAIL);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sign_in_says_so_without_telling_who_has_an_account() {
    sign_in_is_refused("en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sign_in_says_so_in_french_on_a_french_page() {
    sign_in_is_refused("fr").await;
}

async fn profile_forms_are_refused(language: &'static str, script: bool) {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste { language, script, ..Taste::default() }).await;
    let said = |key: &str| sentence(language, key, &[]);

    browser.trust_forms().await;
    for (name, typed) in [("name", "Ada King"), ("city", " "), ("site", "no address")] {
        browser.fill(name, typed).await;
    }
    browser.find("#f-news").await.click().await.unwrap();
    browser.send("/user/modify/profile").await;
    check(
        &browser,
        script,
        language,
        &[("city", city_required(language)), ("site", said("error-url-invalid"))],
    )
    .await;
    assert_eq!(browser.value("name").await, "Ada King");
    assert_eq!(browser.value("site").await, "no address");
    assert!(browser.find("#f-news").await.is_selected().await.unwrap(), "a ticked box stays ticked");

    browser.go("/user/profil").await;
    assert_eq!(browser.value("city").await, CITY, "nothing was saved");
    assert_eq!(browser.value("name").await, "");
    for (typed, key) in
        [("", "error-required-username"), ("a da", "error-username-invalid"), ("аda", "error-username-mixed")]
    {
        browser.trust_forms().await;
        browser.fill("username", typed).await;
        browser.send("/user/modify/username").await;
        check(&browser, script, language, &[("username", said(key))]).await;
        assert_eq!(browser.value("username").await, typed);
    }

    browser.go("/user/security").await;
    let changes = [
        ("", "", "error-required-current-password", "error-required-new-password"),
        ("not this", "another lamp, another door", "error-password-wrong", ""),
        (PASSWORD, "password", "", "error-password-common"),
        (PASSWORD, EMAIL, "", "error-password-personal"),
    ];
    for (current, new, at_current, at_new) in changes {
        browser.trust_forms().await;
        browser.fill("apassword", current).await;
        browser.fill("npassword", new).await;
        browser.send("/user/modify/password").await;
        let expected: Vec<_> = [("apassword", at_current), ("npassword", at_new)]
            .into_iter()
            .filter(|(_, key)| !key.is_empty())
            .map(|(name, key)| (name, said(key)))
            .collect();
        check(&browser, script, language, &expected).await;
    }
    browser.trust_forms().await;
    browser.fill("apassword", PASSWORD).await;
    browser.fill("npassword", "short").await;
    browser.send("/user/modify/password").await;
    assert!(said_at(&browser, "npassword").await.contains('8'));

    browser.go("/user/profil").await;
    browser.trust_forms().await;
    browser.send_no_picture().await;
    check(&browser, script, language, &[("file", said("error-picture-missing"))]).await;
}

async fn check(browser: &Browser, script: bool, language: &str, expected: &[(&str, String)]) {
    if script {
        refused(browser, language, 422, expected).await;
    } else {
        assert_eq!(browser.status().await, 422);
        for (name, message) in expected {
            assert_eq!(said_at(browser, name).await, *message, "{name}");
            let named = browser.shows(&format!("#alert a[href='#f-{name}']")).await;
            assert_eq!(named, expected.len() > 1, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refused_form_of_the_profile_says_why_at_its_field() {
    profile_forms_are_refused("en", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refused_form_of_the_profile_says_why_in_french_on_a_french_page() {
    profile_forms_are_refused("fr", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refused_form_of_the_profile_says_why_without_scripts() {
    profile_forms_are_refused("en", false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_click_does_not_send_a_form_twice() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste::default()).await;
    browser.fill("name", "Ada").await;
    browser.hops().await;
    let before = browser.document().await;
    browser
        .js("const b = document.querySelector(\"form[action='/user/modify/profile'] button\"); b.click(); b.click(); b.click()")
        .await;
    browser.another_page(before).await;
    assert_eq!(browser.hops().await, ["POST /user/modify/profile 303", "GET /user/profil 200"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_can_be_looked_at_and_is_sent_as_one() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    stage.member(Taste::default()).await;
    let browser = stage.browser(Taste::default()).await;
    browser.go("/user/login").await;
    browser.fill("email", EMAIL).await;
    browser.fill("password", PASSWORD).await;
    let kind = "const i = document.getElementById('f-password'); return `${i.type} ${i.value} ${document.querySelector('[data-reveal]').ariaPressed}`";
    assert_eq!(browser.text_of(kind).await, format!("password {PASSWORD} false"));
    browser.find("[data-reveal]").await.click().await.unwrap();
    assert_eq!(browser.text_of(kind).await, format!("text {PASSWORD} true"));
    browser.find("[data-reveal]").await.click().await.unwrap();
    assert_eq!(browser.text_of(kind).await, format!("password {PASSWORD} false"));
    browser.find("[data-reveal]").await.click().await.unwrap();
    browser.send("/user/login").await;
    assert_eq!(browser.path().await, "/user/profil");
}
