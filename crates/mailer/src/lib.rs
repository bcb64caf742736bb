//! Hands finished mail on: to an SMTP server, or into a folder where none is set. One try a call; who retries, and
//! when, is decided elsewhere.
#![forbid(unsafe_code)]

mod folder;
mod kept;
mod message;
mod smtp;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;

pub use kept::{KeptMail, KeptMails};
pub use message::OutgoingMail;

use folder::MailFolder;
use smtp::MailServer;

/// How a [`Mailer`] is built.
#[derive(Clone)]
pub struct MailerSettings {
    /// Address of the mail server; none: every message becomes a file.
    pub url: Option<String>,
    /// Name and password to sign in to the server with, if they are not part of its address.
    pub credentials: Option<(String, String)>,
    /// A certificate in PEM that vouches for the server, beside those that everybody knows.
    pub authority: Option<Vec<u8>>,
    /// Where those files go.
    pub folder: PathBuf,
    /// Whom mail comes from: `ada@example.org` or `Ada <ada@example.org>`.
    pub from: String,
    /// The name to an address that comes without one.
    pub from_name: String,
    /// Name of this host: in message ids, and what the server is greeted with.
    pub host: String,
    /// Connections to the server that are kept open at most.
    pub connections: u32,
}

/// Longest that one message may take, all answers of the server together. Servers look for viruses before the last.
const SEND_TIMEOUT: Duration = Duration::from_secs(120);

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendError {
    /// It never can be: the server refused it for good, or it is no message.
    Rejected(String),
    /// The server refused it for now. It has not got it.
    Deferred(String),
    /// It is not known what became of it: the connection broke, or the server took too long.
    Unclear(String),
    /// The server takes no mail at all just now, so that there is no use in trying another message.
    Unreachable(String),
}

impl SendError {
    /// What the server or the system said.
    pub fn reason(&self) -> &str {
        let (Self::Rejected(reason)
        | Self::Deferred(reason)
        | Self::Unclear(reason)
        | Self::Unreachable(reason)) = self;
        reason
    }

    /// The same without `secret`.
    #[must_use]
    pub fn without(self, secret: &str) -> Self {
        let clean = |reason: String| reason.replace(secret, "[redacted]");
        match self {
            Self::Rejected(reason) => Self::Rejected(clean(reason)),
            Self::Deferred(reason) => Self::Deferred(clean(reason)),
            Self::Unclear(reason) => Self::Unclear(clean(reason)),
            Self::Unreachable(reason) => Self::Unreachable(clean(reason)),
        }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for SendError {}

/// Sends mail.
pub struct Mailer {
    transport: Transport,
    from: Mailbox,
    host: String,
}

enum Transport {
    Smtp(MailServer),
    Folder(MailFolder),
}

impl Mailer {
    /// Reads the settings; connects to nobody yet. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// What is wrong with the server's address or the sender's; never the former itself, which holds a password.
    pub fn new(settings: &MailerSettings) -> Result<Self, String> {
        let transport = match &settings.url {
            Some(url) => Transport::Smtp(MailServer::new(url, settings)?),
            None => Transport::Folder(MailFolder::new(settings.folder.clone())),
        };
        let from = message::sender(&settings.from, &settings.from_name)?;
        Ok(Self { transport, from, host: settings.host.clone() })
    }

    /// Tries once to send `mail`. Gives what the server said, or the file that was made.
    ///
    /// # Errors
    /// Why it was not sent.
    pub async fn send(&self, mail: &OutgoingMail<'_>) -> Result<String, SendError> {
        let message = message::build(mail, &self.from, &self.host).map_err(SendError::Rejected)?;
        match &self.transport {
            Transport::Smtp(server) => server.send(&message).await,
            Transport::Folder(folder) => {
                let name = message::file_name(mail);
                let contents = serde_json::to_vec_pretty(&KeptMail::of(mail, format!("{name}.eml")));
                let contents = contents.map_err(|error| SendError::Rejected(error.to_string()))?;
                folder.keep(name, message.formatted(), contents).await
            }
        }
    }

    /// Whether mail can be sent, as far as can be told without sending any.
    ///
    /// # Errors
    /// Why it cannot.
    pub async fn ready(&self) -> Result<(), SendError> {
        match &self.transport {
            Transport::Smtp(server) => server.ready().await.map_err(SendError::Unreachable),
            Transport::Folder(_) => Ok(()),
        }
    }

    /// Says goodbye to the server.
    pub async fn close(&self) {
        if let Transport::Smtp(server) = &self.transport {
            server.close().await;
        }
    }
}

/// Checks an address such as `smtps://user:password@mail.example.org`.
///
/// # Errors
/// What is wrong with it; never the address itself, which holds a password.
pub fn check_address(address: &str) -> Result<(), String> {
    smtp::parse(address, None).map(drop)
}

/// Checks a certificate in PEM.
///
/// # Errors
/// What is wrong with it.
pub fn check_authority(pem: &[u8]) -> Result<(), String> {
    // lettre takes a file without any for one that vouches for nobody.
    const START: &[u8] = b"-----BEGIN CERTIFICATE-----";
    if !pem.windows(START.len()).any(|part| part == START) {
        return Err("it holds no certificate".to_owned());
    }
    smtp::parse("smtps://localhost", Some(pem)).map(drop)
}

/// Checks the address that mail comes from.
///
/// # Errors
/// What is wrong with it.
pub fn check_sender(from: &str) -> Result<(), String> {
    message::sender(from, "").map(drop)
}
