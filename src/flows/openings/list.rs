//! The list of what opens an account, for its owner, who ends any of it.

use std::sync::Arc;

use super::{Spared, end_everything};
use crate::flows::administration::Order;
use crate::flows::client::Client;
use crate::flows::keys::app_passwords::revoke;
use crate::flows::refusals::spend;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::signed_in::{SignedIn, require_session};
use domain::{
    Account, AccountError, AppPasswordId, Audience, Bearer, BearerId, Clock, EventKind, Opening, OpeningId,
    OpeningKind, Scope, Session, SessionId, SessionLimits, StoredAppPassword, TicketPurpose, Token,
    TokenDigest,
};
use limiter::{Action, Limiter};
use store::known_browsers::KnownBrowser;
use store::{
    Store, StoreError, Tx, accounts, app_passwords, bearers, known_browsers, sessions, tickets, user_secrets,
};

/// Most rows of each table that the list shows. Each table keeps about as many.
const LISTED: i64 = 200;

/// The door of sessions, known browsers and mailed links.
const PAGES: &str = "pages";

/// The door of sign-ins by redirection.
const SIBERIAN: &str = "siberian";

/// Lists and ends what opens an account.
pub struct Openings {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) limits: SessionLimits,
}

/// An opening, as its owner's browser sees it.
#[derive(Clone, Debug)]
pub struct ListedOpening {
    pub opening: Opening,
    /// Whether it is of the browser that asks.
    pub present: bool,
}

impl Openings {
    /// Everything that opens the signed-in account: what this browser has first, then by kind, and within a
    /// kind the last used first. `browser` is the known-browser secret of this browser.
    pub async fn list(
        &self,
        who: &SignedIn,
        browser: Option<&Token>,
    ) -> Result<Vec<ListedOpening>, AccountError> {
        self.list_for(who.account(), Some(who.session.id), browser.map(Token::digest)).await
    }

    /// Everything that opens an account, for the operator's staff: by kind, and within a kind the last used
    /// first.
    ///
    /// # Errors
    /// `Forbidden`; `Unavailable`.
    pub async fn list_as(&self, order: Order<'_>, account: &Account) -> Result<Vec<Opening>, AccountError> {
        order.actor.require(Scope::AccountsRead)?;
        let listed = self.list_for(account, None, None).await?;
        Ok(listed.into_iter().map(|listed| listed.opening).collect())
    }

    /// `present` and `own` are the session and the known browser of who asks.
    pub(in crate::flows) async fn list_for(
        &self,
        whose: &Account,
        present: Option<SessionId>,
        own: Option<TokenDigest>,
    ) -> Result<Vec<ListedOpening>, AccountError> {
        let (account, now) = (whose.id, self.clock.now());
        let mut db = self.store.read().await?;
        let mut listed = Vec::new();
        for session in sessions::list(&mut db, account, LISTED).await? {
            if self.limits.alive(session.created_at, session.seen_at, now) {
                let present = Some(session.id) == present;
                listed.push(ListedOpening { opening: of_session(session), present });
            }
        }
        for known in known_browsers::list(&mut db, account, LISTED).await? {
            let present = own == Some(known.token);
            listed.push(ListedOpening { opening: of_browser(known), present });
        }
        let mut others: Vec<Opening> = Vec::new();
        let alive = bearers::list(&mut db, account, LISTED).await?;
        others.extend(alive.into_iter().filter(|bearer| bearer.live(now)).map(of_bearer));
        if let Some(secret) = user_secrets::facts(&mut db, account).await? {
            others.push(Opening {
                id: OpeningId { kind: OpeningKind::UserSecret, number: 0 },
                door: Audience::AMADIS.0.to_owned(),
                name: secret.label,
                purpose: None,
                place: secret.place,
                created_at: secret.created_at,
                seen_at: secret.seen_at.unwrap_or(secret.created_at),
                used: secret.seen_at.is_some(),
                trusted_until: None,
            });
        }
        // An account that wants no second factor has none.
        if whose.second_factor_at.is_some() {
            others.extend(app_passwords::list(&mut db, account).await?.into_iter().map(of_app_password));
        }
        for (number, purpose, made) in tickets::list(&mut db, account, LISTED, now).await? {
            let (kind, door) = match purpose {
                TicketPurpose::Autologin => (OpeningKind::Redirection, SIBERIAN),
                TicketPurpose::Recovery | TicketPurpose::Invitation | TicketPurpose::Verification => {
                    (OpeningKind::Link, PAGES)
                }
                // It opens nothing by itself, and its row would tell that nobody has the new address.
                TicketPurpose::AddressChange | TicketPurpose::AddressRequest => continue,
                // They open nothing by themselves either.
                TicketPurpose::FactorRecovery | TicketPurpose::KeepFactors | TicketPurpose::Restore => {
                    continue;
                }
            };
            others.push(Opening {
                id: OpeningId { kind, number },
                door: door.to_owned(),
                name: String::new(),
                purpose: Some(purpose),
                place: String::new(),
                created_at: made,
                seen_at: made,
                used: false,
                trusted_until: None,
            });
        }
        listed.extend(others.into_iter().map(|opening| ListedOpening { opening, present: false }));
        // Stable: within a kind the order of the tables stays.
        let order = |kind| OpeningKind::ALL.iter().position(|known| *known == kind);
        listed.sort_by_key(|listed| (!listed.present, order(listed.opening.id.kind)));
        Ok(listed)
    }

    /// Ends one opening of the signed-in account, which may be the present session.
    ///
    /// # Errors
    /// `NotFound` when the account has none of this kind and number; `Throttled`.
    pub async fn end(&self, who: &SignedIn, id: OpeningId, client: &Client) -> Result<(), AccountError> {
        let now = self.clock.now();
        let (account, number) = (who.account().id, id.number);
        spend(&self.limiter, Action::Ending, account, client, now)?;
        let ended = self.store.transact_on(account, async |tx| {
            require_session(tx, who).await?;
            let ended = match id.kind {
                OpeningKind::Session => sessions::end(tx, account, SessionId(number)).await?,
                OpeningKind::KnownBrowser => known_browsers::forget(tx, account, number).await?,
                OpeningKind::Bearer | OpeningKind::Device => {
                    bearers::end(tx, account, BearerId(number)).await?
                }
                OpeningKind::UserSecret => end_secret(tx, who).await?,
                OpeningKind::AppPassword => revoke(tx, who, AppPasswordId(number), client, now).await?,
                OpeningKind::Link | OpeningKind::Redirection => {
                    tickets::void(tx, account, number, now).await?
                }
            };
            if !ended {
                return Err(AccountError::NotFound);
            }
            // Whoever ends the session of this browser signs out, which is no news. The log has the end of an
            // app password already.
            let own = OpeningId { kind: OpeningKind::Session, number: who.session.id.0 };
            if id != own && id.kind != OpeningKind::AppPassword {
                let noted = Noted::by_owner(EventKind::OpeningEnded, id.kind.as_str());
                security_log::note(tx, account, &noted, client, now).await?;
            }
            Ok(())
        });
        ended.await
    }

    /// Asks a known browser of the signed-in account for the second factor again.
    ///
    /// # Errors
    /// `NotFound` when the account trusts none with this number; `Throttled`.
    pub async fn end_trust(&self, who: &SignedIn, number: i64, client: &Client) -> Result<(), AccountError> {
        let (account, now) = (who.account().id, self.clock.now());
        spend(&self.limiter, Action::Ending, account, client, now)?;
        let ended = self.store.transact_on(account, async |tx| {
            require_session(tx, who).await?;
            if !known_browsers::end_trust(tx, account, number).await? {
                return Err(AccountError::NotFound);
            }
            let noted = Noted::by_owner(EventKind::BrowserTrustEnded, "");
            Ok(security_log::note(tx, account, &noted, client, now).await?)
        });
        ended.await
    }

    /// Ends everything that opens the signed-in account, except the present session and what is known of this
    /// browser. Returns the number of openings that ended.
    ///
    /// # Errors
    /// `Throttled`.
    pub async fn end_others(
        &self,
        who: &SignedIn,
        browser: Option<&Token>,
        client: &Client,
    ) -> Result<usize, AccountError> {
        let now = self.clock.now();
        spend(&self.limiter, Action::Ending, who.account().id, client, now)?;
        let (account, own) = (who.account().id, browser.map(Token::digest));
        let spared = Spared { session: Some(who.session.id), browser: own.as_ref(), user_secret: false };
        let ended = self.store.transact_on(account, async |tx| {
            require_session(tx, who).await?;
            let ended = end_everything(tx, account, spared, now).await?;
            let noted = Noted::by_owner(EventKind::OpeningsEnded, "");
            security_log::note(tx, account, &noted, client, now).await?;
            Ok(ended)
        });
        ended.await
    }
}

/// Ends the user secret, and the bearers that it was exchanged for.
async fn end_secret(tx: &mut Tx, who: &SignedIn) -> Result<bool, StoreError> {
    let account = who.account().id;
    accounts::hold(tx, account).await?;
    let ended = user_secrets::remove(tx, account).await?;
    bearers::end_of(tx, account, Audience::AMADIS).await?;
    Ok(ended)
}

fn of_session(session: Session) -> Opening {
    Opening {
        id: OpeningId { kind: OpeningKind::Session, number: session.id.0 },
        door: PAGES.to_owned(),
        name: session.browser_label,
        purpose: None,
        place: session.place,
        created_at: session.created_at,
        seen_at: session.seen_at,
        used: true,
        trusted_until: None,
    }
}

fn of_browser(browser: KnownBrowser) -> Opening {
    Opening {
        id: OpeningId { kind: OpeningKind::KnownBrowser, number: browser.number },
        door: PAGES.to_owned(),
        name: browser.label,
        purpose: None,
        place: browser.place,
        created_at: browser.created_at,
        seen_at: browser.seen_at,
        used: true,
        trusted_until: browser.trusted_until,
    }
}

fn of_app_password(made: StoredAppPassword) -> Opening {
    Opening {
        id: OpeningId { kind: OpeningKind::AppPassword, number: made.id.0 },
        door: made.door,
        name: made.name,
        purpose: None,
        place: made.place,
        created_at: made.created_at,
        seen_at: made.seen_at.unwrap_or(made.created_at),
        used: made.seen_at.is_some(),
        trusted_until: None,
    }
}

fn of_bearer(bearer: Bearer) -> Opening {
    let kind = if bearer.paired_at.is_some() { OpeningKind::Device } else { OpeningKind::Bearer };
    Opening {
        id: OpeningId { kind, number: bearer.id.0 },
        door: bearer.audience,
        name: bearer.holder,
        purpose: None,
        place: bearer.place,
        created_at: bearer.paired_at.unwrap_or(bearer.created_at),
        seen_at: bearer.seen_at,
        used: true,
        trusted_until: None,
    }
}
