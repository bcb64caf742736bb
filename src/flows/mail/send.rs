//! Hands a message to the mail server and settles it. The delay before a retry equals the time that the
//! message has waited so far, so the intervals grow exponentially.

use super::parts::{Mailing, Prepared};
use crate::flows::jobs::insist::insist;
use crate::flows::jobs::leased::{Lease, WorkOutcome};
use domain::lifetimes::{MAIL_GIVE_UP, MAIL_RETRY_FIRST, MAIL_RETRY_LAST};
use domain::{Mail, Millis, TokenDigest};
use mailer::{OutgoingMail, SendError};
use store::mail_log::{self, MailOutcome};
use store::{StoreError, outbox, tickets};

impl Mailing {
    /// Tries once to send `mail`, and notes what came of it. Breaks off when the lease was lost: then another
    /// instance sends the message.
    pub(super) async fn post(&self, mail: &Mail, lease: &Lease) -> WorkOutcome {
        let prepared = match self.prepare_mail(mail).await {
            Ok(Some(prepared)) => prepared,
            Ok(None) => return WorkOutcome::Settled,
            Err(error) => {
                self.note(mail, None, &SendError::Deferred(error.to_string())).await;
                return WorkOutcome::Settled;
            }
        };
        let Prepared { mail: rendered, link } = prepared;
        let outgoing = OutgoingMail {
            id: mail.id.0,
            attempt: mail.attempts,
            written_at: mail.created_at.0,
            sent_at: self.clock.now().0,
            to: &mail.recipient,
            subject: &rendered.subject,
            text: &rendered.text,
            html: &rendered.html,
            language: &rendered.language,
        };
        let sent = tokio::select! {
            sent = self.parts.mailer.send(&outgoing) => sent,
            () = lease.lost() => {
                log::warn!("mail {} is left to whoever has its lease now", mail.id);
                return WorkOutcome::Settled;
            }
        };
        match sent {
            Ok(answer) => {
                self.tries.count("sent");
                self.heard(&answer);
                insist("a mail", || self.settle_sent(mail)).await;
                WorkOutcome::Done
            }
            Err(error) => {
                // The server's error text may quote the message, and with it the secret of the link.
                let error = match &link {
                    Some((token, _)) => error.without(token.reveal()),
                    None => error,
                };
                self.heard(&error.to_string());
                self.note(mail, link.as_ref().map(|(_, ticket)| ticket), &error).await;
                match error {
                    SendError::Unreachable(reason) => WorkOutcome::Stalled(reason),
                    _ => WorkOutcome::Settled,
                }
            }
        }
    }

    async fn settle_sent(&self, mail: &Mail) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        let now = self.clock.now();
        self.store
            .transact(async |tx| {
                if outbox::remove(tx, mail).await? {
                    mail_log::insert(tx, mail, MailOutcome::Sent, now).await?;
                }
                Ok(())
            })
            .await
    }

    /// Records why a message was not sent and when it is due again.
    pub(super) async fn note(&self, mail: &Mail, ticket: Option<&TokenDigest>, error: &SendError) {
        let now = self.clock.now();
        let waited = now.since(mail.tried_since);
        self.tries.count(match error {
            SendError::Rejected(_) => "rejected",
            SendError::Deferred(_) => "deferred",
            SendError::Unclear(_) => "unclear",
            SendError::Unreachable(_) => "unreachable",
        });
        let (due_at, ticket) = match error {
            SendError::Rejected(_) => (None, ticket),
            // The server did not accept the message, so nobody has the link: its ticket is removed.
            SendError::Deferred(_) => {
                (Some(now.after(waited.clamp(MAIL_RETRY_FIRST, MAIL_RETRY_LAST))), ticket)
            }
            // The server may have accepted the message, so its recipient may have the link: the ticket stays.
            SendError::Unclear(_) => (Some(now.after(waited.clamp(MAIL_RETRY_FIRST, MAIL_RETRY_LAST))), None),
            SendError::Unreachable(_) => (Some(now), None),
        };
        let due_at = due_at.filter(|_| waited < MAIL_GIVE_UP);
        match due_at {
            None => log::error!("mail {} is set aside: {error}", mail.id),
            Some(_) if matches!(error, SendError::Unreachable(_)) => {}
            Some(_) => log::warn!("mail {} is tried again later: {error}", mail.id),
        }
        insist("a mail", || self.settle_failed(mail, ticket, error.reason(), due_at, now)).await;
    }

    async fn settle_failed(
        &self,
        mail: &Mail,
        ticket: Option<&TokenDigest>,
        reason: &str,
        due_at: Option<Millis>,
        now: Millis,
    ) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        self.store
            .transact(async |tx| {
                // Every transaction locks the message first and its ticket second.
                outbox::not_sent(tx, mail, reason, due_at, now).await?;
                match ticket {
                    Some(ticket) => tickets::remove(tx, ticket).await,
                    None => Ok(()),
                }
            })
            .await
    }
}
