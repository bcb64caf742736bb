//! `/user/profil`, `/user/modify/profile` and `/user/modify/username`.

use store::Engine;

use crate::engines::both_engines;
use crate::support::{Body, TestApp, html};

both_engines!(
    the_profile_is_for_those_who_are_signed_in,
    the_profile_page_shows_the_account_and_its_forms,
    a_post_to_the_profile_leads_to_it_and_does_nothing,
    a_changed_profile_is_shown_at_once_everywhere,
    only_what_is_sent_is_changed,
    a_refused_profile_is_shown_again_as_typed_and_not_kept,
    two_forms_sent_at_once_do_not_undo_each_other,
    a_changed_username_leads_through_sign_in_to_the_profile,
    a_username_that_cannot_be_had_changes_nothing,
    one_may_keep_ones_own_username_in_another_spelling,
    an_address_that_a_refused_form_stands_at_can_be_reloaded,
    a_change_needs_somebody_who_is_signed_in,
);

async fn the_profile_is_for_those_who_are_signed_in(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    let journey = visitor.get("/user/profil").follow().await;
    journey.went(&[(303, "/user/login?next=/user/profil")]);
    assert_eq!(journey.answer.status, 200);
    visitor.get("/user/profil").wants_json().send().await.problem(401);
    visitor.post("/user/profil").wants_json().send().await.problem(401);
    visitor.post("/user/profil").follow().await.went(&[(303, "/user/login?next=/user/profil")]);
    for junk in ["", "x", &"A".repeat(43), &"A".repeat(5_000), "%00", "\"quoted\""] {
        visitor.set_cookie("vestibule", junk);
        assert!(!visitor.is_signed_in().await, "{junk}");
    }
}

async fn the_profile_page_shows_the_account_and_its_forms(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let answer = ada.get("/user/profil").send().await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    let page = answer.text();
    assert_eq!(html::headline(&page), Some("Your profile"));
    assert!(page.contains("ada@example.org"));
    assert_eq!(html::value(&page, "username"), "ada");
    for action in [
        "/user/modify/pp\"",
        "/user/modify/profile\"",
        "/user/modify/username\"",
        "/user/modify/email\"",
        "/user/logout\"",
    ] {
        assert!(page.contains(&format!(" method=\"post\" action=\"{action}")), "{action}");
    }
    let account = ada.account().await;
    for name in ["id", "email", "username", "name", "firstname", "lastname", "locale", "avatar_url", "fields"]
    {
        assert!(account.get(name).is_some(), "{name}");
    }
    // What a site's own pages greet somebody by, and what it lets them do.
    assert_eq!((&account["display_name"], &account["role"]), (&"ada".into(), &1.into()));
    assert!(!account.to_string().contains("argon2"));
    assert_eq!(html::notice(&page), None);
}

async fn a_post_to_the_profile_leads_to_it_and_does_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let before = ada.account().await;
    for body in Body::kinds(&[("name", "Mallory"), ("username", "mallory")]) {
        ada.post("/user/profil").body(body.clone()).follow().await.went(&[(303, "/user/profil")]);
        let answer = ada.post("/user/profil").wants_json().body(body).send().await;
        assert_eq!((answer.status, answer.json()), (200, before.clone()));
    }
    for body in [Body::new("application/json", "{"), Body::new("image/png", "x"), Body::new("", "x")] {
        ada.post("/user/profil").body(body).follow().await.went(&[(303, "/user/profil")]);
    }
    assert_eq!(ada.account().await, before);
}

async fn a_changed_profile_is_shown_at_once_everywhere(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let phone = app.signed_in("ada").await;
    assert_eq!(phone.account().await["name"], "");
    let form =
        [("name", "  Ada, Countess  "), ("firstname", "Ада"), ("lastname", "O'Lovelace"), ("locale", "ru")];
    for body in Body::kinds(&form) {
        let journey = ada.post("/user/modify/profile").body(body.clone()).follow().await;
        journey.went(&[(303, "/user/profil")]);
        let page = journey.answer.text();
        assert_eq!(html::language(&page), Some("ru"));
        assert!(html::notice(&page).is_some());
        assert!(page.contains("<p class=\"hint\">Ada, Countess · "), "{page}");
        assert_eq!(html::value(&page, "lastname"), "O&#x27;Lovelace");
        let account = phone.account().await;
        assert_eq!(account["name"], "Ada, Countess");
        assert_eq!(account["firstname"], "Ада");
        assert_eq!(account["lastname"], "O'Lovelace");
        assert_eq!(account["locale"], "ru");
        let cleared = Body::json(&[("name", ""), ("firstname", ""), ("lastname", ""), ("locale", "")]);
        let answer = phone.post("/user/modify/profile").wants_json().body(cleared).send().await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), ada.account().await);
        assert!(answer.json()["locale"].is_null());
    }
}

async fn only_what_is_sent_is_changed(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let change = async |form: &[(&str, &str)]| {
        let answer = ada.post("/user/modify/profile").wants_json().form(form).send().await;
        assert_eq!(answer.status, 200);
        answer.json()
    };
    change(&[("name", "Ada"), ("firstname", "Augusta"), ("locale", "fr")]).await;
    let account = change(&[("lastname", "King")]).await;
    assert_eq!(
        [&account["name"], &account["firstname"], &account["lastname"], &account["locale"]],
        ["Ada", "Augusta", "King", "fr"]
    );
    assert_eq!(change(&[]).await, account);
}

async fn a_refused_profile_is_shown_again_as_typed_and_not_kept(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let before = ada.account().await;
    let long = "é".repeat(101);
    let form = [
        ("name", "<Ada> & \"Co\""),
        ("firstname", long.as_str()),
        ("lastname", "a\u{202e}b"),
        ("locale", "xx"),
    ];
    for body in Body::kinds(&form) {
        let page = ada.post("/user/modify/profile").body(body.clone()).send().await.refusal_page(422);
        assert_eq!(html::value(&page, "name"), "&lt;Ada&gt; &amp; &quot;Co&quot;");
        assert_eq!(html::value(&page, "firstname"), long);
        assert_eq!(html::error(&page, "name"), None);
        for name in ["firstname", "lastname", "locale"] {
            assert!(html::error(&page, name).is_some(), "{name}");
        }
        assert_eq!(html::headline(&page), Some("Your profile"));
        let answer = ada.post("/user/modify/profile").wants_json().body(body).send().await;
        answer.refused_fields(422, &["firstname", "lastname", "locale"]);
        assert_eq!(ada.account().await, before);
    }
}

async fn two_forms_sent_at_once_do_not_undo_each_other(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let change = async |name: &str, value: &str| {
        ada.post("/user/modify/profile").wants_json().form(&[(name, value)]).send().await.status
    };
    for round in 0..10 {
        let value = round.to_string();
        let statuses = rocket::tokio::join!(
            change("name", &value),
            change("firstname", &value),
            change("lastname", &value)
        );
        assert_eq!(statuses, (200, 200, 200));
        let account = ada.account().await;
        assert_eq!([&account["name"], &account["firstname"], &account["lastname"]], [value.as_str(); 3]);
    }
}

async fn a_changed_username_leads_through_sign_in_to_the_profile(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for (number, kind) in Body::kinds(&[("username", "ada-N")]).into_iter().enumerate() {
        let name = format!("ada-{number}");
        let text = String::from_utf8(kind.content).unwrap().replace("ada-N", &name);
        let body = Body::new(&kind.content_type, text);
        let journey = ada.post("/user/modify/username").body(body).follow().await;
        journey.went(&[(308, "/user/login"), (303, "/user/profil")]);
        let page = journey.answer.text();
        assert_eq!(html::notice(&page), Some("Username changed."));
        assert_eq!(html::value(&page, "username"), name);
        assert_eq!(app.visitor().log_in(&name, crate::support::PASSWORD).await.status, 200);
    }
    // A former username signs in while it is reserved.
    assert_eq!(app.visitor().log_in("ada", crate::support::PASSWORD).await.status, 200);
    let answer = ada.post("/user/modify/username").wants_json().form(&[("username", "Zoë")]).send().await;
    assert_eq!((answer.status, answer.header("location")), (200, None));
    assert_eq!(answer.json()["username"], "Zoë");
}

async fn a_username_that_cannot_be_had_changes_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.signed_up("bill").await;
    let long = "x".repeat(41);
    for username in ["bill", "BILL", "bi11", "", " ", "a b", "a@b", "a\0b", "<script>", &long] {
        let form = [("username", username)];
        let page = ada.post("/user/modify/username").form(&form).send().await.refusal_page(422);
        assert!(html::error(&page, "username").is_some(), "{username:?}");
        assert!(!page.contains("<script>alert") && !page.contains("value=\"<script>"));
        assert_eq!(html::headline(&page), Some("Your profile"));
        let answer = ada.post("/user/modify/username").wants_json().form(&form).send().await;
        answer.refused_fields(422, &["username"]);
    }
    assert_eq!(ada.account().await["username"], "ada");
}

async fn one_may_keep_ones_own_username_in_another_spelling(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for username in ["ada", "Ada", "ADA"] {
        let answer =
            ada.post("/user/modify/username").wants_json().form(&[("username", username)]).send().await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["username"], username);
    }
}

async fn an_address_that_a_refused_form_stands_at_can_be_reloaded(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for (form, page) in [
        ("pasword", "/user/security"),
        ("password", "/user/security"),
        ("username", "/user/profil"),
        ("email", "/user/profil"),
        ("profile", "/user/profil"),
        ("pp", "/user/profil"),
    ] {
        ada.get(&format!("/user/modify/{form}")).follow().await.went(&[(303, page)]);
    }
}

async fn a_change_needs_somebody_who_is_signed_in(engine: Engine) {
    let app = TestApp::new(engine).await;
    for path in [
        "/user/modify/pasword",
        "/user/modify/password",
        "/user/modify/username",
        "/user/modify/profile",
        "/user/modify/pp",
        "/user/modify/pp/remove",
        "/user/sessions/end",
        "/user/sessions/end-others",
        "/user/devices/end",
        "/user/devices/end-others",
        "/user/devices/pair",
    ] {
        let visitor = app.visitor();
        visitor.post(path).wants_json().send().await.problem(401);
        // The page offers the sign-in form.
        let page = visitor.post(path).send().await.refusal_page(401);
        assert!(page.contains("action=\"/user/login\""), "{path}");
        assert!(html::alert(&page).is_some());
    }
}
