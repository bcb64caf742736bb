//! The pages' calls answer a program as the published description says.

use std::collections::BTreeSet;

use serde_json::Value;
use store::Engine;

use crate::description::{check, document, operations};
use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, TestApp};

both_engines![whoever_is_signed_in_is_answered_as_described];

/// The list of app passwords, and what makes one.
const MADE: &str = "/user/security/app-passwords";
const CONSENT: &str = "/user/authorize/consent";

async fn whoever_is_signed_in_is_answered_as_described(engine: Engine) {
    let app = TestApp::new(engine).await;
    let document = document(&app).await;
    let ada = app.signed_up("ada").await;
    app.sql("UPDATE accounts SET second_factor_at = 1").await;
    app.sql(
        "INSERT INTO oidc_clients (name, identifier, redirect_uris, first_party, without_pkce, algorithm, \
         created_at) VALUES ('Shop', 'shop', 'https://shop.example.org/callback', false, false, 'ES256', 1)",
    )
    .await;
    let wanted = "client_id=shop&redirect_uri=https://shop.example.org/callback&response_type=code&scope=openid&\
                  code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let by_form = format!("{wanted}&response_mode=form_post");
    let decides = |request, decision| Some(Body::form(&[("request", request), ("decision", decision)]));
    let mut picture = Vec::new();
    let square = image::RgbImage::from_pixel(64, 64, image::Rgb([200, 80, 40]));
    square.write_to(&mut std::io::Cursor::new(&mut picture), image::ImageFormat::Png).unwrap();
    let (form, upload) = (Body::json, Body::upload(&picture, &[]));
    let device = app.visitor().post("/auth/device").body(form(&[("name", "mirror")])).send().await.json();
    let code = device["code"].as_str().unwrap();
    let wrong = [("apassword", "wrong wrong wrong"), ("npassword", "another horse battery")];
    let right = [("apassword", PASSWORD), ("npassword", "another horse battery")];
    let moves = [("email", "countess@example.org"), ("apassword", "another horse battery")];
    let calls: Vec<(&str, &str, Option<Body>, u16)> = vec![
        ("POST", "/user/modify/profile", Some(form(&[("name", "Ada"), ("locale", "fr")])), 200),
        ("GET", "/user/profil", None, 200),
        ("GET", "/user/security", None, 200),
        ("GET", "/api/session", None, 200),
        ("GET", "/user/security/log", None, 200),
        ("POST", "/user/security/recovery/cancel", None, 404),
        ("POST", "/user/security/log/deny", Some(form(&[("event", "999")])), 404),
        ("POST", "/user/modify/profile", Some(form(&[("name", "Ada"), ("locale", "fr")])), 200),
        ("POST", MADE, Some(form(&[("name", "a"), ("dialect", "x")])), 422),
        ("POST", MADE, Some(form(&[("name", "a"), ("dialect", "mirror")])), 201),
        ("GET", MADE, None, 200),
        ("POST", "/user/security/app-passwords/revoke", Some(Body::form(&[("id", "1")])), 200),
        ("POST", CONSENT, decides(wanted, "deny"), 200),
        ("POST", CONSENT, decides(&by_form, "allow"), 200),
        ("POST", CONSENT, decides("client_id=nobody", "allow"), 400),
        ("GET", "/user/security/applications", None, 200),
        ("POST", "/user/security/applications/end", Some(Body::form(&[("id", "1")])), 200),
        ("POST", "/user/security/applications/end", Some(Body::form(&[("id", "1")])), 404),
        ("POST", "/user/security/providers", Some(form(&[("provider", "nobody")])), 404),
        ("GET", "/user/security/providers", None, 200),
        ("POST", "/user/security/providers/unlink", Some(Body::form(&[("id", "1")])), 404),
        ("POST", "/user/identity/link", Some(form(&[("decision", "link")])), 422),
        ("POST", "/user/identity/link", Some(form(&[("decision", "leave")])), 200),
        ("POST", "/user/modify/profile", Some(form(&[("locale", "xx")])), 422),
        ("POST", "/user/modify/username", Some(form(&[("username", "countess")])), 200),
        ("POST", "/user/modify/username", Some(form(&[("username", "two words")])), 422),
        ("POST", "/user/modify/password", Some(form(&wrong)), 422),
        ("POST", "/user/modify/password", Some(form(&right)), 200),
        ("POST", "/user/modify/email", Some(form(&moves)), 200),
        ("POST", "/user/modify/email/again", None, 200),
        ("POST", "/user/modify/email/cancel", None, 200),
        ("POST", "/user/modify/email/cancel", None, 404),
        ("POST", "/user/modify/pp", Some(upload), 200),
        ("POST", "/user/modify/pp/remove", None, 200),
        ("GET", "/user/data", None, 200),
        ("POST", "/user/data", None, 202),
        ("POST", "/user/data", None, 429),
        ("GET", "/user/devices", None, 200),
        ("POST", "/user/devices/pair", Some(form(&[("code", "000000")])), 404),
        ("POST", "/user/devices/pair", Some(form(&[("code", code)])), 200),
        ("POST", "/user/devices/remove", Some(form(&[("id", "999")])), 404),
        ("POST", "/user/devices/ask", Some(form(&[("id", "999")])), 404),
        ("GET", "/user/terms", None, 404),
        ("POST", "/user/terms", Some(form(&[("version", "1")])), 404),
        ("GET", "/user/prove", None, 200),
        ("POST", "/user/prove", Some(form(&[("password", "another horse battery")])), 200),
        ("POST", "/user/prove/begin", None, 422),
        ("POST", "/user/devices/end", Some(form(&[("kind", "session"), ("id", "999")])), 404),
        ("POST", "/user/sessions/end", Some(form(&[("id", "999")])), 404),
        ("POST", "/user/devices/end-others", None, 200),
        ("POST", "/user/sessions/end-others", None, 200),
        ("GET", "/user/delete", None, 200),
        ("POST", "/user/delete/cancel", None, 200),
        ("POST", "/user/logout/application/confirm", Some(Body::form(&[("request", "client_id=shop")])), 200),
        ("POST", "/user/logout", None, 200),
        ("POST", "/user/delete", None, 401),
        ("GET", "/user/profil", None, 401),
    ];
    let mut asked = BTreeSet::new();
    for (method, path, body, status) in calls {
        let ask = ada.ask(method, path).wants_json();
        let ask = if let Some(body) = body { ask.body(body) } else { ask };
        let answer = check(&document, method, path, ask).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
        asked.insert((path.to_owned(), method.to_owned()));
        if answer.status == 200 && answer.json().get("email").is_some() {
            let secured = path == "/user/security";
            let schema = if secured { "pages.SecuredAccount" } else { "pages.Account" };
            let described = document["components"]["schemas"][schema]["properties"].as_object();
            let named =
                |fields: &serde_json::Map<String, Value>| fields.keys().cloned().collect::<BTreeSet<_>>();
            assert_eq!(named(answer.json().as_object().unwrap()), named(described.unwrap()));
        }
    }
    for (path, method, operation) in operations(&document) {
        // `described_factors.rs` asks the others.
        let of_session = operation.pointer("/security/0/session").is_some() && !path.contains("security/");
        assert!(
            !of_session || asked.contains(&(path.clone(), method.clone())),
            "{method} {path} was not asked"
        );
    }
}
