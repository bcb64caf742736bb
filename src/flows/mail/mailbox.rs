//! The limit of a mailbox: at most so many messages in any hour, whatever their kind and whoever caused them.
//! What is too much of links is not sent. What is too much of notices waits and comes in one digest.

use std::sync::atomic::Ordering;

use super::digest;
use super::parts::Mailing;
use domain::lifetimes::MAILBOX_WINDOW;
use domain::{Account, EmailAddress, Mail, MailKind, MailboxTie, Millis, OWNERS_LINK};
use store::mail_log::{self, MailOutcome};
use store::mailboxes::{self, MailboxUse};
use store::{StoreError, Tx, outbox};

/// Whether a message of `kind` may go now, after `uses` of its mailbox within the hour, oldest first. `tie`
/// is that of the account that it is about.
///
/// What anybody can cause leaves a third of the limit to what happened to the account, and the other way
/// round: no stranger can hold a notice up for more than an hour, and no flood of notices stops a link. Only
/// one notice of a wanted address goes by itself.
///
/// Of what anybody can cause, the weaker ties leave places to the stronger: whoever makes accounts with tags
/// of an address that is not theirs has half of them at most, and all accounts that have proven nothing have
/// three quarters.
fn has_room(kind: MailKind, tie: MailboxTie, uses: &[MailboxUse], hourly: usize) -> bool {
    let most = hourly - hourly / 3;
    let alike: Vec<&MailboxUse> = uses
        .iter()
        .filter(|one| one.kind.is_some_and(|of| of.anybody_causes() == kind.anybody_causes()))
        .collect();
    // Those of this tie and of weaker ones share `places`; so do all stronger ties with them.
    let leaves =
        |of: MailboxTie, places: usize| tie > of || alike.iter().filter(|one| one.tie <= of).count() < places;
    uses.len() < hourly
        && alike.len() < most
        && (!kind.anybody_causes()
            || leaves(MailboxTie::Other, most / 2) && leaves(MailboxTie::Named, most - most / 4))
        && (kind != MailKind::AddressTaken || alike.iter().all(|one| one.kind != Some(kind)))
}

/// The tie by which `mail` about `account` counts. Anybody can have an owner told of a wanted address, so
/// that notice takes no place of the owner's links.
fn tie_of(mail: &Mail, account: &Account, mailbox: &str) -> MailboxTie {
    if mail.kind == MailKind::AddressTaken { MailboxTie::Other } else { MailboxTie::of(account, mailbox) }
}

/// Whether `mail` is the only way back of an owner who has ended everything that opens the account, or whose
/// account was deleted by whoever knows the password. No stranger may hold it up, and whoever proves to be
/// the owner causes one for each sign-in or deletion at most.
fn is_owners_link(mail: &Mail) -> bool {
    mail.kind == MailKind::AccountDeleted || (mail.kind.link().is_some() && mail.detail == OWNERS_LINK)
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

    /// Counts `mail` about `account`, whose lease and mailbox are held, and returns whether it may be sent
    /// now. Otherwise removes it if it carries a link, and adds it to a digest if it is a notice.
    pub(super) async fn fits(
        &self,
        tx: &mut Tx,
        mail: &Mail,
        account: &Account,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let Some(hourly) = self.parts.hourly else { return Ok(true) };
        let mailbox = mailbox_of(mail);
        let tie = tie_of(mail, account, &mailbox);
        let uses = mailboxes::uses(tx, &mailbox, mail.id, now.before(MAILBOX_WINDOW)).await?;
        if has_room(mail.kind, tie, &uses, hourly) || is_owners_link(mail) {
            mailboxes::note(tx, &mailbox, mail, tie, now).await?;
            return Ok(true);
        }
        self.held_back.fetch_add(1, Ordering::Relaxed);
        // A notice with a link tells of what happened, so it is told in the digest, which has another.
        if mail.kind.anybody_causes() && mail.kind.link().is_some() {
            outbox::remove(tx, mail).await?;
            mail_log::insert(tx, mail, MailOutcome::HeldBack, now).await?;
            log::info!("mail {} is not sent: its mailbox has had its messages of this hour", mail.id);
        } else {
            // A third of the uses is never of the other family, so within the hour there is room.
            let oldest = uses.first().map_or(now, |oldest| oldest.at);
            digest::put_off(tx, mail, oldest.after(MAILBOX_WINDOW), now).await?;
        }
        Ok(false)
    }

    /// The messages that found no room in their mailbox's hour since the last call. A notice that waits for
    /// a digest counts each time that it is put off.
    pub(in crate::flows) fn take_held_back(&self) -> u64 {
        let all = self.held_back();
        all.saturating_sub(self.held_back_told.swap(all, Ordering::Relaxed))
    }
}

fn mailbox_of(mail: &Mail) -> String {
    EmailAddress::from_store(mail.recipient.clone()).mailbox_key()
}

#[cfg(test)]
mod tests {
    use super::*;
    use MailboxTie::{Named, Other, Proven};

    /// How many of each kind and tie go, one after the other.
    fn went(hourly: usize, all: &[(MailKind, MailboxTie)]) -> Vec<usize> {
        let mut uses = Vec::new();
        let mut went = |kind, tie| {
            let before = uses.len();
            while has_room(kind, tie, &uses, hourly) {
                uses.push(MailboxUse { kind: Some(kind), tie, at: Millis(0) });
            }
            uses.len() - before
        };
        all.iter().map(|(kind, tie)| went(*kind, *tie)).collect()
    }

    /// The same for two kinds about an account that has proven its address.
    fn go(hourly: usize, wanted: MailKind, then: MailKind) -> (usize, usize) {
        let went = went(hourly, &[(wanted, Proven), (then, Proven)]);
        (went[0], went[1])
    }

    #[test]
    fn links_and_notices_leave_each_other_a_third() {
        use MailKind::{AddressTaken, Digest, PasswordChanged, Recovery, Verification};
        assert_eq!(go(6, Recovery, PasswordChanged), (4, 2));
        assert_eq!(go(6, Recovery, Verification), (4, 0));
        assert_eq!(go(6, PasswordChanged, Recovery), (4, 2));
        assert_eq!(go(6, PasswordChanged, Digest), (4, 0));
        assert_eq!(went(6, &[(AddressTaken, Other), (Recovery, Proven)]), [1, 3]);
        assert_eq!(go(3, Recovery, PasswordChanged), (2, 1));
        assert_eq!(go(100, PasswordChanged, Recovery), (67, 33));
    }

    #[test]
    fn weaker_ties_leave_places_to_stronger_ones() {
        use MailKind::{AddressTaken, PasswordChanged, Recovery};
        let links = |hourly, ties: [MailboxTie; 3]| went(hourly, &ties.map(|tie| (Recovery, tie)));
        assert_eq!(links(6, [Other, Named, Proven]), [2, 1, 1]);
        assert_eq!(links(6, [Named, Other, Proven]), [3, 0, 1]);
        assert_eq!(links(6, [Proven, Named, Other]), [4, 0, 0]);
        assert_eq!(links(3, [Other, Named, Proven]), [1, 1, 0]);
        assert_eq!(links(3, [Other, Proven, Named]), [1, 1, 0]);
        assert_eq!(links(100, [Other, Named, Proven]), [33, 18, 16]);
        // Notices are about what happened to the account, so each has all of their places.
        assert_eq!(went(6, &[(PasswordChanged, Other), (Recovery, Other)]), [4, 2]);
        assert_eq!(went(6, &[(AddressTaken, Other), (Recovery, Other), (Recovery, Proven)]), [1, 1, 2]);
    }

    #[test]
    fn what_another_version_sent_counts_too() {
        let uses = [MailboxUse { kind: None, tie: Other, at: Millis(0) }; 6];
        assert!(!has_room(MailKind::Recovery, Proven, &uses, 6));
        assert!(has_room(MailKind::Recovery, Proven, &uses[..5], 6));
    }
}
