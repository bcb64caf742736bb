//! The keys that ID tokens are signed with, and the document that says where everything is.

use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;
use store::Engine;

use super::{ISSUER, SETTINGS, Shop, registered};
use crate::engines::both_engines;
use crate::support::TestApp;

both_engines!(
    a_token_is_read_by_the_published_key_alone,
    a_key_is_published_before_it_signs_and_after_it_has,
    the_keys_are_encrypted_in_the_database,
    a_rotation_of_the_secret_keys_leaves_the_signing_keys,
    a_client_finds_everything_by_one_document,
);

async fn published(app: &TestApp) -> JwkSet {
    let answer = app.visitor().get("/oidc/keys").send().await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    serde_json::from_value(answer.json()).unwrap()
}

/// Reads an ID token as a client does.
fn read(keys: &JwkSet, token: &str, shop: &Shop, algorithm: Algorithm) -> Result<Value, String> {
    let id = decode_header(token).unwrap().kid.unwrap();
    let key = keys.find(&id).ok_or("the key is not published")?;
    let mut rules = Validation::new(algorithm);
    rules.set_audience(&[&shop.id]);
    rules.set_issuer(&[ISSUER]);
    // The clock of the test stands elsewhere.
    rules.validate_exp = false;
    let key = DecodingKey::from_jwk(key).map_err(|error| error.to_string())?;
    decode(token, &key, &rules).map(|read| read.claims).map_err(|error| error.to_string())
}

async fn a_token_is_read_by_the_published_key_alone(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    for (name, algorithm) in [("ES256", Algorithm::ES256), ("RS256", Algorithm::RS256)] {
        let shop = registered(&app, name, &["--first-party", "--algorithm", name]);
        let tokens = shop.tokens(&app, &ada, "openid email").await;
        let token = tokens["id_token"].as_str().unwrap();
        let keys = published(&app).await;
        assert_eq!(read(&keys, token, &shop, algorithm).unwrap()["email"], "ada@example.org");
        let (head, rest) = token.split_once('.').unwrap();
        let (body, signature) = rest.split_once('.').unwrap();
        let changed = format!("{head}.{}.{signature}", body.chars().rev().collect::<String>());
        assert!(read(&keys, &changed, &shop, algorithm).is_err());
        let other = registered(&app, &format!("{name} 2"), &["--first-party"]);
        assert!(read(&keys, token, &other, algorithm).is_err());
        for key in &keys.keys {
            assert_eq!(key.common.public_key_use, Some(jsonwebtoken::jwk::PublicKeyUse::Signature));
        }
    }
}

async fn a_key_is_published_before_it_signs_and_after_it_has(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let signed_by = async || {
        let ada = app.signed_in("ada").await;
        let tokens = shop.tokens(&app, &ada, "openid").await;
        decode_header(tokens["id_token"].as_str().unwrap()).unwrap().kid.unwrap()
    };
    let first = signed_by().await;
    drop(ada);
    let day = Duration::from_secs(86_400);
    app.pass(89 * day);
    assert_eq!((signed_by().await, published(&app).await.keys.len()), (first.clone(), 1));
    app.pass(2 * day);
    // The next key is there, and signs a day later.
    assert_eq!((signed_by().await, published(&app).await.keys.len()), (first.clone(), 2));
    app.pass(day);
    let second = signed_by().await;
    assert_ne!(second, first);
    assert!(published(&app).await.find(&first).is_some());
    let prune = async || {
        let store = store::Store::open(app.database().await).await.unwrap();
        let since = domain::Millis(app.now()).before(domain::lifetimes::SIGNING_KEY_NEEDED);
        let pruned = store.transact(async |tx| store::oidc_signing_keys::prune(tx, since).await);
        let pruned = pruned.await.unwrap();
        store.close().await;
        pruned
    };
    assert_eq!(prune().await, 0);
    app.pass(8 * day);
    assert_eq!(prune().await, 1);
    let left = published(&app).await;
    assert!(left.find(&first).is_none() && left.find(&second).is_some());
}

async fn the_keys_are_encrypted_in_the_database(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    shop.tokens(&app, &ada, "openid").await;
    let store = store::Store::open(app.database().await).await.unwrap();
    let kept = store::oidc_signing_keys::list(&mut store.read().await.unwrap()).await.unwrap();
    store.close().await;
    // PKCS #8 begins with a SEQUENCE; the form of what is encrypted with its version.
    assert_eq!((kept.len(), kept[0].sealed[0]), (1, 1));
    assert!(!kept[0].public.contains("\"d\""));
    assert_eq!(app.count("SELECT COUNT(*) FROM secret_keys").await, 1);
}

async fn a_rotation_of_the_secret_keys_leaves_the_signing_keys(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let signed_by = async || {
        let tokens = shop.tokens(&app, &ada, "openid").await;
        decode_header(tokens["id_token"].as_str().unwrap()).unwrap().kid.unwrap()
    };
    let before = signed_by().await;
    let sealed = async || {
        let store = store::Store::open(app.database().await).await.unwrap();
        let kept = store::oidc_signing_keys::list(&mut store.read().await.unwrap()).await.unwrap();
        store.close().await;
        kept[0].sealed.clone()
    };
    let old = sealed().await;
    let said = super::command(&app, &["secrets", "rotate"]).1;
    assert!(said.contains("1 secrets were encrypted anew"), "{said}");
    assert_ne!(sealed().await, old);
    // After a minute it is read from the database again.
    app.pass(Duration::from_secs(61));
    assert_eq!(signed_by().await, before);
}

async fn a_client_finds_everything_by_one_document(engine: Engine) {
    let app = TestApp::with(engine, "public_url = 'https://www.example.org/account'").await;
    let found = app.visitor().get("/account/.well-known/openid-configuration").send().await;
    assert_eq!(found.header("access-control-allow-origin"), Some("*"));
    let document = found.json();
    assert_eq!(document["issuer"], "https://www.example.org/account");
    for (name, path) in [
        ("authorization_endpoint", "/user/authorize"),
        ("token_endpoint", "/oidc/token"),
        ("userinfo_endpoint", "/oidc/userinfo"),
        ("jwks_uri", "/oidc/keys"),
        ("introspection_endpoint", "/oidc/introspect"),
        ("revocation_endpoint", "/oidc/revoke"),
    ] {
        assert_eq!(document[name], format!("https://www.example.org/account{path}"));
        assert_ne!(app.visitor().get(&format!("/account{path}")).send().await.status, 404, "{path}");
    }
}
