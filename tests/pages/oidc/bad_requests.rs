//! Requests that cannot be granted: the specified error, in its specified place, and nothing granted.

use store::Engine;

use super::{CALLBACK, SETTINGS, VERIFIER, challenge, query, registered, said};
use crate::engines::both_engines;
use crate::support::TestApp;

both_engines!(
    whoever_is_not_known_gets_a_page_and_no_way_back,
    a_known_client_is_told_what_is_wrong,
    a_token_is_refused_by_the_words_of_the_standard,
    a_code_is_of_one_client_and_one_address,
    wrong_secrets_are_counted,
);

async fn whoever_is_not_known_gets_a_page_and_no_way_back(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    let mut requests = Vec::new();
    for other in [
        "https://shop.example.org/callback/",
        "https://shop.example.org/Callback",
        "https://shop.example.org:8443/callback",
        "https://shop.example.org/callback?x=1",
        "https://shop.example.org/callback#x",
        "https://shop.example.org%2fcallback",
        "https://ada@shop.example.org/callback",
        "https://shop.example.org@evil.example/callback",
        "http://shop.example.org/callback",
        "https://evil.example/callback",
        "",
    ] {
        let mut asked = shop.asks(&challenge);
        asked[1].1 = other;
        requests.push(query(&asked));
    }
    for id in ["", "nobody", "\0", "é", &shop.id.to_uppercase(), &"a".repeat(65)] {
        let mut asked = shop.asks(&challenge);
        asked[0].1 = id;
        requests.push(query(&asked));
    }
    let whole = query(&shop.asks(&challenge));
    requests.push(format!("{whole}&client_id={}", shop.id));
    requests.push(format!("{whole}&redirect_uri=https%3A%2F%2Fshop.example.org%2Fcallback"));
    requests.push(format!("{whole}&x={}", "a".repeat(2000)));
    requests.push(String::new());
    for request in requests {
        for visitor in [&ada, &app.visitor()] {
            let answer = visitor.get(&format!("/user/authorize?{request}")).send().await;
            assert_eq!((answer.status, answer.header("location")), (400, None), "{request}");
            assert!(answer.header("refresh").is_none() && answer.is_page(), "{request}");
        }
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_codes").await, 0);
}

async fn a_known_client_is_told_what_is_wrong(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    let long = "n".repeat(513);
    for (name, value, error) in [
        ("response_type", Some("token"), "unsupported_response_type"),
        ("response_type", Some("code id_token"), "unsupported_response_type"),
        ("response_type", None, "invalid_request"),
        ("response_mode", Some("fragment"), "invalid_request"),
        ("scope", Some("profile"), "invalid_scope"),
        ("scope", None, "invalid_scope"),
        ("code_challenge", None, "invalid_request"),
        ("code_challenge", Some("short"), "invalid_request"),
        ("code_challenge_method", Some("plain"), "invalid_request"),
        ("code_challenge_method", None, "invalid_request"),
        ("prompt", Some("none login"), "invalid_request"),
        ("prompt", Some("dance"), "invalid_request"),
        ("max_age", Some("-1"), "invalid_request"),
        ("max_age", Some("soon"), "invalid_request"),
        ("nonce", Some(&*long), "invalid_request"),
        ("nonce", Some("a\0b"), "invalid_request"),
        ("id_token_hint", Some("e30.e30.e30"), "invalid_request"),
        ("request", Some("eyJ"), "request_not_supported"),
        ("request_uri", Some("https://shop.example.org/r"), "request_uri_not_supported"),
        ("registration", Some("{}"), "registration_not_supported"),
    ] {
        let mut asked: Vec<_> = shop.asks(&challenge).into_iter().filter(|(sent, _)| *sent != name).collect();
        asked.extend(value.map(|value| (name, value)));
        let answer = shop.sends(&ada, &asked).send().await;
        assert_eq!(
            (said(&answer, "error"), said(&answer, "code")),
            (error.into(), String::new()),
            "{name} {value:?}"
        );
        assert_eq!(said(&answer, "state"), "a&b=c");
        assert!(!said(&answer, "error_description").is_empty());
    }
    let mut asked = shop.asks(&challenge);
    asked.push(("nonce", "other"));
    assert_eq!(said(&shop.sends(&ada, &asked).send().await, "error"), "invalid_request");
    let answer = ada.get(&format!("/user/authorize?{}&x=%ff", query(&shop.asks(&challenge)))).send().await;
    assert_eq!(said(&answer, "error"), "invalid_request");
    // What is not known is ignored.
    let mut asked = shop.asks(&challenge);
    asked.extend([("ui_locales", "fr"), ("login_hint", "ada"), ("display", "page"), ("x", "y")]);
    asked[3].1 = "openid phone address";
    assert_eq!(said(&shop.sends(&ada, &asked).send().await, "code").len(), 43);
}

async fn a_token_is_refused_by_the_words_of_the_standard(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let refused = async |form: &[(&str, &str)], status: u16, error: &str| {
        let answer = shop.calls(&app, "/oidc/token", form).send().await;
        assert_eq!((answer.status, answer.json()["error"].as_str()), (status, Some(error)), "{form:?}");
    };
    refused(&[("grant_type", "password")], 400, "unsupported_grant_type").await;
    refused(&[("grant_type", "client_credentials")], 400, "unsupported_grant_type").await;
    refused(&[], 400, "invalid_request").await;
    let code = shop.code(&ada, "openid").await;
    let whole = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let wrong_verifier = VERIFIER.replace('d', "e");
    let changed = code.chars().rev().collect::<String>();
    for (name, value) in [
        ("code", Some("x")),
        ("code", Some(&*changed)),
        ("redirect_uri", None),
        ("redirect_uri", Some("https://shop.example.org/callback/")),
        ("code_verifier", None),
        ("code_verifier", Some("")),
        ("code_verifier", Some(&*wrong_verifier)),
    ] {
        let mut form: Vec<_> = whole.into_iter().filter(|(sent, _)| *sent != name).collect();
        form.extend(value.map(|value| (name, value)));
        refused(&form, 400, "invalid_grant").await;
    }
    refused(&whole[..1], 400, "invalid_request").await;
    refused(&[("grant_type", "refresh_token"), ("refresh_token", "")], 400, "invalid_request").await;
    let mut twice = whole.to_vec();
    twice.push(("code", &*code));
    refused(&twice, 400, "invalid_request").await;
    for wrong in ["x", &*"A".repeat(43)] {
        refused(&[("grant_type", "refresh_token"), ("refresh_token", wrong)], 400, "invalid_grant").await;
    }
    // None of that has used the code up.
    assert_eq!(shop.exchanges(&app, &code).send().await.status, 200);
    // No secret, a wrong one, one in two places, and the client of nobody.
    let anonymous = [("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_id", &*shop.id)];
    let answer = app.visitor().post("/oidc/token").form(&anonymous).send().await;
    assert_eq!((answer.status, answer.json()["error"].as_str()), (401, Some("invalid_client")));
    assert!(answer.header("www-authenticate").unwrap().starts_with("Basic "));
    let basic = |id: &str, secret: &str| {
        use base64::Engine as _;
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}")))
    };
    let form = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    let by = |header: String| app.visitor().post("/oidc/token").header("authorization", &header).form(&form);
    assert_eq!(by(basic(&shop.id, &shop.secret)).send().await.json()["error"], "invalid_grant");
    // RFC 6749, section 2.3.1: both are form-encoded, by some libraries to the last character.
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let whole = by(basic(&escaped(&shop.id), &escaped(&shop.secret))).send().await;
    assert_eq!(whole.json()["error"], "invalid_grant");
    assert_eq!(by(basic(&escaped(&shop.id), &escaped("wrong"))).send().await.status, 401);
    assert_eq!(by(basic(&shop.id, "wrong")).send().await.status, 401);
    assert_eq!(by(basic("nobody", &shop.secret)).send().await.status, 401);
    for path in ["/oidc/introspect", "/oidc/revoke"] {
        let answer = shop.calls(&app, path, &[("token", "")]).send().await;
        assert_eq!(
            (answer.status, answer.json()["error"].as_str()),
            (400, Some("invalid_request")),
            "{path}"
        );
    }
    assert_eq!(by(basic("\0", "\0")).send().await.status, 401);
    let twice =
        shop.calls(&app, "/oidc/token", &form).header("authorization", &basic(&shop.id, &shop.secret));
    assert_eq!(twice.send().await.json()["error"], "invalid_request");
    // A token that is none.
    for header in ["Bearer x", "Bearer ", "Basic eDp5"] {
        let answer = app.visitor().get("/oidc/userinfo").header("authorization", header).send().await;
        assert_eq!(answer.status, 401, "{header}");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer "), "{header}");
    }
    // Nothing answers a program with a page.
    for path in ["/oidc/token", "/oidc/userinfo", "/oidc/nothing", "/.well-known/openid-configuration"] {
        let answer = app.visitor().ask("DELETE", path).header("accept", "text/html").send().await;
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
    }
}

async fn a_code_is_of_one_client_and_one_address(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let (shop, other) =
        (registered(&app, "Shop", &["--first-party"]), registered(&app, "Other", &["--first-party"]));
    let ada = app.signed_up("ada").await;
    let code = shop.code(&ada, "openid").await;
    assert_eq!(other.exchanges(&app, &code).send().await.json()["error"], "invalid_grant");
    // The other client has neither used it up nor ended anything.
    let tokens = shop.exchanges(&app, &code).send().await;
    assert_eq!(tokens.status, 200);
    assert_eq!(other.exchanges(&app, &code).send().await.json()["error"], "invalid_grant");
    assert_eq!(super::user_info(&app, &tokens.json()["access_token"]).await.status, 200);
}

async fn wrong_secrets_are_counted(engine: Engine) {
    let app = TestApp::with(engine, &format!("{SETTINGS}\nrate_limits = 'on'")).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let form = [("grant_type", "refresh_token"), ("client_id", &*shop.id), ("client_secret", "wrong")];
    let mut statuses = Vec::new();
    for _ in 0..61 {
        statuses.push(app.visitor().post("/oidc/token").form(&form).send().await.status);
    }
    assert_eq!((statuses[59], statuses[60]), (401, 429));
    // A right one is served all the same.
    let ada = app.signed_up("ada").await;
    assert_eq!(shop.tokens(&app, &ada, "openid").await["scope"], "openid");
}
