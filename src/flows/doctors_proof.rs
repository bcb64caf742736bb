//! Whether whoever asks how a request has arrived is the operator's `doctor`, which reads the same secret key
//! as the server. Others learn nothing of the proxies in front of it.

use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, Random};
use secrets::{Keyring, SecretKeys};

use super::sealed_time;

/// What the time is encrypted for.
const CONTEXT: &str = "doctor";

/// How long a proof is believed.
const LASTS: Duration = Duration::from_secs(60);

/// Makes a proof: the time, encrypted. `None` when there is no randomness.
pub fn prove(keys: &SecretKeys, clock: &dyn Clock, random: &dyn Random) -> Option<String> {
    sealed_time::seal(keys, random, CONTEXT, clock.now())
}

/// Believes proofs.
pub struct DoctorsProof {
    pub(in crate::flows) secrets: Keyring,
    pub(in crate::flows) clock: Arc<dyn Clock>,
}

impl DoctorsProof {
    /// Whether `presented` was made lately with a key of this server.
    pub fn holds(&self, presented: &str) -> bool {
        // The keys in memory alone: an unknown one would have the file read again, for anybody.
        sealed_time::is_lately(&self.secrets.keys(), CONTEXT, presented, (self.clock.now(), LASTS))
    }
}
