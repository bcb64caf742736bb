//! An account that wants a second factor, at the doors of programs: its password alone opens none of them,
//! and an app password the one that it was made for.

mod codes;
mod ends;
mod equal;
mod made;

use store::Engine;

use crate::engines::both_engines;
use crate::parity::server::Door::{Amadis, Fastsite, Mirror, Pages, Siberian};
use crate::parity::server::{Door, TestServer, succeeded};
use crate::support::{Answer, Ask, PASSWORD, TestApp, Visitor};

both_engines![
    an_app_password_opens_its_dialect_however_it_is_spelt_and_nothing_else,
    an_app_password_gives_a_user_secret_and_changes_no_password,
    a_password_is_changed_with_a_bearer_and_never_without,
    a_user_secret_works_on_and_what_it_resets_opens_nothing_by_itself,
    a_trusted_server_proves_the_password_and_the_page_behind_its_link_asks_for_more,
    a_sign_up_sent_twice_shows_no_account_that_wants_more,
];

const ADA: &str = "ada@example.org";
const WRONG: &str = "wrong horse battery";
/// The dialects that take app passwords.
const TAKE: [Door; 3] = [Fastsite, Mirror, Amadis];

fn dialect(door: Door) -> &'static str {
    match door {
        Fastsite => "fastsite",
        Mirror => "mirror",
        Amadis => "amadis",
        Pages | Siberian => panic!("{door:?} takes none"),
    }
}

/// A server, and a person who wants a second factor, signed in with a browser.
struct Ada {
    server: TestServer,
    browser: Visitor,
}

impl Ada {
    async fn new(engine: Engine, settings: &str) -> Self {
        let server = TestServer::new(engine, settings).await;
        server.registration(Pages, ADA, PASSWORD).send().await;
        server.app.sql("UPDATE accounts SET username = 'ada', username_key = 'ada'").await;
        server.app.prove(ADA).await;
        let browser = server.app.signed_in("ada").await;
        want_more(&server.app, &browser).await;
        Self { server, browser }
    }

    /// An app password for `door`.
    async fn made(&self, door: Door) -> String {
        let answer = make(&self.browser, "Telephone", dialect(door)).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["password"].as_str().unwrap().to_owned()
    }

    /// A sign-in through `door`: at amadis, a new secret.
    fn sign_in(&self, door: Door, password: &str) -> Ask {
        match door {
            Amadis => {
                let fields = [("email", ADA), ("password", password)];
                self.server.app.visitor().post("/api/user/v1/secret").form(&fields)
            }
            door => self.server.login(door, ADA, password),
        }
    }

    async fn enters(&self, door: Door, password: &str) -> bool {
        succeeded(door, &self.sign_in(door, password).send().await)
    }
}

/// The account of `browser` wants a second factor from now on.
async fn want_more(app: &TestApp, browser: &Visitor) {
    app.sql(&format!("UPDATE accounts SET second_factor_at = {}", app.now())).await;
    // Copies of the account are read again after a change.
    let changed = browser.post("/user/modify/profile").wants_json().form(&[("name", "Ada")]).send().await;
    assert_eq!(changed.status, 200, "{}", changed.text());
}

fn make(browser: &Visitor, name: &str, dialect: &str) -> Ask {
    let fields = [("name", name), ("dialect", dialect)];
    browser.post("/user/security/app-passwords").wants_json().form(&fields)
}

/// What an answer says to whoever reads it: all but the headers that no two answers share.
fn said(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let mut headers = answer.shared_headers();
    headers.sort();
    (answer.status, headers, answer.text())
}

async fn an_app_password_opens_its_dialect_however_it_is_spelt_and_nothing_else(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    for door in TAKE {
        let made = ada.made(door).await;
        let groups: Vec<&str> = (0..6).map(|at| &made[4 * at..4 * at + 4]).collect();
        let spellings = [
            made.clone(),
            groups.join(" "),
            groups.join("-"),
            made.to_lowercase(),
            format!(" {} ", groups.join("-").to_lowercase()),
        ];
        for typed in &spellings {
            assert!(ada.enters(door, typed).await, "{door:?}: {typed}");
        }
        for near in [&made[1..], &format!("{made}A"), ""] {
            assert!(!ada.enters(door, near).await, "{door:?}: {near}");
        }
        for other in TAKE.into_iter().filter(|other| *other != door) {
            assert!(!ada.enters(other, &made).await, "of {door:?} at {other:?}");
        }
        for other in [Pages, Siberian, Amadis] {
            assert!(!ada.server.signs_in(other, ADA, &made).await, "of {door:?} at {other:?}");
        }
        // It is of one account.
        let eve = format!("eve-{}@example.org", dialect(door));
        ada.server.register(Mirror, &eve, PASSWORD).await;
        assert!(!ada.server.signs_in(door, &eve, &made).await, "{door:?}");
    }
    // The username is as good as the address, where a dialect takes it.
    let made = ada.made(Fastsite).await;
    assert!(ada.server.signs_in(Fastsite, "ada", &made).await);
}

async fn an_app_password_gives_a_user_secret_and_changes_no_password(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    let made = ada.made(Amadis).await;
    let answer = ada.sign_in(Amadis, &made).send().await.json();
    let (id, secret) =
        (answer["data"]["user_id"].to_string(), answer["data"]["user_secret"].as_str().unwrap().to_owned());
    let bearer = exchanged(&ada.server.app, &id, &secret).await.unwrap();
    let change = |old: &str| change(&ada.server.app, ADA, old, "another horse battery");
    let wrong = said(&change(WRONG).send().await);
    assert_eq!(wrong.0, 422);
    assert_eq!(said(&change(&made).send().await), wrong);
    let with_bearer = change(&made).header("authorization", &format!("Bearer {bearer}"));
    assert_eq!(said(&with_bearer.send().await), wrong);
    assert!(!ada.server.signs_in(Siberian, ADA, "another horse battery").await);
    // Nor has it a right to another password: a link is mailed, as for anybody.
    for credential in [&secret, &bearer] {
        let reset = ada.server.app.visitor().ask("PATCH", "/api/user/v1/resetpassword");
        let reset = reset.header("authorization", &format!("Bearer {credential}"));
        let answer = reset.form(&[("email", ADA)]).send().await.json();
        assert!(answer["data"]["password"].is_null(), "{answer}");
    }
    assert!(ada.server.signs_in(Siberian, ADA, PASSWORD).await);
}

async fn a_password_is_changed_with_a_bearer_and_never_without(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let (browser, eve) = (server.app.signed_up("ada").await, server.app.signed_up("eve").await);
    let secret_of = async |email: &str| {
        let fields = [("email", email), ("password", PASSWORD)];
        let answer = server.app.visitor().post("/api/user/v1/secret").form(&fields).send().await.json();
        let secret = answer["data"]["user_secret"].as_str().unwrap().to_owned();
        (answer["data"]["user_id"].to_string(), secret)
    };
    let (id, secret) = secret_of(ADA).await;
    let (eve_id, eve_secret) = secret_of("eve@example.org").await;
    want_more(&server.app, &browser).await;
    drop(eve);
    let bearer = exchanged(&server.app, &id, &secret).await.unwrap();
    let other = exchanged(&server.app, &eve_id, &eve_secret).await.unwrap();
    let ask = |old: &str| change(&server.app, ADA, old, "another horse battery");
    let with = |ask: Ask, bearer: &str| ask.header("authorization", &format!("Bearer {bearer}"));
    let wrong = said(&ask(WRONG).send().await);
    assert_eq!(said(&ask(PASSWORD).send().await), wrong);
    // A key lifts limits, and is no second factor.
    assert_eq!(said(&with(ask(PASSWORD), &server.key).send().await), wrong);
    assert_eq!(said(&with(ask(PASSWORD), &other).send().await), wrong);
    assert_eq!(said(&with(ask(WRONG), &bearer).send().await), wrong);
    let changed = with(ask(PASSWORD), &bearer).send().await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert!(server.signs_in(Siberian, ADA, "another horse battery").await);
}

async fn a_user_secret_works_on_and_what_it_resets_opens_nothing_by_itself(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let browser = server.app.signed_up("ada").await;
    let fields = [("email", ADA), ("password", PASSWORD)];
    let answer = server.app.visitor().post("/api/user/v1/secret").form(&fields).send().await.json();
    let (id, secret) = (answer["data"]["user_id"].to_string(), answer["data"]["user_secret"].clone());
    let secret = secret.as_str().unwrap();
    want_more(&server.app, &browser).await;
    assert!(exchanged(&server.app, &id, secret).await.is_some());
    let reset = server.app.visitor().ask("PATCH", "/api/user/v1/resetpassword");
    let reset = reset.header("authorization", &format!("Bearer {secret}")).form(&[("email", ADA)]);
    let answer = reset.send().await.json();
    let new = answer["data"]["password"].as_str().unwrap();
    for door in [Pages, Amadis, Fastsite, Mirror] {
        assert!(!server.signs_in(door, ADA, new).await, "{door:?}");
    }
    // A server that is trusted learns that it is right, as before, and also when it has expired.
    assert!(server.signs_in(Siberian, ADA, new).await);
    server.app.pass(std::time::Duration::from_secs(86_401));
    let late = server.login(Siberian, ADA, new).send().await;
    assert!(late.text().contains("no longer works"), "{}", late.text());
    for door in [Amadis, Fastsite, Mirror] {
        let late = said(&server.login(door, ADA, new).send().await);
        assert_eq!(late, said(&server.login(door, ADA, WRONG).send().await), "{door:?}");
    }
}

async fn a_trusted_server_proves_the_password_and_the_page_behind_its_link_asks_for_more(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    assert!(!ada.server.signs_in(Siberian, ADA, WRONG).await);
    let answer = ada.server.login(Siberian, ADA, PASSWORD).send().await;
    assert_eq!((answer.status, &answer.json()["success"]), (200, &1.into()), "{}", answer.text());
    let address = answer.json()["redirect_url"].as_str().unwrap().to_owned();
    let path = address.split_once("/admin").map(|(_, rest)| format!("/admin{rest}")).unwrap();
    let visitor = ada.server.app.visitor();
    let journey = visitor.get(&path).follow().await;
    journey.went(&[(303, "/user/login/second")]);
    assert!(!visitor.is_signed_in().await);
    let second = |code: &str| visitor.post("/user/login/second").form(&[("code", code)]);
    assert_eq!(second("000000").send().await.status, 422);
    assert!(!visitor.is_signed_in().await);
    let code = codes::code(&ada, engine).await;
    second(&code).follow().await.went(&[(303, "/user/profil")]);
    assert!(visitor.is_signed_in().await);
    // The link is used up, and proves the password to nobody else.
    let other = ada.server.app.visitor();
    other.get(&path).send().await.refusal_page(404);
    assert_eq!(other.get("/user/login/second").send().await.header("location"), Some("/user/login"));
}

async fn a_sign_up_sent_twice_shows_no_account_that_wants_more(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let browser = server.app.signed_up("ada").await;
    let again = || {
        let form = [("email", ADA), ("username", "ada"), ("password", PASSWORD)];
        server.app.visitor().post("/user/create").form(&form)
    };
    // A form that a browser sends twice is answered as the first time.
    assert_eq!(again().send().await.status, 308);
    want_more(&server.app, &browser).await;
    assert_eq!(again().send().await.status, 422);
}

fn change(app: &TestApp, email: &str, old: &str, new: &str) -> Ask {
    let fields = [("email", email), ("oldpassword", old), ("newpassword", new)];
    app.visitor().ask("PATCH", "/api/user/v1/changepassword").form(&fields)
}

/// The bearer that a user secret is exchanged for.
async fn exchanged(app: &TestApp, id: &str, secret: &str) -> Option<String> {
    let fields = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    let answer = app.visitor().post("/oauth/token").form(&fields).send().await;
    (answer.status == 200).then(|| answer.json()["access_token"].as_str().unwrap().to_owned())
}
