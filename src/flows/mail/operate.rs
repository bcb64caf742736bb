//! The outbox as its operator sees it: what waits, what was set aside, another try, and a message to test
//! with.

use super::parts::MailParts;
use domain::{AccountError, Clock, EmailAddress, MailId};
use look::mails::TestMail;
use look::{Locale, ViewError};
use mailer::{OutgoingMail, SendError};
use store::Store;
use store::outbox::{self, QueuedMail};

/// The messages that wait or were set aside, oldest first; `failed`: the latter alone.
pub async fn list(store: &Store, failed: bool) -> Result<Vec<QueuedMail>, AccountError> {
    Ok(outbox::list(&mut store.read().await?, failed).await?)
}

/// Has a message, or all of them, tried again at once, for as long as one just written; what is being sent is
/// left alone. Says how many those are.
///
/// # Errors
/// `NotFound` when there is no such message, or somebody is sending it; when the database fails.
pub async fn retry(store: &Store, clock: &dyn Clock, id: Option<MailId>) -> Result<u64, AccountError> {
    let now = clock.now();
    let retried = store.transact(async |tx| match (outbox::retry(tx, id, now).await?, id) {
        (0, Some(_)) => Err(AccountError::NotFound),
        (due, _) => Ok(due),
    });
    retried.await
}

/// Sends a message that says that sending works: once, now, past the outbox. Gives what the server said, or
/// the file that was made.
///
/// # Errors
/// Why it was not sent.
pub async fn send_test(
    parts: &MailParts,
    clock: &dyn Clock,
    to: &EmailAddress,
    locale: Option<&Locale>,
) -> Result<String, TestError> {
    let locale = locale.unwrap_or_else(|| parts.renderer.catalog().fallback());
    let rendered = parts.renderer.mail(locale, &TestMail { link: format!("{}/", parts.origin) })?;
    let now = clock.now().0;
    let mail = OutgoingMail {
        // No message of the outbox has it.
        id: 0,
        attempt: 1,
        written_at: now,
        sent_at: now,
        to: to.as_str(),
        subject: &rendered.subject,
        text: &rendered.text,
        html: &rendered.html,
    };
    let sent = parts.mailer.send(&mail).await;
    parts.mailer.close().await;
    Ok(sent?)
}

/// Why a message to test with was not sent.
#[derive(Debug)]
pub enum TestError {
    /// Its templates cannot be filled.
    Words(ViewError),
    /// The server has not taken it.
    Server(SendError),
}

impl From<ViewError> for TestError {
    fn from(error: ViewError) -> Self {
        Self::Words(error)
    }
}

impl From<SendError> for TestError {
    fn from(error: SendError) -> Self {
        Self::Server(error)
    }
}
