//! An account that is here already gets what a newer file says of it (`--on-conflict update`).

use domain::{Account, AccountId, EventKind, ProfileChange, Role};
use recipes::ForeignHash;
use store::accounts::{self, Credentials};
use store::imported_accounts::{self, NewImport};
use store::{StoreError, Tx, totp_secrets};

use super::row::Wanted;
use super::{Arriving, Import, Imported, noted};
use crate::flows::openings::{Spared, end_everything};
use crate::flows::security_log::note_all_here;

impl Import<'_> {
    /// Takes the account here that has the address for the one of the file, if both addresses are proven.
    /// With one that is not, either of them may be somebody else's who wrote down an address that is not
    /// theirs.
    pub(super) async fn adopt(
        &self,
        tx: &mut Tx,
        arriving: &Arriving,
        wanted: &Wanted,
    ) -> Result<Imported, StoreError> {
        if !self.update {
            return Ok(Imported::Conflict);
        }
        let email = wanted.arrival.row().email.as_str();
        let there = accounts::find_by_identifier(tx, email).await?;
        let held = match there {
            Some(there) => accounts::hold_and_find(tx, there.account.id).await?,
            None => None,
        };
        let Some(found) = held.filter(|found| {
            wanted.arrival.origin.verified_at.is_some()
                && found.account.verified_at.is_some()
                && found.account.email.key() == wanted.arrival.row().email.key()
        }) else {
            return Ok(Imported::Conflict);
        };
        let account = found.account.id;
        let import =
            NewImport { source_id: arriving.id.as_str(), account, complete: true, factor_lost: false };
        imported_accounts::insert_all(tx, self.source, &[import], self.now).await?;
        let mut left_out = Vec::new();
        // What a second factor guards there, the password of this account alone would open.
        let is_bare = found.account.second_factor_at.is_none() && (self.held || wanted.has_factor());
        if !is_bare {
            self.give_role(tx, &found.account, wanted.arrival.row().role).await?;
        } else if wanted.arrival.row().role != Role::MEMBER {
            left_out.push("role_wants_factor");
        }
        // Whoever linked one there may not be who made the account here.
        if !wanted.identities.is_empty() {
            left_out.push("identities");
        }
        self.update_profile(tx, &found.account, wanted).await?;
        self.close(tx, &found.account, wanted).await?;
        Ok(Imported::Updated { left_out })
    }

    /// Locks the account, if it is closed there. Returns whether it was open.
    async fn close(&self, tx: &mut Tx, account: &Account, wanted: &Wanted) -> Result<bool, StoreError> {
        if wanted.arrival.origin.locked_at.is_none() || account.locked_at.is_some() {
            return Ok(false);
        }
        accounts::set_locked(tx, account.id, Some(self.now), self.now).await?;
        end_everything(tx, account.id, Spared::NOTHING, self.now).await?;
        self.note_one(tx, account.id, EventKind::Locked).await?;
        Ok(true)
    }

    /// Gives an account that came from this source what the file says of it now. Its password and its second
    /// factors are the source's only until somebody signs in with them: then they are the owner's.
    pub(super) async fn update_known(
        &self,
        tx: &mut Tx,
        id: AccountId,
        wanted: &Wanted,
    ) -> Result<bool, StoreError> {
        let Some(found) = accounts::hold_and_find(tx, id).await? else { return Ok(false) };
        let mut changed = self.update_profile(tx, &found.account, wanted).await?;
        let (row, origin) = (wanted.arrival.row(), &wanted.arrival.origin);
        if let (Some(at), None) = (origin.verified_at, found.account.verified_at) {
            changed |= accounts::prove_own_address(tx, id, &row.email, at).await?;
        }
        if !self.held {
            changed |= self.update_password(tx, &found, wanted).await?;
        }
        changed |= self.close(tx, &found.account, wanted).await?;
        Ok(changed)
    }

    /// Replaces what a profile shows by what the file has of it.
    async fn update_profile(
        &self,
        tx: &mut Tx,
        account: &Account,
        wanted: &Wanted,
    ) -> Result<bool, StoreError> {
        let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let given = &wanted.arrival.row().profile;
        let change = ProfileChange {
            name: said(&given.name),
            firstname: said(&given.firstname),
            lastname: said(&given.lastname),
            locale: given.locale.clone().filter(Option::is_some),
            fields: given.fields.clone(),
        };
        if !change.changes(account) {
            return Ok(false);
        }
        accounts::update_profile(tx, account, &change, self.now).await?;
        self.note_one(tx, account.id, EventKind::ProfileChanged).await?;
        Ok(true)
    }

    /// Replaces a password of the source's by the one that the account has there now, and so the second
    /// factor that came with it, or adds the one that it got there since.
    async fn update_password(
        &self,
        tx: &mut Tx,
        found: &Credentials,
        wanted: &Wanted,
    ) -> Result<bool, StoreError> {
        let id = found.account.id;
        // The first sign-in replaces it by a hash of ours.
        let Some(old) = found.password_hash.as_deref().filter(|hash| ForeignHash::is_text(hash)) else {
            return Ok(false);
        };
        let mut changed = false;
        if let Some(new) = wanted.arrival.row().password_hash.as_deref().filter(|new| *new != old) {
            changed |= accounts::set_password_hash(tx, id, Some(old), new, true, self.now).await?;
            self.note_one(tx, id, EventKind::PasswordChanged).await?;
        }
        let has_app = totp_secrets::confirmed(tx, id).await?.is_some();
        let replaces = match &wanted.totp {
            Some(secret) if has_app && !accounts::signed_in_before(tx, id).await? => {
                !self.has_totp(tx, id, secret).await?
            }
            _ => false,
        };
        if replaces {
            totp_secrets::remove(tx, id).await?;
        }
        if replaces || !has_app {
            if let Some(secret) = &wanted.totp {
                changed |= self.take_totp(tx, id, secret).await?;
            }
            if let Some(codes) = &wanted.recovery_codes {
                self.take_recovery_codes(tx, id, codes).await?;
            }
            if wanted.factor_lost && found.account.second_factor_at.is_none() {
                self.lose_factor(tx, id).await?;
                changed = true;
            }
        }
        Ok(changed)
    }

    async fn note_one(&self, tx: &mut Tx, id: AccountId, kind: EventKind) -> Result<(), StoreError> {
        let detail = format!("imported from {}", self.source);
        note_all_here(tx, &[(id, noted(kind, &detail))], self.now).await
    }
}
