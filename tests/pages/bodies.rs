//! Valid and malformed bodies, and their answers.

use store::Engine;

use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, TestApp};

both_engines!(
    a_field_that_came_twice_is_refused,
    a_list_where_one_value_is_meant_is_refused,
    a_body_may_not_choose_the_method,
    a_body_that_is_not_what_it_says_it_is_is_refused,
    a_body_of_another_kind_is_refused,
    a_body_of_more_than_sixteen_kibibytes_is_refused,
    hostile_values_are_refused_and_change_nothing,
    numbers_and_objects_are_not_taken_for_text,
);

/// Every write with text fields, and a valid form for it.
const WRITES: [(&str, &[(&str, &str)]); 6] = [
    ("/user/create", &[("email", "new@example.org"), ("username", "new"), ("password", PASSWORD)]),
    ("/user/login", &[("email", "ada"), ("password", PASSWORD), ("next", "/user/profil")]),
    (
        "/user/modify/profile",
        &[("name", "A"), ("firstname", "B"), ("lastname", "C"), ("locale", "fr"), ("tea", "D")],
    ),
    ("/user/modify/username", &[("username", "other")]),
    ("/user/modify/password", &[("apassword", PASSWORD), ("npassword", "another horse entirely")]),
    ("/user/sessions/end", &[("id", "1")]),
];

const SETTINGS: &str = "fields.tea = { label = { en = 'Tea' }, sign_up = true }";

async fn a_field_that_came_twice_is_refused(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let before = ada.account().await;
    for (path, form) in WRITES {
        for (name, value) in form {
            let mut twice = form.to_vec();
            twice.push((name, value));
            for body in [Body::form(&twice), Body::multipart(&twice)] {
                let answer = ada.post(path).wants_json().body(body).send().await;
                assert!(matches!(answer.status, 400 | 404), "{path} {name}: {}", answer.status);
                answer.problem(if path == "/user/sessions/end" { 404 } else { 400 });
            }
            let json = String::from_utf8(Body::json(form).content).unwrap();
            let json = json.replacen('{', &format!("{{\"{name}\":\"x\","), 1);
            let answer = ada.post(path).wants_json().body(Body::new("application/json", json)).send().await;
            answer.problem(if path == "/user/sessions/end" { 404 } else { 400 });
        }
        // A field that no form has may be repeated.
        if path == "/user/login" {
            let mut more = form.to_vec();
            more.extend([("x", "1"), ("x", "2")]);
            assert_eq!(app.visitor().post(path).wants_json().form(&more).send().await.status, 200);
        }
    }
    assert_eq!(ada.account().await, before);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
}

async fn a_list_where_one_value_is_meant_is_refused(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let before = ada.account().await;
    for (path, form) in WRITES.into_iter().filter(|(path, _)| *path != "/user/sessions/end") {
        for (name, value) in form {
            let json: serde_json::Value = serde_json::from_slice(&Body::json(form).content).unwrap();
            for wrong in [serde_json::json!([value]), serde_json::json!({ "0": value })] {
                let mut json = json.clone();
                json[*name] = wrong;
                let body = Body::new("application/json", json.to_string());
                ada.post(path).wants_json().body(body.clone()).send().await.problem(400);
                ada.post(path).body(body).send().await.refusal_page(400);
            }
        }
    }
    assert_eq!(ada.account().await, before);
}

async fn a_body_may_not_choose_the_method(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let before = ada.account().await;
    for (path, form) in WRITES {
        for method in ["GET", "patch", "DELETE", "put", "nonsense", ""] {
            let first: Vec<_> = std::iter::once(("_method", method)).chain(form.iter().copied()).collect();
            let last: Vec<_> = form.iter().copied().chain([("_method", method)]).collect();
            for fields in [first, last] {
                for body in Body::kinds(&fields) {
                    ada.post(path).wants_json().body(body).send().await.problem(400);
                }
            }
        }
    }
    assert_eq!(ada.account().await, before);
}

async fn a_body_that_is_not_what_it_says_it_is_is_refused(engine: Engine) {
    let app = TestApp::new(engine).await;
    let form = "application/x-www-form-urlencoded";
    let multipart = "multipart/form-data; boundary=b";
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(2_000), "]".repeat(2_000));
    let cases: [(&str, &[u8]); 14] = [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b"null"),
        ("application/json", b"email=a"),
        ("application/json", b"{\"email\":\"\\ud800\"}"),
        ("application/json", b"{\"email\":\"\xff\"}"),
        ("application/json", b"{\"email\":1e999}"),
        ("application/json", deep.as_bytes()),
        (form, b"email=%ff"),
        (form, b"email=\xff"),
        (multipart, b"email=a"),
        (multipart, b"--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na"),
        ("multipart/form-data", b"--b--"),
        (multipart, b"--c\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na\r\n--c--"),
    ];
    for (content_type, content) in cases {
        for path in ["/user/login", "/user/create", "/user/logout"] {
            let body = Body::new(content_type, content);
            app.visitor().post(path).wants_json().body(body.clone()).send().await.problem(400);
            app.visitor().post(path).body(body).send().await.refusal_page(400);
        }
    }
}

async fn a_body_of_another_kind_is_refused(engine: Engine) {
    let app = TestApp::new(engine).await;
    for content_type in [
        "",
        "text/plain",
        "application/xml",
        "application/octet-stream",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded; charset=iso-8859-1",
        "application/jsonp",
        "nonsense",
    ] {
        for path in ["/user/login", "/user/create", "/user/logout"] {
            let body = Body::new(content_type, "email=ada&password=x");
            app.visitor().post(path).wants_json().body(body.clone()).send().await.problem(415);
            app.visitor().post(path).body(body).send().await.refusal_page(415);
        }
    }
}

async fn a_body_of_more_than_sixteen_kibibytes_is_refused(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let before = ada.account().await;
    for bytes in [17 << 10, 65 << 10, 1 << 20, 3 << 20] {
        let value = "x".repeat(bytes);
        for (path, form) in WRITES {
            let kinds = form.iter().map(|(name, _)| [(*name, value.as_str())]);
            let few = kinds.take(if bytes == 1 << 20 { usize::MAX } else { 1 });
            for body in few.flat_map(|fields| Body::kinds(&fields)) {
                ada.post(path).wants_json().body(body).send().await.problem(413);
            }
        }
    }
    app.visitor().post("/user/login").form(&[("x", &"x".repeat(17 << 10))]).send().await.refusal_page(413);
    assert_eq!(ada.account().await, before);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
}

async fn hostile_values_are_refused_and_change_nothing(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let before = ada.account().await;
    let hostile = ["a\0b", "\0", "a\u{1}b", "a\r\nb: c", "a\u{85}b", "a\u{202e}b", "\u{ffff}", "a\u{2028}b"];
    for (path, form) in WRITES {
        for (name, _) in form.iter().filter(|(name, _)| *name != "next") {
            for value in hostile {
                // Passwords are bytes: only control characters are refused, because nobody can type them.
                if name.contains("password") && !value.chars().any(char::is_control) {
                    continue;
                }
                let fields: Vec<_> = form
                    .iter()
                    .map(|(known, fine)| (*known, if known == name { value } else { *fine }))
                    .collect();
                for body in Body::kinds(&fields) {
                    let answer = ada.post(path).wants_json().body(body).send().await;
                    assert!(
                        (400..500).contains(&answer.status),
                        "{path} {name} {value:?}: {}",
                        answer.status
                    );
                    answer.problem(answer.status);
                }
            }
        }
    }
    assert_eq!(ada.account().await, before);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
}

async fn numbers_and_objects_are_not_taken_for_text(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for value in ["1", "-1", "99999999999999999999999", "1e30", "1.5", "true", "{}", "[]", "[[[]]]"] {
        for (path, form) in WRITES {
            let (name, _) = form[0];
            // `1` may be the number of the browser's own session.
            if path == "/user/sessions/end" && value == "1" {
                continue;
            }
            let body = Body::new("application/json", format!("{{\"{name}\":{value}}}"));
            let answer = ada.post(path).wants_json().body(body).send().await;
            answer.problem(if path == "/user/sessions/end" { 404 } else { 400 });
        }
    }
}
