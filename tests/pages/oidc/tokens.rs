//! Codes, access tokens and refresh tokens: what each gives, and what ends it.

use std::time::Duration;

use serde_json::json;
use store::Engine;

use super::{CALLBACK, ISSUER, SETTINGS, VERIFIER, claims, registered, user_info};
use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp};
use crate::totp;

both_engines!(
    a_code_gives_tokens_that_say_who_it_is,
    a_code_is_used_once_and_whoever_comes_second_ends_its_tokens,
    of_many_who_come_at_once_one_gets_tokens,
    a_code_is_too_old_after_a_minute,
    a_code_of_one_instance_is_used_at_another,
    tokens_end_with_the_session_unless_they_are_for_later,
    tokens_end_with_everything_else_of_the_account,
    whoever_denies_takes_back_what_was_permitted_since,
    fields_of_the_operators_are_no_claims_of_the_standard,
    a_client_asks_about_its_own_tokens_and_ends_them,
    a_public_client_has_the_challenge_alone,
    a_client_without_challenges_is_served_where_the_operator_says_so,
    expired_tokens_are_removed,
);

async fn a_code_gives_tokens_that_say_who_it_is(engine: Engine) {
    let fields = "fields.city = { label = { en = 'City' } }";
    let app = TestApp::with(engine, &format!("{SETTINGS}\n{fields}")).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let id = ada.account().await["id"].to_string();
    ada.post("/user/modify/profile").form(&[("name", "Ada Žofie"), ("city", "Brno")]).send().await;
    totp::set_up(&app, &ada).await;
    app.pass(Duration::from_secs(30));
    let code = shop.code(&ada, "openid profile email offline_access").await;
    app.pass(Duration::from_secs(10));
    let answer = shop.exchanges(&app, &code).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        (answer.header("cache-control"), answer.header("pragma")),
        (Some("no-store"), Some("no-cache"))
    );
    let tokens = answer.json();
    assert_eq!((tokens["token_type"].as_str(), tokens["expires_in"].as_u64()), (Some("Bearer"), Some(600)));
    assert_eq!(tokens["scope"], "openid profile email offline_access");
    let said = claims(&tokens["id_token"]);
    let now = app.now() / 1000;
    for (name, value) in [
        ("iss", json!(ISSUER)),
        ("aud", json!(shop.id)),
        ("sub", json!(id)),
        ("nonce", json!("n-0S6")),
        ("iat", json!(now)),
        ("exp", json!(now + 600)),
        ("name", json!("Ada Žofie")),
        ("preferred_username", json!("ada")),
        ("email", json!("ada@example.org")),
        ("groups", json!(["member"])),
        ("city", json!("Brno")),
    ] {
        assert_eq!(said[name], value, "{name} of {said}");
    }
    assert!(
        said["auth_time"].as_i64().unwrap() <= now - 40
            && said["picture"].as_str().unwrap().starts_with(ISSUER)
    );
    let answer = user_info(&app, &tokens["access_token"]).await;
    let info = answer.json();
    for name in ["sub", "name", "email", "email_verified", "groups", "city", "updated_at"] {
        assert_eq!(info[name], said[name], "{name} of {info}");
    }
    assert!(info.get("iss").is_none() && info.get("given_name").is_none(), "{info}");
    // By a form, too, and not by both ways.
    let token = tokens["access_token"].as_str().unwrap();
    let by_form = app.visitor().post("/oidc/userinfo").form(&[("access_token", token)]);
    assert_eq!(by_form.send().await.json()["sub"], info["sub"]);
    let both = by_form.header("authorization", &format!("Bearer {token}")).send().await;
    assert_eq!((both.status, both.json()["error"].as_str()), (400, Some("invalid_request")));
    // Less is told where less was permitted.
    let less = shop.tokens(&app, &ada, "openid").await;
    assert!(less.get("refresh_token").is_none());
    let info = user_info(&app, &less["access_token"]).await.json();
    assert_eq!(info, json!({ "sub": id }));
}

async fn a_code_is_used_once_and_whoever_comes_second_ends_its_tokens(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let other = shop.tokens(&app, &ada, "openid").await;
    let code = shop.code(&ada, "openid offline_access").await;
    let tokens = shop.exchanges(&app, &code).send().await.json();
    assert_eq!(user_info(&app, &tokens["access_token"]).await.status, 200);
    let second = shop.exchanges(&app, &code).send().await;
    assert_eq!((second.status, second.json()["error"].as_str()), (400, Some("invalid_grant")));
    assert_eq!(user_info(&app, &tokens["access_token"]).await.status, 401);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(shop.refreshes(&app, refresh).send().await.json()["error"], "invalid_grant");
    // Those of another code go on.
    assert_eq!(user_info(&app, &other["access_token"]).await.status, 200);
}

async fn of_many_who_come_at_once_one_gets_tokens(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let code = shop.code(&ada, "openid").await;
    let asks: Vec<_> = (0..20).map(|_| shop.exchanges(&app, &code)).collect();
    let mut tasks = Vec::new();
    for ask in asks {
        tasks.push(rocket::tokio::spawn(async move { ask.send().await.status }));
    }
    let mut got = 0;
    for task in tasks {
        got += usize::from(task.await.unwrap() == 200);
    }
    assert_eq!(got, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_tokens").await, 0);
}

async fn a_code_is_too_old_after_a_minute(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let code = shop.code(&ada, "openid").await;
    app.pass(Duration::from_secs(59));
    let late = shop.code(&ada, "openid").await;
    assert_eq!(shop.exchanges(&app, &code).send().await.status, 200);
    app.pass(Duration::from_secs(60));
    assert_eq!(shop.exchanges(&app, &late).send().await.json()["error"], "invalid_grant");
}

async fn a_code_of_one_instance_is_used_at_another(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let code = shop.code(&ada, "openid offline_access").await;
    let other = app.another().await;
    let tokens = shop.exchanges(&other, &code).send().await.json();
    assert_eq!(user_info(&app, &tokens["access_token"]).await.status, 200);
    let keys = |document: serde_json::Value| document["keys"].as_array().unwrap().clone();
    let here = keys(app.visitor().get("/oidc/keys").send().await.json());
    assert_eq!(here, keys(other.visitor().get("/oidc/keys").send().await.json()));
    assert_eq!(here.len(), 1);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(shop.refreshes(&app, refresh).send().await.status, 200);
}

async fn tokens_end_with_the_session_unless_they_are_for_later(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let now = shop.tokens(&app, &ada, "openid").await;
    let later = shop.tokens(&app, &ada, "openid offline_access").await;
    let code = shop.code(&ada, "openid").await;
    ada.post("/user/logout").send().await;
    assert_eq!(user_info(&app, &now["access_token"]).await.status, 401);
    assert_eq!(shop.exchanges(&app, &code).send().await.json()["error"], "invalid_grant");
    assert_eq!(user_info(&app, &later["access_token"]).await.status, 200);
    app.pass(Duration::from_secs(600));
    assert_eq!(user_info(&app, &later["access_token"]).await.status, 401);
    let refresh = later["refresh_token"].as_str().unwrap();
    let next = shop.refreshes(&app, refresh).send().await.json();
    assert_eq!(user_info(&app, &next["access_token"]).await.status, 200);
    // The proof is as old as it was, and a nonce is of a sign-in.
    let (first, second) = (claims(&later["id_token"]), claims(&next["id_token"]));
    assert_eq!((&first["auth_time"], &first["sub"]), (&second["auth_time"], &second["sub"]));
    assert!(second.get("nonce").is_none());
    app.pass(Duration::from_secs(30 * 86_400));
    let refresh = next["refresh_token"].as_str().unwrap();
    assert_eq!(shop.refreshes(&app, refresh).send().await.json()["error"], "invalid_grant");
}

async fn tokens_end_with_everything_else_of_the_account(engine: Engine) {
    for way in ["password", "lock"] {
        let app = TestApp::with(engine, SETTINGS).await;
        let shop = registered(&app, "Shop", &["--first-party"]);
        let ada = app.signed_up("ada").await;
        let tokens = shop.tokens(&app, &ada, "openid offline_access").await;
        let code = shop.code(&ada, "openid").await;
        if way == "password" {
            let form = [("apassword", PASSWORD), ("npassword", "another long passphrase")];
            assert_eq!(ada.post("/user/modify/password").wants_json().form(&form).send().await.status, 200);
        } else {
            app.sql("UPDATE accounts SET locked_at = 1").await;
        }
        assert_eq!(user_info(&app, &tokens["access_token"]).await.status, 401, "{way}");
        let refresh = tokens["refresh_token"].as_str().unwrap();
        assert_eq!(shop.refreshes(&app, refresh).send().await.json()["error"], "invalid_grant", "{way}");
        assert_eq!(shop.exchanges(&app, &code).send().await.json()["error"], "invalid_grant", "{way}");
    }
}

async fn whoever_denies_takes_back_what_was_permitted_since(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let (old, widened, new) = (
        registered(&app, "Old", &["--first-party"]),
        registered(&app, "Widened", &["--first-party"]),
        registered(&app, "New", &["--first-party"]),
    );
    let ada = app.signed_up("ada").await;
    old.tokens(&app, &ada, "openid").await;
    widened.tokens(&app, &ada, "openid").await;
    app.pass(Duration::from_secs(5));
    new.tokens(&app, &ada, "openid").await;
    widened.tokens(&app, &ada, "openid email").await;
    old.tokens(&app, &ada, "openid").await;
    let log = ada.get("/user/security/log").wants_json().send().await.json();
    let events = log["events"].as_array().unwrap();
    let event = events.iter().find(|event| event["detail"] == "New").unwrap()["id"].to_string();
    let denied = ada.post("/user/security/log/deny").wants_json().form(&[("event", &*event)]).send().await;
    assert_eq!(denied.status, 200, "{}", denied.text());
    let kept =
        "SELECT COUNT(*) FROM oidc_grants JOIN oidc_clients ON oidc_clients.id = client_id WHERE name = ";
    assert_eq!(app.count(&format!("{kept}'Old'")).await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_grants").await, 1);
}

async fn fields_of_the_operators_are_no_claims_of_the_standard(engine: Engine) {
    let fields = ["email_verified", "azp", "city"]
        .map(|name| format!("fields.{name} = {{ label = {{ en = '{name}' }} }}"))
        .join("\n");
    let app = TestApp::with(engine, &format!("{SETTINGS}\n{fields}")).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let typed = [("email_verified", "true"), ("azp", "somebody"), ("city", "Brno")];
    assert_eq!(ada.post("/user/modify/profile").wants_json().form(&typed).send().await.status, 200);
    let tokens = shop.tokens(&app, &ada, "openid profile").await;
    for said in [claims(&tokens["id_token"]), user_info(&app, &tokens["access_token"]).await.json()] {
        assert_eq!(said["city"], "Brno", "{said}");
        assert!(said.get("email_verified").is_none() && said.get("azp").is_none(), "{said}");
    }
}

async fn a_client_asks_about_its_own_tokens_and_ends_them(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let (shop, other) =
        (registered(&app, "Shop", &["--first-party"]), registered(&app, "Other", &["--first-party"]));
    let ada = app.signed_up("ada").await;
    let tokens = shop.tokens(&app, &ada, "openid email offline_access").await;
    let (access, refresh) =
        (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let told = shop.calls(&app, "/oidc/introspect", &[("token", access)]).send().await.json();
    assert_eq!((told["active"].as_bool(), told["client_id"].as_str()), (Some(true), Some(&*shop.id)));
    assert_eq!((told["iss"].as_str(), told["token_type"].as_str()), (Some(ISSUER), Some("Bearer")));
    assert_eq!(told["scope"], "openid email offline_access");
    let told = shop.calls(&app, "/oidc/introspect", &[("token", refresh)]).send().await.json();
    assert!(told["active"] == true && told.get("token_type").is_none(), "{told}");
    for (client, token) in [(&other, access), (&shop, "nothing"), (&shop, &*"A".repeat(43))] {
        let told = client.calls(&app, "/oidc/introspect", &[("token", token)]).send().await.json();
        assert_eq!(told, json!({ "active": false }));
    }
    // Another client ends nothing, and is not told.
    for (client, status) in [(&other, 200), (&shop, 401)] {
        assert_eq!(client.calls(&app, "/oidc/revoke", &[("token", access)]).send().await.status, 200);
        assert_eq!(user_info(&app, &tokens["access_token"]).await.status, status);
    }
    let next = shop.refreshes(&app, refresh).send().await.json();
    let refresh = next["refresh_token"].as_str().unwrap();
    assert_eq!(shop.calls(&app, "/oidc/revoke", &[("token", refresh)]).send().await.status, 200);
    assert_eq!(user_info(&app, &next["access_token"]).await.status, 401);
    assert_eq!(shop.calls(&app, "/oidc/revoke", &[("token", "nothing")]).send().await.status, 200);
    let stranger = [("token", access), ("client_id", &*shop.id), ("client_secret", "wrong")];
    let refused = app.visitor().post("/oidc/introspect").form(&stranger).send().await;
    assert_eq!((refused.status, refused.json()["error"].as_str()), (401, Some("invalid_client")));
}

async fn a_public_client_has_the_challenge_alone(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "App", &["--public", "--first-party"]);
    let ada = app.signed_up("ada").await;
    let tokens = shop.tokens(&app, &ada, "openid offline_access").await;
    assert_eq!(user_info(&app, &tokens["access_token"]).await.status, 200);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(shop.refreshes(&app, refresh).send().await.status, 200);
    // A secret is wrong where there is none.
    let code = shop.code(&ada, "openid").await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", &*shop.id),
        ("client_secret", "x"),
    ];
    let refused = app.visitor().post("/oidc/token").form(&form).send().await.json();
    assert_eq!(refused["error"], "invalid_client");
}

async fn a_client_without_challenges_is_served_where_the_operator_says_so(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let old = registered(&app, "Old", &["--first-party", "--without-pkce"]);
    let ada = app.signed_up("ada").await;
    let challenge = super::challenge();
    let asked: Vec<_> =
        old.asks(&challenge).into_iter().filter(|(name, _)| !name.starts_with("code_")).collect();
    let code = super::said(&old.sends(&ada, &asked).send().await, "code");
    let exchange = |code: &str, verifier: &[(&str, &str)]| {
        let form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)];
        old.calls(&app, "/oidc/token", &[&form[..], verifier].concat())
    };
    // Somebody may have taken the challenge out of the request.
    let with_verifier = exchange(&code, &[("code_verifier", VERIFIER)]).send().await;
    assert_eq!(with_verifier.json()["error"], "invalid_grant");
    assert_eq!(exchange(&code, &[]).send().await.status, 200);
    // One that was asked for with a challenge needs the verifier.
    let code = old.code(&ada, "openid").await;
    assert_eq!(exchange(&code, &[]).send().await.json()["error"], "invalid_grant");
}

async fn expired_tokens_are_removed(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    shop.tokens(&app, &ada, "openid offline_access").await;
    app.pass(Duration::from_secs(31 * 86_400));
    let store = store::Store::open(app.database().await).await.unwrap();
    let now = domain::Millis(app.now());
    let pruned = store.transact(async |tx| {
        let tokens = store::oidc_tokens::prune(tx, now).await?;
        Ok::<_, store::StoreError>((tokens, store::oidc_codes::prune(tx, now).await?))
    });
    assert_eq!(pruned.await.unwrap(), (2, 1));
    store.close().await;
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_grants").await, 1);
}
