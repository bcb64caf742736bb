//! A site of the tests, which webhooks are sent to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rocket::tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use rocket::tokio::net::{TcpListener, TcpStream};
use rocket::tokio::time::sleep;
use serde_json::Value;

/// A secret by the convention, from the tests of its own libraries.
pub const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/// What a site does with a message.
#[derive(Clone, Debug)]
pub enum Behaviour {
    /// It answers with this status and these lines of the head.
    Answers(u16, &'static str),
    /// It reads the message, and says nothing.
    Hangs,
    /// It answers 200 with a body of one GiB.
    SendsAGigabyte,
}

/// A message as the site got it.
#[derive(Clone, Debug)]
pub struct Got {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The type of the message.
    pub fn event(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }
}

/// The site, until it is dropped.
pub struct Site {
    pub url: String,
    got: Arc<Mutex<Vec<Got>>>,
    behaviour: Arc<Mutex<Behaviour>>,
    /// Bytes of bodies that were taken off it.
    pub sent: Arc<Mutex<usize>>,
}

impl Site {
    pub async fn new(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let site = Self {
            url,
            got: Arc::default(),
            behaviour: Arc::new(Mutex::new(behaviour)),
            sent: Arc::default(),
        };
        let (got, behaviour, sent) = (site.got.clone(), site.behaviour.clone(), site.sent.clone());
        rocket::tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                rocket::tokio::spawn(serve(socket, got.clone(), behaviour.clone(), sent.clone()));
            }
        });
        site
    }

    /// The settings of the webhook `name` that sends it these events.
    pub fn settings(&self, name: &str, events: &str) -> String {
        let url = &self.url;
        format!("[webhooks.{name}]\nurl = '{url}'\nsecret = '{SECRET}'\nevents = {events}\n")
    }

    /// The same as variables, for the real program.
    pub fn variables(&self, name: &str, events: &str) -> Vec<(String, String)> {
        let name = name.to_uppercase();
        let of = |key: &str, value: &str| (format!("VESTIBULE_WEBHOOKS__{name}__{key}"), value.to_owned());
        vec![of("URL", &self.url), of("SECRET", SECRET), of("EVENTS", events)]
    }

    pub fn behaves(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// Waits for `count` messages.
    pub async fn gets(&self, count: usize) -> Vec<Got> {
        let end = std::time::Instant::now() + Duration::from_secs(60);
        while self.got().len() < count {
            let got = self.got();
            assert!(std::time::Instant::now() < end, "only {} of {count}: {got:?}", got.len());
            sleep(Duration::from_millis(10)).await;
        }
        self.got()
    }
}

/// Reads one message; `None` when the client has left.
async fn read(socket: &mut TcpStream) -> Option<Got> {
    let (mut read, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let length = socket.read(&mut part).await.ok().filter(|length| *length > 0)?;
        read.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let mut lines = head.lines();
        let path = lines.next()?.split(' ').nth(1)?.to_owned();
        let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.into(), value.into()));
        let headers: BTreeMap<String, String> = lines.filter_map(header).collect();
        if body.len() >= headers["content-length"].parse::<usize>().unwrap() {
            return Some(Got { path, headers, body: body.to_owned() });
        }
    }
}

async fn serve(
    mut socket: TcpStream,
    all: Arc<Mutex<Vec<Got>>>,
    behaviour: Arc<Mutex<Behaviour>>,
    sent: Arc<Mutex<usize>>,
) {
    while let Some(got) = read(&mut socket).await {
        all.lock().unwrap().push(got);
        let behaviour = behaviour.lock().unwrap().clone();
        match behaviour {
            Behaviour::Answers(status, more) => {
                let head = format!("HTTP/1.1 {status} X\r\n{more}Content-Length: 0\r\n\r\n");
                if socket.write_all(head.as_bytes()).await.is_err() {
                    return;
                }
            }
            // Until the client hangs up.
            Behaviour::Hangs => {
                let _ = socket.read(&mut [0]).await;
                return;
            }
            Behaviour::SendsAGigabyte => {
                let head = "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n";
                let _ = socket.write_all(head.as_bytes()).await;
                let part = vec![b'x'; 64 * 1024];
                while socket.write_all(&part).await.is_ok() {
                    *sent.lock().unwrap() += part.len();
                }
                return;
            }
        }
    }
}
