//! Calls other servers by HTTP, within bounds: [`WAITED`] for the whole answer, [`LONGEST`] of it, no
//! redirect that is followed, no proxy from the environment, and plain HTTP to this machine alone. Whoever
//! only tells something ([`Outbound::tell`]) says how long it waits, and reads the status alone.
#![forbid(unsafe_code)]

use std::error::Error;
use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::Request;
use hyper::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT,
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;
use url::{Host, Url, form_urlencoded};

/// How long a call takes at most, from the name of the host to the last byte of the answer.
pub const WAITED: Duration = Duration::from_secs(10);

/// Bytes of the longest answer that is read.
pub const LONGEST: usize = 256 * 1024;

/// How long a body that nobody reads is let come, so that its connection serves again.
const DRAINED: Duration = Duration::from_secs(1);

/// How callers are named.
const AGENT: &str = concat!("Vestibule/", env!("CARGO_PKG_VERSION"));

/// What calls are made with. Its connections are kept and shared by all clones.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Received {
    /// The status, such as 200.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Received {
    /// Whether the status is one of success (2xx).
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// The head of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The status, such as 200.
    pub status: u16,
    /// How long to wait before another call, if the answer says so in seconds (`Retry-After`).
    pub retry_after: Option<Duration>,
}

impl Answered {
    /// Whether the status is one of success (2xx).
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why there is no answer. The text names neither the address nor what was sent.
#[derive(Debug)]
pub enum OutboundError {
    /// The address is neither `https` nor on this machine.
    Insecure,
    /// Nobody answers there, or not by HTTP, or TLS does not trust them.
    Unreachable(String),
    /// The answer was not there in this time.
    Slow(Duration),
    /// The answer is longer than what is read of one.
    TooLong,
}

impl fmt::Display for OutboundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Insecure => f.write_str("the address is not https"),
            Self::Unreachable(why) => write!(f, "no answer: {why}"),
            Self::Slow(waited) => write!(f, "no answer within {} seconds", waited.as_secs()),
            Self::TooLong => write!(f, "an answer of more than {LONGEST} bytes"),
        }
    }
}

impl Error for OutboundError {}

/// Whether calls go to `address`: `https`, or `http` on this machine, without a user's name in it.
pub fn is_callable(address: &Url) -> bool {
    let named = address.username().is_empty() && address.password().is_none();
    let here = match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return false,
    };
    named && (address.scheme() == "https" || address.scheme() == "http" && here)
}

impl Outbound {
    /// `authority` holds certificates in PEM that are trusted beside the well-known authorities.
    ///
    /// # Errors
    /// The fault in the certificates.
    pub fn new(authority: Option<&[u8]>) -> Result<Self, String> {
        let tls = trust::tls_settings(authority)?;
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls.as_ref().clone())
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(connector) })
    }

    /// Asks for `address`, as JSON. `token` is presented as a bearer (RFC 6750).
    ///
    /// # Errors
    /// See [`OutboundError`]. An answer with an error's status is none.
    pub async fn get(&self, address: &Url, token: Option<&str>) -> Result<Received, OutboundError> {
        let mut asked = Request::get(address.as_str()).body(Full::default()).map_err(unsound)?;
        if let Some(token) = token {
            asked.headers_mut().insert(AUTHORIZATION, secret(format!("Bearer {token}"))?);
        }
        self.send(address, asked).await
    }

    /// Sends `form` to `address`. `credentials` are a name and a secret for `Authorization: Basic`, already
    /// encoded as whoever reads them wants.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn post_form(
        &self,
        address: &Url,
        form: &[(&str, &str)],
        credentials: Option<(&str, &str)>,
    ) -> Result<Received, OutboundError> {
        let mut asked = Request::post(address.as_str()).body(encoded(form)).map_err(unsound)?;
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        asked.headers_mut().insert(CONTENT_TYPE, kind);
        if let Some((name, password)) = credentials {
            let sent = format!("Basic {}", STANDARD.encode(format!("{name}:{password}")));
            asked.headers_mut().insert(AUTHORIZATION, secret(sent)?);
        }
        self.send(address, asked).await
    }

    /// Sends `body`, which is JSON, to `address` with `headers` of its own, and waits at most `patience` for
    /// the head of the answer. What follows the head counts for nothing, however much it is.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn tell(
        &self,
        address: &Url,
        headers: &[(&'static str, &str)],
        body: String,
        patience: Duration,
    ) -> Result<Answered, OutboundError> {
        let mut asked = Request::post(address.as_str()).body(Full::from(body)).map_err(unsound)?;
        for (name, value) in headers {
            let value = HeaderValue::try_from(*value).map_err(unsound)?;
            asked.headers_mut().insert(HeaderName::from_static(name), value);
        }
        asked.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let asked = prepared(address, asked)?;
        let head = timeout(patience, self.client.request(asked)).await;
        let answer = head.map_err(|_| OutboundError::Slow(patience))?.map_err(|error| unreachable(&error))?;
        let answered =
            Answered { status: answer.status().as_u16(), retry_after: retry_after(answer.headers()) };
        let _ = timeout(DRAINED, Limited::new(answer.into_body(), LONGEST).collect()).await;
        Ok(answered)
    }

    async fn send(&self, address: &Url, asked: Request<Full<Bytes>>) -> Result<Received, OutboundError> {
        let asked = prepared(address, asked)?;
        let answered = timeout(WAITED, async {
            let answer = self.client.request(asked).await.map_err(|error| unreachable(&error))?;
            let status = answer.status().as_u16();
            match Limited::new(answer.into_body(), LONGEST).collect().await {
                Ok(body) => Ok(Received { status, body: body.to_bytes().to_vec() }),
                Err(error) if error.is::<LengthLimitError>() => Err(OutboundError::TooLong),
                Err(error) => Err(unreachable(error.as_ref())),
            }
        });
        answered.await.unwrap_or(Err(OutboundError::Slow(WAITED)))
    }
}

/// The request with what each has, if it goes to where calls go.
fn prepared(address: &Url, mut asked: Request<Full<Bytes>>) -> Result<Request<Full<Bytes>>, OutboundError> {
    if !is_callable(address) {
        return Err(OutboundError::Insecure);
    }
    asked.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    asked.headers_mut().insert(USER_AGENT, HeaderValue::from_static(AGENT));
    Ok(asked)
}

/// The time that `Retry-After` names, if it names one in seconds.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

fn encoded(form: &[(&str, &str)]) -> Full<Bytes> {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form);
    Full::from(body.finish())
}

/// A header that nothing prints.
fn secret(text: String) -> Result<HeaderValue, OutboundError> {
    let mut value = HeaderValue::try_from(text).map_err(unsound)?;
    value.set_sensitive(true);
    Ok(value)
}

/// A request that cannot be written: what it should hold has characters that no header has.
fn unsound<E>(_: E) -> OutboundError {
    OutboundError::Unreachable("the call could not be written".to_owned())
}

/// What went wrong at the bottom of `error`: what is above it repeats it in other words.
fn unreachable(error: &(dyn Error + 'static)) -> OutboundError {
    let mut source = error;
    while let Some(below) = source.source() {
        source = below;
    }
    OutboundError::Unreachable(source.to_string())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// A server that answers the first request with `answer`, and says what it was asked.
    async fn server(answer: Vec<u8>) -> (Url, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/told?x=1", listener.local_addr().unwrap());
        let asked = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut read = vec![0; 4096];
            let length = socket.read(&mut read).await.unwrap();
            // The client may have hung up, because it had read enough.
            let _ = socket.write_all(&answer).await;
            String::from_utf8_lossy(&read[..length]).into_owned()
        });
        (address.parse().unwrap(), asked)
    }

    fn ok(body: &str) -> Vec<u8> {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).into()
    }

    #[tokio::test]
    async fn an_answer_is_read_whatever_its_status_and_no_redirect_is_followed() {
        let calls = Outbound::new(None).unwrap();
        let (address, asked) = server(ok("{}")).await;
        let answer = calls.get(&address, Some("abc")).await.unwrap();
        assert!(answer.is_success() && answer.body == b"{}");
        let asked = asked.await.unwrap();
        assert!(asked.starts_with("GET /told?x=1 HTTP/1.1\r\n"), "{asked}");
        assert!(asked.contains("authorization: Bearer abc\r\n"), "{asked}");
        assert!(asked.contains("accept: application/json\r\n"), "{asked}");

        let moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
        let (address, asked) = server(moved.to_vec()).await;
        let answer = calls.post_form(&address, &[("a", "b c")], Some(("i", "s"))).await.unwrap();
        assert_eq!((answer.status, answer.is_success()), (302, false));
        assert!(asked.await.unwrap().contains("authorization: Basic aTpz\r\n"));
    }

    #[tokio::test]
    async fn an_answer_that_is_too_long_or_none_is_an_error() {
        let calls = Outbound::new(None).unwrap();
        let (address, _) = server(ok(&"x".repeat(LONGEST + 1))).await;
        assert!(matches!(calls.get(&address, None).await, Err(OutboundError::TooLong)));
        let (address, _) = server(ok(&"x".repeat(LONGEST))).await;
        assert_eq!(calls.get(&address, None).await.unwrap().body.len(), LONGEST);
        let (address, _) = server(b"SSH-2.0-OpenSSH\r\n".to_vec()).await;
        let error = calls.get(&address, None).await.unwrap_err();
        assert!(matches!(error, OutboundError::Unreachable(_)));
        assert!(!error.to_string().contains("told"), "{error}");
    }

    #[tokio::test]
    async fn whoever_tells_reads_the_head_alone() {
        let calls = Outbound::new(None).unwrap();
        let tell = async |answer: &str, patience| {
            let (address, asked) = server(answer.as_bytes().to_vec()).await;
            let told = calls.tell(&address, &[("webhook-id", "msg_1")], "{}".into(), patience).await;
            (told, asked)
        };
        let long = Duration::from_secs(60);
        // The body that the length promises never comes.
        let endless = "HTTP/1.1 200 OK\r\nRetry-After: 7\r\nContent-Length: 1073741824\r\n\r\nxxx";
        let (told, asked) = tell(endless, long).await;
        let told = told.unwrap();
        assert_eq!((told.is_success(), told.retry_after), (true, Some(Duration::from_secs(7))));
        let asked = asked.await.unwrap();
        assert!(asked.starts_with("POST /told?x=1 HTTP/1.1\r\n"), "{asked}");
        for header in ["webhook-id: msg_1\r\n", "content-type: application/json\r\n", "\r\n\r\n{}"] {
            assert!(asked.contains(header), "{asked}");
        }
        let later =
            "HTTP/1.1 503 X\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n";
        let (told, _) = tell(later, long).await;
        assert_eq!(told.unwrap(), Answered { status: 503, retry_after: None });
        // Nobody accepts.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let short = Duration::from_millis(50);
        let told = calls.tell(&address, &[], "{}".into(), short).await;
        assert!(matches!(told, Err(OutboundError::Slow(waited)) if waited == short), "{told:?}");
        let plain = "http://a.example/".parse().unwrap();
        assert!(matches!(calls.tell(&plain, &[], String::new(), short).await, Err(OutboundError::Insecure)));
    }

    #[test]
    fn calls_go_to_https_or_to_this_machine() {
        let callable = |text: &str| is_callable(&text.parse().unwrap());
        for good in ["https://a.example/x", "http://localhost:1/", "http://127.0.0.1/", "http://[::1]:8/"] {
            assert!(callable(good), "{good}");
        }
        for bad in [
            "http://a.example/",
            "http://localhost.a.example/",
            "https://ada@a.example/",
            "https://:x@a.example/",
            "file:///etc/passwd",
            "ftp://localhost/",
        ] {
            assert!(!callable(bad), "{bad}");
        }
    }
}
