//! From a row of the outbox to a message: draws the secret of its link, whose digest alone is kept, and words
//! it in its reader's language.

use std::error::Error;
use std::time::Duration;

use super::cause::LIVE_LINKS;
use super::parts::{LEASE, Mailing, Prepared};
use crate::domain::{Account, AccountId, EmailAddress, Mail, MailKind, Ticket, TicketPurpose, Token};
use crate::flows::links::recovery::{INVITATION_LASTS, RECOVERY_LASTS};
use crate::flows::links::verification::VERIFICATION_LASTS;
use crate::store::{StoreError, accounts, outbox, tickets};
use crate::urls;
use crate::view::mails::{
    AddressChangeMail, AddressChangedMail, AddressRequestedMail, AddressTakenMail, InvitationMail,
    NewDeviceMail, PasswordChangedMail, RecoveryMail, UsernameChangedMail, VerificationMail,
};
use crate::view::pages::TimeView;
use crate::view::{Locale, RenderedMail, ViewError};

/// How long a link of this kind works, from when it is sent, and where it leads.
fn terms(purpose: TicketPurpose) -> (Duration, fn(&str) -> String) {
    match purpose {
        TicketPurpose::Recovery | TicketPurpose::Autologin => (RECOVERY_LASTS, urls::reset),
        TicketPurpose::Invitation => (INVITATION_LASTS, urls::reset),
        TicketPurpose::Verification => (VERIFICATION_LASTS, urls::verify),
        TicketPurpose::AddressChange => (VERIFICATION_LASTS, urls::confirm_address),
    }
}

impl Mailing {
    /// Draws the secret of a message and renders it. `None`: there is nothing to be sent.
    pub(super) async fn prepare_mail(
        &self,
        mail: &Mail,
    ) -> Result<Option<Prepared>, Box<dyn Error + Send + Sync>> {
        let token = Token::generate(self.random.as_ref());
        let turn = self.turn().await;
        let now = self.clock.now();
        let prepared = self.store.transact(async |tx| {
            let id = mail.account_id.unwrap_or(AccountId(0));
            // Every transaction locks in this order: the account, then its messages.
            accounts::hold(tx, id).await?;
            if !outbox::hold(tx, mail, now.after(LEASE)).await? {
                return Ok(None);
            }
            let purpose = mail.kind.link();
            let account = accounts::find(tx, id).await?.map(|found| found.account);
            // A link opens nothing for a barred account. Its owner still gets notices.
            let account = account.filter(|account| purpose.is_none() || account.active());
            let Some(account) = account.filter(|_| mail.kind != MailKind::Blank) else {
                outbox::remove(tx, mail).await?;
                return Ok(None);
            };
            if let Some(purpose) = purpose {
                let proves = purpose == TicketPurpose::AddressChange;
                let ticket = Ticket {
                    account_id: id,
                    purpose,
                    address: proves.then(|| EmailAddress::from_store(mail.recipient.clone())),
                    token: token.digest(),
                    created_at: now,
                    expires_at: now.after(terms(purpose).0),
                };
                tickets::insert(tx, &ticket).await?;
                tickets::keep_newest(tx, id, purpose, LIVE_LINKS, now).await?;
            }
            Ok::<_, StoreError>(Some((account, purpose)))
        });
        let Some((account, purpose)) = prepared.await? else { return Ok(None) };
        drop(turn);
        let path = purpose.map(|purpose| terms(purpose).1(token.reveal()));
        let mail = self.render_mail(mail, &account, path.as_deref().unwrap_or(""))?;
        let digest = token.digest();
        Ok(Some(Prepared { mail, link: purpose.map(|_| (token, digest)) }))
    }

    /// Words a message whose link leads to `path`.
    fn render_mail(&self, mail: &Mail, account: &Account, path: &str) -> Result<RenderedMail, ViewError> {
        let view = &self.parts.renderer;
        let origin = &self.parts.origin;
        let locale: &Locale = account
            .locale
            .as_deref()
            .or(mail.locale.as_deref())
            .and_then(|code| view.catalog().find(code))
            .unwrap_or_else(|| view.catalog().fallback());
        let link = format!("{origin}{path}");
        // Whoever did not do what a notice says needs another password: without a secret, so that it never
        // ends.
        let forgot = format!("{origin}{}", urls::FORGOT);
        let at = TimeView::in_mail(mail.created_at, view.catalog().dates(locale));
        let hours = |lasts: Duration| lasts.as_secs() / 3_600;
        match mail.kind {
            MailKind::Recovery | MailKind::Blank => {
                view.mail(locale, &RecoveryMail { link, hours: hours(RECOVERY_LASTS) })
            }
            MailKind::Invitation => {
                view.mail(locale, &InvitationMail { link, days: hours(INVITATION_LASTS) / 24 })
            }
            MailKind::Verification => {
                view.mail(locale, &VerificationMail { link, hours: hours(VERIFICATION_LASTS) })
            }
            MailKind::AddressChange => {
                view.mail(locale, &AddressChangeMail { link, hours: hours(VERIFICATION_LASTS) })
            }
            MailKind::PasswordChanged => view.mail(locale, &PasswordChangedMail { link: forgot, at }),
            MailKind::UsernameChanged => view.mail(locale, &UsernameChangedMail { link: forgot, at }),
            MailKind::AddressRequested => view.mail(locale, &AddressRequestedMail { link: forgot, at }),
            MailKind::AddressChanged => {
                view.mail(locale, &AddressChangedMail { link: format!("{origin}{}", urls::HOME), at })
            }
            MailKind::NewDevice => {
                // The dot between the names is the pages': a message in English keeps to ASCII.
                let device = mail.detail.replace(" · ", ", ");
                view.mail(locale, &NewDeviceMail { link: forgot, at, device })
            }
            MailKind::AddressTaken => view.mail(locale, &AddressTakenMail { link: forgot, at }),
        }
    }
}
