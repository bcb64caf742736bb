//! A client's IP, reduced to the block that providers assign to one customer.

use std::net::IpAddr;

/// An IPv4 address, or the /64 of an IPv6 address: a customer who has one address of a /64 has them all. An
/// IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) counts as IPv4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientIp(Network);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Network {
    V4([u8; 4]),
    V6([u16; 4]),
}

impl ClientIp {
    /// A number that no other client IP has, for queues that serve clients in turn.
    #[must_use]
    pub fn number(self) -> u64 {
        match self.0 {
            // The network ::/32, whose numbers these would be, is reserved (RFC 4291, section 2.5.5).
            Network::V4(octets) => u32::from_be_bytes(octets).into(),
            Network::V6(segments) => {
                segments.iter().fold(0, |number, part| (number << 16) | u64::from(*part))
            }
        }
    }
}

impl From<IpAddr> for ClientIp {
    fn from(ip: IpAddr) -> Self {
        Self(match ip.to_canonical() {
            IpAddr::V4(v4) => Network::V4(v4.octets()),
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                Network::V6([a, b, c, d])
            }
        })
    }
}
