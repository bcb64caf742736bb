//! Mail that siberian causes: an invitation to choose a first password, and a link to choose another.

use store::Engine;

use super::{Shop, succeeded};
use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor, mail};

both_engines![
    an_account_without_a_password_is_invited_to_choose_one,
    an_invitation_follows_its_account_to_another_address,
    a_forgotten_password_works_until_the_link_is_used,
    mail_speaks_the_accounts_language_or_else_the_one_that_the_shop_names,
];

/// The token of the link in a message.
#[track_caller]
fn token(mail: &str) -> String {
    mail::token_in(&mail::read(mail), "/user/reset")
}

async fn choose(visitor: &Visitor, token: &str, password: &str) -> u16 {
    let fields = [("token", token), ("npassword", password)];
    visitor.post("/user/reset").wants_json().form(&fields).send().await.status
}

async fn an_account_without_a_password_is_invited_to_choose_one(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let made = succeeded(&shop.ask("create", &[("email", "ada@example.org")]).await);
    let mail = app.mailed("ada@example.org", 1).await;
    let token = token(&mail[0]);
    let browser = app.visitor();
    assert_eq!(browser.get(&format!("/user/reset?token={token}")).send().await.status, 200);
    assert_eq!(choose(&browser, &token, PASSWORD).await, 200);
    assert_eq!(choose(&browser, &token, PASSWORD).await, 410);
    assert_eq!(browser.log_in("ada@example.org", PASSWORD).await.status, 200);
    assert_eq!(browser.account().await["id"], made["user_id"]);
    // An account with a password gets no invitation.
    shop.created("eve@example.org").await;
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 0);
    assert!(app.mails("eve@example.org").is_empty());
}

async fn an_invitation_follows_its_account_to_another_address(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let id = succeeded(&shop.ask("create", &[("email", "typo@example.org")]).await)["user_id"].to_string();
    let old = token(&app.mailed("typo@example.org", 1).await[0]);
    succeeded(&shop.ask("update", &[("user_id", &id), ("email", "ada@example.org")]).await);
    let new = token(&app.mailed("ada@example.org", 1).await[0]);
    let browser = app.visitor();
    assert_eq!(choose(&browser, &old, PASSWORD).await, 410);
    assert_eq!(choose(&browser, &new, PASSWORD).await, 200);
    assert_eq!(browser.log_in("ada@example.org", PASSWORD).await.status, 200);
}

async fn a_forgotten_password_works_until_the_link_is_used(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    shop.created("ada@example.org").await;
    let browser = app.visitor();
    assert_eq!(browser.log_in("ada@example.org", PASSWORD).await.status, 200);
    succeeded(&shop.ask("forgotpassword", &[("email", "ada@example.org")]).await);
    let token = token(&app.mailed("ada@example.org", 1).await[0]);
    assert!(browser.is_signed_in().await);
    assert_eq!(app.visitor().log_in("ada@example.org", PASSWORD).await.status, 200);
    assert_eq!(choose(&app.visitor(), &token, "another horse battery").await, 200);
    assert!(!browser.is_signed_in().await);
    assert_eq!(app.visitor().log_in("ada@example.org", PASSWORD).await.status, 401);
    assert_eq!(app.visitor().log_in("ada@example.org", "another horse battery").await.status, 200);
}

async fn mail_speaks_the_accounts_language_or_else_the_one_that_the_shop_names(engine: Engine) {
    let app = TestApp::with(engine, "locale = 'fr'\nregistration.verify = 'optional'").await;
    let shop = Shop::new(&app).await;
    let ask = async |call: &str, language: &str, fields: &[(&str, &str)]| {
        succeeded(&shop.call(call).header("accept-language", language).form(fields).send().await)
    };
    let language = async |email: &str, count: usize| {
        let mails = app.mailed(email, count).await;
        assert_eq!(mails.len(), count);
        mail::language(&mails[count - 1])
    };
    // Without a password an account's owner is invited, with one the address is to be proven.
    for (email, password, wanted, expected) in [
        ("a@example.org", "", "ru,en;q=0.5", "ru"),
        ("b@example.org", PASSWORD, "ru", "ru"),
        ("c@example.org", "", "tlh, *", "fr"),
        ("d@example.org", PASSWORD, "en-GB", "en"),
    ] {
        let fields = [("email", email), ("password", password)];
        let fields = if password.is_empty() { &fields[..1] } else { &fields[..] };
        ask("create", wanted, fields).await;
        assert_eq!(language(email, 1).await, expected, "{email}");
        ask("forgotpassword", "en", &fields[..1]).await;
        assert_eq!(language(email, 2).await, "en", "{email}");
    }
    let id = ask("create", "ru", &[("email", "typo@example.org")]).await["user_id"].to_string();
    ask("update", "ru", &[("user_id", &id), ("email", "e@example.org")]).await;
    assert_eq!(language("e@example.org", 1).await, "ru");
    app.sql("UPDATE accounts SET locale = 'fr'").await;
    ask("forgotpassword", "ru", &[("email", "a@example.org")]).await;
    assert_eq!(language("a@example.org", 3).await, "fr");
}
