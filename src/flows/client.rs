//! The origin of a request, and how long its sender can be kept waiting.

use std::net::IpAddr;

use domain::Token;
use domain::lifetimes::{TRUSTED_PATIENCE, TRUSTED_SPARE};
use domain::network_of;
use hasher::HashError;
use limiter::ClientIp;

/// The sender of a request.
#[derive(Clone, Debug)]
pub struct Client {
    /// IP address of its network connection.
    pub ip: IpAddr,
    /// Browser and system, such as `Firefox · Android`; may be empty.
    pub browser_label: String,
    /// Whether the sender is a server that presented an API key. Such a server acts for many people, so its
    /// IP address is not limited; and its own clients hang up soon, so it waits only `PATIENCE` for a hash.
    pub trusted: bool,
    /// The supported language that the request prefers, a code such as `fr`. A trusted server asks on behalf
    /// of others, and names their language.
    pub locale: Option<String>,
    /// The bearer that the request presents, of any dialect, whether it works or has ended. An account that
    /// gave it knows the sender as a device that has signed in before.
    pub bearer: Option<Token>,
}

/// Set in the number of a trusted server, which so waits apart from strangers at its address. No public IPv6
/// network (2000::/3) and no number of an IPv4 address has it.
const TRUSTED: u64 = 1 << 63;

impl Client {
    /// The number under which this client waits for a hash. Clients take turns.
    pub(super) fn in_line(&self) -> u64 {
        let address = ClientIp::from(self.ip).number();
        if self.trusted { address | TRUSTED } else { address }
    }

    /// The network that it sends from.
    pub(super) fn place(&self) -> String {
        network_of(self.ip)
    }

    pub(super) async fn wait_for<T>(
        &self,
        hash: impl Future<Output = Result<T, HashError>>,
    ) -> Result<T, HashError> {
        if !self.trusted {
            return hash.await;
        }
        let busy = HashError::Busy { retry_after: TRUSTED_PATIENCE };
        tokio::time::timeout(TRUSTED_PATIENCE, hash).await.unwrap_or(Err(busy))
    }

    /// Does optional work. A trusted server waits for it at most `SPARE`.
    pub(super) async fn spare_time_for<T, E>(&self, work: impl Future<Output = Result<T, E>>) -> Option<T> {
        if !self.trusted {
            return work.await.ok();
        }
        tokio::time::timeout(TRUSTED_SPARE, work).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::net::Ipv4Addr;

    use super::*;

    #[tokio::test]
    async fn a_trusted_server_does_not_wait_for_work_without_end() {
        let client = Client {
            ip: Ipv4Addr::LOCALHOST.into(),
            browser_label: String::new(),
            trusted: true,
            locale: None,
            bearer: None,
        };
        assert!(matches!(client.wait_for(pending::<Result<(), _>>()).await, Err(HashError::Busy { .. })));
        assert!(client.spare_time_for(pending::<Result<(), ()>>()).await.is_none());
        assert_eq!(client.spare_time_for(async { Ok::<_, ()>(1) }).await, Some(1));
    }
}
