//! The header in which proxies name the client, for the listener.

use std::net::IpAddr;

use ipnet::IpNet;
use listener::ClientHeader;

use super::Config;

impl Config {
    /// `ip_header` and `trusted_proxies`; `None` without a proxy.
    pub fn client_header(&self) -> Option<ClientHeader> {
        // Rocket takes `false` for none.
        let name: String = self.figment.extract_inner("ip_header").ok()?;
        let proxies = self.settings.trusted_proxies.iter().filter_map(|written| network(written)).collect();
        ClientHeader::new(&name, proxies)
    }
}

/// The network that `written` names: `10.0.0.0/8`, or one address.
pub(super) fn network(written: &str) -> Option<IpNet> {
    let written = written.trim();
    written.parse().ok().or_else(|| written.parse::<IpAddr>().ok().map(IpNet::from))
}
