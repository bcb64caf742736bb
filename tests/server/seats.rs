//! Who gives way when slots or memory are short, and what one client may have of them.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use listener::{ClientHeader, ServerSettings};
use rocket::async_test;
use rocket::tokio::time::{sleep, timeout};

use crate::harness::{Client, PATIENCE, TestServer, eventually, open, settings};

const GET: &str = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
const SHORT: Duration = Duration::from_millis(250);
const MIB: usize = 1024 * 1024;

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")
}

fn upload(path: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\nabc", 8 * MIB)
}

/// More than a socket's buffers hold, so that the rest waits for its reader.
async fn stalled(server: &TestServer, number: u8) -> Client {
    let mut client = server.connect_from(number).await;
    client.send(get(&format!("/huge?bytes={}", 30 * MIB))).await;
    client.head().await;
    client
}

#[async_test]
async fn a_body_that_nobody_reads_makes_room() {
    let server = open(ServerSettings { max_connections: Some(2), ..settings() }).await;
    let (mut first, mut second) = (server.connect().await, server.connect().await);
    for client in [&mut first, &mut second] {
        client.send(upload("/moved")).await;
        // The handler has answered by then, and its answer waits for the rest of the body.
        sleep(SHORT).await;
    }
    assert_eq!(server.ask(GET).await.body, "hello");
    assert_eq!(first.rest().await, "", "it was waited for");
}

#[async_test]
async fn an_upload_that_stalls_makes_room_and_its_handler_is_told() {
    let server = open(ServerSettings { max_connections: Some(1), ..settings() }).await;
    let mut client = server.connect().await;
    client.send(upload("/sink")).await;
    eventually(|| server.seen.largest_chunk.load(Ordering::SeqCst) > 0).await;
    assert_eq!(server.ask(GET).await.body, "hello");
    assert_eq!(client.rest().await, "");
}

#[async_test]
async fn answers_that_nobody_takes_make_room_the_longest_blocked_first() {
    let server = open(ServerSettings { max_connections: Some(2), ..settings() }).await;
    let mut first = stalled(&server, 1).await;
    sleep(4 * SHORT).await;
    let mut second = stalled(&server, 2).await;
    sleep(SHORT).await;
    assert_eq!(server.ask_from(3, GET).await.body, "hello");
    first.closed().await;
    second.exactly(30 * MIB).await;
}

#[async_test]
async fn an_answer_that_is_read_too_slowly_ends_although_it_never_stalls() {
    let server =
        open(ServerSettings { write_timeout: 4 * SHORT, answer_min_rate: 1000 * MIB as u64, ..settings() })
            .await;
    let mut client = stalled(&server, 1).await;
    let (start, mut read) = (Instant::now(), 0);
    let mut piece = vec![0; 16 * 1024];
    loop {
        sleep(Duration::from_millis(20)).await;
        match rocket::tokio::io::AsyncReadExt::read(&mut client.stream, &mut piece).await {
            Ok(count) if count > 0 => read += count,
            _ => break,
        }
        assert!(start.elapsed() < PATIENCE);
    }
    assert!(read < 29 * MIB && start.elapsed() >= 4 * SHORT, "{read} after {:?}", start.elapsed());
}

#[async_test]
async fn one_client_has_a_share_of_the_slots_and_its_oldest_connection_makes_room() {
    let server = open(ServerSettings { max_connections_each: Some(4), ..settings() }).await;
    let mut greedy = Vec::new();
    for _ in 0..10 {
        let mut client = server.connect_from(1).await;
        client.send(GET).await;
        assert_eq!(client.answer().await.body, "hello");
        greedy.push(client);
    }
    let (old, new) = greedy.split_at_mut(6);
    for client in old {
        client.closed().await;
    }
    for client in new {
        client.send(GET).await;
        assert_eq!(client.answer().await.body, "hello");
    }
}

#[async_test]
async fn a_client_whose_share_is_busy_is_not_let_in_and_others_are() {
    let server = open(ServerSettings { max_connections_each: Some(4), ..settings() }).await;
    let mut busy = Vec::new();
    for _ in 0..4 {
        let mut client = server.connect_from(1).await;
        client.send(get("/slow?ms=3000")).await;
        busy.push(client);
    }
    eventually(|| server.seen.started.load(Ordering::SeqCst) == 4).await;
    assert_eq!(server.connect_from(1).await.rest().await, "");
    assert_eq!(server.ask_from(2, GET).await.body, "hello");
    assert_eq!(server.seen.finished.load(Ordering::SeqCst), 0);
    for mut client in busy {
        assert_eq!(client.answer().await.body, "done");
    }
    assert_eq!(server.ask_from(1, GET).await.body, "hello");
}

#[async_test]
async fn event_streams_do_not_count_to_the_share() {
    let server = open(ServerSettings { max_connections_each: Some(4), ..settings() }).await;
    let mut streams = Vec::new();
    for _ in 0..10 {
        let mut stream = server.connect_from(1).await;
        stream.send(get("/told")).await;
        stream.until("two").await;
        streams.push(stream);
    }
    assert_eq!(server.ask_from(1, GET).await.body, "hello");
    assert_eq!(server.seen.streams_dropped.load(Ordering::SeqCst), 0);
}

#[async_test]
async fn a_client_with_many_connections_loses_them_before_others_lose_one() {
    let server = open(ServerSettings { max_connections: Some(16), ..settings() }).await;
    let mut honest = server.connect_from(2).await;
    honest.send(GET).await;
    honest.answer().await;
    let mut greedy = Vec::new();
    for _ in 0..40 {
        greedy.push(server.connect_from(1).await);
    }
    assert_eq!(server.ask_from(3, GET).await.body, "hello");
    honest.send(GET).await;
    assert_eq!(honest.answer().await.body, "hello", "it was older, and its client had one connection");
}

/// Memory for sixteen requests, of which one client gets four.
fn little_memory() -> ServerSettings {
    ServerSettings { buffer_bytes: 16 * 16 * 1024, ..settings() }
}

#[async_test]
async fn a_client_whose_requests_are_too_many_waits_and_is_then_refused_in_the_shape_of_its_path() {
    let server = open(little_memory()).await;
    let mut busy = Vec::new();
    for _ in 0..4 {
        let mut client = server.connect_from(1).await;
        client.send(get("/slow?ms=600000")).await;
        busy.push(client);
    }
    eventually(|| server.seen.started.load(Ordering::SeqCst) == 4).await;
    let (start, refused) = (Instant::now(), server.ask_from(1, &get("/api/x")).await);
    assert_eq!((refused.status, refused.body.as_str()), (503, "api 503"));
    assert!(start.elapsed() >= Duration::from_secs(2));
    assert_eq!(server.ask_from(2, GET).await.body, "hello");
    // One that waits is served as soon as another ends.
    let mut waiting = server.connect_from(1).await;
    waiting.send(GET).await;
    sleep(SHORT).await;
    drop(busy.pop());
    assert_eq!(waiting.answer().await.body, "hello");
}

#[async_test]
async fn greedy_clients_leave_room_for_one_that_asks_for_little() {
    let server = open(little_memory()).await;
    let mut busy = Vec::new();
    for number in 1..=4 {
        for _ in 0..4 {
            let mut client = server.connect_from(number).await;
            client.send(get("/slow?ms=600000")).await;
            busy.push(client);
        }
    }
    eventually(|| server.seen.started.load(Ordering::SeqCst) == 16).await;
    let start = Instant::now();
    assert_eq!(server.ask_from(5, GET).await.body, "hello");
    assert!(start.elapsed() < PATIENCE);
}

#[async_test]
async fn answers_that_nobody_takes_have_one_budget() {
    let bytes = 4 * MIB as u64;
    let server = open(ServerSettings { buffer_bytes: bytes, max_connections: Some(512), ..settings() }).await;
    let mut stalled = Vec::new();
    for n in 0..120_u8 {
        let mut client = server.connect_from(1 + n % 40).await;
        client.send(get("/huge?bytes=125000").repeat(20)).await;
        stalled.push(client);
    }
    assert_eq!(server.ask_from(90, GET).await.body, "hello");
    // Each that is left holds an eighth of a megabyte at least.
    eventually_few(&mut stalled, 40).await;
    assert_eq!(server.ask_from(90, GET).await.body, "hello");
}

/// Waits until the server has closed all but `few` of the clients, which read nothing.
async fn eventually_few(clients: &mut Vec<Client>, few: usize) {
    let wait = async {
        while clients.len() > few {
            let mut left = Vec::new();
            for client in clients.drain(..) {
                // Bytes cannot be sent to a connection that was reset.
                if client.stream.take_error().unwrap().is_none() && client.stream.try_write(b"G").is_ok() {
                    left.push(client);
                }
            }
            *clients = left;
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, wait).await.expect("they keep their answers");
}

#[async_test]
async fn behind_a_proxy_connections_are_the_proxys_and_requests_the_clients() {
    let client_header = ClientHeader::new("X-Real-IP", Vec::new());
    let server =
        open(ServerSettings { client_header, max_connections_each: Some(2), ..little_memory() }).await;
    let from = |ip: &str, path: &str| format!("GET {path} HTTP/1.1\r\nHost: a\r\nX-Real-IP: {ip}\r\n\r\n");
    let mut busy = Vec::new();
    for _ in 0..4 {
        let mut client = server.connect().await;
        client.send(from("2001:db8::1", "/slow?ms=600000")).await;
        busy.push(client);
    }
    eventually(|| server.seen.started.load(Ordering::SeqCst) == 4).await;
    assert_eq!(server.ask(&from("192.0.2.1", "/hello")).await.body, "hello");
    assert_eq!(server.ask(&from("2001:db8::2", "/api/x")).await.body, "api 503", "it is the same network");
    assert_eq!(server.ask(&from("2001:db8:0:1::2", "/hello")).await.body, "hello");
}

#[async_test]
async fn a_file_goes_out_whole_and_makes_room_while_nobody_takes_it() {
    let server = open(ServerSettings { max_connections: Some(1), ..settings() }).await;
    for bytes in [0, 1, 32 * 1024, 100_000, 3 * MIB] {
        let answer = server.ask(&get(&format!("/file?bytes={bytes}&more=0"))).await;
        assert_eq!(answer.header("content-length"), Some(bytes.to_string().as_str()));
        assert_eq!(answer.body, "f".repeat(bytes));
    }
    let mut client = server.connect().await;
    client.send("HEAD /file?bytes=70000&more=0 HTTP/1.1\r\nHost: a\r\n\r\n".to_owned() + GET).await;
    assert_eq!(client.head().await.header("content-length"), Some("70000"));
    assert_eq!(client.answer().await.body, "hello");
    let mut lazy = server.connect_from(2).await;
    lazy.send(get(&format!("/file?bytes={}&more=0", 30 * MIB))).await;
    lazy.head().await;
    assert_eq!(server.ask(GET).await.body, "hello");
}

#[async_test]
async fn a_file_that_became_shorter_breaks_its_answer_off() {
    let server = open(settings()).await;
    let mut client = server.connect().await;
    client.send(get("/file?bytes=40000&more=1")).await;
    let rest = client.rest().await;
    assert!(rest.starts_with("HTTP/1.1 200 ") && rest.len() < 40_000, "{}", rest.len());
}

#[async_test]
async fn a_client_has_few_requests_under_way_and_others_are_not_kept_waiting() {
    let server = open(ServerSettings { under_way_each: Some(2), ..settings() }).await;
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut client = server.connect_from(1).await;
        // Two requests at once, one behind the other.
        client.send(get("/slow?ms=400").repeat(2)).await;
        clients.push(client);
    }
    eventually(|| server.seen.started.load(Ordering::SeqCst) == 2).await;
    sleep(SHORT / 2).await;
    assert_eq!(server.seen.started.load(Ordering::SeqCst), 2, "more than two are under way");
    assert_eq!(server.ask_from(2, GET).await.body, "hello");
    assert_eq!(server.seen.finished.load(Ordering::SeqCst), 0, "another client waited");
    for client in &mut clients {
        assert_eq!(client.answer().await.body, "done");
        assert_eq!(client.answer().await.body, "done");
    }
}

#[async_test]
async fn a_request_that_waits_for_others_of_its_client_makes_room() {
    let settings = ServerSettings { max_connections: Some(2), under_way_each: Some(1), ..settings() };
    let server = open(settings).await;
    let mut first = server.connect_from(1).await;
    first.send(get("/slow?ms=1000")).await;
    eventually(|| server.seen.started.load(Ordering::SeqCst) == 1).await;
    let mut second = server.connect_from(1).await;
    second.send(get("/slow?ms=1000")).await;
    sleep(SHORT).await;
    assert_eq!(server.ask_from(2, GET).await.body, "hello");
    assert_eq!(second.rest().await, "", "it was not the one that waits");
    assert_eq!(first.answer().await.body, "done");
    assert_eq!(server.seen.started.load(Ordering::SeqCst), 1);
}
