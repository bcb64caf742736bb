//! A cheap client: it sends ready-made requests, and reads only as much of an answer as it needs to find the
//! end.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use memchr::memmem;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// Longest time for one answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A keep-alive connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer inside the connection's buffer.
pub struct Answer<'a> {
    pub status: u16,
    pub head: &'a [u8],
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The value of the header `name`, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(self.head, name)
    }
}

impl Connection {
    /// Connects from the next of 250 loopback addresses: to the server each is a client of its own, with a
    /// turn of its own, as people are.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        static OPENED: AtomicU8 = AtomicU8::new(0);
        let number = 1 + OPENED.fetch_add(1, Ordering::Relaxed) % 250;
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from(([127, 0, 1, number], 0)))?;
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends one request and reads its complete answer.
    pub async fn ask(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        timeout(PATIENCE, self.exchange(request)).await.map_err(|_| io::ErrorKind::TimedOut)?
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            self.read_more().await?;
            if let Some(end) = memmem::find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
        };
        let length: usize = header(&self.buffer[..head], "content-length")
            .and_then(|length| length.parse().ok())
            .ok_or_else(|| io::Error::other("an answer without a length"))?;
        while self.buffer.len() < head + length {
            self.read_more().await?;
        }
        let status = std::str::from_utf8(&self.buffer[9..12])
            .ok()
            .and_then(|status| status.parse().ok())
            .ok_or_else(|| io::Error::other("an answer without a status"))?;
        let (head, body) = self.buffer.split_at(head);
        Ok(Answer { status, head, body })
    }

    async fn read_more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn header<'a>(head: &'a [u8], name: &str) -> Option<&'a str> {
    head.split(|byte| *byte == b'\n').find_map(|line| {
        let (found, value) = line.split_at_checked(name.len())?;
        let value = value.strip_prefix(b":")?;
        found.eq_ignore_ascii_case(name.as_bytes()).then(|| std::str::from_utf8(value).ok())?.map(str::trim)
    })
}

/// The format that a request accepts.
#[derive(Clone, Copy)]
pub enum Wanted {
    Page,
    Json,
}

impl Wanted {
    fn accept(self) -> &'static str {
        match self {
            Self::Page => "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            Self::Json => "application/json",
        }
    }
}

/// A `GET` with a browser's headers and a session.
pub fn get(path: &str, wanted: Wanted, session: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {}\r\nAccept-Language: en-GB,en;q=0.5\r\n\
         Cookie: vestibule={session}\r\n\r\n",
        wanted.accept()
    )
    .into_bytes()
}

/// A `POST` of a form, as a browser sends it.
pub fn post(path: &str, session: Option<&str>, kind: &str, body: &[u8]) -> Vec<u8> {
    let cookie = session.map_or_else(String::new, |session| format!("Cookie: vestibule={session}\r\n"));
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {}\r\nAccept-Language: en-GB,en;q=0.5\r\n{cookie}\
         Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        Wanted::Page.accept(),
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

pub fn sign_in(email: &str, password: &str) -> Vec<u8> {
    let form = format!("email={}&password={}", email.replace('@', "%40"), password.replace(' ', "+"));
    post("/user/login", None, "application/x-www-form-urlencoded", form.as_bytes())
}
