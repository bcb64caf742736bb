//! The program that started this one, such as systemd: it may hand over a socket that is bound already, and
//! is told when the server is ready and when it stops.

use std::net::TcpListener;

use listenfd::ListenFd;
use rustix::net::sockopt::socket_acceptconn;
use sd_notify::NotifyState;

use crate::config::StartError;

/// The socket that was handed over, `LISTEN_FDS` of sd_listen_fds(3). A supervisor keeps it open while the
/// server is restarted: whoever connects meanwhile waits in its queue. Called once, before any thread starts.
///
/// # Errors
/// There is more than one, or it is no TCP socket that listens.
pub(super) fn socket() -> Result<Option<TcpListener>, StartError> {
    let wrong = |why: &str| StartError::new(format!("LISTEN_FDS: {why}"));
    // To listenfd that is the same as none, and the server would bind an address that nobody looks at.
    let count = std::env::var_os("LISTEN_FDS").filter(|count| !count.is_empty());
    if count.is_some_and(|count| count.to_str().is_none_or(|count| count.parse::<u16>().is_err())) {
        return Err(wrong("should be the number of sockets that were handed over"));
    }
    let mut handed = ListenFd::from_env();
    if handed.len() > 1 {
        return Err(wrong(
            "several sockets were handed over, and one is wanted: write one `ListenStream=`, in a file beside the unit with an \
                 empty one before it",
        ));
    }
    let socket = handed.take_tcp_listener(0).map_err(|_| {
        wrong("what was handed over is no TCP socket; write `ListenStream=` with an address and a port")
    })?;
    match &socket {
        // With `Accept=yes` systemd starts a process for each connection and hands that over.
        Some(socket) if !socket_acceptconn(socket).unwrap_or(false) => {
            Err(wrong("the socket that was handed over does not listen; `Accept=` is to be `no`"))
        }
        _ => Ok(socket),
    }
}

/// Tells that requests are answered from now on.
pub(super) fn ready() {
    tell(NotifyState::Ready);
}

/// Tells that the server is about to stop.
pub(super) fn stopping() {
    tell(NotifyState::Stopping);
}

fn tell(state: NotifyState<'_>) {
    let what = state.to_string();
    if let Err(error) = sd_notify::notify(&[state]) {
        log::warn!("cannot tell the supervisor {what} (NOTIFY_SOCKET): {error}");
    }
}
