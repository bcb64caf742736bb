//! Somebody comes from a provider: without an account, with one, and again.

use std::time::Duration;

use store::Engine;

use super::{
    ADA, CLIENT, comes_back, goes_and_comes, leaves, leaves_by, links, returns, signs_up, started, states,
    vouches,
};
use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, mail};
use crate::totp;

both_engines!(
    the_buttons_lead_to_the_provider_without_script,
    somebody_new_signs_up_without_a_password,
    somebody_signs_in_again_and_goes_on,
    whoever_has_an_account_links_it_after_signing_in,
    an_address_that_is_taken_is_not_signed_up_with,
    whoever_has_no_usable_address_is_asked_for_one,
    a_second_factor_is_asked_for_all_the_same,
    whoever_is_locked_enters_by_no_provider,
    an_address_to_be_proven_conceals_who_has_an_account,
    the_browser_that_signed_up_proves_its_address_and_keeps_the_identity,
    a_site_without_providers_offers_none,
);

async fn the_buttons_lead_to_the_provider_without_script(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    for path in ["/user/login?next=/user/devices", "/user/create?next=/user/devices"] {
        let page = app.visitor().get(path).send().await.text();
        assert!(page.contains("value=\"one\"") && page.contains("First &amp; Sons"), "{page}");
        assert!(
            page.contains(
                "action=\"/user/providers\"><input type=\"hidden\" name=\"next\" value=\"/user/devices\">"
            ),
            "{page}"
        );
    }
    let visitor = app.visitor();
    let answer = visitor.post("/user/providers").form(&[("provider", "one")]).send().await;
    assert_eq!(answer.status, 200);
    // Chromium would not follow a redirect.
    let onward = answer.header("refresh").unwrap().strip_prefix("0; url=").unwrap();
    assert!(onward.starts_with(&format!("{}/authorize?response_type=code&", provider.issuer)), "{onward}");
    assert!(answer.text().contains("127.0.0.1"));
    let cookie = answer.header("set-cookie").unwrap();
    assert!(
        cookie.starts_with("vestibule_provider=") && cookie.contains("HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let wanted = leaves(&visitor, "one").await;
    let callback = app.url("/user/providers/one/callback");
    for (name, value) in [
        ("client_id", CLIENT),
        ("redirect_uri", &callback),
        ("scope", "openid email profile"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(wanted.parameter(name), value);
    }
    for name in ["state", "nonce", "code_challenge"] {
        assert_eq!(wanted.parameter(name).len(), 43, "{name}");
    }
    let unknown = visitor.post("/user/providers").wants_json().form(&[("provider", "three")]).send().await;
    unknown.problem(404);
    let foreign = visitor.post("/user/providers").header("origin", "https://evil.example");
    assert_eq!(foreign.form(&[("provider", "one")]).send().await.status, 403);
    // Nothing of what opens is in the database as it is.
    let state = wanted.parameter("state");
    let plain = format!("SELECT COUNT(*) FROM provider_departures WHERE next LIKE '%{state}%'");
    assert_eq!(app.count(&plain).await, 0);
}

async fn somebody_new_signs_up_without_a_password(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let visitor = app.visitor();
    let away = leaves_by(&visitor, "/user/providers", &[("provider", "one"), ("next", "/shop")], "one").await;
    vouches(&app, &provider, &away, "17");
    let answer = comes_back(&visitor, &provider, &away).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/user/identity")));
    assert_eq!(answer.header("referrer-policy"), Some("strict-origin"));
    assert!(!visitor.is_signed_in().await, "nobody is signed in before there is an account");
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 0);
    let page = visitor.get("/user/identity").send().await.text();
    assert!(page.contains("value=\"ada@example.org\"") && page.contains("value=\"Ada Lovelace\""), "{page}");
    assert!(page.contains("First &amp; Sons") && !page.contains("type=\"password\""), "{page}");
    // The person may have another address and name than the provider says.
    let form = [("email", "countess@example.org"), ("name", "Countess")];
    let answer = visitor.post("/user/identity").form(&form).send().await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/shop")), "{}", answer.text());
    let account = visitor.account().await;
    assert_eq!((&account["email"], &account["name"]), (&"countess@example.org".into(), &"Countess".into()));
    assert_eq!(account["verified"], false, "whatever the provider says of another address");
    let secured = visitor.get("/user/security").wants_json().send().await.json();
    assert_eq!(secured["has_password"], false);
    assert_eq!(secured["providers"][0]["linked"]["handle"], ADA);
    // The exchange said who this server is, and had what the challenge was made of.
    let asked = provider.asked("/token").concat();
    let basic = "dmVzdGlidWxlK2hlcmU6aHVzaCslMjYra2VlcCUzRGl0";
    assert!(asked.contains(&format!("authorization: Basic {basic}")), "{asked}");
    assert!(asked.contains("grant_type=authorization_code&code=c0de&redirect_uri="), "{asked}");
    assert!(asked.contains("&code_verifier="), "{asked}");
    // The form was sent twice.
    let again = visitor.post("/user/identity").form(&form).send().await;
    assert_eq!((again.status, again.header("location")), (303, Some("/user/security")));
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
}

async fn somebody_signs_in_again_and_goes_on(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    assert_eq!(signs_up(&app, &provider, &app.visitor(), "17", ADA).await.status, 200);
    app.prove(ADA).await;
    let visitor = app.visitor();
    let away =
        leaves_by(&visitor, "/user/providers", &[("provider", "one"), ("next", "/shop?a=1")], "one").await;
    vouches(&app, &provider, &away, "17");
    let answer = comes_back(&visitor, &provider, &away).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/shop?a=1")));
    assert_eq!(visitor.account().await["email"], ADA);
    assert_eq!(visitor.cookie("vestibule_provider"), None);
    let log = visitor.get("/user/security/log").wants_json().send().await.json();
    assert_eq!(log["events"][0]["kind"], "signed_in");
    assert_eq!(log["events"][0]["factors"], serde_json::json!(["provider"]));
    let kinds: Vec<_> = log["events"].as_array().unwrap().iter().map(|event| event["kind"].clone()).collect();
    assert_eq!(kinds, ["signed_in", "signed_in", "identity_linked", "created"]);
    let page = visitor.get("/user/security/log").send().await.text();
    assert!(page.contains("Account linked: First &amp; Sons"), "{page}");
    // An unknown browser is told of.
    assert!(mail::read(&app.mailed(ADA, 1).await[0]).contains("new browser"));
    let session = visitor.cookie("vestibule").unwrap();
    // Another sign-in in the same browser has another secret, and the former opens nothing.
    assert_eq!(goes_and_comes(&app, &provider, &visitor, "17").await.status, 303);
    assert_ne!(visitor.cookie("vestibule").unwrap(), session);
    let old = app.visitor();
    old.set_cookie("vestibule", &session);
    assert!(!old.is_signed_in().await);
    // The address that the provider has now changes nothing: the account is found by issuer and subject.
    let other = app.visitor();
    let away = leaves(&other, "one").await;
    let mut claims = super::claims(&app, &provider, &away, "17");
    claims["email"] = "somebody.else@example.org".into();
    provider.change(|script| script.claims = claims);
    comes_back(&other, &provider, &away).await;
    assert_eq!(other.account().await["email"], ADA);
}

async fn whoever_has_an_account_links_it_after_signing_in(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    app.signed_up("ada").await;
    let visitor = app.visitor();
    goes_and_comes(&app, &provider, &visitor, "17").await;
    let page = visitor.get("/user/identity").send().await.text();
    assert!(page.contains("href=\"&#x2F;user&#x2F;login?next=&#x2F;user&#x2F;identity\""), "{page}");
    // The address is ada's, and the provider says that it was proven. That opens nothing.
    assert!(!visitor.is_signed_in().await);
    let form = [("email", "ada"), ("password", PASSWORD), ("next", "/user/identity")];
    let answer = visitor.post("/user/login").form(&form).send().await;
    assert_eq!(answer.header("location"), Some("/user/identity"));
    let asked = visitor.get("/user/identity").send().await.text();
    assert!(asked.contains("action=\"/user/identity/link\"") && asked.contains(ADA), "{asked}");
    let answer = visitor.post("/user/identity/link").form(&[("decision", "link")]).send().await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/user/security")));
    assert_eq!(states(&visitor).await[0]["linked"]["handle"], ADA);
    let mails: String = app.mailed(ADA, 2).await.iter().map(|mail| mail::read(mail)).collect();
    assert!(mails.contains("An account at First & Sons was linked"), "{mails}");
    let other = app.visitor();
    assert_eq!(goes_and_comes(&app, &provider, &other, "17").await.header("location"), Some("/user/profil"));
    assert_eq!(other.account().await["username"], "ada");
    // Whoever does not want it leaves it.
    let grace = app.signed_up("grace").await;
    goes_and_comes(&app, &provider, &grace, "18").await;
    grace.post("/user/identity/link").form(&[("decision", "leave")]).send().await;
    assert_eq!(states(&grace).await[0]["linked"], serde_json::Value::Null);
    assert_eq!(grace.cookie("vestibule_identity"), None);
}

async fn an_address_that_is_taken_is_not_signed_up_with(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    app.signed_up("ada").await;
    let visitor = app.visitor();
    let answer = signs_up(&app, &provider, &visitor, "17", ADA).await;
    answer.refused_fields(422, &["email"]);
    let page = visitor.post("/user/identity").form(&[("email", ADA)]).send().await.refusal_page(422);
    assert!(page.contains("/user/forgot") && page.contains("&#x2F;user&#x2F;login?next="), "{page}");
    assert_eq!(app.count("SELECT COUNT(*) FROM identities").await, 0);
    assert!(!visitor.is_signed_in().await);
    // Somebody else's address is told of, as at any sign-up.
    assert!(!app.mailed(ADA, 1).await.is_empty());
}

async fn whoever_has_no_usable_address_is_asked_for_one(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let visitor = app.visitor();
    for email in [serde_json::Value::Null, "no address".into(), 17.into()] {
        let away = leaves(&visitor, "one").await;
        let mut claims = super::claims(&app, &provider, &away, "17");
        claims["email"] = email;
        provider.change(|script| {
            script.user_info = serde_json::json!({ "sub": "17", "name": "Ada" });
            script.claims = claims;
        });
        comes_back(&visitor, &provider, &away).await;
        let answer = visitor.post("/user/identity").wants_json().form(&[("email", "")]).send().await;
        answer.refused_fields(422, &["email"]);
    }
    // What the ID token does not have, the userinfo endpoint may know.
    provider.change(|script| {
        script.user_info = serde_json::json!({ "sub": "17", "email": "told@example.org", "name": "Ada" });
        script.claims.as_object_mut().unwrap().remove("email");
    });
    let away = leaves(&visitor, "one").await;
    provider.change(|script| script.claims["nonce"] = away.parameter("nonce").into());
    comes_back(&visitor, &provider, &away).await;
    let told = visitor.get("/user/identity").wants_json().send().await.json();
    assert_eq!((&told["email"], &told["provider"]), (&"told@example.org".into(), &"one".into()));
}

async fn a_second_factor_is_asked_for_all_the_same(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let ada = app.signed_up("ada").await;
    assert_eq!(links(&app, &provider, &ada, "17").await.status, 303);
    let (secret, _) = totp::set_up(&app, &ada).await;
    let visitor = app.visitor();
    let away = leaves_by(&visitor, "/user/providers", &[("provider", "one"), ("next", "/shop")], "one").await;
    vouches(&app, &provider, &away, "17");
    let answer = comes_back(&visitor, &provider, &away).await;
    assert_eq!(answer.header("location"), Some("/user/login/second?next=/shop"));
    assert!(!visitor.is_signed_in().await);
    app.pass(Duration::from_secs(60));
    let code = totp::shown(&app, &secret);
    let answer = visitor.post("/user/login/second").form(&[("code", &code), ("next", "/shop")]).send().await;
    assert_eq!(answer.header("location"), Some("/shop"), "{}", answer.text());
    assert!(visitor.is_signed_in().await);
}

async fn whoever_is_locked_enters_by_no_provider(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    assert_eq!(signs_up(&app, &provider, &app.visitor(), "17", ADA).await.status, 200);
    app.sql("UPDATE accounts SET locked_at = 1").await;
    let visitor = app.visitor();
    let page = goes_and_comes(&app, &provider, &visitor, "17").await.refusal_page(403);
    assert!(page.contains("locked"), "{page}");
    assert!(!visitor.is_signed_in().await);
}

const PROVEN: &str = "registration.verify = 'required'";

async fn an_address_to_be_proven_conceals_who_has_an_account(engine: Engine) {
    let (app, provider) = started(engine, PROVEN).await;
    let form = [("email", ADA), ("username", "ada"), ("password", PASSWORD)];
    assert_eq!(app.visitor().post("/user/create").wants_json().form(&form).send().await.status, 201);
    app.prove(ADA).await;
    let mut seen = Vec::new();
    for (subject, email) in [("17", ADA), ("18", "new@example.org")] {
        let visitor = app.visitor();
        let answer = signs_up(&app, &provider, &visitor, subject, email).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        assert!(!visitor.is_signed_in().await);
        let page = visitor.post("/user/identity").form(&[("email", email)]).send().await;
        assert_eq!(page.header("location"), Some("/user/verify?requested=welcome"));
        // And again, from the beginning: neither is told whether there is an account.
        let other = app.visitor();
        let again = goes_and_comes(&app, &provider, &other, subject).await;
        let shown = other.get("/user/identity").send().await;
        seen.push((again.status, again.header("location").map(str::to_owned), shown.status, shown.text()));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 2);
    assert_eq!(app.count("SELECT COUNT(*) FROM identities WHERE subject = '17'").await, 0);
}

async fn the_browser_that_signed_up_proves_its_address_and_keeps_the_identity(engine: Engine) {
    let (app, provider) = started(engine, PROVEN).await;
    let visitor = app.visitor();
    assert_eq!(signs_up(&app, &provider, &visitor, "17", "mistyped@example.org").await.status, 202);
    // The address was mistyped: the identity goes with the next form.
    let again = visitor.post("/user/identity").wants_json().form(&[("email", ADA)]).send().await;
    assert_eq!(again.status, 202);
    let token = mail::token_in(&mail::read(&app.mailed(ADA, 1).await[0]), "/user/verify");
    let offer = visitor.get(&format!("/user/verify?token={token}")).wants_json().send().await.json();
    assert_eq!((&offer["signed_in"], &offer["has_password"]), (&true.into(), &false.into()));
    let elsewhere =
        app.visitor().get(&format!("/user/verify?token={token}")).wants_json().send().await.json();
    assert_eq!(elsewhere["signed_in"], false);
    let stranger = app.visitor().post("/user/verify").wants_json().form(&[("token", &token)]).send().await;
    assert_eq!(stranger.status, 422, "the link alone proves nothing");
    let answer = visitor.post("/user/verify").wants_json().form(&[("token", &token)]).send().await;
    assert_eq!((answer.status, &answer.json()["verified"]), (200, &true.into()));
    let answer = goes_and_comes(&app, &provider, &visitor, "17").await;
    assert_eq!(answer.header("location"), Some("/user/profil"));
    assert_eq!(visitor.account().await["email"], ADA);
}

async fn a_site_without_providers_offers_none(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for (visitor, path) in
        [(&app.visitor(), "/user/login"), (&app.visitor(), "/user/create"), (&ada, "/user/security")]
    {
        let page = visitor.get(path).send().await.text();
        assert!(!page.contains("/providers"), "{path}: {page}");
    }
    let listed = app.visitor().get("/user/providers").wants_json().send().await.json();
    assert_eq!(listed, serde_json::json!({ "providers": [] }));
    let away = super::Away { provider: "one", address: "https://a.example/?state=x".parse().unwrap() };
    assert_eq!(returns(&app.visitor(), &away, &[("state", "x")]).await.status, 404);
}
