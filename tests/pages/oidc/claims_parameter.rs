//! What a client asks for by name, and what it lets the pages know.

use serde_json::Value;
use store::Engine;

use super::{SETTINGS, Shop, challenge, claims, hidden, registered, said, user_info};
use crate::engines::both_engines;
use crate::support::{Answer, TestApp, Visitor};
use crate::totp;

both_engines!(
    a_claim_is_given_where_it_was_asked_for,
    whoever_asks_by_name_asks_for_permission,
    another_account_than_the_client_means_is_not_told_of,
    a_second_factor_that_is_essential_is_had_or_nothing_is_granted,
    the_form_that_permits_skips_nothing,
    a_client_that_nobody_has_permitted_learns_nothing,
    the_sign_in_page_knows_the_address_and_the_language,
);

async fn asks(shop: &Shop, visitor: &Visitor, scope: &str, claims: &str) -> Answer {
    let challenge = challenge();
    let mut asked = shop.asks(&challenge);
    asked[3].1 = scope;
    asked.push(("claims", claims));
    shop.sends(visitor, &asked).send().await
}

async fn exchanged(app: &TestApp, shop: &Shop, answer: &Answer) -> Value {
    shop.exchanges(app, &said(answer, "code")).send().await.json()
}

async fn a_claim_is_given_where_it_was_asked_for(engine: Engine) {
    let fields = "fields.city = { label = { en = 'City' } }\nfields.iban = { label = { en = 'IBAN' } }";
    let app = TestApp::with(engine, &format!("{SETTINGS}\n{fields}")).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let profile = [("name", "Ada"), ("city", "Brno"), ("iban", "CZ65"), ("firstname", "Augusta")];
    ada.post("/user/modify/profile").form(&profile).send().await;
    let wanted =
        r#"{"id_token":{"email":{"essential":true},"city":null,"password":null},"userinfo":{"name":null}}"#;
    let answer = asks(&shop, &ada, "openid offline_access", wanted).await;
    let tokens = exchanged(&app, &shop, &answer).await;
    let check = async |tokens: &Value| {
        let (token, info) =
            (claims(&tokens["id_token"]), user_info(&app, &tokens["access_token"]).await.json());
        assert_eq!((&token["email"], &token["city"]), (&"ada@example.org".into(), &"Brno".into()));
        assert_eq!(info["name"], "Ada");
        for unasked in ["name", "iban", "email_verified", "picture", "password"] {
            assert!(token.get(unasked).is_none(), "{token}");
        }
        for unasked in ["email", "city", "picture"] {
            assert!(info.get(unasked).is_none(), "{info}");
        }
    };
    check(&tokens).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let next = shop.refreshes(&app, refresh).send().await.json();
    check(&next).await;
    // Claims by name go with the scope that they belong to, when fewer scopes are wanted.
    let refresh = next["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("scope", "openid")];
    let fewer = shop.calls(&app, "/oidc/token", &form).send().await.json();
    let (token, info) = (claims(&fewer["id_token"]), user_info(&app, &fewer["access_token"]).await.json());
    for gone in ["email", "city", "name"] {
        assert!(token.get(gone).is_none() && info.get(gone).is_none(), "{gone}: {token} {info}");
    }
    // The refresh token beside it permits what was permitted.
    check(&shop.refreshes(&app, fewer["refresh_token"].as_str().unwrap()).send().await.json()).await;
    for wrong in ["[]", "{\"id_token\":7}", "x"] {
        assert_eq!(said(&asks(&shop, &ada, "openid", wrong).await, "error"), "invalid_request");
    }
}

async fn whoever_asks_by_name_asks_for_permission(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &[]);
    let ada = app.signed_up("ada").await;
    let page = asks(&shop, &ada, "openid", r#"{"userinfo":{"email":null}}"#).await.text();
    assert!(page.contains("your email address"), "{page}");
    let form = [("request", &*hidden(&page, "request")), ("decision", "allow")];
    assert_eq!(ada.post("/user/authorize/consent").form(&form).send().await.status, 200);
    let again = asks(&shop, &ada, "openid", r#"{"userinfo":{"email":null}}"#).await;
    assert_eq!(said(&again, "code").len(), 43);
    // What belongs to another scope was not permitted with it.
    let more = asks(&shop, &ada, "openid", r#"{"id_token":{"given_name":null}}"#).await;
    assert_eq!(more.status, 200);
}

async fn another_account_than_the_client_means_is_not_told_of(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    let id = ada.account().await["id"].to_string();
    let wanted = format!(r#"{{"id_token":{{"sub":{{"value":"{id}"}}}}}}"#);
    assert_eq!(said(&asks(&shop, &ada, "openid", &wanted).await, "code").len(), 43);
    assert_eq!(said(&asks(&shop, &bob, "openid", &wanted).await, "error"), "login_required");
    let nobody = r#"{"userinfo":{"sub":{"value":"ada"}}}"#;
    assert_eq!(said(&asks(&shop, &ada, "openid", nobody).await, "error"), "login_required");
}

async fn a_second_factor_that_is_essential_is_had_or_nothing_is_granted(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["2"]}}}"#;
    let answer = asks(&shop, &ada, "openid", essential).await;
    assert_eq!(said(&answer, "error"), "unmet_authentication_requirements");
    let voluntary = r#"{"id_token":{"acr":{"values":["2"]}}}"#;
    assert_eq!(said(&asks(&shop, &ada, "openid", voluntary).await, "code").len(), 43);
    totp::set_up(&app, &ada).await;
    // A session in which the factor was set up has proven it; one from before has not.
    app.sql("UPDATE sessions SET factors = 'password', proof_factors = ''").await;
    let away = asks(&shop, &ada, "openid", essential).await;
    assert!(away.header("location").unwrap().ends_with("&again=second"));
}

async fn the_form_that_permits_skips_nothing(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &[]);
    let ada = app.signed_up("ada").await;
    let challenge = challenge();
    app.pass(std::time::Duration::from_secs(120));
    let decides = async |more: &[(&str, &str)]| {
        let mut asked = shop.asks(&challenge);
        asked.extend(more);
        let form = [("request", &*super::query(&asked)), ("decision", "allow")];
        ada.post("/user/authorize/consent").wants_json().form(&form).send().await
    };
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["2"]}}}"#;
    let told = decides(&[("claims", essential)]).await.json();
    assert!(told["redirect_to"].as_str().unwrap().contains("unmet_authentication_requirements"), "{told}");
    let another = r#"{"id_token":{"sub":{"value":"99"}}}"#;
    let told = decides(&[("claims", another)]).await.json();
    assert!(told["redirect_to"].as_str().unwrap().contains("login_required"), "{told}");
    for again in [("prompt", "login"), ("max_age", "60")] {
        assert_eq!(decides(&[again]).await.problem(403)["code"], "reauthentication_required");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_codes").await, 0);
}

async fn a_client_that_nobody_has_permitted_learns_nothing(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &[]);
    let ada = app.signed_up("ada").await;
    let challenge = challenge();
    let id = ada.account().await["id"].to_string();
    let one = |id: &str| format!(r#"{{"id_token":{{"sub":{{"value":"{id}"}}}}}}"#);
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["2"]}}}"#.to_owned();
    for wanted in [one(&id), one("99"), essential] {
        let mut asked = shop.asks(&challenge);
        asked.extend([("prompt", "none"), ("claims", &*wanted)]);
        assert_eq!(said(&shop.sends(&ada, &asked).send().await, "error"), "consent_required");
    }
}

async fn the_sign_in_page_knows_the_address_and_the_language(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (browser, challenge) = (app.visitor(), challenge());
    let mut asked = shop.asks(&challenge);
    asked.extend([("login_hint", "ada@example.org"), ("ui_locales", "xx fr-CA en")]);
    let away = shop.sends(&browser, &asked).send().await;
    let sign_in = away.header("location").unwrap().to_owned();
    // Logs and histories have no address.
    assert!(sign_in.ends_with("&lang=fr") && !sign_in.contains("&email"), "{sign_in}");
    let page = browser.get(&sign_in).send().await.text();
    assert!(page.contains("<html lang=\"fr\""), "{page}");
    assert_eq!(hidden(&page, "email"), "ada@example.org");
    // Whoever has chosen a language keeps it.
    let reader = app.visitor();
    reader.get("/user/login?lang=ru").send().await;
    let away = shop.sends(&reader, &asked).send().await;
    assert!(!away.header("location").unwrap().contains("lang="));
}
