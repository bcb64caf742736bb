//! From a row of the outbox to a message: draws the secret of its link, whose digest alone is kept, and words it in its
//! reader's language.

use std::error::Error;
use std::time::Duration;

use super::Flows;
use super::mailing::LEASE;
use super::recovery::{INVITATION_LASTS, LIVE_LINKS, RECOVERY_LASTS};
use super::verification::VERIFICATION_LASTS;
use crate::domain::{
    Account, AccountId, EmailAddress, Mail, MailKind, Ticket, TicketPurpose, Token, TokenDigest,
};
use crate::store::{accounts, outbox, tickets};
use crate::urls;
use crate::view::mail::{
    AddressChangeMail, AddressChangedMail, AddressRequestedMail, AddressTakenMail, InvitationMail, Letter,
    NewDeviceMail, PasswordChangedMail, RecoveryMail, UsernameChangedMail, VerificationMail, moment,
};
use crate::view::{Locale, ViewError};

/// A message, ready to be handed on.
pub(super) struct Prepared {
    pub(super) letter: Letter,
    /// The secret of its link and the digest by which that is known.
    pub(super) link: Option<(Token, TokenDigest)>,
}

/// How long a link of this kind works, from when it is sent, and where it leads.
fn terms(purpose: TicketPurpose) -> (Duration, fn(&str) -> String) {
    match purpose {
        TicketPurpose::Recovery | TicketPurpose::Autologin => (RECOVERY_LASTS, urls::reset),
        TicketPurpose::Invitation => (INVITATION_LASTS, urls::reset),
        TicketPurpose::Verification => (VERIFICATION_LASTS, urls::verify),
        TicketPurpose::AddressChange => (VERIFICATION_LASTS, urls::confirm_address),
    }
}

impl Flows {
    /// Draws the secret of a message and renders it. `None`: there is nothing to be sent.
    pub(super) async fn prepare_mail(
        &self,
        mail: &Mail,
    ) -> Result<Option<Prepared>, Box<dyn Error + Send + Sync>> {
        let parts = self.parts();
        let token = Token::generate(parts.random.as_ref());
        let turn = self.turn().await;
        let mut tx = parts.store.write().await?;
        let now = parts.clock.now();
        let id = mail.account_id.unwrap_or(AccountId(0));
        // In the order in which everybody locks: the account, then its messages.
        accounts::hold(&mut tx, id).await?;
        if !outbox::hold(&mut tx, mail, now.after(LEASE)).await? {
            tx.rollback().await;
            return Ok(None);
        }
        let purpose = mail.kind.link();
        let account = accounts::find(&mut tx, id).await?.map(|found| found.account);
        // A link opens nothing for a barred account; what happened to it is told all the same.
        let account = account.filter(|account| purpose.is_none() || account.active());
        let Some(account) = account.filter(|_| mail.kind != MailKind::Blank) else {
            outbox::remove(&mut tx, mail).await?;
            tx.commit().await?;
            return Ok(None);
        };
        let Some(purpose) = purpose else {
            tx.commit().await?;
            drop(turn);
            let letter = self.render_mail(mail, &account, "")?;
            return Ok(Some(Prepared { letter, link: None }));
        };
        let (lasts, path) = terms(purpose);
        let proves = purpose == TicketPurpose::AddressChange;
        let ticket = Ticket {
            account_id: id,
            purpose,
            address: proves.then(|| EmailAddress::from_store(mail.recipient.clone())),
            token: token.digest(),
            created_at: now,
            expires_at: now.after(lasts),
        };
        tickets::insert(&mut tx, &ticket).await?;
        tickets::keep_newest(&mut tx, id, purpose, LIVE_LINKS, now).await?;
        tx.commit().await?;
        drop(turn);
        let letter = self.render_mail(mail, &account, &path(token.reveal()))?;
        Ok(Some(Prepared { letter, link: Some((token, ticket.token)) }))
    }

    /// Words a message whose link leads to `path`.
    fn render_mail(&self, mail: &Mail, account: &Account, path: &str) -> Result<Letter, ViewError> {
        let view = &self.parts().mail.renderer;
        let origin = &self.parts().mail.origin;
        let locale: &Locale = account
            .locale
            .as_deref()
            .or(mail.locale.as_deref())
            .and_then(|code| view.catalog().find(code))
            .unwrap_or_else(|| view.catalog().fallback());
        let link = format!("{origin}{path}");
        // Whoever did not do what a notice says needs another password: without a secret, so that it never ends.
        let forgot = format!("{origin}{}", urls::FORGOT);
        let at = moment(mail.created_at, view.catalog().dates(locale));
        let hours = |lasts: Duration| lasts.as_secs() / 3_600;
        match mail.kind {
            MailKind::Recovery | MailKind::Blank => {
                view.letter(locale, &RecoveryMail { link, hours: hours(RECOVERY_LASTS) })
            }
            MailKind::Invitation => {
                view.letter(locale, &InvitationMail { link, days: hours(INVITATION_LASTS) / 24 })
            }
            MailKind::Verification => {
                view.letter(locale, &VerificationMail { link, hours: hours(VERIFICATION_LASTS) })
            }
            MailKind::AddressChange => {
                view.letter(locale, &AddressChangeMail { link, hours: hours(VERIFICATION_LASTS) })
            }
            MailKind::PasswordChanged => view.letter(locale, &PasswordChangedMail { link: forgot, at }),
            MailKind::UsernameChanged => view.letter(locale, &UsernameChangedMail { link: forgot, at }),
            MailKind::AddressRequested => view.letter(locale, &AddressRequestedMail { link: forgot, at }),
            MailKind::AddressChanged => {
                view.letter(locale, &AddressChangedMail { link: format!("{origin}{}", urls::HOME), at })
            }
            MailKind::NewDevice => {
                // The dot between the names is the pages': a message in English keeps to ASCII.
                let device = mail.detail.replace(" · ", ", ");
                view.letter(locale, &NewDeviceMail { link: forgot, at, device })
            }
            MailKind::AddressTaken => view.letter(locale, &AddressTakenMail { link: forgot, at }),
        }
    }
}
