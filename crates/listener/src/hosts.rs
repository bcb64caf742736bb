//! The hosts that requests may name. A request for another host came astray, or a page of a stranger's name
//! that leads here sent it: links and caches must not take that name for ours.

use std::net::IpAddr;

/// The host names of a site.
#[derive(Debug, Clone, Default)]
pub struct KnownHosts {
    /// Names without a port, such as `accounts.example.org`.
    pub names: Vec<String>,
    /// Paths that are answered whatever host is named, such as `/health`: whoever watches the server knows it
    /// by other names.
    pub open_paths: Vec<String>,
}

impl KnownHosts {
    /// Whether a request for `path` at `host`, a name without a port, is for this site. Beside the names,
    /// that is the IP address `local` that the connection came to, and this machine's own names.
    pub(super) fn serve(&self, host: Option<&str>, path: &str, local: IpAddr) -> bool {
        let known = host.is_some_and(|host| {
            let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
            let ip = literal.map(|ip| ip.to_canonical());
            host.eq_ignore_ascii_case("localhost")
                || ip.is_some_and(|ip| ip == local || ip.is_loopback())
                || self.names.iter().any(|name| name.eq_ignore_ascii_case(host))
        });
        known || self.open_paths.iter().any(|open| open == path.trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sites_names_and_the_machines_own_are_served_and_open_paths_always() {
        let hosts =
            KnownHosts { names: vec!["accounts.example.org".into()], open_paths: vec!["/health".into()] };
        let local = "10.0.0.7".parse().unwrap();
        for known in
            ["accounts.example.org", "ACCOUNTS.example.org", "localhost", "127.0.0.1", "[::1]", "10.0.0.7"]
        {
            assert!(hosts.serve(Some(known), "/user/login", local), "{known}");
        }
        for unknown in ["example.org", "accounts.example.org.", "10.0.0.8", "x.localhost", ""] {
            assert!(!hosts.serve(Some(unknown), "/user/login", local), "{unknown}");
            assert!(hosts.serve(Some(unknown), "/health", local));
            assert!(hosts.serve(Some(unknown), "/health/", local));
        }
        assert!(!hosts.serve(None, "/health/x", local));
    }
}
