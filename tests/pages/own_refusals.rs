//! What the listener refuses before a handler runs: the door of the path words it, with all headers.

use rocket::tokio;
use serde_json::Value;
use store::Engine;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::TestApp;

const SITE: &str = "public_url = \"https://accounts.example.org\"\n[http]\nhosts = [\"accounts.internal\"]\n";

/// The answer's head in lower case, and its body.
async fn ask(app: &TestApp, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A connection may be reset behind a refusal.
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
    (head.to_lowercase(), body.to_owned())
}

fn get(path: &str, host: &str, more: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept: text/html\r\n{more}\r\n")
}

#[track_caller]
fn has_status(head: &str, status: u16) {
    assert!(head.starts_with(&format!("http/1.1 {status} ")), "{head}");
}

#[track_caller]
fn has_every_header(head: &str) {
    for header in [
        "content-security-policy: default-src 'none'",
        "cache-control: no-store",
        "cross-origin-resource-policy: same-origin",
        "x-content-type-options: nosniff",
        "referrer-policy: same-origin",
        "cross-origin-opener-policy: same-origin",
        "x-frame-options: deny",
        "permissions-policy: camera=()",
        "strict-transport-security: max-age=",
    ] {
        assert_eq!(head.matches(header).count(), 1, "{header} in {head}");
    }
}

/// Refuses `request` for a path with `status` at each door, in the door's shape.
async fn refused_in_shape(app: &TestApp, status: u16, request: impl Fn(&str) -> String) {
    let (head, page) = ask(app, &request("/user/login")).await;
    has_status(&head, status);
    has_every_header(&head);
    assert!(page.contains("<html") && page.contains("<h1"), "{page}");
    // Siberian's clients know 400 alone.
    for (path, shown, key) in [
        ("/admin/api_account/exist", 400, "error"),
        ("/api/user/v1/register", status, "status"),
        ("/api/v1/personal/auth/", status, "success"),
        ("/auth/login", status, "message"),
        ("/oauth/token", status, "error"),
    ] {
        let (head, body) = ask(app, &request(path)).await;
        has_status(&head, shown);
        has_every_header(&head);
        let body: Value = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{path}: {body}"));
        assert!(body.get(key).is_some(), "{path}: {body}");
    }
}

#[tokio::test]
async fn another_host_is_misdirected_at_every_door_and_the_health_check_is_answered() {
    let app = TestApp::with(Engine::Sqlite, SITE).await;
    refused_in_shape(&app, 421, |path| get(path, "evil.example", "")).await;
    for host in ["accounts.example.org", "accounts.internal:8000", "localhost", "127.0.0.1:8000"] {
        has_status(&ask(&app, &get("/user/login", host, "")).await.0, 200);
    }
    has_status(&ask(&app, &get("/health", "10.1.2.3:8000", "")).await.0, 200);
    has_status(&ask(&app, &get("/static/x/style.css", "evil.example", "")).await.0, 421);
    has_status(&ask(&app, &get("/favicon.ico", "evil.example", "")).await.0, 421);
}

#[tokio::test]
async fn without_a_public_url_every_host_is_served() {
    let app = TestApp::new(Engine::Sqlite).await;
    has_status(&ask(&app, &get("/user/login", "laptop.local", "")).await.0, 200);
}

#[tokio::test]
async fn thirty_kilobytes_of_cookies_are_refused_at_every_door() {
    let app = TestApp::with(Engine::Sqlite, SITE).await;
    let cookies = format!("Cookie: {}\r\n", "a=;".repeat(10_000));
    refused_in_shape(&app, 431, |path| get(path, "localhost", &cookies)).await;
}

#[tokio::test]
async fn a_long_head_is_refused_at_every_door() {
    let app = TestApp::with(Engine::Sqlite, SITE).await;
    for long in [format!("X: {}\r\n", "x".repeat(40_000)), "X: y\r\n".repeat(150)] {
        refused_in_shape(&app, 431, |path| get(path, "localhost", &long)).await;
    }
}

#[tokio::test]
async fn a_malformed_request_is_refused_at_every_door() {
    let app = TestApp::with(Engine::Sqlite, SITE).await;
    refused_in_shape(&app, 400, |path| get(path, "localhost", "Host: localhost\r\n")).await;
    refused_in_shape(&app, 400, |path| get(path, "localhost", "A: b\n")).await;
}

#[tokio::test]
async fn heads_that_cannot_be_read_are_refused_with_all_headers() {
    let app = TestApp::with(Engine::Sqlite, SITE).await;
    for (request, status) in [
        ("GET\r\n\r\n".to_owned(), 400),
        (get("/user/login", "localhost", &format!("X: {}\r\n", "x".repeat(80_000))), 431),
        (get("/user/login", "localhost", &"X: y\r\n".repeat(300)), 431),
    ] {
        let (head, _) = ask(&app, &request).await;
        has_status(&head, status);
        has_every_header(&head);
    }
}

#[tokio::test]
async fn letter_pictures_are_framed_by_nobody() {
    let app = TestApp::new(Engine::Sqlite).await;
    let (head, _) = ask(&app, &get("/user/picture/letter/200/A.svg", "localhost", "")).await;
    has_status(&head, 200);
    assert!(
        head.contains("content-security-policy: default-src 'none'; frame-ancestors 'none'; sandbox"),
        "{head}"
    );
}
