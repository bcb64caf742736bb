//! What an account has, as far as it is bounded. The log and the mail that was sent are read in parts.

use std::collections::BTreeMap;

use domain::{
    AccountError, AccountId, EmailAddress, FormerUsername, LinkedIdentity, Millis, Opening, OpeningKind,
    Passkey, Session, StoredAppPassword,
};
use store::accounts::{self, Credentials};
use store::known_places::{self, KnownPlace};
use store::oidc_grants::{self, ListedGrant};
use store::outbox::{self, QueuedMail};
use store::recovery_codes::{self, CodeFacts};
use store::{
    app_passwords, former_usernames, identities, imported_accounts, known_apps, passkeys, roles, sessions,
    tickets,
};

use super::worker::DataExports;

/// Most rows of each table. Each keeps fewer.
const MOST: i64 = 1_000;

/// How many events and messages the page to read has. The documents have all.
const READ: usize = 1_000;

/// The newest of something that the document has whole, and how many the page leaves out.
#[derive(Debug)]
pub(super) struct Newest<T> {
    pub(super) shown: Vec<T>,
    pub(super) more: u64,
}

impl<T> Newest<T> {
    pub(super) fn none() -> Self {
        Self { shown: Vec::new(), more: 0 }
    }

    pub(super) fn take(&mut self, part: Vec<T>) {
        for one in part {
            if self.shown.len() < READ {
                self.shown.push(one);
            } else {
                self.more += 1;
            }
        }
    }
}

/// What an account has.
#[derive(Clone, Debug)]
pub(super) struct OwnData {
    pub(super) found: Credentials,
    /// The name of its role; `None` for one that is not in the table any more.
    pub(super) role: Option<String>,
    /// When its owner agreed to the terms of use.
    pub(super) terms_at: Option<Millis>,
    /// Where it was imported from: product and number there.
    pub(super) sources: Vec<(String, String)>,
    /// Usernames that it gave up, the newest first.
    pub(super) former_usernames: Vec<FormerUsername>,
    /// The address that it is to change to.
    pub(super) address_wanted: Option<EmailAddress>,
    pub(super) sessions: Vec<Session>,
    /// What else opens it, or is known of it: neither sessions nor app passwords.
    pub(super) openings: Vec<Opening>,
    /// Apps that signed in before: a number, and when last.
    pub(super) apps: Vec<(i64, Millis)>,
    /// Networks that programs signed in from.
    pub(super) places: Vec<KnownPlace>,
    pub(super) passkeys: Vec<Passkey>,
    pub(super) codes: CodeFacts,
    pub(super) app_passwords: Vec<StoredAppPassword>,
    pub(super) grants: Vec<ListedGrant>,
    /// Accounts at other providers, each with its name there for programs.
    pub(super) identities: Vec<(LinkedIdentity, String)>,
    /// Mail that waits or was set aside.
    pub(super) waiting: Vec<QueuedMail>,
}

impl DataExports {
    /// Reads what the account has; `None` where there is none, or it is barred.
    pub(super) async fn read(&self, id: AccountId, now: Millis) -> Result<Option<OwnData>, AccountError> {
        let found = accounts::find(&mut self.store.read().await?, id).await?;
        let Some(found) = found.filter(|found| found.account.active()) else { return Ok(None) };
        // With a connection of its own.
        let listed = self.openings.list_for(&found.account, None, None).await?;
        let elsewhere = |kind| matches!(kind, OpeningKind::Session | OpeningKind::AppPassword);
        let openings = listed.into_iter().map(|listed| listed.opening);
        let openings = openings.filter(|opening| !elsewhere(opening.id.kind)).collect();
        let mut db = self.store.read().await?;
        let role = roles::list(&mut db).await?.into_iter().find(|(role, _)| *role == found.account.role);
        let alive = |session: &Session| self.openings.limits.alive(session.created_at, session.seen_at, now);
        let sessions = sessions::list(&mut db, id, MOST).await?.into_iter().filter(alive).collect();
        let subjects = identities::between(&mut db, id, id).await?;
        // An account has one at each provider at most.
        let mut subjects: BTreeMap<_, _> =
            subjects.into_iter().map(|(_, issuer, subject)| (issuer, subject)).collect();
        let identities = identities::list(&mut db, id).await?;
        let identities = identities.into_iter().map(|identity| {
            let subject = subjects.remove(&identity.issuer).unwrap_or_default();
            (identity, subject)
        });
        Ok(Some(OwnData {
            role: role.map(|(_, name)| name),
            terms_at: accounts::agreed_at(&mut db, id).await?,
            sources: imported_accounts::sources_of(&mut db, id).await?,
            former_usernames: former_usernames::list(&mut db, id).await?,
            address_wanted: tickets::pending_address(&mut db, id, now).await?.map(|(address, _)| address),
            sessions,
            openings,
            apps: known_apps::list(&mut db, id, MOST).await?,
            places: known_places::list(&mut db, id, MOST).await?,
            passkeys: passkeys::list(&mut db, id).await?.into_iter().map(|stored| stored.passkey).collect(),
            codes: recovery_codes::facts(&mut db, id).await?,
            app_passwords: app_passwords::list(&mut db, id).await?,
            grants: oidc_grants::list(&mut db, id).await?,
            identities: identities.collect(),
            waiting: outbox::list_of(&mut db, id, MOST).await?,
            found,
        }))
    }
}
