//! Accounts that another product exported become accounts here.

mod refusal;
mod row;
mod supplement;

pub use refusal::ImportRefusal;

use std::collections::BTreeMap;

use domain::{AccountId, CustomFields, EmailAddress, EventKind, Field, MailKind, Millis, Role};
use readers::Record;
use recipes::Terms;
use store::accounts::{self, AccountOrigin, NewAccountRow};
use store::imported_accounts::{self, ImportedAccount};
use store::{StoreError, Tx};

use super::Order;
use crate::flows::mail::cause::mail_link;

/// How accounts are taken over.
pub struct Import<'a> {
    /// Where the accounts come from: the product, or another name that tells two sites of it apart.
    pub source: &'a str,
    /// Which hashes are taken.
    pub terms: Terms,
    /// Our roles by the source's words for them. An account with no such word is a member.
    pub roles: BTreeMap<String, Role>,
    /// The operator's own fields: those of the same name are taken over.
    pub fields: &'a CustomFields,
    /// Our code for a language of the source.
    pub locale: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// Whether owners of accounts without a password are mailed an invitation.
    pub invite: bool,
    /// When the import began.
    pub now: Millis,
}

/// What became of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// An account was made. `left_out` names what it could not take along.
    Made { left_out: Vec<&'static str> },
    /// It was imported before; nothing is changed. Whether the account here has the record's address.
    Known { same_address: bool },
    /// Another account has the address; nothing is changed.
    Conflict,
}

impl Import<'_> {
    /// Makes the account of a record, unless it is there.
    ///
    /// # Errors
    /// The refusal of the record, inside; outside, those of the store.
    pub async fn account(
        &self,
        tx: &mut Tx,
        record: &Record,
    ) -> Result<Result<Imported, ImportRefusal>, StoreError> {
        if !is_id(&record.id) {
            return Ok(Err(ImportRefusal::Id));
        }
        if let Some(known) = imported_accounts::find(tx, self.source, &record.id).await? {
            let same_address = same_address(tx, known, record).await?;
            // Another address tells that it may be somebody else: nothing is added to that account.
            if same_address && matches!(known, ImportedAccount::Incomplete { .. }) {
                imported_accounts::go_on(tx, self.source, &record.id, self.now).await?;
            }
            return Ok(Ok(Imported::Known { same_address }));
        }
        let wanted = match self.read(record) {
            Ok(wanted) => wanted,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let row::WantedRow { mut row, origin, mut left_out } = wanted;
        let taken = accounts::taken(tx, Some(&row.email), row.username.as_ref(), None).await?;
        if taken.contains(&Field::Email) {
            return Ok(Ok(Imported::Conflict));
        }
        if !taken.is_empty() {
            row.username = None;
            left_out.push("username_taken");
        }
        self.insert(tx, record, &row, &origin).await?;
        Ok(Ok(Imported::Made { left_out }))
    }

    async fn insert(
        &self,
        tx: &mut Tx,
        record: &Record,
        row: &NewAccountRow,
        origin: &AccountOrigin,
    ) -> Result<(), StoreError> {
        let id = accounts::insert(tx, row, self.now).await?;
        accounts::set_origin(tx, id, origin).await?;
        imported_accounts::insert(tx, self.source, &record.id, id, self.now).await?;
        let detail = format!("role {}, imported from {}", row.role.0, self.source);
        Order::of_operator().note(tx, id, EventKind::Created, &detail, self.now).await?;
        Ok(())
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
            let Some(found) = accounts::find(tx, *id).await? else { continue };
            if found.password_hash.is_none() {
                without_password += 1;
                if self.invite {
                    mail_link(tx, MailKind::Invitation, &found.account, None, self.now).await?;
                }
            }
        }
        Ok((completed.len(), without_password))
    }

    /// The account here that was made of one with this id there, if this import read it: until it is
    /// complete, it is not its owner's alone.
    async fn made_of(&self, tx: &mut Tx, source_id: &str) -> Result<Option<AccountId>, StoreError> {
        if !is_id(source_id) {
            return Ok(None);
        }
        Ok(match imported_accounts::find(tx, self.source, source_id).await? {
            Some(ImportedAccount::Incomplete { id, run }) if run == self.now => Some(id),
            _ => None,
        })
    }
}

/// How many accounts one transaction completes.
const COMPLETED_AT_ONCE: i64 = 500;

/// The longest id of an account at another product, in bytes: UUIDs have 36, and addresses 254.
const LONGEST_ID: usize = 255;

/// Whether our table can have this id.
fn is_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && !id.contains('\0')
}

/// Whether the account that a record was imported as has its address still. Another one may be its owner's
/// choice, or tell that the record is of another site.
async fn same_address(tx: &mut Tx, known: ImportedAccount, record: &Record) -> Result<bool, StoreError> {
    let (ImportedAccount::Incomplete { id, .. } | ImportedAccount::Complete(id)) = known else {
        return Ok(true);
    };
    let Some(found) = accounts::find(tx, id).await? else { return Ok(true) };
    let there = record.email.as_deref().and_then(|email| EmailAddress::parse(email).ok());
    Ok(there.is_none_or(|there| there.key() == found.account.email.key()))
}
