//! Signing in with a certified provider of another maker.

use std::time::Duration;

use domain::{Clock as _, SystemClock};
use reqwest::{Client, redirect};
use store::Engine;

use super::leaves;
use crate::engines::both_engines;
use crate::support::openid_provider::{CLIENT, OpenIdProvider, SECRET, is_there};
use crate::support::{Answer, TestApp, Visitor};

both_engines!(people_of_a_certified_provider_sign_up_and_in);

/// Signs in at the provider, permits it, and returns the query that the browser is sent back with.
async fn signs_in_there(browser: &Client, issuer: &str, callback: &str, address: &str, name: &str) -> String {
    let mut answer = browser.get(address).send().await.unwrap();
    for _ in 0..12 {
        let Some(location) = answer.headers().get("location") else {
            // One of its forms: who it is, then whether that is permitted.
            let at = answer.url().to_string();
            let page = answer.text().await.unwrap();
            let prompt = if page.contains("value=\"login\"") { "login" } else { "consent" };
            assert!(page.contains(&format!("value=\"{prompt}\"")), "{page}");
            let form = format!("prompt={prompt}&login={name}&password=any");
            let form_type = "application/x-www-form-urlencoded";
            answer = browser.post(at).header("content-type", form_type).body(form).send().await.unwrap();
            continue;
        };
        let location = location.to_str().unwrap().to_owned();
        if let Some(query) = location.strip_prefix(&format!("{callback}?")) {
            return query.to_owned();
        }
        let next = if location.starts_with('/') { format!("{issuer}{location}") } else { location };
        answer = browser.get(next).send().await.unwrap();
    }
    panic!("round in a circle at the provider");
}

async fn arrives(visitor: &Visitor, query: &str) -> Answer {
    visitor.get(&format!("/user/providers/real/callback?{query}")).send().await
}

async fn people_of_a_certified_provider_sign_up_and_in(engine: Engine) {
    if !is_there() {
        return;
    }
    for algorithm in ["RS256", "ES256"] {
        let mut provider = OpenIdProvider::start();
        let issuer = provider.issuer.clone();
        let settings = format!(
            "[providers.real]\nissuer = '{issuer}'\nclient_id = '{CLIENT}'\nclient_secret = '{SECRET}'\n\
             label = 'A provider'"
        );
        let app = TestApp::with(engine, &settings).await;
        // Its clock is the machine's.
        app.pass(Duration::from_millis(u64::try_from(SystemClock.now().0 - app.now()).unwrap()));
        let callback = app.url("/user/providers/real/callback");
        provider.serves(&callback, algorithm);
        let there = Client::builder().cookie_store(true).no_proxy().redirect(redirect::Policy::none());
        let there = there.build().unwrap();

        let visitor = app.visitor();
        let away = leaves(&visitor, "real").await;
        let query = signs_in_there(&there, &issuer, &callback, away.address.as_str(), "ada").await;
        assert!(query.contains("iss="), "{query}");
        let answer = arrives(&visitor, &query).await;
        assert_eq!(answer.header("location"), Some("/user/identity"), "{algorithm}: {}", answer.text());
        let told = visitor.get("/user/identity").wants_json().send().await.json();
        // They stand behind its userinfo endpoint alone.
        assert_eq!((&told["email"], &told["name"]), (&"ada@provider.example".into(), &"Žofie ada".into()));
        let form = [("email", "ada@provider.example"), ("name", "Žofie ada")];
        let answer = visitor.post("/user/identity").wants_json().form(&form).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(visitor.account().await["name"], "Žofie ada");

        // The session there goes on, so nothing is asked there any more.
        let again = app.visitor();
        let away = leaves(&again, "real").await;
        let query = signs_in_there(&there, &issuer, &callback, away.address.as_str(), "ada").await;
        assert_eq!(arrives(&again, &query).await.header("location"), Some("/user/profil"));
        assert_eq!(again.account().await["email"], "ada@provider.example");
        // A code that was used, in another sign-in of this browser.
        let away = leaves(&again, "real").await;
        let stale = query.split('&').find(|part| part.starts_with("code=")).unwrap();
        let wrong = format!("{stale}&state={}&iss={issuer}", away.parameter("state"));
        assert_eq!(arrives(&again, &wrong).await.status, 422);

        // Whoever goes back there is told here.
        let (app, away) = (&app, leaves(&again, "real").await);
        let anew = Client::builder().cookie_store(true).no_proxy().redirect(redirect::Policy::none());
        let page = anew.build().unwrap().get(away.address.as_str()).send().await.unwrap();
        assert!(page.headers().get("location").is_some(), "it asks who somebody is");
        let query = format!("error=access_denied&state={}&iss={issuer}", away.parameter("state"));
        assert_eq!(arrives(&again, &query).await.status, 422);
        assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
    }
}
