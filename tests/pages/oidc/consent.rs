//! The page that asks whether somebody permits it, and the page where they take it back.

use store::Engine;

use super::{CALLBACK, SETTINGS, challenge, hidden, registered, said, user_info};
use crate::engines::both_engines;
use crate::support::TestApp;

both_engines!(
    a_person_permits_it_once,
    a_person_does_not_permit_it,
    a_page_of_another_account_permits_nothing,
    an_application_is_ended_by_its_owner_alone,
    more_than_was_permitted_is_asked_for_again,
);

async fn a_person_permits_it_once(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Ada & Sons", &[]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    let page = shop.sends(&ada, &shop.asks(&challenge)).send().await;
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(
        text.contains("Let Ada &amp; Sons know who you are?") && text.contains("shop.example.org"),
        "{text}"
    );
    assert!(text.contains("your email address") && !text.contains("not signed in here"), "{text}");
    let request = hidden(&text, "request");
    let decided = ada
        .post("/user/authorize/consent")
        .header("origin", super::ISSUER)
        .form(&[("request", &*request), ("decision", "allow")])
        .send()
        .await;
    let refresh = decided.header("refresh").unwrap();
    assert!(refresh.starts_with(&format!("0; url={CALLBACK}?code=")), "{refresh}");
    let code = said(&shop.sends(&ada, &shop.asks(&challenge)).send().await, "code");
    assert_eq!(shop.exchanges(&app, &code).send().await.status, 200);
    let mut asked = shop.asks(&challenge);
    asked.push(("prompt", "consent"));
    assert_eq!(shop.sends(&ada, &asked).send().await.status, 200);
    // In the reader's language.
    let french = shop.sends(&ada, &asked).header("accept-language", "fr").send().await.text();
    assert!(french.contains("Dire qui vous êtes à Ada &amp; Sons"), "{french}");
}

async fn a_person_does_not_permit_it(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &[]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    let request = super::query(&shop.asks(&challenge));
    let form = [("request", &*request), ("decision", "deny")];
    let denied = ada.post("/user/authorize/consent").form(&form).send().await;
    let refresh = denied.header("refresh").unwrap();
    assert!(refresh.contains("?error=access_denied&") && refresh.contains("state=a%26b%3Dc"), "{refresh}");
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_codes").await, 0);
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_grants").await, 0);
    for wrong in ["", "yes"] {
        let form = [("request", &*request), ("decision", wrong)];
        assert_eq!(ada.post("/user/authorize/consent").form(&form).send().await.status, 400);
    }
    assert_eq!(ada.get("/user/authorize/consent").send().await.status, 303);
}

async fn a_page_of_another_account_permits_nothing(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &[]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    let other = app.signed_up("bob").await.account().await["id"].to_string();
    let request = super::query(&shop.asks(&challenge));
    let form = [("request", &*request), ("decision", "allow"), ("form-account", &*other)];
    let answer = ada.post("/user/authorize/consent").form(&form).send().await;
    assert!(answer.header("refresh").is_none(), "{}", answer.text());
    let cross = ada
        .post("/user/authorize/consent")
        .header("origin", "https://shop.example.org")
        .header("sec-fetch-site", "cross-site")
        .form(&form[..2])
        .send()
        .await;
    assert_eq!(cross.status, 403);
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_grants").await, 0);
    // Nobody is signed in.
    let away = app.visitor().post("/user/authorize/consent").form(&form[..2]).send().await;
    assert!(away.header("location").unwrap().starts_with("/user/login?next="));
}

async fn an_application_is_ended_by_its_owner_alone(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    assert!(!ada.get("/user/security").send().await.text().contains("id=\"applications\""));
    let tokens = shop.tokens(&app, &ada, "openid email offline_access").await;
    let listed = ada.get("/user/security/applications").wants_json().send().await.json();
    let one = &listed["applications"][0];
    assert_eq!((one["name"].as_str(), one["client_id"].as_str()), (Some("Shop"), Some(&*shop.id)));
    assert_eq!(one["scopes"], serde_json::json!(["openid", "email", "offline_access"]));
    let page = ada.get("/user/security").send().await.text();
    assert!(page.contains("id=\"applications\"") && page.contains("<b>Shop</b>"), "{page}");
    let id = one["id"].to_string();
    bob.post("/user/security/applications/end").wants_json().form(&[("id", &*id)]).send().await.problem(404);
    assert_eq!(user_info(&app, &tokens["access_token"]).await.status, 200);
    let ended = ada.post("/user/security/applications/end").form(&[("id", &*id)]).follow().await.answer;
    assert!(ended.text().contains("Access ended."), "{}", ended.text());
    assert_eq!(user_info(&app, &tokens["access_token"]).await.status, 401);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(shop.refreshes(&app, refresh).send().await.json()["error"], "invalid_grant");
    // The button was pressed twice.
    assert_eq!(ada.post("/user/security/applications/end").form(&[("id", &*id)]).send().await.status, 303);
    let log = ada.get("/user/security/log").wants_json().send().await.json();
    assert_eq!(log["events"][0]["kind"], "application_ended");
    assert_eq!(log["events"][0]["detail"], "Shop");
}

async fn more_than_was_permitted_is_asked_for_again(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &[]);
    let (ada, challenge) = (app.signed_up("ada").await, challenge());
    let allow = async |scope| {
        let mut asked = shop.asks(&challenge);
        asked[3].1 = scope;
        let request = super::query(&asked);
        let form = [("request", &*request), ("decision", "allow")];
        ada.post("/user/authorize/consent").form(&form).send().await
    };
    let asks = async |scope| {
        let mut asked = shop.asks(&challenge);
        asked[3].1 = scope;
        shop.sends(&ada, &asked).send().await
    };
    assert!(allow("openid email").await.header("refresh").is_some());
    assert_eq!(said(&asks("openid").await, "code").len(), 43);
    let page = asks("openid email profile").await;
    assert_eq!(page.status, 200);
    assert!(allow("openid profile").await.header("refresh").is_some());
    assert_eq!(said(&asks("openid email profile").await, "code").len(), 43);
}
