//! Heads that RFC 9112 forbids, that are for another site, or that carry too many cookies.

use listener::{KnownHosts, ServerSettings};
use rocket::async_test;

use crate::harness::{open, settings};

#[async_test]
async fn a_request_names_its_host_once() {
    let server = open(settings()).await;
    for hosts in [
        "",
        "Host: a\r\nHost: a\r\n",
        "Host: a\r\nHost: b\r\n",
        "Host: a b\r\n",
        "Host: a/b\r\n",
        "Host: b@a\r\n",
    ] {
        let answer = server.ask(&format!("GET /api/x HTTP/1.1\r\n{hosts}\r\n")).await;
        assert_eq!((answer.status, answer.body.as_str()), (400, "api 400"), "{hosts:?}");
        assert_eq!(answer.header("connection"), Some("close"));
    }
    assert_eq!(server.ask("GET /hello HTTP/1.1\r\nHost: a:80\r\n\r\n").await.body, "hello");
    assert_eq!(server.ask("GET /hello HTTP/1.0\r\n\r\n").await.body, "hello");
}

#[async_test]
async fn lines_end_with_cr_and_lf() {
    let server = open(settings()).await;
    for head in [
        "GET /api/x HTTP/1.1\nHost: a\r\n\r\n",
        "GET /api/x HTTP/1.1\r\nHost: a\n\r\n",
        "GET /api/x HTTP/1.1\r\nHost: a\r\n\n",
        "\nGET /api/x HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        let mut client = server.connect().await;
        client.send(head.to_owned() + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").await;
        let answer = client.answer().await;
        assert_eq!((answer.status, answer.body.as_str()), (400, "api 400"), "{head:?}");
        assert_eq!(client.rest().await, "", "what follows was read as a request");
    }
    // A bare LF is a byte as any other within a body, and an empty line before a request is ignored.
    let mut client = server.connect().await;
    let post = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\na\nb\n\nc\n";
    client.send(post.to_owned() + "\r\n" + post).await;
    for _ in 0..2 {
        assert_eq!(client.answer().await.body, "a\nb\n\nc\n");
    }
}

/// hyper takes a line of the trailers to its next CRLF, and proxies to its next LF: what follows would be a
/// request to one and a trailer to the other.
#[async_test]
async fn lines_between_chunks_end_with_cr_and_lf() {
    let server = open(settings()).await;
    for chunks in ["5\nhello\r\n0\r\n\r\n", "0\r\nX: y\n\n", "0\r\n\n", "0\r\nX: y\n\r\n"] {
        let mut client = server.connect().await;
        let post = "POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        client.send(format!("{post}{chunks}GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")).await;
        let answer = client.answer().await;
        assert_eq!((answer.status, answer.body.as_str()), (400, "api 400"), "{chunks:?}");
        assert_eq!(client.rest().await, "", "what follows was read as a request");
    }
}

#[async_test]
async fn a_body_is_sized_in_one_way_or_coded_by_chunks_alone() {
    let server = open(settings()).await;
    for headers in [
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
    ] {
        let mut client = server.connect().await;
        let post = format!("POST /api/x HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\n0\r\n\r\n");
        client.send(post + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").await;
        let answer = client.answer().await;
        assert_eq!((answer.status, answer.body.as_str()), (400, "api 400"), "{headers:?}");
        assert!(!client.rest().await.contains("hello"), "what follows was read as a request");
    }
    for headers in
        ["Transfer-Encoding: gzip", "Content-Length: 5, 5", "Content-Length: 5\r\nContent-Length: 6"]
    {
        let answer = server.ask(&format!("POST /api/x HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\n")).await;
        assert_eq!(answer.status, 400, "{headers:?}");
    }
    let chunks = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\na\nb\r\n0\r\nA: b\r\n\r\n";
    let mut client = server.connect().await;
    client.send(chunks.repeat(3)).await;
    for _ in 0..3 {
        assert_eq!(client.answer().await.body, "a\nb");
    }
}

#[async_test]
async fn a_request_for_another_host_is_misdirected_in_the_shape_of_its_path() {
    let hosts = KnownHosts { names: vec!["accounts.example.org".into()], open_paths: vec!["/hello".into()] };
    let server = open(ServerSettings { hosts: Some(hosts), ..settings() }).await;
    for (request, status) in [
        ("GET /api/x HTTP/1.1\r\nHost: accounts.example.org", 404),
        ("GET /api/x HTTP/1.1\r\nHost: Accounts.Example.org:8000", 404),
        ("GET /api/x HTTP/1.1\r\nHost: localhost:8000", 404),
        ("GET /api/x HTTP/1.1\r\nHost: 127.0.0.1:8000", 404),
        ("GET /api/x HTTP/1.1\r\nHost: [::1]", 404),
        ("GET http://accounts.example.org/api/x HTTP/1.1\r\nHost: evil.example", 404),
        ("GET http://evil.example/api/x HTTP/1.1\r\nHost: accounts.example.org", 421),
        ("GET /api/x HTTP/1.1\r\nHost: evil.example", 421),
        ("GET /api/x HTTP/1.1\r\nHost: accounts.example.org.evil.example", 421),
        ("POST /api/x HTTP/1.1\r\nHost: 192.0.2.1\r\nContent-Length: 0", 421),
        ("GET /api/x HTTP/1.0\r\nA: b", 421),
    ] {
        let answer = server.ask(&format!("{request}\r\n\r\n")).await;
        assert_eq!((answer.status, answer.body), (status, format!("api {status}")), "{request:?}");
    }
    assert_eq!(server.ask("GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n").await.body, "hello");
}

#[async_test]
async fn the_host_of_an_absolute_target_replaces_the_header() {
    let server = open(settings()).await;
    let answer = server.ask("GET http://real.example:81/host HTTP/1.1\r\nHost: other\r\n\r\n").await;
    assert_eq!(answer.body, "real.example:81 real.example:81");
    assert_eq!(server.ask("GET /host HTTP/1.1\r\nHost: a:1\r\n\r\n").await.body, "a:1 a:1");
}

#[async_test]
async fn too_many_or_too_long_cookies_are_refused_before_they_are_parsed() {
    let server = open(settings()).await;
    let ask = async |cookies: &str| {
        server.ask(&format!("GET /api/cookies HTTP/1.1\r\nHost: a\r\nCookie: {cookies}\r\n\r\n")).await
    };
    for cookies in ["a=;".repeat(10_000), "a=1;".repeat(300), format!("a={}", "x".repeat(30_000))] {
        let answer = ask(&cookies).await;
        assert_eq!((answer.status, answer.body.as_str()), (431, "api 431"), "{}", cookies.len());
    }
    assert_eq!(ask(&"a=1; ".repeat(100)).await.status, 404);
}

#[async_test]
async fn the_listeners_own_refusals_carry_the_sites_headers() {
    let own_headers = vec![("x-own".to_owned(), "DENY".to_owned()), ("x-other".to_owned(), "b c".to_owned())];
    let server = open(ServerSettings { own_headers, ..settings() }).await;
    let long = format!("GET /hello HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(80_000));
    let many = format!("GET /hello HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(300));
    let first = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
    for (request, status) in [
        ("GET\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        ("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400),
        (&long, 431),
        (&many, 431),
    ] {
        let mut client = server.connect().await;
        client.send(first).await;
        assert_eq!(client.answer().await.header("x-own"), None);
        client.send(request).await;
        let answer = client.answer().await;
        assert_eq!(answer.status, status);
        assert_eq!((answer.header("x-own"), answer.header("x-other")), (Some("DENY"), Some("b c")));
        assert_eq!(answer.header("content-length"), Some("0"));
        client.closed().await;
    }
}
