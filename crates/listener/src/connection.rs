//! One client's connection, from the accept to the end. hyper speaks HTTP; the slot's clock closes a
//! connection that exceeds a time-out.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use hyper::server::conn::http1::Parts;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rocket::tokio::net::TcpStream;
use rocket::tokio::select;
use rocket::tokio::time::{Instant, sleep_until};

use super::exchange::Pending;
use super::shared::Shared;
use super::slots::{Slot, Stage, TimeoutCheck};
use super::socket::Socket;
use super::stream::Handover;

/// The maximum number of bytes of a request's head. A longer head is answered 431.
const LONGEST_HEAD: usize = 32 * 1024;

/// The approximate number of bytes that hyper reads ahead of the request.
const READ_AHEAD: usize = 64 * 1024;

/// hyper's HTTP/1 settings. hyper's own timer is off: one timer per request would cost more than all of
/// [`Slot`].
pub(super) fn protocol() -> hyper::server::conn::http1::Builder {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.header_read_timeout(None).max_header_size(LONGEST_HEAD).max_buf_size(READ_AHEAD);
    http
}

pub(super) async fn serve(shared: Arc<Shared>, slot: Slot, stream: TcpStream, peer: SocketAddr) {
    let slot = Arc::new(slot);
    let handover = Handover::default();
    let socket = TokioIo::new(Socket::new(stream, Arc::clone(&slot)));
    let service = service_fn(|request| Pending::new(&shared, &slot, &handover, peer, request));
    let mut connection = shared.http.serve_connection(socket, service);
    let mut alarm = pin!(sleep_until(Instant::now()));
    loop {
        let speaking = poll_fn(|cx| match Pin::new(&mut connection).poll(cx) {
            // The client caused any error here: it has left, or hyper has already answered its malformed
            // request.
            Poll::Ready(_) => Poll::Ready(None),
            // A poll that ends pending has written the head, unless the client reads nothing.
            Poll::Pending if slot.is_streaming() && !slot.is_blocked() => {
                handover.take().map_or(Poll::Pending, |detached| Poll::Ready(Some(detached)))
            }
            Poll::Pending => Poll::Pending,
        });
        select! {
            biased;
            detached = speaking => {
                if let Some(detached) = detached {
                    let Parts { io, read_buf, .. } = connection.into_parts();
                    let stream = io.into_inner().into_stream();
                    rocket::tokio::spawn(detached.write_events(
                        Arc::clone(&shared),
                        stream,
                        read_buf.is_empty(),
                    ));
                }
                return;
            }
            () = slot.nudged() => match slot.stage() {
                _ if slot.is_evicted() => return,
                Stage::Open => {}
                Stage::Closing if slot.is_waiting() => return,
                Stage::Closing => Pin::new(&mut connection).graceful_shutdown(),
                Stage::Ended => return,
            },
            () = alarm.as_mut() => match slot.verdict(&shared.settings) {
                TimeoutCheck::Close => return,
                TimeoutCheck::AskAgainIn(wait) => alarm.as_mut().reset(Instant::now() + wait),
            },
        }
    }
}
