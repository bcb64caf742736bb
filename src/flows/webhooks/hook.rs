//! A site that is told what happens.

use domain::lifetimes::WEBHOOK_WAITED;
use domain::{Millis, WebhookEvent};
use outbound::{Answered, Outbound, OutboundError};
use signing::WebhookSecrets;
use url::Url;

/// A webhook of the settings.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Its name in the settings.
    pub name: String,
    /// Where messages go.
    pub url: Url,
    /// What they are signed with.
    pub secrets: WebhookSecrets,
    /// What it is told.
    pub events: Vec<WebhookEvent>,
}

impl Webhook {
    /// Sends `body` as the message `message`, signed as of `now`.
    pub(super) async fn tell(
        &self,
        outbound: &Outbound,
        message: &str,
        body: &str,
        now: Millis,
    ) -> Result<Answered, OutboundError> {
        let second = now.0.div_euclid(1_000);
        let signature = self.secrets.sign(message, second, body);
        let headers = [
            ("webhook-id", message),
            ("webhook-timestamp", &*second.to_string()),
            ("webhook-signature", &*signature),
        ];
        outbound.tell(&self.url, &headers, body.to_owned(), WEBHOOK_WAITED).await
    }
}
