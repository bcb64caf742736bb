//! What the services are built from.

use std::sync::Arc;

use domain::{Clock, Random};
use exports::ExportFolder;
use hasher::Hasher;
use limiter::Limiter;
use outbound::Outbound;
use pictures::{PicturePool, PictureStorage};
use secrets::Keyring;
use store::Store;

use super::mail::MailParts;
use super::policy::AccountPolicy;
use super::webhooks::Webhook;

/// The dependencies of the services.
pub struct Parts {
    pub store: Store,
    pub hasher: Hasher,
    /// Rate limits and limits on guesses.
    pub limiter: Limiter,
    /// Decodes and scales uploaded pictures.
    pub pictures_at_work: PicturePool,
    /// Stores pictures.
    pub pictures: Arc<dyn PictureStorage>,
    /// Files with what accounts have, for their owners.
    pub exports: ExportFolder,
    /// The keys that secrets in the database are encrypted with.
    pub secrets: Keyring,
    pub mail: MailParts,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    /// Calls other servers.
    pub outbound: Outbound,
    /// Where this site is, without a slash at its end: the issuer of its tokens.
    pub issuer: String,
    pub policy: AccountPolicy,
    /// Other providers that people may sign in with.
    pub providers: Vec<::providers::Provider>,
    /// Sites that are told what happens.
    pub webhooks: Vec<Webhook>,
}
