//! The table of the published contract, row by row.

use serde_json::{Value, json};
use store::Engine;

use super::{BASE, EMAIL_TAKEN, PASSWORD_SHORT, Shop, below_origin, failed, succeeded};
use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, TestApp};

const FIELDS: &str = r#"
    [fields.phone]
    label = { en = "Phone" }
    required = true
    sign_up = true
    max_length = 20

    [fields.news]
    label = { en = "News" }
    type = "boolean"
"#;

both_engines![
    an_account_is_made_from_any_kind_of_body,
    an_account_is_not_made_and_the_first_reason_of_the_published_list_is_said,
    a_number_sent_on_create_makes_nothing,
    an_account_is_changed_as_far_as_fields_are_sent,
    a_change_that_cannot_be_is_refused_whole,
    a_changed_password_ends_everything_that_the_old_one_opened,
    a_changed_address_voids_what_was_given_for_the_old_one,
    exist_answers_with_a_real_boolean_and_both_numbers,
    authenticate_tells_what_is_wrong,
    forgotpassword_tells_what_is_wrong,
    the_operators_fields_are_taken_on_create_and_update,
    everything_below_the_base_answers_in_shape,
    messages_are_english_whatever_is_asked_for,
    addresses_in_answers_are_the_public_ones_and_percent_encoded,
];

async fn an_account_is_made_from_any_kind_of_body(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    for (kind, (name, slash)) in [("form", ""), ("multipart", "/"), ("json", "///")].into_iter().enumerate() {
        let email = format!("{name}@example.org");
        let fields = [
            ("email", email.as_str()),
            ("password", PASSWORD),
            ("firstname", "Ада"),
            ("lastname", "Lovelace"),
            ("role_id", "2"),
            ("nonsense", "ignored"),
        ];
        let body = Body::kinds(&fields)[kind].clone();
        let made = succeeded(&shop.call(&format!("create{slash}")).body(body).send().await);
        let mut keys: Vec<&str> = made.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["redirect_url", "success", "token", "user_id"], "{name}");
        let browser = app.visitor();
        assert_eq!(browser.log_in(&email, PASSWORD).await.status, 200);
        let account = browser.account().await;
        assert_eq!(account["id"], made["user_id"]);
        assert_eq!([&account["firstname"], &account["lastname"]], [&json!("Ада"), &json!("Lovelace")]);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE role_id = 2").await, 3);
    let body = Body::new("application/json", r#"{"email":"d@example.org","role_id":2,"password":"sixsix"}"#);
    succeeded(&shop.call("create").body(body).send().await);
    shop.created("e@example.org").await;
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE role_id = 2").await, 4);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE role_id = 1").await, 1, "the default");
}

async fn an_account_is_not_made_and_the_first_reason_of_the_published_list_is_said(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    app.signed_up("ada").await;
    let mut refused = Vec::new();
    for (fields, message) in [
        (&[("password", PASSWORD)][..], "The email is required"),
        (&[("email", "  "), ("password", "short"), ("user_id", "1")], "The email is required"),
        (&[("email", "ADA@example.org"), ("password", PASSWORD)], EMAIL_TAKEN),
        (&[("email", "ada@example.org"), ("password", "short"), ("role_id", "9")], EMAIL_TAKEN),
        (&[("email", "eve@example.org"), ("password", "short")], PASSWORD_SHORT),
        (&[("email", "eve@example.org"), ("password", "")], PASSWORD_SHORT),
        (&[("email", "no address"), ("password", "short"), ("user_id", "1")], PASSWORD_SHORT),
        (&[("email", "eve@example.org"), ("role_id", "9")], "This role does not exist"),
        (&[("email", "eve@example.org"), ("role_id", "3")], super::ROLE_NOT_GIVEN),
    ] {
        for body in Body::kinds(fields) {
            shop.refused(&shop.call("create").body(body).send().await, message);
        }
    }
    let negative = [("email", "eve@example.org"), ("role_id", "-1")];
    shop.refused(&shop.ask("create", &negative).await, "This role does not exist");
    for (field, value) in [
        ("email", "no address"),
        ("email", "eve@"),
        ("role_id", "two"),
        ("firstname", "a\u{7}b"),
        ("password", &"x".repeat(257)),
        ("password", &"x".repeat(1_025)),
    ] {
        let mut fields = vec![("email", "eve@example.org"), ("password", PASSWORD)];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        refused.push(failed(&shop.ask("create", &fields).await));
        assert!(refused.last().unwrap().starts_with(&format!("{field}: ")), "{refused:?}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM tickets").await, 0);
}

async fn a_number_sent_on_create_makes_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    for number in ["1", "999", "x", "", "-1"] {
        for body in Body::kinds(&[("user_id", number), ("email", "a@example.org"), ("password", PASSWORD)]) {
            shop.refused(&shop.call("create").body(body).send().await, "Unable to update a user from here.");
        }
    }
    for number in ["7", "[1]", "{}", "true", "1.5", "123456789012345678901234567890"] {
        let text = format!(r#"{{"user_id":{number},"email":"a@example.org","password":"sixsix"}}"#);
        let answer = shop.call("create").body(Body::new("application/json", text)).send().await;
        shop.refused(&answer, "Unable to update a user from here.");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 0);
    // `user_id: null` counts as not sent.
    let text = r#"{"user_id":null,"email":"a@example.org","password":"sixsix"}"#;
    succeeded(&shop.call("create").body(Body::new("application/json", text)).send().await);
}

async fn an_account_is_changed_as_far_as_fields_are_sent(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let id = shop.created("ada@example.org").await;
    let number = id.to_string();
    for (at, body) in Body::kinds(&[("user_id", &number), ("firstname", "Ada"), ("lastname", "King")])
        .into_iter()
        .chain([Body::new("application/json", format!(r#"{{"user_id":{id},"firstname":"Ada"}}"#))])
        .enumerate()
    {
        let changed = succeeded(&shop.call("update").body(body).send().await);
        let token = changed["token"].as_str().unwrap();
        assert_eq!(changed, json!({ "success": 1, "user_id": id, "token": token }), "{at}");
    }
    let browser = app.visitor();
    assert_eq!(browser.log_in("ada@example.org", PASSWORD).await.status, 200);
    let account = browser.account().await;
    assert_eq!(account["name"], "");
    assert_eq!([&account["firstname"], &account["lastname"]], [&json!("Ada"), &json!("King")]);
    let fields = [("user_id", number.as_str()), ("email", "Countess@example.org"), ("role_id", "2")];
    succeeded(&shop.ask("update", &fields).await);
    // The account's own address in another spelling is not taken.
    succeeded(&shop.ask("update", &[("user_id", &number), ("email", "countess@EXAMPLE.org")]).await);
    assert!(browser.is_signed_in().await, "a change without a password ends nothing");
    assert_eq!(browser.account().await["firstname"], "Ada");
    assert_eq!(app.visitor().log_in("countess@example.org", PASSWORD).await.status, 200);
    assert_eq!(app.visitor().log_in("ada@example.org", PASSWORD).await.status, 401);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE role_id = 2").await, 1);
}

async fn a_change_that_cannot_be_is_refused_whole(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    shop.created("eve@example.org").await;
    let id = shop.created("ada@example.org").await.to_string();
    for (fields, message) in [
        (&[("email", "new@example.org")][..], "The user_id is required"),
        (&[("user_id", ""), ("email", "new@example.org")], "The user_id is required"),
        (&[("user_id", "4711"), ("password", "short")], "This admin does not exist"),
        (&[("user_id", "0")], "This admin does not exist"),
        (&[("user_id", "9223372036854775807")], "This admin does not exist"),
        (&[("user_id", &id), ("email", "EVE@example.org"), ("password", "short")], EMAIL_TAKEN),
        (&[("user_id", &id), ("firstname", "New"), ("password", "short")], PASSWORD_SHORT),
        (&[("user_id", &id), ("firstname", "New"), ("password", "")], PASSWORD_SHORT),
        (&[("user_id", &id), ("firstname", "New"), ("role_id", "9")], "This role does not exist"),
        (&[("user_id", &id), ("firstname", "New"), ("role_id", "3")], super::ROLE_NOT_GIVEN),
        (&[("user_id", &id), ("firstname", "New"), ("email", "")], "The email is required"),
    ] {
        for body in Body::kinds(fields) {
            shop.refused(&shop.call("update").body(body).send().await, message);
        }
    }
    shop.refused(&shop.ask("update", &[("user_id", "-1")]).await, "This admin does not exist");
    for number in ["9223372036854775808", "1e3", "1.5", "one", "true", " 1"] {
        let message = failed(&shop.ask("update", &[("user_id", number), ("firstname", "New")]).await);
        assert!(message.starts_with("user_id: "), "{number}: {message}");
    }
    let same =
        "SELECT COUNT(*) FROM accounts WHERE firstname = '' AND role_id = 1 AND updated_at = created_at";
    assert_eq!(app.count(same).await, 2);
    assert_eq!(app.count("SELECT COUNT(*) FROM tickets").await, 2, "no more than those of the creation");
}

async fn a_changed_password_ends_everything_that_the_old_one_opened(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let made = succeeded(&shop.ask("create", &[("email", "ada@example.org"), ("password", PASSWORD)]).await);
    let id = made["user_id"].to_string();
    let browser = app.visitor();
    assert_eq!(browser.log_in("ada@example.org", PASSWORD).await.status, 200);
    let sign_in = [("login", "ada@example.org"), ("password", PASSWORD)];
    let app_data = app.visitor().post("/api/v1/personal/auth/").form(&sign_in).send().await.json();
    let hash = app_data["data"]["user_hash"].as_str().unwrap().to_owned();
    succeeded(&shop.ask("update", &[("user_id", &id), ("password", "sixsix")]).await);
    assert!(!browser.is_signed_in().await);
    let refresh = app.visitor().get("/api/v1/personal/auth_refresh/");
    assert_eq!(refresh.header("user-id", &id).header("user-hash", &hash).send().await.status, 401);
    let ticket = app.visitor().get(&below_origin(&made["redirect_url"])).send().await;
    ticket.refusal_page(404);
    assert_eq!(app.visitor().log_in("ada@example.org", PASSWORD).await.status, 401);
    assert_eq!(app.visitor().log_in("ada@example.org", "sixsix").await.status, 200);
}

async fn a_changed_address_voids_what_was_given_for_the_old_one(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let made = succeeded(&shop.ask("create", &[("email", "ada@example.org")]).await);
    let id = made["user_id"].to_string();
    app.sql("UPDATE accounts SET verified_at = 1").await;
    let changed = succeeded(&shop.ask("update", &[("user_id", &id), ("email", "king@example.org")]).await);
    let moved = format!("{BASE}/autologin?email=king@example.org&token=");
    for (token, status) in [(&made["token"], 404), (&changed["token"], 303)] {
        let answer = app.visitor().get(&format!("{moved}{}", token.as_str().unwrap())).send().await;
        assert_eq!(answer.status, status);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE verified_at IS NULL").await, 1);
}

async fn exist_answers_with_a_real_boolean_and_both_numbers(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let ada = app.signed_up("ada").await;
    let id = ada.account().await["id"].clone();
    for email in ["ada@example.org", " ADA@Example.org "] {
        for body in Body::kinds(&[("email", email)]) {
            let found = succeeded(&shop.call("exist").body(body).send().await);
            assert_eq!(found, json!({ "success": 1, "exists": true, "id": id, "user_id": id }));
        }
    }
    for email in ["eve@example.org", "no address", "ada"] {
        let found = succeeded(&shop.ask("exist", &[("email", email)]).await);
        assert_eq!(found, json!({ "success": 1, "exists": false, "id": null, "user_id": null }));
    }
    for fields in [&[][..], &[("email", "")], &[("email", " ")]] {
        shop.refused(&shop.ask("exist", fields).await, "The email is required");
    }
}

async fn authenticate_tells_what_is_wrong(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let ada = app.signed_up("ada").await;
    for email in ["ada@example.org", " ADA@example.org "] {
        for body in Body::kinds(&[("email", email), ("password", PASSWORD)]) {
            let entered = succeeded(&shop.call("authenticate").body(body).send().await);
            let (token, address) = (&entered["token"], &entered["redirect_url"]);
            assert_eq!(entered, json!({ "success": 1, "token": token, "redirect_url": address }));
            let browser = app.visitor();
            assert_eq!(browser.get(&below_origin(address)).send().await.status, 303);
            assert_eq!(browser.account().await["id"], ada.account().await["id"]);
        }
    }
    let many = "wrong horse battery";
    shop.created("eve@example.org").await;
    app.sql("UPDATE accounts SET locked_at = 1 WHERE email = 'eve@example.org'").await;
    succeeded(&shop.ask("create", &[("email", "cyd@example.org")]).await);
    for (fields, message) in [
        (&[][..], "The email is required"),
        (&[("password", PASSWORD)], "The email is required"),
        (&[("email", "ada@example.org")], "The password is required"),
        (&[("email", "nobody@example.org"), ("password", "")], "The password is required"),
        (&[("email", "nobody@example.org"), ("password", PASSWORD)], "The user doesn't exist."),
        (&[("email", "no address"), ("password", PASSWORD)], "The user doesn't exist."),
        (&[("email", "ada@example.org"), ("password", many)], "Authentication failed."),
        (&[("email", "ada@example.org"), ("password", " ")], "Authentication failed."),
        (&[("email", "eve@example.org"), ("password", many)], "Authentication failed."),
        (
            &[("email", "eve@example.org"), ("password", PASSWORD)],
            "This account is locked. Please ask whoever runs this site.",
        ),
        (&[("email", "cyd@example.org"), ("password", PASSWORD)], "Authentication failed."),
    ] {
        for body in Body::kinds(fields) {
            shop.refused(&shop.call("authenticate").body(body).send().await, message);
        }
    }
}

async fn forgotpassword_tells_what_is_wrong(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    app.signed_up("ada").await;
    for (email, message) in [
        ("", "Please enter your email address"),
        (" ", "Please enter your email address"),
        ("nobody@example.org", "This email address does not exist."),
        ("no address", "This email address does not exist."),
    ] {
        for body in Body::kinds(&[("email", email)]) {
            shop.refused(&shop.call("forgotpassword").body(body).send().await, message);
        }
    }
    shop.refused(&shop.ask("forgotpassword", &[]).await, "Please enter your email address");
    for body in Body::kinds(&[("email", " ADA@example.org")]) {
        assert_eq!(succeeded(&shop.call("forgotpassword").body(body).send().await), json!({ "success": 1 }));
    }
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200, "the old password still works");
}

async fn the_operators_fields_are_taken_on_create_and_update(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    let shop = Shop::new(&app).await;
    let fields = [("email", "ada@example.org"), ("password", PASSWORD), ("phone", "+33 1"), ("news", "on")];
    let id = succeeded(&shop.ask("create", &fields).await)["user_id"].to_string();
    let browser = app.visitor();
    assert_eq!(browser.log_in("ada@example.org", PASSWORD).await.status, 200);
    let kept = async || browser.account().await["fields"].clone();
    assert_eq!(kept().await, json!({ "phone": "+33 1", "news": "true" }));
    let text = format!(r#"{{"user_id":"{id}","news":false}}"#);
    succeeded(&shop.call("update").body(Body::new("application/json", text)).send().await);
    assert_eq!(kept().await, json!({ "phone": "+33 1", "news": "false" }));
    for (name, value) in [("phone", "x".repeat(21)), ("phone", "a\0b".into()), ("news", "maybe".into())] {
        let message = failed(&shop.ask("update", &[("user_id", &id), (name, &value)]).await);
        assert!(message.starts_with(&format!("{name}: ")), "{message}");
    }
    assert_eq!(kept().await, json!({ "phone": "+33 1", "news": "false" }));
    // The operator's required fields are not required of a server.
    shop.created("eve@example.org").await;
}

async fn everything_below_the_base_answers_in_shape(engine: Engine) {
    let app = TestApp::new(engine).await;
    let shop = Shop::new(&app).await;
    let html = |path: &str| app.visitor().get(&format!("{BASE}{path}")).header("accept", "text/html");
    for path in ["", "/", "/nothing", "/create/more", "/autologins", "/Create"] {
        failed(&html(path).send().await);
    }
    for name in super::CALLS {
        let wrong = html(&format!("/{name}")).send().await;
        failed(&wrong);
        assert_eq!(wrong.header("allow"), Some("POST"), "{name}");
        for method in ["PUT", "DELETE", "PATCH"] {
            failed(&app.visitor().ask(method, &format!("{BASE}/{name}")).send().await);
        }
        let head = app.visitor().ask("HEAD", &format!("{BASE}/{name}")).send().await;
        assert_eq!((head.status, head.content.len()), (400, 0));
    }
    failed(&shop.ask("nothing", &[]).await);
}

async fn messages_are_english_whatever_is_asked_for(engine: Engine) {
    let app = TestApp::with(engine, "locale = 'fr'").await;
    let shop = Shop::new(&app).await;
    let said = async |language: &str| {
        let ask = shop.call("create").header("accept-language", language);
        let fields = [("email", "no address"), ("password", PASSWORD)];
        let field = failed(&ask.clone().form(&fields).send().await);
        (field, failed(&ask.body(Body::new("application/xml", "<a/>")).send().await))
    };
    let english = said("en").await;
    for language in ["ru", "fr", "de"] {
        assert_eq!(said(language).await, english);
    }
    assert!(english.0.contains("email address"), "{english:?}");
}

async fn addresses_in_answers_are_the_public_ones_and_percent_encoded(engine: Engine) {
    let app =
        TestApp::with(engine, "public_url = 'https://accounts.example.org'\nhttp.hosts = ['evil.example']")
            .await;
    let shop = Shop::new(&app).await;
    let email = "ada+shop&x=1@example.org";
    let fields = [("email", email), ("password", PASSWORD)];
    let ask = shop.call("create").header("host", "evil.example").header("x-forwarded-host", "evil.example");
    let made = succeeded(&ask.form(&fields).send().await);
    let entered = succeeded(&shop.ask("authenticate", &fields).await);
    for answer in [&made, &entered] {
        let (token, address) = (&answer["token"], &answer["redirect_url"]);
        let expected = format!(
            "https://accounts.example.org{BASE}/autologin?email=ada%2Bshop%26x%3D1%40example.org&token={}",
            token.as_str().unwrap()
        );
        assert_eq!(address, &Value::from(expected));
        let answer = app.visitor().get(&below_origin(address)).send().await;
        assert_eq!(answer.status, 303, "{}", answer.text());
    }
}
