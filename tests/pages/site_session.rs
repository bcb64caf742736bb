//! Who is signed in, for the operator's sites: headers for their proxies, JSON for their scripts, and the way
//! back to them.

use std::time::Duration;

use rocket::tokio::time::sleep;
use store::Engine;

use crate::engines::{both_engines, run};
use crate::passkeys;
use crate::support::{Answer, Ask, PASSWORD, TestApp, html, mail};
use crate::totp;

both_engines!(
    a_proxy_gets_who_is_signed_in_as_headers,
    every_name_fits_into_a_header,
    whoever_is_not_signed_in_is_led_to_sign_in_and_back,
    a_program_behind_a_proxy_gets_no_redirect,
    whoever_must_set_up_a_factor_first_is_nobody_yet,
    a_script_of_a_listed_site_asks_with_the_cookie,
    a_listed_site_signs_its_reader_out_and_no_other_does,
    the_way_back_to_another_site_is_kept_from_page_to_page,
    sister_hosts_get_the_cookie_where_the_operator_says_so,
);

const SESSION: &str = "/user/session";
const JSON: &str = "/api/session";
const SHOP: &str = "https://shop.example.org";
const SETTINGS: &str = "public_url = 'https://accounts.example.org'\n\
    site = { return_to = [\"https://shop.example.org\", \"http://localhost:5173\"] }";
const SIGN_IN: &str = "https://accounts.example.org/user/login";
const BACK: &str = "https://shop.example.org/cart?a=b&c=d%20e";
const KEPT: &str = "/user/login?next=https%3A//shop.example.org/cart%3Fa%3Db%26c%3Dd%2520e";

#[track_caller]
fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let Some(value) = answer.header(name) else {
        panic!("no {name} in {}: {}", answer.status, answer.text())
    };
    value
}

/// A request as proxies send it for a browser.
fn from_proxy(app: &TestApp, query: &str) -> Ask {
    app.visitor().get(&format!("{SESSION}{query}")).header("accept", "text/html,*/*;q=0.8")
}

async fn a_proxy_gets_who_is_signed_in_as_headers(engine: Engine) {
    let app = TestApp::with(engine, "").await;
    let ada = app.signed_up("ada").await;
    let id = ada.account().await["id"].to_string();
    let answer = ada.get(SESSION).header("accept", "text/html").send().await;
    assert_eq!((answer.status, answer.text().as_str()), (200, ""));
    assert_eq!(header(&answer, "cache-control"), "no-store");
    let said = |answer: &Answer| {
        let names = ["user", "email", "name", "groups", "verified", "factors"];
        names.map(|name| header(answer, &format!("remote-{name}")).to_owned())
    };
    let expected = [&*id, "ada@example.org", "ada", "member", "true", "password"];
    assert_eq!(said(&answer), expected);
    assert_eq!(ada.ask("HEAD", SESSION).send().await.status, 200);
    // What was changed is told at once.
    app.sql("UPDATE accounts SET verified_at = NULL").await;
    ada.post("/user/modify/profile").form(&[("name", "Ada Lovelace")]).send().await;
    totp::set_up(&app, &ada).await;
    let answer = ada.get(SESSION).send().await;
    assert_eq!(said(&answer)[2..5], ["Ada Lovelace", "member", "false"]);
    // On another instance, too.
    let other = app.another().await;
    let elsewhere = other.visitor();
    elsewhere.set_cookie("vestibule", &ada.cookie("vestibule").unwrap());
    assert_eq!(said(&elsewhere.get(SESSION).send().await)[0], id);
    ada.post("/user/logout").send().await;
    assert_eq!(elsewhere.get(SESSION).send().await.status, 401);
}

async fn every_name_fits_into_a_header(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for (name, written) in [
        ("Žofie Nováková", "%C5%BDofie Nov%C3%A1kov%C3%A1"),
        ("100% Ada, of course", "100%25 Ada, of course"),
        ("Ада 愛 🦀", "%D0%90%D0%B4%D0%B0 %E6%84%9B %F0%9F%A6%80"),
        ("a\"b<c>;=", "a\"b<c>;="),
    ] {
        let saved = ada.post("/user/modify/profile").wants_json().form(&[("name", name)]).send().await;
        assert_eq!(saved.status, 200, "{}", saved.text());
        let answer = ada.get(SESSION).send().await;
        assert_eq!(header(&answer, "remote-name"), written);
    }
    app.sql("INSERT INTO roles (id, name) VALUES (7, 'night, shift')").await;
    app.sql("UPDATE accounts SET role_id = 7").await;
    let ada = app.signed_in("ada").await;
    assert_eq!(header(&ada.get(SESSION).send().await, "remote-groups"), "night%2C shift");
}

async fn whoever_is_not_signed_in_is_led_to_sign_in_and_back(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let whole = |ask: Ask| ask.header("x-original-url", BACK);
    let parts = |ask: Ask| {
        let ask = ask.header("x-forwarded-proto", "https").header("x-forwarded-host", "shop.example.org");
        ask.header("x-forwarded-uri", "/cart?a=b&c=d%20e")
    };
    let location = format!("https://accounts.example.org{KEPT}");
    for named in [whole as fn(Ask) -> Ask, parts] {
        let led = named(from_proxy(&app, "?redirect")).send().await;
        assert_eq!((led.status, header(&led, "location")), (302, &*location));
        // nginx passes 401 alone, and reads where to go.
        let told = named(from_proxy(&app, "")).send().await;
        assert_eq!((told.status, header(&told, "location")), (401, &*location));
        assert_eq!(told.problem(401)["code"], "unauthenticated");
    }
    // A chain of proxies, the parts that are missing, and a page of this site.
    let chain = [("x-forwarded-proto", "https, http"), ("x-forwarded-host", "shop.example.org, 10.0.0.7")];
    let ask = chain.iter().fold(from_proxy(&app, "?redirect"), |ask, (name, value)| ask.header(name, value));
    let led = ask.send().await;
    assert_eq!(header(&led, "location"), format!("{SIGN_IN}?next=https%3A//shop.example.org/"));
    let own = from_proxy(&app, "?redirect").header("x-original-url", "https://accounts.example.org/wiki?x=1");
    assert_eq!(header(&own.send().await, "location"), format!("{SIGN_IN}?next=/wiki%3Fx%3D1"));
    // Whatever else is named is not gone back to.
    for other in [
        "https://evil.example/",
        "https://shop.example.org.evil.example/",
        "https://shop.example.org@evil.example/",
        "https://accounts.example.org//evil.example",
        "/cart",
        "nonsense",
        "",
    ] {
        let led = from_proxy(&app, "?redirect").header("x-original-url", other).send().await;
        assert_eq!((led.status, header(&led, "location")), (302, SIGN_IN), "{other}");
    }
}

async fn a_program_behind_a_proxy_gets_no_redirect(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ask = app.visitor().get(&format!("{SESSION}?redirect")).wants_json();
    let answer = ask.header("x-original-url", BACK).send().await;
    assert_eq!(answer.problem(401)["code"], "unauthenticated");
    // Whatever it accepts, nobody meets a page here.
    for path in [SESSION, JSON] {
        for (method, status) in [("GET", 401), ("POST", 405), ("DELETE", 405)] {
            let answer = app.visitor().ask(method, path).header("accept", "text/html").send().await;
            answer.problem(status);
        }
    }
}

async fn whoever_must_set_up_a_factor_first_is_nobody_yet(engine: Engine) {
    let required = "second_factor = { required = [\"member\"] }";
    let app = TestApp::with(engine, &format!("{}\n{required}", passkeys::SETTINGS)).await;
    let ada = app.visitor();
    let form = [("email", "ada@example.org"), ("password", PASSWORD)];
    ada.post("/user/create").form(&form).follow().await;
    for path in [SESSION, JSON] {
        assert_eq!(ada.get(path).send().await.problem(403)["code"], "second_factor_missing");
    }
    let led = ada.get(&format!("{SESSION}?redirect")).header("accept", "text/html").send().await;
    assert_eq!((led.status, header(&led, "location")), (302, "http://localhost:8000/user/security"));
    // Nor does a registration give a program anything.
    for (path, field) in [("/auth/register", "email"), ("/api/v1/personal/register", "email")] {
        let password = [("password", PASSWORD), ("confirm_password", PASSWORD), ("login", "eve_of_eden")];
        let mut form = vec![(field, "eve@example.org")];
        form.extend(password);
        app.visitor().post(path).form(&form).send().await;
        assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 0, "{path}");
    }
    totp::set_up(&app, &ada).await;
    assert_eq!(ada.get(SESSION).send().await.status, 200);
}

async fn a_script_of_a_listed_site_asks_with_the_cookie(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let answer = ada.get(JSON).header("origin", SHOP).send().await;
    let session = answer.json();
    assert_eq!(
        (&session["account"]["email"], &session["groups"][0]),
        (&"ada@example.org".into(), &"member".into())
    );
    assert_eq!(session["factors"], serde_json::json!(["password"]));
    assert!(session["signed_in_at"].as_str().unwrap().ends_with('Z'), "{session}");
    assert_eq!(header(&answer, "access-control-allow-origin"), SHOP);
    assert_eq!(header(&answer, "access-control-allow-credentials"), "true");
    assert!(answer.all("vary").any(|vary| vary.contains("Origin")));
    // A refusal can be read, too.
    let refused = app.visitor().get(JSON).header("origin", SHOP).send().await;
    assert_eq!(refused.problem(401)["code"], "unauthenticated");
    assert_eq!(header(&refused, "access-control-allow-origin"), SHOP);
    let preflight = |path: &str, origin: &str, method: &str| {
        let ask = app.visitor().ask("OPTIONS", path).header("origin", origin);
        ask.header("access-control-request-method", method)
    };
    for (path, method) in [(JSON, "GET"), ("/user/logout", "POST")] {
        let answer = preflight(path, SHOP, method).send().await;
        assert_eq!(answer.status, 204, "{path}");
        assert_eq!(header(&answer, "access-control-allow-credentials"), "true");
        assert!(header(&answer, "access-control-allow-methods").contains(method));
    }
    // Nobody else, and nothing else.
    for origin in ["https://evil.example", "null", "http://shop.example.org", "https://accounts.example.org"]
    {
        let answer = ada.get(JSON).header("origin", origin).send().await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
        assert_eq!(preflight(JSON, origin, "GET").send().await.header("access-control-allow-origin"), None);
    }
    for path in ["/user/profil", "/user/login", SESSION, "/user/security", "/auth/login"] {
        let answer = ada.get(path).header("origin", SHOP).send().await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}

async fn a_listed_site_signs_its_reader_out_and_no_other_does(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let sign_out = |origin: &str, next: &str| {
        let ask = ada.post("/user/logout").header("origin", origin).header("sec-fetch-site", "same-site");
        ask.form(&[("next", next)])
    };
    assert_eq!(sign_out("https://evil.example", BACK).send().await.status, 403);
    assert!(ada.is_signed_in().await);
    let left = sign_out(SHOP, BACK).send().await;
    assert_eq!((left.status, header(&left, "location")), (303, BACK));
    assert!(!ada.is_signed_in().await);
    // No other form may come from there.
    let ask = ada.post("/user/login").header("origin", SHOP).header("sec-fetch-site", "same-site");
    assert_eq!(ask.form(&[("email", "ada"), ("password", PASSWORD)]).send().await.status, 403);
    // A path is kept until they are signed in, as before.
    let ada = app.signed_in("ada").await;
    let left = ada.post("/user/logout").form(&[("next", "/cart")]).send().await;
    assert_eq!(header(&left, "location"), "/user/login?next=/cart");
    let left = ada.post("/user/logout").form(&[("next", "https://evil.example/")]).send().await;
    assert_eq!(header(&left, "location"), "/user/login");
}

async fn the_way_back_to_another_site_is_kept_from_page_to_page(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let visitor = app.visitor();
    let page = visitor.get(KEPT).send().await;
    // Browsers hold redirects after a form against this.
    let policy = header(&page, "content-security-policy").to_owned();
    assert!(
        policy.contains("form-action 'self' https://shop.example.org http://localhost:5173;"),
        "{policy}"
    );
    let page = page.text();
    assert!(html::form(&page, "/user/login").fields().contains(&("next", BACK)), "{page}");
    let query = "next=https%3A%2F%2Fshop.example.org%2Fcart%3Fa%3Db%26c%3Dd%2520e";
    assert!(page.contains(&format!("href=\"/user/create?{query}\"")), "{page}");
    let page = visitor.get(&format!("/user/create?{query}")).send().await.text();
    let form = html::form(&page, "/user/create");
    let form = form.filled("email", "ada@example.org").filled("password", PASSWORD);
    let made = visitor.post("/user/create").form(&form.fields()).send().await;
    assert_eq!(header(&made, "location"), "/user/login");
    let entered = visitor.post("/user/login").form(&form.fields()).send().await;
    assert_eq!((entered.status, header(&entered, "location")), (303, BACK));
    // Whoever is signed in goes on at once.
    assert_eq!(header(&visitor.get(KEPT).send().await, "location"), BACK);
    // Nowhere else.
    for other in ["https://evil.example/", "//shop.example.org/", "https://shop.example.org:8443/"] {
        let next = format!("/user/login?next={}", other.replace('&', "%26"));
        assert_eq!(header(&visitor.get(&next).send().await, "location"), "/user/profil", "{other}");
    }
    // Over the second step.
    totp::set_up(&app, &visitor).await;
    let other = app.visitor();
    let form = [("email", "ada@example.org"), ("password", PASSWORD), ("next", BACK)];
    let asked = other.post("/user/login").form(&form).send().await;
    assert_eq!(header(&asked, "location"), KEPT.replace("/user/login", "/user/login/second"));
    // While a link is on its way by mail.
    let forgetful = app.visitor();
    forgetful.post("/user/forgot").form(&[("email", "ada@example.org"), ("next", BACK)]).send().await;
    let letters = app.letters("ada@example.org", "/user/reset?token=", 1).await;
    let token = mail::token_in(&letters[0], "/user/reset");
    let form = [("token", &*token), ("npassword", "another horse entirely")];
    let chosen = forgetful.post("/user/reset").form(&form).send().await;
    assert_eq!(header(&chosen, "location"), KEPT);
}

async fn sister_hosts_get_the_cookie_where_the_operator_says_so(engine: Engine) {
    let cookie = async |base: &str, settings: &str| {
        let app = TestApp::with(engine, settings).await;
        let form = [("email", "ada@example.org"), ("password", PASSWORD)];
        let visitor = app.visitor();
        visitor.post(&format!("{base}/user/create")).form(&form).send().await;
        let entered = visitor.post(&format!("{base}/user/login")).form(&form).send().await;
        let of_session = |cookie: &&str| !cookie.contains("_device") && !cookie.contains("_typed");
        let set = entered.all("set-cookie").find(of_session).unwrap().to_owned();
        let left = visitor.post(&format!("{base}/user/logout")).send().await;
        let gone = left.all("set-cookie").find(|cookie| cookie.contains("Max-Age=0")).unwrap().to_owned();
        let (name, rest) = set.split_once('=').unwrap();
        let (_, kept) = rest.split_once("; ").unwrap();
        // Browsers forget a cookie by its name, domain and path.
        for part in kept.split("; ").filter(|part| part.starts_with("Path") || part.starts_with("Domain")) {
            assert!(gone.starts_with(name) && gone.contains(part), "{part} in {gone}");
        }
        (name.to_owned(), kept.to_owned())
    };
    let (name, kept) = cookie("", "public_url = 'https://accounts.example.org'").await;
    assert!(name == "__Host-vestibule" && !kept.contains("Domain"), "{name} {kept}");
    let sisters = "public_url = 'https://accounts.example.org'\nsession = { domain = 'example.org' }";
    let (name, kept) = cookie("", sisters).await;
    assert!(
        name.starts_with("__Secure-vestibule-") && kept.ends_with("Secure; Domain=example.org"),
        "{name} {kept}"
    );
    let below = "public_url = 'https://www.example.org/account'\nsession = { path = '/' }";
    let (name, kept) = cookie("/account", below).await;
    assert!(name.starts_with("__Host-vestibule-") && kept.contains("Path=/;"), "{name} {kept}");
}

/// On PostgreSQL, where another program may write without ending what is in memory.
#[test]
fn a_session_in_memory_costs_no_statement() {
    run(Engine::Postgres, costs_no_statement);
}

async fn costs_no_statement(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let paths = [SESSION, JSON, "/user/profil"];
    for path in paths {
        assert_eq!(ada.get(path).send().await.status, 200, "{path}");
    }
    let tables = ["roles", "accounts", "sessions", "tickets", "passkeys", "totp_secrets", "recovery_codes"];
    for table in tables {
        app.sql(&format!("ALTER TABLE {table} RENAME TO {table}_away")).await;
    }
    for path in paths {
        // On a busy machine the instance may have missed news for a moment, and then asks the database.
        let mut status = 0;
        for _ in 0..100 {
            status = ada.get(path).send().await.status;
            if status == 200 {
                break;
            }
            sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(status, 200, "{path}");
    }
    for table in tables {
        app.sql(&format!("ALTER TABLE {table}_away RENAME TO {table}")).await;
    }
}
