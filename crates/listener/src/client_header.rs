//! The client's address, as the proxies in front of the server name it.

use std::net::{IpAddr, SocketAddr};

use hyper::header::{HeaderMap, HeaderName};
use ipnet::IpNet;

/// A header in which proxies name the client's IP, such as `X-Real-IP` or `X-Forwarded-For`.
#[derive(Debug, Clone)]
pub struct ClientHeader {
    name: HeaderName,
    proxies: Vec<IpNet>,
}

/// Why a request's client is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    /// The request has no such header: its client may be the proxy itself.
    Missing,
    /// The header holds something else than an address.
    NoAddress,
    /// The header lists several addresses, and which of them are proxies is not known.
    List,
}

impl ClientHeader {
    /// The header `name`, which counts in requests from `proxies` alone; with none, from whoever connects.
    /// Returns `None` when `name` cannot be the name of a header.
    pub fn new(name: &str, proxies: Vec<IpNet>) -> Option<ClientHeader> {
        Some(ClientHeader { name: name.parse().ok()?, proxies })
    }

    pub(super) fn name(&self) -> &HeaderName {
        &self.name
    }

    /// Whether `peer` may name the client.
    pub(super) fn believes(&self, peer: IpAddr) -> bool {
        self.proxies.is_empty() || self.is_proxy(peer)
    }

    fn is_proxy(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|network| network.contains(&address))
    }

    /// The client of a request from `peer`. In a list each proxy has added at the end the address that it was
    /// called from, so the last one that is no proxy is the client.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Result<IpAddr, Unknown> {
        if !self.believes(peer) {
            return Ok(peer);
        }
        let mut last = Err(Unknown::Missing);
        let lines: Vec<_> = headers.get_all(&self.name).into_iter().collect();
        for line in lines.into_iter().rev() {
            let line = line.to_str().map_err(|_| Unknown::NoAddress)?;
            for written in line.rsplit(',').map(str::trim).filter(|written| !written.is_empty()) {
                if self.proxies.is_empty() && last.is_ok() {
                    return Err(Unknown::List);
                }
                let address = address(written).ok_or(Unknown::NoAddress)?;
                last = Ok(address);
                if !self.proxies.is_empty() && !self.is_proxy(address) {
                    return last;
                }
            }
        }
        last
    }
}

/// The address in `192.0.2.1`, `192.0.2.1:4000`, `2001:db8::7`, `[2001:db8::7]` or `[2001:db8::7]:443`.
fn address(written: &str) -> Option<IpAddr> {
    let bare = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let plain = match bare {
        Some(bare) => bare.parse().ok().map(IpAddr::V6),
        None => written.parse().ok(),
    };
    plain.or_else(|| Some(written.parse::<SocketAddr>().ok()?.ip())).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: &str = "10.0.0.2";

    fn client(proxies: &[&str], lines: &[&str]) -> Result<String, Unknown> {
        let proxies = proxies.iter().map(|network| network.parse().unwrap()).collect();
        let header = ClientHeader::new("X-Forwarded-For", proxies).unwrap();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        header.client(PEER.parse().unwrap(), &headers).map(|address| address.to_string())
    }

    #[test]
    fn an_address_may_have_a_port_and_brackets() {
        for (written, address) in [
            ("203.0.113.9", "203.0.113.9"),
            ("203.0.113.9:4000", "203.0.113.9"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:DB8::7]:443", "2001:db8::7"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("[::ffff:203.0.113.9]:1", "203.0.113.9"),
            (" 203.0.113.9 ,", "203.0.113.9"),
        ] {
            assert_eq!(client(&[], &[written]), Ok(address.to_owned()), "{written}");
        }
        for written in ["unknown", "203.0.113", "203.0.113.9:port", "[203.0.113.9]", "localhost", "a@b", "_x"]
        {
            assert_eq!(client(&[], &[written]), Err(Unknown::NoAddress), "{written}");
        }
        for lines in [&[][..], &[""], &[" , "]] {
            assert_eq!(client(&[], lines), Err(Unknown::Missing));
        }
    }

    #[test]
    fn the_last_address_of_a_list_that_is_no_proxy_is_the_client() {
        let proxies = ["10.0.0.0/8", "2001:db8::/32"];
        for (lines, address) in [
            (&["203.0.113.9"][..], "203.0.113.9"),
            (&["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
            (&["nonsense, 203.0.113.9:1, 10.1.2.3, [2001:db8::1]:2"], "203.0.113.9"),
            (&["198.51.100.1", "203.0.113.9, 10.1.2.3"], "203.0.113.9"),
            (&["10.1.1.1, 10.1.1.2"], "10.1.1.1"),
        ] {
            assert_eq!(client(&proxies, lines), Ok(address.to_owned()), "{lines:?}");
        }
        assert_eq!(client(&proxies, &["203.0.113.9, nonsense"]), Err(Unknown::NoAddress));
        assert_eq!(client(&[], &["203.0.113.9, 10.1.2.3"]), Err(Unknown::List));
        assert_eq!(client(&[], &["203.0.113.9", "10.1.2.3"]), Err(Unknown::List));
    }

    #[test]
    fn a_stranger_names_nobody() {
        assert_eq!(client(&["192.0.2.0/24"], &["203.0.113.9"]), Ok(PEER.to_owned()));
    }
}
