//! The address at which Prometheus asks. It is not the site's: neither its limits nor its doors stand before
//! it, so what whoever asks can make it do is little and bounded.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{sleep, timeout};

use super::sheet::Sheet;

/// The only path.
const PATH: &str = "/metrics";

/// Connections at once. Two servers that ask, each with a try that hangs, need four.
const CONNECTIONS: usize = 16;

/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(5);

/// How long a connection lasts at most: Prometheus waits for an answer for ten seconds by default, and each
/// answer is the last of its connection.
const CONNECTION: Duration = Duration::from_secs(30);

/// The longest head. hyper takes no less than 8 KiB.
const HEAD_BYTES: usize = 16 * 1024;

/// The pause after the operating system could not provide another socket.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The media type of the answer.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is asked for numbers.
pub trait MetricsSource: Send + Sync + 'static {
    /// The numbers as they are now. It is called for one answer at a time.
    fn sheet(&self) -> impl Future<Output = Sheet> + Send;
}

/// A bound address, before it answers.
#[derive(Debug)]
pub struct MetricsServer(TcpListener);

impl MetricsServer {
    /// Binds the address.
    ///
    /// # Errors
    /// The operating system's error, such as that the port is taken.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        Ok(Self(TcpListener::bind(address).await?))
    }

    /// The bound address, with the port that the operating system chose if the wanted one was 0.
    ///
    /// # Errors
    /// The operating system's error.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    /// Answers `GET /metrics` with the sheets of `source`, until the future is dropped.
    pub async fn serve(self, source: impl MetricsSource) -> Infallible {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let asked = Arc::new(Asked { source, turn: Mutex::new(()) });
        loop {
            // The semaphore is never closed. Who finds no place waits in the system's queue.
            let place = Arc::clone(&places).acquire_owned().await;
            match self.0.accept().await {
                Ok((stream, _)) => {
                    let asked = Arc::clone(&asked);
                    tokio::spawn(async move {
                        let _place = place;
                        let _ = timeout(CONNECTION, answer(stream, asked)).await;
                    });
                }
                Err(error) => {
                    log::warn!("cannot accept a connection for metrics: {error}");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

struct Asked<S> {
    source: S,
    /// Held while numbers are gathered, so that many who ask at once read the database one after the other.
    turn: Mutex<()>,
}

async fn answer<S: MetricsSource>(stream: TcpStream, asked: Arc<Asked<S>>) {
    let service = service_fn(|request: Request<Incoming>| {
        let asked = Arc::clone(&asked);
        let refused = refusal(&request);
        async move {
            Ok::<_, Infallible>(match refused {
                Some(refused) => refused,
                None => respond(&asked).await,
            })
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES).keep_alive(false);
    // Whatever goes wrong here is the client's: it left, or what it sent was no request.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

/// The answer to what is no question for metrics.
fn refusal<B>(request: &Request<B>) -> Option<Response<Full<Bytes>>> {
    if request.uri().path() != PATH {
        return Some(said(StatusCode::NOT_FOUND, "the metrics are at /metrics\n"));
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let mut refused = said(StatusCode::METHOD_NOT_ALLOWED, "");
    refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    Some(refused)
}

async fn respond<S: MetricsSource>(asked: &Asked<S>) -> Response<Full<Bytes>> {
    let _turn = asked.turn.lock().await;
    match asked.source.sheet().await.text() {
        Ok(text) => with_type(StatusCode::OK, OPEN_METRICS, text.into()),
        Err(_) => said(StatusCode::INTERNAL_SERVER_ERROR, "the metrics cannot be written\n"),
    }
}

fn said(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    with_type(status, "text/plain; charset=utf-8", Bytes::from_static(text.as_bytes()))
}

fn with_type(status: StatusCode, media_type: &'static str, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
