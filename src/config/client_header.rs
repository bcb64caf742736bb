//! The header in which proxies name the client, for the listener.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};
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

/// The network that `written` names: `10.0.0.0/8`, or one address. One of IPv4 addresses within IPv6
/// (`::ffff:10.0.0.0/104`) is that of the IPv4 addresses, as clients' addresses are. The network of all
/// addresses is none: everybody would name themselves.
pub(super) fn network(written: &str) -> Option<IpNet> {
    let written = written.trim();
    let network: IpNet = written.parse().ok().or_else(|| written.parse::<IpAddr>().ok().map(IpNet::from))?;
    let network = match (network.addr().to_canonical(), network) {
        (IpAddr::V4(address), IpNet::V6(mapped)) if mapped.prefix_len() >= MAPPED => {
            Ipv4Net::new(address, mapped.prefix_len() - MAPPED).ok()?.into()
        }
        _ => network,
    };
    (network.prefix_len() > 0).then_some(network)
}

/// The bits before an IPv4 address within IPv6 (RFC 4291, section 2.5.5.2).
const MAPPED: u8 = 96;

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn a_network_is_that_of_the_addresses_in_it() {
        for (written, meant) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            (" 10.0.0.7 ", "10.0.0.7/32"),
            ("2001:db8::7", "2001:db8::7/128"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("::ffff:10.0.0.7", "10.0.0.7/32"),
        ] {
            assert_eq!(network(written).unwrap().to_string(), meant);
        }
        for written in ["0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96", "10.0.0.0/33", "everybody", ""] {
            assert_eq!(network(written), None, "{written}");
        }
    }
}
