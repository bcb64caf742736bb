//! Whether the mail server takes addresses with letters beyond ASCII before the `@` (`SMTPUTF8`, RFC 6531).
//! A person waits for the answer, so this asks over a connection of its own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use lettre::transport::smtp::extension::Extension;
use parking_lot::Mutex;
use tokio::time::timeout;

use super::connection::Opener;

/// The longest time for asking the server. A person waits for it.
const QUESTION_TIMEOUT: Duration = Duration::from_secs(3);

/// How long an answer counts. Servers seldom change.
const ANSWER_LASTS: Duration = Duration::from_secs(60 * 60);

/// How long a server that did not answer is not asked again.
const SILENCE_LASTS: Duration = Duration::from_secs(60);

/// Asks the server, and remembers its answer.
pub(super) struct Utf8Question {
    opener: Arc<Opener>,
    /// The last answer, and until when it counts. `None` inside: the server did not answer.
    known: Mutex<Option<(Option<bool>, Instant)>>,
}

impl Utf8Question {
    pub(super) fn new(opener: Arc<Opener>) -> Self {
        Self { opener, known: Mutex::default() }
    }

    /// Whether the server offers it; `None` when the server does not answer.
    pub(super) async fn answer(&self) -> Option<bool> {
        if let Some((answer, until)) = *self.known.lock()
            && Instant::now() < until
        {
            return answer;
        }
        let answer = timeout(QUESTION_TIMEOUT, self.ask()).await.ok().and_then(Result::ok);
        let lasts = if answer.is_some() { ANSWER_LASTS } else { SILENCE_LASTS };
        *self.known.lock() = Some((answer, Instant::now() + lasts));
        answer
    }

    async fn ask(&self) -> Result<bool, String> {
        // Encrypted if that is wanted: a server may offer more to who speaks in secret.
        let mut connection = self.opener.greet().await?;
        let offered = connection.server_info().supports_feature(Extension::SmtpUtfEight);
        connection.abort().await;
        Ok(offered)
    }
}
