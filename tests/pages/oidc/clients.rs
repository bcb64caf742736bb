//! `vestibule client …`, beside a running server.

use store::Engine;

use super::{SETTINGS, challenge, client_command, command, registered, user_info};
use crate::engines::both_engines;
use crate::support::TestApp;

both_engines!(clients_are_listed_given_another_secret_and_revoked, what_cannot_be_is_said_and_writes_nothing,);

async fn clients_are_listed_given_another_secret_and_revoked(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let mut shop = registered(&app, "Žofie’s shop", &["--first-party"]);
    let app_of_shop = registered(&app, "App", &["--public", "--redirect", "org.example.app:/cb"]);
    assert!(app_of_shop.secret.is_empty() && shop.secret.len() == 43);
    let listed = client_command(&app, &["list"]);
    assert!(
        listed.contains(&shop.id) && listed.contains("Žofie’s shop") && listed.contains("secret,first-party")
    );
    assert!(listed.contains("org.example.app:/cb") && !listed.contains(&shop.secret), "{listed}");
    let ada = app.signed_up("ada").await;
    let kept = shop.tokens(&app, &ada, "openid").await;
    let printed = client_command(&app, &["rotate-secret", "Žofie’s shop"]);
    let (old, code) = (shop.secret.clone(), shop.code(&ada, "openid").await);
    assert_eq!(shop.exchanges(&app, &code).send().await.json()["error"], "invalid_client");
    shop.secret = printed.trim().strip_prefix("client_secret=").unwrap().to_owned();
    assert_ne!(shop.secret, old);
    assert_eq!(shop.exchanges(&app, &code).send().await.status, 200);
    assert_eq!(user_info(&app, &kept["access_token"]).await.status, 200);
    let code = shop.code(&ada, "openid").await;
    client_command(&app, &["revoke", "Žofie’s shop"]);
    assert_eq!(shop.exchanges(&app, &code).send().await.json()["error"], "invalid_client");
    assert_eq!(user_info(&app, &kept["access_token"]).await.status, 401);
    let challenge = challenge();
    assert_eq!(shop.sends(&ada, &shop.asks(&challenge)).send().await.status, 400);
    // Its name is free again.
    registered(&app, "Žofie’s shop", &[]);
    assert!(client_command(&app, &["list"]).contains("revoked "));
}

async fn what_cannot_be_is_said_and_writes_nothing(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    registered(&app, "Shop", &[]);
    let (good, long) = ("https://a.example.org/cb", format!("https://a.example.org/{}", "a".repeat(500)));
    for (arguments, why) in [
        (&["create", "Shop", "--redirect", good][..], "of this name"),
        (&["create", " ", "--redirect", good], "1 to 100 characters"),
        (&["create", "a\nb", "--redirect", good], "1 to 100 characters"),
        (&["create", "Other"], "--redirect"),
        (&["create", "Other", "--redirect", "http://a.example.org/cb"], "is not https"),
        (&["create", "Other", "--redirect", "https://a.example.org/#x"], "has a fragment"),
        (&["create", "Other", "--redirect", "/cb"], "is no absolute address"),
        (&["create", "Other", "--redirect", "javascript:alert(1)"], "is neither https nor an app's own"),
        (&["create", "Other", "--redirect", &long], "longer than 500"),
        (&["create", "Other", "--redirect", good, "--algorithm", "none"], "ES256 or RS256"),
        (&["create", "Other", "--redirect", good, "--public", "--without-pkce"], "--without-pkce"),
        (&["rotate-secret", "Nobody"], "vestibule client list"),
        (&["revoke", "Nobody"], "vestibule client list"),
    ] {
        let (printed, said, done) = command(&app, &[&["client"], arguments].concat());
        assert!(!done && printed.is_empty() && said.contains(why), "{arguments:?}: {said}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_clients").await, 1);
    // A public client has no secret to be changed.
    registered(&app, "App", &["--public"]);
    let (_, said, done) = command(&app, &["client", "rotate-secret", "App"]);
    assert!(!done && said.contains("has a secret"), "{said}");
}
