//! Signing a browser in by a ticket that a trusted server was given for it.

use super::login::DEVICES_KEPT;
use super::{Client, Flows, Grant, LoggedIn, SignedIn, refuse_throttled};
use crate::domain::{Account, AccountError, AccountId, EmailAddress, TicketPurpose, Token};
use crate::infra::limiter::{Action, Key};
use crate::store::accounts::{self, Credentials};
use crate::store::{known_browsers, sessions, tickets};

/// What a browser brings along that was sent here to be signed in.
#[derive(Clone, Debug)]
pub struct TicketLogin<'a> {
    /// The address of the account that the ticket is said to be for.
    pub email: &'a str,
    /// The ticket.
    pub token: &'a str,
    /// The known-device secret of this browser, if it has one.
    pub device: Option<&'a Token>,
    /// The session that this browser leaves behind, if any.
    pub replaces: Option<&'a SignedIn>,
}

impl Flows {
    /// Whether this ticket signs its owner in. Looking does not use it up.
    ///
    /// # Errors
    /// `NotFound` when it is unknown, used, expired or of another account; `Unverified`, `Throttled`.
    pub async fn look_at_ticket(
        &self,
        attempt: &TicketLogin<'_>,
        client: &Client,
    ) -> Result<(), AccountError> {
        self.find_login_ticket(attempt, client).await.map(drop)
    }

    /// Signs a browser in by a ticket, which is used up.
    ///
    /// # Errors
    /// `NotFound` when it is unknown, used, expired or of another account; `Unverified`, `Throttled`.
    pub async fn log_in_by_ticket(
        &self,
        attempt: &TicketLogin<'_>,
        client: &Client,
    ) -> Result<LoggedIn, AccountError> {
        let (ticket, id) = self.find_login_ticket(attempt, client).await?;
        let parts = self.parts();
        // A secret that we never gave out may have been planted by somebody who knows it.
        let device = match attempt.device {
            Some(device) => {
                let mut db = parts.store.read().await?;
                let ours = !known_browsers::find(&mut db, &device.digest()).await?.is_empty();
                ours.then(|| device.clone())
            }
            None => None,
        };
        let device = device.unwrap_or_else(|| Token::generate(parts.random.as_ref()));
        let now = parts.clock.now();
        let signed_in = parts.store.transact(async |tx| {
            // A change of password or address voids tickets, and waits for this lock: it comes wholly before
            // this transaction or wholly after it.
            accounts::hold(tx, id).await?;
            if tickets::consume(tx, &ticket.digest(), TicketPurpose::Autologin, now).await? != Some(id) {
                return Err(AccountError::NotFound);
            }
            let account = accounts::find(tx, id).await?.map(|found| found.account);
            let fits = |account: &Account| account.active() && self.admits(account);
            let account = account.filter(fits).ok_or(AccountError::NotFound)?;
            self.notify_new_browser(tx, &account, &device.digest(), client, now).await?;
            if let Some(old) = attempt.replaces {
                sessions::end(tx, old.session.account_id, old.session.id).await?;
            }
            known_browsers::remember(tx, id, &device.digest(), DEVICES_KEPT, now).await?;
            let session = self.give(tx, id, Grant::Session, client, now).await?;
            Ok::<_, AccountError>((account, session.ok_or(AccountError::NotFound)?))
        });
        let (account, session) = signed_in.await?;
        Ok(LoggedIn { account, session, device })
    }

    async fn find_login_ticket(
        &self,
        attempt: &TicketLogin<'_>,
        client: &Client,
    ) -> Result<(Token, AccountId), AccountError> {
        let parts = self.parts();
        let now = parts.clock.now();
        parts
            .limiter
            .take(Action::TicketUse, Key::Ip(client.address.into()), now.0)
            .map_err(refuse_throttled)?;
        let token = Token::parse(attempt.token).ok_or(AccountError::NotFound)?;
        let email = EmailAddress::parse(attempt.email).map_err(|_| AccountError::NotFound)?;
        let mut db = parts.store.read().await?;
        let ticket = tickets::find(&mut db, &token.digest(), now).await?;
        let ticket = ticket.filter(|(_, purpose)| *purpose == TicketPurpose::Autologin);
        let (id, _) = ticket.ok_or(AccountError::NotFound)?;
        let owner = accounts::find(&mut db, id).await?;
        let fits = |Credentials { account, .. }: &Credentials| {
            account.active() && account.email.key() == email.key()
        };
        let owner = owner.filter(fits).ok_or(AccountError::NotFound)?;
        // The ticket stays good until it expires: its holder may prove the address meanwhile.
        if self.admits(&owner.account) { Ok((token, id)) } else { Err(AccountError::Unverified) }
    }
}
