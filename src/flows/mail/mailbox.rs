//! The limit of a mailbox: at most so many messages in any hour, whatever their kind and whoever caused them.
//! What is too much of links is not sent. What is too much of notices waits and comes in one digest.

use super::digest;
use super::parts::Mailing;
use domain::lifetimes::MAILBOX_WINDOW;
use domain::{EmailAddress, Mail, MailKind, Millis};
use store::mailboxes::{self, MailboxUse};
use store::{StoreError, Tx, outbox};

/// Whether a message of `kind` may go now, after `uses` of its mailbox within the hour, oldest first.
///
/// What anybody can cause leaves a third of the limit to what happened to the account, and the other way
/// round: no stranger can hold a notice up for more than an hour, and no flood of notices stops a link. Only
/// one notice of a wanted address goes by itself.
fn has_room(kind: MailKind, uses: &[MailboxUse], hourly: usize) -> bool {
    let of = |wanted: MailKind| uses.iter().filter(move |one| one.kind == Some(wanted)).count();
    let alike = |one: &&MailboxUse| one.kind.is_some_and(|of| of.anybody_causes() == kind.anybody_causes());
    uses.len() < hourly
        && uses.iter().filter(alike).count() < hourly - hourly / 3
        && (kind != MailKind::AddressTaken || of(kind) == 0)
}

impl Mailing {
    /// Locks the mailbox of `mail` until the transaction ends. Every transaction that locks one does it
    /// first, before accounts and messages.
    pub(super) async fn hold_mailbox(&self, tx: &mut Tx, mail: &Mail) -> Result<(), StoreError> {
        if self.parts.hourly.is_some() && mail.kind != MailKind::Blank {
            mailboxes::hold(tx, &mailbox_of(mail)).await?;
        }
        Ok(())
    }

    /// Counts `mail`, whose lease and mailbox are held, and returns whether it may be sent now. Otherwise
    /// removes it if it carries a link, and adds it to a digest if it is a notice.
    pub(super) async fn fits(&self, tx: &mut Tx, mail: &Mail, now: Millis) -> Result<bool, StoreError> {
        let Some(hourly) = self.parts.hourly else { return Ok(true) };
        let mailbox = mailbox_of(mail);
        let uses = mailboxes::uses(tx, &mailbox, mail.id, now.before(MAILBOX_WINDOW)).await?;
        if has_room(mail.kind, &uses, hourly) {
            mailboxes::note(tx, &mailbox, mail, now).await?;
            return Ok(true);
        }
        if mail.kind.link().is_some() {
            outbox::remove(tx, mail).await?;
            log::info!("mail {} is not sent: its mailbox has had its messages of this hour", mail.id);
        } else {
            // A third of the uses is never of the other family, so within the hour there is room.
            let oldest = uses.first().map_or(now, |oldest| oldest.at);
            digest::put_off(tx, mail, oldest.after(MAILBOX_WINDOW), now).await?;
        }
        Ok(false)
    }
}

fn mailbox_of(mail: &Mail) -> String {
    EmailAddress::from_store(mail.recipient.clone()).mailbox_key()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of `wanted` go one after the other, and how many of `then` after them.
    fn go(hourly: usize, wanted: MailKind, then: MailKind) -> (usize, usize) {
        let mut uses = Vec::new();
        let mut went = |kind| {
            let mut count = 0;
            while has_room(kind, &uses, hourly) {
                uses.push(MailboxUse { kind: Some(kind), at: Millis(0) });
                count += 1;
            }
            count
        };
        (went(wanted), went(then))
    }

    #[test]
    fn links_and_notices_leave_each_other_a_third() {
        use MailKind::{AddressTaken, Digest, PasswordChanged, Recovery, Verification};
        assert_eq!(go(6, Recovery, PasswordChanged), (4, 2));
        assert_eq!(go(6, Recovery, Verification), (4, 0));
        assert_eq!(go(6, PasswordChanged, Recovery), (4, 2));
        assert_eq!(go(6, PasswordChanged, Digest), (4, 0));
        assert_eq!(go(6, AddressTaken, Recovery), (1, 3));
        assert_eq!(go(3, Recovery, PasswordChanged), (2, 1));
        assert_eq!(go(100, PasswordChanged, Recovery), (67, 33));
    }

    #[test]
    fn what_another_version_sent_counts_too() {
        let uses = [MailboxUse { kind: None, at: Millis(0) }; 6];
        assert!(!has_room(MailKind::Recovery, &uses, 6));
        assert!(has_room(MailKind::Recovery, &uses[..5], 6));
    }
}
