//! Asking to have the second factors taken off: by a link that is mailed to whoever has proven the password.

use std::sync::Arc;
use std::time::Duration;

use super::due::asked_again;
use crate::flows::client::Client;
use crate::flows::mail::cause::mail_link;
use crate::flows::refusals::{refuse_throttled, spend_by_account, spend_by_address};
use crate::flows::security_log::{self, Noted};
use domain::{
    Account, AccountError, Clock, EventKind, Factor, MailKind, Millis, TicketPurpose, Token, TokenDigest,
};
use limiter::{Action, Key, Limiter};
use store::accounts::Credentials;
use store::{Linked, Store, StoreError, accounts, pending_sign_ins, tickets};

/// Takes second factors off that were lost.
pub struct FactorRecovery {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    /// The time in which the owner can stop it.
    pub(in crate::flows) waits: Duration,
}

/// What the link asks for.
#[derive(Clone, Debug)]
pub struct FactorRecoveryOffer {
    pub account: Account,
    /// When the factors would be taken off.
    pub due: Millis,
}

impl FactorRecovery {
    /// The account of a sign-in that still wants a second factor after a right password. `pending` is the
    /// secret of that sign-in.
    ///
    /// # Errors
    /// `NotFound` when there is no such sign-in, or its password has been changed meanwhile.
    pub async fn asker(&self, pending: &Token) -> Result<Account, AccountError> {
        let mut db = self.store.read().await?;
        let account = asker(&mut db, &pending.digest(), self.clock.now()).await?;
        account.ok_or(AccountError::NotFound)
    }

    /// Mails the link to the address of whoever has proven the password; see [`asker`](Self::asker).
    ///
    /// # Errors
    /// As [`asker`](Self::asker); `Throttled`.
    pub async fn request(&self, pending: &Token, client: &Client) -> Result<(), AccountError> {
        let now = self.clock.now();
        spend_by_address(&self.limiter, Action::MailRequest, client, now)?;
        let id = self.asker(pending).await?.id;
        self.limiter.take(Action::FactorRecoveryMail, Key::Account(id.0), now.0).map_err(refuse_throttled)?;
        let locale = client.locale.as_deref();
        let mailed = self.store.transact_on(id, async |tx| {
            accounts::hold(tx, id).await?;
            // A change of the password came first, and has withdrawn the links of the one before.
            let account = asker(tx, &pending.digest(), now).await?.ok_or(AccountError::NotFound)?;
            Ok(mail_link(tx, MailKind::FactorRecovery, &account, locale, now).await?)
        });
        mailed.await
    }

    /// What the link asks for. Changes nothing.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired.
    pub async fn offer(&self, token: &str) -> Result<FactorRecoveryOffer, AccountError> {
        let token = Token::parse(token).ok_or(AccountError::TicketSpent)?;
        let account = self.account_of(&token, TicketPurpose::FactorRecovery).await?;
        let account = Some(account).filter(may_ask).ok_or(AccountError::TicketSpent)?;
        let due = account.factor_recovery_due_at.unwrap_or_else(|| self.clock.now().after(self.waits));
        Ok(FactorRecoveryOffer { account, due })
    }

    /// Asks to have the factors taken off, and uses the link up. Returns when they will be: what was asked
    /// for before stays.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired; `Throttled`.
    pub async fn ask(&self, token: &str, client: &Client) -> Result<Millis, AccountError> {
        let token = self.present(token, client)?;
        let id = self.account_of(&token, TicketPurpose::FactorRecovery).await?.id;
        let now = self.clock.now();
        spend_by_account(&self.limiter, Action::TicketUse, id, client, now)?;
        let due = now.after(self.waits);
        let asked = self.store.transact_on(id, async |tx| {
            accounts::hold(tx, id).await?;
            let used = tickets::consume(tx, &token.digest(), TicketPurpose::FactorRecovery, now).await?;
            let asked = used == Some(id) && accounts::ask_factor_recovery(tx, id, due, now).await?;
            let account = accounts::find(tx, id).await?.ok_or(AccountError::TicketSpent)?.account;
            let account = Some(account).filter(|account| used == Some(id) && may_ask(account));
            let account = account.ok_or(AccountError::TicketSpent)?;
            if asked {
                let noted = Noted::by_owner(EventKind::RecoveryAsked, "");
                security_log::note(tx, id, &noted, client, now).await?;
                asked_again(tx, &account, client.locale.as_deref(), now).await?;
            }
            account.factor_recovery_due_at.ok_or(AccountError::TicketSpent)
        });
        asked.await
    }

    /// When the factors will be taken off, if this link, which is used up, has asked for it: the form was
    /// sent twice.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn was_asked(&self, token: &str) -> Result<Option<Millis>, AccountError> {
        let Some(token) = Token::parse(token) else { return Ok(None) };
        let purposes = [TicketPurpose::FactorRecovery];
        let mut db = self.store.read().await?;
        let Some((id, _)) = tickets::find_spent(&mut db, &token.digest(), &purposes).await? else {
            return Ok(None);
        };
        let found = accounts::find(&mut db, id).await?;
        Ok(found.and_then(|found| found.account.factor_recovery_due_at))
    }

    /// Counts an attempt to use a link, and parses its secret.
    ///
    /// # Errors
    /// `Throttled`; `TicketSpent` when `token` is malformed.
    pub(super) fn present(&self, token: &str, client: &Client) -> Result<Token, AccountError> {
        spend_by_address(&self.limiter, Action::TicketUse, client, self.clock.now())?;
        Token::parse(token).ok_or(AccountError::TicketSpent)
    }

    /// The account of a link with this purpose.
    ///
    /// # Errors
    /// `TicketSpent`.
    pub(super) async fn account_of(
        &self,
        token: &Token,
        purpose: TicketPurpose,
    ) -> Result<Account, AccountError> {
        let mut db = self.store.read().await?;
        let ticket = tickets::find(&mut db, &token.digest(), self.clock.now()).await?;
        let (id, _) = ticket.filter(|(_, found)| *found == purpose).ok_or(AccountError::TicketSpent)?;
        let found = accounts::find(&mut db, id).await?;
        Ok(found.ok_or(AccountError::TicketSpent)?.account)
    }
}

/// The account of a sign-in that still wants a second factor after a right password, which is the present
/// one.
async fn asker(
    db: &mut impl Linked,
    pending: &TokenDigest,
    now: Millis,
) -> Result<Option<Account>, StoreError> {
    let pending = pending_sign_ins::find(db, pending, now).await?;
    // A sign-in by redirection proves no password.
    let Some(pending) = pending.filter(|pending| pending.proof == Factor::Password) else { return Ok(None) };
    let found = accounts::find(db, pending.account_id).await?;
    let same = |found: &Credentials| found.password_changed_at == pending.password_changed_at;
    Ok(found.filter(same).map(|found| found.account).filter(may_ask))
}

/// Whether there is anything to ask for.
fn may_ask(account: &Account) -> bool {
    account.active() && account.second_factor_at.is_some()
}
