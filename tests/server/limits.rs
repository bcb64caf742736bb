//! Clients that are slow, silent or too many.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use listener::ServerSettings;
use rocket::async_test;
use rocket::tokio::time::{sleep, timeout};

use crate::harness::{PATIENCE, TestServer, eventually, open, settings};

const GET: &str = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
const SHORT: Duration = Duration::from_millis(250);

/// How long the server takes to close a connection on which `request` was sent and answered, if it is one.
async fn life_after(server: &TestServer, request: &str) -> Duration {
    let start = Instant::now();
    let mut client = server.connect().await;
    client.send(request).await;
    if request.ends_with("\r\n\r\n") {
        client.answer().await;
    }
    client.closed().await;
    start.elapsed()
}

#[async_test]
async fn half_open_sockets_beyond_the_cap_do_not_stop_service() {
    let server = open(ServerSettings { max_connections: Some(8), ..settings() }).await;
    let mut half_open = Vec::new();
    for n in 0..50 {
        let mut client = server.connect().await;
        client.send(if n % 2 == 0 { "GET /hello HTTP/1.1\r\nHo" } else { "" }).await;
        half_open.push(client);
        if n % 10 == 9 {
            assert_eq!(server.ask(GET).await.body, "hello");
        }
    }
    let (old, new) = half_open.split_at_mut(42);
    for client in old {
        client.closed().await;
    }
    let youngest = new.last_mut().unwrap();
    youngest.send(GET).await;
    assert_eq!(youngest.answer().await.status, 200, "the youngest had to go");
}

#[async_test]
async fn idle_connections_make_room_too_and_the_oldest_goes_first() {
    let server = open(ServerSettings { max_connections: Some(2), ..settings() }).await;
    let (mut first, mut second) = (server.connect().await, server.connect().await);
    for client in [&mut first, &mut second] {
        client.send(GET).await;
        client.answer().await;
        sleep(Duration::from_millis(5)).await;
    }
    first.send(GET).await;
    first.answer().await;
    assert_eq!(server.ask(GET).await.status, 200);
    second.closed().await;
    first.send(GET).await;
    assert_eq!(first.answer().await.status, 200);
}

#[async_test]
async fn busy_connections_are_never_closed_to_make_room() {
    let server = open(ServerSettings { max_connections: Some(2), ..settings() }).await;
    let (mut first, mut second) = (server.connect().await, server.connect().await);
    for client in [&mut first, &mut second] {
        client.send("GET /slow?ms=200 HTTP/1.1\r\nHost: a\r\n\r\n").await;
    }
    eventually(|| server.seen.started.load(Ordering::SeqCst) == 2).await;
    assert_eq!(server.ask(GET).await.body, "hello");
    assert!(server.seen.finished.load(Ordering::SeqCst) >= 1, "room was made for it by nobody's end");
    assert_eq!(first.answer().await.body, "done");
    assert_eq!(second.answer().await.body, "done");
}

#[async_test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let server = open(ServerSettings { header_timeout: SHORT, ..settings() }).await;
    for start in ["", "GET /hello HTTP/1.1\r\nHost:"] {
        let life = life_after(&server, start).await;
        assert!(life >= SHORT, "{start:?} {life:?}");
    }
}

#[async_test]
async fn a_head_that_comes_in_drips_is_not_waited_for_either() {
    let server = open(ServerSettings { header_timeout: SHORT, ..settings() }).await;
    let mut client = server.connect().await;
    client.send(GET).await;
    client.answer().await;
    let start = Instant::now();
    while timeout(Duration::from_millis(20), client.closed()).await.is_err() {
        let _ = client.stream.try_write(b"G");
        assert!(start.elapsed() < PATIENCE);
    }
    assert!(start.elapsed() >= SHORT);
}

#[async_test]
async fn an_idle_connection_is_closed_after_the_keep_alive_time() {
    let keep_alive = 2 * SHORT;
    let server = open(ServerSettings { header_timeout: SHORT, keep_alive, ..settings() }).await;
    let life = life_after(&server, GET).await;
    assert!(life >= keep_alive, "{life:?}");
}

#[async_test]
async fn a_body_that_stalls_is_refused_in_the_shape_of_its_path() {
    let server = open(ServerSettings { body_idle_timeout: SHORT, ..settings() }).await;
    for body in ["Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"] {
        let answer = server.ask(&format!("POST /api/x HTTP/1.1\r\nHost: a\r\n{body}")).await;
        assert_eq!((answer.status, answer.body.as_str()), (408, "api 408"));
        assert_eq!(answer.header("connection"), Some("close"));
    }
}

#[async_test]
async fn a_body_that_drips_is_refused_although_it_never_stalls() {
    let server = open(ServerSettings { body_idle_timeout: SHORT, body_min_rate: 10_000, ..settings() }).await;
    let mut client = server.connect().await;
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n").await;
    let start = Instant::now();
    let answer = loop {
        match timeout(Duration::from_millis(20), client.head()).await {
            Ok(answer) => break answer,
            Err(_) => client.send("x").await,
        }
        assert!(start.elapsed() < PATIENCE);
    };
    assert_eq!(answer.status, 408);
}

#[async_test]
async fn a_handler_is_told_when_an_upload_stalls() {
    let server = open(ServerSettings { body_idle_timeout: SHORT, ..settings() }).await;
    let answer = server.ask("POST /sink HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc").await;
    assert_eq!((answer.status, answer.header("connection")), (408, Some("close")));
}

#[async_test]
async fn a_client_that_does_not_read_its_answer_does_not_keep_its_place() {
    let server = open(ServerSettings { max_connections: Some(1), write_timeout: SHORT, ..settings() }).await;
    let mut lazy = server.connect().await;
    lazy.send("GET /huge?bytes=30000000 HTTP/1.1\r\nHost: a\r\n\r\n").await;
    lazy.head().await;
    assert_eq!(server.ask(GET).await.body, "hello");
}

#[async_test]
async fn a_client_that_reads_slowly_gets_all_of_its_answer() {
    let server = open(ServerSettings { keep_alive: SHORT, header_timeout: SHORT, ..settings() }).await;
    let mut client = server.connect().await;
    client.send("GET /huge?bytes=9000000 HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let length: usize = client.head().await.header("content-length").unwrap().parse().unwrap();
    for part in [length / 6; 6] {
        sleep(Duration::from_millis(100)).await;
        client.exactly(part).await;
    }
}
