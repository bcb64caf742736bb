//! A real mail server, `smtp.py`, on a port of its own. `make test` fetches its dependencies.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::Deserialize;

const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/aiosmtpd/bin/python");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/smtp.py");

/// A received message, raw and as Python's `email` package parses it.
#[derive(Clone, Debug, Deserialize)]
pub struct Received {
    pub sender: String,
    pub recipient: String,
    /// The raw message.
    pub content: String,
    /// The decoded headers, in order.
    pub headers: Vec<(String, String)>,
    /// The plain-text body.
    pub text: String,
    /// The HTML body.
    pub html: String,
    /// Defects that Python's parser found.
    pub defects: Vec<String>,
}

impl Received {
    /// The URL in the text that begins with `start`, on a line of its own. The HTML must contain it too.
    #[track_caller]
    pub fn link(&self, start: &str) -> &str {
        let link = self.text.lines().find(|line| line.starts_with(start));
        let link = link.unwrap_or_else(|| panic!("no {start} in {}", self.text));
        let escaped = link.replace('/', "&#x2F;");
        assert!(self.html.contains(&format!("href=\"{escaped}\"")), "{}", self.html);
        link
    }

    /// The value of the only header of this name.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let found: Vec<_> = self.headers.iter().filter(|header| header.0 == name).collect();
        assert_eq!(found.len(), 1, "{name} in {}", self.content);
        &found[0].1
    }
}

/// The behaviour of the mail server.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Delay of each reply.
    pub latency: Duration,
    /// `none`, `starttls` or `smtps`.
    pub tls: &'static str,
    /// `NAME:PASSWORD` that clients must send.
    pub login: Option<&'static str>,
    /// Whether it takes ASCII addresses alone.
    pub ascii: bool,
    /// Whether its certificate is marked as an authority's, as `openssl req -x509` makes it.
    pub plain_certificate: bool,
    /// Clients that it serves at a time. The others are connected and get no greeting.
    pub places: Option<u32>,
    /// Delay of the answer to a message for `slow…`.
    pub slow: Duration,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            latency: Duration::ZERO,
            tls: "none",
            login: None,
            ascii: false,
            plain_certificate: false,
            places: None,
            slow: Duration::ZERO,
        }
    }
}

pub struct MailServer {
    port: u16,
    folder: tempfile::TempDir,
    process: Option<Child>,
}

impl MailServer {
    /// A server that does not listen yet. `None`, after a message, when its dependencies are missing and the
    /// test may be left out.
    pub fn down() -> Option<Self> {
        if !Path::new(PYTHON).exists() {
            let why = "aiosmtpd is not there; `make test` fetches it";
            let waived = std::env::var_os("VESTIBULE_TEST_WITHOUT_MAIL_SERVER").is_some_and(|set| set == "1");
            assert!(waived, "{why} (VESTIBULE_TEST_WITHOUT_MAIL_SERVER=1 leaves such tests out)");
            // Written to standard error directly, because the test runner hides what passing tests print.
            let _ = writeln!(std::io::stderr(), "left out: {why}");
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Some(Self { port, folder: tempfile::tempdir().unwrap(), process: None })
    }

    /// A server with the default behaviour.
    pub fn up() -> Option<Self> {
        Self::with(Habits::default())
    }

    pub fn with(habits: Habits) -> Option<Self> {
        let mut server = Self::down()?;
        server.start(habits);
        Some(server)
    }

    pub fn start(&mut self, habits: Habits) {
        let mut command = Command::new(PYTHON);
        command.arg(SCRIPT).arg(self.folder.path()).args(["--read", "--tls", habits.tls]);
        command.args(["--port", &self.port.to_string()]);
        command.args(["--latency", &habits.latency.as_millis().to_string()]);
        command.args(habits.login.into_iter().flat_map(|login| ["--login", login]));
        command.args(habits.ascii.then_some("--ascii"));
        command.args(habits.plain_certificate.then_some("--plain-certificate"));
        command.args(["--slow", &habits.slow.as_secs().to_string()]);
        let places = habits.places.map(|places| places.to_string());
        command.args(places.iter().flat_map(|places| ["--places", places]));
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said.trim(), format!("ready {}", self.port));
        self.process = Some(process);
    }

    /// Kills the server in the middle of its work.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The settings of a Vestibule that sends its mail here.
    pub fn settings(&self) -> String {
        self.settings_at(&format!("smtp://127.0.0.1:{}", self.port))
    }

    /// The same with another URL, in which `PORT` stands for the server's port.
    pub fn settings_at(&self, address: &str) -> String {
        let address = self.address(address);
        let from = "Accounts <accounts@example.org>";
        format!("smtp.url = '{address}'\nsmtp.from = '{from}'\nsmtp.connections = 4\n")
    }

    /// Replaces `PORT` in `address` with the server's port.
    pub fn address(&self, address: &str) -> String {
        address.replace("PORT", &self.port.to_string())
    }

    /// The certificate of a server with TLS.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    /// The received messages, in order.
    pub fn received(&self) -> Vec<Received> {
        self.lines("messages").iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Number of messages to this address.
    pub fn count(&self, recipient: &str) -> usize {
        self.received().iter().filter(|mail| mail.recipient == recipient).count()
    }

    /// The SMTP commands that the server received.
    pub fn commands(&self) -> Vec<String> {
        self.lines("commands")
    }

    /// The complete lines of a file that is being written.
    fn lines(&self, name: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole.lines().map(str::to_owned).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.stop();
    }
}
