//! Compares the published description with the routes and with real answers, and checks that it is
//! consistent.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::schema::{BUTTONS, READ_BY_PROGRAMS, violations};
use crate::support::{Answer, Ask, Body, PASSWORD, TestApp};

both_engines![
    every_route_of_the_doors_is_described_and_every_described_call_has_a_route,
    every_call_is_described_whole_and_every_example_is_one,
    the_operators_fields_are_described,
    what_is_answered_is_what_is_described,
    a_text_may_be_as_long_as_described_and_no_longer,
    what_a_call_never_answers_is_not_described,
    too_many_tries_are_answered_as_described,
    the_document_is_served_from_memory_and_may_be_kept,
    an_operator_may_do_without_the_description,
];

const FIELDS: &str = r#"
[fields.city]
label = { en = "City", fr = "Ville" }
required = true
sign_up = true
max_length = 40
[fields.born]
label = { en = "Born" }
type = "date"
[fields.news]
label = { en = "News" }
type = "boolean"
"#;

pub async fn document(app: &TestApp) -> Value {
    let answer = app.visitor().get("/api/openapi.json").send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    answer.json()
}

/// All operations: path, method and description.
pub fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push((path.clone(), method.to_uppercase(), operation.clone()));
        }
    }
    assert!(all.len() > 6);
    all
}

async fn every_route_of_the_doors_is_described_and_every_described_call_has_a_route(engine: Engine) {
    let app = TestApp::new(engine).await;
    let described: BTreeSet<(String, String)> =
        operations(&document(&app).await).into_iter().map(|(path, method, _)| (method, path)).collect();
    // Browsers' paths have templates instead of a description, and those that programs have no use for.
    let for_browsers = |path: &str| {
        path == "/"
            || ["/static", "/health", "/favicon.ico", "/dev/mail"].iter().any(|own| path.starts_with(own))
            // The values of its pages are those of their templates, which the theme's contract describes.
            || path.starts_with("/admin") && !path.starts_with("/admin/api_account")
    };
    let forms = |method: &str, path: &str| {
        path.starts_with("/user/picture")
            || path == "/user/switch"
            || ["/user/authorize", "/user/logout/application"].contains(&path)
            || method == "POST" && ["/user/profil", "/user/modify/pasword"].contains(&path)
            || method == "GET" && path.starts_with("/user") && !READ_BY_PROGRAMS.contains(&path)
    };
    let routes: BTreeSet<(String, String)> = app
        .rocket()
        .routes()
        .map(|route| (route.method.to_string(), route.uri.path().to_owned()))
        .filter(|(method, path)| !for_browsers(path) && !forms(method, path) && method != "OPTIONS")
        .collect();
    assert_eq!(described, routes);
}

async fn every_call_is_described_whole_and_every_example_is_one(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    let document = document(&app).await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let at = format!("{method} {path}");
        assert!(
            names.insert(operation["operationId"].as_str().unwrap().to_owned()),
            "{at}: its name is taken"
        );
        for said in ["summary", "responses"] {
            assert!(!operation[said].is_null(), "{at} says nothing of its {said}");
        }
        assert!(operation.get("x-refusals").is_none(), "{at}");
        for scheme in
            operation["security"].as_array().into_iter().flatten().flat_map(|all| all.as_object().unwrap())
        {
            assert!(document["components"]["securitySchemes"].get(scheme.0).is_some(), "{at}: {}", scheme.0);
        }
        let mut contents = vec![("request".to_owned(), operation.pointer("/requestBody/content"))];
        let takes_nothing = method == "GET" || BUTTONS.contains(&path.as_str());
        assert_eq!(operation.get("requestBody").is_none(), takes_nothing, "{at}");
        if let Some(kinds) = operation.pointer("/requestBody/content") {
            let uploads = path == "/user/modify/pp";
            assert_eq!(kinds.as_object().unwrap().len(), if uploads { 1 } else { 3 }, "{at}");
        }
        for (status, answer) in operation["responses"].as_object().unwrap() {
            assert!(answer["description"].as_str().is_some_and(|text| !text.is_empty()), "{at} {status}");
            contents.push((status.clone(), answer.get("content")));
        }
        for status in ["500", "503"] {
            let dialect = operation["tags"][0].as_str().unwrap();
            let described = operation["responses"].get(status).is_some();
            assert_eq!(described, dialect != "siberian", "{at}: {status}");
        }
        for (of, content) in contents {
            for (kind, media) in content.and_then(Value::as_object).into_iter().flatten() {
                let examples = media["examples"].as_object().unwrap();
                assert!(!examples.is_empty(), "{at} {of}: no example of {kind}");
                for (name, example) in examples {
                    let wrong = violations(&document, &media["schema"], &example["value"]);
                    assert_eq!(wrong, Vec::<String>::new(), "{at} {of} {name}: {}", example["value"]);
                }
            }
        }
    }
}

async fn the_operators_fields_are_described(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    let document = document(&app).await;
    let schemas = &document["components"]["schemas"];
    let asked = &schemas["fastsite.Registration"];
    assert_eq!(asked["properties"]["city"]["description"], "City");
    assert_eq!(asked["properties"]["city"]["maxLength"], 40);
    assert_eq!(asked["properties"]["born"]["format"], "date");
    let required = asked["required"].as_array().unwrap();
    assert!(required.contains(&json!("city")) && !required.contains(&json!("born")), "{required:?}");
    assert_eq!(schemas["fastsite.Profile"]["properties"]["news"]["type"], json!(["boolean", "null"]));
}

/// Checks that the document describes this answer of the operation, and returns its status.
#[track_caller]
fn described(document: &Value, method: &str, path: &str, answer: &Answer) -> u16 {
    let operation = &document["paths"][path][method.to_lowercase()];
    assert!(operation.is_object(), "{method} {path} is not described");
    let said = &operation["responses"][answer.status.to_string()];
    assert!(said.is_object(), "{method} {path}: {} is not described: {}", answer.status, answer.text());
    let kind = answer.header("content-type").unwrap();
    let media = &said["content"][kind];
    assert!(media.is_object(), "{method} {path} {}: {kind} is not described", answer.status);
    let wrong = violations(document, &media["schema"], &answer.json());
    assert_eq!(wrong, Vec::<String>::new(), "{method} {path} {}: {}", answer.status, answer.text());
    for (name, header) in said["headers"].as_object().into_iter().flatten() {
        let sent = answer.header(&name.to_lowercase()).is_some();
        assert!(sent || header["required"] == false, "{method} {path} {}: no {name}", answer.status);
    }
    answer.status
}

pub async fn check(document: &Value, method: &str, path: &str, ask: Ask) -> Answer {
    let answer = ask.send().await;
    described(document, method, path, &answer);
    answer
}

async fn what_is_answered_is_what_is_described(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    let document = document(&app).await;
    let key = format!("Bearer {}", app.key("shop").await);
    let mut statuses = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let visitor = app.visitor();
        let ask = || visitor.ask(&method, &path).wants_json().header("authorization", &key);
        let mut asks =
            vec![ask().without("authorization"), ask(), ask().header("authorization", "Bearer wrong")];
        if let Some(examples) = operation.pointer("/requestBody/content/application~1json/examples") {
            let example = &examples["success"]["value"];
            let fields = example.as_object().unwrap();
            asks.push(ask().body(Body::new("application/json", example.to_string())));
            // Sent twice: the second time, the address and the username are taken.
            asks.push(ask().body(Body::new("application/json", example.to_string())));
            for (_, _, body) in crate::support::broken() {
                asks.push(ask().body(body));
            }
            for name in fields.keys() {
                let texts: Vec<(&str, &str)> = fields
                    .iter()
                    .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
                    .collect();
                for (_, body) in crate::support::spoiled(name, &texts) {
                    asks.push(ask().body(body));
                }
            }
        }
        for ask in asks {
            let answer = check(&document, &method, &path, ask).await;
            statuses.insert(answer.status);
        }
    }
    for status in [200, 201, 400, 401, 404, 413, 415, 422] {
        assert!(statuses.contains(&status), "no call was answered with {status}: {statuses:?}");
    }
    let register = "/api/v1/personal/register";
    let body = Body::json(&[
        ("login", "grace"),
        ("email", "grace@example.org"),
        ("password", PASSWORD),
        ("confirm_password", PASSWORD),
        ("city", "Arlington"),
        ("news", "true"),
    ]);
    let signed_in = check(&document, "POST", register, app.visitor().post(register).body(body)).await.json();
    assert_eq!(signed_in["data"]["user_profile"]["news"], true, "{signed_in}");
    let refresh = "/api/v1/personal/auth_refresh";
    let id = signed_in["data"]["user_id"].to_string();
    let ask = app.visitor().get(refresh).header("user-id", &id);
    let ask = ask.header("user-hash", signed_in["data"]["user_hash"].as_str().unwrap());
    assert_eq!(check(&document, "GET", refresh, ask.clone()).await.status, 200);
    app.pass(Duration::from_secs(61));
    assert_eq!(check(&document, "GET", refresh, ask).await.status, 401);
}

fn schema_of_body<'a>(document: &'a Value, method: &str, path: &str) -> &'a Value {
    let body = &document["paths"][path][method.to_lowercase()]["requestBody"];
    let named = body["content"]["application/json"]["schema"]["$ref"].as_str().unwrap();
    document.pointer(named.trim_start_matches('#')).unwrap()
}

async fn a_text_may_be_as_long_as_described_and_no_longer(engine: Engine) {
    let app = TestApp::new(engine).await;
    let document = document(&app).await;
    let key = format!("Bearer {}", app.key("shop").await);
    for (person, (path, name)) in [
        ("/admin/api_account/create", "firstname"),
        ("/admin/api_account/create", "lastname"),
        ("/api/user/v1/register", "name"),
        ("/api/v1/personal/register", "login"),
        ("/api/v1/personal/register", "name"),
        ("/auth/device", "name"),
    ]
    .into_iter()
    .enumerate()
    {
        let longest =
            schema_of_body(&document, "POST", path)["properties"][name]["maxLength"].as_u64().unwrap();
        let text = "é".repeat(usize::try_from(longest).unwrap());
        for (text, fits) in [(format!("{text}é"), false), (text, true)] {
            let mut fields = json!({
                "email": format!("{person}@example.org"), "login": format!("person-{person}"),
                "password": PASSWORD, "confirm_password": PASSWORD,
            });
            fields[name] = json!(text);
            let body = Body::new("application/json", fields.to_string());
            let answer = app.visitor().post(path).header("authorization", &key).body(body).send().await;
            let done = answer.status < 300 && answer.json()["success"] != 0;
            assert_eq!(done, fits, "{path} {name}: {}", answer.text());
        }
    }
}

async fn what_a_call_never_answers_is_not_described(engine: Engine) {
    let app = TestApp::new(engine).await;
    let document = document(&app).await;
    // The call does not refuse wrong credentials: a caller with them gets the public answer.
    let ask =
        app.visitor().ask("PATCH", "/api/user/v1/resetpassword").header("authorization", "Bearer wrong");
    assert_eq!(ask.form(&[("email", "ada@example.org")]).send().await.status, 200);
    let described = &document["paths"]["/api/user/v1/resetpassword"]["patch"]["responses"];
    assert_eq!(described.get("401"), None);
}

async fn too_many_tries_are_answered_as_described(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = \"on\"").await;
    let document = document(&app).await;
    for (path, name) in [("/auth/login", "email"), ("/api/v1/personal/auth", "login")] {
        let mut waited = false;
        for _ in 0..40 {
            let body = Body::json(&[(name, "ada@example.org"), ("password", "wrong")]);
            let answer = check(&document, "POST", path, app.visitor().post(path).body(body)).await;
            waited |= answer.header("retry-after").is_some();
        }
        assert!(waited, "{path}: nobody had to wait");
    }
}

async fn the_document_is_served_from_memory_and_may_be_kept(engine: Engine) {
    let app = TestApp::new(engine).await;
    let first = app.visitor().get("/api/openapi.json").send().await;
    let tag = first.header("etag").unwrap();
    let again = app.visitor().get("/api/openapi.json").header("if-none-match", tag).send().await;
    assert_eq!((again.status, again.content.len()), (304, 0));
    let wrong = app.visitor().post("/api/openapi.json").wants_json().form(&[("a", "b")]).send().await;
    wrong.problem(405);
    let page = app.visitor().get("/api/docs").send().await;
    assert!(page.is_page() && page.status == 200);
    let html = page.text();
    // It is filled once for all readers of a language.
    let signed_in = app.signed_up("ada").await.get("/api/docs").send().await;
    assert!(signed_in.text() == html, "the page of somebody signed in is another one");
    let french = app.visitor().get("/api/docs").header("accept-language", "fr").send().await;
    assert!(french.text().contains("lang=\"fr\"") && french.text() != html);
    for (path, ..) in operations(&first.json()) {
        assert!(html.contains(&path.replace('/', "&#x2F;")), "{path} is not on the page");
    }
}

async fn an_operator_may_do_without_the_description(engine: Engine) {
    let app = TestApp::with(engine, "[api]\ndocs = \"off\"").await;
    for path in ["/api/openapi.json", "/api/docs"] {
        app.visitor().get(path).wants_json().send().await.problem(404);
    }
}
