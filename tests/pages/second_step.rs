//! `/user/login/second`: the second step of signing in, trusted browsers, and roles that must have a second
//! factor.

use std::time::Duration;

use domain::TotpSecret;
use rocket::tokio::task::JoinSet;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor, html, totp as app_on_a_phone};
use crate::totp;

both_engines!(
    a_password_alone_leads_to_the_second_step_and_a_code_signs_in,
    the_way_back_is_kept_over_both_steps,
    a_waiting_sign_in_opens_nothing_else,
    five_wrong_codes_close_the_step_and_not_the_account,
    a_waiting_sign_in_ends_after_ten_minutes,
    a_password_that_is_changed_meanwhile_ends_the_waiting_sign_in,
    of_fifty_who_send_one_code_at_once_one_signs_in,
    of_fifty_who_send_one_recovery_code_at_once_one_signs_in,
    a_code_of_the_last_step_is_not_taken_again,
    a_program_sends_the_code_with_the_cookie,
    a_trusted_browser_is_not_asked_for_thirty_days,
    trust_is_of_one_browser_and_is_ended_by_its_owner,
    the_second_step_is_in_the_readers_language,
    what_was_proven_is_written_down,
    an_administrator_sets_a_second_factor_up_first,
);

const SECOND: &str = "/user/login/second";
const HALF_MINUTE: Duration = Duration::from_secs(30);

/// Ada, who has set an app up, and the app's secret.
async fn protected(app: &TestApp) -> (Visitor, TotpSecret, Vec<String>) {
    let ada = app.signed_up("ada").await;
    let (secret, page) = totp::set_up(app, &ada).await;
    // The code that confirmed the app is used.
    app.pass(2 * HALF_MINUTE);
    (ada, secret, totp::codes(&page))
}

fn code(app: &TestApp, secret: &TotpSecret) -> String {
    app_on_a_phone::shown(secret, app.now())
}

/// How many wrong answers the log has.
async fn refused(app: &TestApp) -> i64 {
    app.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'second_step_refused'").await
}

/// A browser that has typed the right password.
async fn asked(app: &TestApp) -> Visitor {
    let browser = app.visitor();
    type_password(&browser).await;
    browser
}

async fn type_password(browser: &Visitor) {
    let form = [("email", "ada@example.org"), ("password", PASSWORD)];
    let answer = browser.post("/user/login").form(&form).send().await;
    assert_eq!((answer.status, answer.header("location")), (303, Some(SECOND)), "{}", answer.text());
}

async fn send(browser: &Visitor, code: &str) -> u16 {
    browser.post(SECOND).form(&[("code", code)]).send().await.status
}

async fn a_password_alone_leads_to_the_second_step_and_a_code_signs_in(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (_, secret, codes) = protected(&app).await;
    let phone = asked(&app).await;
    assert!(!phone.is_signed_in().await);
    let page = phone.get(SECOND).send().await.text();
    assert_eq!(html::headline(&page), Some("One more step"));
    let form = html::form(&page, SECOND).filled("code", &code(&app, &secret));
    let journey = phone.post(SECOND).form(&form.fields()).follow().await;
    journey.went(&[(303, "/user/profil")]);
    assert!(phone.is_signed_in().await);
    // The step is done: its page leads on.
    phone.get(SECOND).follow().await.went(&[(303, "/user/profil")]);
    // A recovery code does as well, however it is typed.
    let tablet = asked(&app).await;
    assert_eq!(send(&tablet, &codes[0].to_lowercase().replace('-', " ")).await, 303);
    assert!(tablet.is_signed_in().await);
    // Without a waiting sign-in there is nothing to prove.
    app.visitor().get(SECOND).follow().await.went(&[(303, "/user/login")]);
    app.visitor().post(SECOND).wants_json().form(&[("code", "123456")]).send().await.problem(410);
}

async fn the_way_back_is_kept_over_both_steps(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (_, secret, _) = protected(&app).await;
    let browser = app.visitor();
    let form = [("email", "ada@example.org"), ("password", PASSWORD), ("next", "/user/devices?x=1")];
    let journey = browser.post("/user/login").form(&form).follow().await;
    journey.went(&[(303, "/user/login/second?next=/user/devices%3Fx%3D1")]);
    let form = html::form(&journey.answer.text(), SECOND).filled("code", &code(&app, &secret));
    browser.post(SECOND).form(&form.fields()).follow().await.went(&[(303, "/user/devices?x=1")]);
}

async fn a_waiting_sign_in_opens_nothing_else(engine: Engine) {
    let app = TestApp::new(engine).await;
    protected(&app).await;
    let browser = asked(&app).await;
    let waiting = browser.cookie("vestibule_step").unwrap();
    for path in ["/user/profil", "/user/security", "/user/devices", "/user/prove", "/user/security/totp"] {
        browser.get(path).wants_json().send().await.problem(401);
    }
    let thief = app.visitor();
    thief.set_cookie("vestibule", &waiting);
    thief.set_cookie("vestibule_device", &waiting);
    assert!(!thief.is_signed_in().await);
    thief.get("/user/reset?token=x").send().await;
    for purpose in ["reset", "verify", "email", "recover-factors"] {
        let answer = thief.get(&format!("/user/{purpose}?token={waiting}")).wants_json().send().await;
        assert!([404, 410].contains(&answer.status), "{purpose}: {}", answer.status);
    }
}

async fn five_wrong_codes_close_the_step_and_not_the_account(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (_, secret, _) = protected(&app).await;
    let browser = asked(&app).await;
    let wrong = if code(&app, &secret) == "000000" { "000001" } else { "000000" };
    for _ in 0..4 {
        let answer = browser.post(SECOND).form(&[("code", wrong)]).send().await;
        let page = answer.refusal_page(422);
        assert!(page.contains("aria-describedby=\"h-code e-code\""), "{page}");
        assert!(!page.contains(wrong), "a code is never sent back");
    }
    let journey = browser.post(SECOND).form(&[("code", wrong)]).follow().await;
    journey.went(&[(303, "/user/login")]);
    assert!(journey.answer.text().contains("too many wrong codes"), "{}", journey.answer.text());
    assert_eq!(browser.cookie("vestibule_step"), None);
    // The right code comes too late; the account is open to whoever begins again.
    let again = asked(&app).await;
    assert_eq!(send(&again, &code(&app, &secret)).await, 303);
    assert!(again.is_signed_in().await);
    let refused = "SELECT COUNT(*) FROM audit_events WHERE kind = 'second_step_refused'";
    assert_eq!(app.count(refused).await, 5);
}

async fn a_waiting_sign_in_ends_after_ten_minutes(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (_, secret, _) = protected(&app).await;
    let browser = asked(&app).await;
    app.pass(Duration::from_secs(599));
    assert_eq!(browser.get(SECOND).send().await.status, 200);
    app.pass(Duration::from_secs(1));
    let journey = browser.post(SECOND).form(&[("code", &code(&app, &secret))]).follow().await;
    journey.went(&[(303, "/user/login")]);
    assert!(!browser.is_signed_in().await);
}

async fn a_password_that_is_changed_meanwhile_ends_the_waiting_sign_in(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, secret, _) = protected(&app).await;
    let thief = asked(&app).await;
    let change = [("apassword", PASSWORD), ("npassword", "another horse entirely")];
    assert_eq!(ada.post("/user/modify/password").wants_json().form(&change).send().await.status, 200);
    assert_eq!(thief.post(SECOND).form(&[("code", &code(&app, &secret))]).send().await.status, 303);
    assert!(!thief.is_signed_in().await);
}

/// How many of fifty browsers with one code, each in a sign-in of its own, are let in.
async fn let_in(app: &TestApp, code: &str) -> usize {
    let mut browsers = Vec::new();
    for _ in 0..10 {
        browsers.push(asked(app).await);
    }
    let mut sends = JoinSet::new();
    for turn in 0..50 {
        let (browser, code) = (browsers[turn % browsers.len()].clone(), code.to_owned());
        sends.spawn(async move {
            let answer = browser.post(SECOND).wants_json().form(&[("code", &code)]).send().await;
            assert!([200, 410, 422].contains(&answer.status), "{}", answer.text());
            usize::from(answer.status == 200)
        });
    }
    sends.join_all().await.into_iter().sum()
}

async fn of_fifty_who_send_one_code_at_once_one_signs_in(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (_, secret, _) = protected(&app).await;
    let before = app.count("SELECT COUNT(*) FROM sessions").await;
    assert_eq!(let_in(&app, &code(&app, &secret)).await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, before + 1);
}

async fn of_fifty_who_send_one_recovery_code_at_once_one_signs_in(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (_, _, codes) = protected(&app).await;
    assert_eq!(let_in(&app, &codes[3]).await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM recovery_codes").await, 9);
}

async fn a_code_of_the_last_step_is_not_taken_again(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (_, secret, _) = protected(&app).await;
    let used = code(&app, &secret);
    assert_eq!(send(&asked(&app).await, &used).await, 303);
    let again = asked(&app).await;
    assert_eq!(send(&again, &used).await, 422);
    app.pass(HALF_MINUTE);
    assert_eq!(send(&again, &used).await, 422, "its step is one before the present one");
    assert_eq!(send(&again, &code(&app, &secret)).await, 303);
    assert_eq!(refused(&app).await, 2);
}

async fn a_program_sends_the_code_with_the_cookie(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (_, secret, _) = protected(&app).await;
    let program = app.visitor();
    let answer = program.log_in("ada@example.org", PASSWORD).await;
    assert_eq!(answer.problem(401)["code"], "second_factor_required");
    program.post(SECOND).wants_json().form(&[("code", "")]).send().await.refused_fields(422, &["code"]);
    program.post(SECOND).wants_json().form(&[("code", "123")]).send().await.refused_fields(422, &["code"]);
    let code = code(&app, &secret);
    let answer = program.post(SECOND).wants_json().form(&[("code", &code)]).send().await;
    assert_eq!((answer.status, &answer.json()["email"]), (200, &"ada@example.org".into()));
    assert!(program.is_signed_in().await);
    // A wrong password is answered as it is for everybody.
    let wrong = app.visitor().log_in("ada@example.org", "wrong horse battery").await;
    assert_eq!(wrong.problem(401)["code"], "invalid_credentials");
}

async fn a_trusted_browser_is_not_asked_for_thirty_days(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (_, secret, _) = protected(&app).await;
    let browser = asked(&app).await;
    let form = [("code", &*code(&app, &secret)), ("trust", "true")];
    assert_eq!(browser.post(SECOND).form(&form).send().await.status, 303);
    browser.post("/user/logout").form(&[]).send().await;
    app.pass(Duration::from_secs(30 * 86_400 - 60));
    let form = [("email", "ada@example.org"), ("password", PASSWORD)];
    let journey = browser.post("/user/login").form(&form).follow().await;
    journey.went(&[(308, "/user/profil"), (303, "/user/profil")]);
    browser.post("/user/logout").form(&[]).send().await;
    app.pass(Duration::from_secs(60));
    type_password(&browser).await;
    assert!(!browser.is_signed_in().await);
}

async fn trust_is_of_one_browser_and_is_ended_by_its_owner(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, secret, _) = protected(&app).await;
    let browser = asked(&app).await;
    let form = [("code", &*code(&app, &secret)), ("trust", "true")];
    assert_eq!(browser.post(SECOND).form(&form).send().await.status, 303);
    asked(&app).await;
    let page = ada.get("/user/devices").send().await.text();
    let form = html::form(&page, "/user/devices/ask");
    let journey = ada.post("/user/devices/ask").form(&form.fields()).follow().await;
    journey.went(&[(303, "/user/devices")]);
    assert!(!journey.answer.text().contains("action=\"/user/devices/ask\""));
    ada.post("/user/devices/ask").wants_json().form(&form.fields()).send().await.problem(404);
    browser.post("/user/logout").form(&[]).send().await;
    type_password(&browser).await;
    // Nobody ends the trust of somebody else's browser.
    let eve = app.signed_up("eve").await;
    eve.post("/user/devices/ask").wants_json().form(&form.fields()).send().await;
    let trusted = "SELECT COUNT(*) FROM devices WHERE trusted_until IS NOT NULL";
    assert_eq!(app.count(trusted).await, 0);
}

async fn the_second_step_is_in_the_readers_language(engine: Engine) {
    let app = TestApp::new(engine).await;
    protected(&app).await;
    let browser = asked(&app).await;
    for (language, heading) in [("fr", "Encore une étape"), ("ru", "Ещё один шаг")] {
        let page = browser.get(SECOND).header("accept-language", language).send().await.text();
        assert_eq!(html::headline(&page), Some(heading));
        let wrong = browser.post(SECOND).header("accept-language", language).form(&[("code", "1")]);
        let page = wrong.send().await.refusal_page(422);
        assert!(page.contains("aria-invalid=\"true\""), "{page}");
    }
}

async fn what_was_proven_is_written_down(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (_, secret, _) = protected(&app).await;
    assert_eq!(send(&asked(&app).await, &code(&app, &secret)).await, 303);
    let proven = "SELECT COUNT(*) FROM sessions WHERE factors = 'password totp'";
    // This browser, and the one that has set the app up.
    assert_eq!(app.count(proven).await, 2);
    let noted = "SELECT COUNT(*) FROM audit_events WHERE kind = 'signed_in' AND factors = 'password totp'";
    assert_eq!(app.count(noted).await, 1);
}

async fn an_administrator_sets_a_second_factor_up_first(engine: Engine) {
    let app = TestApp::with(engine, "second_factor = { required = [\"administrator\"] }").await;
    let ada = app.signed_up("ada").await;
    assert_eq!(ada.get("/user/profil").send().await.status, 200, "a member need not");
    app.sql("UPDATE accounts SET role_id = 3").await;
    let ada = app.signed_in("ada").await;
    for path in ["/user/profil", "/user/devices"] {
        let journey = ada.get(path).follow().await;
        journey.went(&[(303, "/user/security")]);
        assert!(html::notice(&journey.answer.text()).unwrap().contains("Your role needs a second factor"));
        let problem = ada.get(path).wants_json().send().await.problem(403);
        assert_eq!(problem["code"], "second_factor_missing");
    }
    let rename = [("username", "countess")];
    ada.post("/user/modify/username").wants_json().form(&rename).send().await.problem(403);
    // Neither the log nor what it offers.
    ada.get("/user/security/log").follow().await.went(&[(303, "/user/security")]);
    ada.post("/user/security/log/deny").wants_json().form(&[("event", "1")]).send().await.problem(403);
    // A program gets no bearer either.
    let form = [("email", "ada@example.org"), ("password", PASSWORD)];
    assert_eq!(ada.post("/auth/login").form(&form).send().await.status, 403);
    totp::set_up(&app, &ada).await;
    assert_eq!(ada.get("/user/profil").send().await.status, 200);
}
