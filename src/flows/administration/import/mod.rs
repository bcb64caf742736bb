//! Accounts that another product exported become accounts here.

mod factors;
mod going_on;
mod identities;
mod own;
mod refusal;
mod row;
mod update;

pub use refusal::ImportRefusal;
pub use row::{Arriving, LocaleOf, ProviderNames, Rules};

use std::collections::{HashMap, HashSet};

use domain::{AccountId, EmailAddress, EventActor, EventKind, Factors, Field, MailKind, Millis};
use secrets::Keyring;
use store::accounts::{self, Arrival, ArrivalKeys};
use store::imported_accounts::{self, ImportedAccount, KnownImport, NewImport};
use store::{Conn, StoreError, Tx};

use crate::flows::mail::cause::mail_link;
use crate::flows::security_log::{Noted, note_all_here};

/// How accounts are taken over.
pub struct Import<'a> {
    /// Where the accounts come from: the product, or another name that tells two sites of it apart.
    pub source: &'a str,
    /// What second factors are encrypted with; `None` where they are left out.
    pub factors: Option<&'a Keyring>,
    /// Whether owners of accounts without a password are mailed an invitation.
    pub invite: bool,
    /// When the import began.
    pub now: Millis,
    /// Whether somebody may have a second factor that was not read: then a password alone opens none of the
    /// accounts, and none is complete.
    pub held: bool,
    /// Whether accounts of this source were erased here.
    pub any_erased: bool,
    /// Whether accounts that are here already get what the file says of them.
    pub update: bool,
}

/// What became of an account of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// An account was made. `left_out` names what it could not take along.
    Made {
        left_out: Vec<&'static str>,
        /// Whether everything of it is there, and it has no password.
        without_password: bool,
    },
    /// It was imported before.
    Known {
        /// Whether the account here has the record's address.
        same_address: bool,
        /// Whether the import that made it was not finished, and goes on with it.
        goes_on: bool,
    },
    /// It is here already, and got what the file says of it, but for what `left_out` names.
    Updated { left_out: Vec<&'static str> },
    /// Another account has the address; nothing is changed.
    Conflict,
}

/// What became of an account of the file, or why it is refused.
pub type Taken = Result<Imported, ImportRefusal>;

impl Import<'_> {
    /// How many accounts this import has read and not completed.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn incomplete(&self, mut db: Conn) -> Result<u64, StoreError> {
        imported_accounts::incomplete(&mut db, self.source, self.now).await
    }

    /// Makes accounts, unless they are there. What became of each, in their order.
    ///
    /// # Errors
    /// Those of the store. `Conflict` and `Reserved` tell that one of them is somebody's meanwhile: take them
    /// over [one by one](Self::one). On SQLite, which has one writer, `Reserved` has changed nothing.
    pub async fn many(&self, tx: &mut Tx, arriving: &[&Arriving]) -> Result<Vec<Taken>, StoreError> {
        let ids: Vec<&str> = arriving.iter().map(|one| one.id.as_str()).filter(|id| is_id(id)).collect();
        let known = self.find_known(tx, &ids).await?;
        // Those that no other of them keeps from being made, by their places.
        let (mut together, mut group, mut claimed) = (Vec::new(), Vec::new(), Claimed::default());
        for (at, one) in arriving.iter().enumerate() {
            if let Ok(wanted) = &one.wanted
                && is_id(&one.id)
                && !known.contains_key(&one.id)
                && claimed.is_new(&one.id, &wanted.arrival)
            {
                together.push(at);
                group.push(*one);
            }
        }
        let mut made = vec![None; arriving.len()];
        for (at, one) in together.into_iter().zip(self.make(tx, &group).await?) {
            if let Some(slot) = made.get_mut(at) {
                *slot = one;
            }
        }
        let mut all = Vec::with_capacity(arriving.len());
        for (one, made) in arriving.iter().zip(made) {
            all.push(match (made, known.get(&one.id), &one.wanted) {
                (Some(made), ..) => Ok(made),
                (None, Some(known), _) => self.known(tx, known, one).await?,
                (None, None, Err(refusal)) if is_id(&one.id) => Err(refusal.clone()),
                (None, None, _) => self.one(tx, one).await?,
            });
        }
        Ok(all)
    }

    /// Those of the accounts with these ids there that were imported before.
    async fn find_known(
        &self,
        tx: &mut Tx,
        ids: &[&str],
    ) -> Result<HashMap<String, KnownImport>, StoreError> {
        let mut known = imported_accounts::find_all(tx, self.source, ids).await?;
        if self.any_erased {
            let others: Vec<&str> = ids.iter().copied().filter(|id| !known.contains_key(*id)).collect();
            known.extend(imported_accounts::find_erased(tx, self.source, &others).await?);
        }
        Ok(known)
    }

    /// Makes one account, unless it is there.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn one(&self, tx: &mut Tx, arriving: &Arriving) -> Result<Taken, StoreError> {
        if !is_id(&arriving.id) {
            return Ok(Err(ImportRefusal::Id));
        }
        let known = self.find_known(tx, &[&arriving.id]).await?;
        if let Some(known) = known.get(&arriving.id) {
            return self.known(tx, known, arriving).await;
        }
        let wanted = match &arriving.wanted {
            Ok(wanted) => wanted,
            Err(refusal) => return Ok(Err(refusal.clone())),
        };
        let row = wanted.arrival.row();
        let taken = accounts::taken(tx, Some(&row.email), row.username.as_ref(), None).await?;
        if taken.contains(&Field::Email) {
            return self.adopt(tx, arriving, wanted).await.map(Ok);
        }
        let made = if taken.is_empty() {
            self.make(tx, &[arriving]).await?
        } else {
            let nameless = arriving.without_username();
            self.make(tx, &[&nameless]).await?
        };
        // Somebody took the address or the username between the look and the insertion.
        made.into_iter().flatten().next().map(Ok).ok_or(StoreError::Reserved)
    }

    /// Makes the accounts of which nothing is taken by another; `None` for each other one.
    async fn make(&self, tx: &mut Tx, group: &[&Arriving]) -> Result<Vec<Option<Imported>>, StoreError> {
        let wanted: Vec<_> =
            group.iter().filter_map(|one| one.wanted.as_ref().ok().map(|wanted| (&one.id, wanted))).collect();
        let held;
        let arrivals: Vec<&Arrival> = if self.held {
            held = wanted.iter().map(|(_, wanted)| wanted.arrival.held()).collect::<Vec<_>>();
            held.iter().collect()
        } else {
            wanted.iter().map(|(_, wanted)| &wanted.arrival).collect()
        };
        let ids = accounts::insert_arrivals(tx, &arrivals, self.now).await?;
        let made: Vec<_> = wanted
            .iter()
            .zip(&ids)
            .filter_map(|(wanted, id)| id.map(|id| (wanted.0, id, wanted.1)))
            .collect();
        let imports: Vec<NewImport<'_>> = made
            .iter()
            .map(|(source_id, account, wanted)| NewImport {
                source_id: source_id.as_str(),
                account: *account,
                complete: !self.held,
                factor_lost: wanted.factor_lost,
            })
            .collect();
        imported_accounts::insert_all(tx, self.source, &imports, self.now).await?;
        self.note(tx, &made).await?;
        let mut all = Vec::with_capacity(group.len());
        for ((_, wanted), id) in wanted.iter().zip(ids) {
            all.push(match id {
                Some(id) => Some(self.complete_one(tx, id, wanted).await?),
                None => None,
            });
        }
        Ok(all)
    }

    /// Writes into the log that the accounts were made.
    async fn note(&self, tx: &mut Tx, made: &[(&String, AccountId, &row::Wanted)]) -> Result<(), StoreError> {
        let details: Vec<String> = made
            .iter()
            .map(|(.., wanted)| {
                format!("role {}, imported from {}", wanted.arrival.row().role.0, self.source)
            })
            .collect();
        let noted: Vec<(AccountId, Noted<'_>)> = made
            .iter()
            .zip(&details)
            .map(|((_, account, _), detail)| (*account, noted(EventKind::Created, detail)))
            .collect();
        note_all_here(tx, &noted, self.now).await
    }

    /// Gives a new account what stands in no row of its own.
    async fn complete_one(
        &self,
        tx: &mut Tx,
        id: AccountId,
        wanted: &row::Wanted,
    ) -> Result<Imported, StoreError> {
        let mut left_out = wanted.left_out.clone();
        if let Some(secret) = &wanted.totp
            && !self.take_totp(tx, id, secret).await?
        {
            left_out.push("factor");
        }
        if let Some(codes) = &wanted.recovery_codes {
            self.take_recovery_codes(tx, id, codes).await?;
        }
        if self.link(tx, id, &wanted.identities).await? {
            left_out.push("identity_taken");
        }
        if let Some(own) = &wanted.own
            && self.restore_own(tx, id, own).await?
        {
            left_out.push("passkey");
        }
        let without_password = !self.held && wanted.arrival.row().password_hash.is_none();
        if without_password {
            self.mail_invitation(tx, id).await?;
        }
        Ok(Imported::Made { left_out, without_password })
    }

    /// Goes on with an account of an import that was not finished.
    async fn known(
        &self,
        tx: &mut Tx,
        known: &KnownImport,
        arriving: &Arriving,
    ) -> Result<Taken, StoreError> {
        let there = arriving.email.as_deref().and_then(|email| EmailAddress::parse(email).ok());
        let same_address = match (&known.email_key, there) {
            (Some(here), Some(there)) => there.key() == *here,
            _ => true,
        };
        // Another address tells that it may be somebody else: nothing is added to that account.
        let id = match (known.account, &arriving.wanted) {
            (ImportedAccount::Incomplete { id, .. }, _) => id,
            (ImportedAccount::Complete(id), Ok(wanted)) if self.update && same_address => {
                // Who has the address there now may be somebody else, where nothing else names the account.
                if is_named_by_address(arriving) && wanted.arrival.origin.verified_at.is_none() {
                    return Ok(Ok(Imported::Conflict));
                }
                let updated = self.update_known(tx, id, wanted).await?;
                let known = Imported::Known { same_address, goes_on: false };
                return Ok(Ok(if updated { Imported::Updated { left_out: Vec::new() } } else { known }));
            }
            (ImportedAccount::Complete(_) | ImportedAccount::Deleted, _) => {
                return Ok(Ok(Imported::Known { same_address, goes_on: false }));
            }
        };
        // A deleted one stays as it is, and held: when it comes back, another run completes it.
        if known.email_key.is_none() {
            return Ok(Ok(Imported::Known { same_address, goes_on: false }));
        }
        // Nobody enters it yet: whoever runs the import is to hear why.
        let wanted = match &arriving.wanted {
            Ok(wanted) => wanted,
            Err(refusal) => return Ok(Err(refusal.clone())),
        };
        if same_address {
            imported_accounts::go_on(tx, self.source, &arriving.id, self.now).await?;
            self.go_on(tx, id, wanted).await?;
        }
        Ok(Ok(Imported::Known { same_address, goes_on: same_address }))
    }

    /// Records of some accounts that everything was taken over, and mails the owners of those without a
    /// password their invitation. Returns how many there were, and how many of them have no password.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn complete(&self, tx: &mut Tx) -> Result<(usize, u64), StoreError> {
        let completed = imported_accounts::complete(tx, self.source, self.now, COMPLETED_AT_ONCE).await?;
        let mut without_password = 0;
        for id in completed.iter().flatten() {
            self.settle_factors(tx, *id).await?;
            let Some(found) = accounts::find(tx, *id).await? else { continue };
            if found.password_hash.is_none() {
                without_password += 1;
                self.mail_invitation(tx, *id).await?;
            }
        }
        Ok((completed.len(), without_password))
    }

    /// Mails the owner of an account without a password an invitation, if that is wanted.
    async fn mail_invitation(&self, tx: &mut Tx, id: AccountId) -> Result<(), StoreError> {
        if self.invite
            && let Some(found) = accounts::find(tx, id).await?
        {
            mail_link(tx, MailKind::Invitation, &found.account, None, self.now).await?;
        }
        Ok(())
    }

    /// Whether an account with this id there was imported at any time.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn knows(&self, mut db: Conn, source_id: &str) -> Result<bool, StoreError> {
        Ok(is_id(source_id) && imported_accounts::was_imported(&mut db, self.source, source_id).await?)
    }
}

fn noted(kind: EventKind, detail: &str) -> Noted<'_> {
    Noted { kind, actor: EventActor::Operator, factors: Factors::default(), detail, reason: "" }
}

/// What accounts of one file want, so that no two of them are made together that want the same.
#[derive(Default)]
struct Claimed<'a> {
    ids: HashSet<&'a str>,
    addresses: HashSet<&'a str>,
    usernames: HashSet<&'a str>,
    skeletons: HashSet<&'a str>,
}

impl<'a> Claimed<'a> {
    /// Whether nobody before wants anything of this account's.
    fn is_new(&mut self, id: &'a str, arrival: &'a Arrival) -> bool {
        let ArrivalKeys { email, username, .. } = arrival.keys();
        let ids = self.ids.insert(id);
        let addresses = self.addresses.insert(email);
        let usernames = username.as_ref().is_none_or(|(key, _)| self.usernames.insert(key));
        let skeletons = username.as_ref().is_none_or(|(_, skeleton)| self.skeletons.insert(skeleton));
        ids && addresses && usernames && skeletons
    }
}

/// How many accounts one transaction completes.
const COMPLETED_AT_ONCE: i64 = 500;

/// The longest id of an account at another product, in bytes: UUIDs have 36, and addresses 254.
const LONGEST_ID: usize = 255;

/// Whether the file has no id of the account but its address.
fn is_named_by_address(arriving: &Arriving) -> bool {
    let email = arriving.email.as_deref().and_then(|email| EmailAddress::parse(email).ok());
    let id = EmailAddress::parse(&arriving.id).ok();
    id.is_some_and(|id| email.is_some_and(|email| email.key() == id.key()))
}

/// Whether our table can have this id.
fn is_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && !id.contains('\0')
}
