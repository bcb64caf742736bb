//! Whether whoever asks how a request has arrived is the operator's `doctor`, which reads the same secret key
//! as the server. Others learn nothing of the proxies in front of it.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Clock, Millis, Random};
use secrets::{Keyring, SecretKeys};

/// What the time is encrypted for.
const CONTEXT: &str = "doctor";

/// How long a proof is believed.
const LASTS: Duration = Duration::from_secs(60);

/// Makes a proof: the time, encrypted. `None` when there is no randomness.
pub fn prove(keys: &SecretKeys, clock: &dyn Clock, random: &dyn Random) -> Option<String> {
    let now = clock.now().0.to_be_bytes();
    keys.seal(random, CONTEXT, &now).ok().map(|sealed| URL_SAFE_NO_PAD.encode(sealed))
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
        let sealed = URL_SAFE_NO_PAD.decode(presented).ok();
        let opened = sealed.and_then(|sealed| self.secrets.keys().open(CONTEXT, &sealed).ok());
        let Some(at) = opened.and_then(|time| Some(i64::from_be_bytes(time.as_slice().try_into().ok()?)))
        else {
            return false;
        };
        let lasts = i64::try_from(LASTS.as_millis()).unwrap_or(i64::MAX);
        let Millis(now) = self.clock.now();
        now.abs_diff(at) <= lasts.unsigned_abs()
    }
}
