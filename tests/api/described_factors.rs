//! Compares the published description of the calls for second factors with real answers.

use store::Engine;

use crate::description::{check, document};
use crate::engines::both_engines;
use crate::support::{Body, TestApp, totp};

both_engines![codes_are_answered_as_described];

async fn codes_are_answered_as_described(engine: Engine) {
    let app = TestApp::new(engine).await;
    let document = document(&app).await;
    let ada = app.signed_up("ada").await;
    let (setting_up, codes) = ("/user/security/totp", "/user/security/recovery-codes");
    let begun = check(&document, "GET", setting_up, ada.get(setting_up).wants_json()).await.json();
    let shown = totp::shown(&totp::secret_of(begun["secret"].as_str().unwrap()), app.now());
    let calls = [
        ("GET", codes, None, 200),
        ("POST", codes, None, 403),
        ("POST", setting_up, Some("poem"), 422),
        ("POST", setting_up, Some(&*shown), 200),
        ("GET", codes, None, 200),
        ("POST", codes, None, 200),
        ("POST", "/user/security/totp/remove", None, 200),
        ("POST", "/user/security/totp/remove", None, 404),
    ];
    for (method, path, code, status) in calls {
        let ask = ada.ask(method, path).wants_json();
        let ask = if let Some(code) = code { ask.body(Body::json(&[("code", code)])) } else { ask };
        let answer = check(&document, method, path, ask).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
    }
}
