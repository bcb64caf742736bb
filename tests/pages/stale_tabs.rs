//! A page that was shown to one account, in a browser where another has signed in since, in another tab.

use serde_json::Value;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, TestApp, Visitor, html, pictures};

both_engines!(
    no_form_of_one_account_changes_another,
    a_form_that_does_not_say_whose_it_is_is_taken,
    the_same_account_in_another_session_goes_on,
    a_theme_of_before_says_whose_its_forms_are,
    signing_out_is_never_refused,
);

const OPTIONAL: &str = "registration.verify = 'optional'";

/// A browser with pages of Ada's, in which Bob has signed in since; and her pages.
async fn taken_over(app: &TestApp) -> (Visitor, Vec<String>) {
    let browser = app.signed_up("ada").await;
    let png = pictures::plain(pictures::RED, image::ImageFormat::Png);
    let upload = browser.post("/user/modify/pp").body(Body::upload(&png, &[]));
    assert_eq!(upload.wants_json().send().await.status, 200);
    let code = code(app).await;
    let asked = browser.post("/user/devices/pair").form(&[("code", code.as_str())]).send().await.text();
    let pages = vec![
        browser.profile_page().await,
        asked,
        browser.get("/user/devices").send().await.text(),
        browser.get("/user/security").send().await.text(),
    ];
    let bob = app.signed_up("bob").await;
    let upload = bob.post("/user/modify/pp").body(Body::upload(&png, &[]));
    assert_eq!(upload.wants_json().send().await.status, 200);
    assert_eq!(browser.log_in("bob", PASSWORD).await.status, 200);
    (browser, pages)
}

async fn code(app: &TestApp) -> String {
    let started = app.visitor().post("/auth/device").form(&[("name", "mirror")]).send().await;
    started.json()["code"].as_str().unwrap().to_owned()
}

/// Everything of Bob that a form could change.
async fn state(app: &TestApp, bob: &Visitor) -> (Value, Vec<i64>) {
    let tables = ["sessions", "devices", "bearers", "tickets", "outbox"];
    let mut counts = Vec::new();
    for table in tables {
        counts.push(app.count(&format!("SELECT COUNT(*) FROM {table}")).await);
    }
    (bob.account().await, counts)
}

async fn no_form_of_one_account_changes_another(engine: Engine) {
    let app = TestApp::with(engine, OPTIONAL).await;
    let (browser, pages) = taken_over(&app).await;
    crate::support::until(std::time::Duration::from_secs(10), || async {
        app.count("SELECT COUNT(*) FROM outbox").await == 0
    })
    .await;
    let before = state(&app, &browser).await;
    let mut sent = Vec::new();
    for form in pages.iter().flat_map(|page| html::forms(page)).filter(|form| form.action != "/user/logout") {
        let form = form
            .filled("name", "Mallory")
            .filled("username", "mallory")
            .filled("email", "mallory@example.org")
            .filled("apassword", PASSWORD)
            .filled("npassword", "another horse entirely")
            .filled("code", "222222");
        let body = match form.action.as_str() {
            "/user/modify/pp" => {
                Body::upload(&pictures::plain(pictures::BLUE, image::ImageFormat::Png), &form.fields())
            }
            _ => Body::form(&form.fields()),
        };
        let ask = browser.post(&form.action).body(body);
        assert_eq!(ask.clone().wants_json().send().await.problem(409)["code"], "other_account", "{form:?}");
        let page = match form.action.as_str() {
            "/user/modify/password" => "/user/security",
            action if action.starts_with("/user/devices") => "/user/devices",
            _ => "/user/profil",
        };
        let journey = ask.follow().await;
        journey.went(&[(303, page)]);
        let shown = journey.answer.text();
        let alert = html::alert(&shown).unwrap_or_else(|| panic!("{} says nothing", form.action));
        assert!(alert.contains("belonged to another account"), "{alert}");
        assert!(shown.contains("<span>bob</span>"), "{shown}");
        // It is said once.
        assert_eq!(html::alert(&browser.get(page).send().await.text()), None);
        sent.push(form.action);
    }
    assert_eq!(state(&app, &browser).await, before);
    for form in [
        "/user/modify/profile",
        "/user/modify/username",
        "/user/modify/email",
        "/user/modify/password",
        "/user/modify/pp",
        "/user/modify/pp/remove",
        "/user/devices/pair",
        "/user/devices/end",
        "/user/devices/end-others",
        "/user/verify/send",
    ] {
        assert!(sent.iter().any(|action| action == form), "no page has the form {form}");
    }
}

async fn a_form_that_does_not_say_whose_it_is_is_taken(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (browser, _) = taken_over(&app).await;
    for body in Body::kinds(&[("name", "Bobby")]) {
        let journey = browser.post("/user/modify/profile").body(body).follow().await;
        journey.went(&[(303, "/user/profil")]);
        assert_eq!(html::alert(&journey.answer.text()), None);
    }
    assert_eq!(browser.account().await["name"], "Bobby");
    // What names no account was not written by a page of ours.
    for said in ["", "x", "1 OR 1=1", "99999999999999999999"] {
        let form = [("name", "Mallory"), ("form-account", said)];
        browser.post("/user/modify/profile").form(&form).send().await.refusal_page(400);
    }
    assert_eq!(browser.account().await["name"], "Bobby");
}

async fn the_same_account_in_another_session_goes_on(engine: Engine) {
    let app = TestApp::new(engine).await;
    let browser = app.signed_up("ada").await;
    let page = browser.profile_page().await;
    browser.post("/user/logout").send().await;
    assert_eq!(browser.log_in("ada", PASSWORD).await.status, 200);
    let form = html::form(&page, "/user/modify/profile").filled("name", "Countess");
    let journey = browser.post(&form.action).form(&form.fields()).follow().await;
    journey.went(&[(303, "/user/profil")]);
    assert_eq!(browser.account().await["name"], "Countess");
}

/// The field is written into the finished page, so a template that knows nothing of it has it too.
async fn a_theme_of_before_says_whose_its_forms_are(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let pieces = folder.path().join("templates/pieces");
    std::fs::create_dir_all(&pieces).unwrap();
    let manifest = "name = \"Old\"\nversion = \"1\"\nauthor = \"Ada\"\ncontract = 1\n";
    std::fs::write(folder.path().join("theme.toml"), manifest).unwrap();
    let piece = "<section id=\"username\">own<form method='post' action='/user/modify/username'>\
                 <label for=\"f-username\">{{ t(key=\"label-username\") }}</label>\
                 {% for error in page.forms.username.username.errors %}<p>{{ error.message }}</p>{% endfor %}\
                 <input id=\"f-username\" name=\"username\" required><button>ok</button></form></section>";
    std::fs::write(pieces.join("username_form.html"), piece).unwrap();
    let app = TestApp::with(engine, &format!("theme = {:?}", folder.path())).await;
    let (browser, pages) = taken_over(&app).await;
    let own = pages[0].split("<section id=\"username\">own").nth(1).unwrap();
    let own = own.split("</form>").next().unwrap();
    assert_eq!(html::value(own, "form-account"), "1");
    let form = [("form-account", "1"), ("username", "mallory")];
    browser.post("/user/modify/username").form(&form).follow().await.went(&[(303, "/user/profil")]);
    assert_eq!(browser.account().await["username"], "bob");
}

async fn signing_out_is_never_refused(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (browser, pages) = taken_over(&app).await;
    let form = html::form(&pages[0], "/user/logout");
    browser.post(&form.action).form(&form.fields()).follow().await.went(&[(303, "/user/login")]);
    assert!(!browser.is_signed_in().await);
}
