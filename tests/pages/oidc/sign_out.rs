//! Signing out because a client wants it, and clients that are told of a sign-out.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use store::Engine;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{ISSUER, SETTINGS, claims, client_command, hidden, query, registered};
use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor, until};

both_engines!(
    a_client_is_told_of_a_sign_out,
    whatever_ends_a_session_tells_the_clients_of_that_session,
    a_client_that_does_not_answer_is_told_again,
    a_client_that_is_revoked_is_told_nothing,
    a_client_that_shows_the_session_signs_out_at_once,
    a_client_that_shows_nothing_makes_its_owner_be_asked,
    nobody_is_led_where_the_operator_has_not_said,
    a_form_of_a_client_signs_out_too,
    a_program_signs_out_for_a_client,
);

const GOODBYE: &str = "https://shop.example.org/goodbye";
const PATH: &str = "/user/logout/application";
const PATIENCE: Duration = Duration::from_secs(20);

/// A client's server: it is told of sign-outs at its address.
struct Told {
    address: String,
    bodies: Arc<Mutex<Vec<String>>>,
    status: Arc<Mutex<u16>>,
}

impl Told {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/told", listener.local_addr().unwrap());
        let (bodies, status) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(200)));
        let told = Self { address, bodies: bodies.clone(), status: status.clone() };
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let (mut read, mut part) = (Vec::new(), [0; 4096]);
                let body = loop {
                    let length = socket.read(&mut part).await.unwrap();
                    read.extend_from_slice(&part[..length]);
                    let text = String::from_utf8_lossy(&read);
                    let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                    let head = head.to_lowercase();
                    let (_, wanted) = head.split_once("content-length: ").unwrap();
                    let wanted: usize = wanted.lines().next().unwrap().parse().unwrap();
                    if body.len() >= wanted || length == 0 {
                        assert!(head.contains("content-type: application/x-www-form-urlencoded"), "{head}");
                        break body.to_owned();
                    }
                };
                bodies.lock().unwrap().push(body);
                let status = *status.lock().unwrap();
                let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                socket.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        told
    }

    /// The tokens that came, once there are `count`.
    async fn tokens(&self, count: usize) -> Vec<Value> {
        until(PATIENCE, || async { self.bodies.lock().unwrap().len() >= count }).await;
        let bodies = self.bodies.lock().unwrap().clone();
        assert_eq!(bodies.len(), count);
        bodies.iter().map(|body| body.strip_prefix("logout_token=").unwrap().into()).collect()
    }

    fn answers(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }
}

/// The query by which a client has somebody signed out.
fn wants_out(visitor: &Visitor, parameters: &[(&str, &str)]) -> crate::support::Ask {
    visitor.get(&format!("{PATH}?{}", query(parameters))).header("sec-fetch-site", "cross-site")
}

async fn a_client_is_told_of_a_sign_out(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let told = Told::new().await;
    let shop = registered(&app, "Shop", &["--first-party", "--logout-uri", &told.address]);
    let other = registered(&app, "Other", &["--first-party"]);
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    let tokens = shop.tokens(&app, &ada, "openid").await;
    let again = shop.tokens(&app, &ada, "openid").await;
    let elsewhere = other.tokens(&app, &ada, "openid").await;
    shop.tokens(&app, &bob, "openid").await;
    let sid = claims(&tokens["id_token"])["sid"].as_str().unwrap().to_owned();
    assert_eq!(sid.len(), 22);
    // One session has one name for one client, and another for another.
    assert_eq!(claims(&again["id_token"])["sid"], sid);
    assert_ne!(claims(&elsewhere["id_token"])["sid"], sid);
    ada.post("/user/logout").form(&[]).send().await;
    let [token] = &told.tokens(1).await[..] else { panic!("one token") };
    let told_claims = claims(token);
    assert_eq!(
        (&told_claims["iss"], &told_claims["aud"], &told_claims["sid"]),
        (&ISSUER.into(), &shop.id.clone().into(), &sid.into())
    );
    assert_eq!(told_claims["sub"], claims(&tokens["id_token"])["sub"]);
    let events = json!({ "http://schemas.openid.net/event/backchannel-logout": {} });
    assert_eq!(told_claims["events"], events);
    assert!(told_claims.get("nonce").is_none() && told_claims["jti"].as_str().unwrap().len() > 20);
    let lasts = told_claims["exp"].as_i64().unwrap() - told_claims["iat"].as_i64().unwrap();
    assert_eq!(lasts, 120);
    let token = token.as_str().unwrap();
    let head = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let head: Value = serde_json::from_slice(&head).unwrap();
    assert_eq!((&head["typ"], &head["alg"]), (&"logout+jwt".into(), &"ES256".into()));
    let keys = app.visitor().get("/oidc/keys").send().await.json();
    assert!(signing::read(token, keys["keys"].as_array().unwrap()).is_some());
    // It is no ID token, although the same key has signed it.
    let mut asked = vec![("id_token_hint", token), ("post_logout_redirect_uri", GOODBYE)];
    asked.push(("client_id", &shop.id));
    assert_eq!(wants_out(&bob, &asked).send().await.status, 200);
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM oidc_logouts").await == 0 }).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_sign_ins").await, 1);
}

async fn whatever_ends_a_session_tells_the_clients_of_that_session(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let told = Told::new().await;
    let shop = registered(&app, "Shop", &["--first-party", "--logout-uri", &told.address]);
    let ada = app.signed_up("ada").await;
    let mut sids = Vec::new();
    let mut enter = async |visitor: &Visitor| {
        let token = shop.tokens(&app, visitor, "openid offline_access").await;
        sids.push(claims(&token["id_token"])["sid"].clone());
    };
    enter(&ada).await;
    // Elsewhere the password is changed; then all others are ended; then the days of the session.
    let elsewhere = app.signed_in("ada").await;
    let change = [("apassword", PASSWORD), ("npassword", "another horse battery")];
    let changed = elsewhere.post("/user/modify/password").form(&change).send().await;
    assert!(changed.status < 400, "{}", changed.text());
    assert_eq!(told.tokens(1).await.len(), 1);
    enter(&elsewhere).await;
    let third = app.visitor();
    third.log_in("ada@example.org", "another horse battery").await;
    third.post("/user/sessions/end-others").form(&[]).send().await;
    told.tokens(2).await;
    enter(&third).await;
    let listed = third.get("/user/security/applications").wants_json().send().await.json();
    let id = listed["applications"][0]["id"].to_string();
    third.post("/user/security/applications/end").form(&[("id", &id)]).send().await;
    told.tokens(3).await;
    enter(&third).await;
    // An account that is removed leaves nobody to be named but by number.
    app.sql("DELETE FROM accounts").await;
    let tokens = told.tokens(4).await;
    let named: Vec<Value> = tokens.iter().map(|token| claims(token)["sid"].clone()).collect();
    assert_eq!(named, sids);
}

async fn a_client_that_does_not_answer_is_told_again(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let told = Told::new().await;
    told.answers(503);
    let shop = registered(&app, "Shop", &["--first-party", "--logout-uri", &told.address]);
    let ada = app.signed_up("ada").await;
    shop.tokens(&app, &ada, "openid").await;
    ada.post("/user/logout").form(&[]).send().await;
    told.tokens(1).await;
    for (tries, later) in [(1, 10), (2, 120), (3, 600), (4, 3600), (5, 6 * 3600)] {
        told.tokens(tries).await;
        let due_at = app.now() + later * 1000;
        let put_off =
            format!("SELECT COUNT(*) FROM oidc_logouts WHERE tries = {tries} AND due_at = {due_at}");
        until(PATIENCE, || async { app.count(&put_off).await == 1 }).await;
        app.pass(Duration::from_secs(later.unsigned_abs()));
    }
    told.tokens(6).await;
    // After the sixth time nobody tries again.
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM oidc_logouts").await == 0 }).await;
}

async fn a_client_that_is_revoked_is_told_nothing(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let told = Told::new().await;
    let shop = registered(&app, "Shop", &["--first-party", "--logout-uri", &told.address]);
    let silent = registered(&app, "Silent", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    shop.tokens(&app, &ada, "openid").await;
    silent.tokens(&app, &ada, "openid").await;
    client_command(&app, &["revoke", "Shop"]);
    ada.post("/user/logout").form(&[]).send().await;
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM oidc_logouts").await == 0 }).await;
    assert!(told.bodies.lock().unwrap().is_empty());
}

async fn a_client_that_shows_the_session_signs_out_at_once(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party", "--post-logout", GOODBYE]);
    let ada = app.signed_up("ada").await;
    let tokens = shop.tokens(&app, &ada, "openid").await;
    let hint = tokens["id_token"].as_str().unwrap();
    // An ID token is shown long after it is to be believed.
    app.pass(Duration::from_secs(3600));
    let asked = [("id_token_hint", hint), ("post_logout_redirect_uri", GOODBYE), ("state", "a&b")];
    let looked = ada.ask("HEAD", &format!("{PATH}?{}", query(&asked))).send().await;
    assert_eq!(looked.status, 405);
    assert!(ada.is_signed_in().await);
    let away = wants_out(&ada, &asked).send().await;
    assert_eq!((away.status, away.header("location")), (303, Some(&*format!("{GOODBYE}?state=a%26b"))));
    assert!(!ada.is_signed_in().await);
    // Whoever is signed out already goes where they were going.
    let again = wants_out(&ada, &asked[..2]).send().await;
    assert_eq!((again.status, again.header("location")), (303, Some(GOODBYE)));
}

async fn a_client_that_shows_nothing_makes_its_owner_be_asked(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party", "--post-logout", GOODBYE]);
    let other = registered(&app, "Other", &["--first-party"]);
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    let elsewhere = app.signed_in("ada").await;
    let of_ada = shop.tokens(&app, &ada, "openid").await;
    let of_elsewhere = shop.tokens(&app, &elsewhere, "openid").await;
    let of_other = other.tokens(&app, &ada, "openid").await;
    let hint = |tokens: &Value| tokens["id_token"].as_str().unwrap().to_owned();
    let broken = format!("{}x", hint(&of_ada));
    // A token of another session, of another account, that nobody signed, and of another client.
    for (visitor, hint, named) in [
        (&ada, hint(&of_elsewhere), "Shop"),
        (&bob, hint(&of_ada), "Shop"),
        (&ada, broken, "Shop"),
        (&ada, String::new(), "Shop"),
        (&ada, hint(&of_other), ""),
    ] {
        let asked =
            [("id_token_hint", &*hint), ("client_id", &shop.id), ("post_logout_redirect_uri", GOODBYE)];
        let page = wants_out(visitor, &asked).send().await;
        assert_eq!(page.status, 200, "{:?}", page.header("location"));
        let text = page.text();
        assert_eq!(text.contains("Shop"), !named.is_empty(), "{text}");
        assert_eq!(text.contains("shop.example.org</b>"), !named.is_empty(), "{text}");
        assert!(visitor.is_signed_in().await);
    }
    let asked = [("client_id", &*shop.id), ("post_logout_redirect_uri", GOODBYE), ("state", "x")];
    let page = wants_out(&ada, &asked).send().await.text();
    let request = hidden(&page, "request");
    // A page of another site cannot send the form.
    let confirm = format!("{PATH}/confirm");
    let foreign = ada.post(&confirm).header("sec-fetch-site", "cross-site").form(&[("request", &request)]);
    assert_eq!(foreign.send().await.status, 403);
    assert!(ada.is_signed_in().await);
    let gone = ada.post(&confirm).form(&[("request", &request)]).send().await;
    assert_eq!(gone.header("refresh"), Some(&*format!("0; url={GOODBYE}?state=x")), "{}", gone.text());
    assert!(!ada.is_signed_in().await);
    assert_eq!(ada.get(&confirm).send().await.status, 303);
}

async fn nobody_is_led_where_the_operator_has_not_said(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party", "--post-logout", GOODBYE]);
    let ada = app.signed_up("ada").await;
    let tokens = shop.tokens(&app, &ada, "openid").await;
    let hint = tokens["id_token"].as_str().unwrap();
    for target in [
        "https://shop.example.org/goodbye/",
        "https://shop.example.org/Goodbye",
        "https://shop.example.org:443/goodbye",
        "https://shop.example.org/goodbye?x=1",
        "https://ada@shop.example.org/goodbye",
        "https://evil.example/",
        super::CALLBACK,
    ] {
        let asked = [("client_id", &*shop.id), ("post_logout_redirect_uri", target)];
        let answer = wants_out(&app.visitor(), &asked).send().await;
        assert_eq!((answer.status, answer.header("location")), (303, Some("/user/login")), "{target}");
    }
    // A parameter that came twice counts as not sent.
    let twice = [
        ("id_token_hint", hint),
        ("post_logout_redirect_uri", GOODBYE),
        ("post_logout_redirect_uri", "https://evil.example/"),
    ];
    let answer = wants_out(&ada, &twice).send().await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/user/login")));
    assert!(!ada.is_signed_in().await);
    let said = ada.get("/user/login").send().await.text();
    assert!(said.contains("role=\"status\""), "{said}");
}

async fn a_form_of_a_client_signs_out_too(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party", "--post-logout", GOODBYE]);
    let ada = app.signed_up("ada").await;
    let tokens = shop.tokens(&app, &ada, "openid profile email").await;
    let asked =
        [("id_token_hint", tokens["id_token"].as_str().unwrap()), ("post_logout_redirect_uri", GOODBYE)];
    let sent = ada
        .post(PATH)
        .header("origin", "https://shop.example.org")
        .header("sec-fetch-site", "cross-site")
        .form(&asked)
        .send()
        .await;
    let again = sent.header("location").unwrap().to_owned();
    assert!(sent.status == 303 && again.starts_with(PATH), "{again}");
    let away = ada.get(&again).header("sec-fetch-site", "cross-site").send().await;
    assert_eq!((away.status, away.header("location")), (303, Some(GOODBYE)));
}

async fn a_program_signs_out_for_a_client(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party", "--post-logout", GOODBYE]);
    let ada = app.signed_up("ada").await;
    let asked = [("client_id", &*shop.id), ("post_logout_redirect_uri", GOODBYE)];
    let told = wants_out(&ada, &asked).wants_json().send().await.json();
    assert_eq!(
        (&told["sign_out"]["client"], &told["sign_out"]["host"]),
        (&"Shop".into(), &"shop.example.org".into())
    );
    let request = told["sign_out"]["request"].as_str().unwrap();
    let confirm = ada.post(&format!("{PATH}/confirm")).wants_json().form(&[("request", request)]);
    let gone = confirm.send().await.json();
    assert_eq!(gone, json!({ "signed_out": true, "redirect_to": GOODBYE }));
    assert!(!ada.is_signed_in().await);
    ada.post(&format!("{PATH}/confirm")).wants_json().form(&[]).send().await.problem(400);
    let long = "x".repeat(9000);
    ada.get(&format!("{PATH}?id_token_hint={long}")).wants_json().send().await.problem(413);
}
