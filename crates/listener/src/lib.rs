//! The listener. Rocket's own server has neither read time-outs nor a cap on sockets, and cannot be replaced
//! from outside. So hyper listens here, and hands each request to Rocket as a local one. Time-outs, the cap,
//! draining of unread uploads and a stop that lets running requests finish are this folder's business.
#![forbid(unsafe_code)]

mod access;
mod connection;
pub mod events;
mod exchange;
mod head;
pub mod incoming;
mod refusal;
mod reply;
mod rest;
mod seats;
mod settings;
mod socket;
mod stream;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use rocket::local::asynchronous::Client;
use rocket::tokio::net::{TcpListener, TcpSocket, TcpStream};
use rocket::tokio::select;
use rocket::tokio::signal::unix::{SignalKind, signal};
use rocket::tokio::time::{Instant, sleep};
use rocket::{Build, Rocket};

pub use events::{Event, Events};
pub use incoming::{Incoming, IncomingBody};
use seats::{Seats, Stage};
pub use settings::ServerSettings;

/// Connections the system may hold for us until they are accepted.
const BACKLOG: u32 = 1024;

/// How long the listener rests when the system cannot give it another socket.
const REST: Duration = Duration::from_millis(50);

/// A Rocket that has been launched and an address that is bound, but not yet served.
pub struct Server {
    shared: Arc<Shared>,
    seats: Arc<Seats>,
    listener: TcpListener,
    address: SocketAddr,
}

/// What all connections share.
struct Shared {
    client: Client,
    settings: ServerSettings,
    http: hyper::server::conn::http1::Builder,
}

/// Why a server could not start, or not end as it should.
#[derive(Debug)]
pub enum ServeError {
    /// The address could not be bound.
    Bind(SocketAddr, io::Error),
    /// Rocket refused to launch; what it said.
    Launch(String),
    /// A request could not be dropped when its time was over, so shutdown fairings have not run.
    Unfinished,
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServeError::Bind(address, error) => write!(f, "cannot listen on {address}: {error}"),
            ServeError::Launch(reason) => write!(f, "cannot launch: {reason}"),
            ServeError::Unfinished => f.write_str("a request does not end"),
        }
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ServeError::Bind(_, error) => Some(error),
            ServeError::Launch(_) | ServeError::Unfinished => None,
        }
    }
}

impl Server {
    /// Binds the address, then launches `rocket`, so that its liftoff fairings run and see the port in its
    /// config. From now on clients can connect; they are answered once [`Server::run`] runs. Must be called
    /// within a Tokio runtime.
    ///
    /// Handlers see `request.remote()`. A handler of `POST`, `PUT`, `PATCH` or `DELETE` runs to its end even
    /// when its client leaves; one of another method is dropped then, at whatever it awaits.
    ///
    /// # Errors
    /// The address cannot be bound; Rocket refuses to launch.
    pub async fn bind(rocket: Rocket<Build>, settings: ServerSettings) -> Result<Server, ServeError> {
        let wanted = SocketAddr::new(settings.address, settings.port);
        let (listener, address) = listen(wanted).map_err(|error| ServeError::Bind(wanted, error))?;
        let figment =
            rocket.figment().clone().merge(("address", address.ip())).merge(("port", address.port()));
        let rocket = rocket.configure(figment).mount("/", [refusal::route()]);
        // The error is put into words at once: Rocket's panics when it is dropped unseen.
        let client =
            Client::untracked(rocket).await.map_err(|error| ServeError::Launch(error.to_string()))?;
        let seats = Seats::new(settings.connection_cap());
        let shared = Arc::new(Shared { client, settings, http: connection::protocol() });
        Ok(Server { shared, seats, listener, address })
    }

    /// The bound address, with the port the system chose if none was set.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` resolves or Rocket's own shutdown is notified. Then nothing more is accepted,
    /// idle connections are closed, event streams end, running requests have the settings' `grace` to finish,
    /// the rest is dropped, and Rocket's shutdown fairings run.
    ///
    /// # Errors
    /// [`ServeError::Unfinished`], when a handler blocks its thread beyond the grace.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), ServeError> {
        let Server { shared, seats, listener, .. } = self;
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
            () = accept(&shared, &seats, &listener) => {}
        }
        drop(listener);

        seats.enter(Stage::Closing);
        shared.client.rocket().shutdown().notify();
        if !left_alone(&shared, shared.settings.grace).await {
            log::warn!("some requests did not finish in time and are dropped");
            seats.enter(Stage::Ended);
            left_alone(&shared, Duration::from_secs(1)).await;
        }
        let shared = Arc::into_inner(shared).ok_or(ServeError::Unfinished)?;
        shared.client.terminate().await;
        Ok(())
    }
}

/// Resolves when the process gets SIGTERM or SIGINT; never, if the system does not let us listen for them.
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

fn listen(wanted: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let socket = if wanted.is_ipv6() { TcpSocket::new_v6()? } else { TcpSocket::new_v4()? };
    socket.set_reuseaddr(true)?;
    socket.bind(wanted)?;
    let listener = socket.listen(BACKLOG)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

async fn accept(shared: &Arc<Shared>, seats: &Arc<Seats>, listener: &TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => welcome(shared, seats, stream, peer).await,
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                log::warn!("cannot accept a connection: {error}");
                seats.make_room();
                sleep(REST).await;
            }
        }
    }
}

async fn welcome(shared: &Arc<Shared>, seats: &Arc<Seats>, stream: TcpStream, peer: SocketAddr) {
    let seat = seats.take().await;
    // Without it answers are only slower.
    let _ = stream.set_nodelay(true);
    // A socket for both families names IPv4 clients as `::ffff:a.b.c.d`, which limits per address must not
    // see.
    let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
    rocket::tokio::spawn(connection::serve(Arc::clone(shared), seat, stream, peer));
}

/// Errors of the one connection that was to be accepted, which say nothing about the next.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Waits until no connection and no request is left, at most for `limit`.
async fn left_alone(shared: &Arc<Shared>, limit: Duration) -> bool {
    let end = Instant::now() + limit;
    while Arc::strong_count(shared) > 1 && Instant::now() < end {
        sleep(Duration::from_millis(5)).await;
    }
    Arc::strong_count(shared) == 1
}
