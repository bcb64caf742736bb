//! A registration form without a password: an account at another provider signs in.

use super::registration::{NewRegistration, Person, Registrations};
use crate::flows::client::Client;
use crate::flows::refusals::spend_by_address;
use domain::AccountError;
use limiter::Action;
use store::accounts::NewAccountRow;

impl Registrations {
    /// Checks a form that has no password, as [`register`](Self::register) does with one, and counts it.
    /// `given` returns the typed value of an operator's field.
    ///
    /// # Errors
    /// `RegistrationClosed`; `Invalid` with every field that fails its check; `Throttled`.
    pub(in crate::flows) async fn check_without_password<'a>(
        &self,
        new: &NewRegistration<'a>,
        given: impl Fn(&str) -> Option<&'a str>,
        client: &Client,
    ) -> Result<NewAccountRow, AccountError> {
        self.require_open(client)?;
        let mut errors = Vec::new();
        let Person { email, username, name } = self.read(new, client, &mut errors);
        let fields = self.fields.parse(given, |field| new.asks_fields && field.sign_up);
        let fields = fields.map_err(|refused| errors.extend(refused)).unwrap_or_default();
        let (Some(email), true) = (email, errors.is_empty()) else {
            return Err(AccountError::Invalid(errors));
        };
        spend_by_address(&self.limiter, Action::Registration, client, self.clock.now())?;
        self.check_reach(&email, client).await?;
        Ok(self.row(new, email, (username, name, fields), client))
    }
}
