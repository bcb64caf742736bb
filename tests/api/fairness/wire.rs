//! HTTP/1.1 by hand, from a chosen loopback address and with little work for the client: it shares the
//! machine with the server that it measures.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use rocket::tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use rocket::tokio::net::{TcpSocket, TcpStream};
use rocket::tokio::time::timeout;
use serde_json::Value;

/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request with a form.
#[derive(Clone)]
pub struct Ask {
    head: String,
    body: String,
    /// How often it is sent, one behind the other, before the first answer is read.
    times: usize,
}

impl Ask {
    pub fn new(method: &str, path: &str, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n"
        );
        Self { head, body, times: 1 }
    }

    pub fn post(path: &str, fields: &[(&str, &str)]) -> Self {
        Self::new("POST", path, fields)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    fn bytes(&self) -> Vec<u8> {
        let once = format!("{}Content-Length: {}\r\n\r\n{}", self.head, self.body.len(), self.body);
        once.repeat(self.times).into_bytes()
    }
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.head))
    }

    /// The session's cookie, as a request sends it.
    #[track_caller]
    pub fn session(&self) -> String {
        let (_, rest) = self.head.split_once("vestibule=").unwrap_or_else(|| panic!("{}", self.head));
        format!("vestibule={}", rest.split(';').next().unwrap_or_default())
    }
}

/// A connection that is kept alive.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub async fn open(server: SocketAddr, from: Ipv4Addr) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        let stream = timeout(PATIENCE, socket.connect(server)).await??;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(4096) })
    }

    /// Sends `request`, and returns the last of its answers.
    pub async fn ask(&mut self, request: &Ask) -> io::Result<Answer> {
        let exchange = async {
            self.stream.write_all(&request.bytes()).await?;
            for _ in 1..request.times {
                self.answer().await?;
            }
            self.answer().await
        };
        timeout(PATIENCE, exchange).await?
    }

    async fn answer(&mut self) -> io::Result<Answer> {
        let end = loop {
            if let Some(at) = self.read.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(&self.read[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let lower = head.to_ascii_lowercase();
        let length =
            lower.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next()?.parse().ok());
        let length: usize = length.unwrap_or(0);
        while self.read.len() < end + length {
            self.more().await?;
        }
        let body = self.read[end..end + length].to_vec();
        self.read.drain(..end + length);
        Ok(Answer { status, head, body })
    }

    async fn more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.read).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Sends one request on a connection of its own.
pub async fn ask(server: SocketAddr, from: Ipv4Addr, request: &Ask) -> io::Result<Answer> {
    Connection::open(server, from).await?.ask(request).await
}
