//! Registration.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::proof_of_work::{ProofOfWork, UNPROVEN};
use crate::flows::client::Client;
use crate::flows::mail::cause::{Notices, ask_for_proof, mail_invitation};
use crate::flows::mail::reaches;
use crate::flows::passwords::Passwords;
use crate::flows::refusals::spend_times_by_address;
use crate::flows::security_log::{self, Noted};
use crate::flows::sign_in::admission::Admission;
use crate::flows::sign_in::grants::{Grant, Grants};
use crate::flows::sign_in::weigh::Beside;
use crate::flows::sign_in::{LoginAttempt, SignIn};
use domain::{
    Account, AccountError, AccountId, BotGuard, Clock, CustomFields, EmailAddress, EventKind, Factor,
    Factors, Field, FieldCode, FieldError, Millis, NAME_MAX_CHARS, Password, PasswordPolicy, ProfileChange,
    RegistrationMode, Role, SignUpRules, Token, TypedPassword, Username, Verification, clean_text,
};
use limiter::{Action, Limiter};
use mailer::Mailer;
use store::{Store, StoreError, Tx, accounts};

pub struct Registrations {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) passwords: Passwords,
    pub(in crate::flows) sign_in: Arc<SignIn>,
    pub(in crate::flows) mailer: Arc<Mailer>,
    pub(in crate::flows) admission: Admission,
    pub(in crate::flows) grants: Grants,
    pub(in crate::flows) notices: Notices,
    pub(in crate::flows) fields: CustomFields,
    pub(in crate::flows) verification: Verification,
    pub(in crate::flows) rules: SignUpRules,
    pub(in crate::flows) work: ProofOfWork,
}

/// The registration form, as typed.
#[derive(Clone, Debug, Default)]
pub struct NewRegistration<'a> {
    pub email: &'a str,
    /// Username; empty for none.
    pub username: &'a str,
    /// Whether a username is required: in some published APIs people sign in with it.
    pub needs_username: bool,
    /// Display name; may be empty.
    pub name: &'a str,
    pub password: TypedPassword<'a>,
    /// The repeated password, where the form has one.
    pub confirmation: Option<TypedPassword<'a>>,
    /// Initial language, a code such as `fr`.
    pub locale: Option<&'a str>,
    /// Whether the person agrees to the terms of use.
    pub agrees: bool,
    /// What was typed into the field that nobody sees.
    pub trap: &'a str,
    /// The proof of work; empty for none.
    pub proof: &'a str,
    /// Whether the form has the operator's fields. Only then are the fields required at sign-up enforced:
    /// some published APIs have no place for them.
    pub asks_fields: bool,
    /// Whether a registration that was sent twice is answered as the first time, instead of with a taken
    /// address: a person pressed the button twice. All of it must be equal. The password must be right, which
    /// counts as a guess.
    pub repeatable: bool,
    /// The known-browser secret of a browser that may send its form twice.
    pub browser: Option<&'a Token>,
}

/// A new account and the secret of its grant.
#[derive(Debug)]
pub struct Registered {
    /// Its number is 0 where the caller must not learn whether the address was taken.
    pub account: Account,
    /// The secret of the [`Grant`]; `None` for [`Grant::Nothing`].
    pub token: Option<Token>,
}

impl Registered {
    /// The secret as text; empty for [`Grant::Nothing`].
    pub fn secret(&self) -> &str {
        self.token.as_ref().map_or("", Token::reveal)
    }
}

/// Who signs up, as far as that could be read.
pub(super) struct Person {
    pub(super) email: Option<EmailAddress>,
    pub(super) username: Option<Username>,
    pub(super) name: Option<String>,
}

impl Registrations {
    /// Refuses whoever may not sign up by themselves. A trusted server answers for its people.
    ///
    /// # Errors
    /// `RegistrationClosed`.
    pub fn require_open(&self, client: &Client) -> Result<(), AccountError> {
        if client.trusted || self.rules.mode.lets_strangers_in() {
            return Ok(());
        }
        Err(AccountError::RegistrationClosed { by_invitation: self.rules.mode == RegistrationMode::Invite })
    }

    /// What a sign-up page asks a browser to work for; `None` where no work is asked for.
    pub fn challenge(&self) -> Option<String> {
        self.work.challenge()
    }

    /// The account of whoever has sent `new`, without a password. One that a trusted server makes does not
    /// wait for the operator.
    pub(super) fn row(
        &self,
        new: &NewRegistration<'_>,
        email: EmailAddress,
        (username, name, fields): (Option<Username>, Option<String>, BTreeMap<String, String>),
        client: &Client,
    ) -> accounts::NewAccountRow {
        let locale = new.locale.map(|locale| Some(locale.to_owned()));
        let agreed = self.rules.terms.as_ref().filter(|_| new.agrees);
        accounts::NewAccountRow {
            email,
            username,
            role: Role::MEMBER,
            profile: ProfileChange { name, locale, fields, ..ProfileChange::default() },
            password_hash: None,
            terms: agreed.map(|terms| terms.version.clone()),
            approval_wanted: self.rules.mode == RegistrationMode::Approve && !client.trusted,
        }
    }

    /// Reads a form, and adds what is wrong with it to `errors`.
    pub(super) fn read(
        &self,
        new: &NewRegistration<'_>,
        client: &Client,
        errors: &mut Vec<FieldError>,
    ) -> Person {
        let mut refuse = |field, code| errors.push(FieldError { field, code });
        let email = EmailAddress::parse(new.email).and_then(|email| {
            if !client.trusted {
                self.rules.check_address(&email)?;
            }
            Ok(email)
        });
        let email = email.map_err(|code| refuse(Field::Email, code)).ok();
        let username = if Field::Username.is_missing(new.username) {
            if new.needs_username {
                refuse(Field::Username, FieldCode::Required);
            }
            None
        } else {
            let username = Username::parse(new.username).and_then(|username| {
                if !client.trusted {
                    self.rules.check_username(&username)?;
                }
                Ok(username)
            });
            username.map_err(|code| refuse(Field::Username, code)).ok()
        };
        let name = clean_text(new.name, NAME_MAX_CHARS).map_err(|code| refuse(Field::Name, code)).ok();
        if !new.trap.is_empty() && self.rules.bots != BotGuard::Off {
            refuse(Field::Trap, FieldCode::TrapFilled);
        }
        // A trusted server may not have asked; the site does so then.
        if self.rules.terms.is_some() && !new.agrees && !client.trusted {
            refuse(Field::Terms, FieldCode::TermsWanted);
        }
        Person { email, username, name }
    }

    /// Creates an account with a password. `given` returns the typed value of an operator's field.
    ///
    /// # Errors
    /// `RegistrationClosed`; `Invalid` with every field that fails its check, else for a common password;
    /// `Throttled`, `Busy`.
    /// `StepWanted` when the first sign-in needs a further step and `grant` is not [`Grant::Nothing`]: the
    /// account is created, but the grant is not given. Where the address has to be proven first, a taken
    /// address is no error for an untrusted caller, and the account that is returned has the number 0.
    pub async fn register<'a>(
        &self,
        new: &NewRegistration<'a>,
        given: impl Fn(&str) -> Option<&'a str>,
        grant: Grant,
        client: &Client,
    ) -> Result<Registered, AccountError> {
        let now = self.clock.now();
        self.require_open(client)?;
        let mut errors = Vec::new();
        let Person { email, username, name } = self.read(new, client, &mut errors);
        let mut refuse = |field, code| errors.push(FieldError { field, code });
        let password = Password::parse(new.password.0).and_then(|password| {
            let local = email.as_ref().map_or("", EmailAddress::local_part);
            let own = [new.email.trim(), local, new.username.trim(), new.name.trim()];
            self.passwords.rules.check_form(&password, &own).map(|()| password)
        });
        let password = password.map_err(|code| refuse(Field::Password, code)).ok();
        if new.confirmation.is_some_and(|again| again.0 != new.password.0) {
            refuse(Field::PasswordConfirmation, FieldCode::PasswordsDiffer);
        }
        let fields = self.fields.parse(given, |field| new.asks_fields && field.sign_up);
        let fields = fields.map_err(|refused| errors.extend(refused)).unwrap_or_default();
        let (Some(email), Some(password), true) = (email, password, errors.is_empty()) else {
            return Err(AccountError::Invalid(errors));
        };
        // The limit comes before the check for a taken address: it rations the answers of that check.
        // A sign-up without a proof of work counts as several.
        let times = if self.work.holds(new.proof, new.email) { 1 } else { UNPROVEN };
        spend_times_by_address(&self.limiter, Action::Registration, times, client, now)?;
        self.check_reach(&email, client).await?;
        // Estimating a password's strength is work, so the limit comes before it too.
        PasswordPolicy::check_strength(&password)
            .map_err(|code| AccountError::field(Field::Password, code))?;
        let account = self.row(new, email, (username, name, fields), client);
        let step = self.admission.before_first(&account, grant, client);
        if self.admission.conceals(client) {
            self.refuse_username(&account).await?;
            let hash = self.passwords.hash(&password, client).await?;
            let account = accounts::NewAccountRow { password_hash: Some(hash.clone()), ..account };
            let account = self.register_concealed(&account, &hash, client).await?;
            return step
                .map_or(Ok(Registered { account, token: None }), |step| Err(AccountError::StepWanted(step)));
        }
        // What is taken is told before a hash is computed.
        let taken = self.taken(&account).await?;
        if taken.contains(&Field::Email) {
            if let Some(account) = self.made_before(new, &account, client).await? {
                return Ok(Registered { account, token: None });
            }
            self.notices.notify_of_registration(&account.email, client).await?;
        }
        if !taken.is_empty() {
            return Err(AccountError::taken(taken));
        }
        let password_hash = Some(self.passwords.hash(&password, client).await?);
        let account = accounts::NewAccountRow { password_hash, ..account };
        let granted = if step.is_some() { Grant::Nothing } else { grant };
        let by = Noted::by_owner(EventKind::Created, grant.door());
        let registered = match self.write_account(&account, granted, &by, client).await {
            Err(taken @ AccountError::Invalid(_)) => {
                let account = self.made_before(new, &account, client).await?.ok_or(taken)?;
                return Ok(Registered { account, token: None });
            }
            written => written?,
        };
        step.map_or(Ok(registered), |step| Err(AccountError::StepWanted(step)))
    }

    /// Checks that mail can be sent to an address. A trusted server answers for the addresses of its people,
    /// and does not wait.
    ///
    /// # Errors
    /// `Invalid`.
    pub(super) async fn check_reach(
        &self,
        email: &EmailAddress,
        client: &Client,
    ) -> Result<(), AccountError> {
        if client.trusted || reaches(&self.mailer, email).await {
            return Ok(());
        }
        Err(AccountError::field(Field::Email, FieldCode::EmailNotAscii))
    }

    pub(in crate::flows) async fn taken(
        &self,
        new: &accounts::NewAccountRow,
    ) -> Result<Vec<Field>, AccountError> {
        let mut db = self.store.read().await?;
        Ok(accounts::taken(&mut db, Some(&new.email), new.username.as_ref(), None).await?)
    }

    /// The account that an equal registration has made, where this one is [repeatable]. Whoever does not know
    /// its password learns no more than that the address is taken.
    ///
    /// [repeatable]: NewRegistration::repeatable
    async fn made_before(
        &self,
        new: &NewRegistration<'_>,
        row: &accounts::NewAccountRow,
        client: &Client,
    ) -> Result<Option<Account>, AccountError> {
        if !new.repeatable {
            return Ok(None);
        }
        let (password, browser) = (new.password, new.browser);
        let attempt = LoginAttempt { identifier: row.email.as_str(), password, browser, replaces: None };
        // An account that wants a second factor meanwhile is not shown for its password.
        match self.sign_in.prove(&attempt, Beside::Nothing, client).await {
            Ok(proof) => {
                let account = proof.credentials.account;
                let equal = account.email == row.email
                    && account.username == row.username
                    && account.fields == row.profile.fields;
                Ok(equal.then_some(account))
            }
            Err(error @ (AccountError::Unavailable(_) | AccountError::Internal(_))) => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// Writes an account and its grant in one transaction. An account without a password is mailed an
    /// invitation to choose one. An account with a password is mailed a verification link, where the operator
    /// wants addresses verified.
    ///
    /// # Errors
    /// `Invalid` when the address or the username was taken meanwhile.
    pub(in crate::flows) async fn write_account(
        &self,
        new: &accounts::NewAccountRow,
        grant: Grant,
        created: &Noted<'_>,
        client: &Client,
    ) -> Result<Registered, AccountError> {
        let now = self.clock.now();
        let written = self.store.transact(async |tx| {
            let id = accounts::insert(tx, new, now).await?;
            security_log::note(tx, id, created, client, now).await?;
            note_agreement(tx, id, new, client, now).await?;
            let factors = Factors::only(Factor::Password);
            let token = self.grants.give(tx, id, grant, factors, client, now).await?;
            // Whoever gets a ticket signs in only when it is used.
            if !matches!(grant, Grant::Nothing | Grant::Autologin) {
                let noted = Noted::by_owner(EventKind::SignedIn, grant.door()).with(factors);
                security_log::note(tx, id, &noted, client, now).await?;
            }
            let written = accounts::find(tx, id).await?;
            let written = written.ok_or(StoreError::Corrupt("account that was just written"))?;
            if written.password_hash.is_none() {
                mail_invitation(tx, &written.account, client, now).await?;
            } else {
                ask_for_proof(tx, self.verification, &written.account, client, now).await?;
            }
            Ok(Registered { account: written.account, token })
        });
        match written.await {
            // A concurrent registration took the address or the username after `taken` looked.
            Err(StoreError::Conflict(_) | StoreError::Reserved) => {
                Err(AccountError::taken(self.taken(new).await?))
            }
            written => Ok(written?),
        }
    }
}

/// Notes the version of the terms of use that whoever signed up agreed to.
pub(in crate::flows) async fn note_agreement(
    tx: &mut Tx,
    id: AccountId,
    new: &accounts::NewAccountRow,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    let Some(version) = &new.terms else { return Ok(()) };
    let noted = Noted::by_owner(EventKind::TermsAgreed, version);
    security_log::note(tx, id, &noted, client, now).await
}
