//! `/user/security`, the ways between the pages of the account, and where a reader is after a change.

use serde_json::json;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, TestApp, Visitor, html, pictures};

both_engines!(
    the_security_page_is_for_those_who_are_signed_in,
    each_page_of_the_account_leads_to_the_others,
    a_change_leads_back_to_the_page_of_its_form,
    a_form_that_says_no_page_is_answered_as_published,
    what_was_done_is_said_in_its_panel,
    what_was_refused_is_said_in_its_panel,
);

const PAGES: [&str; 3] = ["/user/profil", "/user/security", "/user/devices"];
const NEW: &str = "another horse entirely";

async fn the_security_page_is_for_those_who_are_signed_in(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    let journey = visitor.get("/user/security").follow().await;
    journey.went(&[(303, "/user/login?next=/user/security")]);
    visitor.get("/user/security").wants_json().send().await.problem(401);
    let ada = app.signed_up("ada").await;
    let answer = ada.get("/user/security").send().await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    let page = answer.text();
    assert_eq!(html::headline(&page), Some("Security"));
    let form = html::form(&page, "/user/modify/password");
    assert!(form.fields().contains(&("form-page", "security")), "{form:?}");
    let answer = ada.get("/user/security").wants_json().send().await;
    let mut expected = ada.account().await;
    expected["has_password"] = true.into();
    expected["second_factors"] =
        json!({ "wanted": false, "totp": false, "passkeys": 0, "recovery_codes": 0 });
    expected["providers"] = json!([]);
    assert_eq!((answer.status, answer.json()), (200, expected));
}

async fn each_page_of_the_account_leads_to_the_others(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for page in PAGES {
        let html = ada.get(page).send().await.text();
        let nav = html::between(&html, "<nav class=\"pages\"", "</nav>").unwrap();
        for other in PAGES {
            let here = if other == page { " aria-current=\"page\"" } else { "" };
            assert!(nav.contains(&format!("href=\"{other}\"{here}>")), "{page} to {other}: {nav}");
        }
    }
}

/// Sends the form of `page` to `action`, filled in, as a browser does. Returns the page after it.
async fn send(ada: &Visitor, page: &str, action: &str, typed: &[(&str, &str)]) -> String {
    let shown = ada.get(page).send().await.text();
    let form = typed.iter().fold(html::form(&shown, action), |form, (name, text)| form.filled(name, text));
    let journey = ada.post(action).form(&form.fields()).follow().await;
    journey.went(&[(303, page)]);
    journey.answer.text()
}

async fn a_change_leads_back_to_the_page_of_its_form(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    send(&ada, "/user/profil", "/user/modify/profile", &[("name", "Ada")]).await;
    send(&ada, "/user/profil", "/user/modify/username", &[("username", "countess")]).await;
    let typed = [("email", "next@example.org"), ("apassword", PASSWORD)];
    send(&ada, "/user/profil", "/user/modify/email", &typed).await;
    let typed = [("apassword", PASSWORD), ("npassword", NEW)];
    send(&ada, "/user/security", "/user/modify/password", &typed).await;
    let png = pictures::plain([200, 0, 0], image::ImageFormat::Png);
    let upload = Body::upload(&png, &[("form-page", "profile")]);
    ada.post("/user/modify/pp").body(upload).follow().await.went(&[(303, "/user/profil")]);
    send(&ada, "/user/profil", "/user/modify/pp/remove", &[]).await;
}

async fn a_form_that_says_no_page_is_answered_as_published(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let mut old = PASSWORD.to_owned();
    for (number, page) in ["", "devices", "/user/security", "https://example.org/"].into_iter().enumerate() {
        let new = format!("another horse, number {number}");
        let form = [("apassword", &*old), ("npassword", &*new), ("form-page", page)];
        let journey = ada.post("/user/modify/password").form(&form).follow().await;
        journey.went(&[(308, "/user/profil"), (303, "/user/profil")]);
        // No panel of this page is about it.
        let shown = journey.answer.text();
        let top = shown.split("<section").next().unwrap();
        assert_eq!(html::notice(top), Some("Password changed. You’ve been signed out everywhere else."));
        let form = [("username", &*format!("ada-{number}")), ("form-page", page)];
        let journey = ada.post("/user/modify/username").form(&form).follow().await;
        journey.went(&[(308, "/user/login"), (303, "/user/profil")]);
        old = new;
    }
}

/// The panel `id` of a page.
fn panel<'a>(page: &'a str, id: &str) -> &'a str {
    html::between(page, &format!(" id=\"{id}\" aria-labelledby"), "</section>").unwrap()
}

async fn what_was_done_is_said_in_its_panel(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let typed = [("apassword", PASSWORD), ("npassword", NEW)];
    let passed = [
        ("password", send(&ada, "/user/security", "/user/modify/password", &typed).await),
        ("profile", send(&ada, "/user/profil", "/user/modify/profile", &[("name", "Ada")]).await),
        ("username", send(&ada, "/user/profil", "/user/modify/username", &[("username", "a")]).await),
        ("openings", send(&ada, "/user/devices", "/user/devices/end-others", &[]).await),
    ];
    for (id, page) in &passed {
        let said = panel(page, id);
        assert!(html::notice(said).is_some(), "{id}: {page}");
        assert!(said.contains(" tabindex=\"-1\" autofocus role=\"status\">"), "{id}: {said}");
        assert_eq!(page.matches("role=\"status\"").count(), 1, "{id}");
        assert_eq!(page.matches(" autofocus").count(), 1, "{id}");
    }
}

async fn what_was_refused_is_said_in_its_panel(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let long = "x".repeat(101);
    for (id, action, form) in [
        ("password", "/user/modify/password", [("apassword", ""), ("npassword", "")]),
        ("email", "/user/modify/email", [("email", "no address"), ("apassword", "")]),
        ("profile", "/user/modify/profile", [("firstname", &*long), ("lastname", &*long)]),
    ] {
        let page = ada.post(action).form(&form).send().await.refusal_page(422);
        assert_eq!(html::alert(panel(&page, id)), Some("Please check these 2 fields."), "{page}");
        assert_eq!(page.matches("role=\"alert\"").count(), 1, "{id}");
        assert_eq!(page.matches(" autofocus").count(), 1, "{id}");
    }
}
