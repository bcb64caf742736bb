//! HTML or JSON, trailing slashes, methods, `HEAD`, and unknown paths.

use store::Engine;

use crate::engines::both_engines;
use crate::support::{BROWSER, Body, PASSWORD, TestApp, html};

both_engines!(
    programs_that_prefer_json_get_it_and_everybody_else_gets_pages,
    a_quality_beyond_one_or_without_a_number_counts_as_zero,
    a_slash_at_the_end_never_matters,
    a_wrong_method_is_told_the_right_ones,
    an_unknown_path_is_not_found_in_shape,
    head_answers_as_get_does_without_a_body_and_changes_nothing,
    odd_requests_are_refused_in_shape,
    the_servers_health_can_be_asked,
    styles_and_scripts_have_addresses_that_may_be_kept_for_ever,
);

async fn programs_that_prefer_json_get_it_and_everybody_else_gets_pages(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    for accept in [
        "application/json",
        "application/json, text/plain, */*",
        "application/json;q=0.9, text/html;q=0.8",
        "text/html;q=0.1, application/json",
    ] {
        visitor.get("/user/profil").header("accept", accept).send().await.problem(401);
        visitor.get("/nowhere").header("accept", accept).send().await.problem(404);
    }
    for accept in
        [BROWSER, "*/*", "text/html", "", "application/json;q=0.5, text/html", "image/png", "x;;=,/"]
    {
        let answer = visitor.get("/user/profil").header("accept", accept).send().await;
        assert_eq!(answer.status, 303, "{accept}");
        visitor.get("/nowhere").header("accept", accept).send().await.refusal_page(404);
    }
    assert_eq!(visitor.get("/user/profil").without("accept").send().await.status, 303);
    // The content type of the body does not decide the content type of the answer.
    let body = Body::json(&[("email", "nobody"), ("password", "wrong password")]);
    visitor.post("/user/login").body(body.clone()).send().await.refusal_page(401);
    visitor.post("/user/login").wants_json().body(body).send().await.problem(401);
    let page = visitor.get("/user/login").send().await;
    let vary = page.header("vary").unwrap().to_lowercase();
    assert!(
        ["accept", "accept-language", "cookie"].iter().all(|name| vary.split(", ").any(|part| part == *name))
    );
}

async fn a_quality_beyond_one_or_without_a_number_counts_as_zero(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    for wrong in ["2", "1.5", "-1", "nonsense", "NaN", "inf", ""] {
        let json = format!("application/json;q={wrong}, text/html;q=0.1");
        assert_eq!(visitor.get("/user/profil").header("accept", &json).send().await.status, 303, "{json}");
        let page = format!("text/html;q={wrong}, application/json;q=0.1");
        visitor.get("/user/profil").header("accept", &page).send().await.problem(401);
        let french = format!("fr;q={wrong}, ru;q=0.1");
        let shown = visitor.get("/user/login").header("accept-language", &french).send().await.text();
        assert!(shown.contains("<html lang=\"ru\""), "{french}");
    }
}

async fn a_slash_at_the_end_never_matters(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    assert_eq!(ada.get("/user/profil/").send().await.status, 200);
    assert_eq!(ada.get("/user/profil//").send().await.status, 200);
    let answer = app.visitor().get("/user/login/?next=/user/profil?a").send().await;
    assert_eq!(html::value(&answer.text(), "next"), "&#x2F;user&#x2F;profil?a");
    let form = [("email", "ada"), ("password", PASSWORD)];
    let visitor = app.visitor();
    let journey = visitor.post("/user/login/").form(&form).follow().await;
    journey.went(&[(308, "/user/profil"), (303, "/user/profil")]);
    let form = [("email", "bob@example.org"), ("password", PASSWORD)];
    assert_eq!(app.visitor().post("/user/create/").form(&form).follow().await.answer.status, 200);
    for path in ["/user/modify/profile/", "/user/logout/"] {
        assert_eq!(ada.post(path).wants_json().send().await.status, 200, "{path}");
    }
    assert_eq!(app.visitor().get("//").send().await.status, 303);
}

async fn a_wrong_method_is_told_the_right_ones(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    for (method, path, allow) in [
        ("DELETE", "/user/login", "GET, HEAD, POST"),
        ("PUT", "/user/login/", "GET, HEAD, POST"),
        ("PATCH", "/user/create", "GET, HEAD, POST"),
        ("DELETE", "/user/profil", "GET, HEAD, POST"),
        ("GET", "/user/logout", "POST"),
        ("HEAD", "/user/logout", "POST"),
        ("GET", "/user/sessions/end", "POST"),
        ("GET", "/user/modify/pp/remove", "POST"),
        ("PATCH", "/user/modify/password", "POST"),
        ("POST", "/", "GET, HEAD"),
        ("POST", "/favicon.ico", "GET, HEAD"),
        ("PROPFIND", "/user/login", "GET, HEAD, POST"),
        ("TRACE", "/user/login", "GET, HEAD, POST"),
    ] {
        let answer = visitor.ask(method, path).wants_json().send().await;
        assert_eq!(answer.status, 405, "{method} {path}");
        let mut allowed: Vec<&str> = answer.header("allow").unwrap().split(", ").collect();
        allowed.retain(|method| method != &"GET" || path != "/user/modify/password");
        allowed.retain(|method| method != &"HEAD" || path != "/user/modify/password");
        allowed.sort_unstable();
        assert_eq!(allowed.join(", "), allow, "{method} {path}");
        if method != "HEAD" {
            answer.problem(405);
            visitor.ask(method, path).send().await.refusal_page(405);
        }
    }
}

async fn an_unknown_path_is_not_found_in_shape(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    for path in ["/user", "/user/", "/user/nobody", "/users/login", "/user/login/x", "/api", "/.env"] {
        for method in ["GET", "POST", "DELETE"] {
            visitor.ask(method, path).send().await.refusal_page(404);
            let answer = visitor.ask(method, path).wants_json().send().await;
            answer.problem(404);
            assert_eq!(answer.header("allow"), None);
        }
    }
    for path in [
        "/static/x",
        "/static/x/../../Cargo.toml",
        "/static/x/%2e%2e/%2e%2e/Cargo.toml",
        "/static/x/none.css",
    ] {
        visitor.get(path).send().await.refusal_page(404);
    }
}

async fn head_answers_as_get_does_without_a_body_and_changes_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for path in ["/user/login", "/user/create", "/user/profil", "/", "/health", "/nowhere", "/favicon.ico"] {
        for visitor in [&ada, &app.visitor()] {
            let (head, get) = (visitor.ask("HEAD", path).send().await, visitor.get(path).send().await);
            assert_eq!(head.status, get.status, "{path}");
            assert!(head.content.is_empty());
            for name in ["content-type", "content-length", "location", "cache-control"] {
                assert_eq!(head.header(name), get.header(name), "{name} of {path}");
            }
        }
    }
    ada.ask("HEAD", "/user/logout").send().await;
    assert!(ada.is_signed_in().await);
}

async fn odd_requests_are_refused_in_shape(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    for path in ["/user/%00", "/user/%ff%fe", "/user/%e2%82", "/user/a%2fb"] {
        let answer = visitor.get(path).wants_json().send().await;
        assert!(matches!(answer.status, 400 | 404), "{path}");
        answer.problem(answer.status);
    }
    // Unknown query parameters are ignored.
    let answer = visitor.get("/user/login?next=%ff&next=/b&x[]=1&%zz&_method=DELETE").send().await;
    assert_eq!(answer.status, 200);
    let long = format!("/user/login?next=/{}", "x".repeat(20_000));
    assert_eq!(visitor.get(&long).send().await.status, 200);
}

async fn the_servers_health_can_be_asked(engine: Engine) {
    let app = TestApp::new(engine).await;
    let answer = app.visitor().get("/health").send().await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
}

async fn styles_and_scripts_have_addresses_that_may_be_kept_for_ever(engine: Engine) {
    // The sign-in page with all that it can have.
    let app = TestApp::with(engine, "public_url = 'http://localhost:8000'").await;
    let visitor = app.visitor();
    let page = visitor.get("/user/login").send().await.text();
    let files = |before: &'static str, kind: &'static str| {
        let parts = page.split(before).skip(1);
        parts.map(move |part| (part.split('"').next().unwrap().to_owned(), kind)).collect::<Vec<_>>()
    };
    let styles = files("rel=\"stylesheet\" href=\"", "text/css");
    let scripts = files("<script src=\"", "text/javascript");
    assert_eq!((styles.len(), scripts.len()), (1, 2), "{page}");
    let mut seen = 0;
    for (path, kind) in styles.into_iter().chain(scripts) {
        let answer = visitor.get(&path).send().await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some(format!("{kind}; charset=utf-8").as_str()));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        seen += answer.content.len();
        let tag = answer.header("etag").unwrap();
        let again = visitor.get(&path).header("if-none-match", tag).send().await;
        assert_eq!((again.status, again.content.len()), (304, 0));
        // A page from before an upgrade requests the old hash. It gets the present file, which is cached
        // briefly.
        let (folder, name) = path.rsplit_once('/').unwrap();
        let old = format!("{}0000/{name}", &folder[..folder.len() - 4]);
        let answer = visitor.get(&old).send().await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, Some("public, max-age=300")));
    }
    assert!(seen < 30 * 1024, "styles and scripts have {seen} bytes");
    assert!(!page.contains("//cdn") && !page.contains("https://"), "something comes from elsewhere");
}
