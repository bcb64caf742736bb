//! Notices that an account's owner gets by mail.

use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::{Answer, Body, PASSWORD, TestApp, Visitor, mail, until};

both_engines!(
    a_changed_password_is_told_to_its_owner,
    a_password_that_a_trusted_server_sets_is_told_to_its_owner,
    a_sign_in_from_a_new_browser_is_told_and_one_from_a_known_browser_is_not,
    a_sign_in_by_redirection_from_a_new_browser_is_told,
    a_sign_in_by_an_app_from_a_new_place_is_told_and_one_from_a_known_place_is_not,
    the_first_sign_in_ever_is_not_told_and_the_next_at_another_door_is,
    a_user_secret_is_told_when_it_is_made_anew_and_when_it_is_used_elsewhere,
    every_pairing_is_told_and_the_name_of_the_device_is_not_repeated,
    nothing_that_a_browser_says_of_itself_is_repeated,
    many_sign_ins_from_new_browsers_are_told_in_one_message,
    a_changed_username_is_told_and_the_first_one_is_not,
    somebody_who_wants_a_taken_address_is_told_what_all_are_and_its_owner_hears_of_it,
    a_trusted_server_that_asks_for_a_taken_address_is_told_and_nobody_else,
    the_former_address_hears_of_the_next,
    a_notice_comes_in_the_language_of_its_reader,
);

const NEW: &str = "another horse entirely";
const ADA: &str = "ada@example.org";
const FIREFOX: &str = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0";

/// Waits until the outbox is empty, and returns the messages to `recipient` with this subject.
async fn told(app: &TestApp, recipient: &str, subject: &str) -> Vec<String> {
    until(Duration::from_secs(10), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    let mut mails = app.mails(recipient);
    mails.retain(|mail| mail.lines().any(|line| line == format!("Subject: {subject}")));
    mails.iter().map(|mail| mail::read(mail)).collect()
}

async fn change_password(visitor: &Visitor, present: &str, new: &str) -> u16 {
    let form = [("apassword", present), ("npassword", new)];
    visitor.post("/user/modify/password").wants_json().form(&form).send().await.status
}

async fn log_in_as(app: &TestApp, agent: &str) -> Visitor {
    let visitor = app.visitor();
    let form = [("email", "ada"), ("password", PASSWORD)];
    let answer =
        visitor.post("/user/login").wants_json().header("user-agent", agent).form(&form).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    visitor
}

async fn trusted(app: &TestApp, key: &str, call: &str, form: &[(&str, &str)]) -> Answer {
    let ask = app.visitor().post(&format!("/admin/api_account/{call}")).form(form);
    ask.header("authorization", &format!("Bearer {key}")).send().await
}

async fn a_changed_password_is_told_to_its_owner(engine: Engine) {
    const SUBJECT: &str = "Your password for Vestibule was changed";
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    assert_eq!(change_password(&ada, "not this one", NEW).await, 422);
    assert_eq!(told(&app, ADA, SUBJECT).await.len(), 0);
    assert_eq!(change_password(&ada, PASSWORD, NEW).await, 200);
    let mail = told(&app, ADA, SUBJECT).await.remove(0);
    assert!(mail.contains("When: January 1, 2026 at 12:00 AM UTC"), "{mail}");
    let forgot = app.url("/user/forgot");
    assert!(mail.lines().any(|line| line == forgot), "{mail}");
    assert!(!mail.contains("token="), "{mail}");
    // A recovery sends the notice too.
    app.visitor().post("/user/forgot").form(&[("email", "ada")]).send().await;
    let link = told(&app, ADA, "Choose a new password for Vestibule").await.remove(0);
    let token = mail::token_in(&link, "/user/reset");
    let form = [("token", token.as_str()), ("npassword", PASSWORD)];
    assert_eq!(app.visitor().post("/user/reset").wants_json().form(&form).send().await.status, 200);
    assert_eq!(told(&app, ADA, SUBJECT).await.len(), 2);
}

async fn a_password_that_a_trusted_server_sets_is_told_to_its_owner(engine: Engine) {
    const SUBJECT: &str = "Your password for Vestibule was changed";
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let key = app.key("shop").await;
    let set = trusted(&app, &key, "update", &[("user_id", "1"), ("password", NEW)]).await;
    assert_eq!(set.status, 200, "{}", set.text());
    assert_eq!(told(&app, ADA, SUBJECT).await.len(), 1);
    let ask = app.visitor().ask("PATCH", "/api/user/v1/resetpassword").form(&[("email", ADA)]);
    let generated = ask.header("authorization", &format!("Bearer {key}")).send().await;
    let password = generated.json()["data"]["password"].as_str().unwrap().to_owned();
    let mails = told(&app, ADA, SUBJECT).await;
    assert_eq!(mails.len(), 2);
    assert!(mails.iter().all(|mail| !mail.contains(&password) && !mail.contains(NEW)));
    // A first password replaces nothing, so an invitation causes no notice.
    trusted(&app, &key, "create", &[("email", "bob@example.org")]).await;
    let link = told(&app, "bob@example.org", "Your account on Vestibule").await.remove(0);
    let token = mail::token_in(&link, "/user/reset");
    let form = [("token", token.as_str()), ("npassword", NEW)];
    assert_eq!(app.visitor().post("/user/reset").wants_json().form(&form).send().await.status, 200);
    assert_eq!(told(&app, "bob@example.org", SUBJECT).await.len(), 0);
}

const NEW_DEVICE: &str = "New sign-in to your account on Vestibule";

async fn a_sign_in_from_a_new_browser_is_told_and_one_from_a_known_browser_is_not(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    ada.post("/user/logout").send().await;
    assert_eq!(ada.log_in("ada", PASSWORD).await.status, 200);
    assert_eq!(app.visitor().log_in("ada", "wrong horse battery").await.status, 401);
    assert_eq!(told(&app, ADA, NEW_DEVICE).await.len(), 0);
    app.pass(Duration::from_secs(3 * 3_600 + 5 * 60));
    let phone = log_in_as(&app, FIREFOX).await;
    let mails = told(&app, ADA, NEW_DEVICE).await;
    assert_eq!(mails.len(), 1);
    for line in ["When: January 1, 2026 at 3:05 AM UTC", "Device: Firefox, Android"] {
        assert!(mails[0].lines().any(|found| found == line), "{line} in {}", mails[0]);
    }
    // The browser is known now.
    phone.post("/user/logout").send().await;
    assert_eq!(phone.log_in("ada", PASSWORD).await.status, 200);
    // A browser that another account knows is new to this account.
    let bob = app.signed_up("bob").await;
    assert_eq!(told(&app, ADA, NEW_DEVICE).await.len(), 1);
    assert_eq!(bob.log_in("ada", PASSWORD).await.status, 200);
    assert_eq!(told(&app, ADA, NEW_DEVICE).await.len(), 2);
    assert_eq!(app.mails("bob@example.org").len(), 0);
    // A change of password forgets all known browsers. Every session but the present one has ended.
    assert_eq!(change_password(&phone, PASSWORD, NEW).await, 200);
    assert_eq!(app.visitor().log_in("ada", NEW).await.status, 200);
    assert_eq!(told(&app, ADA, NEW_DEVICE).await.len(), 3);
}

async fn a_sign_in_by_redirection_from_a_new_browser_is_told(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let key = app.key("shop").await;
    let given = trusted(&app, &key, "authenticate", &[("email", ADA), ("password", PASSWORD)]).await;
    let token = given.json()["token"].as_str().unwrap().to_owned();
    let path = format!("/admin/api_account/autologin?email={ADA}&token={token}");
    assert_eq!(app.visitor().ask("HEAD", &path).send().await.status, 303);
    assert_eq!(told(&app, ADA, NEW_DEVICE).await.len(), 0);
    assert_eq!(app.visitor().get(&path).send().await.status, 303);
    assert_eq!(told(&app, ADA, NEW_DEVICE).await.len(), 1);
}

/// A setting by which a test says where a request comes from.
const FROM: &str = "ip_header = 'X-Real-IP'";

/// A sign-in of ada through a dialect, from this IP. Returns the answer.
async fn by_app(app: &TestApp, path: &str, identifier: &str, ip: &str) -> Answer {
    let named = if path.contains("personal") { "login" } else { "email" };
    let ask = app.visitor().post(path).form(&[(named, identifier), ("password", PASSWORD)]);
    let answer = ask.header("x-real-ip", ip).header("user-agent", FIREFOX).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer
}

const MIRROR: &str = "/auth/login";
const FASTSITE: &str = "/api/v1/personal/auth";
const APP_WHAT: &str = "An app or another program signed in";

async fn a_sign_in_by_an_app_from_a_new_place_is_told_and_one_from_a_known_place_is_not(engine: Engine) {
    let app = TestApp::with(engine, FROM).await;
    app.signed_up("ada").await;
    let told_of = async |count: usize| {
        let mails = told(&app, ADA, NEW_DEVICE).await;
        assert_eq!(mails.len(), count, "{mails:?}");
        let of_apps =
            mails.iter().filter(|mail| mail.contains(APP_WHAT) && mail.contains("Device: Firefox, Android"));
        assert_eq!(of_apps.count(), count, "{mails:?}");
    };
    for (path, ip, count) in [
        (MIRROR, "203.0.113.5", 1),
        (MIRROR, "203.0.113.77", 1),
        (MIRROR, "198.51.100.1", 2),
        (MIRROR, "203.0.113.5", 2),
        (FASTSITE, "203.0.113.5", 3),
        (FASTSITE, "203.0.113.6", 3),
        (FASTSITE, "2001:db8:1:2::1", 4),
        (FASTSITE, "2001:db8:1:2:3::1", 4),
        (FASTSITE, "2001:db8:1:3::1", 5),
    ] {
        by_app(&app, path, ADA, ip).await;
        told_of(count).await;
    }
    // A change of password makes every place new again.
    let ada = app.signed_in("ada").await;
    told(&app, ADA, NEW_DEVICE).await;
    assert_eq!(change_password(&ada, PASSWORD, NEW).await, 200);
    assert_eq!(change_password(&ada, NEW, PASSWORD).await, 200);
    let before = told(&app, ADA, NEW_DEVICE).await.len();
    by_app(&app, MIRROR, ADA, "203.0.113.5").await;
    assert_eq!(told(&app, ADA, NEW_DEVICE).await.len(), before + 1);
}

async fn the_first_sign_in_ever_is_not_told_and_the_next_at_another_door_is(engine: Engine) {
    let app = TestApp::with(engine, FROM).await;
    let form = [("email", ADA), ("password", PASSWORD)];
    let ask = app.visitor().post("/auth/register").form(&form).header("x-real-ip", "203.0.113.5");
    assert_eq!(ask.send().await.status, 200);
    app.prove(ADA).await;
    by_app(&app, MIRROR, ADA, "203.0.113.9").await;
    assert_eq!(told(&app, ADA, NEW_DEVICE).await.len(), 0);
    assert_eq!(app.visitor().log_in(ADA, PASSWORD).await.status, 200);
    let mails = told(&app, ADA, NEW_DEVICE).await;
    assert!(mails.len() == 1 && !mails[0].contains(APP_WHAT), "{mails:?}");
}

async fn a_user_secret_is_told_when_it_is_made_anew_and_when_it_is_used_elsewhere(engine: Engine) {
    let app = TestApp::with(engine, FROM).await;
    let form = [("name", "Ada"), ("email", ADA), ("password", PASSWORD)];
    let ask = app.visitor().post("/api/user/v1/register").form(&form).header("x-real-ip", "203.0.113.5");
    let made = ask.send().await.json()["data"].clone();
    app.prove(ADA).await;
    let exchange = async |secret: &str, ip: &str| {
        let id = made["user_id"].to_string();
        let fields = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", secret)];
        let ask = app.visitor().post("/oauth/token").form(&fields).header("x-real-ip", ip);
        assert_eq!(ask.send().await.status, 200);
        told(&app, ADA, NEW_DEVICE).await.len()
    };
    let secret = made["user_secret"].as_str().unwrap();
    assert_eq!(exchange(secret, "203.0.113.5").await, 0);
    assert_eq!(exchange(secret, "198.51.100.1").await, 1);
    assert_eq!(exchange(secret, "198.51.100.2").await, 1);
    // Another secret is a new way in, wherever it was made.
    let another = by_app(&app, "/api/user/v1/secret", ADA, "203.0.113.5").await.json();
    let mails = told(&app, ADA, NEW_DEVICE).await;
    assert_eq!(mails.len(), 2);
    let of_secrets = mails.iter().filter(|mail| mail.contains("A program was given a new secret"));
    assert_eq!(of_secrets.count(), 1, "{mails:?}");
    assert_eq!(exchange(another["data"]["user_secret"].as_str().unwrap(), "203.0.113.5").await, 2);
}

async fn every_pairing_is_told_and_the_name_of_the_device_is_not_repeated(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let start = async || {
        let form = [("name", "Buy now at evil.example")];
        let waiting = app.visitor().post("/auth/device").form(&form).send().await.json();
        waiting["code"].as_str().unwrap().to_owned()
    };
    let code = start().await;
    let form = [("code", &*code), ("confirm", "yes")];
    assert_eq!(ada.post("/user/devices/pair").form(&form).send().await.status, 303);
    assert_eq!(told(&app, ADA, NEW_DEVICE).await.len(), 1);
    let entered = by_app(&app, MIRROR, ADA, "127.0.0.1").await.json();
    assert_eq!(told(&app, ADA, NEW_DEVICE).await.len(), 2);
    let code = start().await;
    let pair = app.visitor().post("/auth/pair").form(&[("code", &code)]);
    let pair = pair.header("authorization", &format!("Bearer {}", entered["bearer"].as_str().unwrap()));
    assert_eq!(pair.send().await.status, 200);
    let mails = told(&app, ADA, NEW_DEVICE).await;
    assert_eq!(mails.len(), 3);
    assert_eq!(mails.iter().filter(|mail| mail.contains("A device was paired")).count(), 2, "{mails:?}");
    assert!(mails.iter().all(|mail| !mail.contains("evil")), "{mails:?}");
}

async fn nothing_that_a_browser_says_of_itself_is_repeated(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    log_in_as(&app, "Firefox <b>buy</b> at https://evil.example Linux").await;
    log_in_as(&app, "evil").await;
    let mails = told(&app, ADA, NEW_DEVICE).await;
    assert!(mails.iter().all(|mail| !mail.contains("evil") && !mail.contains("buy")), "{mails:?}");
    assert_eq!(mails.iter().filter(|mail| mail.contains("\nDevice: Firefox, Linux")).count(), 1, "{mails:?}");
    assert_eq!(
        mails.iter().filter(|mail| mail.contains("\nDevice: unknown browser")).count(),
        1,
        "{mails:?}"
    );
}

async fn many_sign_ins_from_new_browsers_are_told_in_one_message(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    app.signed_up("ada").await;
    for agent in [FIREFOX, FIREFOX, FIREFOX, FIREFOX, "curl/8", FIREFOX] {
        log_in_as(&app, agent).await;
    }
    let singly = "SELECT COUNT(*) FROM outbox WHERE kind <> 'digest'";
    until(Duration::from_secs(10), || async { app.count(singly).await == 0 }).await;
    app.pass(Duration::from_secs(3_600));
    let digest = told(&app, ADA, "Recent activity on your account on Vestibule").await.remove(0);
    assert_eq!(told(&app, ADA, NEW_DEVICE).await.len(), 4);
    let text = digest.split("<!doctype").next().unwrap();
    assert_eq!(text.matches(": Sign-in from a new browser. (").count(), 2, "{text}");
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
    assert_eq!(told(&app, ADA, NEW_DEVICE).await.len(), 5);
}

async fn a_changed_username_is_told_and_the_first_one_is_not(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.visitor();
    let form = [("email", ADA), ("password", PASSWORD)];
    assert_eq!(ada.post("/user/create").wants_json().form(&form).send().await.status, 201);
    app.prove(ADA).await;
    assert_eq!(ada.log_in(ADA, PASSWORD).await.status, 200);
    for username in ["ada", "countess", "countess", "a b"] {
        ada.post("/user/modify/username").wants_json().form(&[("username", username)]).send().await;
    }
    let mails = told(&app, ADA, "Your username on Vestibule was changed").await;
    assert_eq!(mails.len(), 1);
    assert!(!mails[0].contains("countess"), "{}", mails[0]);
}

async fn somebody_who_wants_a_taken_address_is_told_what_all_are_and_its_owner_hears_of_it(engine: Engine) {
    const SUBJECT: &str = "You already have an account on Vestibule";
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    app.signed_up("ada").await;
    let mut answers = Vec::new();
    for number in 0..5 {
        let email = ["ada@example.org", "ADA@example.ORG"][number % 2];
        let typed = [("email", email), ("username", "buy-now"), ("password", NEW)];
        let answer = app.visitor().post("/user/create").wants_json().form(&typed).send().await;
        answer.refused_fields(422, &["email"]);
        answers.push(answer.text());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    // One at once, the rest in a digest.
    let singly = "SELECT COUNT(*) FROM outbox WHERE kind <> 'digest'";
    until(Duration::from_secs(10), || async { app.count(singly).await == 0 }).await;
    app.pass(Duration::from_secs(3_600));
    let mails = told(&app, ADA, SUBJECT).await;
    assert_eq!(mails.len(), 1);
    let digests = told(&app, ADA, "Recent activity on your account on Vestibule").await;
    assert_eq!(digests.len(), 1);
    assert_eq!(digests[0].matches("tried to use this email").count(), 2 * 4 + 1, "{}", digests[0]);
    for mail in mails.iter().chain(&digests) {
        assert!(!mail.contains("buy-now") && !mail.contains("token="), "{mail}");
    }
    // A registration that is refused for another reason, or for a taken username, causes no notice.
    for typed in [[("email", ADA), ("password", "short")], [("email", "ada2@example.org"), ("password", NEW)]]
    {
        let named = [typed[0], typed[1], ("username", "ada")];
        let answer = app.visitor().post("/user/create").wants_json().form(&named).send().await;
        assert_eq!(answer.status, 422, "{}", answer.text());
    }
    assert_eq!(told(&app, ADA, SUBJECT).await.len(), 1);
    // Registrations through an API cause the same notice.
    let ask = app.visitor().post("/auth/register").body(Body::json(&[("email", ADA), ("password", NEW)]));
    assert_eq!(ask.send().await.status, 401);
    assert_eq!(told(&app, ADA, SUBJECT).await.len(), 2);
}

async fn a_trusted_server_that_asks_for_a_taken_address_is_told_and_nobody_else(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let key = app.key("shop").await;
    let refused = trusted(&app, &key, "create", &[("email", ADA), ("password", NEW)]).await;
    assert_eq!(refused.json()["message"], "This email address is already used");
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 0);
    assert_eq!(app.mails(ADA).len(), 0);
}

async fn the_former_address_hears_of_the_next(engine: Engine) {
    const SUBJECT: &str = "Your email address on Vestibule was changed";
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let key = app.key("shop").await;
    let same = [("user_id", "1"), ("email", "ADA@example.org"), ("firstname", "Ada")];
    assert_eq!(trusted(&app, &key, "update", &same).await.status, 200);
    assert_eq!(told(&app, "", SUBJECT).await.len(), 0);
    let moved = [("user_id", "1"), ("email", "countess@example.org"), ("password", NEW)];
    assert_eq!(trusted(&app, &key, "update", &moved).await.status, 200);
    let mails = told(&app, "ADA@example.org", SUBJECT).await;
    assert_eq!(mails.len(), 1);
    assert!(!mails[0].contains("countess"), "{}", mails[0]);
    // The old password belonged to the owner of the old address.
    let changed = "Your password for Vestibule was changed";
    assert_eq!(told(&app, "ADA@example.org", changed).await.len(), 1);
    assert_eq!(told(&app, "countess@example.org", changed).await.len(), 0);
}

async fn a_notice_comes_in_the_language_of_its_reader(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let language = async |count: usize| {
        let mail = app.mailed(ADA, count).await.pop().unwrap();
        app.pass(Duration::from_secs(60));
        mail::language(&mail)
    };
    let log_in = async |wanted: &str| {
        let form = [("email", "ada"), ("password", PASSWORD)];
        let ask = app.visitor().post("/user/login").wants_json().header("accept-language", wanted);
        assert_eq!(ask.form(&form).send().await.status, 200);
    };
    log_in("fr-CA").await;
    assert_eq!(language(1).await, "fr");
    log_in("de").await;
    assert_eq!(language(2).await, "en");
    let chosen = ada.post("/user/modify/profile").wants_json().form(&[("locale", "ru")]);
    assert_eq!(chosen.send().await.status, 200);
    log_in("fr").await;
    assert_eq!(language(3).await, "ru");
}
