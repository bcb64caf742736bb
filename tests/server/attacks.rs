//! The real program under the load of clients that take its slots and memory, as far as one test can go. All
//! of it stays on loopback, where `127.0.0.1` to `127.0.0.255` are different clients.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rocket::async_test;
use rocket::tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use rocket::tokio::net::{TcpSocket, TcpStream};
use rocket::tokio::task::JoinSet;
use rocket::tokio::time::{sleep, timeout};

/// The most time that an honest request may take to count as answered. Without an attack it takes
/// milliseconds.
const ANSWERED: Duration = Duration::from_secs(5);

/// The most memory that an attack may take.
const MOST_KIB: usize = 64 * 1024;

struct Program {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Program {
    fn start(connections: usize) -> Program {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .current_dir(folder.path())
            .env_clear()
            .env("ROCKET_PORT", "0")
            .env("VESTIBULE_HTTP__CONNECTIONS", connections.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let address = said.trim().trim_end_matches('/').rsplit('/').next().unwrap();
        Program { address: address.parse().unwrap(), child, _folder: folder }
    }

    /// The memory of the program that is in use.
    fn kib(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection from `127.0.0.` and `number`, with small buffers.
async fn connect(address: SocketAddr, number: u8) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4096)?;
    socket.bind(SocketAddr::from(([127, 0, 0, number], 0)))?;
    socket.connect(address).await
}

/// One honest request, from a client of its own. Returns whether it was answered.
async fn is_answered(address: SocketAddr, number: u8) -> bool {
    let asking = async {
        let mut stream = connect(address, number).await.ok()?;
        let request = "GET /user/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        answer.starts_with("HTTP/1.1 200 ").then_some(())
    };
    matches!(timeout(ANSWERED, asking).await, Ok(Some(())))
}

/// At least 95 of 100 honest requests, one after another, are answered.
async fn honest_requests_are_answered(address: SocketAddr) {
    let (mut answered, count) = (0, 40);
    for number in 0..count {
        answered += usize::from(is_answered(address, 200 + number % 40).await);
        sleep(Duration::from_millis(25)).await;
    }
    assert!(answered >= 38, "{answered} of {count} were answered");
}

/// Sends `start`, then a byte now and then, and begins anew when the server closes the connection.
async fn drip(address: SocketAddr, number: u8, start: String) {
    loop {
        if let Ok(mut stream) = connect(address, number).await
            && stream.write_all(start.as_bytes()).await.is_ok()
        {
            while stream.write_all(b"x").await.is_ok() {
                sleep(Duration::from_millis(500)).await;
            }
        }
        sleep(Duration::from_millis(100)).await;
    }
}

#[async_test]
async fn slow_connections_of_one_client_leave_the_others_answered() {
    const ATTACKERS: usize = 700;
    let program = Program::start(256);
    let address = program.address;
    assert!(is_answered(address, 200).await);
    let before = program.kib();
    let upload = |path: &str, length: usize| {
        format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n")
    };
    // A body that is buffered, bodies that nobody reads, one that is refused early, a head without an end.
    let starts = [
        upload("/user/login", 60_000),
        upload("/user/login", 900_000),
        upload("/auth/login", 900_000),
        upload("/nowhere", 900_000),
        "GET /user/login HTTP/1.1\r\nHost: a\r\nX: ".to_owned(),
    ];
    let mut attackers = JoinSet::new();
    for n in 0..ATTACKERS {
        attackers.spawn(drip(address, 1, starts[n % starts.len()].clone()));
    }
    // Until they have all connected once.
    sleep(Duration::from_secs(2)).await;
    honest_requests_are_answered(address).await;
    let more = program.kib().saturating_sub(before);
    assert!(more <= MOST_KIB, "{more} KiB more");
    attackers.abort_all();
}

#[async_test]
async fn readers_that_stall_leave_memory_and_the_others_answered() {
    const ATTACKERS: usize = 1_000;
    let program = Program::start(4_096);
    let address = program.address;
    assert!(is_answered(address, 200).await);
    // The first request makes the document, which takes memory once.
    let mut first = connect(address, 200).await.unwrap();
    let request = "GET /api/openapi.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    first.write_all(request.as_bytes()).await.unwrap();
    let mut document = Vec::new();
    first.read_to_end(&mut document).await.unwrap();
    assert!(document.starts_with(b"HTTP/1.1 200"));
    let before = program.kib();
    // So much that the buffers of both systems are full long before the last answer.
    let requests = "GET /api/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(40);
    let mut readers = Vec::new();
    for n in 0..ATTACKERS {
        if let Ok(mut stream) = connect(address, u8::try_from(1 + n % 150).unwrap()).await
            && stream.write_all(requests.as_bytes()).await.is_ok()
        {
            readers.push(stream);
        }
    }
    let mut most = 0;
    for _ in 0..10 {
        honest_requests_are_answered(address).await;
        most = most.max(program.kib().saturating_sub(before));
    }
    assert!(most <= MOST_KIB, "{most} KiB more");
}
