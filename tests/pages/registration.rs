//! `/user/create`

use store::Engine;

use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, TestApp, html};

both_engines!(
    one_click_makes_an_account_and_ends_on_the_profile_page,
    the_sign_up_page_is_a_form_and_leads_home_whoever_is_signed_in,
    a_username_is_asked_for_where_the_operator_wants_one,
    each_empty_field_says_what_to_enter,
    a_taken_address_leads_to_signing_in_with_it,
    a_program_gets_201_and_the_account,
    a_username_is_optional,
    an_address_is_taken_in_any_case,
    a_username_is_taken_in_any_case_and_by_its_look_alikes,
    every_field_that_is_wrong_is_named_and_what_was_typed_is_kept,
    passwords_anybody_would_guess_are_refused,
    a_password_counts_in_characters_and_is_neither_trimmed_nor_cut,
    what_the_public_must_not_set_is_ignored,
);

fn ada() -> [(&'static str, &'static str); 3] {
    [("email", "ada@example.org"), ("username", "ada"), ("password", PASSWORD)]
}

async fn one_click_makes_an_account_and_ends_on_the_profile_page(engine: Engine) {
    let app = TestApp::new(engine).await;
    for (number, body) in Body::kinds(&ada()).into_iter().enumerate() {
        let taken = ["ada@example.org", "=ada", "%40example", "\"ada\""];
        let mut text = String::from_utf8(body.content).unwrap();
        for (old, new) in taken.iter().zip(["XX@example.org", "=XX", "%40example", "\"XX\""]) {
            text = text.replace(old, &new.replace("XX", &format!("ada{number}")));
        }
        text = text.replace("\r\n\r\nada\r\n", &format!("\r\n\r\nada{number}\r\n"));
        let visitor = app.visitor();
        let body = Body::new(&body.content_type, text);
        let journey = visitor.post("/user/create").body(body).follow().await;
        journey.went(&[(308, "/user/login"), (308, "/user/profil"), (303, "/user/profil")]);
        let page = journey.answer.text();
        assert_eq!(journey.answer.status, 200);
        assert!(page.contains(&format!("<p class=\"hint\">ada{number} · ")), "{page}");
        assert_eq!(html::notice(&page), Some("Welcome! Your account is ready."));
        assert!(visitor.is_signed_in().await);
    }
}

async fn the_sign_up_page_is_a_form_and_leads_home_whoever_is_signed_in(engine: Engine) {
    let app = TestApp::new(engine).await;
    let answer = app.visitor().get("/user/create").send().await;
    assert_eq!(answer.status, 200);
    assert!(answer.is_page());
    let page = answer.text();
    assert!(page.contains("<form method=\"post\" action=\"/user/create\">"));
    for name in ["email", "password"] {
        assert_eq!(html::value(&page, name), "");
        assert_eq!(html::error(&page, name), None);
    }
    assert!(!page.contains("name=\"username\""), "{page}");
    let ada = app.signed_up("ada").await;
    ada.get("/user/create").follow().await.went(&[(303, "/user/profil")]);
}

async fn a_username_is_asked_for_where_the_operator_wants_one(engine: Engine) {
    let app = TestApp::with(engine, "registration.username = 'optional'").await;
    let page = app.visitor().get("/user/create").send().await.text();
    assert!(!html::input(&page, "username").contains(" required"), "{page}");
    let form = [("email", "ada@example.org"), ("password", PASSWORD)];
    let journey = app.visitor().post("/user/create").form(&form).follow().await;
    assert_eq!(journey.answer.status, 200);

    let app = TestApp::with(engine, "registration.username = 'required'").await;
    let visitor = app.visitor();
    let page = visitor.get("/user/create").send().await.text();
    assert!(html::input(&page, "username").contains(" required"), "{page}");
    let page = visitor.post("/user/create").form(&form).send().await.refusal_page(422);
    assert_eq!(html::error(&page, "username"), Some("Choose a username."));
    visitor.post("/user/create").wants_json().form(&form).send().await.refused_fields(422, &["username"]);
    let form = [&form[..], &[("username", "ada")]].concat();
    assert_eq!(visitor.post("/user/create").wants_json().form(&form).send().await.status, 201);
}

async fn each_empty_field_says_what_to_enter(engine: Engine) {
    let fields =
        "fields.phone.label = { en = 'Phone' }\nfields.phone.required = true\nfields.phone.sign_up = true";
    let app = TestApp::with(engine, fields).await;
    let page = app.visitor().post("/user/create").send().await.refusal_page(422);
    for (name, said) in [
        ("email", "Enter your email address."),
        ("password", "Enter a password."),
        ("phone", "Fill in “Phone”."),
    ] {
        assert_eq!(html::error(&page, name), Some(said));
    }
    let problem = app.visitor().post("/user/login").wants_json().send().await.problem(422);
    assert_eq!(problem["errors"]["email"][0], "Enter your email address or username.");
    assert_eq!(problem["codes"]["email"][0], "required");
}

async fn a_taken_address_leads_to_signing_in_with_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let visitor = app.visitor();
    let form = [("email", "ada@example.org"), ("password", "another horse entirely")];
    let page = visitor.post("/user/create").form(&form).send().await.refusal_page(422);
    assert!(
        page.matches("href=\"/user/login\"").count() == 2 && page.contains("href=\"/user/forgot\""),
        "{page}"
    );
    for path in ["/user/login", "/user/forgot"] {
        let page = visitor.get(path).send().await.text();
        assert_eq!(html::value(&page, "email"), "ada@example.org", "{path}");
    }
    visitor.post("/user/login").form(&[("email", "ada"), ("password", PASSWORD)]).send().await;
    assert_eq!(visitor.cookie("vestibule_typed"), None);
    // What somebody else planted is shown as text, or not at all.
    for planted in ["%3Cscript%3E", "a%0Ab", "="] {
        let visitor = app.visitor();
        visitor.set_cookie("vestibule_typed", planted);
        let page = visitor.get("/user/login").send().await.text();
        assert!(["", "&lt;script&gt;"].contains(&&*html::value(&page, "email")), "{planted}: {page}");
    }
}

async fn a_program_gets_201_and_the_account(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    let answer = visitor.post("/user/create").wants_json().body(Body::json(&ada())).send().await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("location"), None);
    let account = answer.json();
    assert!(account["id"].as_i64().is_some_and(|id| id > 0));
    assert_eq!(account["email"], "ada@example.org");
    assert_eq!(account["username"], "ada");
    assert_eq!(account["name"], "");
    let picture = account["avatar_url"].as_str().unwrap();
    assert!(picture.starts_with(&app.url("/user/picture/")), "{picture}");
    assert!(!visitor.is_signed_in().await);
}

async fn a_username_is_optional(engine: Engine) {
    let app = TestApp::new(engine).await;
    for (email, form) in [
        ("a@example.org", &[("email", "a@example.org"), ("password", PASSWORD)][..]),
        ("b@example.org", &[("email", "b@example.org"), ("username", " "), ("password", PASSWORD)]),
    ] {
        let visitor = app.visitor();
        let answer = visitor.post("/user/create").wants_json().form(form).send().await;
        assert_eq!(answer.status, 201);
        assert!(answer.json()["username"].is_null());
        assert_eq!(visitor.log_in(email, PASSWORD).await.status, 200);
        let page = visitor.profile_page().await;
        assert_eq!(html::value(&page, "username"), "");
    }
}

async fn an_address_is_taken_in_any_case(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    for email in ["ada@example.org", "ADA@Example.ORG", "  Ada@example.org "] {
        let form = [("email", email), ("password", PASSWORD)];
        let answer = app.visitor().post("/user/create").wants_json().form(&form).send().await;
        answer.refused_fields(422, &["email"]);
        assert_eq!(app.visitor().log_in(email, PASSWORD).await.status, 200, "{email}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
}

async fn a_username_is_taken_in_any_case_and_by_its_look_alikes(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("paypal").await;
    let sign_up = |username: &'static str| {
        let form = [("email", "other@example.org"), ("username", username), ("password", PASSWORD)];
        app.visitor().post("/user/create").wants_json().form(&form)
    };
    // The last one is entirely Cyrillic.
    for username in ["paypal", "PayPal", " paypal ", "paypa1", "PAYPA1", "раураӏ"] {
        sign_up(username).send().await.refused_fields(422, &["username"]);
    }
    // Mixed scripts, and invalid characters.
    for username in ["p\u{430}ypal-shop", "a@b", "a b", "\u{202e}ada", "😀", "-", "a/b", "..", "<b>"] {
        sign_up(username).send().await.refused_fields(422, &["username"]);
    }
    assert_eq!(sign_up("Жанна").send().await.status, 201);
    for identifier in ["PAYPAL", "paypal", " PayPal "] {
        assert_eq!(app.visitor().log_in(identifier, PASSWORD).await.status, 200, "{identifier}");
    }
    assert_eq!(app.visitor().log_in("жанна", PASSWORD).await.status, 200);
    assert_eq!(app.visitor().log_in("paypa1", PASSWORD).await.status, 401);
}

async fn every_field_that_is_wrong_is_named_and_what_was_typed_is_kept(engine: Engine) {
    let app = TestApp::new(engine).await;
    let typed = [("email", "<b>\"no address"), ("username", "a b"), ("password", "kUrz<7>")];
    for body in Body::kinds(&typed) {
        let visitor = app.visitor();
        let answer = visitor.post("/user/create").body(body.clone()).send().await;
        let page = answer.refusal_page(422);
        assert_eq!(html::headline(&page), Some("Create your account"));
        assert_eq!(html::value(&page, "email"), "&lt;b&gt;&quot;no address");
        assert_eq!(html::value(&page, "username"), "a b");
        assert!(!html::input(&page, "password").contains("value"));
        assert!(!page.contains("kUrz"), "a page shows a password");
        for name in ["email", "username", "password"] {
            assert!(html::error(&page, name).is_some(), "{name}");
        }
        assert!(html::alert(&page).is_some_and(|alert| alert.contains('3')));
        let answer = visitor.post("/user/create").wants_json().body(body).send().await;
        answer.refused_fields(422, &["email", "password", "username"]);
        assert!(!answer.text().contains("kUrz"));
    }
    let empty = app.visitor().post("/user/create").send().await;
    let page = empty.refusal_page(422);
    assert!(html::error(&page, "email").is_some() && html::error(&page, "password").is_some());
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 0);
}

async fn passwords_anybody_would_guess_are_refused(engine: Engine) {
    let app = TestApp::with(engine, "site.name = 'Ada and Friends'").await;
    let long = "x7".repeat(513);
    for password in [
        "",
        "seven77",
        "password",
        "PASSWORD",
        "12345678",
        "aaaaaaaa",
        "ada-lovelace",
        "Ada-Lovelace@Example.org",
        "the-countess",
        "ADA AND FRIENDS",
        "with a\u{7}bell",
        &long,
    ] {
        let form =
            [("email", "ada-lovelace@example.org"), ("username", "the-countess"), ("password", password)];
        let answer = app.visitor().post("/user/create").wants_json().form(&form).send().await;
        answer.refused_fields(422, &["password"]);
    }
}

async fn a_password_counts_in_characters_and_is_neither_trimmed_nor_cut(engine: Engine) {
    let app = TestApp::new(engine).await;
    let long = format!("{}!!", "x7".repeat(127));
    let spaced = "  пароль ";
    for (name, password) in [("short", "семьи-да"), ("spaced", spaced), ("long", &long)] {
        let email = format!("{name}@example.org");
        let form = [("email", email.as_str()), ("password", password)];
        let answer = app.visitor().post("/user/create").wants_json().form(&form).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert_eq!(app.visitor().log_in(&email, password).await.status, 200);
    }
    assert_eq!(app.visitor().log_in("spaced@example.org", spaced.trim()).await.status, 401);
    assert_eq!(app.visitor().log_in("long@example.org", &long[..255]).await.status, 401);
    assert_eq!(app.visitor().log_in("long@example.org", &format!("{long}xx")).await.status, 401);
}

async fn what_the_public_must_not_set_is_ignored(engine: Engine) {
    let app = TestApp::new(engine).await;
    let with_more = [
        ("email", "ada@example.org"),
        ("password", PASSWORD),
        ("id", "77"),
        ("role_id", "3"),
        ("role", "administrator"),
        ("verified_at", "1"),
        ("locked_at", "1"),
        ("created_at", "1"),
        ("user_id", "77"),
        ("nonsense", "x"),
    ];
    for (number, mut body) in Body::kinds(&with_more).into_iter().enumerate() {
        let text = String::from_utf8(body.content).unwrap();
        body.content = text.replace("ada", &format!("ada{number}")).into_bytes();
        let visitor = app.visitor();
        let answer = visitor.post("/user/create").wants_json().body(body).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert_ne!(answer.json()["id"], 77);
        assert_eq!(visitor.log_in(&format!("ada{number}@example.org"), PASSWORD).await.status, 200);
        let answer = visitor.post("/user/modify/profile").wants_json().form(&with_more).send().await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["email"], format!("ada{number}@example.org"));
    }
    let ordinary = "SELECT COUNT(*) FROM accounts WHERE role_id = 1 AND verified_at IS NULL AND locked_at IS NULL \
                    AND created_at > 1 AND id < 77";
    assert_eq!(app.count(ordinary).await, 3);
}
