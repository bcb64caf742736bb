//! Cross-site requests are refused, at every path that takes a `POST`.

use rocket::http::Method;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, TestApp};

both_engines!(
    another_sites_page_can_write_nowhere,
    ones_own_pages_and_programs_can_write,
    with_a_public_address_only_that_is_ones_own,
    looking_is_allowed_from_everywhere,
);

const PUBLIC: &str = "public_url = 'https://accounts.example.org'";

/// Every path that takes a `POST`, from the server's routes.
fn writes(app: &TestApp) -> Vec<String> {
    let rocket = app.rocket();
    let posts = rocket.routes().filter(|route| route.method == Method::Post);
    let mut paths: Vec<String> = posts
        .map(|route| {
            let parts =
                route.uri.path().split('/').map(|part| if part.starts_with('<') { "1" } else { part });
            parts.collect::<Vec<_>>().join("/")
        })
        .filter(|path| path.starts_with("/user/"))
        // A client's form leads to the same request by `GET`, and changes nothing.
        .filter(|path| !["/user/authorize", "/user/logout/application"].contains(&path.as_str()))
        .collect();
    paths.sort();
    paths
}

async fn another_sites_page_can_write_nowhere(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let before = ada.account().await;
    let paths = writes(&app);
    assert!(paths.len() >= 12, "{paths:?}");
    let own = app.url("");
    let marks: [&[(&str, &str)]; 8] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "nonsense")],
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1")],
        &[("sec-fetch-site", "cross-site"), ("origin", &own)],
    ];
    let fields = [
        ("email", "new@example.org"),
        ("username", "new"),
        ("password", PASSWORD),
        ("apassword", PASSWORD),
        ("npassword", "another horse entirely"),
        ("name", "Mallory"),
    ];
    for path in &paths {
        for mark in marks {
            for (body, visitor) in Body::kinds(&fields).into_iter().zip([&ada, &app.visitor(), &ada]) {
                let mut ask = visitor.post(path).body(body);
                for (name, value) in mark {
                    ask = ask.header(name, value);
                }
                ask.send().await.refusal_page(403);
                ask.wants_json().send().await.problem(403);
            }
        }
    }
    assert_eq!(ada.account().await, before);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 1);
}

async fn ones_own_pages_and_programs_can_write(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let own = app.url("");
    let marks: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "same-origin"), ("origin", &own)],
        &[("sec-fetch-site", "none")],
        &[("origin", &own)],
        &[],
    ];
    for mark in marks {
        let mut ask = ada.post("/user/modify/profile").form(&[("name", "Ada")]);
        for (name, value) in mark {
            ask = ask.header(name, value);
        }
        assert_eq!(ask.send().await.status, 303, "{mark:?}");
    }
}

async fn with_a_public_address_only_that_is_ones_own(engine: Engine) {
    let app = TestApp::with(engine, PUBLIC).await;
    let own = app.url("");
    for (name, value, allowed) in [
        ("origin", "https://accounts.example.org", true),
        ("sec-fetch-site", "same-origin", true),
        ("origin", "http://accounts.example.org", false),
        ("origin", "https://accounts.example.org.evil.example", false),
        ("origin", "https://example.org", false),
        ("origin", own.as_str(), false),
    ] {
        let answer = app.visitor().post("/user/logout").header(name, value).send().await;
        assert_eq!(answer.status, if allowed { 303 } else { 403 }, "{name}: {value}");
    }
}

async fn looking_is_allowed_from_everywhere(engine: Engine) {
    let app = TestApp::new(engine).await;
    for method in ["GET", "HEAD"] {
        let ask = app.visitor().ask(method, "/user/login").header("sec-fetch-site", "cross-site");
        assert_eq!(ask.header("origin", "https://evil.example").send().await.status, 200);
    }
}
