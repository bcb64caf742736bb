//! A mail server on a real socket, as far as RFC 5321 is needed to hand mail in. It refuses recipients by their names:
//! `refused…` for good, `busy…` for the first time.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rocket::tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use rocket::tokio::net::{TcpListener, TcpStream};
use rocket::tokio::task::JoinSet;
use rocket::tokio::time::sleep;
use rocket::tokio::{self, task::JoinHandle};

/// A message as it came in.
#[derive(Clone, Debug)]
pub struct Received {
    pub recipient: String,
    pub content: String,
}

#[derive(Default)]
struct Mailbox {
    received: Mutex<Vec<Received>>,
    put_off: Mutex<BTreeSet<String>>,
    commands: Mutex<Vec<String>>,
}

pub struct MailServer {
    address: SocketAddr,
    mailbox: Arc<Mailbox>,
    task: Option<JoinHandle<()>>,
}

impl MailServer {
    /// An address at which nobody listens yet.
    pub async fn down() -> Self {
        let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        Self { address, mailbox: Arc::default(), task: None }
    }

    pub async fn up() -> Self {
        let mut server = Self::down().await;
        server.start(Duration::ZERO).await;
        server
    }

    /// Begins to listen; takes `latency` over each answer.
    pub async fn start(&mut self, latency: Duration) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let mailbox = self.mailbox.clone();
        self.task = Some(tokio::spawn(async move {
            let mut clients = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                clients.spawn(serve(stream, mailbox.clone(), latency));
            }
        }));
    }

    /// The settings of a server that sends its mail here.
    pub fn settings(&self) -> String {
        self.settings_with("")
    }

    /// The same, with `query` at the end of the address.
    pub fn settings_with(&self, query: &str) -> String {
        let from = "Accounts <accounts@example.org>";
        format!("smtp.url = 'smtp://{}{query}'\nsmtp.from = '{from}'\nsmtp.connections = 4", self.address)
    }

    pub fn received(&self) -> Vec<Received> {
        self.mailbox.received.lock().unwrap().clone()
    }

    /// How many messages there are for this address.
    pub fn count(&self, recipient: &str) -> usize {
        self.received().iter().filter(|mail| mail.recipient == recipient).count()
    }

    /// Every command that was given.
    pub fn commands(&self) -> Vec<String> {
        self.mailbox.commands.lock().unwrap().clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

async fn serve(stream: TcpStream, mailbox: Arc<Mailbox>, latency: Duration) {
    let mut stream = BufReader::new(stream);
    let _ = talk(&mut stream, &mailbox, latency).await;
}

async fn talk(
    stream: &mut BufReader<TcpStream>,
    mailbox: &Mailbox,
    latency: Duration,
) -> std::io::Result<()> {
    stream.write_all(b"220 mail.example.org\r\n").await?;
    let mut recipient = String::new();
    loop {
        let Some(line) = read_line(stream).await? else { return Ok(()) };
        mailbox.commands.lock().unwrap().push(line.clone());
        sleep(latency).await;
        let answer = match line.split([' ', ':']).next().unwrap().to_ascii_uppercase().as_str() {
            "EHLO" => "250-mail.example.org\r\n250 8BITMIME".to_owned(),
            "RCPT" => {
                recipient = line.split(['<', '>']).nth(1).unwrap().to_owned();
                if recipient.starts_with("refused") {
                    // Some servers quote what they will not have.
                    "550 5.1.1 nobody is called so".to_owned()
                } else if recipient.starts_with("busy")
                    && mailbox.put_off.lock().unwrap().insert(recipient.clone())
                {
                    "451 4.7.1 come back later".to_owned()
                } else {
                    "250 ok".to_owned()
                }
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut content = String::new();
                loop {
                    let Some(line) = read_line(stream).await? else { return Ok(()) };
                    if line == "." {
                        break;
                    }
                    content.push_str(line.strip_prefix('.').unwrap_or(&line));
                    content.push('\n');
                }
                sleep(latency).await;
                mailbox.received.lock().unwrap().push(Received { recipient: recipient.clone(), content });
                "250 taken".to_owned()
            }
            "QUIT" => return Ok(()),
            "MAIL" | "NOOP" | "RSET" => "250 ok".to_owned(),
            _ => "502 never heard of it".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

async fn read_line(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<String>> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await?;
    Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
}
