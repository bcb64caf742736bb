//! One client's socket, from its accept to its end: hyper speaks, and the seat's clock ends what takes too
//! long.

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

use super::Shared;
use super::exchange::Pending;
use super::seats::{Seat, Stage, Verdict};
use super::socket::Socket;
use super::stream::Handover;

/// Most bytes of a request's head. Longer ones get a 431.
const LONGEST_HEAD: usize = 32 * 1024;

/// About how many bytes are read ahead of what was asked for.
const READ_AHEAD: usize = 64 * 1024;

/// hyper's part of the listener. It has no clock of its own: a timer per request would cost more than all of
/// [`Seat`].
pub(super) fn protocol() -> hyper::server::conn::http1::Builder {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.header_read_timeout(None).max_header_size(LONGEST_HEAD).max_buf_size(READ_AHEAD);
    http
}

pub(super) async fn serve(shared: Arc<Shared>, seat: Seat, stream: TcpStream, peer: SocketAddr) {
    let seat = Arc::new(seat);
    let handover = Handover::default();
    let socket = TokioIo::new(Socket::new(stream, Arc::clone(&seat)));
    let service = service_fn(|request| Pending::new(&shared, &seat, &handover, peer, request));
    let mut connection = shared.http.serve_connection(socket, service);
    let mut alarm = pin!(sleep_until(Instant::now()));
    loop {
        let talk = poll_fn(|cx| match Pin::new(&mut connection).poll(cx) {
            // An error here is the client's doing, and it has left or has been told.
            Poll::Ready(_) => Poll::Ready(None),
            // By now the head of an answer that is there is written, unless the client takes in no more.
            Poll::Pending if seat.is_streaming() && !seat.is_blocked() => {
                handover.take().map_or(Poll::Pending, |told| Poll::Ready(Some(told)))
            }
            Poll::Pending => Poll::Pending,
        });
        select! {
            biased;
            told = talk => {
                if let Some(told) = told {
                    let Parts { io, read_buf, .. } = connection.into_parts();
                    let stream = io.into_inner().into_stream();
                    rocket::tokio::spawn(told.tell(Arc::clone(&shared), stream, read_buf.is_empty()));
                }
                return;
            }
            () = seat.nudged() => match seat.stage() {
                _ if seat.is_evicted() => return,
                Stage::Open => {}
                Stage::Closing if seat.is_waiting() => return,
                Stage::Closing => Pin::new(&mut connection).graceful_shutdown(),
                Stage::Ended => return,
            },
            () = alarm.as_mut() => match seat.verdict(&shared.settings) {
                Verdict::Close => return,
                Verdict::AskAgainIn(wait) => alarm.as_mut().reset(Instant::now() + wait),
            },
        }
    }
}
