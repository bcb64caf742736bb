//! Who may sign up, with which addresses and usernames: `registration.mode` and the lists beside it.

use domain::Scope;
use serde_json::Value;
use store::Engine;

use crate::engines::both_engines;
use crate::providers::{comes_back, leaves, signs_up, started, vouches};
use crate::support::{Answer, Body, PASSWORD, TestApp, Visitor, html, mail, signing_up};

both_engines!(
    where_nobody_signs_up_every_door_says_so_and_the_operator_still_makes_accounts,
    whoever_was_invited_comes_in,
    a_provider_makes_no_account_where_nobody_signs_up,
    addresses_have_a_domain_that_the_operator_takes,
    names_of_those_who_run_the_site_are_nobodys,
);

const CLOSED: &str = "No new accounts are made here. If you have one, sign in.";
const INVITED: &str =
    "Accounts here are by invitation. Ask whoever runs this site for one; if you have an account, sign in.";

async fn sends(visitor: &Visitor, path: &str, body: Body) -> Answer {
    visitor.post(path).wants_json().header("accept-language", "en").body(body).send().await
}

async fn where_nobody_signs_up_every_door_says_so_and_the_operator_still_makes_accounts(engine: Engine) {
    for (mode, said, code) in
        [("closed", CLOSED, "registration_closed"), ("invite", INVITED, "invitation_required")]
    {
        let app = TestApp::with(engine, &format!("registration.mode = '{mode}'")).await;
        let visitor = app.visitor();
        // What was typed makes no difference.
        for body in [signing_up("ada"), Body::json(&[])] {
            let problem = sends(&visitor, "/user/create", body.clone()).await.problem(403);
            assert_eq!((&problem["code"], &problem["detail"]), (&code.into(), &said.into()));
        }
        let body = || signing_up("ada");
        let fastsite = sends(&visitor, "/api/v1/personal/register/", body()).await;
        assert_eq!((fastsite.status, &fastsite.json()["success"]), (200, &0.into()));
        assert_eq!(fastsite.json()["result"]["MESSAGE"], said);
        let mirror = sends(&visitor, "/auth/register", body()).await;
        assert_eq!((mirror.status, mirror.json()), (403, serde_json::json!({ "message": said })));
        let amadis = sends(&visitor, "/api/user/v1/register", body()).await;
        assert_eq!((amadis.status, &amadis.json()["data"]["error"]), (403, &said.into()));
        assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 0);

        // Pages: no link, and a page that says it and leads to signing in.
        let page = visitor.get("/user/login").send().await.text();
        assert!(!page.contains("/user/create"), "{page}");
        for page in [
            visitor.get("/user/create").send().await.refusal_page(403),
            visitor.post("/user/create").form(&[("email", "ada@example.org")]).send().await.refusal_page(403),
        ] {
            assert!(page.contains(said) && page.contains("href=\"/user/login\""), "{page}");
        }
        let french = visitor.get("/user/create").header("accept-language", "fr").send().await.text();
        assert!(french.contains("compte") && html::language(&french) == Some("fr"), "{french}");

        // The operator's servers answer for their people.
        let key = app.key_with("shop", &Scope::ALL, 1, None).await;
        let made =
            visitor.post("/admin/api_account/create").header("authorization", &format!("Bearer {key}"));
        let made = made.body(signing_up("grace")).send().await;
        assert_eq!((made.status, &made.json()["success"]), (200, &1.into()), "{}", made.text());
        let made = visitor.post("/api/user/v1/register").header("authorization", &format!("Bearer {key}"));
        let made = made.body(signing_up("edsger")).send().await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(app.visitor().log_in("grace@example.org", PASSWORD).await.status, 200);
    }
}

async fn whoever_was_invited_comes_in(engine: Engine) {
    let app =
        TestApp::with(engine, "registration.mode = 'invite'\nregistration.allowed_domains = ['example.com']")
            .await;
    let key = app.key_with("shop", &Scope::ALL, 1, None).await;
    let invited =
        app.visitor().post("/admin/api_account/create").header("authorization", &format!("Bearer {key}"));
    let invited = invited.body(Body::json(&[("email", "ada@example.org")])).send().await;
    assert_eq!(invited.status, 200, "{}", invited.text());
    let sent = app.mailed("ada@example.org", 1).await;
    let token = mail::token_in(&mail::read(&sent[0]), "/user/reset");
    let form = [("token", token.as_str()), ("npassword", PASSWORD)];
    let answer = app.visitor().post("/user/reset").wants_json().form(&form).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(app.visitor().log_in("ada@example.org", PASSWORD).await.status, 200);
}

async fn a_provider_makes_no_account_where_nobody_signs_up(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let ada = app.visitor();
    signs_up(&app, &provider, &ada, "17", "ada@example.org").await;
    let closed = app.another_with(&format!(
        "registration.mode = 'closed'\n[providers.one]\nissuer = '{}'\nlabel = 'First'\nclient_id = '{}'\n\
         client_secret = '{}'",
        provider.issuer,
        crate::providers::CLIENT,
        crate::providers::SECRET
    ))
    .await;
    let stranger = closed.visitor();
    let away = leaves(&stranger, "one").await;
    vouches(&closed, &provider, &away, "18");
    comes_back(&stranger, &provider, &away).await;
    let page = stranger.get("/user/identity").send().await.refusal_page(403);
    assert!(page.contains(CLOSED), "{page}");
    let form = [("email", "grace@example.org")];
    stranger.post("/user/identity").wants_json().form(&form).send().await.problem(403);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
    // Whoever has an account comes in as before.
    let ada = closed.visitor();
    let away = leaves(&ada, "one").await;
    vouches(&closed, &provider, &away, "17");
    comes_back(&ada, &provider, &away).await;
    assert!(ada.is_signed_in().await);
}

#[track_caller]
fn refused(answer: &Answer, field: &str, code: &str) {
    let problem = answer.problem(422);
    assert_eq!(problem["codes"][field], Value::from(vec![code]), "{problem}");
}

async fn addresses_have_a_domain_that_the_operator_takes(engine: Engine) {
    let settings = "registration.allowed_domains = ['example.org', '*.example.org']\n\
                    registration.blocked_domains = ['bad.example.org']";
    let app = TestApp::with(engine, settings).await;
    let tries = async |email: &str| {
        let form = [("email", email), ("password", PASSWORD)];
        app.visitor().post("/user/create").wants_json().form(&form).send().await
    };
    for email in ["a@example.com", "a@bad.example.org", "a@BAD.example.org", "a@example.org.example.com"] {
        refused(&tries(email).await, "email", "email_domain_refused");
    }
    for email in ["ada@example.org", "ada@b.example.org", "ada@C.B.Example.org"] {
        assert_eq!(tries(email).await.status, 201, "{email}");
    }
    // Mirror's published clients compare the sentence.
    let wrong = Body::json(&[("email", "a@example.com"), ("password", PASSWORD)]);
    let mirror = sends(&app.visitor(), "/auth/register", wrong).await;
    assert_eq!(
        (mirror.status, &mirror.json()["message"]),
        (401, &"Registration failed; Invalid email or password.".into())
    );
    // Nor does an account move to one.
    let ada = app.visitor();
    ada.log_in("ada@example.org", PASSWORD).await;
    let moves = async |email: &str| {
        let form = [("email", email), ("apassword", PASSWORD)];
        ada.post("/user/modify/email").wants_json().form(&form).send().await
    };
    refused(&moves("ada@example.com").await, "email", "email_domain_refused");
    assert_eq!(moves("countess@example.org").await.status, 200);
}

async fn names_of_those_who_run_the_site_are_nobodys(engine: Engine) {
    let settings = "site.name = 'Tea House'\nregistration.reserved_names = ['boss']";
    let app = TestApp::with(engine, settings).await;
    for (number, name) in
        ["admin", "ADM1N", "sup-port", "Teahouse", "b0ss", "администратор"].iter().enumerate()
    {
        let email = format!("a{number}@example.org");
        let form = [("email", email.as_str()), ("username", name), ("password", PASSWORD)];
        let answer = app.visitor().post("/user/create").wants_json().form(&form).send().await;
        refused(&answer, "username", "username_reserved");
    }
    let fastsite = sends(&app.visitor(), "/api/v1/personal/register/", signing_up("postmaster")).await;
    assert_eq!(fastsite.json()["success"], 0);
    let said = fastsite.json()["result"]["MESSAGE"].as_str().unwrap().to_owned();
    assert!(said.contains("This username is reserved"), "{said}");
    let ada = app.signed_up("ada").await;
    let changes = async |name: &str| {
        ada.post("/user/modify/username").wants_json().form(&[("username", name)]).send().await
    };
    refused(&changes("Boss").await, "username", "username_reserved");
    assert_eq!(changes("adam").await.status, 200);
    // The operator gives them to whom they want, and such a name may be spelled anew.
    app.sql("UPDATE accounts SET username = 'boss', username_key = 'boss', username_skeleton = 'boss'").await;
    let boss = app.visitor();
    boss.log_in("boss", PASSWORD).await;
    let form = [("username", "BOSS")];
    let answer = boss.post("/user/modify/username").wants_json().form(&form).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}
