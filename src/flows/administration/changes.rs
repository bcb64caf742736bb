//! Creating and changing other people's accounts.

use std::sync::Arc;

use crate::flows::account::registration::{Registered, Registrations};
use crate::flows::client::Client;
use crate::flows::keys::api_keys::ApiKeys;
use crate::flows::links::tickets::Links;
use crate::flows::mail::cause::{ask_for_proof, mail_invitation, notify};
use crate::flows::passwords::{self, Passwords, Replacement};
use crate::flows::security_log::{self, Noted};
use crate::flows::sign_in::grants::{Grant, Grants};
use crate::flows::sign_in::steps::SignIn;
use crate::flows::webhooks::cause::tell_changed;
use domain::{
    Account, AccountError, AccountId, Actor, Clock, CustomFields, EmailAddress, EventKind, Factors, Field,
    FieldCode, FieldError, MailKind, Password, PasswordPolicy, ProfileChange, Role, Scope, Token,
    TypedPassword, Verification, clean_name,
};
use store::{Store, accounts, outbox, roles, tickets};

/// Makes, changes and finds other people's accounts.
pub struct Administration {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) passwords: Passwords,
    pub(in crate::flows) grants: Grants,
    pub(in crate::flows) registration: Arc<Registrations>,
    pub(in crate::flows) sign_in: Arc<SignIn>,
    pub(in crate::flows) links: Arc<Links>,
    pub(in crate::flows) keys: Arc<ApiKeys>,
    pub(in crate::flows) fields: CustomFields,
    pub(in crate::flows) verification: Verification,
}

/// An account that a trusted server or the operator creates.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewAccount<'a> {
    /// Whether a number for it was sent. It is not the sender's to choose, and an account that has one is
    /// changed by [`Administration::update`].
    pub numbered: bool,
    pub email: &'a str,
    /// Password; `None` mails the owner an invitation to choose one.
    pub password: Option<TypedPassword<'a>>,
    /// First name.
    pub firstname: Option<&'a str>,
    /// Last name.
    pub lastname: Option<&'a str>,
    /// Role; `None` for member.
    pub role: Option<Role>,
}

/// Changes to an account. `None` leaves a field as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct AccountChange<'a> {
    pub email: Option<&'a str>,
    pub password: Option<TypedPassword<'a>>,
    /// First name.
    pub firstname: Option<&'a str>,
    /// Last name.
    pub lastname: Option<&'a str>,
    pub role: Option<Role>,
}

impl Administration {
    /// Makes an account for somebody and a ticket that signs its owner in by redirection. `given` looks up
    /// the operator's fields.
    ///
    /// # Errors
    /// `Forbidden`, `Invalid` with every field that fails its check, `Busy`.
    pub async fn create<'a>(
        &self,
        actor: Actor<'_>,
        new: &NewAccount<'a>,
        given: impl Fn(&str) -> Option<&'a str>,
        client: &Client,
    ) -> Result<Registered, AccountError> {
        actor.require(Scope::AccountsWrite)?;
        let role = new.role.unwrap_or(Role::MEMBER);
        let mut errors = Vec::new();
        if new.numbered {
            errors.push(FieldError { field: Field::AccountId, code: FieldCode::NotChangeable });
        }
        let email = EmailAddress::parse(new.email);
        let email = email.map_err(|code| errors.push(FieldError { field: Field::Email, code })).ok();
        errors.extend(self.taken(email.as_ref(), None).await?);
        let password = new.password.map(chosen_for_somebody).transpose();
        let password = password.map_err(|code| errors.push(FieldError { field: Field::Password, code }));
        let profile = self.names(new.firstname, new.lastname, given, &mut errors);
        if let Some(code) = self.role_problem(actor, role).await? {
            errors.push(FieldError { field: Field::Role, code });
        }
        let (Some(email), Ok(password), true) = (email, password, errors.is_empty()) else {
            return Err(AccountError::Invalid(errors));
        };
        let password_hash = match &password {
            Some(password) => Some(self.passwords.hash(password, client).await?),
            None => None,
        };
        let account = accounts::NewAccountRow {
            email,
            username: None,
            role,
            profile,
            password_hash,
            terms: None,
            approval_wanted: false,
        };
        let created = Noted::by(actor, EventKind::Created, Grant::Autologin.door());
        self.registration.write_account(&account, Grant::Autologin, &created, client).await
    }

    /// Changes an account and creates an autologin ticket for its owner; `None` for a locked account, which
    /// gets nothing that would open it when it is unlocked. A new password ends everything that the old one
    /// opened.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Invalid` with every field that fails its check, `Busy`.
    pub async fn update<'a>(
        &self,
        actor: Actor<'_>,
        id: AccountId,
        change: &AccountChange<'a>,
        given: impl Fn(&str) -> Option<&'a str>,
        client: &Client,
    ) -> Result<Option<Token>, AccountError> {
        actor.require(Scope::AccountsWrite)?;
        if change.password.is_some() {
            actor.require(Scope::PasswordReset)?;
        }
        let present = accounts::find(&mut self.store.read().await?, id).await?;
        let present = present.ok_or(AccountError::NotFound)?.account;
        let mut errors = Vec::new();
        let mut refuse = |field, code| errors.push(FieldError { field, code });
        let email = change.email.map(EmailAddress::parse).transpose();
        let email = email.map_err(|code| refuse(Field::Email, code));
        let password = change.password.map(chosen_for_somebody).transpose();
        let password = password.map_err(|code| refuse(Field::Password, code));
        // Without this check a key could take over an account whose role is above the key's own limit.
        if !actor.may_give(present.role) {
            refuse(Field::Role, FieldCode::RoleForbidden);
        } else if let Some(role) = change.role
            && let Some(code) = self.role_problem(actor, role).await?
        {
            refuse(Field::Role, code);
        }
        let profile = self.names(change.firstname, change.lastname, given, &mut errors);
        if let Ok(Some(email)) = &email {
            errors.extend(self.taken(Some(email), Some(id)).await?);
        }
        let (Ok(email), Ok(password), true) = (email, password, errors.is_empty()) else {
            return Err(AccountError::Invalid(errors));
        };
        let hash = match &password {
            Some(password) => Some(self.passwords.hash(password, client).await?),
            None => None,
        };
        let now = self.clock.now();
        self.store
            .transact_on(id, async |tx| {
                let present = accounts::hold_and_find(tx, id).await?.ok_or(AccountError::NotFound)?;
                // The role may have risen since it was checked.
                if !actor.may_give(present.account.role) {
                    return Err(AccountError::field(Field::Role, FieldCode::RoleForbidden));
                }
                let active = present.account.active();
                let role = change.role.unwrap_or(present.account.role);
                let address = email.as_ref().unwrap_or(&present.account.email);
                let moved = address.key() != present.account.email.key();
                if moved {
                    notify(tx, MailKind::AddressChanged, &present.account, client, now).await?;
                }
                let moving = accounts::set_identity(tx, id, address, role, now).await;
                moving.map_err(|error| error.or_taken(Field::Email))?;
                // Sites are told of each change, and see the account as it is after all of them.
                accounts::update_profile(tx, &present.account, &profile, now).await?;
                if moved {
                    let former = present.account.email.as_str();
                    let noted = Noted::by(actor, EventKind::AddressChanged, former);
                    security_log::note(tx, id, &noted, client, now).await?;
                } else if *address != present.account.email {
                    tell_changed(tx, id, "email", &actor.into(), now).await?;
                }
                if profile.changes(&present.account) {
                    let noted = Noted::by(actor, EventKind::ProfileChanged, "");
                    security_log::note(tx, id, &noted, client, now).await?;
                }
                if role != present.account.role {
                    let roles = format!("{} to {}", present.account.role.0, role.0);
                    let noted = Noted::by(actor, EventKind::RoleChanged, &roles);
                    security_log::note(tx, id, &noted, client, now).await?;
                }
                if let Some(hash) = &hash {
                    let with = Replacement {
                        old: present.password_hash.as_deref(),
                        changed_at: present.password_changed_at,
                        new: hash,
                        spared: self.passwords.spared(None),
                        noted: Noted::by(actor, EventKind::PasswordChanged, ""),
                    };
                    // The notice goes to the present address, which the old password belonged to.
                    passwords::replace(tx, &present.account, &with, client, now).await?;
                } else if moved {
                    // Links that were mailed to the old address must not open the account any more.
                    outbox::withdraw_links(tx, id).await?;
                    tickets::void_all(tx, id, now).await?;
                }
                if moved {
                    let has_password = hash.is_some() || present.password_hash.is_some();
                    let account = Account { email: address.clone(), verified_at: None, ..present.account };
                    if has_password {
                        ask_for_proof(tx, self.verification, &account, client, now).await?;
                    } else {
                        mail_invitation(tx, &account, client, now).await?;
                    }
                }
                let grant = if active { Grant::Autologin } else { Grant::Nothing };
                Ok(self.grants.give(tx, id, grant, Factors::default(), client, now).await?)
            })
            .await
    }

    /// Parses names and the operator's fields. None is required: a server that creates accounts for others
    /// may lack them.
    fn names<'a>(
        &self,
        firstname: Option<&str>,
        lastname: Option<&str>,
        given: impl Fn(&str) -> Option<&'a str>,
        errors: &mut Vec<FieldError>,
    ) -> ProfileChange {
        let firstname = clean_name(Field::Firstname, firstname, errors);
        let lastname = clean_name(Field::Lastname, lastname, errors);
        let fields = self.fields.parse(given, |_| false);
        let fields = fields.map_err(|refused| errors.extend(refused)).unwrap_or_default();
        ProfileChange { firstname, lastname, fields, ..ProfileChange::default() }
    }

    /// Returns an error for an address that an account other than `except` has.
    async fn taken(
        &self,
        email: Option<&EmailAddress>,
        except: Option<AccountId>,
    ) -> Result<impl Iterator<Item = FieldError>, AccountError> {
        let taken = accounts::taken(&mut self.store.read().await?, email, None, except).await?;
        Ok(taken.into_iter().map(FieldError::taken))
    }

    async fn role_problem(&self, actor: Actor<'_>, role: Role) -> Result<Option<FieldCode>, AccountError> {
        if role == Role::MEMBER && actor.may_give(role) {
            return Ok(None);
        }
        if !roles::exists(&mut self.store.read().await?, role).await? {
            return Ok(Some(FieldCode::RoleUnknown));
        }
        Ok((!actor.may_give(role)).then_some(FieldCode::RoleForbidden))
    }
}

fn chosen_for_somebody(chosen: TypedPassword<'_>) -> Result<Password, FieldCode> {
    let short = FieldCode::PasswordTooShort { min: PasswordPolicy::TRUSTED_MIN };
    let password = Password::parse(chosen.0).map_err(|code| match code {
        FieldCode::Required => short,
        other => other,
    })?;
    PasswordPolicy::check_trusted(&password)?;
    Ok(password)
}
