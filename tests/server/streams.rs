//! Event streams: Rocket's own at `/events`, and those of the listener.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use listener::ServerSettings;
use rocket::async_test;
use rocket::tokio::io::AsyncWriteExt as _;
use rocket::tokio::time::{sleep, timeout};

use crate::harness::{eventually, logged, open, settings};

const GET: &str = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
const SHORT: Duration = Duration::from_millis(250);
const BOTH: [&str; 2] = ["/events", "/told"];
const BRIEF: &str = "event: number\ndata: \"one\"\n\nevent: number\ndata: \"two\"\n\n";

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")
}

#[async_test]
async fn an_event_stream_arrives_as_it_is_made_and_ends_when_its_client_leaves() {
    for path in BOTH {
        let server = open(settings()).await;
        let mut client = server.connect().await;
        client.send(get(path)).await;
        assert_eq!(client.head().await.header("content-type"), Some("text/event-stream"));
        client.until("two").await;
        assert!(!server.seen.stream_dropped.load(Ordering::SeqCst));
        drop(client);
        eventually(|| server.seen.stream_dropped.load(Ordering::SeqCst)).await;
    }
}

#[async_test]
async fn a_client_that_closes_its_side_has_left() {
    for path in BOTH {
        let server = open(settings()).await;
        let mut client = server.connect().await;
        client.send(get(path)).await;
        client.until("two").await;
        client.stream.shutdown().await.unwrap();
        client.closed().await;
        eventually(|| server.seen.stream_dropped.load(Ordering::SeqCst)).await;
    }
}

#[async_test]
async fn a_stop_ends_event_streams_properly_and_idle_connections_at_once() {
    for path in BOTH {
        let mut server = open(settings()).await;
        let (mut stream, mut idle, mut half) =
            (server.connect().await, server.connect().await, server.connect().await);
        stream.send(get(path)).await;
        stream.until("two").await;
        idle.send(GET).await;
        idle.answer().await;
        half.send("GET /he").await;
        server.stop();
        stream.until("\r\n0\r\n\r\n").await;
        stream.closed().await;
        idle.closed().await;
        half.closed().await;
        let seen = Arc::clone(&server.seen);
        server.ended().await;
        assert!(seen.stream_dropped.load(Ordering::SeqCst) && seen.shut_down.load(Ordering::SeqCst));
    }
}

#[async_test]
async fn event_streams_make_room_when_nobody_else_can() {
    for path in BOTH {
        let server = open(ServerSettings { max_connections: Some(3), ..settings() }).await;
        let (mut first, mut second, mut idle) =
            (server.connect().await, server.connect().await, server.connect().await);
        for stream in [&mut first, &mut second] {
            stream.send(get(path)).await;
            stream.until("two").await;
            sleep(Duration::from_millis(5)).await;
        }
        idle.send(GET).await;
        idle.answer().await;
        let mut newcomer = server.connect().await;
        newcomer.send(GET).await;
        assert_eq!(newcomer.answer().await.status, 200);
        idle.closed().await;
        newcomer.send(get(path)).await;
        newcomer.until("two").await;
        assert_eq!(server.ask(GET).await.status, 200);
        first.closed().await;
        eventually(|| server.seen.stream_dropped.load(Ordering::SeqCst)).await;
        assert_eq!(server.seen.streams_dropped.load(Ordering::SeqCst), 1, "a younger stream had to go");
    }
}

#[async_test]
async fn a_stream_that_ends_by_itself_is_complete_and_closes_its_connection() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send(get("/brief")).await;
    let answer = client.answer().await;
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    assert!(answer.header("date").is_some());
    assert_eq!(answer.body, BRIEF);
    client.closed().await;
}

#[async_test]
async fn a_client_of_http_1_0_is_told_without_chunks() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send("GET /brief HTTP/1.0\r\n\r\n").await;
    assert_eq!(client.head().await.header("transfer-encoding"), None);
    assert_eq!(client.exactly(BRIEF.len()).await, BRIEF);
    client.closed().await;
}

#[async_test]
async fn a_head_request_has_no_events() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send("HEAD /told HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(client.head().await.header("content-type"), Some("text/event-stream"));
    client.send(GET).await;
    assert_eq!(client.answer().await.body, "hello");
}

#[async_test]
async fn what_is_sent_during_a_stream_does_not_end_it() {
    let server = open(settings()).await;
    let (mut at_once, mut later) = (server.connect().await, server.connect().await);
    at_once.send(get("/told") + GET).await;
    later.send(get("/told")).await;
    for client in [&mut at_once, &mut later] {
        client.until("two").await;
    }
    later.send(GET).await;
    for client in [&mut at_once, &mut later] {
        let ended = timeout(Duration::from_millis(50), client.closed()).await;
        assert!(ended.is_err(), "it was ended");
    }
}

#[async_test]
async fn a_client_that_does_not_read_its_events_does_not_keep_its_place() {
    let server = open(ServerSettings { write_timeout: SHORT, ..settings() }).await;
    let mut lazy = server.connect().await;
    let start = Instant::now();
    lazy.send(get("/flood")).await;
    lazy.head().await;
    eventually(|| server.seen.stream_dropped.load(Ordering::SeqCst)).await;
    assert!(start.elapsed() >= SHORT);
}

#[async_test]
async fn a_client_that_does_not_read_its_events_cannot_hold_up_a_stop_or_a_newcomer() {
    let mut server =
        open(ServerSettings { max_connections: Some(1), grace: Duration::from_millis(100), ..settings() })
            .await;
    let mut lazy = server.connect().await;
    lazy.send(get("/flood")).await;
    lazy.head().await;
    sleep(Duration::from_millis(50)).await;
    assert_eq!(server.ask(GET).await.body, "hello");
    eventually(|| server.seen.stream_dropped.load(Ordering::SeqCst)).await;
    let mut another = server.connect().await;
    another.send(get("/flood")).await;
    another.head().await;
    server.stop();
    server.ended().await;
}

#[async_test]
async fn the_access_log_counts_what_was_told() {
    let server = open(ServerSettings { access_log: true, ..settings() }).await;
    server.ask(&get("/brief?secret")).await;
    eventually(|| !logged("route=/brief").is_empty()).await;
    let line = logged("route=/brief").remove(0);
    assert!(line.contains(&format!(" status=200 bytes={} ", BRIEF.len())), "{line}");
}
