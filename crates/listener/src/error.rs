//! The errors of starting and stopping a server.

use std::fmt;
use std::io;
use std::net::SocketAddr;

/// Why a server could not start, or did not stop cleanly.
#[derive(Debug)]
pub enum ServeError {
    /// The address could not be bound.
    Bind(SocketAddr, io::Error),
    /// The socket that was handed over cannot be used.
    Socket(io::Error),
    /// Rocket refused to launch, for the reason in its error's text.
    Launch(String),
    /// A request could not be dropped when the grace was over, so Rocket's shutdown fairings have not run.
    Unfinished,
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServeError::Bind(address, error) => write!(f, "cannot listen on {address}: {error}"),
            ServeError::Socket(error) => {
                write!(f, "cannot listen on the socket that was handed over: {error}")
            }
            ServeError::Launch(reason) => write!(f, "cannot launch: {reason}"),
            ServeError::Unfinished => f.write_str("a request does not end"),
        }
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ServeError::Bind(_, error) | ServeError::Socket(error) => Some(error),
            ServeError::Launch(_) | ServeError::Unfinished => None,
        }
    }
}
