//! Changes of the profile by the account's owner.

use std::sync::Arc;

use crate::flows::client::Client;
use crate::flows::passwords::Passwords;
use crate::flows::refusals::spend;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::signed_in::{SignedIn, require_session};
use domain::{
    AccountError, Clock, CustomFields, EventKind, Field, FieldCode, FieldError, ProfileChange, Random,
    SignUpRules, UsernameLife, Verification, clean_name,
};
use limiter::{Action, Limiter};
use store::{Store, accounts};

pub struct Profiles {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) passwords: Passwords,
    pub(in crate::flows) verification: Verification,
    pub(in crate::flows) rules: SignUpRules,
    pub(in crate::flows) usernames: UsernameLife,
    pub(in crate::flows) fields: CustomFields,
    pub(in crate::flows) locales: Vec<String>,
}

/// What was typed into the profile form. `None` means that the form did not have the field.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProfileInput<'a> {
    /// Display name.
    pub name: Option<&'a str>,
    /// First name.
    pub firstname: Option<&'a str>,
    /// Last name.
    pub lastname: Option<&'a str>,
    /// Language code; empty for the browser's language.
    pub locale: Option<&'a str>,
}

impl Profiles {
    /// Changes names, language and the operator's fields. `given` returns the typed value of an operator's
    /// field.
    ///
    /// # Errors
    /// `Invalid` with every field that fails its check; `Throttled`.
    pub async fn change_profile<'a>(
        &self,
        who: &SignedIn,
        input: &ProfileInput<'a>,
        given: impl Fn(&str) -> Option<&'a str>,
        client: &Client,
    ) -> Result<(), AccountError> {
        spend(&self.limiter, Action::SettingsWrite, who.account().id, client, self.clock.now())?;
        let mut errors = Vec::new();
        let name = clean_name(Field::Name, input.name, &mut errors);
        let firstname = clean_name(Field::Firstname, input.firstname, &mut errors);
        let lastname = clean_name(Field::Lastname, input.lastname, &mut errors);
        let locale = match input.locale.map(str::trim) {
            None => None,
            Some("") => Some(None),
            Some(code) if self.locales.iter().any(|known| known == code) => Some(Some(code.to_owned())),
            Some(_) => {
                errors.push(FieldError { field: Field::Locale, code: FieldCode::LocaleUnknown });
                None
            }
        };
        let fields = self.fields.parse(given, |_| false);
        let fields = fields.map_err(|refused| errors.extend(refused)).unwrap_or_default();
        if !errors.is_empty() {
            return Err(AccountError::Invalid(errors));
        }
        let change = ProfileChange { name, firstname, lastname, locale, fields };
        let (id, now) = (who.account().id, self.clock.now());
        self.store
            .transact_on(id, async |tx| {
                // The lock keeps two forms sent at once from undoing each other's changes.
                require_session(tx, who).await?;
                let Some(present) = accounts::find(tx, id).await? else { return Ok(()) };
                accounts::update_profile(tx, &present.account, &change, now).await?;
                if change.changes(&present.account) {
                    let noted = Noted::by_owner(EventKind::ProfileChanged, "");
                    security_log::note(tx, id, &noted, client, now).await?;
                }
                Ok(())
            })
            .await
    }

    /// Notes that the owner agrees to the terms of use of `version`, if those are today's.
    ///
    /// # Errors
    /// `NotFound` where there are none, `Invalid` for another version; `Throttled`.
    pub async fn agree(&self, who: &SignedIn, version: &str, client: &Client) -> Result<(), AccountError> {
        let terms = self.rules.terms.as_ref().ok_or(AccountError::NotFound)?;
        if terms.version != version {
            return Err(AccountError::field(Field::Terms, FieldCode::TermsWanted));
        }
        let (id, now) = (who.account().id, self.clock.now());
        spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        self.store
            .transact_on(id, async |tx| {
                require_session(tx, who).await?;
                let found = accounts::find(tx, id).await?;
                if found.is_some_and(|found| found.account.terms.as_deref() == Some(version)) {
                    return Ok(());
                }
                accounts::agree(tx, id, version, now).await?;
                let noted = Noted::by_owner(EventKind::TermsAgreed, version);
                Ok(security_log::note(tx, id, &noted, client, now).await?)
            })
            .await
    }
}
