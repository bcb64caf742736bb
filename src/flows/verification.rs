//! Proving that an address is one's own.

use std::time::Duration;

/// How long a link that proves an address works, from when it is sent.
pub(super) const VERIFICATION_LASTS: Duration = Duration::from_secs(24 * 3_600);
