//! Sends finished mail: to an SMTP server, or into a folder if none is set. Each call is one attempt; the
//! caller decides whether and when to try again.
#![forbid(unsafe_code)]

mod address;
mod connection;
mod folder;
mod kept;
mod message;
mod pool;
mod smtp;
#[cfg(test)]
mod tests;
mod utf8;
mod words;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;

pub use kept::{KeptMail, KeptMails};
pub use message::OutgoingMail;

use folder::MailFolder;
use smtp::MailServer;

/// The settings of a [`Mailer`].
#[derive(Clone)]
pub struct MailerSettings {
    /// The URL of the mail server; `None` writes every message to `folder`.
    pub url: Option<String>,
    /// The name and password for the server, if its URL does not contain them.
    pub credentials: Option<(String, String)>,
    /// Certificates in PEM that are trusted for the server, beside the well-known ones: of an authority, or
    /// the server's own.
    pub authority: Option<Vec<u8>>,
    /// The folder for messages when there is no server.
    pub folder: PathBuf,
    /// The sender: `ada@example.org` or `Ada <ada@example.org>`.
    pub from: String,
    /// The sender's name, if `from` contains none.
    pub from_name: String,
    /// The name of this host, for `Message-ID` and for the SMTP greeting.
    pub host: String,
    /// The maximum number of connections to the server. There are fewer where it serves fewer at a time.
    pub connections: u32,
}

/// The longest time for sending one message over a connection, over all answers of the server. Servers scan
/// for viruses before the last answer.
const SEND_TIMEOUT: Duration = Duration::from_secs(120);

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendError {
    /// The message can never be sent: the server refused it permanently, or it is malformed.
    Rejected(String),
    /// The server refused the message temporarily and does not have it.
    Deferred(String),
    /// The outcome is unknown: the connection broke, or the server took too long. The message may have
    /// arrived.
    Unclear(String),
    /// The server accepts no mail at present, so trying another message is pointless.
    Unreachable(String),
}

impl SendError {
    /// The error text of the server or of the operating system.
    pub fn reason(&self) -> &str {
        let (Self::Rejected(reason)
        | Self::Deferred(reason)
        | Self::Unclear(reason)
        | Self::Unreachable(reason)) = self;
        reason
    }

    /// The same error without `secret` in its text.
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

/// Sends mail to the server or the folder.
pub struct Mailer {
    transport: Transport,
    from: Mailbox,
    host: String,
}

enum Transport {
    Smtp(Box<MailServer>),
    Folder(MailFolder),
}

impl Mailer {
    /// Checks the settings without connecting. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// The fault in the server's URL or in the sender's address. The text never contains the URL, which may
    /// hold a password.
    pub fn new(settings: &MailerSettings) -> Result<Self, String> {
        let transport = match &settings.url {
            Some(url) => Transport::Smtp(Box::new(MailServer::new(url, settings)?)),
            None => Transport::Folder(MailFolder::new(settings.folder.clone())),
        };
        let from = message::sender(&settings.from, &settings.from_name)?;
        Ok(Self { transport, from, host: settings.host.clone() })
    }

    /// Tries once to send `mail`. Returns the server's answer, or the path of the written file.
    ///
    /// # Errors
    /// The [`SendError`] that tells the caller whether and when to try again.
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

    /// Checks whether mail can be sent, without sending any.
    ///
    /// # Errors
    /// [`SendError::Unreachable`] when the server does not answer. The folder is not checked.
    pub async fn ready(&self) -> Result<(), SendError> {
        match &self.transport {
            Transport::Smtp(server) => server.ready().await.map_err(SendError::Unreachable),
            Transport::Folder(_) => Ok(()),
        }
    }

    /// Whether mail can go to addresses with letters beyond ASCII before the `@` (`SMTPUTF8`, RFC 6531). A
    /// server that does not answer is asked again when there is mail for it; until then nobody is refused.
    pub async fn takes_utf8(&self) -> bool {
        match &self.transport {
            Transport::Smtp(server) => server.takes_utf8().await.unwrap_or(true),
            Transport::Folder(_) => true,
        }
    }

    /// Closes the connections with SMTP `QUIT`.
    pub async fn close(&self) {
        if let Transport::Smtp(server) = &self.transport {
            server.close().await;
        }
    }
}

/// Checks the URL of a mail server such as `smtps://user:password@mail.example.org`.
///
/// # Errors
/// The fault in the URL. The text never contains the URL, which may hold a password.
pub fn check_address(url: &str) -> Result<(), String> {
    address::parse(url).map(drop)
}

/// Checks certificates in PEM, of an authority or of the server itself.
///
/// # Errors
/// The fault in the certificates.
pub fn check_authority(pem: &[u8]) -> Result<(), String> {
    trust::tls_settings(Some(pem)).map(drop)
}

/// Checks a sender's address.
///
/// # Errors
/// What the address should be.
pub fn check_sender(from: &str) -> Result<(), String> {
    let should = "should be an address such as accounts@example.org or Accounts <accounts@example.org>";
    message::sender(from, "").map(drop).map_err(|_| should.to_owned())
}

/// The mail server of this URL as `HOST:PORT`.
///
/// # Errors
/// As [`check_address`].
pub fn server_of(url: &str) -> Result<String, String> {
    address::parse(url).map(|server| server.place())
}
