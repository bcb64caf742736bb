//! WebDriver's requests as commands of Marionette, the protocol that Firefox itself speaks. geckodriver does
//! the same, as a program of its own.

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use thirtyfour::error::{WebDriverError, WebDriverErrorInner, WebDriverResult};
use thirtyfour::session::http::{Body, HttpClient};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

/// The connection to one Firefox.
pub struct Marionette {
    port: u16,
    connection: Mutex<Connection>,
}

struct Connection {
    stream: BufReader<TcpStream>,
    /// Number of the last command.
    number: u64,
}

impl Marionette {
    pub async fn connect(port: u16) -> io::Result<Self> {
        let stream = BufReader::new(TcpStream::connect(("127.0.0.1", port)).await?);
        let mut connection = Connection { stream, number: 0 };
        // Firefox speaks first, and says its version.
        connection.read().await?;
        Ok(Self { port, connection: Mutex::new(connection) })
    }
}

impl Connection {
    /// Reads a message: its length, a colon, and JSON.
    async fn read(&mut self) -> io::Result<Value> {
        let mut length = Vec::new();
        self.stream.read_until(b':', &mut length).await?;
        let length = std::str::from_utf8(&length).ok().and_then(|text| text.strip_suffix(':')?.parse().ok());
        let mut message = vec![0; length.ok_or(io::ErrorKind::InvalidData)?];
        self.stream.read_exact(&mut message).await?;
        Ok(serde_json::from_slice(&message)?)
    }

    /// Returns the result, or the error as WebDriver words it.
    async fn call(&mut self, command: &str, parameters: &Value) -> io::Result<Result<Value, Value>> {
        self.number += 1;
        let message = json!([0, self.number, command, parameters]).to_string();
        self.stream.write_all(format!("{}:{message}", message.len()).as_bytes()).await?;
        let mut answer = self.read().await?;
        assert_eq!(answer[1], self.number, "an answer to another command");
        let (error, result) = (answer[2].take(), answer[3].take());
        Ok(if error.is_null() { Ok(result) } else { Err(error) })
    }
}

/// The command for a request to `path`, which begins behind the number of the session, and the parameters
/// that stand in the path.
fn command<'a>(method: &str, path: &[&'a str]) -> Option<(&'static str, Vec<(&'static str, &'a str)>)> {
    let (name, parameters) = match (method, path) {
        ("POST", []) => ("NewSession", vec![]),
        ("POST", ["timeouts"]) => ("SetTimeouts", vec![]),
        ("POST", ["window", "rect"]) => ("SetWindowRect", vec![]),
        ("POST", ["url"]) => ("Navigate", vec![]),
        ("POST", ["back"]) => ("Back", vec![]),
        ("POST", ["forward"]) => ("Forward", vec![]),
        ("POST", ["refresh"]) => ("Refresh", vec![]),
        ("POST", ["execute", "sync"]) => ("ExecuteScript", vec![]),
        ("POST", ["execute", "async"]) => ("ExecuteAsyncScript", vec![]),
        ("GET", ["cookie"]) => ("GetCookies", vec![]),
        ("POST", ["cookie"]) => ("AddCookie", vec![]),
        ("DELETE", ["cookie"]) => ("DeleteAllCookies", vec![]),
        ("GET", ["screenshot"]) => ("TakeScreenshot", vec![]),
        ("POST", ["element"]) => ("FindElement", vec![]),
        ("POST", ["element", id, "click"]) => ("ElementClick", vec![("id", *id)]),
        ("POST", ["element", id, "clear"]) => ("ElementClear", vec![("id", *id)]),
        ("POST", ["element", id, "value"]) => ("ElementSendKeys", vec![("id", *id)]),
        ("POST", ["webauthn", "authenticator"]) => ("WebAuthn:AddVirtualAuthenticator", vec![]),
        ("GET", ["webauthn", "authenticator", id, "credentials"]) => {
            ("WebAuthn:GetCredentials", vec![("authenticatorId", *id)])
        }
        // Firefox's own path: scripts run in a page or in the window around it.
        ("POST", ["moz", "context"]) => ("Marionette:SetContext", vec![]),
        ("GET", ["element", id, "displayed"]) => ("IsElementDisplayed", vec![("id", *id)]),
        ("GET", ["element", id, "selected"]) => ("IsElementSelected", vec![("id", *id)]),
        _ => return None,
    };
    Some((name, parameters))
}

#[async_trait]
impl HttpClient for Marionette {
    async fn send(&self, request: Request<Body<'_>>) -> WebDriverResult<Response<Bytes>> {
        let path: Vec<_> = request.uri().path().trim_matches('/').split('/').collect();
        let Some((name, in_path)) = command(request.method().as_str(), path.get(2..).unwrap_or_default())
        else {
            panic!("{} {} needs a line above", request.method(), request.uri());
        };
        let mut parameters = match request.body() {
            Body::Json(body) => (*body).clone(),
            Body::Empty => json!({}),
        };
        let name = if name.contains(':') { name.to_owned() } else { format!("WebDriver:{name}") };
        if name == "WebDriver:NewSession" {
            // geckodriver chooses from several sets. The client sends one.
            parameters = parameters["capabilities"]["alwaysMatch"].take();
        }
        for (name, value) in in_path {
            parameters[name] = value.into();
        }
        let answer = self.connection.lock().await.call(&name, &parameters).await;
        let answer = answer.map_err(|error| {
            WebDriverError::from_inner(WebDriverErrorInner::RequestFailed(format!(
                "Firefox is gone: {error}"
            )))
        })?;
        let (status, body) = match answer {
            // Some results are an object with nothing but the value, others are the value.
            Ok(result)
                if result.as_object().is_some_and(|all| all.len() == 1 && all.contains_key("value")) =>
            {
                (200, result)
            }
            Ok(result) => (200, json!({ "value": result })),
            // The status of most errors. The client reads the error's name.
            Err(error) => (400, json!({ "value": error })),
        };
        Ok(Response::builder().status(status).body(Bytes::from(body.to_string())).unwrap())
    }

    async fn new(&self) -> Arc<dyn HttpClient> {
        Arc::new(Self::connect(self.port).await.unwrap())
    }
}
