//! Choosing a password without knowing the present one: by a link that was mailed to the account's address.

use super::login::{finish, identifier_key};
use super::registration::Secret;
use super::{Client, Flows, notices, passwords, refuse_throttled};
use crate::domain::{Account, AccountError, Field, FieldCode, MailKind, Millis, TicketPurpose, Token};
use crate::infra::limiter::{Action, Key};
use crate::store::outbox::{self, NewMail};
use crate::store::{StoreError, Tx, accounts, tickets, user_secrets};

/// Links of one kind that an account has at most, sent or on their way: whoever asks again because nothing came
/// finds the earlier ones good, and a stranger cannot fill a mailbox.
pub(super) const LIVE_LINKS: i64 = 3;

/// Purposes that a mailed link to choose a password may have.
const PURPOSES: [TicketPurpose; 2] = [TicketPurpose::Recovery, TicketPurpose::Invitation];

/// What the holder of a link may do with it.
#[derive(Clone, Debug)]
pub struct ResetOffer {
    /// The account that gets a password.
    pub account: Account,
    /// Whether it has one already.
    pub has_password: bool,
}

impl Flows {
    /// Mails a link to choose a new password, if `identifier` (an address or a username) is an account's that may
    /// sign in. `locale`: language of the request, for an account that has none of its own. Callers cannot learn
    /// whether there is one: neither from the outcome nor from the work, and who asks too often is told nothing.
    ///
    /// # Errors
    /// `Invalid` when nothing was typed, and when the database fails.
    pub async fn request_recovery(
        &self,
        identifier: &str,
        locale: Option<&str>,
        client: &Client,
    ) -> Result<(), AccountError> {
        if identifier.trim().is_empty() {
            return Err(AccountError::field(Field::Email, FieldCode::Required));
        }
        let parts = self.parts();
        let now = parts.clock.now();
        let found = {
            let mut db = parts.store.read().await?;
            accounts::find_by_identifier(&mut db, identifier).await?
        };
        if !self.may_have_mail(found.as_ref().map(|found| &found.account), identifier, client, now) {
            return Ok(());
        }
        let account = found.map(|found| found.account).filter(Account::active);
        let mut tx = parts.store.write().await?;
        let written = async {
            match &account {
                Some(account) => mail_recovery(&mut tx, account, locale, now).await,
                None => write_blank(&mut tx, now).await,
            }
        };
        finish(written.await, tx).await
    }

    /// Whether a link may be mailed once more to whoever `identifier` names, who is `found`.
    pub(super) fn may_have_mail(
        &self,
        found: Option<&Account>,
        identifier: &str,
        client: &Client,
        now: Millis,
    ) -> bool {
        let limiter = &self.parts().limiter;
        let whom = match found {
            Some(account) => Key::Account(account.id.0),
            None => Key::UnknownIdentifier(limiter.fingerprint(&identifier_key(identifier))),
        };
        // A trusted server asks for many people.
        let address = (!client.trusted).then(|| Key::Ip(client.address.into()));
        let mut keys = address.into_iter().chain([whom]);
        keys.all(|key| limiter.take(Action::MailRequest, key, now.0).is_ok())
    }

    /// What the holder of this link may do. Looking does not use it up.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired.
    pub async fn reset_offer(&self, token: &str) -> Result<ResetOffer, AccountError> {
        let token = Token::parse(token).ok_or(AccountError::TicketSpent)?;
        let (offer, _) = self.find_offer(&token, &PURPOSES).await?;
        Ok(offer)
    }

    /// Whose link this is, if it is for one of `purposes`.
    pub(super) async fn find_offer(
        &self,
        token: &Token,
        purposes: &[TicketPurpose],
    ) -> Result<(ResetOffer, TicketPurpose), AccountError> {
        let mut db = self.parts().store.read().await?;
        let ticket = tickets::find(&mut db, &token.digest(), self.parts().clock.now()).await?;
        let (id, purpose) =
            ticket.filter(|(_, purpose)| purposes.contains(purpose)).ok_or(AccountError::TicketSpent)?;
        let found = accounts::find(&mut db, id).await?.filter(|found| found.account.active());
        let found = found.ok_or(AccountError::TicketSpent)?;
        Ok((ResetOffer { account: found.account, has_password: found.password_hash.is_some() }, purpose))
    }

    /// Gives the account of a mailed link the password that its reader chose, and ends everything that was opened
    /// with the old one: sessions, bearers, known devices, links; the user secret too.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired; `Invalid` when the password cannot be used, and
    /// then the link still works; `Throttled`, `Busy`.
    pub async fn reset_password(
        &self,
        token: &str,
        new: Secret<'_>,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let token = self.present_link(token, client)?;
        self.choose_password(&token, &PURPOSES, new, client).await
    }

    /// The secret of a mailed link, if it can be one.
    pub(super) fn present_link(&self, token: &str, client: &Client) -> Result<Token, AccountError> {
        let (parts, address) = (self.parts(), Key::Ip(client.address.into()));
        parts.limiter.take(Action::TicketUse, address, parts.clock.now().0).map_err(refuse_throttled)?;
        Token::parse(token).ok_or(AccountError::TicketSpent)
    }

    /// Uses a link for one of `purposes` up to choose a password; see [`reset_password`](Self::reset_password).
    pub(super) async fn choose_password(
        &self,
        token: &Token,
        purposes: &[TicketPurpose],
        new: Secret<'_>,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let parts = self.parts();
        let (ResetOffer { account, has_password }, purpose) = self.find_offer(token, purposes).await?;
        let new = self.check_own_choice(&account, new);
        let new = new.map_err(|code| AccountError::field(Field::NewPassword, code))?;
        let hash = self.hash(&new, client).await?;
        let mut tx = parts.store.write().await?;
        let now = parts.clock.now();
        let written = async {
            // A sign-in with the old password waits here, and finds it changed.
            accounts::hold(&mut tx, account.id).await?;
            let used = tickets::consume(&mut tx, &token.digest(), purpose, now).await?;
            let still = accounts::find(&mut tx, account.id).await?;
            let active = still.is_some_and(|still| still.account.active());
            if used != Some(account.id) || !active {
                return Ok::<_, StoreError>(None);
            }
            accounts::reset_password(&mut tx, account.id, &hash, now).await?;
            passwords::end_everything(&mut tx, account.id, None, now).await?;
            // Somebody's first password replaces none.
            if has_password {
                notices::tell(&mut tx, MailKind::PasswordChanged, &account, client, now).await?;
            }
            // Whoever has lost control of the account may have lost it to the holder of this.
            user_secrets::remove(&mut tx, account.id).await?;
            Ok(accounts::find(&mut tx, account.id).await?.map(|found| found.account))
        };
        match written.await {
            Ok(Some(account)) => {
                tx.commit().await?;
                Ok(account)
            }
            Ok(None) => {
                tx.rollback().await;
                Err(AccountError::TicketSpent)
            }
            Err(error) => {
                tx.rollback().await;
                Err(error.into())
            }
        }
    }
}

/// Writes, with whatever else `tx` changes, the message that lets the owner of `account` choose a new password.
/// `locale`: language for an account that has none of its own.
pub(super) async fn mail_recovery(
    tx: &mut Tx,
    account: &Account,
    locale: Option<&str>,
    now: Millis,
) -> Result<(), StoreError> {
    mail_link(tx, MailKind::Recovery, account, locale, now).await
}

/// Writes, with whatever else `tx` changes, the message that lets the owner of an account that was made without a
/// password choose one.
pub(super) async fn mail_invitation(
    tx: &mut Tx,
    account: &Account,
    locale: Option<&str>,
    now: Millis,
) -> Result<(), StoreError> {
    mail_link(tx, MailKind::Invitation, account, locale, now).await
}

pub(super) async fn mail_link(
    tx: &mut Tx,
    kind: MailKind,
    account: &Account,
    locale: Option<&str>,
    now: Millis,
) -> Result<(), StoreError> {
    let mail = NewMail {
        kind,
        account_id: Some(account.id),
        recipient: account.email.as_str(),
        locale: account.locale.as_deref().or(locale),
        detail: "",
    };
    outbox::insert(tx, &mail, LIVE_LINKS, now).await.map(drop)
}

/// Writes a message to nobody, which costs what another does.
pub(super) async fn write_blank(tx: &mut Tx, now: Millis) -> Result<(), StoreError> {
    let blank = NewMail { kind: MailKind::Blank, account_id: None, recipient: "", locale: None, detail: "" };
    outbox::insert(tx, &blank, LIVE_LINKS, now).await.map(drop)
}
