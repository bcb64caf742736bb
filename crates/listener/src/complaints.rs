//! What the operator is told of requests that show a wrong set-up of the proxy in front: at most one line a
//! minute for each kind, because strangers can send such requests too.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rocket::tokio::time::Instant;

use super::client_header::{ClientHeader, Unknown};

/// The shortest time between two lines of one kind.
const PAUSE: Duration = Duration::from_secs(60);

/// When each kind was told last.
pub(super) struct Complaints {
    start: Instant,
    missing: AtomicU64,
    no_address: AtomicU64,
    list: AtomicU64,
    not_trusted: AtomicU64,
    not_asked: AtomicU64,
}

impl Complaints {
    pub(super) fn new() -> Complaints {
        let never = || AtomicU64::new(0);
        Complaints {
            start: Instant::now(),
            missing: never(),
            no_address: never(),
            list: never(),
            not_trusted: never(),
            not_asked: never(),
        }
    }

    /// Tells that the client of a request is not known.
    pub(super) fn unknown(&self, header: &ClientHeader, why: Unknown) {
        let name = header.name();
        match why {
            Unknown::Missing if self.due(&self.missing) => log::warn!(
                "setting `ip_header`: requests come without the header {name}, and count for the address that sent them; \
                 the proxy should set it"
            ),
            Unknown::NoAddress if self.due(&self.no_address) => {
                log::error!(
                    "setting `ip_header`: the header {name} of a request holds no address; it is answered 400"
                );
            }
            Unknown::List if self.due(&self.list) => log::error!(
                "setting `ip_header`: the header {name} of a request lists several addresses; it is answered 400. Name the \
                 proxies in `trusted_proxies`, or let the nearest proxy replace the header"
            ),
            _ => {}
        }
    }

    /// Tells that a proxy nearby is not among the trusted ones.
    pub(super) fn proxy_not_trusted(&self, header: &ClientHeader) {
        if self.due(&self.not_trusted) {
            log::warn!(
                "setting `trusted_proxies`: a proxy on this machine or network that it does not list sends the header {}, and \
                 its clients all count for its address",
                header.name()
            );
        }
    }

    /// Tells that there seems to be a proxy that no setting names, once.
    pub(super) fn proxy_not_named(&self) {
        if self.not_asked.swap(1, Ordering::Relaxed) == 0 {
            log::warn!(
                "requests come from a proxy on this machine or network, and all count for its address: set `ip_header` to \
                 the header in which it puts the client's"
            );
        }
    }

    /// Whether a line may be written, which is counted as written then.
    fn due(&self, told: &AtomicU64) -> bool {
        let pause = PAUSE.as_secs();
        let now = self.start.elapsed().as_secs() + pause;
        let last = told.load(Ordering::Relaxed);
        now >= last + pause && told.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}
