//! Grants: what a signed-in person gets. A grant is a session, a bearer, an autologin ticket or a user
//! secret. It is written in the transaction that admits the person.

use std::sync::Arc;

use crate::flows::client::Client;
use domain::{
    AccountId, Audience, Factors, Lifetime, Millis, OpeningKind, Random, Ticket, TicketPurpose, Token,
    TokenDigest, lifetimes::AUTOLOGIN_TICKET,
};
use metrics::Tally;
use store::{StoreError, Tx, accounts, bearers, known_apps, known_places, sessions, tickets, user_secrets};

/// Sessions that an account keeps, bearers of each dialect, and known apps. More end those that were not used
/// for longest, on about one insert in sixteen.
const KEPT: i64 = 100;

/// Places of each door from which an account knows programs to sign in.
const PLACES_KEPT: i64 = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    Nothing,
    Session,
    /// A bearer of one dialect.
    Bearer(Audience, Lifetime),
    /// A ticket that signs a browser in once, by redirection.
    Autologin,
    /// The secret with which a device back end speaks for the account. Replaces the previous one, and ends
    /// the bearers that it was exchanged for.
    UserSecret,
}

impl Grant {
    /// The door that it opens, for the security log.
    pub(in crate::flows) fn door(self) -> &'static str {
        match self {
            Self::Bearer(audience, _) => audience.0,
            Self::UserSecret => Audience::AMADIS.0,
            Self::Autologin => "siberian",
            Self::Nothing | Self::Session => "pages",
        }
    }

    /// The kind of opening that a program gets, and the door that it opens. `None` for the grants of
    /// browsers: an account knows these by a cookie, not by their place.
    pub(in crate::flows) fn of_program(self) -> Option<(OpeningKind, Audience)> {
        match self {
            Self::Bearer(audience, _) => Some((OpeningKind::Bearer, audience)),
            Self::UserSecret => Some((OpeningKind::UserSecret, Audience::AMADIS)),
            Self::Nothing | Self::Session | Self::Autologin => None,
        }
    }
}

/// The kind of a sign-in, for the operator's figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignInKind {
    /// The door that the grant opens.
    pub door: &'static str,
    /// By what: `password`, `passkey`, `second_factor`, `provider` or `ticket`.
    pub by: &'static str,
    /// What came of it: `granted`, `step_wanted`, `refused`, `locked`, `throttled`, `busy` or `error`.
    pub outcome: &'static str,
}

#[derive(Clone)]
pub(in crate::flows) struct Grants {
    pub(in crate::flows) random: Arc<dyn Random>,
    /// What sign-ins came to.
    pub(in crate::flows) sign_ins: Arc<Tally<SignInKind>>,
}

impl Grants {
    /// Writes `grant`, for which `factors` were proven, and returns its secret; `None` for
    /// [`Grant::Nothing`]. The account knows the place of a program afterwards.
    pub(in crate::flows) async fn give(
        &self,
        tx: &mut Tx,
        account_id: AccountId,
        grant: Grant,
        factors: Factors,
        client: &Client,
        now: Millis,
    ) -> Result<Option<Token>, StoreError> {
        let random = self.random.as_ref();
        let token = match grant {
            Grant::Nothing => return Ok(None),
            Grant::UserSecret => Token::generate_padded(random),
            Grant::Session | Grant::Bearer(..) | Grant::Autologin => Token::generate(random),
        };
        let digest = token.digest();
        // Whoever gets a ticket signs in only when it is used, by a grant of its own.
        if grant != Grant::Autologin {
            accounts::note_sign_in(tx, account_id, now).await?;
        }
        if let Some((_, door)) = grant.of_program() {
            known_places::remember(tx, account_id, door.0, &client.place(), PLACES_KEPT, now).await?;
        }
        match grant {
            Grant::Nothing => {}
            Grant::Session => open_session(tx, account_id, digest, factors, client, now).await?,
            Grant::Bearer(audience, lifetime) => {
                let new = bearers::NewBearer {
                    account_id,
                    audience,
                    token: digest,
                    holder: client.browser_label.clone(),
                    place: client.place(),
                    paired: false,
                    family: Some(token.family()),
                    lifetime,
                };
                let id = bearers::insert(tx, &new, now).await?;
                if now_and_then(id.0) {
                    bearers::keep_used(tx, account_id, audience, KEPT, now).await?;
                }
                // An app that will sign in with a password again. Who gets a bearer for a few calls holds a
                // user secret, and never types a password.
                if lifetime != Lifetime::SHORT {
                    know_app(tx, account_id, &digest, client, now).await?;
                }
            }
            Grant::Autologin => {
                let ticket = Ticket {
                    account_id,
                    purpose: TicketPurpose::Autologin,
                    address: None,
                    token: digest,
                    created_at: now,
                    expires_at: now.after(AUTOLOGIN_TICKET),
                };
                tickets::insert(tx, &ticket).await?;
            }
            Grant::UserSecret => {
                let (label, place) = (client.browser_label.as_str(), client.place());
                let new = user_secrets::NewUserSecret { digest: &digest, label, place: &place };
                // What the former secret was exchanged for ends with it.
                bearers::end_of(tx, account_id, Audience::AMADIS).await?;
                user_secrets::set(tx, account_id, &new, now).await?;
            }
        }
        Ok(Some(token))
    }
}

async fn open_session(
    tx: &mut Tx,
    account_id: AccountId,
    token: TokenDigest,
    factors: Factors,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    let (browser_label, place) = (client.browser_label.clone(), client.place());
    let new = sessions::NewSession { account_id, token, browser_label, place, factors };
    let id = sessions::insert(tx, &new, now).await?;
    if now_and_then(id.0) {
        sessions::keep_used(tx, account_id, KEPT).await?;
    }
    Ok(())
}

async fn know_app(
    tx: &mut Tx,
    account: AccountId,
    token: &TokenDigest,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    let presented = client.bearer.as_ref().map(Token::digest);
    match known_apps::remember(tx, account, token, presented.as_ref(), now).await? {
        Some(id) if now_and_then(id) => known_apps::keep_newest(tx, account, KEPT).await,
        _ => Ok(()),
    }
}

/// Thins out the pruning. The bound is a hundred rows, so a few more do no harm.
fn now_and_then(id: i64) -> bool {
    id % 16 == 0
}
