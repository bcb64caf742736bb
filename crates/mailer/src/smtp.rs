//! Sends mail to an SMTP server over connections that stay open.

use std::net::IpAddr;
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use parking_lot::RwLock;
use url::Url;

use super::address::parse;
use super::utf8::Utf8Question;
use super::words::{in_words, one_line};
use super::{MailerSettings, SEND_TIMEOUT, SendError};

type Smtp = AsyncSmtpTransport<Tokio1Executor>;

/// The longest time for connecting, and for the check whether the server answers.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// How long an idle connection stays open: less than the five minutes of RFC 5321, section 4.5.3.2.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

pub(super) struct MailServer {
    builder: AsyncSmtpTransportBuilder,
    present: RwLock<Smtp>,
    utf8: Utf8Question,
}

impl MailServer {
    pub(super) fn new(address: &str, settings: &MailerSettings) -> Result<Self, String> {
        let host = settings.host.as_str();
        let named = Url::parse(address).is_ok_and(|url| url.path().len() > 1);
        let mut builder = parse(address, settings.authority.as_deref())?
            .timeout(Some(ANSWER_TIMEOUT))
            .pool_config(PoolConfig::new().max_size(settings.connections).idle_timeout(IDLE_TIMEOUT));
        if let Some((name, password)) = &settings.credentials {
            builder = builder.credentials(Credentials::new(name.clone(), password.clone()));
        }
        let hello = match host.trim_matches(['[', ']']).parse() {
            Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
            Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
            Err(_) => ClientId::Domain(host.to_owned()),
        };
        if !named {
            builder = builder.hello_name(hello.clone());
        }
        let present = RwLock::new(builder.clone().build());
        let utf8 = Utf8Question::new(address, settings.authority.as_deref(), hello)?;
        Ok(Self { builder, present, utf8 })
    }

    fn present(&self) -> Smtp {
        self.present.read().clone()
    }

    /// Replaces the pool of connections. A connection that was abandoned in the middle of a message returns
    /// to its pool as if it were usable, and would fail the next message.
    fn start_afresh(&self) {
        *self.present.write() = self.builder.clone().build();
    }

    /// Sends the message and returns the server's answer.
    pub(super) async fn send(&self, message: &Message) -> Result<String, SendError> {
        let sent = tokio::time::timeout(SEND_TIMEOUT, self.present().send(message.clone())).await;
        // `Some` means that the server does not have the message; the value says whether the refusal is
        // permanent.
        let (error, refused) = match sent {
            Ok(Ok(answer)) => {
                let words: Vec<&str> = answer.message().collect();
                return Ok(one_line(&format!("{} {}", answer.code(), words.join(" "))));
            }
            Ok(Err(error)) => {
                let certain = error.is_client() || error.status().is_some();
                (in_words(&error), certain.then(|| !error.is_transient()))
            }
            Err(_) => {
                self.start_afresh();
                ("the server takes too long".to_owned(), None)
            }
        };
        // The same reply can concern the message, the program's own password or the whole server.
        if self.ready().await.is_err() {
            return Err(SendError::Unreachable(error));
        }
        Err(match refused {
            Some(true) => SendError::Rejected(error),
            Some(false) => SendError::Deferred(error),
            None => SendError::Unclear(error),
        })
    }

    pub(super) async fn ready(&self) -> Result<(), String> {
        match tokio::time::timeout(ANSWER_TIMEOUT, self.present().test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err("the server does not answer".to_owned()),
            Ok(Err(error)) => Err(in_words(&error)),
            Err(_) => {
                self.start_afresh();
                Err("the server takes too long".to_owned())
            }
        }
    }

    /// Whether the server takes addresses with letters beyond ASCII; `None` when it does not answer.
    pub(super) async fn takes_utf8(&self) -> Option<bool> {
        self.utf8.answer().await
    }

    pub(super) async fn close(&self) {
        self.present().shutdown().await;
    }
}
