//! `/user/login`, `/user/logout` and the way home.

use store::Engine;

use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, TestApp, html};

both_engines!(
    the_home_page_leads_to_sign_in_or_to_the_profile,
    signing_in_by_address_or_username_ends_on_the_profile_page,
    a_program_signs_in_and_gets_the_account,
    the_sign_in_page_is_for_those_who_are_not_signed_in,
    a_form_without_credentials_leads_on,
    wrong_credentials_get_the_page_again_without_the_password,
    nobody_can_tell_an_unknown_account_from_a_wrong_password,
    after_signing_in_only_a_path_of_this_site_is_gone_on_to,
    signing_out_ends_the_session_and_takes_the_cookie,
    signing_in_again_leaves_no_session_behind,
);

async fn the_home_page_leads_to_sign_in_or_to_the_profile(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.visitor().get("/").follow().await.went(&[(303, "/user/login")]);
    app.signed_up("ada").await.get("/").follow().await.went(&[(303, "/user/profil")]);
}

async fn signing_in_by_address_or_username_ends_on_the_profile_page(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    for identifier in ["ada@example.org", "ada", "ADA", "ADA@EXAMPLE.ORG", " ada "] {
        for body in Body::kinds(&[("email", identifier), ("password", PASSWORD)]) {
            let visitor = app.visitor();
            let journey = visitor.post("/user/login").body(body).follow().await;
            journey.went(&[(308, "/user/profil"), (303, "/user/profil")]);
            assert_eq!(journey.answer.status, 200);
            assert_eq!(html::headline(&journey.answer.text()), Some("Your profile"));
        }
    }
}

async fn a_program_signs_in_and_gets_the_account(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let visitor = app.visitor();
    let answer = visitor.log_in("ada", PASSWORD).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("location"), None);
    assert_eq!(answer.json(), ada.account().await);
    assert_eq!(visitor.account().await, ada.account().await);
}

async fn the_sign_in_page_is_for_those_who_are_not_signed_in(engine: Engine) {
    let app = TestApp::new(engine).await;
    let answer = app.visitor().get("/user/login").send().await;
    assert_eq!(answer.status, 200);
    let page = answer.text();
    assert!(page.contains("<form method=\"post\" action=\"/user/login\">"));
    assert_eq!(html::value(&page, "email"), "");
    assert!(!page.contains("name=\"next\""));
    app.signed_up("ada").await.get("/user/login").follow().await.went(&[(303, "/user/profil")]);
}

async fn a_form_without_credentials_leads_on(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for body in Body::kinds(&[("username", "ada")]) {
        ada.post("/user/login").body(body.clone()).follow().await.went(&[(303, "/user/profil")]);
        app.visitor().post("/user/login").body(body).follow().await.went(&[(303, "/user/login")]);
    }
    app.visitor().post("/user/login").follow().await.went(&[(303, "/user/login")]);
    let answer = app.visitor().post("/user/login").wants_json().send().await;
    answer.refused_fields(422, &["email", "password"]);
}

async fn wrong_credentials_get_the_page_again_without_the_password(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    for body in
        Body::kinds(&[("email", "<i>ada"), ("password", "wr0ng & secret"), ("next", "/user/profil?a=b")])
    {
        let visitor = app.visitor();
        let answer = visitor.post("/user/login").body(body).send().await;
        let page = answer.refusal_page(401);
        assert_eq!(html::value(&page, "email"), "&lt;i&gt;ada");
        assert!(!html::input(&page, "password").contains("value"));
        assert!(!page.contains("wr0ng"), "a page shows a password");
        assert_eq!(html::value(&page, "next"), "&#x2F;user&#x2F;profil?a=b");
        assert!(html::alert(&page).is_some());
        assert!(answer.all("set-cookie").next().is_none());
    }
    let missing = app.visitor().post("/user/login").form(&[("email", "ada")]).send().await;
    let page = missing.refusal_page(422);
    assert!(html::error(&page, "password").is_some());
    assert_eq!(html::error(&page, "email"), None);
    assert_eq!(html::value(&page, "email"), "ada");
}

async fn nobody_can_tell_an_unknown_account_from_a_wrong_password(engine: Engine) {
    let app = TestApp::new(engine).await;
    for name in ["ada", "bob", "cyd"] {
        app.signed_up(name).await;
    }
    app.sql("UPDATE accounts SET locked_at = 1 WHERE username = 'bob'").await;
    app.sql("UPDATE accounts SET password_hash = NULL WHERE username = 'cyd'").await;
    for json in [true, false] {
        let mut answers = Vec::new();
        for (identifier, password) in [
            ("ada", "wrong password"),
            ("eve", "wrong password"),
            ("bob", "wrong password"),
            ("cyd", PASSWORD),
            ("ada@example.org", "wrong password"),
            ("eve@example.org", PASSWORD),
            ("a@b@c", PASSWORD),
            ("no name", PASSWORD),
        ] {
            let ask =
                app.visitor().post("/user/login").form(&[("email", identifier), ("password", password)]);
            let answer = if json { ask.wants_json() } else { ask }.send().await;
            let body = answer.text().replace(&format!("value=\"{identifier}\""), "value=\"\"");
            let mut headers = answer.shared_headers();
            headers.retain(|(name, _)| name != "content-length");
            answers.push((answer.status, headers, body));
        }
        assert_eq!(answers[0].0, 401);
        for answer in &answers {
            assert_eq!(answer, &answers[0]);
        }
        // An empty password does not open an account without a password.
        for identifier in ["ada", "cyd", "eve"] {
            let ask = app.visitor().post("/user/login").form(&[("email", identifier), ("password", "")]);
            let answer = if json { ask.wants_json() } else { ask }.send().await;
            if json {
                answer.refused_fields(422, &["password"]);
            } else {
                assert!(html::error(&answer.refusal_page(422), "password").is_some(), "{identifier}");
            }
        }
    }
}

async fn after_signing_in_only_a_path_of_this_site_is_gone_on_to(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let page = app.visitor().get("/user/login?next=/user/profil?tab=2").send().await.text();
    assert_eq!(html::value(&page, "next"), "&#x2F;user&#x2F;profil?tab=2");
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/%5Cevil.example",
        "/%09/evil.example",
        "javascript:alert(1)",
        "%2F%2Fevil.example",
        "%0D%0ASet-Cookie:a=b",
    ] {
        let page = app.visitor().get(&format!("/user/login?next={next}")).send().await.text();
        assert!(!page.contains("name=\"next\""), "{next}");
    }
    let sign_in = |next: &'static str| {
        app.visitor().post("/user/login").form(&[("email", "ada"), ("password", PASSWORD), ("next", next)])
    };
    for (next, to) in
        [("/user/profil?tab=2", 303), ("/somewhere/else", 303), ("/user/profil", 308), ("", 308)]
    {
        let answer = sign_in(next).send().await;
        assert_eq!(answer.status, to, "{next}");
        let wanted = if next.is_empty() { "/user/profil" } else { next };
        assert_eq!(answer.header("location"), Some(wanted));
    }
    for next in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil",
        "/\t/evil.example",
        "/a\r\nb: c",
    ] {
        let answer = sign_in(next).send().await;
        assert_eq!(answer.header("location"), Some("/user/profil"), "{next:?}");
    }
}

async fn signing_out_ends_the_session_and_takes_the_cookie(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let token = ada.cookie("vestibule").unwrap();
    let journey = ada.post("/user/logout").follow().await;
    journey.went(&[(303, "/user/login")]);
    assert_eq!(html::notice(&journey.answer.text()), Some("You’ve signed out."));
    assert_eq!(ada.cookie("vestibule"), None);
    ada.set_cookie("vestibule", &token);
    assert!(!ada.is_signed_in().await, "the session outlived its end");

    let ada = app.signed_in("ada").await;
    let answer = ada.post("/user/logout").wants_json().send().await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(ada.cookie("vestibule"), None);
    // A sign-out without a session succeeds.
    assert_eq!(ada.post("/user/logout").wants_json().send().await.status, 200);
    ada.post("/user/logout").follow().await.went(&[(303, "/user/login")]);
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 0);
}

async fn signing_in_again_leaves_no_session_behind(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.signed_up("bob").await;
    let first = ada.cookie("vestibule").unwrap();
    assert_eq!(ada.log_in("ada", PASSWORD).await.status, 200);
    let second = ada.cookie("vestibule").unwrap();
    assert_ne!(first, second, "a session keeps its id over a sign-in");
    assert_eq!(ada.log_in("bob", PASSWORD).await.status, 200);
    assert_eq!(ada.account().await["username"], "bob");
    for old in [first, second] {
        let thief = app.visitor();
        thief.set_cookie("vestibule", &old);
        assert!(!thief.is_signed_in().await);
    }
}
