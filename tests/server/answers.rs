//! Requests without a body, and their answers.

use rocket::async_test;

use crate::harness::{open, settings};

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")
}

#[async_test]
async fn an_answer_has_a_date_and_does_not_name_the_server() {
    let server = open(settings()).await;
    let answer = server.ask(&get("/hello")).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "hello"));
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(answer.header("date").is_some());
    assert_eq!(answer.header("server"), None);
}

#[async_test]
async fn pipelined_requests_are_answered_in_order() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send(get("/hello") + &get("/ip") + &get("/nowhere") + &get("/hello")).await;
    for expected in ["hello", "127.0.0.1", "page 404", "hello"] {
        assert_eq!(client.answer().await.body, expected);
    }
}

#[async_test]
async fn head_tells_the_length_of_get_and_sends_no_body() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n".to_owned() + &get("/hello")).await;
    let answer = client.head().await;
    assert_eq!((answer.status, answer.header("content-length")), (200, Some("5")));
    assert_eq!(client.answer().await.body, "hello");
}

#[async_test]
async fn no_content_has_neither_length_nor_body() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send(get("/nothing") + &get("/hello")).await;
    let answer = client.head().await;
    assert_eq!((answer.status, answer.header("content-length")), (204, None));
    assert_eq!(answer.header("transfer-encoding"), None);
    assert_eq!(client.answer().await.body, "hello");
}

#[async_test]
async fn cookies_arrive_and_each_new_one_has_its_own_header() {
    let server = open(settings()).await;
    let answer = server.ask("GET /cookies HTTP/1.1\r\nHost: a\r\nCookie: a=1%20x; b=2\r\n\r\n").await;
    assert_eq!(answer.body, "1 x 2");
    let set = answer.head.lines().filter(|line| line.starts_with("set-cookie: "));
    assert_eq!(set.count(), 2);
}

#[async_test]
async fn a_long_body_of_known_size_is_sent_with_its_length() {
    let server = open(settings()).await;
    let answer = server.ask(&get("/huge?bytes=1000000")).await;
    assert_eq!(answer.header("content-length"), Some("1000000"));
    assert_eq!(answer.body.len(), 1_000_000);
}

#[async_test]
async fn methods_nobody_serves_are_refused_in_the_shape_of_their_path() {
    let server = open(settings()).await;
    for (request, status, body) in [
        ("TRACE /api/x", 405, "api 405"),
        ("BREW /api/x", 501, "api 501"),
        ("get /hello", 501, "page 501"),
        ("CONNECT a:443", 405, "page 405"),
    ] {
        let answer = server.ask(&format!("{request} HTTP/1.1\r\nHost: a\r\n\r\n")).await;
        assert_eq!((answer.status, answer.body.as_str()), (status, body), "{request}");
    }
}

#[async_test]
async fn odd_targets_are_served_or_refused_in_shape() {
    let server = open(settings()).await;
    for (request, status, body) in [
        ("GET http://elsewhere/hello", 200, "hello"),
        ("OPTIONS *", 404, "page 404"),
        ("GET *", 400, "page 400"),
        ("GET /api/{x}", 400, "api 400"),
        ("GET /api/\u{e4}", 400, "api 400"),
        ("GET /hello?a=[b]&%zz", 200, "hello"),
        ("GET /%00%ff", 404, "page 404"),
    ] {
        let answer = server.ask(&format!("{request} HTTP/1.1\r\nHost: a\r\n\r\n")).await;
        assert_eq!((answer.status, answer.body.as_str()), (status, body), "{request}");
    }
}

#[async_test]
async fn garbage_ends_its_own_connection_only() {
    let server = open(settings()).await;
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..],
        b"\0\0\0\0",
        b"GET\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let mut client = server.connect().await;
        client.send(garbage).await;
        client.closed().await;
    }
    assert_eq!(server.ask(&get("/hello")).await.body, "hello");
}

#[async_test]
async fn an_endless_head_is_refused() {
    let server = open(settings()).await;
    let answer =
        server.ask(&format!("GET /hello HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(33_000))).await;
    assert_eq!(answer.status, 431);
}

#[async_test]
async fn header_values_that_are_not_text_are_left_out() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client
        .send(b"GET /cookies HTTP/1.1\r\nHost: a\r\nX: \xff\xfe\r\nCookie: a=\xff\r\nCookie: b=2\r\n\r\n")
        .await;
    assert_eq!(client.answer().await.body, "none 2");
}

#[async_test]
async fn a_handler_that_panics_is_an_error_of_its_request_only() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send(get("/panic") + &get("/hello")).await;
    assert_eq!(client.answer().await.body, "page 500");
    assert_eq!(client.answer().await.body, "hello");
}

#[async_test]
async fn an_old_client_is_answered_and_closed() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send("GET /hello HTTP/1.0\r\n\r\n").await;
    assert_eq!(client.answer().await.body, "hello");
    client.closed().await;
}
