//! Sends mail to an SMTP server over connections that stay open.

use std::sync::Arc;
use std::time::Duration;

use lettre::Message;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use parking_lot::Mutex;
use tokio::time::{Instant, timeout, timeout_at};

use super::connection::Opener;
use super::pool::{Lent, OPEN_TIMEOUT, Pool};
use super::utf8::Utf8Question;
use super::words::{in_words, one_line};
use super::{MailerSettings, SEND_TIMEOUT, SendError};

/// The longest time until the server has accepted sender and recipient and asks for the message. Servers ask
/// other servers whether a recipient exists.
const ENVELOPE_TIMEOUT: Duration = Duration::from_secs(60);

/// The longest time for the answer to a command that ends a message that was begun, if there is one.
const RESET_TIMEOUT: Duration = Duration::from_secs(10);

/// The reply code of a server that closes the connection (RFC 5321, section 3.8).
const CLOSING: u16 = 421;

const TOO_LONG: &str = "the server takes too long";

pub(super) struct MailServer {
    pool: Arc<Pool>,
    utf8: Utf8Question,
    /// When the server last answered as it should.
    served: Mutex<Option<Instant>>,
}

/// Why a connection did not take a message.
enum Failure {
    /// The server said so, and the connection goes on.
    Refused { code: u16, permanent: bool, words: String },
    /// The message cannot go over this connection.
    Impossible(String),
    /// The connection broke, or the server took too long.
    Broken {
        words: String,
        /// Whether the server may have the message.
        handed_over: bool,
    },
}

impl Failure {
    fn of(error: &Error, handed_over: bool) -> Self {
        let words = in_words(error);
        match error.status() {
            Some(code) => Self::Refused { code: code.into(), permanent: error.is_permanent(), words },
            None => Self::Broken { words, handed_over },
        }
    }
}

impl MailServer {
    pub(super) fn new(url: &str, settings: &MailerSettings) -> Result<Self, String> {
        let opener = Arc::new(Opener::new(url, settings)?);
        let pool = Pool::new(opener.clone(), settings.connections);
        Ok(Self { pool, utf8: Utf8Question::new(opener), served: Mutex::default() })
    }

    /// Sends the message and returns the server's answer. A message that the server certainly does not have
    /// goes by another connection when its connection breaks.
    pub(super) async fn send(&self, message: &Message) -> Result<String, SendError> {
        let began = Instant::now();
        let bytes = message.formatted();
        let mut again = true;
        loop {
            let mut lent = self.pool.take().await.map_err(SendError::Unreachable)?;
            let failure = match hand_over(&mut lent.connection, message.envelope(), &bytes).await {
                Ok(answer) => {
                    self.note_served();
                    lent.give_back().await;
                    let words: Vec<&str> = answer.message().collect();
                    return Ok(one_line(&format!("{} {}", answer.code(), words.join(" "))));
                }
                Err(failure) => failure,
            };
            let error = match failure {
                // The server has closed an idle connection, or has no more patience with this one.
                Failure::Refused { code: CLOSING, .. } | Failure::Broken { handed_over: false, .. }
                    if lent.reused || again =>
                {
                    again &= lent.reused;
                    continue;
                }
                Failure::Refused { permanent, words, .. } => {
                    let error =
                        if permanent { SendError::Rejected(words) } else { SendError::Deferred(words) };
                    // The same reply can concern the message or the whole server.
                    if self.answers(lent).await.is_ok() {
                        return Err(error);
                    }
                    error
                }
                Failure::Impossible(words) => {
                    lent.give_back().await;
                    return Err(SendError::Rejected(words));
                }
                Failure::Broken { words, handed_over: true } => SendError::Unclear(words),
                Failure::Broken { words, handed_over: false } => SendError::Deferred(words),
            };
            return match self.ready_since(began).await {
                Ok(()) => Err(error),
                Err(_) => Err(SendError::Unreachable(error.reason().to_owned())),
            };
        }
    }

    /// Checks whether the server takes mail.
    pub(super) async fn ready(&self) -> Result<(), String> {
        let asked = async {
            loop {
                let lent = self.pool.take().await?;
                let reused = lent.reused;
                match self.answers(lent).await {
                    // The server may have closed an idle connection.
                    Err(_) if reused => {}
                    outcome => return outcome,
                }
            }
        };
        timeout(OPEN_TIMEOUT, asked).await.unwrap_or_else(|_| Err(TOO_LONG.to_owned()))
    }

    /// Checks whether the server takes mail, unless it has taken some since `began`.
    async fn ready_since(&self, began: Instant) -> Result<(), String> {
        if self.served.lock().is_some_and(|at| at > began) { Ok(()) } else { self.ready().await }
    }

    /// Checks whether the server answers on this connection, and then gives it back.
    async fn answers(&self, mut lent: Lent) -> Result<(), String> {
        match timeout(RESET_TIMEOUT, lent.connection.command(Rset)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(in_words(&error)),
            Err(_) => return Err(TOO_LONG.to_owned()),
        }
        self.note_served();
        lent.give_back().await;
        Ok(())
    }

    fn note_served(&self) {
        *self.served.lock() = Some(Instant::now());
    }

    /// Whether the server takes addresses with letters beyond ASCII; `None` when it does not answer.
    pub(super) async fn takes_utf8(&self) -> Option<bool> {
        self.utf8.answer().await
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

/// Hands a message over. When the server has not answered within the longest time, the connection is of no
/// use any more.
async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    message: &[u8],
) -> Result<Response, Failure> {
    let end = Instant::now() + SEND_TIMEOUT;
    let parameters = parameters(connection, envelope, message)?;
    let asked = async {
        connection.command(Mail::new(envelope.from().cloned(), parameters)).await?;
        for to in envelope.to() {
            connection.command(Rcpt::new(to.clone(), Vec::new())).await?;
        }
        connection.command(Data).await
    };
    match timeout(ENVELOPE_TIMEOUT, asked).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => return Err(Failure::of(&error, false)),
        Err(_) => return Err(Failure::Broken { words: TOO_LONG.to_owned(), handed_over: false }),
    }
    match timeout_at(end, connection.message(message)).await {
        Ok(sent) => sent.map_err(|error| Failure::of(&error, true)),
        Err(_) => Err(Failure::Broken { words: TOO_LONG.to_owned(), handed_over: true }),
    }
}

/// What the server is told of a message with letters beyond ASCII in its addresses (RFC 6531).
fn parameters(
    connection: &AsyncSmtpConnection,
    envelope: &Envelope,
    message: &[u8],
) -> Result<Vec<MailParameter>, Failure> {
    let server = connection.server_info();
    let mut addresses = envelope.from().into_iter().chain(envelope.to());
    let needed = [
        (
            !addresses.all(|address| AsRef::<str>::as_ref(address).is_ascii()),
            Extension::SmtpUtfEight,
            MailParameter::SmtpUtfEight,
        ),
        (!message.is_ascii(), Extension::EightBitMime, MailParameter::Body(MailBodyParameter::EightBitMime)),
    ];
    let mut parameters = Vec::new();
    for (needed, extension, parameter) in needed {
        if needed && !server.supports_feature(extension) {
            let words = format!("the server does not take letters beyond ASCII ({parameter})");
            return Err(Failure::Impossible(words));
        }
        parameters.extend(needed.then_some(parameter));
    }
    Ok(parameters)
}
