//! Whether the mail server takes addresses with letters beyond ASCII before the `@` (`SMTPUTF8`, RFC 6531).
//! The transport does not tell what a server offers, so this asks it over a connection of its own.

use std::time::{Duration, Instant};

use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::{ClientId, Extension};
use lettre::transport::smtp::{Error, SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use parking_lot::Mutex;
use url::Url;

use super::address::{Encryption, encryption, trust};

/// The longest time for asking the server. A person waits for it.
const QUESTION_TIMEOUT: Duration = Duration::from_secs(3);

/// How long an answer counts. Servers seldom change.
const ANSWER_LASTS: Duration = Duration::from_secs(60 * 60);

/// How long a server that did not answer is not asked again.
const SILENCE_LASTS: Duration = Duration::from_secs(60);

/// Asks the server, and remembers its answer.
pub(super) struct Utf8Question {
    host: String,
    port: u16,
    hello: ClientId,
    encryption: Encryption,
    tls: TlsParameters,
    /// The last answer, and until when it counts. `None` inside: the server did not answer.
    known: Mutex<Option<(Option<bool>, Instant)>>,
}

impl Utf8Question {
    /// Takes the place of the server from its URL.
    ///
    /// # Errors
    /// The fault in the URL or the certificate.
    pub(super) fn new(address: &str, authority: Option<&[u8]>, hello: ClientId) -> Result<Self, String> {
        let url = Url::parse(address).map_err(|error| error.to_string())?;
        let (encryption, host) = encryption(&url)?;
        // The transport's own defaults.
        let usual = match encryption {
            Encryption::FromTheStart => SUBMISSIONS_PORT,
            Encryption::None => SMTP_PORT,
            Encryption::Opportunistic | Encryption::Required => SUBMISSION_PORT,
        };
        let port = url.port().unwrap_or(usual);
        let tls = trust(&host, authority)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Self { host, port, hello, encryption, tls, known: Mutex::new(None) })
    }

    /// Whether the server offers it; `None` when the server does not answer.
    pub(super) async fn answer(&self) -> Option<bool> {
        if let Some((answer, until)) = *self.known.lock()
            && Instant::now() < until
        {
            return answer;
        }
        let answer = tokio::time::timeout(QUESTION_TIMEOUT, self.ask()).await.ok().and_then(Result::ok);
        let lasts = if answer.is_some() { ANSWER_LASTS } else { SILENCE_LASTS };
        *self.known.lock() = Some((answer, Instant::now() + lasts));
        answer
    }

    async fn ask(&self) -> Result<bool, Error> {
        let from_the_start = matches!(self.encryption, Encryption::FromTheStart).then(|| self.tls.clone());
        let server = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            server,
            Some(QUESTION_TIMEOUT),
            &self.hello,
            from_the_start,
            None,
        )
        .await?;
        let upgrades = match self.encryption {
            Encryption::None | Encryption::FromTheStart => false,
            Encryption::Opportunistic => connection.can_starttls(),
            Encryption::Required => true,
        };
        if upgrades {
            // A server may offer more to who speaks in secret.
            connection.starttls(self.tls.clone(), &self.hello).await?;
        }
        let offered = connection.server_info().supports_feature(Extension::SmtpUtfEight);
        connection.abort().await;
        Ok(offered)
    }
}
