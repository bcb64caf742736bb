//! One request and its answer, as one future that owns everything that Rocket's request and response borrow.
//! It either resolves with a whole answer, or sends the head ahead and continues as the producer of the body,
//! see [`super::reply`].

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use hyper::body::Body;
use hyper::header::{CONTENT_TYPE, EXPECT, HeaderMap};
use hyper::{Request, Response};
use requests::BodySize;
use rocket::http::Status;
use rocket::local::asynchronous::LocalResponse;
use rocket::tokio::io::AsyncReadExt;
use rocket::tokio::runtime::Handle;
use rocket::tokio::select;
use rocket::tokio::sync::{mpsc, oneshot};

use super::access::Entry;
use super::buffers::Charge;
use super::client_net::ClientNet;
use super::detached::{Detached, detaching};
use super::drain::{Drained, drain};
use super::file::Pieces;
use super::head::{self, Target};
use super::incoming::IncomingBody;
use super::present::at_work;
use super::refusal;
use super::reply::{self, Completion, ReplyBody, ResponseFuture, Streamed};
use super::rules::{self, Broken};
use super::sender;
use super::shared::{READ_AHEAD, Shared};
use super::slot::Slot;
use super::slots::Stage;
use super::stream::{DetachedStream, Handover};
use super::under_way::Turn;

/// What a request in flight is charged beside its bodies: hyper's buffers, and Rocket's request and answer.
const REQUEST: u64 = 16 * 1024;

/// What an answer is charged beside its body, once the request is gone: hyper's buffers.
const ANSWER: u64 = 12 * 1024;

/// The largest request body, in bytes, that is read before Rocket sees the request.
const BUFFERED_REQUEST: usize = 64 * 1024;

/// The largest answer body, in bytes, that is complete before the head is written. Whoever reads nothing
/// holds it as long: a thousand such readers of the longer description of the APIs held 80 MiB.
const BUFFERED_REPLY: usize = 128 * 1024;

/// Read buffer for a longer answer body, in bytes.
const CHUNK: usize = 4 * 1024;

/// Read buffer for an event stream, in bytes. Small, because thousands of streams hold one for hours.
const EVENT: usize = 512;

/// The two ends of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub(super) peer: SocketAddr,
    pub(super) local: IpAddr,
}

/// An exchange that hyper polls. hyper drops it when the client leaves. A committed handler, which may be
/// writing, is not cancelled then: it runs to its end in a task of its own and keeps its slot until it has
/// ended.
pub(super) struct Pending {
    exchange: Option<ResponseFuture>,
    ahead: oneshot::Receiver<Response<(Streamed, Completion)>>,
    slot: Arc<Slot>,
}

impl Pending {
    pub(super) fn new(
        shared: &Arc<Shared>,
        slot: &Arc<Slot>,
        handover: &Handover,
        ends: Ends,
        request: Request<hyper::body::Incoming>,
    ) -> Pending {
        let (outlet, ahead) = oneshot::channel();
        let exchange: Option<ResponseFuture> = slot.begin(size_of(request.body())).map(|sound| {
            let (shared, slot) = (Arc::clone(shared), Arc::clone(slot));
            let run = run(shared, slot, handover.clone(), ends, sound, request, outlet);
            Box::pin(run) as ResponseFuture
        });
        Pending { exchange, ahead, slot: Arc::clone(slot) }
    }
}

impl Future for Pending {
    type Output = io::Result<Response<ReplyBody>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        if let Some(exchange) = &mut this.exchange
            && let Poll::Ready(answer) = exchange.as_mut().poll(cx)
        {
            this.exchange = None;
            if let Some(answer) = answer {
                return Poll::Ready(Ok(answer));
            }
        }
        Pin::new(&mut this.ahead).poll(cx).map(|ahead| {
            // Without a head there is no answer, and hyper closes the connection.
            let (head, (streamed, end)) =
                ahead.map_err(|_| io::Error::from(io::ErrorKind::ConnectionAborted))?.into_parts();
            let streamed = Streamed { exchange: this.exchange.take(), ..streamed };
            Ok(Response::from_parts(head, ReplyBody::streamed(streamed, end)))
        })
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(exchange) = self.exchange.take()
            && self.slot.is_committed()
            && !std::thread::panicking()
            && let Ok(runtime) = Handle::try_current()
        {
            let slot = Arc::clone(&self.slot);
            runtime.spawn(async move {
                select! {
                    _ = exchange => {}
                    () = slot.ended() => {}
                }
            });
        }
    }
}

async fn run(
    shared: Arc<Shared>,
    slot: Arc<Slot>,
    handover: Handover,
    ends: Ends,
    sound: bool,
    request: Request<hyper::body::Incoming>,
    outlet: oneshot::Sender<Response<(Streamed, Completion)>>,
) -> Option<Response<ReplyBody>> {
    let settings = &shared.settings;
    let (parts, body) = request.into_parts();
    let trusted = settings.client_header.as_ref().is_some_and(|header| header.believes(ends.peer.ip()));
    let ids = shared.ids.of(&parts.headers, trusted);
    let mut entry = settings.access_log.then(|| Entry::start(&parts.method, &ids));
    let mut target = Target::of(&parts, settings);
    let (mut data, mut incoming, mut close) = (Bytes::new(), None, false);
    let broken = rules::broken(&parts, sound, settings.hosts.as_ref(), ends.local);
    if let Some(Broken { status, closes }) = broken {
        target.refuse(status);
        close = closes;
    }
    let client = match sender::client(
        &shared,
        &parts.headers,
        ends.peer.ip(),
        settings.is_everywhere(parts.uri.path()),
    ) {
        Some(client) => client,
        None => {
            target.refuse(Status::BadRequest);
            ends.peer.ip()
        }
    };
    let net = ClientNet::of(client);
    let small = body.size_hint().exact().filter(|size| *size <= BUFFERED_REQUEST as u64).unwrap_or_default();
    let mut charge = match slot.admit(net, REQUEST + small).await {
        Some(charge) => charge,
        None => {
            target.refuse(Status::ServiceUnavailable);
            slot.charge(net, REQUEST)
        }
    };
    if !body.is_end_stream() {
        slot.await_body();
        let body = IncomingBody::new(body, settings.pace(), &slot);
        let buffered = buffer(body, target.refusal.is_some(), &mut charge).await;
        if !slot.body_arrived() {
            return None;
        }
        match buffered {
            Ok(Buffered::Whole(bytes)) => data = bytes,
            Ok(Buffered::Part(body)) => {
                charge.set(REQUEST + READ_AHEAD as u64);
                incoming = Some(body.park());
            }
            Err(error) => {
                close = true;
                target.refuse(match error.kind() {
                    io::ErrorKind::TimedOut => Status::RequestTimeout,
                    io::ErrorKind::InvalidData => Status::BadRequest,
                    _ => return None,
                });
            }
        }
    }

    if overrides_method(&parts.headers, &data) {
        target.refuse(Status::BadRequest);
    }

    let turn = match incoming {
        Some(_) => Turn::free(),
        None => shared.under_way.enter(net, &slot).await?,
    };
    let cookies = target.refusal.is_none();
    let mut request = head::copy(&parts, cookies, shared.client.req(target.method, target.uri));
    request.set_remote(SocketAddr::new(client, ends.peer.port()));
    if let Some(status) = target.refusal {
        refusal::mark(&request, status);
    }
    if let Some(incoming) = &incoming {
        incoming.attach(&request);
    }
    if !data.is_empty() {
        request.set_body(&data);
        drop(data);
    }
    slot.commit(target.method.supports_payload());
    let dispatch = at_work(ids.clone(), detaching(Box::pin(request.dispatch())));
    let ((mut reply, detached), by) = turn.run(dispatch).await;
    slot.commit(false);
    turn.end(&reply);

    let mut left = None;
    if let Some(incoming) = incoming {
        let expects_continue = parts.headers.contains_key(EXPECT);
        if let Drained::Partly(body) =
            drain(&incoming, reply.status(), expects_continue, settings.drain_limit).await
        {
            (left, close) = (body, true);
        }
    }
    let completion = Completion { slot, left, drain_limit: settings.drain_limit };
    let (events, file) = match detached {
        Some(Detached::Events(events)) => (Some(events), None),
        Some(Detached::File(file)) => (None, Some(file)),
        None => (None, None),
    };
    let size = match &file {
        Some(file) => usize::try_from(file.length()).ok(),
        None => reply.body().preset_size(),
    };
    let is_head = parts.method == hyper::Method::HEAD;
    let no_body = is_head || matches!(reply.status().code, 204 | 304);
    let bodiless = no_body || (reply.body().is_none() && file.is_none());
    let stated = size.filter(|_| is_head && events.is_none());
    let events = events.filter(|_| !no_body);
    close |= completion.slot.stage() != Stage::Open;
    if close {
        completion.slot.ends_here();
    }
    let head = reply::head(&reply, &ids.id, stated, close || events.is_some());
    if let Some(entry) = &mut entry {
        (entry.status, entry.by) = (reply.status().code, Some(by));
    }
    if let Some(events) = events {
        completion.slot.stream();
        let chunked = parts.version == hyper::Version::HTTP_11;
        handover.leave(DetachedStream { events, entry, chunked, completion });
        return Some(head.map(|()| ReplyBody::detached()));
    }
    if let Some(file) = file.filter(|_| !bodiless) {
        if let Some(entry) = &mut entry {
            entry.bytes = file.length();
        }
        charge.set(ANSWER);
        return Some(head.map(|()| ReplyBody::file(Pieces::new(file, net, charge), completion)));
    }
    if bodiless {
        return Some(head.map(|()| ReplyBody::whole(Bytes::new(), completion)));
    }
    if let Some(size) = size.filter(|size| *size <= BUFFERED_REPLY) {
        charge.set(REQUEST + size as u64);
        let bytes = read(&mut reply, size).await?;
        if let Some(entry) = &mut entry {
            entry.bytes = bytes.len() as u64;
        }
        charge.set(ANSWER + bytes.len() as u64);
        return Some(head.map(|()| ReplyBody::whole(charge.hold(bytes), completion)));
    }
    charge.set(REQUEST + READ_AHEAD as u64);

    let (sender, chunks) = mpsc::channel(1);
    let endless = reply::is_event_stream(&head);
    if endless {
        completion.slot.stream();
        charge.set(REQUEST);
    }
    let remaining = size.map(|size| size as u64);
    let streamed = Streamed { exchange: None, chunks, remaining, endless };
    outlet.send(head.map(|()| (streamed, completion))).ok()?;
    let piece_size = if endless { EVENT } else { CHUNK };
    loop {
        let mut chunk = BytesMut::with_capacity(piece_size);
        let piece = match reply.read_buf(&mut chunk).await {
            Ok(0) => break,
            Ok(_) => Ok(chunk.freeze()),
            Err(error) => Err(error),
        };
        let length = piece.as_ref().map_or(0, |chunk| chunk.len() as u64);
        if sender.send(piece).await.is_err() {
            break;
        }
        if let Some(entry) = &mut entry {
            entry.bytes += length;
        }
    }
    None
}

/// Whether the body is a form whose `_method` field would make Rocket change the request's method. Rocket
/// does so before any guard or fairing can refuse it, even for a form on another site's page.
fn overrides_method(headers: &HeaderMap, body: &[u8]) -> bool {
    let first = body.iter().position(|byte| *byte != b'&').map_or(&b""[..], |start| &body[start..]);
    first.starts_with(b"_method")
        && headers.get(CONTENT_TYPE).is_some_and(|kind| {
            kind.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
        })
}

enum Buffered {
    Whole(Bytes),
    Part(IncomingBody),
}

/// Reads a small body. A larger one stays unread. The size of a chunked body is not known in advance, so
/// bytes already read from it are put back in front.
async fn buffer(mut body: IncomingBody, unwanted: bool, charge: &mut Charge) -> io::Result<Buffered> {
    let length = body.content_length().map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    if unwanted || length.is_some_and(|length| length > BUFFERED_REQUEST) {
        return Ok(Buffered::Part(body));
    }
    let Some(first) = body.chunk().await? else {
        return Ok(Buffered::Whole(Bytes::new()));
    };
    if body.is_ended() {
        return Ok(Buffered::Whole(first));
    }
    let mut bytes = BytesMut::with_capacity(length.unwrap_or(2 * first.len()));
    bytes.extend_from_slice(&first);
    while bytes.len() <= BUFFERED_REQUEST {
        match body.chunk().await? {
            Some(chunk) => {
                if length.is_none() {
                    charge.add(chunk.len() as u64);
                }
                bytes.extend_from_slice(&chunk);
            }
            None => return Ok(Buffered::Whole(bytes.freeze())),
        }
        if body.is_ended() && bytes.len() <= BUFFERED_REQUEST {
            return Ok(Buffered::Whole(bytes.freeze()));
        }
    }
    body.unread(bytes.freeze());
    Ok(Buffered::Part(body))
}

/// The size of a body, as hyper understood the head.
fn size_of(body: &hyper::body::Incoming) -> BodySize {
    match body.is_end_stream() {
        true => BodySize::Bytes(0),
        false => body.size_hint().exact().map_or(BodySize::Chunks, BodySize::Bytes),
    }
}

/// Reads an answer body of known size. Returns `None` when reading fails.
async fn read(reply: &mut LocalResponse<'_>, size: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(size);
    while bytes.len() < size {
        match reply.read_buf(&mut bytes).await {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                log::warn!("the body of an answer could not be read: {error}");
                return None;
            }
        }
    }
    Some(bytes)
}
