//! The listener's settings, and the number of sockets that the operating system allows.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::client_header::ClientHeader;
use super::hosts::KnownHosts;
use super::pace::Pace;

/// The maximum number of sockets by default, even if the operating system allows more: room for ten thousand
/// event streams and the requests beside them.
const MOST_CONNECTIONS: usize = 16_384;

/// The connections of one client by default, where these are at most half of all.
const CONNECTIONS_EACH: usize = 256;

/// Descriptors reserved for the database, pictures, mail and the standard streams.
const SPARE_DESCRIPTORS: usize = 256;

/// The settings of a [`Server`](super::Server). Every time-out must be longer than zero.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// Address to listen on. Default: 127.0.0.1.
    pub address: IpAddr,
    /// Port to listen on; 0 lets the system choose. Default: 8000.
    pub port: u16,
    /// The time within which a request's head must be complete, counted from the accept or from the head's
    /// first byte. Default: 10 s.
    pub header_timeout: Duration,
    /// How long a connection may be idle between two requests. Default: 15 s.
    pub keep_alive: Duration,
    /// The longest pause within a request body, and the waiting time before `body_min_rate` counts. Default:
    /// 10 s.
    pub body_idle_timeout: Duration,
    /// The slowest average rate of a body, in bytes per second; 0 allows any. Default: 8192.
    pub body_min_rate: u64,
    /// How long a client may read nothing while an answer waits for it, and the waiting time before
    /// `answer_min_rate` counts. Default: 30 s.
    pub write_timeout: Duration,
    /// The slowest average rate at which a client may read an answer, in bytes per second of waiting; 0
    /// allows any. Default: 4096.
    pub answer_min_rate: u64,
    /// The maximum number of open sockets; a number beyond the limit on open files is cut to it. `None`, the
    /// default, means that limit, but at most 16,384.
    pub max_connections: Option<usize>,
    /// The maximum number of open sockets of one client, an IPv4 address or an IPv6 network of 64 bits;
    /// event streams do not count. `None`, the default, means a quarter of all, but at least 256 or half of
    /// all. Without effect on proxies, see `client_header`.
    pub max_connections_each: Option<usize>,
    /// The maximum number of requests of one client that are dispatched at once; its others wait. Uploads do
    /// not count: they take as long as the client's connection. `None`, the default, allows any number.
    pub under_way_each: Option<usize>,
    /// The maximum number of bytes that requests in flight hold in memory: their heads, small bodies and
    /// answers, until the client takes the answer. One client has at most a quarter. A request for which
    /// there is no room after two seconds is refused with 503. Default: 16 MiB.
    pub buffer_bytes: u64,
    /// The header in which trusted proxies name the client's IP. Their connections are not shared out by
    /// peer, and their requests count for the client that the header names. A request is refused with 400
    /// when the header does not say clearly who that is. Default: none.
    pub client_header: Option<ClientHeader>,
    /// The hosts that requests may name; a request for another is refused with 421. `None`, the default,
    /// allows any.
    pub hosts: Option<KnownHosts>,
    /// The path that every request begins with, such as `/account`; Rocket sees what follows. A request for
    /// another path is refused with 404. Empty, the default, for the whole host.
    pub base: String,
    /// The paths that are served without `base`, too. Default: none.
    pub everywhere: Vec<String>,
    /// The headers of the listener's own refusals of malformed heads, which Rocket never sees. Default: none.
    pub own_headers: Vec<(String, String)>,
    /// The maximum number of bytes of an unread request body that are drained before an answer, and once more
    /// after it. Default: 32 MiB, more than most pictures of cameras.
    pub drain_limit: u64,
    /// How long running requests may take to finish after a stop was requested. Default: 10 s.
    pub grace: Duration,
    /// Whether each request is logged at level `info` under the target `vestibule::access`: method, route
    /// and door as [`answered_by`](super::answered_by) was told, status, body bytes, milliseconds, the id of
    /// the request and its trace. Default: off.
    pub access_log: bool,
}

impl Default for ServerSettings {
    fn default() -> Self {
        ServerSettings {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 8000,
            header_timeout: Duration::from_secs(10),
            keep_alive: Duration::from_secs(15),
            body_idle_timeout: Duration::from_secs(10),
            body_min_rate: 8 * 1024,
            write_timeout: Duration::from_secs(30),
            answer_min_rate: 4 * 1024,
            max_connections: None,
            max_connections_each: None,
            under_way_each: None,
            buffer_bytes: 16 * 1024 * 1024,
            client_header: None,
            hosts: None,
            base: String::new(),
            everywhere: Vec::new(),
            own_headers: Vec::new(),
            drain_limit: 32 * 1024 * 1024,
            grace: Duration::from_secs(10),
            access_log: false,
        }
    }
}

impl ServerSettings {
    /// Whether a request for `path` is served without `base`, too.
    pub(super) fn is_everywhere(&self, path: &str) -> bool {
        self.everywhere.iter().any(|open| open == path)
    }

    pub(super) fn pace(&self) -> Pace {
        Pace { idle: self.body_idle_timeout, min_rate: self.body_min_rate, grace: self.body_idle_timeout }
    }

    /// How many of `all` connections one client may have.
    pub(super) fn connections_each(&self, all: usize) -> usize {
        let default = (all / 4).max(CONNECTIONS_EACH.min(all / 2));
        self.max_connections_each.unwrap_or(default).max(1)
    }

    /// Raises the soft limit on open files to the hard limit, and returns the number of sockets that it
    /// allows.
    pub(super) fn connection_cap(&self) -> usize {
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
        let current = match setrlimit(Resource::Nofile, raised) {
            Ok(()) => limit.maximum,
            Err(_) => limit.current,
        };
        let files = current.and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
        let room = files - SPARE_DESCRIPTORS.min(files / 4);
        self.max_connections.unwrap_or(MOST_CONNECTIONS).min(room).max(1)
    }
}
