//! The operator's commands for the outbox: listing messages, retrying them, and sending a test message.

use std::time::Duration;

use super::parts::MailParts;
use crate::flows::administration::Order;
use domain::{AccountError, AccountId, Clock, EmailAddress, EventKind, MailId, Scope, lifetimes};
use look::mails::TestMail;
use look::{Locale, ViewError};
use mailer::{OutgoingMail, SendError};
use store::Store;
use store::mail_log::{self, LoggedMail};
use store::outbox::{self, OutboxCounts, QueuedMail};

use tokio::time::timeout;

/// Lists the messages in the outbox, oldest first. `failed` selects only those that were set aside.
pub async fn list(store: &Store, failed: bool) -> Result<Vec<QueuedMail>, AccountError> {
    Ok(outbox::list(&mut store.read().await?, failed).await?)
}

/// A message about an account, as staff see it.
#[derive(Clone, Debug)]
pub enum MailOfAccount {
    /// It waits, or was set aside.
    Queued(QueuedMail),
    /// It has left the outbox.
    Logged(LoggedMail),
}

/// The mail about an account: what waits or was set aside first, then what left the outbox in the last 30
/// days, each the newest first. At most `most` of each.
pub async fn of_account(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    account: AccountId,
    most: i64,
) -> Result<Vec<MailOfAccount>, AccountError> {
    order.actor.require(Scope::AccountsRead)?;
    let since = clock.now().before(lifetimes::KEEP_MAIL_LOG);
    let mut db = store.read().await?;
    let queued = outbox::list_of(&mut db, account, most).await?;
    let logged = mail_log::list(&mut db, account, since, most).await?;
    let logged = logged.into_iter().map(MailOfAccount::Logged);
    Ok(queued.into_iter().map(MailOfAccount::Queued).chain(logged).collect())
}

/// At most `most` messages of the outbox with numbers above `after`, the oldest first. `failed` selects only
/// those that were set aside.
pub async fn page(
    store: &Store,
    order: Order<'_>,
    failed: bool,
    after: MailId,
    most: i64,
) -> Result<Vec<QueuedMail>, AccountError> {
    order.actor.require(Scope::AccountsRead)?;
    Ok(outbox::page(&mut store.read().await?, failed, after, most).await?)
}

/// How full the outbox is.
pub async fn counts(store: &Store, order: Order<'_>) -> Result<OutboxCounts, AccountError> {
    order.actor.require(Scope::AccountsRead)?;
    Ok(outbox::counts(&mut store.read().await?).await?)
}

/// Makes a message, or all messages, due now, with the full retry period of a new one. A message that a
/// worker is sending is left alone. Returns the number of messages made due.
///
/// # Errors
/// `NotFound` when message `id` does not exist or is being sent.
pub async fn retry(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    id: Option<MailId>,
) -> Result<u64, AccountError> {
    order.actor.require(Scope::AccountsWrite)?;
    let now = clock.now();
    let retried = store.transact(async |tx| {
        order.require_still(tx).await?;
        let due = outbox::retry(tx, id, now).await?;
        if due == 0 && id.is_some() {
            return Err(AccountError::NotFound);
        }
        let target = id.map(|id| id.to_string()).unwrap_or_default();
        order.note_thing(tx, &target, EventKind::MailRetried, "", now).await?;
        Ok(due)
    });
    retried.await
}

/// The longest time for a test message, a little more than the mailer gives a connection: somebody waits.
const TEST_PATIENCE: Duration = Duration::from_secs(32);

/// Sends one test message at once, without the outbox. Returns the mail server's reply.
///
/// # Errors
/// `Words` when the templates fail to render, `Server` when the mail server did not accept the message.
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
        // The outbox numbers messages from 1.
        id: 0,
        attempt: 1,
        written_at: now,
        sent_at: now,
        to: to.as_str(),
        subject: &rendered.subject,
        text: &rendered.text,
        html: &rendered.html,
        language: &rendered.language,
    };
    let sent = timeout(TEST_PATIENCE, parts.mailer.send(&mail)).await.unwrap_or_else(|_| {
        let why = format!("the mail server has not answered within {} seconds", TEST_PATIENCE.as_secs());
        Err(SendError::Unclear(why))
    });
    parts.mailer.close().await;
    Ok(sent?)
}

/// Why the test message was not sent.
#[derive(Debug)]
pub enum TestError {
    /// A template failed to render.
    Words(ViewError),
    /// The mail server did not accept the message.
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
