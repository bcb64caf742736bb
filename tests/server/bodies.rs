//! Request bodies: small and large, read, refused or ignored.

use std::sync::atomic::Ordering;
use std::time::Duration;

use listener::ServerSettings;
use rocket::async_test;
use rocket::tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use rocket::tokio::time::sleep;

use crate::harness::{open, settings};

const MIB: usize = 1024 * 1024;

fn post(path: &str, length: usize, more: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n{more}\r\n")
}

fn chunked(path: &str, chunks: usize, size: usize) -> String {
    let chunk = format!("{size:x}\r\n{}\r\n", "y".repeat(size));
    let head = format!("POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    head + &chunk.repeat(chunks) + "0\r\n\r\n"
}

#[async_test]
async fn a_data_guard_sees_a_small_body() {
    let server = open(settings()).await;
    for length in [0, 1, 10 * 1024, 64 * 1024] {
        let body = "z".repeat(length);
        assert_eq!(server.ask(&(post("/echo", length, "") + &body)).await.body, body);
    }
}

#[async_test]
async fn a_data_guard_sees_a_small_body_in_chunks() {
    let server = open(settings()).await;
    assert_eq!(server.ask(&chunked("/echo", 5, 3)).await.body, "y".repeat(15));
    assert_eq!(server.ask(&chunked("/echo", 64, 1024)).await.body, "y".repeat(64 * 1024));
    // Chunks may be as small as they like while they are few.
    assert_eq!(server.ask(&chunked("/echo", 1_000, 1)).await.body, "y".repeat(1_000));
    assert_eq!(server.ask(&chunked("/sink", 3_000, 100)).await.status, 200);
    assert_eq!(server.ask(&chunked("/echo", 1_500, 1)).await.status, 400);
}

#[async_test]
async fn a_body_in_chunks_that_turns_out_big_becomes_incoming_as_a_whole() {
    let server = open(settings()).await;
    assert_eq!(server.ask(&chunked("/sink", 100, 1024)).await.body, format!("{} of None", 100 * 1024));
}

#[async_test]
async fn a_small_body_is_not_incoming() {
    let server = open(settings()).await;
    assert_eq!(server.ask(&(post("/sink", 3, "") + "abc")).await.status, 411);
}

#[async_test]
async fn five_megabytes_stream_through_a_handler_in_small_pieces() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send(post("/sink", 5 * MIB, "")).await;
    client.send(vec![b'u'; 5 * MIB]).await;
    assert_eq!(client.answer().await.body, format!("{0} of Some({0})", 5 * MIB));
    let largest = server.seen.largest_chunk.load(Ordering::SeqCst);
    assert!(largest <= 128 * 1024, "{largest}");
}

#[async_test]
async fn a_redirect_of_an_unread_upload_is_readable_and_the_connection_goes_on() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send(post("/moved", 8 * MIB, "")).await;
    client.send(vec![b'u'; 8 * MIB]).await;
    let answer = client.answer().await;
    assert_eq!((answer.status, answer.header("location")), (308, Some("/hello")));
    assert_eq!(answer.header("connection"), None);
    client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(client.answer().await.body, "hello");
}

#[async_test]
async fn a_redirect_of_more_than_may_be_drained_comes_at_once() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send(post("/moved", 100 * MIB, "")).await;
    let answer = client.answer().await;
    assert_eq!((answer.status, answer.header("connection")), (308, Some("close")));
}

#[async_test]
async fn an_error_is_readable_after_the_upload_and_the_connection_goes_on() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send(post("/too-big", 24 * MIB, "")).await;
    client.send(vec![b'u'; 24 * MIB]).await;
    let answer = client.answer().await;
    assert_eq!((answer.status, answer.body.as_str()), (413, "page 413"));
    client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(client.answer().await.body, "hello");
}

/// As Apache and Varnish send an upload: at the client's speed, and without looking at the answer before the
/// end. The client of this test pauses at first, so that the answer comes early.
#[async_test]
async fn an_early_error_is_readable_however_long_the_upload_takes() {
    const PIECE: usize = 128 * 1024;
    let server = open(ServerSettings { keep_alive: Duration::from_secs(1), ..settings() }).await;
    let mut client = server.connect().await;
    client.send(post("/too-big", 32 * PIECE, "")).await;
    sleep(Duration::from_secs(1)).await;
    for _ in 0..32 {
        client.send([b'u'; PIECE]).await;
        sleep(Duration::from_millis(100)).await;
    }
    let answer = client.answer().await;
    assert_eq!((answer.status, answer.header("connection")), (413, Some("close")));
    assert_eq!(client.stream.read(&mut [0]).await.unwrap(), 0);
}

#[async_test]
async fn an_early_error_of_an_upload_that_stops_ends_its_connection() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send(post("/too-big", 8 * MIB, "")).await;
    assert_eq!(client.answer().await.status, 413);
    client.closed().await;
}

#[async_test]
async fn a_request_refused_by_its_guards_is_not_told_to_continue() {
    let server = open(settings()).await;
    let answer = server.ask(&post("/guarded", MIB, "Expect: 100-continue\r\n")).await;
    assert_eq!((answer.status, answer.header("connection")), (401, Some("close")));
}

#[async_test]
async fn an_upload_is_told_to_continue_when_its_handler_reads() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send(post("/sink", MIB, "Expect: 100-continue\r\n")).await;
    assert_eq!(client.head().await.status, 100);
    client.send(vec![b'u'; MIB]).await;
    assert_eq!(client.answer().await.status, 200);
}

#[async_test]
async fn a_malformed_chunk_is_a_bad_request_in_the_shape_of_its_path() {
    let server = open(settings()).await;
    let answer =
        server.ask("POST /api HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").await;
    assert_eq!((answer.status, answer.body.as_str()), (400, "api 400"));
}

#[async_test]
async fn a_body_that_breaks_off_reaches_no_handler() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send(post("/commit?ms=0", 10, "") + "abc").await;
    client.stream.shutdown().await.unwrap();
    client.closed().await;
    assert_eq!(server.seen.started.load(Ordering::SeqCst), 0);
}
