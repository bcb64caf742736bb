//! `/user/security/totp` and `/user/security/recovery-codes`: setting up an authenticator app, the codes that
//! come with it, and taking it off.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::TotpSecret;
use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::support::totp::{self, secret_of};
use crate::support::{TestApp, Visitor, html, mail};

both_engines!(
    an_app_is_set_up_by_its_picture_or_its_text_and_a_code,
    a_code_of_another_makers_app_is_taken,
    a_wrong_code_is_shown_beside_its_field_and_the_secret_stays,
    recovery_codes_are_shown_once_and_can_be_saved_as_text,
    new_recovery_codes_replace_the_earlier_ones,
    an_app_that_is_taken_off_leaves_nothing,
    programs_do_the_same_with_json,
    nobody_changes_anything_without_a_session_that_was_proven_lately,
    the_owner_is_told_by_mail,
    a_form_that_is_sent_twice_at_once_sets_one_app_up,
    set_up_pages_are_in_the_readers_language,
    a_secret_stands_encrypted_in_the_database,
);

const TOTP: &str = "/user/security/totp";
const CODES: &str = "/user/security/recovery-codes";

pub fn shown(app: &TestApp, secret: &TotpSecret) -> String {
    totp::shown(secret, app.now())
}

/// The secret on the set-up page.
async fn secret(ada: &Visitor) -> TotpSecret {
    let page = ada.get(TOTP).send().await.text();
    secret_of(html::between(&page, "<code>", "</code>").unwrap())
}

/// The codes that a page shows.
pub fn codes(page: &str) -> Vec<String> {
    page.split("<li><code>").skip(1).map(|rest| rest.split_once("</code>").unwrap().0.to_owned()).collect()
}

/// Sets an app up. Returns its secret and the page with the recovery codes.
pub async fn set_up(app: &TestApp, ada: &Visitor) -> (TotpSecret, String) {
    let secret = secret(ada).await;
    let answer = ada.post(TOTP).form(&[("code", &shown(app, &secret))]).send().await;
    // An account that wants a second factor already gets no codes with it.
    assert!([200, 303].contains(&answer.status), "{}", answer.text());
    (secret, answer.text())
}

async fn left(ada: &Visitor) -> Value {
    ada.get(CODES).wants_json().send().await.json()["left"].clone()
}

async fn an_app_is_set_up_by_its_picture_or_its_text_and_a_code(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let page = ada.get("/user/security").send().await.text();
    assert!(page.contains("href=\"/user/security/totp\""), "{page}");
    assert!(!page.contains("action=\"/user/security/recovery-codes\""), "there is nothing to recover");
    let answer = ada.get(TOTP).send().await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    let page = answer.text();
    let picture = page.split("<svg").find(|svg| svg.contains("fill=\"#fff\"")).unwrap();
    assert!(picture.contains("role=\"img\" aria-label=\"QR code for your authenticator app\""), "{picture}");
    let text = html::between(&page, "<code>", "</code>").unwrap();
    assert_eq!(text.split(' ').map(str::len).collect::<Vec<_>>(), [4; 8]);
    assert!(page.contains(&format!("secret={}", text.replace(' ', ""))), "the link has the same secret");
    assert_eq!(
        html::between(&ada.get(TOTP).send().await.text(), "<code>", "</code>"),
        Some(text),
        "reloaded"
    );
    let form = html::form(&page, TOTP).filled("code", &shown(&app, &secret_of(text)));
    let answer = ada.post(TOTP).form(&form.fields()).send().await;
    assert_eq!(codes(&answer.text()).len(), 10);
    let page = ada.get("/user/security").send().await.text();
    assert!(page.contains("action=\"/user/security/totp/remove\""), "{page}");
    assert!(page.contains("10 left"), "{page}");
    // Another telephone: the recovery codes stay.
    app.pass(Duration::from_secs(60));
    let other = secret(&ada).await;
    let journey = ada.post(TOTP).form(&[("code", &shown(&app, &other))]).follow().await;
    journey.went(&[(303, "/user/security")]);
    assert_eq!(html::notice(&journey.answer.text()), Some("Authenticator app set up."));
    assert_eq!(left(&ada).await, 10);
}

async fn a_code_of_another_makers_app_is_taken(engine: Engine) {
    if Command::new("oathtool").arg("--version").stdout(Stdio::null()).status().is_err() {
        let why = "oathtool is not there; `make test` installs it";
        let waived = std::env::var_os("VESTIBULE_TEST_WITHOUT_OATHTOOL").is_some_and(|set| set == "1");
        assert!(waived, "{why} (VESTIBULE_TEST_WITHOUT_OATHTOOL=1 leaves such tests out)");
        let _ = writeln!(std::io::stderr(), "left out: {why}");
        return;
    }
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let answer = ada.get(TOTP).wants_json().send().await.json();
    let secret = answer["secret"].as_str().unwrap();
    let now = format!("@{}", app.now() / 1_000);
    let shown =
        Command::new("oathtool").args(["--totp", "--base32", "--now", &now, secret]).output().unwrap();
    let code = String::from_utf8(shown.stdout).unwrap();
    assert_eq!(code.trim().len(), 6, "{}", String::from_utf8_lossy(&shown.stderr));
    let answer = ada.post(TOTP).form(&[("code", code.trim())]).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn a_wrong_code_is_shown_beside_its_field_and_the_secret_stays(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let secret = secret(&ada).await;
    let right = shown(&app, &secret);
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for (typed, said) in [
        (wrong, "This code isn’t right, or was used already. Enter the one the app shows now."),
        ("poem", "This code isn’t right, or was used already. Enter the one the app shows now."),
        ("", "Enter the code."),
    ] {
        let answer = ada.post(TOTP).form(&[("code", typed)]).send().await;
        assert_eq!(answer.status, 422);
        let page = answer.text();
        assert_eq!(html::error(&page, "code"), Some(said));
        let same = html::between(&page, "<code>", "</code>").map(secret_of).unwrap();
        assert_eq!(same.as_bytes(), secret.as_bytes());
        ada.post(TOTP).wants_json().form(&[("code", typed)]).send().await.refused_fields(422, &["code"]);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE second_factor_at IS NOT NULL").await, 0);
    // A secret that waited for an hour is another one.
    app.pass(Duration::from_secs(3_601));
    let ada = app.visitor();
    ada.log_in("ada", crate::support::PASSWORD).await;
    ada.post(TOTP).form(&[("code", &shown(&app, &secret))]).follow().await.went(&[(303, TOTP)]);
    ada.post(TOTP).wants_json().form(&[("code", &right)]).send().await.problem(422);
}

async fn recovery_codes_are_shown_once_and_can_be_saved_as_text(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let (_, page) = set_up(&app, &ada).await;
    let shown = codes(&page);
    assert_eq!(shown.len(), 10);
    assert!(shown.iter().all(|code| code.len() == 19), "{shown:?}");
    let file = html::between(&page, "href=\"data:text", "\"").unwrap();
    for code in &shown {
        assert!(file.contains(&code.replace('-', "%2D")), "{file}");
    }
    assert!(page.contains("download=\"recovery-codes.txt\""));
    // Whoever comes back sees none of them.
    for path in [CODES, TOTP, "/user/security"] {
        let page = ada.get(path).follow().await.answer.text();
        assert!(shown.iter().all(|code| !page.contains(code)), "{path}");
    }
    ada.get(CODES).follow().await.went(&[(303, "/user/security")]);
    // Nor has the database any.
    for code in &shown {
        let code = code.replace('-', "");
        let stored = format!(
            "SELECT COUNT(*) FROM recovery_codes WHERE digest = CAST('{code}' AS {})",
            match engine {
                Engine::Sqlite => "BLOB",
                Engine::Postgres => "BYTEA",
            }
        );
        assert_eq!(app.count(&stored).await, 0);
    }
}

async fn new_recovery_codes_replace_the_earlier_ones(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    // Without a second factor there is nothing to recover.
    ada.post(CODES).wants_json().form(&[]).send().await.problem(403);
    ada.post(CODES).form(&[]).follow().await.went(&[(303, "/user/security")]);
    let (_, page) = set_up(&app, &ada).await;
    let before = codes(&page);
    app.sql("DELETE FROM recovery_codes WHERE id NOT IN (SELECT MIN(id) FROM recovery_codes)").await;
    let page = ada.get("/user/security").send().await.text();
    assert!(page.contains("One left") && page.contains("It’s time to make new ones."), "{page}");
    let form = html::form(&page, CODES);
    let answer = ada.post(CODES).form(&form.fields()).send().await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    let after = codes(&answer.text());
    assert_eq!(after.len(), 10);
    assert!(after.iter().all(|code| !before.contains(code)));
    assert_eq!(left(&ada).await, 10);
}

async fn an_app_that_is_taken_off_leaves_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    set_up(&app, &ada).await;
    app.sql("UPDATE devices SET trusted_until = 4102444800000").await;
    let page = ada.get("/user/security").send().await.text();
    let form = html::form(&page, "/user/security/totp/remove");
    let journey = ada.post("/user/security/totp/remove").form(&form.fields()).follow().await;
    journey.went(&[(303, "/user/security")]);
    assert_eq!(html::notice(&journey.answer.text()), Some("Authenticator app removed."));
    for left in [
        "SELECT COUNT(*) FROM totp_secrets",
        "SELECT COUNT(*) FROM recovery_codes",
        "SELECT COUNT(*) FROM accounts WHERE second_factor_at IS NOT NULL",
        "SELECT COUNT(*) FROM devices WHERE trusted_until IS NOT NULL",
    ] {
        assert_eq!(app.count(left).await, 0, "{left}");
    }
    // A button that was pressed twice.
    ada.post("/user/security/totp/remove").form(&[]).follow().await.went(&[(303, "/user/security")]);
    ada.get("/user/security/totp/remove").follow().await.went(&[(303, "/user/security")]);
}

async fn programs_do_the_same_with_json(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let begun = ada.get(TOTP).wants_json().send().await.json();
    let secret = secret_of(begun["secret"].as_str().unwrap());
    assert!(begun["uri"].as_str().unwrap().starts_with("otpauth://totp/Vestibule:ada@example.org?secret="));
    let answer = ada.post(TOTP).wants_json().form(&[("code", &shown(&app, &secret))]).send().await;
    let made = answer.json();
    assert_eq!(made["recovery_codes"].as_array().unwrap().len(), 10);
    let facts = ada.get(CODES).wants_json().send().await.json();
    assert_eq!(facts, json!({ "left": 10, "made_at": "2026-01-01T00:00:00Z" }));
    let anew = ada.post(CODES).wants_json().form(&[]).send().await.json();
    assert_ne!(anew["recovery_codes"], made["recovery_codes"]);
    let removed = ada.post("/user/security/totp/remove").wants_json().form(&[]).send().await.json();
    assert_eq!(removed, json!({ "removed": 1 }));
    ada.post("/user/security/totp/remove").wants_json().form(&[]).send().await.problem(404);
    ada.get("/user/security/totp/remove").wants_json().send().await.problem(405);
    assert_eq!(ada.get(CODES).wants_json().send().await.json(), json!({ "left": 0, "made_at": null }));
}

async fn nobody_changes_anything_without_a_session_that_was_proven_lately(engine: Engine) {
    let app = TestApp::new(engine).await;
    let nobody = app.visitor();
    nobody.get(TOTP).follow().await.went(&[(303, "/user/login?next=/user/security/totp")]);
    let ada = app.signed_up("ada").await;
    set_up(&app, &ada).await;
    app.pass(Duration::from_secs(601));
    let calls = [("GET", TOTP), ("POST", TOTP), ("POST", "/user/security/totp/remove"), ("POST", CODES)];
    for (method, path) in calls {
        let ask = |who: &Visitor| {
            let ask = who.ask(method, path).wants_json();
            if method == "POST" { ask.form(&[("code", "123456")]) } else { ask }
        };
        let problem = ask(&ada).send().await.problem(403);
        assert_eq!(problem["code"], "reauthentication_required", "{method} {path}");
        ask(&nobody).send().await.problem(401);
    }
    assert_eq!(left(&ada).await, 10);
    assert_eq!(app.count("SELECT COUNT(*) FROM totp_secrets").await, 1);
}

async fn the_owner_is_told_by_mail(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    set_up(&app, &ada).await;
    ada.post(CODES).form(&[]).send().await;
    ada.post("/user/security/totp/remove").form(&[]).send().await;
    let mails = app.mailed("ada@example.org", 3).await;
    let told: String = mails.iter().map(|mail| mail::read(mail)).collect();
    for said in [
        "An authenticator app was set up for your account on Vestibule.",
        "New recovery codes were made for your account on Vestibule.",
        "The authenticator app of your account on Vestibule was removed.",
    ] {
        assert!(told.replace(['\r', '\n'], " ").contains(said), "{said}: {told}");
    }
}

async fn a_form_that_is_sent_twice_at_once_sets_one_app_up(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let code = shown(&app, &secret(&ada).await);
    let send = || async { ada.post(TOTP).form(&[("code", &code)]).send().await };
    let (one, two) = rocket::tokio::join!(send(), send());
    assert_eq!((one.status, two.status), (200, 200));
    assert_eq!(codes(&one.text()).len() + codes(&two.text()).len(), 20);
    assert_eq!(left(&ada).await, 10);
    assert_eq!(app.count("SELECT COUNT(*) FROM totp_secrets").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'totp_added'").await, 1);
}

async fn set_up_pages_are_in_the_readers_language(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for (language, headline) in [
        ("fr", "Ajouter une application d’authentification"),
        ("ru", "Подключение приложения"),
        ("en", "Set up an authenticator app"),
    ] {
        let page = ada.get(TOTP).header("Accept-Language", language).send().await.text();
        assert_eq!((html::language(&page), html::headline(&page)), (Some(language), Some(headline)));
    }
}

async fn a_secret_stands_encrypted_in_the_database(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let (secret, _) = set_up(&app, &ada).await;
    let plain: String = secret.as_bytes().iter().map(|byte| format!("{byte:02X}")).collect();
    let hex = match engine {
        Engine::Sqlite => "hex(secret)",
        Engine::Postgres => "upper(encode(secret, 'hex'))",
    };
    let bare = format!("SELECT COUNT(*) FROM totp_secrets WHERE {hex} LIKE '%{plain}%'");
    assert_eq!(app.count(&bare).await, 0);
    assert_eq!(app.count("SELECT COUNT(*) FROM totp_secrets WHERE length(secret) = 69").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM secret_keys").await, 1);
    // Another instance over the same folder has the same key.
    let other = app.another().await;
    let elsewhere = other.visitor();
    elsewhere.set_cookie("vestibule", &ada.cookie("vestibule").unwrap());
    app.pass(Duration::from_secs(60));
    assert_eq!(left(&elsewhere).await, 10);
    let replaced = elsewhere.get(TOTP).wants_json().send().await.json();
    assert_ne!(secret_of(replaced["secret"].as_str().unwrap()).as_bytes(), secret.as_bytes());
    let here = ada.get(TOTP).wants_json().send().await.json();
    assert_eq!(here, replaced, "what one instance encrypts, the other reads");
}
