//! Autologin: signing a browser in by a ticket that a trusted server got for it.

use super::admission::Verdict;
use super::grants::Grant;
use super::steps::{Credential, LoggedIn, PendingSignIn, SignIn, SignInOutcome};
use crate::flows::client::Client;
use crate::flows::refusals::{spend_by_account, spend_by_address};
use crate::flows::sessions::signed_in::SignedIn;
use domain::{Account, AccountError, EmailAddress, Factor, Factors, Step, TicketPurpose, Token};
use limiter::Action;
use store::{accounts, known_browsers, tickets};

/// The parameters of an autologin link, and the browser's cookies.
#[derive(Clone, Debug)]
pub struct TicketLogin<'a> {
    /// Address of the account that the link names.
    pub email: &'a str,
    /// The secret of the ticket.
    pub token: &'a str,
    /// The known-browser secret of this browser, if it has one.
    pub browser: Option<&'a Token>,
    /// The browser's present session, which the new one replaces.
    pub replaces: Option<&'a SignedIn>,
}

impl SignIn {
    /// Of the known-browser secrets that one browser has sent, the first that an account knows; else the
    /// first.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn known_among(&self, mut sent: Vec<Token>) -> Result<Option<Token>, AccountError> {
        if sent.len() > 1 {
            let mut db = self.store.read().await?;
            for at in 0..sent.len() {
                let Some(token) = sent.get(at) else { break };
                if !known_browsers::find(&mut db, &token.digest()).await?.is_empty() {
                    return Ok(Some(sent.swap_remove(at)));
                }
            }
        }
        Ok(sent.into_iter().next())
    }

    /// Checks a ticket without using it up, and returns its account.
    ///
    /// # Errors
    /// `NotFound` when the ticket is unknown, used, expired or of another account; `Throttled`.
    pub async fn look_at_ticket(
        &self,
        attempt: &TicketLogin<'_>,
        client: &Client,
    ) -> Result<SignInOutcome<Account>, AccountError> {
        Ok(self.find_ticket(attempt, client).await?.map(|(_, owner)| owner))
    }

    /// Signs a browser in by a ticket and uses the ticket up. While a further step is wanted, the ticket
    /// stays valid until it expires.
    ///
    /// # Errors
    /// `NotFound` when the ticket is unknown, used, expired or of another account; `Throttled`.
    pub async fn by_ticket(
        &self,
        attempt: &TicketLogin<'_>,
        client: &Client,
    ) -> Result<SignInOutcome<LoggedIn>, AccountError> {
        let came_to = self.by_ticket_uncounted(attempt, client).await;
        self.counted(Grant::Session, "ticket", came_to)
    }

    async fn by_ticket_uncounted(
        &self,
        attempt: &TicketLogin<'_>,
        client: &Client,
    ) -> Result<SignInOutcome<LoggedIn>, AccountError> {
        let pending = match self.find_ticket(attempt, client).await? {
            SignInOutcome::Granted((pending, _)) => pending,
            SignInOutcome::Wanted(step, pending) => return Ok(SignInOutcome::Wanted(step, pending)),
        };
        // A browser secret that we never issued may have been planted by an attacker, who then knows it:
        // replace it.
        let browser = match attempt.browser {
            Some(browser) => {
                let known = known_browsers::find(&mut self.store.read().await?, &browser.digest()).await?;
                (!known.is_empty()).then(|| browser.clone())
            }
            None => None,
        };
        let browser = browser.unwrap_or_else(|| Token::generate(self.random.as_ref()));
        let pending = PendingSignIn { browser: Some(browser.clone()), ..pending };
        self.advance_browser(pending, browser, client).await
    }

    async fn find_ticket(
        &self,
        attempt: &TicketLogin<'_>,
        client: &Client,
    ) -> Result<SignInOutcome<(PendingSignIn, Account)>, AccountError> {
        let now = self.clock.now();
        spend_by_address(&self.limiter, Action::TicketUse, client, now)?;
        let token = Token::parse(attempt.token).ok_or(AccountError::NotFound)?;
        let email = EmailAddress::parse(attempt.email).map_err(|_| AccountError::NotFound)?;
        let mut db = self.store.read().await?;
        let ticket = tickets::find(&mut db, &token.digest(), now).await?;
        let ticket = ticket.filter(|(_, purpose)| *purpose == TicketPurpose::Autologin);
        let (id, _) = ticket.ok_or(AccountError::NotFound)?;
        spend_by_account(&self.limiter, Action::TicketUse, id, client, now)?;
        let owner = accounts::find(&mut db, id).await?.map(|found| found.account);
        let owner = owner.filter(|owner| owner.email.key() == email.key()).ok_or(AccountError::NotFound)?;
        let pending = PendingSignIn {
            account: id,
            credential: Credential::Ticket(token),
            factors: Factors::only(Factor::Redirection),
            grant: Grant::Session,
            browser: None,
            replaces: attempt.replaces.map(|old| (old.session.account_id, old.session.id)),
            code: None,
        };
        match self.admission.of(&owner, pending.factors, pending.grant) {
            // The browser may be trusted, which is looked up where the grant is written.
            Verdict::Admitted | Verdict::Wanted(Step::SecondFactor) => {
                Ok(SignInOutcome::Granted((pending, owner)))
            }
            Verdict::Wanted(step) => Ok(SignInOutcome::Wanted(step, Box::new(pending))),
            Verdict::Barred => Err(AccountError::NotFound),
        }
    }
}
