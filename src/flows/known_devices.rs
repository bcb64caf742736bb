//! Who guesses at a password, for the limiter: a device that the account knows, a trusted server, or a
//! stranger at an IP.

use super::client::Client;
use domain::{AccountId, Token};
use limiter::{Device, Guesser, Subject};
use store::{Linked, StoreError, known_apps, known_browsers};

/// The accounts that know the sender of a request.
pub(super) struct KnownDevices {
    browsers: Vec<(AccountId, i64)>,
    apps: Vec<(AccountId, i64)>,
}

impl KnownDevices {
    /// Looks up what the request presents: the secret of a known browser, and a bearer. The queries do not
    /// depend on whose password is guessed, so the response time does not reveal which accounts exist.
    pub(super) async fn of(
        db: &mut impl Linked,
        browser: Option<&Token>,
        client: &Client,
    ) -> Result<Self, StoreError> {
        let browsers = match browser {
            Some(token) => known_browsers::find(db, &token.digest()).await?,
            None => Vec::new(),
        };
        let apps = match &client.bearer {
            Some(token) => known_apps::find(db, &token.digest()).await?,
            None => Vec::new(),
        };
        Ok(Self { browsers, apps })
    }

    /// Whether an account knows the browser, so that this server has issued its secret.
    pub(super) fn browser_is_ours(&self) -> bool {
        !self.browsers.is_empty()
    }

    /// Who guesses at the password of `account`, which is `subject` to strangers.
    pub(super) fn guesser(&self, account: AccountId, subject: Subject, client: &Client) -> Guesser {
        let known =
            |by: &[(AccountId, i64)]| by.iter().find(|(knows, _)| *knows == account).map(|(_, id)| *id);
        let device =
            known(&self.browsers).map(Device::Browser).or_else(|| known(&self.apps).map(Device::App));
        match device {
            Some(device) if !client.trusted => Guesser::KnownDevice { account: account.0, device },
            _ => stranger(subject, client),
        }
    }
}

/// A guesser whom the subject does not know: a trusted server, or somebody at the request's IP.
pub(super) fn stranger(subject: Subject, client: &Client) -> Guesser {
    if client.trusted {
        Guesser::TrustedServer { subject }
    } else {
        Guesser::Stranger { subject, ip: client.ip.into() }
    }
}
