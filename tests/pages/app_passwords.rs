//! App passwords on `/user/security`: made, shown once, and revoked, as a browser does it.

use std::time::Duration;

use domain::Millis;
use rocket::tokio::task::JoinSet;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor, html};
use crate::totp::set_up;

both_engines!(
    an_app_password_is_made_on_the_security_page_and_shown_once,
    an_account_that_wants_no_second_factor_is_offered_none,
    what_is_refused_is_said_in_the_panel_and_keeps_what_was_typed,
    it_is_revoked_by_its_row_and_the_panel_says_so,
    a_reload_of_the_answers_leads_back_to_the_security_page,
    the_devices_page_lists_it_beside_everything_else,
    a_code_of_an_authenticator_app_signs_a_program_in_once,
    with_the_last_second_factor_app_passwords_end_and_what_was_given_for_them,
);

const PAGE: &str = "/user/security";
const MAKE: &str = "/user/security/app-passwords";
const REVOKE: &str = "/user/security/app-passwords/revoke";

/// A person who wants a second factor, signed in.
async fn ada(app: &TestApp) -> Visitor {
    let ada = app.signed_up("ada").await;
    app.sql("UPDATE accounts SET second_factor_at = 1").await;
    // Copies of the account are read again after a change.
    ada.post("/user/modify/profile").wants_json().form(&[("name", "Ada")]).send().await;
    ada
}

async fn shown(visitor: &Visitor) -> String {
    let answer = visitor.get(PAGE).send().await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    answer.text()
}

/// The panel of app passwords.
fn panel(page: &str) -> &str {
    html::between(page, " id=\"app-passwords\" aria-labelledby", "</section>").unwrap()
}

/// Makes one as the form does. Returns the page that shows it, and the password.
async fn make(visitor: &Visitor, name: &str, dialect: &str) -> (String, String) {
    let form = html::form(&shown(visitor).await, MAKE).filled("name", name);
    // A choice is no input.
    let mut fields = form.fields();
    fields.push(("dialect", dialect));
    let answer = visitor.post(MAKE).form(&fields).send().await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.text());
    let page = answer.text();
    let password = html::between(&page, "<p class=\"code\" translate=\"no\">", "</p>").unwrap().to_owned();
    (page, password)
}

async fn an_app_password_is_made_on_the_security_page_and_shown_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = ada(&app).await;
    let before = shown(&ada).await;
    for dialect in ["fastsite", "mirror", "amadis"] {
        assert!(panel(&before).contains(&format!("<option value=\"{dialect}\"")), "{before}");
    }
    let (page, password) = make(&ada, "Telephone <b>", "mirror").await;
    assert_eq!(html::headline(&page), Some("App password created"));
    assert!(page.contains("Telephone &lt;b&gt;") && page.contains(&format!("href=\"{PAGE}\"")), "{page}");
    let groups: Vec<&str> = password.split(' ').collect();
    assert!(groups.len() == 6 && groups.iter().all(|group| group.len() == 4), "{password}");
    let after = shown(&ada).await;
    let own = panel(&after);
    assert!(own.contains("Telephone &lt;b&gt;") && own.contains("Not used yet"), "{own}");
    assert!(!after.contains(&password) && !after.contains(groups[0]));
    // As it was read, or copied with a line break.
    for typed in [password.clone(), password.replace(' ', "\n"), password.replace(' ', "").to_lowercase()] {
        let login = app.visitor().post("/auth/login").form(&[("email", "ada"), ("password", &typed)]);
        assert_eq!(login.send().await.status, 200, "{typed}");
    }
    let used = shown(&ada).await;
    assert!(!panel(&used).contains("Not used yet") && panel(&used).contains("127.0.0.0&#x2F;24"), "{used}");
    // It opens no page.
    assert_eq!(app.visitor().log_in("ada", &password).await.status, 401);
}

async fn an_account_that_wants_no_second_factor_is_offered_none(engine: Engine) {
    let app = TestApp::new(engine).await;
    let eve = app.signed_up("eve").await;
    let page = shown(&eve).await;
    assert!(!page.contains("app-passwords"), "{page}");
    let refused = eve.post(MAKE).form(&[("name", "Telephone"), ("dialect", "mirror")]).send().await;
    refused.refusal_page(403);
    assert_eq!(app.count("SELECT COUNT(*) FROM app_passwords").await, 0);
    for path in [MAKE, REVOKE] {
        let answer = app.visitor().post(path).form(&[("name", "Telephone")]).send().await;
        assert!(answer.refusal_page(401).contains("/user/login"), "{path}");
    }
}

async fn what_is_refused_is_said_in_the_panel_and_keeps_what_was_typed(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = ada(&app).await;
    let long = "W".repeat(101);
    let send = async |name: &str, dialect: &str| {
        let answer = ada.post(MAKE).form(&[("name", name), ("dialect", dialect)]).send().await;
        answer.refusal_page(422)
    };
    let page = send(&long, "amadis").await;
    assert_eq!(html::error(&page, "app-name"), Some("Use at most 100 characters."));
    let own = panel(&page);
    assert!(own.contains(&long) && own.contains("<option value=\"amadis\" selected>"), "{own}");
    let page = send("Telephone", "pages").await;
    assert_eq!(html::error(&page, "dialect"), Some("Choose what this password is for."));
    assert_eq!(html::value(panel(&page), "name"), "Telephone");
    let page = send("", "").await;
    let own = panel(&page);
    assert!(own.contains("role=\"alert\"") && html::error(own, "app-name").is_some(), "{own}");
    for number in 0..20 {
        make(&ada, &format!("Telephone {number}"), "fastsite").await;
    }
    let page = send("One more", "fastsite").await;
    let error = html::error(&page, "app-name").unwrap();
    assert!(error.contains("You can have 20 app passwords"), "{error}");
    // Whoever has proven themselves too long ago is not shown the form as refused, but asked again.
    app.pass(Duration::from_secs(601));
    let late = ada.post(MAKE).form(&[("name", "Late"), ("dialect", "mirror")]).send().await;
    assert_ne!(late.status, 200, "{}", late.text());
    assert_eq!(app.count("SELECT COUNT(*) FROM app_passwords").await, 20);
}

async fn it_is_revoked_by_its_row_and_the_panel_says_so(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = ada(&app).await;
    let (_, first) = make(&ada, "Telephone", "mirror").await;
    let (_, second) = make(&ada, "Tablet", "mirror").await;
    let page = shown(&ada).await;
    let row = html::between(&page, "<b>Telephone</b>", "</li>").unwrap();
    let form = html::form(row, REVOKE);
    let sent = ada.post(REVOKE).form(&form.fields());
    let journey = sent.follow().await;
    journey.went(&[(303, PAGE)]);
    let page = journey.answer.text();
    let said = html::notice(panel(&page)).unwrap();
    assert!(said.starts_with("App password revoked."), "{said}");
    assert!(!page.contains("<b>Telephone</b>") && page.contains("<b>Tablet</b>"), "{page}");
    // The button was pressed twice.
    sent.follow().await.went(&[(303, PAGE)]);
    for (password, works) in [(first, false), (second, true)] {
        let login = app.visitor().post("/auth/login").form(&[("email", "ada"), ("password", &password)]);
        assert_eq!(login.send().await.status == 200, works);
    }
}

async fn a_reload_of_the_answers_leads_back_to_the_security_page(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = ada(&app).await;
    for path in [MAKE, REVOKE] {
        ada.get(path).follow().await.went(&[(303, PAGE)]);
        app.visitor().get(path).follow().await.went(&[(303, PAGE), (303, "/user/login?next=/user/security")]);
    }
    ada.get(REVOKE).wants_json().send().await.problem(405);
}

async fn the_devices_page_lists_it_beside_everything_else(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = ada(&app).await;
    make(&ada, "Telephone", "fastsite").await;
    let page = ada.get("/user/devices").send().await.text();
    let row = html::between(&page, "<b>Telephone</b>", "</li>").unwrap();
    assert!(row.contains("App password for fastsite"), "{row}");
    let journey =
        ada.post("/user/devices/end").form(&html::form(row, "/user/devices/end").fields()).follow().await;
    journey.went(&[(303, "/user/devices")]);
    assert!(!journey.answer.text().contains("Telephone"));
    assert_eq!(app.count("SELECT COUNT(*) FROM app_passwords").await, 0);
}

async fn a_code_of_an_authenticator_app_signs_a_program_in_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let (secret, _) = set_up(&app, &ada).await;
    let ask = |password: &str, code: &str| {
        let fields = [("email", "ada"), ("password", password), ("code", code)];
        app.visitor().post("/auth/login").form(&fields)
    };
    let shown = || secret.shown_at(Millis(app.now())).unwrap().as_str().to_owned();
    // The code that set the app up was used.
    assert_eq!(ask(PASSWORD, &shown()).send().await.status, 401);
    app.pass(Duration::from_secs(30));
    let code = shown();
    assert_eq!(ask("wrong horse battery", &code).send().await.status, 401);
    let mut racing = JoinSet::new();
    for _ in 0..50 {
        let ask = ask(PASSWORD, &code);
        racing.spawn(async move { ask.send().await.status });
    }
    let entered = racing.join_all().await.into_iter().filter(|status| *status == 200).count();
    assert_eq!(entered, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 1);
    app.pass(Duration::from_secs(90));
    assert_eq!(ask(PASSWORD, &code).send().await.status, 401);
    assert_eq!(ask(PASSWORD, &shown()).send().await.status, 200);
}

async fn with_the_last_second_factor_app_passwords_end_and_what_was_given_for_them(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    set_up(&app, &ada).await;
    let (_, password) = make(&ada, "Telephone", "mirror").await;
    let login =
        |password: &str| app.visitor().post("/auth/login").form(&[("email", "ada"), ("password", password)]);
    let entered = login(&password).send().await.json();
    let bearer = format!("Bearer {}", entered["bearer"].as_str().unwrap());
    let pair = app.visitor().post("/auth/pair").header("authorization", &bearer).form(&[("code", "ZZZZZZ")]);
    assert_eq!(pair.send().await.status, 404);
    ada.post("/user/security/totp/remove").follow().await.went(&[(303, PAGE)]);
    assert_eq!(pair.send().await.status, 401);
    assert_eq!(login(&password).send().await.status, 401);
    assert!(!shown(&ada).await.contains("app-passwords"));
    assert_eq!(app.count("SELECT COUNT(*) FROM app_passwords").await, 0);
    // The password signs in alone again.
    assert_eq!(login(PASSWORD).send().await.status, 200);
}
