//! The server: binds an address, accepts connections, and stops.

use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use rocket::local::asynchronous::Client;
use rocket::tokio::net::{TcpListener, TcpSocket, TcpStream};
use rocket::tokio::runtime::Handle;
use rocket::tokio::select;
use rocket::tokio::signal::unix::{SignalKind, signal};
use rocket::tokio::time::{Instant, sleep};
use rocket::{Build, Rocket};
use rustix::net::sockopt::set_socket_send_buffer_size;

use super::client_net::ClientNet;
use super::complaints::Complaints;
use super::connections::Connections;
use super::error::ServeError;
use super::request_ids::IdMaker;
use super::settings::ServerSettings;
use super::shared::Shared;
use super::shares::Bounds;
use super::slot::Slot;
use super::slots::{Slots, Stage};
use super::under_way::UnderWay;
use super::victims::Need;
use super::{connection, refusal};

/// The maximum number of connections that the operating system queues until they are accepted.
const BACKLOG: u32 = 1024;

/// The send buffer of a socket, in bytes, of which Linux takes twice as much. Without it the system takes
/// megabytes of answers for a client that reads nothing.
const SEND_BUFFER: usize = 128 * 1024;

/// The pause after the operating system could not provide another socket.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A launched Rocket and a bound address, before the first connection is accepted.
pub struct Server {
    shared: Arc<Shared>,
    slots: Arc<Slots>,
    listener: TcpListener,
    address: SocketAddr,
    /// Whether somebody else keeps the socket open, whose next server answers what is in its queue.
    handed: bool,
}

impl Server {
    /// Binds the address, then launches `rocket`, so that its liftoff fairings see the bound port in their
    /// config. From now on clients can connect; [`Server::run`] answers them. Must be called within a Tokio
    /// runtime.
    ///
    /// Handlers see the client's address in `request.remote()`. A handler of `POST`, `PUT`, `PATCH` or
    /// `DELETE` runs to its end even when its client leaves. A handler of another method is dropped then, at
    /// the point where it awaits.
    ///
    /// # Errors
    /// [`ServeError::Bind`] when the address cannot be bound, [`ServeError::Launch`] when Rocket refuses to
    /// launch.
    pub async fn bind(rocket: Rocket<Build>, settings: ServerSettings) -> Result<Server, ServeError> {
        let wanted = SocketAddr::new(settings.address, settings.port);
        let listener = listen(wanted).map_err(|error| ServeError::Bind(wanted, error))?;
        Self::launch(rocket, settings, listener, false).await
    }

    /// As [`Server::bind`], on a socket that listens already and that others may keep open. The settings
    /// `address` and `port` have no effect.
    ///
    /// # Errors
    /// [`ServeError::Socket`] when it cannot be used, [`ServeError::Launch`] when Rocket refuses to launch.
    pub async fn on(
        socket: StdListener,
        rocket: Rocket<Build>,
        settings: ServerSettings,
    ) -> Result<Server, ServeError> {
        let listener = adopt(socket).map_err(ServeError::Socket)?;
        Self::launch(rocket, settings, listener, true).await
    }

    async fn launch(
        rocket: Rocket<Build>,
        settings: ServerSettings,
        listener: TcpListener,
        handed: bool,
    ) -> Result<Server, ServeError> {
        let address = listener.local_addr().map_err(ServeError::Socket)?;
        let figment =
            rocket.figment().clone().merge(("address", address.ip())).merge(("port", address.port()));
        let rocket = rocket.configure(figment).mount("/", [refusal::route()]);
        // Converted to text at once: Rocket's error panics when it is dropped without having been read.
        let client =
            Client::untracked(rocket).await.map_err(|error| ServeError::Launch(error.to_string()))?;
        let count = settings.connection_cap();
        let bounds = Bounds { slots_each: settings.connections_each(count), bytes: settings.buffer_bytes };
        let slots = Arc::new(Slots::new(count, bounds));
        let own_headers = settings.own_headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let own_headers = own_headers.collect::<String>().into_bytes().into();
        let under_way = UnderWay::new(settings.under_way_each, Handle::current().metrics().num_workers());
        let (complaints, ids) = (Complaints::new(), IdMaker::new());
        let http = connection::protocol();
        let shared = Arc::new(Shared { client, settings, under_way, complaints, ids, own_headers, http });
        Ok(Server { shared, slots, listener, address, handed })
    }

    /// The bound address, with the port that the operating system chose if the setting was 0.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Counts the connections.
    pub fn connections(&self) -> Connections {
        Connections::of(&self.slots)
    }

    /// Serves until `shutdown` resolves or Rocket's own shutdown is notified. Then it stops accepting
    /// connections, ends event streams, gives running requests `grace` to finish, and drops the others.
    /// Connections that wait for a request get 300 ms more to bring one, as it may be on its way, then they
    /// are closed. Finally it runs Rocket's shutdown fairings.
    ///
    /// # Errors
    /// [`ServeError::Unfinished`] when a handler blocks its thread beyond the grace.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), ServeError> {
        let Server { shared, slots, listener, handed, .. } = self;
        let notified = shared.client.rocket().shutdown();
        let mut stop = pin!(async {
            select! {
                () = shutdown => {}
                () = notified => {}
            }
        });
        select! {
            biased;
            () = stop.as_mut() => {}
            () = accept(&shared, &slots, &listener) => {}
        }
        if !handed {
            accept_the_rest(&shared, &slots, &listener).await;
        }
        drop(listener);

        slots.enter(Stage::Closing);
        shared.client.rocket().shutdown().notify();
        if !wait_until_done(&shared, shared.settings.grace).await {
            log::warn!("some requests did not finish in time and are dropped");
            slots.enter(Stage::Ended);
            wait_until_done(&shared, Duration::from_secs(1)).await;
        }
        let shared = Arc::into_inner(shared).ok_or(ServeError::Unfinished)?;
        shared.client.terminate().await;
        Ok(())
    }
}

/// Resolves when the process receives SIGTERM or SIGINT. Never resolves if the operating system refuses the
/// signal handlers.
pub async fn stop_signal() {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        log::error!("cannot listen for signals");
        return std::future::pending().await;
    };
    select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

fn listen(wanted: SocketAddr) -> io::Result<TcpListener> {
    let socket = if wanted.is_ipv6() { TcpSocket::new_v6()? } else { TcpSocket::new_v4()? };
    socket.set_reuseaddr(true)?;
    // Accepted sockets inherit it. A failure lets the system choose.
    let _ = set_socket_send_buffer_size(&socket, SEND_BUFFER);
    socket.bind(wanted)?;
    socket.listen(BACKLOG)
}

fn adopt(socket: StdListener) -> io::Result<TcpListener> {
    socket.set_nonblocking(true)?;
    let _ = set_socket_send_buffer_size(&socket, SEND_BUFFER);
    TcpListener::from_std(socket)
}

async fn accept(shared: &Arc<Shared>, slots: &Arc<Slots>, listener: &TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => welcome(shared, slots, stream, peer).await,
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                log::warn!("cannot accept a connection: {error}");
                slots.make_room(Need::Slot);
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Accepts what is in the queue of a socket that is about to close, which would reset it: a request may have
/// been sent on each connection.
async fn accept_the_rest(shared: &Arc<Shared>, slots: &Arc<Slots>, listener: &TcpListener) {
    loop {
        select! {
            biased;
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // With no slot for it, the others would wait behind it.
                    select! {
                        biased;
                        () = welcome(shared, slots, stream, peer) => {}
                        () = sleep(ACCEPT_PAUSE) => return,
                    }
                }
                Err(error) if is_the_clients(&error) => {}
                Err(_) => return,
            },
            () = std::future::ready(()) => return,
        }
    }
}

async fn welcome(shared: &Arc<Shared>, slots: &Arc<Slots>, stream: TcpStream, peer: SocketAddr) {
    // A dual-stack socket reports IPv4 clients as `::ffff:a.b.c.d`; rate limits count by the plain IP.
    let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
    let is_proxy = shared.settings.client_header.as_ref().is_some_and(|header| header.believes(peer.ip()));
    let Some(slot) = Slot::take(slots, ClientNet::of(peer.ip()), !is_proxy).await else { return };
    // A failure makes answers slower and has no other effect.
    let _ = stream.set_nodelay(true);
    rocket::tokio::spawn(connection::serve(Arc::clone(shared), slot, stream, peer));
}

/// Whether the error concerns only the connection that was to be accepted, so that the next accept may
/// succeed.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Waits until no connection and no request is left, for at most `limit`.
async fn wait_until_done(shared: &Arc<Shared>, limit: Duration) -> bool {
    let end = Instant::now() + limit;
    while Arc::strong_count(shared) > 1 && Instant::now() < end {
        sleep(Duration::from_millis(5)).await;
    }
    Arc::strong_count(shared) == 1
}
