//! What a file says of an account apart from it.

use domain::{Account, EmailAddress, EventKind, Field, ProfileChange, Role, clean_name};
use readers::{Addition, Password, Supplement};
use store::{StoreError, Tx, accounts};

use super::row::since;
use super::{Import, ImportRefusal};
use crate::flows::administration::Order;

impl Import<'_> {
    /// Adds to the account that was made of the one that is meant; without one, nothing happens.
    ///
    /// # Errors
    /// The refusal of the record, inside; outside, those of the store.
    pub async fn supplement(
        &self,
        tx: &mut Tx,
        supplement: Supplement,
    ) -> Result<Result<(), ImportRefusal>, StoreError> {
        let Some(id) = self.made_of(tx, &supplement.account).await? else { return Ok(Ok(())) };
        for addition in supplement.additions {
            let Some(found) = accounts::hold_and_find(tx, id).await? else { return Ok(Ok(())) };
            if let Err(refusal) = self.add(tx, &found.account, addition).await? {
                return Ok(Err(refusal));
            }
        }
        Ok(Ok(()))
    }

    async fn add(
        &self,
        tx: &mut Tx,
        account: &Account,
        addition: Addition,
    ) -> Result<Result<(), ImportRefusal>, StoreError> {
        let id = account.id;
        match addition {
            Addition::Email { email, verified, .. } => {
                if let (Ok(email), Some(at)) =
                    (EmailAddress::parse(&email), since(verified, self.now, self.now))
                {
                    accounts::prove_own_address(tx, id, &email, at).await?;
                }
            }
            Addition::Password(foreign) => {
                let hash = match self.hash(&Password::Foreign(foreign)) {
                    Ok(hash) => hash,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                if let Some(hash) = hash {
                    // Only where there is none: a second run undoes no change of password.
                    accounts::set_password_hash(tx, id, None, &hash, true, self.now).await?;
                }
            }
            // They are not asked for: the operator has given leave to leave them out.
            Addition::Totp(_) | Addition::RecoveryCodes(_) => {}
            Addition::Roles(words) => {
                let role = self.role(&words);
                // A role that the operator has given meanwhile stays.
                if account.role == Role::MEMBER && role != Role::MEMBER {
                    accounts::set_identity(tx, id, &account.email, role, self.now).await?;
                    let detail = format!("{} to {}", Role::MEMBER.0, role.0);
                    Order::of_operator().note(tx, id, EventKind::RoleChanged, &detail, self.now).await?;
                }
            }
            Addition::Firstname(name) => {
                let firstname = clean_name(Field::Firstname, Some(&name), &mut Vec::new());
                self.fill(tx, account, ProfileChange { firstname, ..ProfileChange::default() }).await?;
            }
            Addition::Lastname(name) => {
                let lastname = clean_name(Field::Lastname, Some(&name), &mut Vec::new());
                self.fill(tx, account, ProfileChange { lastname, ..ProfileChange::default() }).await?;
            }
            Addition::Locale(code) => {
                let locale = (self.locale)(&code).map(Some);
                self.fill(tx, account, ProfileChange { locale, ..ProfileChange::default() }).await?;
            }
            // Which of our providers a word of the source's stands for, nobody has said.
            Addition::Identity(_) => {}
        }
        Ok(Ok(()))
    }

    /// Changes a profile as it was imported.
    async fn fill(&self, tx: &mut Tx, account: &Account, change: ProfileChange) -> Result<(), StoreError> {
        let is_new = |had: &str, new: &Option<String>| new.is_none() || had.is_empty();
        let wanted = is_new(&account.firstname, &change.firstname)
            && is_new(&account.lastname, &change.lastname)
            && (change.locale.is_none() || account.locale.is_none());
        if wanted {
            accounts::update_profile(tx, account, &change, self.now).await?;
        }
        Ok(())
    }
}
