//! Opens connections to the mail server: connects, encrypts, signs in.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::Starttls;
use lettre::transport::smtp::extension::{ClientId, Extension};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::MailerSettings;
use super::address::{self, Encryption, ServerAddress};
use super::words::in_words;
use trust::tls_settings;

/// The longest time for connecting to one of the server's IP addresses, so that the next one is tried.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens connections to one server.
pub(super) struct Opener {
    server: ServerAddress,
    hello: ClientId,
    credentials: Option<Credentials>,
    tls: Arc<ClientConfig>,
}

impl Opener {
    /// # Errors
    /// The fault in the server's URL or in the certificate.
    pub(super) fn new(url: &str, settings: &MailerSettings) -> Result<Self, String> {
        let server = address::parse(url)?;
        let hello = match settings.host.trim_matches(['[', ']']).parse() {
            Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
            Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
            Err(_) => ClientId::Domain(settings.host.clone()),
        };
        let hello = server.hello.clone().map_or(hello, ClientId::Domain);
        let given = settings.credentials.clone().map(|(name, password)| Credentials::new(name, password));
        let credentials = given.or_else(|| server.credentials.clone());
        let tls = tls_settings(settings.authority.as_deref())?;
        Ok(Self { server, hello, credentials, tls })
    }

    /// Opens a connection that takes mail, within the time `within`: a server may greet late, or never.
    ///
    /// # Errors
    /// The server's name and port, and what failed, in the words of the server or of the operating system.
    pub(super) async fn open(&self, within: Duration) -> Result<AsyncSmtpConnection, String> {
        let opened = async {
            let mut connection = self.greet().await?;
            if let Some(credentials) = &self.credentials {
                connection.auth(DEFAULT_MECHANISMS, credentials).await.map_err(|error| in_words(&error))?;
            }
            Ok(connection)
        };
        let opened = timeout(within, opened).await;
        let opened = opened.unwrap_or_else(|_| Err("the server does not greet".to_owned()));
        opened.map_err(|failed| format!("{}: {failed}", self.server.place()))
    }

    /// Opens a connection without signing in, to see what the server offers.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(super) async fn greet(&self) -> Result<AsyncSmtpConnection, String> {
        let stream = self.connect().await?;
        match self.server.encryption {
            Encryption::FromTheStart => self.hello(Box::new(self.encrypt(stream, b"").await?)).await,
            Encryption::None => self.hello(Box::new(stream)).await,
            Encryption::Opportunistic | Encryption::Required => self.upgrade(stream).await,
        }
    }

    async fn connect(&self) -> Result<TcpStream, String> {
        let found = lookup_host((self.server.host.as_str(), self.server.port)).await;
        let mut failed = "its name has no address".to_owned();
        for address in found.map_err(|error| error.to_string())? {
            match timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    // A message is several small writes, of which none is to wait for the answer to another.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(error)) => failed = error.to_string(),
                Err(_) => failed = "connecting takes too long".to_owned(),
            }
        }
        Err(format!("Connection error: {failed}"))
    }

    async fn hello(&self, stream: Box<dyn AsyncTokioStream>) -> Result<AsyncSmtpConnection, String> {
        let connection = AsyncSmtpConnection::connect_with_transport(stream, &self.hello).await;
        connection.map_err(|error| in_words(&error))
    }

    /// Encrypts the connection with `STARTTLS`. What the server said before that is forgotten, because
    /// anybody on the way could have said it.
    async fn upgrade(&self, stream: TcpStream) -> Result<AsyncSmtpConnection, String> {
        let (stream, lent) = twice(stream).map_err(|error| error.to_string())?;
        let mut plain = self.hello(Box::new(lent)).await?;
        if !plain.server_info().supports_feature(Extension::StartTls) {
            return match self.server.encryption {
                Encryption::Opportunistic => Ok(plain),
                _ => {
                    plain.abort().await;
                    Err("the server offers no encryption (STARTTLS)".to_owned())
                }
            };
        }
        plain.command(Starttls).await.map_err(|error| in_words(&error))?;
        drop(plain);
        // A server greets once, before STARTTLS, and lettre waits for a greeting.
        self.hello(Box::new(self.encrypt(stream, b"220 encrypted\r\n").await?)).await
    }

    async fn encrypt(&self, stream: TcpStream, said: &'static [u8]) -> Result<Encrypted, String> {
        let name = ServerName::try_from(self.server.host.clone());
        let name = name.map_err(|_| "its name is none that a certificate can have".to_owned())?;
        let stream = TlsConnector::from(self.tls.clone()).connect(name, stream).await;
        stream.map(|stream| Encrypted { said, stream }).map_err(|error| {
            let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
            match (cause, self.server.encryption) {
                (Some(rustls::Error::InvalidMessage(_)), Encryption::FromTheStart) => {
                    "the server does not speak TLS from the start on this port: smtps:// is for one where it does, usually \
                     465, and smtp:// asks for encryption later (STARTTLS)"
                        .to_owned()
                }
                _ => format!("Connection error: {error}"),
            }
        })
    }
}

/// Two handles of one connection.
fn twice(stream: TcpStream) -> io::Result<(TcpStream, TcpStream)> {
    let stream = stream.into_std()?;
    let lent = stream.try_clone()?;
    Ok((TcpStream::from_std(stream)?, TcpStream::from_std(lent)?))
}

/// An encrypted connection.
struct Encrypted {
    /// Is read before what the server says.
    said: &'static [u8],
    stream: TlsStream<TcpStream>,
}

impl fmt::Debug for Encrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an encrypted connection")
    }
}

impl AsyncTokioStream for Encrypted {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.said.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let (now, later) = self.said.split_at(self.said.len().min(buffer.remaining()));
        buffer.put_slice(now);
        self.said = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
