//! GitHub's OAuth. GitHub cannot run here, so its part is a stand-in that was written from its published
//! documentation: "Authorizing OAuth apps", and "Users" and "Emails" of the REST API.

use serde_json::{Value, json};
use store::Engine;

use super::stand_in::StandIn;
use super::{leaves, returns};
use crate::engines::both_engines;
use crate::support::{Answer, TestApp, Visitor};

both_engines!(
    somebody_signs_up_and_in_by_their_number,
    an_address_that_is_kept_secret_is_asked_of_the_api_or_of_the_person,
    what_github_refuses_lets_nobody_in,
);

async fn started(engine: Engine) -> (TestApp, StandIn) {
    let github = StandIn::start().await;
    let settings = format!(
        "[providers.github]\nkind = 'github'\nissuer = '{}'\nlabel = 'GitHub'\nclient_id = 'Iv1.8a61f9b3a7aba766'\n\
         client_secret = 'hush'",
        github.issuer
    );
    (TestApp::with(engine, &settings).await, github)
}

fn user(number: u64, login: &str, email: Value) -> Value {
    json!({ "login": login, "id": number, "node_id": "MDQ6VXNlcjE=", "name": "Mona Lisa", "email": email })
}

async fn arrives(visitor: &Visitor) -> Answer {
    let away = leaves(visitor, "github").await;
    returns(visitor, &away, &[("code", "c0de"), ("state", &away.parameter("state"))]).await
}

async fn somebody_signs_up_and_in_by_their_number(engine: Engine) {
    let (app, github) = started(engine).await;
    github.change(|script| script.github.0 = user(1, "octocat", json!("mona@example.org")));
    let visitor = app.visitor();
    let away = leaves(&visitor, "github").await;
    assert!(away.address.as_str().starts_with(&format!("{}/login/oauth/authorize?", github.issuer)));
    assert_eq!(away.parameter("scope"), "read:user user:email");
    assert_eq!(away.parameter("code_challenge_method"), "S256");
    assert_eq!(arrives(&visitor).await.header("location"), Some("/user/identity"));
    let told = visitor.get("/user/identity").wants_json().send().await.json();
    assert_eq!(
        told,
        json!({ "provider": "github", "label": "GitHub", "handle": "octocat", "email": "mona@example.org", "name": "Mona Lisa" })
    );
    let answer =
        visitor.post("/user/identity").wants_json().form(&[("email", "mona@example.org")]).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let asked = github.asked("/login/oauth/access_token").concat();
    for part in ["client_id=Iv1.8a61f9b3a7aba766", "client_secret=hush", "code=c0de", "code_verifier="] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    assert!(!asked.to_lowercase().contains("authorization:"), "{asked}");
    assert!(github.asked("/api/v3/user").concat().contains("authorization: Bearer at"));
    // A login is given to somebody else when it is free. The number never is.
    let other = app.visitor();
    github.change(|script| script.github.0 = user(2, "octocat", json!("mona@example.org")));
    assert_eq!(arrives(&other).await.header("location"), Some("/user/identity"));
    github.change(|script| script.github.0 = user(1, "renamed", Value::Null));
    assert_eq!(arrives(&other).await.header("location"), Some("/user/profil"));
    assert_eq!(other.account().await["email"], "mona@example.org");
}

async fn an_address_that_is_kept_secret_is_asked_of_the_api_or_of_the_person(engine: Engine) {
    let (app, github) = started(engine).await;
    let listed = json!([
        { "email": "old@example.org", "primary": false, "verified": true, "visibility": null },
        { "email": "mona@example.org", "primary": true, "verified": true, "visibility": "private" },
    ]);
    for (listed, email) in
        [(listed, "mona@example.org"), (json!({ "message": "Not Found" }), ""), (json!([]), "")]
    {
        github.change(|script| script.github = (user(1, "octocat", Value::Null), listed));
        let visitor = app.visitor();
        arrives(&visitor).await;
        let told = visitor.get("/user/identity").wants_json().send().await.json();
        assert_eq!(told["email"], email);
    }
}

async fn what_github_refuses_lets_nobody_in(engine: Engine) {
    let (app, github) = started(engine).await;
    github.change(|script| script.github.0 = user(1, "octocat", Value::Null));
    let visitor = app.visitor();
    // An error comes with the status of success.
    let error =
        json!({ "error": "bad_verification_code", "error_description": "The code passed is incorrect." });
    github.change(|script| script.token_error = Some((200, error)));
    assert_eq!(arrives(&visitor).await.status, 422);
    github.change(|script| script.token_error = None);
    for user in [json!({}), json!({ "id": "1" }), json!({ "id": -1 }), json!([]), Value::Null] {
        github.change(|script| script.github.0 = user);
        assert_eq!(arrives(&visitor).await.status, 422);
    }
    let away = leaves(&visitor, "github").await;
    let state = away.parameter("state");
    let answer = returns(&visitor, &away, &[("error", "access_denied"), ("state", &state)]).await;
    assert_eq!(answer.status, 422);
    let away = leaves(&visitor, "github").await;
    let state = away.parameter("state");
    let query = [("code", "c0de"), ("state", &*state), ("iss", "https://evil.example")];
    assert_eq!(returns(&visitor, &away, &query).await.status, 422, "somebody else's answer");
    assert!(!visitor.is_signed_in().await);
    assert_eq!(app.count("SELECT COUNT(*) FROM pending_identities").await, 0);
}
