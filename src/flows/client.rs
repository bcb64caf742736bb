//! The origin of a request, and how long its sender can be kept waiting.

use std::net::IpAddr;
use std::time::Duration;

use hasher::HashError;

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
    /// The supported language that the request prefers, a code such as `fr`. `None` for a trusted server,
    /// which asks on behalf of others.
    pub locale: Option<String>,
}

impl Client {
    /// How long a trusted server waits for a hash. siberian's published clients hang up after three seconds,
    /// and a "busy" answer is better than none.
    const PATIENCE: Duration = Duration::from_millis(1_800);

    /// Extra time allowed for optional work (rehashing), which the next sign-in can do instead.
    const SPARE: Duration = Duration::from_millis(400);

    /// Waits for a hash; a trusted server waits for it at most `PATIENCE`.
    ///
    /// # Errors
    /// `Busy` after `PATIENCE`, and the errors of `hash`.
    pub(super) async fn wait_for<T>(
        &self,
        hash: impl Future<Output = Result<T, HashError>>,
    ) -> Result<T, HashError> {
        if !self.trusted {
            return hash.await;
        }
        let busy = HashError::Busy { retry_after: Self::PATIENCE };
        tokio::time::timeout(Self::PATIENCE, hash).await.unwrap_or(Err(busy))
    }

    /// Does optional work. A trusted server waits for it at most `SPARE`.
    pub(super) async fn spare_time_for<T, E>(&self, work: impl Future<Output = Result<T, E>>) -> Option<T> {
        if !self.trusted {
            return work.await.ok();
        }
        tokio::time::timeout(Self::SPARE, work).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::net::Ipv4Addr;

    use super::*;

    #[tokio::test]
    async fn all_that_a_trusted_server_waits_for_fits_into_what_its_clients_wait() {
        let client = Client {
            ip: Ipv4Addr::LOCALHOST.into(),
            browser_label: String::new(),
            trusted: true,
            locale: None,
        };
        let asked = tokio::time::Instant::now();
        assert!(matches!(client.wait_for(pending::<Result<(), _>>()).await, Err(HashError::Busy { .. })));
        assert!(client.spare_time_for(pending::<Result<(), ()>>()).await.is_none());
        let waited = asked.elapsed();
        assert!(waited < Duration::from_millis(2_500), "{waited:?}");
        assert_eq!(client.spare_time_for(async { Ok::<_, ()>(1) }).await, Some(1));
    }
}
