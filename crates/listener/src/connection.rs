//! One client's connection, from the accept to the end. hyper speaks HTTP while there is something to say; an
//! idle connection is only a socket. The slot's clock closes a connection that exceeds a time-out.

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
use rocket::tokio::time::{Instant, Sleep, sleep_until};

use super::exchange::{Ends, Pending};
use super::rules::{HEAD_BYTES, HEADERS};
use super::shared::{READ_AHEAD, Shared};
use super::slot::{Slot, TimeoutCheck};
use super::slots::Stage;
use super::socket::Socket;
use super::stream::{DetachedStream, Handover};

/// hyper's HTTP/1 settings. hyper's own timer is off: one timer per request would cost more than all of
/// [`Slot`].
pub(super) fn protocol() -> hyper::server::conn::http1::Builder {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.header_read_timeout(None).max_buf_size(READ_AHEAD);
    // What is over the limits is read up to twice as much, so that the refusal can have its door's shape.
    http.max_header_size(2 * HEAD_BYTES).max_headers(2 * HEADERS);
    http
}

pub(super) async fn serve(shared: Arc<Shared>, slot: Slot, mut stream: TcpStream, peer: SocketAddr) {
    let slot = Arc::new(slot);
    // A socket without an address of its own has lost its client.
    let Ok(local) = stream.local_addr() else { return };
    let ends = Ends { peer, local: local.ip().to_canonical() };
    let mut alarm = pin!(sleep_until(Instant::now()));
    // Both may have been told while hyper spoke.
    while !slot.is_evicted() && slot.stage() != Stage::Ended {
        let readable = select! {
            biased;
            () = slot.nudged() => {
                alarm.as_mut().reset(Instant::now());
                false
            }
            readable = stream.readable() => match readable {
                Ok(()) => true,
                Err(_) => return,
            },
            () = alarm.as_mut() => {
                if !rings_on(&shared, &slot, alarm.as_mut()) {
                    return;
                }
                false
            }
        };
        if readable {
            stream = match speak(&shared, &slot, ends, stream, alarm.as_mut()).await {
                Some(silent) => silent,
                None => return,
            };
        }
    }
}

/// Lets hyper speak until the client has nothing more to ask: then it returns the stream, and hyper's buffers
/// are gone. `None` when the connection has ended or become an event stream.
async fn speak(
    shared: &Arc<Shared>,
    slot: &Arc<Slot>,
    ends: Ends,
    stream: TcpStream,
    mut alarm: Pin<&mut Sleep>,
) -> Option<TcpStream> {
    let handover = Handover::default();
    let socket = TokioIo::new(Socket::new(stream, Arc::clone(slot), Arc::clone(&shared.own_headers)));
    let service = service_fn(|request| Pending::new(shared, slot, &handover, ends, request));
    let mut connection = Box::new(shared.http.serve_connection(socket, service));
    loop {
        let speaking = poll_fn(|cx| match Pin::new(&mut *connection).poll(cx) {
            // The client caused any error here: it has left, or hyper has already answered its malformed
            // request.
            Poll::Ready(_) => Poll::Ready(Spoken::Last),
            // A poll that ends pending has written the head, unless the client reads nothing.
            Poll::Pending if slot.is_streaming() && !slot.is_blocked() => {
                handover.take().map_or(Poll::Pending, |told| Poll::Ready(Spoken::Head(Box::new(told))))
            }
            Poll::Pending if slot.is_silent() => Poll::Ready(Spoken::Answer),
            Poll::Pending => Poll::Pending,
        });
        select! {
            biased;
            spoken = speaking => {
                let Parts { io, read_buf, .. } = match spoken {
                    Spoken::Last => return None,
                    Spoken::Answer | Spoken::Head(_) => connection.into_parts(),
                };
                let (stream, silent) = io.into_inner().into_stream();
                let Spoken::Head(detached) = spoken else { return Some(stream) };
                let silent = silent && read_buf.is_empty();
                rocket::tokio::spawn(detached.write_events(Arc::clone(shared), stream, silent));
                return None;
            }
            () = slot.nudged() => match slot.stage() {
                _ if slot.is_evicted() => return None,
                Stage::Open => {}
                // Its clock is shorter now.
                Stage::Closing if slot.is_waiting() => alarm.as_mut().reset(Instant::now()),
                Stage::Closing => Pin::new(&mut *connection).graceful_shutdown(),
                Stage::Ended => return None,
            },
            () = alarm.as_mut() => {
                if !rings_on(shared, slot, alarm.as_mut()) {
                    return None;
                }
            }
        }
    }
}

/// What hyper has said.
enum Spoken {
    /// The last word of the connection.
    Last,
    /// A whole answer, behind which nothing has arrived.
    Answer,
    /// The head of an event stream.
    Head(Box<DetachedStream>),
}

/// Sets the alarm anew. Returns `false` when a time-out has passed.
fn rings_on(shared: &Shared, slot: &Slot, mut alarm: Pin<&mut Sleep>) -> bool {
    match slot.verdict(&shared.settings) {
        TimeoutCheck::Close => false,
        TimeoutCheck::AskAgainIn(wait) => {
            alarm.as_mut().reset(Instant::now() + wait);
            true
        }
    }
}
