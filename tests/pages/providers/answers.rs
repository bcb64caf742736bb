//! Answers that nobody is let in by: each is told on a page of the site, with what to do, and grants nothing.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store::Engine;

use super::stand_in::Signs;
use super::{
    Away, CLIENT, claims, comes_back, leaves, leaves_by, returns, signs_up, started, started_with_two,
    vouches,
};
use crate::engines::both_engines;
use crate::support::{Answer, TestApp, Visitor, html};

both_engines!(
    a_token_that_is_not_for_this_sign_in_lets_nobody_in,
    a_token_that_its_key_did_not_sign_lets_nobody_in,
    a_new_key_is_looked_for_once_a_minute,
    an_error_in_place_of_a_code_is_told,
    an_error_in_place_of_a_token_is_told,
    a_state_is_good_once_and_in_its_browser_alone,
    a_state_expires,
    the_answer_of_another_provider_is_taken_for_nobodys,
    an_answer_names_its_issuer_where_that_was_promised,
    a_parameter_that_comes_twice_is_refused,
    the_userinfo_endpoint_tells_of_nobody_else,
    what_a_provider_publishes_must_be_its_own,
    a_provider_that_does_not_answer_keeps_nobody_for_long,
    a_request_that_only_looks_takes_nothing,
);

/// Whoever was refused sees what to do, is signed in to nothing and has made nothing.
async fn nothing_granted(app: &TestApp, visitor: &Visitor, answer: &Answer, code: &str) {
    let page = answer.refusal_page(422);
    assert_eq!(html::headline(&page), Some("That didn’t work"), "{page}");
    assert!(html::alert(&page).is_some() && page.contains("href=\"/user/login"), "{page}");
    assert!(page.contains("action=\"/user/providers\""), "the way to try again: {page}");
    assert!(page.contains(said(code)), "{code}: {page}");
    assert!(!visitor.is_signed_in().await);
    assert_eq!(visitor.cookie("vestibule_identity"), None);
    for table in ["accounts", "identities", "pending_identities", "sessions"] {
        assert_eq!(app.count(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
}

fn said(code: &str) -> &'static str {
    match code {
        "lost" => "begun in another browser or tab",
        "denied" => "without permitting it there",
        "unanswered" => "isn’t answering",
        "refused" => "couldn’t be accepted",
        other => panic!("{other}"),
    }
}

async fn a_token_that_is_not_for_this_sign_in_lets_nobody_in(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let second = app.now() / 1000;
    let wrong: Vec<(&str, Value)> = vec![
        ("iss", "https://evil.example".into()),
        ("iss", format!("{}/", provider.issuer).into()),
        ("aud", "another client".into()),
        ("aud", json!([])),
        ("aud", json!(["another client", CLIENT])),
        ("azp", "another client".into()),
        ("nonce", "n-0S6".into()),
        ("nonce", Value::Null),
        ("exp", (second - 61).into()),
        ("exp", Value::Null),
        ("iat", (second + 61).into()),
        ("nbf", (second + 61).into()),
        ("sub", "".into()),
        ("sub", 17.into()),
        ("sub", "é".into()),
        ("sub", "x".repeat(256).into()),
    ];
    for (name, value) in wrong {
        let visitor = app.visitor();
        let away = leaves(&visitor, "one").await;
        let mut claims = claims(&app, &provider, &away, "17");
        claims[name] = value;
        provider.change(|script| script.claims = claims);
        let answer = comes_back(&visitor, &provider, &away).await;
        nothing_granted(&app, &visitor, &answer, "refused").await;
    }
}

async fn a_token_that_its_key_did_not_sign_lets_nobody_in(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    for signs in [Signs::ByAnother, Signs::UnderItsName, Signs::NotAtAll, Signs::ByHmac] {
        let visitor = app.visitor();
        let away = leaves(&visitor, "one").await;
        vouches(&app, &provider, &away, "17");
        provider.change(|script| script.signs = signs);
        let answer = comes_back(&visitor, &provider, &away).await;
        nothing_granted(&app, &visitor, &answer, "refused").await;
    }
}

async fn a_new_key_is_looked_for_once_a_minute(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let arrives = async || {
        let visitor = app.visitor();
        let away = leaves(&visitor, "one").await;
        vouches(&app, &provider, &away, "17");
        comes_back(&visitor, &provider, &away).await.status == 303
    };
    assert!(arrives().await && arrives().await);
    assert_eq!(provider.asked("/keys").len(), 1, "the set is kept");
    assert_eq!(provider.asked("/.well-known/openid-configuration").len(), 1);
    provider.rotate();
    assert!(!arrives().await, "the set was fetched this minute");
    app.pass(Duration::from_secs(60));
    assert!(arrives().await && arrives().await);
    assert_eq!(provider.asked("/keys").len(), 2);
    provider.change(|script| script.signs = Signs::ByAnother);
    for _ in 0..3 {
        assert!(!arrives().await);
    }
    assert_eq!(provider.asked("/keys").len(), 2);
    app.pass(Duration::from_secs(3_600));
    provider.change(|script| script.signs = Signs::Rightly);
    assert!(arrives().await);
    assert_eq!(provider.asked("/keys").len(), 3);
    assert_eq!(provider.asked("/.well-known/openid-configuration").len(), 2);
}

async fn an_error_in_place_of_a_code_is_told(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    for (error, told) in [
        ("access_denied", "denied"),
        ("server_error", "refused"),
        ("<script>alert(1)</script>", "refused"),
        ("", "refused"),
    ] {
        let visitor = app.visitor();
        let form = [("provider", "one"), ("next", "/shop")];
        let away = leaves_by(&visitor, "/user/providers", &form, "one").await;
        let state = away.parameter("state");
        let query = [("error", error), ("state", &state), ("iss", &provider.issuer)];
        let answer = returns(&visitor, &away, &query).await;
        nothing_granted(&app, &visitor, &answer, told).await;
        let page = answer.text();
        assert!(page.contains("name=\"next\" value=\"/shop\""), "it goes on where it was to: {page}");
        assert!(!page.contains("<script>alert"), "{page}");
    }
    // Neither a code nor an error.
    let visitor = app.visitor();
    let away = leaves(&visitor, "one").await;
    let answer =
        returns(&visitor, &away, &[("state", &away.parameter("state")), ("iss", &provider.issuer)]).await;
    nothing_granted(&app, &visitor, &answer, "refused").await;
}

async fn an_error_in_place_of_a_token_is_told(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    for error in [
        (400, json!({ "error": "invalid_grant" })),
        (200, json!({ "error": "access_denied" })),
        (500, json!({})),
        (302, json!({})),
        (200, json!({ "access_token": "at" })),
        (200, json!({ "access_token": "at", "id_token": "a.b.c" })),
        (200, json!({ "access_token": "at", "id_token": 7 })),
        (200, json!([])),
        (200, json!("x".repeat(300_000))),
    ] {
        let visitor = app.visitor();
        let away = leaves(&visitor, "one").await;
        let told = if error.1.as_str().is_some() { "unanswered" } else { "refused" };
        provider.change(|script| script.token_error = Some(error));
        let answer = comes_back(&visitor, &provider, &away).await;
        nothing_granted(&app, &visitor, &answer, told).await;
    }
}

async fn a_state_is_good_once_and_in_its_browser_alone(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let visitor = app.visitor();
    let away = leaves(&visitor, "one").await;
    vouches(&app, &provider, &away, "17");
    // Somebody is sent the address with another person's answer.
    let victim = app.visitor();
    let answer = comes_back(&victim, &provider, &away).await;
    nothing_granted(&app, &victim, &answer, "lost").await;
    leaves(&victim, "one").await;
    let answer = comes_back(&victim, &provider, &away).await;
    nothing_granted(&app, &victim, &answer, "lost").await;
    for state in ["", "x", &"x".repeat(43), &away.parameter("state").to_uppercase()] {
        let query = [("code", "c0de"), ("state", state), ("iss", &provider.issuer)];
        let answer = returns(&visitor, &away, &query).await;
        // The browser's cookie is gone with the first answer that is not its own.
        nothing_granted(&app, &visitor, &answer, "lost").await;
    }
    assert_eq!(provider.asked("/token").len(), 0, "no code is brought to a provider for nothing");

    let visitor = app.visitor();
    let away = leaves(&visitor, "one").await;
    let cookie = visitor.cookie("vestibule_provider").unwrap();
    vouches(&app, &provider, &away, "17");
    let both = [(); 8].map(|()| {
        let visitor = visitor.clone();
        let (away, provider) =
            (Away { provider: away.provider, address: away.address.clone() }, provider.clone());
        rocket::tokio::spawn(async move { comes_back(&visitor, &provider, &away).await.status })
    });
    let mut statuses = Vec::new();
    for one in both {
        statuses.push(one.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422, 422, 422, 422, 422, 422, 422]);
    visitor.set_cookie("vestibule_provider", &cookie);
    assert_eq!(comes_back(&visitor, &provider, &away).await.status, 422);
    assert_eq!(provider.asked("/token").len(), 1);
}

async fn a_state_expires(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let visitor = app.visitor();
    let away = leaves(&visitor, "one").await;
    app.pass(Duration::from_secs(600));
    vouches(&app, &provider, &away, "17");
    let answer = comes_back(&visitor, &provider, &away).await;
    nothing_granted(&app, &visitor, &answer, "lost").await;
    // Who came back waits for an hour, and not longer.
    let away = leaves(&visitor, "one").await;
    vouches(&app, &provider, &away, "17");
    comes_back(&visitor, &provider, &away).await;
    app.pass(Duration::from_secs(3_600));
    assert_eq!(visitor.get("/user/identity").send().await.status, 422);
    let answer = visitor.post("/user/identity").wants_json().form(&[("email", super::ADA)]).send().await;
    answer.refused_fields(422, &["identity"]);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 0);
}

/// A provider that the browser was sent to brings it back as if it came from another (RFC 9700, section 4.4).
async fn the_answer_of_another_provider_is_taken_for_nobodys(engine: Engine) {
    let (app, honest, evil) = started_with_two(engine, "").await;
    let visitor = app.visitor();
    let away = leaves(&visitor, "two").await;
    assert_eq!(away.parameter("redirect_uri"), app.url("/user/providers/two/callback"));
    vouches(&app, &honest, &away, "17");
    // The code of the honest one comes to the address of the evil one.
    let answer = returns(
        &visitor,
        &away,
        &[("code", "honest"), ("state", &away.parameter("state")), ("iss", &honest.issuer)],
    )
    .await;
    nothing_granted(&app, &visitor, &answer, "refused").await;
    assert_eq!(evil.asked("/token").len(), 0, "nobody else gets the code");
    // The state of a request to the one comes to the address of the other.
    let visitor = app.visitor();
    let away = leaves(&visitor, "two").await;
    let crossed = Away { provider: "one", address: away.address.clone() };
    vouches(&app, &honest, &away, "17");
    let answer = comes_back(&visitor, &honest, &crossed).await;
    nothing_granted(&app, &visitor, &answer, "lost").await;
    assert_eq!(honest.asked("/token").len() + evil.asked("/token").len(), 0);
    // One vouches for a person of the other.
    let visitor = app.visitor();
    let away = leaves(&visitor, "two").await;
    let claims = claims(&app, &honest, &away, "17");
    evil.change(|script| script.claims = claims);
    let answer = comes_back(&visitor, &evil, &away).await;
    nothing_granted(&app, &visitor, &answer, "refused").await;
    // The same subject at each is two people.
    signs_up(&app, &honest, &app.visitor(), "17", super::ADA).await;
    let visitor = app.visitor();
    let away = leaves(&visitor, "two").await;
    vouches(&app, &evil, &away, "17");
    assert_eq!(comes_back(&visitor, &evil, &away).await.header("location"), Some("/user/identity"));
    assert!(!visitor.is_signed_in().await);
}

async fn an_answer_names_its_issuer_where_that_was_promised(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    for issuer in [None, Some(""), Some("https://evil.example")] {
        for error in [false, true] {
            let visitor = app.visitor();
            let away = leaves(&visitor, "one").await;
            vouches(&app, &provider, &away, "17");
            let state = away.parameter("state");
            let mut query = vec![("state", &*state)];
            query.push(if error { ("error", "access_denied") } else { ("code", "c0de") });
            query.extend(issuer.map(|issuer| ("iss", issuer)));
            let answer = returns(&visitor, &away, &query).await;
            nothing_granted(&app, &visitor, &answer, "refused").await;
        }
    }
    provider.change(|script| {
        script.metadata.as_object_mut().unwrap().remove("authorization_response_iss_parameter_supported");
    });
    app.pass(Duration::from_secs(3_600));
    let visitor = app.visitor();
    let away = leaves(&visitor, "one").await;
    vouches(&app, &provider, &away, "17");
    let answer = returns(&visitor, &away, &[("code", "c0de"), ("state", &away.parameter("state"))]).await;
    assert_eq!(answer.status, 303, "one that promises nothing may leave it out");
}

async fn a_parameter_that_comes_twice_is_refused(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let visitor = app.visitor();
    let away = leaves(&visitor, "one").await;
    vouches(&app, &provider, &away, "17");
    let state = away.parameter("state");
    for name in ["state", "code", "iss", "error"] {
        let query =
            [("code", "c0de"), ("state", &*state), ("iss", &provider.issuer), (name, "x"), (name, "y")];
        assert_eq!(returns(&visitor, &away, &query).await.status, 400, "{name}");
    }
    assert_eq!(comes_back(&visitor, &provider, &away).await.status, 303);
}

async fn the_userinfo_endpoint_tells_of_nobody_else(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    for told in [json!({ "sub": "18", "email": "mallory@example.org" }), json!({ "email": super::ADA })] {
        let visitor = app.visitor();
        let away = leaves(&visitor, "one").await;
        vouches(&app, &provider, &away, "17");
        provider.change(|script| {
            script.claims.as_object_mut().unwrap().remove("email");
            script.user_info = told;
        });
        let answer = comes_back(&visitor, &provider, &away).await;
        nothing_granted(&app, &visitor, &answer, "refused").await;
    }
}

async fn what_a_provider_publishes_must_be_its_own(engine: Engine) {
    for (name, value) in [
        ("issuer", json!("https://evil.example")),
        ("token_endpoint", json!("http://evil.example/token")),
        ("jwks_uri", Value::Null),
        ("token_endpoint_auth_methods_supported", json!(["private_key_jwt"])),
    ] {
        let (app, provider) = started(engine, "").await;
        provider.change(|script| script.metadata[name] = value);
        let visitor = app.visitor();
        let answer = visitor.post("/user/providers").form(&[("provider", "one")]).send().await;
        nothing_granted(&app, &visitor, &answer, "unanswered").await;
    }
}

async fn a_provider_that_does_not_answer_keeps_nobody_for_long(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let visitor = app.visitor();
    let away = leaves(&visitor, "one").await;
    vouches(&app, &provider, &away, "17");
    provider.change(|script| script.hangs = "/token");
    let begun = Instant::now();
    let (answer, beside) = rocket::tokio::join!(comes_back(&visitor, &provider, &away), async {
        app.visitor().get("/user/login").send().await.status
    });
    assert!(begun.elapsed() >= Duration::from_secs(9), "{:?}", begun.elapsed());
    assert_eq!(beside, 200);
    nothing_granted(&app, &visitor, &answer, "unanswered").await;
}

async fn a_request_that_only_looks_takes_nothing(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let visitor = app.visitor();
    let away = leaves(&visitor, "one").await;
    vouches(&app, &provider, &away, "17");
    let query = format!("code=c0de&state={}&iss={}", away.parameter("state"), provider.issuer);
    let path = format!("/user/providers/one/callback?{query}");
    assert_eq!(visitor.ask("HEAD", &path).send().await.status, 405);
    assert_eq!(provider.asked("/token").len(), 0);
    assert_eq!(visitor.get(&path).send().await.status, 303);
}
