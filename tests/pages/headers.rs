//! Cookies, and the headers of every answer.

use store::Engine;

use crate::engines::both_engines;
use crate::support::{Answer, Body, PASSWORD, TestApp};

both_engines!(
    every_answer_is_protected,
    cookies_can_be_read_by_nobody_else,
    on_https_cookies_and_answers_are_for_https_alone,
    addresses_given_out_are_those_of_the_public_site,
    nothing_of_a_signed_in_person_is_cached,
);

const PUBLIC: &str = "public_url = 'https://accounts.example.org'";

/// One answer of every kind.
async fn answers(app: &TestApp) -> Vec<Answer> {
    let ada = app.signed_up("ada").await;
    let visitor = app.visitor();
    let mut answers = Vec::new();
    for json in [true, false] {
        let shape = |ask: crate::support::Ask| if json { ask.wants_json() } else { ask };
        for path in [
            "/",
            "/user/login",
            "/user/create",
            "/user/profil",
            "/health",
            "/nowhere",
            "/user/logout",
            "/user/%ff",
        ] {
            for visitor in [&visitor, &ada] {
                answers.push(shape(visitor.get(path)).send().await);
            }
        }
        for ask in [
            visitor.post("/user/login").form(&[("email", "ada"), ("password", "wrong password")]),
            visitor.post("/user/create").form(&[("email", "x")]),
            visitor.post("/user/login").body(Body::new("text/plain", "x")),
            visitor.post("/user/login").body(Body::new("application/json", "{")),
            visitor.post("/user/login").form(&[("x", &"x".repeat(20_000))]),
            visitor.post("/user/logout").header("sec-fetch-site", "cross-site"),
            visitor.post("/user/modify/pp"),
            ada.post("/user/modify/pp").body(Body::upload(b"x", &[])),
            ada.post("/user/modify/profile").form(&[("name", "Ada")]),
            visitor.ask("PROPFIND", "/user/login"),
            visitor.ask("OPTIONS", "/user/login"),
            visitor.post("/user/login").form(&[("email", "ada"), ("password", PASSWORD)]),
        ] {
            answers.push(shape(ask).send().await);
        }
    }
    answers.push(visitor.get("/favicon.ico").send().await);
    answers.push(visitor.get("/user/picture/letter/7/A.svg").send().await);
    answers
}

async fn every_answer_is_protected(engine: Engine) {
    let app = TestApp::new(engine).await;
    let answers = answers(&app).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses.dedup();
    assert_eq!(statuses, [200, 303, 308, 400, 401, 403, 404, 405, 413, 415, 422]);
    for answer in &answers {
        let header = |name| answer.header(name).unwrap_or_else(|| panic!("no {name}: {answer:?}"));
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"));
        if answer.is_page() {
            for part in
                ["form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'", "script-src 'self'"]
            {
                assert!(policy.split("; ").any(|known| known == part), "{part} in {policy}");
            }
        }
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(answer.header("strict-transport-security"), None);
        assert_eq!(answer.header("server"), None);
        assert!(!answer.content.is_empty() || answer.header("location").is_some());
    }
}

async fn cookies_can_be_read_by_nobody_else(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let answer = app.visitor().log_in("ada", PASSWORD).await;
    let cookies: Vec<&str> = answer.all("set-cookie").collect();
    let [session, device] = cookies[..] else { panic!("{cookies:?}") };
    let ninety_days = 90 * 86_400;
    let year = 365 * 86_400;
    for (cookie, name, age) in [(session, "vestibule", ninety_days), (device, "vestibule_device", year)] {
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        let (found, value) = pair.split_once('=').unwrap();
        assert_eq!((found, value.len()), (name, 43));
        let mut attributes: Vec<&str> = attributes.split("; ").collect();
        attributes.sort_unstable();
        assert_eq!(attributes, ["HttpOnly", &format!("Max-Age={age}"), "Path=/", "SameSite=Lax"]);
    }
}

async fn on_https_cookies_and_answers_are_for_https_alone(engine: Engine) {
    let app = TestApp::with(engine, PUBLIC).await;
    for answer in answers(&app).await {
        assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"));
        for cookie in answer.all("set-cookie") {
            assert!(cookie.starts_with("__Host-vestibule"), "{cookie}");
            assert!(
                cookie.contains("; Secure") && cookie.contains("; Path=/;") && !cookie.contains("Domain")
            );
        }
    }
    let ada = app.signed_in("ada").await;
    assert!(ada.is_signed_in().await);
    // A cookie that a subdomain or plain HTTP could have set is ignored.
    let session = ada.cookie("__Host-vestibule").unwrap();
    let other = app.visitor();
    other.set_cookie("vestibule", &session);
    assert!(!other.is_signed_in().await);
    ada.post("/user/logout").send().await;
    assert_eq!(ada.cookie("__Host-vestibule"), None);
}

async fn addresses_given_out_are_those_of_the_public_site(engine: Engine) {
    let app = TestApp::with(engine, PUBLIC).await;
    let ada = app.signed_up("ada").await;
    let answer = ada
        .get("/user/profil")
        .wants_json()
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "http")
        .header("forwarded", "host=evil.example")
        .send()
        .await;
    let account = answer.json();
    let picture = account["avatar_url"].as_str().unwrap();
    assert!(picture.starts_with("https://accounts.example.org/user/picture/"), "{picture}");
    let astray = ada.get("/user/profil").wants_json().header("host", "evil.example").send().await;
    assert_eq!(astray.status, 421);
}

async fn nothing_of_a_signed_in_person_is_cached(engine: Engine) {
    let app = TestApp::new(engine).await;
    for answer in answers(&app).await {
        let kept = answer.header("content-type").is_some_and(|kind| kind.starts_with("image/"));
        if !kept {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer:?}");
        }
    }
}
