//! An account of an import that was not finished gets what it lacks.

use domain::{Account, AccountId, EventKind, ProfileChange, Role};
use store::{StoreError, Tx, accounts, totp_secrets};

use super::Import;
use super::row::Wanted;
use crate::flows::administration::Order;

impl Import<'_> {
    /// Gives the account what the file says of it and what it does not have yet. Nothing that it has is
    /// replaced.
    pub(super) async fn go_on(&self, tx: &mut Tx, id: AccountId, wanted: &Wanted) -> Result<(), StoreError> {
        let Some(found) = accounts::hold_and_find(tx, id).await? else { return Ok(()) };
        let account = &found.account;
        let (row, origin) = (wanted.arrival.row(), &wanted.arrival.origin);
        if let Some(at) = origin.verified_at {
            accounts::prove_own_address(tx, id, &row.email, at).await?;
        }
        if let (None, Some(hash)) = (&found.password_hash, &row.password_hash) {
            accounts::set_password_hash(tx, id, None, hash, true, self.now).await?;
        }
        self.give_role(tx, account, row.role).await?;
        self.fill(tx, account, &row.profile).await?;
        // With an app its codes came along too: its owner may have used some of them up, or made others.
        if totp_secrets::confirmed(tx, id).await?.is_none() {
            if let Some(secret) = &wanted.totp {
                self.take_totp(tx, id, secret).await?;
            }
            if let Some(codes) = &wanted.recovery_codes {
                self.take_recovery_codes(tx, id, codes).await?;
            }
        }
        if wanted.factor_lost {
            self.lose_factor(tx, id).await?;
        }
        self.link(tx, id, &wanted.identities).await?;
        Ok(())
    }

    /// Gives a member a role. Another role that the operator has given meanwhile stays.
    pub(super) async fn give_role(
        &self,
        tx: &mut Tx,
        account: &Account,
        role: Role,
    ) -> Result<(), StoreError> {
        if account.role != Role::MEMBER || role == Role::MEMBER {
            return Ok(());
        }
        accounts::set_identity(tx, account.id, &account.email, role, self.now).await?;
        let detail = format!("{} to {}", Role::MEMBER.0, role.0);
        Order::of_operator().note(tx, account.id, EventKind::RoleChanged, &detail, self.now).await
    }

    /// Fills the parts of a profile that are empty.
    async fn fill(&self, tx: &mut Tx, account: &Account, given: &ProfileChange) -> Result<(), StoreError> {
        let missing = |had: &str, given: &Option<String>| given.clone().filter(|_| had.is_empty());
        let change = ProfileChange {
            firstname: missing(&account.firstname, &given.firstname),
            lastname: missing(&account.lastname, &given.lastname),
            locale: given.locale.clone().filter(|_| account.locale.is_none()),
            ..ProfileChange::default()
        };
        let any = change.firstname.is_some() || change.lastname.is_some() || change.locale.is_some();
        if any {
            accounts::update_profile(tx, account, &change, self.now).await?;
        }
        Ok(())
    }
}
