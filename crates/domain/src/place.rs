//! The place from which somebody uses an account: a network, not an address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The network that an IP belongs to, such as `203.0.113.0/24` or `2001:db8:1:2::/64`. It tells an owner as
/// much as the address does, and it stays the same while a provider changes the address within it.
pub fn network_of(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => format!("{}/24", Ipv4Addr::from_bits(ip.to_bits() & (!0 << 8))),
        IpAddr::V6(ip) => format!("{}/64", Ipv6Addr::from_bits(ip.to_bits() & (!0 << 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_hides_the_machine() {
        for (ip, network) in [
            ("203.0.113.77", "203.0.113.0/24"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("::1", "::/64"),
        ] {
            assert_eq!(network_of(ip.parse().unwrap()), network, "{ip}");
        }
    }
}
