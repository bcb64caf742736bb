//! Turns a row of the outbox into a message. Generates the secret of its link, of which the database stores
//! only the digest, and renders the message in its reader's language.

use std::error::Error;

use super::cause::LIVE_LINKS;
use super::digest;
use super::parts::{Mailing, Prepared};
use crate::urls;
use domain::lifetimes::{KEEP_DATA_EXPORT, MAIL_LEASE};
use domain::{
    Account, AccountId, EmailAddress, Mail, MailKind, MailedLink, Millis, OpeningNotice, RecoveryNotice,
    Ticket, Token,
};
use look::mails::{
    AccountDeletedMail, AccountErasedMail, AccountRestoredMail, AddressChangeMail, AddressChangedMail,
    AddressRequestedMail, AddressTakenMail, AppPasswordMadeMail, AppPasswordRevokedMail, ApprovedMail,
    DataReadyMail, DeletionDeclinedMail, DeniedMail, FactorRecoveryAskedMail, FactorRecoveryCancelledMail,
    FactorRecoveryMail, FactorsRemovedMail, IdentityLinkedMail, IdentityUnlinkedMail, InvitationMail,
    NewBrowserMail, PasskeyAddedMail, PasskeyRemovedMail, PasswordChangedMail, PasswordRemovedMail,
    RecoveryCodeUsedMail, RecoveryCodesMadeMail, RecoveryMail, TotpAddedMail, TotpRemovedMail,
    UsernameChangedMail, VerificationMail,
};
use look::pages::TimeView;
use look::{Locale, RenderedMail, ViewError};
use store::{StoreError, Tx, accounts, outbox, tickets};

/// Most links of notices that an account has.
const KEPT_NOTICES: i64 = 40;

/// The path of a link with the secret `token`.
fn path_of(link: MailedLink, token: &str) -> String {
    match link {
        MailedLink::Recovery | MailedLink::Invitation => urls::reset(token),
        MailedLink::Verification => urls::verify(token),
        MailedLink::AddressChange => urls::confirm_address(token),
        MailedLink::FactorRecovery => urls::recover_factors(token),
        MailedLink::KeepFactors => urls::keep_factors(token),
        MailedLink::Restore => urls::restore(token),
    }
}

/// A masked address with stars in place of its dots: a message in English keeps to ASCII.
fn masked(address: &EmailAddress) -> String {
    address.masked().replace('•', "*")
}

/// The account that a message is about; `None` when the message is not to be sent.
async fn account_of(tx: &mut Tx, mail: &Mail, id: AccountId) -> Result<Option<Account>, StoreError> {
    if mail.kind == MailKind::AccountDeleted {
        let found = accounts::find_even_deleted(tx, id).await?.map(|found| found.account);
        return Ok(found.filter(Account::is_leaving));
    }
    // An owner whose account was deleted hears of what happened before.
    let hears = |account: &Account| {
        let notice = mail.kind.link().is_none() && mail.kind != MailKind::DataReady;
        account.deleted_at.is_none() || (notice && account.is_leaving())
    };
    let found = accounts::find_even_deleted(tx, id).await?.map(|found| found.account).filter(hears);
    // A barred account cannot use a link. Its owner still gets notices.
    let found = found.filter(|account| mail.kind.link().is_none() || account.active());
    Ok(found.filter(|_| mail.kind != MailKind::Blank))
}

impl Mailing {
    /// Generates the secret of a message's link and renders the message. `None` when the message is not to be
    /// sent.
    ///
    /// # Errors
    /// Why the row could not be read or the template failed to render.
    pub(super) async fn prepare_mail(
        &self,
        mail: &Mail,
    ) -> Result<Option<Prepared>, Box<dyn Error + Send + Sync>> {
        let token = Token::generate(self.random.as_ref());
        let turn = self.turn().await;
        let now = self.clock.now();
        let id = mail.account_id.unwrap_or(AccountId(0));
        let prepared = self.store.transact_on(id, async |tx| {
            self.hold_mailbox(tx, mail).await?;
            // Every transaction locks the account first and its messages second.
            accounts::hold(tx, id).await?;
            if !outbox::hold(tx, mail, now.after(MAIL_LEASE)).await? {
                return Ok(None);
            }
            let link = mail.kind.link();
            if mail.kind.outlives_account() {
                return Ok(Some((None, None)));
            }
            let Some(account) = account_of(tx, mail, id).await? else {
                outbox::remove(tx, mail).await?;
                return Ok(None);
            };
            if !self.fits(tx, mail, &account, now).await? {
                return Ok(None);
            }
            if let Some(link) = link {
                let (purpose, proves) = (link.purpose(), link == MailedLink::AddressChange);
                let ticket = Ticket {
                    account_id: id,
                    purpose,
                    address: proves.then(|| EmailAddress::from_store(mail.recipient.clone())),
                    token: token.digest(),
                    created_at: now,
                    expires_at: now.after(link.lasts()),
                };
                tickets::insert(tx, &ticket).await?;
                // The link of every notice works: they come once a day.
                let kept = if link == MailedLink::KeepFactors { KEPT_NOTICES } else { LIVE_LINKS };
                tickets::keep_newest(tx, id, purpose, kept, now).await?;
            }
            Ok::<_, StoreError>(Some((Some(account), link)))
        });
        let Some((account, link)) = prepared.await? else { return Ok(None) };
        drop(turn);
        let path = link.map(|link| path_of(link, token.reveal()));
        let mail = self.render_mail(mail, account.as_ref(), path.as_deref().unwrap_or(""), now)?;
        let Some(mail) = mail else { return Ok(None) };
        let digest = token.digest();
        Ok(Some(Prepared { mail, link: link.map(|_| (token, digest)) }))
    }

    /// Words a message whose link leads to `path` and is made `now`. `None` for a blank, which has no words.
    fn render_mail(
        &self,
        mail: &Mail,
        account: Option<&Account>,
        path: &str,
        now: Millis,
    ) -> Result<Option<RenderedMail>, ViewError> {
        let view = &self.parts.renderer;
        let origin = &self.parts.origin;
        let locale: &Locale = account
            .and_then(|account| account.locale.as_deref())
            .or(mail.locale.as_deref())
            .and_then(|code| view.catalog().find(code))
            .unwrap_or_else(|| view.catalog().fallback());
        let link = format!("{origin}{path}");
        // A notice links to the recovery form, for a reader who did not do what the notice reports. That link
        // has no secret, so it never expires.
        let forgot = format!("{origin}{}", urls::FORGOT);
        let dates = view.catalog().dates(locale);
        let at = TimeView::in_mail(mail.created_at, dates);
        let until = TimeView::in_mail(mail.kind.link().map_or(now, |link| now.after(link.lasts())), dates);
        let hours = |link: MailedLink| link.lasts().as_secs() / 3_600;
        let rendered =
            match mail.kind {
                MailKind::Blank => return Ok(None),
                MailKind::Recovery => {
                    view.mail(locale, &RecoveryMail { link, hours: hours(MailedLink::Recovery), until })
                }
                MailKind::Invitation => {
                    let days = hours(MailedLink::Invitation) / 24;
                    view.mail(locale, &InvitationMail { link, days, until })
                }
                MailKind::Verification => view
                    .mail(locale, &VerificationMail { link, hours: hours(MailedLink::Verification), until }),
                MailKind::AddressChange => {
                    let hours = hours(MailedLink::AddressChange);
                    let account = account.map_or_else(String::new, |account| masked(&account.email));
                    view.mail(locale, &AddressChangeMail { link, hours, until, account })
                }
                MailKind::Approved => {
                    view.mail(locale, &ApprovedMail { link: format!("{origin}{}", urls::SIGN_IN) })
                }
                MailKind::PasswordChanged => view.mail(locale, &PasswordChangedMail { link: forgot, at }),
                MailKind::TotpAdded => view.mail(locale, &TotpAddedMail { link: forgot, at }),
                MailKind::TotpRemoved => view.mail(locale, &TotpRemovedMail { link: forgot, at }),
                MailKind::RecoveryCodesMade => view.mail(locale, &RecoveryCodesMadeMail { link: forgot, at }),
                MailKind::RecoveryCodeUsed => {
                    let left = mail.detail.parse().unwrap_or(0);
                    view.mail(locale, &RecoveryCodeUsedMail { link: forgot, at, left })
                }
                MailKind::UsernameChanged => view.mail(locale, &UsernameChangedMail { link: forgot, at }),
                MailKind::AddressRequested => view.mail(locale, &AddressRequestedMail { link: forgot, at }),
                MailKind::AddressChanged => {
                    let site = view.site_in_mails();
                    let link = if site.help.is_empty() { site.url } else { site.help }.to_owned();
                    view.mail(locale, &AddressChangedMail { link, at })
                }
                MailKind::NewBrowser => {
                    let opening = OpeningNotice::from_stored(&mail.detail);
                    let device = digest::in_mail(&opening.label);
                    let (kind, place) = (opening.kind.as_str(), opening.place);
                    view.mail(locale, &NewBrowserMail { link: forgot, at, kind, device, place })
                }
                MailKind::AppPasswordMade | MailKind::AppPasswordRevoked => {
                    let OpeningNotice { label, place, .. } = OpeningNotice::from_stored(&mail.detail);
                    let device = digest::in_mail(&label);
                    if mail.kind == MailKind::AppPasswordMade {
                        view.mail(locale, &AppPasswordMadeMail { link: forgot, at, device, place })
                    } else {
                        view.mail(locale, &AppPasswordRevokedMail { link: forgot, at, device, place })
                    }
                }
                MailKind::AddressTaken => view.mail(locale, &AddressTakenMail { link: forgot, at }),
                MailKind::FactorRecovery => {
                    let hours = hours(MailedLink::FactorRecovery);
                    view.mail(locale, &FactorRecoveryMail { link, hours, until })
                }
                MailKind::FactorRecoveryAsked => {
                    // Only another version writes what cannot be read. The link says when.
                    let notice = RecoveryNotice::from_stored(&mail.detail);
                    let notice = notice.unwrap_or(RecoveryNotice { due: mail.created_at, devices: 0 });
                    let due = TimeView::in_mail(notice.due, dates);
                    view.mail(locale, &FactorRecoveryAskedMail { link, at, due, devices: notice.devices })
                }
                MailKind::FactorRecoveryCancelled => {
                    view.mail(locale, &FactorRecoveryCancelledMail { link: forgot, at })
                }
                MailKind::FactorsRemoved => view.mail(locale, &FactorsRemovedMail { link: forgot, at }),
                MailKind::Denied => view.mail(locale, &DeniedMail { link: forgot, at }),
                MailKind::PasskeyAdded => view.mail(locale, &PasskeyAddedMail { link: forgot, at }),
                MailKind::PasskeyRemoved => view.mail(locale, &PasskeyRemovedMail { link: forgot, at }),
                MailKind::IdentityLinked => {
                    view.mail(locale, &IdentityLinkedMail { link: forgot, at, provider: mail.detail.clone() })
                }
                MailKind::IdentityUnlinked => view
                    .mail(locale, &IdentityUnlinkedMail { link: forgot, at, provider: mail.detail.clone() }),
                MailKind::PasswordRemoved => view.mail(locale, &PasswordRemovedMail { link: forgot, at }),
                MailKind::DeletionDeclined => view.mail(locale, &DeletionDeclinedMail { link: forgot, at }),
                MailKind::AccountDeleted => {
                    // The detail is when the account is erased.
                    let until = mail.detail.parse().map_or(mail.created_at, Millis);
                    let until = TimeView::in_mail(until, dates);
                    view.mail(locale, &AccountDeletedMail { link, at, until })
                }
                MailKind::DataReady => {
                    // No secret: the page asks who opens it, for whoever reads this may read mail alone.
                    let link = format!("{origin}{}", urls::DATA);
                    let until = TimeView::in_mail(mail.created_at.after(KEEP_DATA_EXPORT), dates);
                    view.mail(locale, &DataReadyMail { link, until })
                }
                MailKind::AccountRestored => view.mail(locale, &AccountRestoredMail { link: forgot, at }),
                MailKind::AccountErased => {
                    let link = view.site_in_mails().url.to_owned();
                    view.mail(locale, &AccountErasedMail { link })
                }
                MailKind::Digest => view.mail(locale, &digest::words(mail, forgot, view, locale)),
            };
        rendered.map(Some)
    }
}
