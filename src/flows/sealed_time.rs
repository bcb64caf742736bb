//! A time that only this server can have written: encrypted under its secret keys, so that it proves when
//! something was handed out, and nothing has to be stored.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Millis, Random};
use secrets::SecretKeys;

/// `at`, encrypted for `context`, in letters that stand in an address. `None` when there is no randomness.
pub(super) fn seal(keys: &SecretKeys, random: &dyn Random, context: &str, at: Millis) -> Option<String> {
    keys.seal(random, context, &at.0.to_be_bytes()).ok().map(|sealed| URL_SAFE_NO_PAD.encode(sealed))
}

/// Whether `sealed` was made by [`seal`] for `context`, with one of `keys`, within `lasts` of `now`.
pub(super) fn is_lately(
    keys: &SecretKeys,
    context: &str,
    sealed: &str,
    (now, lasts): (Millis, Duration),
) -> bool {
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok();
    let opened = sealed.and_then(|sealed| keys.open(context, &sealed).ok());
    let Some(at) = opened.and_then(|time| Some(i64::from_be_bytes(time.as_slice().try_into().ok()?))) else {
        return false;
    };
    let lasts = i64::try_from(lasts.as_millis()).unwrap_or(i64::MAX);
    now.0.abs_diff(at) <= lasts.unsigned_abs()
}
