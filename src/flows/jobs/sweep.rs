//! Removal of expired rows.

use std::sync::Arc;
use std::time::Duration;

use crate::flows::data_export::strays as stray_files;
use crate::flows::webhooks::strays;
use domain::{Clock, Millis, SessionLimits, lifetimes};
use exports::ExportFolder;
use store::{
    Store, StoreError, Tx, accounts, audit_events, bearers, data_exports, exchanged_bearers,
    former_usernames, mail_log, mailboxes, oidc_codes, oidc_devices, oidc_pushed_requests, oidc_signing_keys,
    oidc_tokens, outbox, paired_devices, passkey_challenges, pending_identities, pending_sign_ins,
    provider_departures, sessions, tickets, totp_secrets, webhook_deliveries,
};

/// Accounts of an earlier version that are brought up to date in one transaction.
const FILLED_AT_ONCE: i64 = 200;

/// Removes expired rows.
#[derive(Clone)]
pub struct Sweep {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) limits: SessionLimits,
    /// How long events are kept.
    pub(in crate::flows) audit_kept: Duration,
    /// The names of the webhooks in the settings.
    pub(in crate::flows) webhooks: Vec<String>,
    /// Where the files with what accounts have are.
    pub(in crate::flows) exports: ExportFolder,
}

impl Sweep {
    /// Removes expired sessions, bearers, pairings, tickets, counts of mail, the log of mail, mail and
    /// messages to sites that were set aside, pending sign-ins, events, secrets of authenticator apps that
    /// nobody confirmed, codes, tokens, devices, pushed requests and signing keys of OpenID Connect, ways
    /// to other providers and back, reservations of usernames, and files with what accounts have. Returns
    /// how many rows were removed.
    pub async fn now(&self) -> Result<u64, StoreError> {
        let (now, limits, kept) = (self.clock.now(), self.limits, self.audit_kept);
        let mut gone = 0;
        // What a migration leaves to do, in parts that keep nobody waiting.
        while self.store.transact(async |tx| accounts::fill_name_keys(tx, FILLED_AT_ONCE).await).await? > 0 {}
        strays::set_aside(&self.store, self.clock.as_ref(), &self.webhooks).await?;
        for kind in Expired::ALL {
            // Each transaction removes a bounded number of rows, so other writers never wait long.
            loop {
                match self.store.transact(async |tx| kind.prune(tx, &limits, kept, now).await).await? {
                    0 => break,
                    some => gone += some,
                }
            }
        }
        // Their rows went before. What cannot be removed now is tried again in an hour.
        if let Err(error) = stray_files::remove(&self.store, &self.exports).await {
            log::warn!("files with people's data were not removed: {error}");
        }
        Ok(gone)
    }

    /// Starts a task that sweeps every hour.
    pub fn keep(&self) {
        let sweep = self.clone();
        tokio::spawn(async move {
            let mut every = tokio::time::interval(lifetimes::SWEEP_EVERY);
            loop {
                every.tick().await;
                if let Err(error) = sweep.now().await {
                    log::warn!("expired sessions were not cleared away: {error}");
                }
            }
        });
    }
}

/// The kinds of rows that expire.
#[derive(Clone, Copy)]
enum Expired {
    Sessions,
    Bearers,
    ExchangedBearers,
    Pairings,
    Tickets,
    Mail,
    MailLog,
    WebhookDeliveries,
    MailboxUses,
    PendingSignIns,
    PasskeyChallenges,
    AuditEvents,
    PendingTotp,
    OidcCodes,
    OidcTokens,
    OidcDevices,
    OidcPushedRequests,
    OidcSigningKeys,
    ProviderDepartures,
    PendingIdentities,
    FormerUsernames,
    DataExports,
}

impl Expired {
    const ALL: [Self; 22] = [
        Self::Sessions,
        Self::Bearers,
        Self::ExchangedBearers,
        Self::Pairings,
        Self::Tickets,
        Self::Mail,
        Self::MailLog,
        Self::WebhookDeliveries,
        Self::MailboxUses,
        Self::PendingSignIns,
        Self::PasskeyChallenges,
        Self::AuditEvents,
        Self::PendingTotp,
        Self::OidcCodes,
        Self::OidcTokens,
        Self::OidcDevices,
        Self::OidcPushedRequests,
        Self::OidcSigningKeys,
        Self::ProviderDepartures,
        Self::PendingIdentities,
        Self::FormerUsernames,
        Self::DataExports,
    ];

    /// Removes a bounded number of rows and returns how many.
    async fn prune(
        self,
        tx: &mut Tx,
        limits: &SessionLimits,
        audit_kept: Duration,
        now: Millis,
    ) -> Result<u64, StoreError> {
        match self {
            Self::Sessions => {
                let (idle, absolute) = (now.before(limits.idle), now.before(limits.absolute));
                Ok(sessions::prune(tx, idle, absolute).await? as u64)
            }
            Self::Bearers => bearers::prune(tx, now).await,
            Self::ExchangedBearers => exchanged_bearers::prune(tx, now).await,
            Self::Pairings => paired_devices::prune(tx, now.before(lifetimes::KEEP_PAIRING)).await,
            Self::Tickets => tickets::prune(tx, now, now.before(lifetimes::KEEP_TICKET)).await,
            Self::Mail => outbox::prune(tx, now.before(lifetimes::KEEP_FAILED_MAIL)).await,
            Self::MailLog => mail_log::prune(tx, now.before(lifetimes::KEEP_MAIL_LOG)).await,
            Self::WebhookDeliveries => {
                webhook_deliveries::prune(tx, now.before(lifetimes::KEEP_FAILED_WEBHOOK)).await
            }
            Self::PendingSignIns => pending_sign_ins::prune(tx, now).await,
            Self::PasskeyChallenges => passkey_challenges::prune(tx, now).await,
            Self::AuditEvents => audit_events::prune(tx, now.before(audit_kept)).await,
            Self::PendingTotp => totp_secrets::prune(tx, now.before(lifetimes::PENDING_TOTP)).await,
            Self::OidcCodes => oidc_codes::prune(tx, now.before(lifetimes::KEEP_OIDC_CODE)).await,
            Self::OidcTokens => oidc_tokens::prune(tx, now).await,
            Self::OidcDevices => oidc_devices::prune(tx, now.before(lifetimes::KEEP_DEVICE)).await,
            Self::OidcPushedRequests => {
                oidc_pushed_requests::prune(tx, now.before(lifetimes::PUSHED_REQUEST)).await
            }
            Self::OidcSigningKeys => {
                oidc_signing_keys::prune(tx, now.before(lifetimes::SIGNING_KEY_NEEDED)).await
            }
            Self::ProviderDepartures => provider_departures::prune(tx, now).await,
            Self::PendingIdentities => pending_identities::prune(tx, now).await,
            Self::FormerUsernames => former_usernames::prune(tx, now).await,
            Self::DataExports => data_exports::prune(tx, now.before(lifetimes::KEEP_DATA_EXPORT)).await,
            Self::MailboxUses => mailboxes::prune(tx, now.before(lifetimes::MAILBOX_WINDOW)).await,
        }
    }
}
