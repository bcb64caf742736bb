//! Who counts as one client: an IPv4 address, or an IPv6 network of 64 bits, the least that a subscriber
//! gets.

use std::net::IpAddr;

/// Marks an IPv4 address. As the upper half of an IPv6 address it lies in a range that is never routed.
const IPV4: u64 = 1 << 32;

/// The network of a client. All connections and requests from it count as one client's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ClientNet(u64);

impl ClientNet {
    pub(super) fn of(ip: IpAddr) -> ClientNet {
        match ip.to_canonical() {
            IpAddr::V4(ip) => ClientNet(IPV4 | u64::from(ip.to_bits())),
            IpAddr::V6(ip) => {
                let [a, b, c, d, e, f, g, h, ..] = ip.octets();
                ClientNet(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
            }
        }
    }

    /// The network as a number, for an atomic.
    pub(super) fn number(self) -> u64 {
        self.0
    }

    pub(super) fn from_number(number: u64) -> ClientNet {
        ClientNet(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_an_ipv4_address_or_an_ipv6_network_of_64_bits() {
        let net = |ip: &str| ClientNet::of(ip.parse().unwrap());
        assert_eq!(net("192.0.2.1"), net("::ffff:192.0.2.1"));
        assert_ne!(net("192.0.2.1"), net("192.0.2.2"));
        assert_eq!(net("2001:db8:1:2::1"), net("2001:db8:1:2:ffff::9"));
        assert_ne!(net("2001:db8:1:2::1"), net("2001:db8:1:3::1"));
        assert_ne!(net("0.0.0.0"), net("::1"));
    }
}
