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
    /// Whether accounts stay locked until everything that the file says of them was taken over: what stands
    /// further down may be a second factor.
    pub hold: bool,
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
    pub now: Millis,
}

/// What became of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// An account was made. `left_out` names what it could not take along.
    Made { has_password: bool, left_out: Vec<&'static str> },
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
            return Ok(Ok(Imported::Known { same_address: same_address(tx, known, record).await? }));
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
        let has_password = row.password_hash.is_some();
        self.insert(tx, record, &row, &origin).await?;
        Ok(Ok(Imported::Made { has_password, left_out }))
    }

    async fn insert(
        &self,
        tx: &mut Tx,
        record: &Record,
        row: &NewAccountRow,
        origin: &AccountOrigin,
    ) -> Result<(), StoreError> {
        let id = accounts::insert(tx, row, self.now).await?;
        let held = self.hold && origin.locked_at.is_none();
        let locked_at = if held { Some(self.now) } else { origin.locked_at };
        accounts::set_origin(tx, id, &AccountOrigin { locked_at, ..*origin }).await?;
        imported_accounts::insert(tx, self.source, &record.id, id, held).await?;
        let detail = format!("role {}, imported from {}", row.role.0, self.source);
        Order::of_operator().note(tx, id, EventKind::Created, &detail, self.now).await?;
        if self.invite && row.password_hash.is_none() {
            let made = accounts::find(tx, id).await?;
            let made = made.ok_or(StoreError::Corrupt("account that was just written"))?.account;
            mail_link(tx, MailKind::Invitation, &made, None, self.now).await?;
        }
        Ok(())
    }

    /// The account here that was made of one with this id there, until its import is complete: then it is its
    /// owner's.
    async fn made_of(&self, tx: &mut Tx, source_id: &str) -> Result<Option<AccountId>, StoreError> {
        if !is_id(source_id) {
            return Ok(None);
        }
        Ok(match imported_accounts::find(tx, self.source, source_id).await? {
            Some(ImportedAccount::Incomplete(id)) => Some(id),
            Some(ImportedAccount::Complete(_) | ImportedAccount::Deleted) | None => None,
        })
    }
}

/// The longest id of an account at another product, in bytes: UUIDs have 36, and addresses 254.
const LONGEST_ID: usize = 255;

/// Whether our table can have this id.
fn is_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && !id.contains('\0')
}

/// Whether the account that a record was imported as has its address still. Another one may be its owner's
/// choice, or tell that the record is of another site.
async fn same_address(tx: &mut Tx, known: ImportedAccount, record: &Record) -> Result<bool, StoreError> {
    let (ImportedAccount::Incomplete(id) | ImportedAccount::Complete(id)) = known else { return Ok(true) };
    let Some(found) = accounts::find(tx, id).await? else { return Ok(true) };
    let there = record.email.as_deref().and_then(|email| EmailAddress::parse(email).ok());
    Ok(there.is_none_or(|there| there.key() == found.account.email.key()))
}
