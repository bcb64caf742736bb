//! The way of a browser: from the client's site over sign-in and back with a code.

use std::time::Duration;

use store::Engine;

use super::{CALLBACK, ISSUER, SETTINGS, Shop, challenge, hidden, query, registered, said};
use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor};
use crate::totp;

both_engines!(
    somebody_signs_in_and_goes_back_with_a_code,
    whoever_is_signed_in_goes_back_at_once,
    a_client_that_wants_no_page_gets_an_error,
    a_proof_is_asked_for_where_the_last_is_too_old,
    a_second_factor_is_asked_for_of_whoever_has_one,
    a_client_that_sends_a_form_is_served_too,
    after_a_form_of_ours_a_page_goes_on,
    a_look_changes_nothing,
    another_person_than_the_client_means_is_not_told_of,
    a_password_alone_is_no_second_factor,
    whoever_must_set_up_a_factor_first_gives_a_client_nothing,
    a_parameter_that_comes_twice_in_a_form_is_refused,
    a_request_keeps_its_spelling_on_the_way,
    an_answer_can_be_a_form,
    a_program_gets_json,
);

async fn somebody_signs_in_and_goes_back_with_a_code(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    app.signed_up("ada").await;
    let (browser, challenge) = (app.visitor(), challenge());
    let away = shop.sends(&browser, &shop.asks(&challenge)).send().await;
    let sign_in = away.header("location").unwrap().to_owned();
    assert!(away.status == 303 && sign_in.starts_with("/user/login?next="), "{sign_in}");
    let page = browser.get(&sign_in).send().await.text();
    let next = hidden(&page, "next");
    assert!(next.starts_with("/user/authorize?client_id="), "{next}");
    let form = [("email", "ada@example.org"), ("password", PASSWORD), ("next", &*next)];
    let entered = browser.post("/user/login").form(&form).send().await;
    assert_eq!(entered.header("location"), Some(&*next), "{}", entered.text());
    let back = browser.get(&next).header("sec-fetch-site", "cross-site").send().await;
    assert_eq!(said(&back, "code").len(), 43);
    assert_eq!((said(&back, "state"), said(&back, "iss")), ("a&b=c".into(), ISSUER.into()));
    assert_eq!(said(&back, "error"), "");
}

async fn whoever_is_signed_in_goes_back_at_once(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let challenge = challenge();
    let one = said(&shop.sends(&ada, &shop.asks(&challenge)).send().await, "code");
    let other = said(&shop.sends(&ada, &shop.asks(&challenge)).send().await, "code");
    assert_ne!(one, other);
    // The first time is in the account's log, under the client's name, and no other is.
    let log = ada.get("/user/security/log").wants_json().send().await.json();
    let events = log["events"].as_array().unwrap();
    let permitted: Vec<_> = events.iter().filter(|event| event["kind"] == "application_permitted").collect();
    assert_eq!((permitted.len(), permitted[0]["detail"].as_str()), (1, Some("Shop")));
}

async fn a_client_that_wants_no_page_gets_an_error(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let own = registered(&app, "Own", &["--first-party"]);
    let shop = registered(&app, "Shop", &[]);
    let challenge = challenge();
    let silent = |shop: &Shop, visitor: &Visitor| {
        let mut asked = shop.asks(&challenge);
        asked.push(("prompt", "none"));
        shop.sends(visitor, &asked)
    };
    let nobody = silent(&own, &app.visitor()).send().await;
    assert_eq!((said(&nobody, "error"), said(&nobody, "state")), ("login_required".into(), "a&b=c".into()));
    assert_eq!(said(&nobody, "iss"), ISSUER);
    let ada = app.signed_up("ada").await;
    assert_eq!(said(&silent(&shop, &ada).send().await, "error"), "consent_required");
    assert_eq!(said(&silent(&own, &ada).send().await, "code").len(), 43);
}

async fn a_proof_is_asked_for_where_the_last_is_too_old(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let challenge = challenge();
    app.pass(Duration::from_secs(120));
    let with = async |name, value| {
        let mut asked = shop.asks(&challenge);
        asked.push((name, value));
        shop.sends(&ada, &asked).send().await
    };
    assert_eq!(said(&with("max_age", "121").await, "code").len(), 43);
    for (name, value) in
        [("max_age", "119"), ("max_age", "0"), ("prompt", "login"), ("prompt", "select_account")]
    {
        let away = with(name, value).await;
        let prove = away.header("location").unwrap().to_owned();
        assert!(prove.starts_with("/user/prove?next=") && prove.ends_with("&again=yes"), "{prove}");
        // Lately proven or not, the page is shown: the client wants it once more.
        let page = ada.get(&prove).send().await;
        assert_eq!(page.status, 200);
        let next = hidden(&page.text(), "next");
        assert!(!next.contains("max_age") && !next.contains("prompt"), "{next}");
        let proven = ada.post("/user/prove").form(&[("password", PASSWORD), ("next", &*next)]).send().await;
        assert_eq!(proven.header("location"), Some(&*next), "{}", proven.text());
        let back = ada.get(&next).header("sec-fetch-site", "cross-site").send().await;
        assert_eq!(said(&back, "code").len(), 43);
        app.pass(Duration::from_secs(120));
    }
    let silent = [("prompt", "none"), ("max_age", "10")];
    let mut asked = shop.asks(&challenge);
    asked.extend(silent);
    assert_eq!(said(&shop.sends(&ada, &asked).send().await, "error"), "login_required");
    // Whoever has to sign in anyway does so once.
    let mut asked = shop.asks(&challenge);
    asked.push(("prompt", "login"));
    let away = shop.sends(&app.visitor(), &asked).send().await;
    let sign_in = away.header("location").unwrap().to_owned();
    assert!(sign_in.starts_with("/user/login?next=") && !sign_in.contains("prompt"), "{sign_in}");
    let mut asked = shop.asks(&challenge);
    asked.push(("prompt", "create"));
    let away = shop.sends(&app.visitor(), &asked).send().await;
    assert!(away.header("location").unwrap().starts_with("/user/create?next="));
}

async fn a_second_factor_is_asked_for_of_whoever_has_one(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    let mut asked = shop.asks(&challenge);
    asked.push(("acr_values", "2"));
    // Nobody is asked for what they do not have: the client reads that in the ID token.
    let without = said(&shop.sends(&ada, &asked).send().await, "code");
    let token = shop.exchanges(&app, &without).send().await.json();
    assert_eq!(super::claims(&token["id_token"])["acr"], "1");
    totp::set_up(&app, &ada).await;
    // A session in which the factor was set up has proven it; one from before has not.
    app.sql("UPDATE sessions SET factors = 'password', proof_factors = ''").await;
    let away = shop.sends(&ada, &asked).send().await;
    assert!(away.header("location").unwrap().starts_with("/user/prove?next="));
}

async fn a_client_that_sends_a_form_is_served_too(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    let sent = ada
        .post("/user/authorize")
        .header("origin", "https://shop.example.org")
        .header("sec-fetch-site", "cross-site")
        .form(&shop.asks(&challenge))
        .send()
        .await;
    let again = sent.header("location").unwrap().to_owned();
    assert!(sent.status == 303 && again.starts_with("/user/authorize?"), "{again}");
    let back = ada.get(&again).header("sec-fetch-site", "cross-site").send().await;
    assert_eq!(said(&back, "code").len(), 43);
}

async fn after_a_form_of_ours_a_page_goes_on(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    // Chromium would stop a redirect here: it comes after a form of a page whose policy names no client.
    let path = format!("/user/authorize?{}", query(&shop.asks(&challenge)));
    let page = ada.get(&path).header("sec-fetch-site", "same-origin").send().await;
    assert_eq!(page.status, 200);
    let refresh = page.header("refresh").unwrap();
    assert!(refresh.starts_with(&format!("0; url={CALLBACK}?code=")), "{refresh}");
    let (html, target) = (page.text(), refresh.strip_prefix("0; url=").unwrap());
    assert!(html.contains(&target.replace('&', "&amp;").replace('/', "&#x2F;")), "{html}");
    assert!(html.contains("shop.example.org"));
    assert_eq!(page.header("referrer-policy"), Some("strict-origin"));
}

async fn a_look_changes_nothing(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    let path = format!("/user/authorize?{}", query(&shop.asks(&challenge)));
    let looked = ada.ask("HEAD", &path).send().await;
    assert_eq!((looked.status, looked.header("location")), (405, None));
    for table in ["oidc_grants", "oidc_codes"] {
        assert_eq!(app.count(&format!("SELECT COUNT(*) FROM {table}")).await, 0);
    }
}

async fn another_person_than_the_client_means_is_not_told_of(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let (shop, other) =
        (registered(&app, "Shop", &["--first-party"]), registered(&app, "Other", &["--first-party"]));
    let (ada, bob, challenge) = (app.signed_up("ada").await, app.signed_up("bob").await, challenge());
    let tokens = shop.tokens(&app, &ada, "openid").await;
    let hint = tokens["id_token"].as_str().unwrap();
    app.pass(Duration::from_secs(3600));
    let asks = |shop: &Shop, visitor: &Visitor| {
        let mut asked = shop.asks(&challenge);
        asked.extend([("prompt", "none"), ("id_token_hint", hint)]);
        shop.sends(visitor, &asked)
    };
    assert_eq!(said(&asks(&shop, &ada).send().await, "code").len(), 43);
    assert_eq!(said(&asks(&shop, &bob).send().await, "error"), "login_required");
    assert_eq!(said(&asks(&other, &ada).send().await, "error"), "invalid_request");
}

async fn a_password_alone_is_no_second_factor(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    let (secret, _) = totp::set_up(&app, &ada).await;
    app.pass(Duration::from_secs(120));
    let proven = ada.post("/user/prove").form(&[("code", &totp::shown(&app, &secret))]).send().await;
    assert_eq!(proven.status, 303, "{}", proven.text());
    let mut asked = shop.asks(&challenge);
    asked.push(("acr_values", "2"));
    let code = said(&shop.sends(&ada, &asked).send().await, "code");
    let token = shop.exchanges(&app, &code).send().await.json();
    assert_eq!(super::claims(&token["id_token"])["acr"], "2");
    // Whoever has found the open browser may know the password.
    app.pass(Duration::from_secs(3600));
    ada.post("/user/prove").form(&[("password", PASSWORD)]).send().await;
    let away = shop.sends(&ada, &asked).send().await;
    let prove = away.header("location").unwrap().to_owned();
    assert!(prove.ends_with("&again=second"), "{prove}");
    let page = ada.get(&prove).send().await.text();
    assert!(page.contains("name=\"code\"") && !page.contains("name=\"password\""), "{page}");
    let code = said(&shop.sends(&ada, &shop.asks(&challenge)).send().await, "code");
    let token = shop.exchanges(&app, &code).send().await.json();
    let claims = super::claims(&token["id_token"]);
    assert_eq!((&claims["acr"], &claims["amr"]), (&"1".into(), &serde_json::json!(["pwd"])));
}

async fn whoever_must_set_up_a_factor_first_gives_a_client_nothing(engine: Engine) {
    let required = "second_factor = { required = [\"member\"] }";
    let app = TestApp::with(engine, &format!("{SETTINGS}\n{required}")).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (ada, challenge) = (app.visitor(), challenge());
    ada.post("/user/create").form(&[("email", "ada@example.org"), ("password", PASSWORD)]).follow().await;
    let mut asked = shop.asks(&challenge);
    let away = shop.sends(&ada, &asked).send().await;
    assert_eq!((away.status, away.header("location")), (303, Some("/user/security")));
    let consent = [("request", &*query(&asked)), ("decision", "allow")];
    let refused = ada.post("/user/authorize/consent").wants_json().form(&consent).send().await;
    assert_eq!(refused.problem(403)["code"], "second_factor_missing");
    asked.push(("prompt", "none"));
    assert_eq!(said(&shop.sends(&ada, &asked).send().await, "error"), "interaction_required");
    for table in ["oidc_grants", "oidc_codes", "oidc_sign_ins"] {
        assert_eq!(app.count(&format!("SELECT COUNT(*) FROM {table}")).await, 0);
    }
    // Nobody who wants to leave is kept.
    let page = ada.get("/user/logout/application").send().await;
    assert_eq!(page.status, 200, "{:?}", page.header("location"));
    let confirm = ada.post("/user/logout/application/confirm").form(&[("request", "")]).send().await;
    assert_eq!((confirm.status, confirm.header("location")), (303, Some("/user/login")));
}

async fn a_parameter_that_comes_twice_in_a_form_is_refused(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    let mut asked = shop.asks(&challenge);
    asked.push(("nonce", "other"));
    let sent = ada.post("/user/authorize").header("sec-fetch-site", "cross-site").form(&asked).send().await;
    let again = sent.header("location").unwrap().to_owned();
    let back = ada.get(&again).header("sec-fetch-site", "cross-site").send().await;
    assert_eq!(said(&back, "error"), "invalid_request");
}

async fn a_request_keeps_its_spelling_on_the_way(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let challenge = challenge();
    let whole = query(&shop.asks(&challenge));
    // With escapes it would be too long for a way back.
    for value in ["/".repeat(1300), "~".repeat(1300)] {
        let path = format!("/user/authorize?{whole}&x={value}");
        let away = app.visitor().get(&path).send().await;
        let sign_in = away.header("location").unwrap().to_owned();
        assert!(sign_in.starts_with("/user/login?next="), "{sign_in}");
        let next = hidden(&app.visitor().get(&sign_in).send().await.text(), "next");
        assert_eq!(next, path);
    }
}

/// The fields of the form that goes to the client.
fn onward(page: &str) -> &str {
    let (_, form) = page.split_once(" data-onward>").unwrap();
    form.split_once("</form>").unwrap().0
}

async fn an_answer_can_be_a_form(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    let mut asked = shop.asks(&challenge);
    asked.push(("response_mode", "form_post"));
    let page = shop.sends(&ada, &asked).send().await;
    assert_eq!(page.status, 200);
    let text = page.text();
    assert_eq!((hidden(&text, "state"), hidden(&text, "iss")), ("a&b=c".into(), ISSUER.into()));
    assert_eq!(hidden(&text, "code").len(), 43);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("form-action 'self' https://shop.example.org;"), "{policy}");
    assert!(page.header("refresh").is_none());
    assert!(!onward(&text).contains("form-account"), "{text}");
    // A client that nobody has permitted learns nothing by an error either.
    let stranger = registered(&app, "Stranger", &[]);
    let mut asked = stranger.asks(&challenge);
    asked.extend([("response_mode", "form_post"), ("prompt", "none")]);
    let text = stranger.sends(&ada, &asked).send().await.text();
    assert_eq!(hidden(&text, "error"), "consent_required");
    assert!(!onward(&text).contains("form-account"), "{text}");
}

async fn a_program_gets_json(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    let asked = shop.asks(&challenge);
    shop.sends(&app.visitor(), &asked).wants_json().send().await.problem(401);
    let told = shop.sends(&ada, &asked).wants_json().send().await.json();
    assert!(told["redirect_to"].as_str().unwrap().starts_with(&format!("{CALLBACK}?code=")), "{told}");
    ada.get("/user/authorize?client_id=nobody").wants_json().send().await.problem(400);
}
