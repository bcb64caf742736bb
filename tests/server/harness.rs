//! A server with short time-outs, and a client that writes HTTP/1.1 by hand, so that tests can misbehave.

use std::fmt::Debug;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::Duration;

use listener::{ServeError, Server, ServerSettings};
use rocket::tokio::io::{AsyncReadExt, AsyncWriteExt};
use rocket::tokio::net::{TcpSocket, TcpStream};
use rocket::tokio::sync::oneshot;
use rocket::tokio::task::JoinHandle;
use rocket::tokio::time::{sleep, timeout};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::routes::{self, Seen};

/// Longest wait of any test. Only an event that never happens takes so long, so no test depends on the
/// machine's speed.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct TestServer {
    pub address: SocketAddr,
    pub seen: Arc<Seen>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Result<(), ServeError>>,
}

/// Time-outs longer than any test waits. A test shortens one of them; if it sees a time-out, it is that one.
pub fn settings() -> ServerSettings {
    let never = 2 * PATIENCE;
    ServerSettings {
        port: 0,
        max_connections: Some(64),
        // The tests of shares set less, and use several addresses.
        max_connections_each: Some(usize::MAX),
        header_timeout: never,
        keep_alive: never,
        body_idle_timeout: never,
        write_timeout: never,
        grace: never,
        ..ServerSettings::default()
    }
}

pub async fn open(settings: ServerSettings) -> TestServer {
    record_log();
    let seen = Arc::new(Seen::default());
    let server = Server::bind(routes::rocket(Arc::clone(&seen)), settings).await.unwrap();
    let address = server.local_addr();
    let (stop, stopped) = oneshot::channel();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let task = rocket::tokio::spawn(server.run(shutdown));
    TestServer { address, seen, stop: Some(stop), task }
}

impl TestServer {
    pub async fn connect(&self) -> Client {
        Client::to(self.address).await
    }

    /// A client with an address of its own: `127.0.0.` and `number`. It reads no more than it asks for.
    pub async fn connect_from(&self, number: u8) -> Client {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        socket.bind(SocketAddr::from(([127, 0, 0, number], 0))).unwrap();
        let stream = timeout(PATIENCE, socket.connect(self.address)).await.unwrap().unwrap();
        Client { stream, read: Vec::new() }
    }

    /// Sends one request on a new connection from `127.0.0.` and `number`.
    pub async fn ask_from(&self, number: u8, request: &str) -> Answer {
        let mut client = self.connect_from(number).await;
        client.send(request).await;
        client.answer().await
    }

    /// Sends one request on a new connection.
    pub async fn ask(&self, request: &str) -> Answer {
        let mut client = self.connect().await;
        client.send(request).await;
        client.answer().await
    }

    pub fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    pub async fn ended(self) {
        timeout(PATIENCE, self.task).await.unwrap().unwrap().unwrap();
    }
}

pub struct Client {
    pub stream: TcpStream,
    read: Vec<u8>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(name)))
            .map(|(_, value)| value)
    }
}

impl Client {
    pub async fn to(address: SocketAddr) -> Client {
        Client {
            stream: timeout(PATIENCE, TcpStream::connect(address)).await.unwrap().unwrap(),
            read: Vec::new(),
        }
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        timeout(PATIENCE, self.stream.write_all(bytes.as_ref())).await.unwrap().unwrap();
    }

    /// Reads until `text` and returns everything up to its end.
    pub async fn until(&mut self, text: &str) -> String {
        loop {
            if let Some(at) = self.read.windows(text.len()).position(|window| window == text.as_bytes()) {
                return String::from_utf8(self.read.drain(..at + text.len()).collect()).unwrap();
            }
            assert_ne!(
                self.fill().await,
                0,
                "closed before {text:?}, after {:?}",
                String::from_utf8_lossy(&self.read)
            );
        }
    }

    /// Reads one answer, with a declared length or in chunks.
    pub async fn answer(&mut self) -> Answer {
        let mut answer = self.head().await;
        if answer.header("transfer-encoding") == Some("chunked") {
            loop {
                let size = self.until("\r\n").await;
                let size = usize::from_str_radix(size.trim(), 16).unwrap();
                let chunk = self.exactly(size).await;
                self.until("\r\n").await;
                if size == 0 {
                    break;
                }
                answer.body.push_str(&chunk);
            }
        } else {
            let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
            answer.body = self.exactly(length).await;
        }
        answer
    }

    /// Reads the head of one answer and leaves its body.
    pub async fn head(&mut self) -> Answer {
        let head = self.until("\r\n\r\n").await;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: String::new() }
    }

    /// Waits for the server to close the connection, and returns what it said before.
    pub async fn rest(&mut self) -> String {
        self.closed().await;
        String::from_utf8_lossy(&std::mem::take(&mut self.read)).into_owned()
    }

    /// Waits for the server to close the connection, with or without a reset.
    pub async fn closed(&mut self) {
        while self.fill().await > 0 {}
    }

    pub async fn exactly(&mut self, length: usize) -> String {
        while self.read.len() < length {
            assert_ne!(self.fill().await, 0, "closed within a body");
        }
        String::from_utf8(self.read.drain(..length).collect()).unwrap()
    }

    async fn fill(&mut self) -> usize {
        timeout(PATIENCE, self.stream.read_buf(&mut self.read)).await.expect("nothing came").unwrap_or(0)
    }
}

/// Waits until `condition` holds.
pub async fn eventually(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(PATIENCE, wait).await.expect("it never became true");
}

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Keeps the lines of the access log as `name=value`, with a space before and behind each.
struct Recorder;

struct Values(String);

impl Visit for Values {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!("{}={value:?} ", field.name()));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push_str(&format!("{}={value} ", field.name()));
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "vestibule::access"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut values = Values(" ".to_owned());
        event.record(&mut values);
        LINES.lock().unwrap_or_else(PoisonError::into_inner).push(values.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Silence;

impl log::Log for Silence {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        false
    }

    fn log(&self, _: &log::Record<'_>) {}

    fn flush(&self) {}
}

/// Records the log. Rocket would install its own logger otherwise.
fn record_log() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Silence).unwrap();
        tracing::subscriber::set_global_default(Recorder).unwrap();
    });
}

/// Lines of the access log that contain `text`.
pub fn logged(text: &str) -> Vec<String> {
    LINES
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .iter()
        .filter(|line| line.contains(text))
        .cloned()
        .collect()
}
