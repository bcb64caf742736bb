//! Refresh tokens: each is used once.

use std::time::Duration;

use store::Engine;

use super::{SETTINGS, registered, user_info};
use crate::engines::both_engines;
use crate::support::TestApp;

both_engines!(
    a_refresh_token_is_used_once_and_its_family_dies_with_it,
    a_refresh_token_gives_no_more_than_was_permitted,
    refreshing_has_a_limit,
    the_last_use_is_known_to_the_hour,
);

async fn a_refresh_token_is_used_once_and_its_family_dies_with_it(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let tokens = shop.tokens(&app, &ada, "openid offline_access").await;
    let one = tokens["refresh_token"].as_str().unwrap();
    let second = shop.refreshes(&app, one).send().await.json();
    let two = second["refresh_token"].as_str().unwrap();
    assert_ne!(one, two);
    let third = shop.refreshes(&app, two).send().await.json();
    // Whatever else is wrong with it.
    let form = [("grant_type", "refresh_token"), ("refresh_token", one), ("scope", "openid profile")];
    let again = shop.calls(&app, "/oidc/token", &form).send().await;
    assert_eq!((again.status, again.json()["error"].as_str()), (400, Some("invalid_grant")));
    for dead in [&second, &third] {
        assert_eq!(user_info(&app, &dead["access_token"]).await.status, 401);
        let refresh = dead["refresh_token"].as_str().unwrap();
        assert_eq!(shop.refreshes(&app, refresh).send().await.json()["error"], "invalid_grant");
    }
    // What the account permits to the client is not taken back by that.
    assert_eq!(shop.code(&ada, "openid offline_access").await.len(), 43);
}

async fn a_refresh_token_gives_no_more_than_was_permitted(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let tokens = shop.tokens(&app, &ada, "openid email offline_access").await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let ask = |scope| {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("scope", scope)];
        shop.calls(&app, "/oidc/token", &form)
    };
    for more in ["openid profile", "email", "phone"] {
        let refused = ask(more).send().await.json();
        assert_eq!(refused["error"], "invalid_scope", "{more}");
    }
    let less = ask("openid").send().await.json();
    assert_eq!(less["scope"], "openid");
    assert!(user_info(&app, &less["access_token"]).await.json().get("email").is_none());
    let whole = shop.refreshes(&app, less["refresh_token"].as_str().unwrap()).send().await.json();
    assert_eq!(whole["scope"], "openid email offline_access");
    // Of another client it is nothing, and stays alive.
    let other = registered(&app, "Other", &["--first-party"]);
    let next = whole["refresh_token"].as_str().unwrap();
    assert_eq!(other.refreshes(&app, next).send().await.json()["error"], "invalid_grant");
    assert_eq!(shop.refreshes(&app, next).send().await.status, 200);
    // An access token refreshes nothing, and a refresh token tells nothing.
    let access = whole["access_token"].as_str().unwrap();
    assert_eq!(shop.refreshes(&app, access).send().await.json()["error"], "invalid_grant");
    assert_eq!(user_info(&app, &whole["refresh_token"]).await.status, 401);
}

async fn refreshing_has_a_limit(engine: Engine) {
    let app = TestApp::with(engine, &format!("{SETTINGS}\nrate_limits = 'on'")).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let mut tokens = shop.tokens(&app, &ada, "openid offline_access").await;
    for _ in 0..120 {
        tokens = shop.refreshes(&app, tokens["refresh_token"].as_str().unwrap()).send().await.json();
    }
    let last = tokens["refresh_token"].as_str().unwrap();
    let held = shop.refreshes(&app, last).send().await;
    assert_eq!((held.status, held.json()["error"].as_str()), (429, Some("temporarily_unavailable")));
    // It is not used up by that.
    app.pass(Duration::from_secs(600));
    assert_eq!(shop.refreshes(&app, last).send().await.status, 200);
}

async fn the_last_use_is_known_to_the_hour(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let mut tokens = shop.tokens(&app, &ada, "openid offline_access").await;
    let used = async || {
        let grant = app.count("SELECT used_at FROM oidc_grants").await;
        (grant, app.count("SELECT COALESCE(used_at, 0) FROM oidc_clients").await)
    };
    let first = used().await;
    assert_eq!(first.0, first.1);
    // One refresh token soon after the other: the hour counts from what is written.
    for (minutes, later) in [(40, 0), (40, 80), (40, 80), (40, 160)] {
        app.pass(Duration::from_secs(minutes * 60));
        tokens = shop.refreshes(&app, tokens["refresh_token"].as_str().unwrap()).send().await.json();
        let later = later * 60_000;
        assert_eq!(used().await, (first.0 + later, first.1 + later));
    }
}
