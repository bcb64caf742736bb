//! Calls from other origins' pages: only listed origins, only with tokens.

use store::Engine;

use crate::engines::run;
use crate::support::{Ask, PASSWORD, TestApp};

const APP: &str = "https://app.example.org";
const LISTED: &str = "[cors]\norigins = [\"https://app.example.org\", \"http://localhost:5173\"]";
const TOKEN_DOORS: [(&str, &str); 4] = [
    ("POST", "/api/v1/personal/auth/"),
    ("PATCH", "/api/user/v1/changepassword"),
    ("POST", "/auth/login"),
    ("POST", "/oauth/token"),
];

fn preflight(app: &TestApp, path: &str, method: &str, origin: &str) -> Ask {
    let ask = app.visitor().ask("OPTIONS", path).header("origin", origin);
    let ask = ask.header("access-control-request-method", method);
    ask.header("access-control-request-headers", "authorization,content-type")
}

#[test]
fn a_listed_origin_may_call_every_dialect_that_is_spoken_with_a_token() {
    run(Engine::Sqlite, async |engine| {
        let app = TestApp::with(engine, LISTED).await;
        for (method, path) in TOKEN_DOORS {
            let answer = preflight(&app, path, method, APP).send().await;
            assert_eq!(answer.status, 204, "{path}");
            assert!(answer.content.is_empty());
            assert_eq!(answer.header("access-control-allow-origin"), Some(APP));
            let methods = answer.header("access-control-allow-methods").unwrap();
            assert!(methods.split(", ").any(|allowed| allowed == method), "{methods}");
            assert!(answer.header("access-control-allow-headers").unwrap().contains("Authorization"));
            assert_eq!(answer.header("access-control-allow-credentials"), None);
            assert!(answer.all("vary").any(|vary| vary.contains("Origin")));
        }
        let call = app.visitor().post("/api/v1/personal/auth").header("origin", "http://localhost:5173");
        let answer = call.form(&[("login", "nobody"), ("password", PASSWORD)]).send().await;
        assert_eq!(answer.header("access-control-allow-origin"), Some("http://localhost:5173"));
        assert!(answer.header("access-control-expose-headers").unwrap().contains("Retry-After"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    });
}

#[test]
fn nobody_else_and_no_other_door_is_allowed() {
    run(Engine::Sqlite, async |engine| {
        let app = TestApp::with(engine, LISTED).await;
        for origin in
            ["https://evil.example", "https://app.example.org.evil.example", "http://app.example.org", "null"]
        {
            let answer = preflight(&app, "/auth/login", "POST", origin).send().await;
            assert_eq!(
                (answer.status, answer.header("access-control-allow-origin")),
                (405, None),
                "{origin}"
            );
            let answer = app.visitor().post("/auth/login").header("origin", origin).send().await;
            assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
        }
        for path in ["/user/login", "/user/profil", "/admin/api_account/exist", "/authentic", "/"] {
            let answer = preflight(&app, path, "POST", APP).send().await;
            assert_ne!(answer.status, 204, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
        }
        let nowhere = preflight(&app, "/auth/nothing", "POST", APP).send().await;
        assert_eq!(nowhere.status, 404);
    });
}

#[test]
fn nothing_is_allowed_unless_it_is_listed() {
    run(Engine::Sqlite, async |engine| {
        let app = TestApp::new(engine).await;
        let answer = preflight(&app, "/auth/login", "POST", APP).send().await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (405, None));
    });
}
