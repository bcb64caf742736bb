//! Whom a request counts for.

use std::net::IpAddr;

use hyper::header::HeaderMap;

use super::client_header::Unknown;
use super::shared::Shared;

/// The headers by which a proxy is known.
const FORWARDED: [&str; 3] = ["x-forwarded-for", "x-real-ip", "forwarded"];

/// The address that the request counts for; `None` when a proxy names the client in a way that is not clear.
/// `watched` says that it is a call of whoever watches the server, who need not be the proxy.
pub(super) fn client(shared: &Shared, headers: &HeaderMap, peer: IpAddr, watched: bool) -> Option<IpAddr> {
    let near = || match peer {
        IpAddr::V4(peer) => peer.is_loopback() || peer.is_private(),
        IpAddr::V6(peer) => peer.is_loopback() || peer.is_unique_local(),
    };
    let Some(header) = &shared.settings.client_header else {
        if near() && FORWARDED.iter().any(|name| headers.contains_key(*name)) {
            shared.complaints.proxy_not_named();
        }
        return Some(peer);
    };
    if !header.believes(peer) && headers.contains_key(header.name()) && near() {
        shared.complaints.proxy_not_trusted(header);
    }
    match header.client(peer, headers) {
        Ok(client) => Some(client),
        Err(why) => {
            if !(watched && why == Unknown::Missing) {
                shared.complaints.unknown(header, why);
            }
            (why == Unknown::Missing).then_some(peer)
        }
    }
}
