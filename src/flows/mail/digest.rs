//! A digest: the notices of one reader that had to wait, as one row of the outbox.

use serde::{Deserialize, Serialize};

use domain::{AccountId, Mail, MailKind, Millis, OpeningNotice};
use look::mails::{DigestEvent, DigestMail};
use look::pages::TimeView;
use look::{Locale, Renderer};
use store::{StoreError, Tx, outbox};

/// Most notices that a digest lists. Older ones are only counted.
const LISTED: usize = 50;

/// The notices of a digest, as stored in the detail of its row.
#[derive(Default, Serialize, Deserialize)]
struct WaitingNotices {
    /// How many are no longer listed.
    earlier: u64,
    /// Kind, time and detail of each, oldest first.
    listed: Vec<(String, i64, String)>,
}

impl WaitingNotices {
    /// A detail that does not parse, as another version may write it, begins anew.
    fn read(detail: &str) -> Self {
        serde_json::from_str(detail).unwrap_or_default()
    }

    fn of(mail: &Mail) -> Self {
        match mail.kind {
            MailKind::Digest => Self::read(&mail.detail),
            kind => {
                let event = (kind.as_str().to_owned(), mail.created_at.0, mail.detail.clone());
                Self { earlier: 0, listed: vec![event] }
            }
        }
    }

    fn with(mut self, more: Self) -> Self {
        self.listed.extend(more.listed);
        self.listed.sort_by_key(|(_, at, _)| *at);
        let too_many = self.listed.len().saturating_sub(LISTED);
        self.listed.drain(..too_many);
        self.earlier += more.earlier + too_many as u64;
        self
    }

    fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Puts the notice or digest `mail` off until `due_at`: it joins the digest that waits for its reader, or
/// becomes one.
pub(super) async fn put_off(tx: &mut Tx, mail: &Mail, due_at: Millis, now: Millis) -> Result<(), StoreError> {
    let own = WaitingNotices::of(mail);
    let account = mail.account_id.unwrap_or(AccountId(0));
    if let Some((id, attempts, waiting)) = outbox::waiting_digest(tx, account, &mail.recipient, now).await? {
        let joined = WaitingNotices::read(&waiting).with(WaitingNotices::of(mail)).text();
        if outbox::set_digest(tx, (id, attempts), &joined, now).await? {
            outbox::remove(tx, mail).await?;
            return Ok(());
        }
    }
    outbox::put_off_as_digest(tx, mail, &own.text(), due_at).await
}

/// The digest of the row `mail`. `link` is where its reader chooses another password.
pub(super) fn words(mail: &Mail, link: String, view: &Renderer, locale: &Locale) -> DigestMail {
    let catalog = view.catalog();
    let WaitingNotices { earlier, listed } = WaitingNotices::read(&mail.detail);
    let event = |(kind, at, detail): (String, i64, String)| {
        let key = MailKind::parse(&kind).and_then(sentence)?;
        let what = catalog.text(locale, key, &[]);
        Some(DigestEvent {
            at: TimeView::in_mail(Millis(at), catalog.dates(locale)),
            what,
            device: match MailKind::parse(&kind) {
                Some(MailKind::NewBrowser) => in_mail(&OpeningNotice::from_stored(&detail).label),
                _ => String::new(),
            },
        })
    };
    DigestMail { link, events: listed.into_iter().filter_map(event).collect(), earlier }
}

/// A browser's label as mails have it. The dot between the names is the pages': a message in English keeps to
/// ASCII.
pub(super) fn in_mail(label: &str) -> String {
    label.replace(" · ", ", ")
}

/// The sentence for one notice of a digest; `None` for what is no notice.
fn sentence(kind: MailKind) -> Option<&'static str> {
    match kind {
        MailKind::Approved => Some("mail-digest-approved"),
        MailKind::PasswordChanged => Some("mail-digest-password-changed"),
        MailKind::UsernameChanged => Some("mail-digest-username-changed"),
        MailKind::AddressRequested => Some("mail-digest-address-requested"),
        MailKind::AddressChanged => Some("mail-digest-address-changed"),
        MailKind::TotpAdded => Some("mail-digest-totp-added"),
        MailKind::TotpRemoved => Some("mail-digest-totp-removed"),
        MailKind::RecoveryCodesMade => Some("mail-digest-recovery-codes-made"),
        MailKind::RecoveryCodeUsed => Some("mail-digest-recovery-code-used"),
        MailKind::NewBrowser => Some("mail-digest-new-device"),
        MailKind::AppPasswordMade => Some("mail-digest-app-password-made"),
        MailKind::AppPasswordRevoked => Some("mail-digest-app-password-revoked"),
        MailKind::AddressTaken => Some("mail-digest-address-taken"),
        MailKind::Denied => Some("mail-digest-denied"),
        MailKind::PasskeyAdded => Some("mail-digest-passkey-added"),
        MailKind::PasskeyRemoved => Some("mail-digest-passkey-removed"),
        MailKind::IdentityLinked => Some("mail-digest-identity-linked"),
        MailKind::IdentityUnlinked => Some("mail-digest-identity-unlinked"),
        MailKind::PasswordRemoved => Some("mail-digest-password-removed"),
        MailKind::FactorRecoveryAsked => Some("mail-digest-factors-asked"),
        MailKind::FactorRecoveryCancelled => Some("mail-digest-factors-kept"),
        MailKind::FactorsRemoved => Some("mail-digest-factors-removed"),
        MailKind::DataReady => Some("mail-digest-data-ready"),
        MailKind::DeletionDeclined => Some("mail-digest-deletion-declined"),
        MailKind::AccountDeleted => Some("mail-digest-account-deleted"),
        MailKind::AccountRestored => Some("mail-digest-account-restored"),
        MailKind::AccountErased
        | MailKind::Recovery
        | MailKind::Invitation
        | MailKind::Verification
        | MailKind::AddressChange
        | MailKind::FactorRecovery
        | MailKind::Digest
        | MailKind::Blank => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notices(count: usize) -> WaitingNotices {
        let listed = (0..count).map(|at| ("new_device".to_owned(), at as i64, String::new())).collect();
        WaitingNotices { earlier: 0, listed }
    }

    #[test]
    fn a_digest_lists_the_newest_and_counts_the_rest() {
        let joined = notices(LISTED).with(notices(2)).with(WaitingNotices { earlier: 3, listed: Vec::new() });
        assert_eq!((joined.listed.len(), joined.earlier), (LISTED, 5));
        assert_eq!(joined.listed.last().map(|(_, at, _)| *at), Some(LISTED as i64 - 1));
        let read = WaitingNotices::read(&joined.text());
        assert_eq!((read.listed, read.earlier), (joined.listed, 5));
        assert!(WaitingNotices::read("a poem").listed.is_empty());
    }

    #[test]
    fn every_notice_has_a_sentence_in_a_digest() {
        for kind in MailKind::ALL {
            let linked = kind.link().is_some() && kind.anybody_causes();
            // The last mail waits for nothing.
            let last = kind.outlives_account();
            let plain = !linked && !last && !matches!(kind, MailKind::Digest | MailKind::Blank);
            assert_eq!(sentence(kind).is_some(), plain, "{}", kind.as_str());
        }
    }
}
