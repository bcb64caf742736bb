//! Sends mail to an SMTP server over connections that stay open.

use std::net::IpAddr;
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use parking_lot::RwLock;
use url::Url;

use super::utf8::Utf8Question;
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

/// The encryption of the connection.
#[derive(Clone, Copy)]
pub(super) enum Encryption {
    None,
    Opportunistic,
    Required,
    FromTheStart,
}

/// The encryption that the server's URL asks for, and the server's name. The connection must be encrypted,
/// unless the URL says otherwise (`?tls=none`, `?tls=opportunistic`) or the server is on this machine.
///
/// # Errors
/// The fault in the URL.
pub(super) fn encryption(url: &Url) -> Result<(Encryption, String), String> {
    let host = url.host_str().ok_or("it names no host")?.to_owned();
    let bare = host.trim_matches(['[', ']']);
    let here = bare == "localhost" || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    let said = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, said)| said.into_owned());
    let encryption = match (url.scheme(), said.as_deref()) {
        ("smtps", None | Some("required")) => Encryption::FromTheStart,
        ("smtp", Some("none")) => Encryption::None,
        ("smtp", None) if here => Encryption::None,
        ("smtp", None | Some("required")) => Encryption::Required,
        ("smtp", Some("opportunistic")) => Encryption::Opportunistic,
        ("smtp" | "smtps", _) => {
            return Err("`tls` should be required, opportunistic or none".to_owned());
        }
        _ => return Err("it should begin with smtp:// or smtps://".to_owned()),
    };
    Ok((encryption, host))
}

/// Whom TLS trusts: the well-known authorities, and `authority`, a CA certificate in PEM.
///
/// # Errors
/// The fault in the certificate.
pub(super) fn trust(host: &str, authority: Option<&[u8]>) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(authority) = authority {
        let authority = Certificate::from_pem(authority).map_err(|error| in_words(&error))?;
        builder = builder.add_root_certificate(authority);
    }
    builder.build_rustls().map_err(|error| in_words(&error))
}

/// Parses the server's URL. `authority` is a CA certificate in PEM that is trusted beside the well-known
/// ones.
///
/// # Errors
/// The fault in the URL or the certificate.
pub(super) fn parse(address: &str, authority: Option<&[u8]>) -> Result<AsyncSmtpTransportBuilder, String> {
    let mut url = Url::parse(address).map_err(|error| error.to_string())?;
    let (encryption, host) = encryption(&url)?;
    url.set_query(match encryption {
        Encryption::None | Encryption::FromTheStart => None,
        Encryption::Required => Some("tls=required"),
        Encryption::Opportunistic => Some("tls=opportunistic"),
    });
    let builder = Smtp::from_url(url.as_str()).map_err(|error| error.to_string())?;
    if authority.is_none() {
        return Ok(builder);
    }
    let trust = trust(&host, authority)?;
    Ok(builder.tls(match encryption {
        Encryption::None => Tls::None,
        Encryption::Opportunistic => Tls::Opportunistic(trust),
        Encryption::Required => Tls::Required(trust),
        Encryption::FromTheStart => Tls::Wrapper(trust),
    }))
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

/// The whole chain of causes on one line.
fn in_words(error: &Error) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_in_words = cause.to_string();
        if !words.contains(&cause_in_words) {
            words = format!("{words}: {cause_in_words}");
        }
        source = cause.source();
    }
    one_line(&words)
}

/// The server's text without characters that would break a log or a terminal.
fn one_line(words: &str) -> String {
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect()
}
