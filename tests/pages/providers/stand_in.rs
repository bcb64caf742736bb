//! A provider that answers as a test wants it to, wrongly too: no real one can be told to lie. `real.rs`
//! signs in with a real one.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::OsRandom;
use rocket::tokio;
use rocket::tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use rocket::tokio::net::{TcpListener, TcpStream};
use serde_json::{Value, json};
use signing::{SignatureAlgorithm, SigningKey};

/// How the ID token is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signs {
    #[default]
    Rightly,
    /// By a key that is not in the set.
    ByAnother,
    /// By a key that is not in the set, under the name of one that is.
    UnderItsName,
    /// `{"alg":"none"}` and no signature.
    NotAtAll,
    /// `{"alg":"HS256"}` and something in place of the signature.
    ByHmac,
}

/// What it answers.
pub struct Script {
    pub metadata: Value,
    pub claims: Value,
    pub user_info: Value,
    /// The answer of the token endpoint in place of tokens.
    pub token_error: Option<(u16, Value)>,
    pub signs: Signs,
    /// The path that is never answered.
    pub hangs: &'static str,
    /// The REST API of GitHub: the user and their addresses.
    pub github: (Value, Value),
    /// What was asked, the head and the body of each request.
    pub asked: Vec<String>,
    keys: [SigningKey; 2],
    published: Vec<Value>,
}

#[derive(Clone)]
pub struct StandIn {
    pub issuer: String,
    script: Arc<Mutex<Script>>,
}

impl StandIn {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let keys = [(); 2].map(|()| SigningKey::generate(SignatureAlgorithm::Es256, &OsRandom).unwrap());
        let metadata = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "jwks_uri": format!("{issuer}/keys"),
            "authorization_response_iss_parameter_supported": true,
        });
        let script = Script {
            metadata,
            claims: json!({}),
            user_info: json!({}),
            token_error: None,
            signs: Signs::default(),
            hangs: "",
            github: (Value::Null, Value::Null),
            asked: Vec::new(),
            published: vec![keys[0].public().clone()],
            keys,
        };
        let script = Arc::new(Mutex::new(script));
        let served = script.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, served.clone()));
            }
        });
        Self { issuer, script }
    }

    pub fn change(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap());
    }

    /// The requests to this path.
    pub fn asked(&self, path: &str) -> Vec<String> {
        let script = self.script.lock().unwrap();
        script.asked.iter().filter(|asked| asked.contains(&format!(" {path} "))).cloned().collect()
    }

    /// Signs by its other key from now on, which it publishes in place of the first.
    pub fn rotate(&self) {
        self.change(|script| {
            script.keys.swap(0, 1);
            script.published = vec![script.keys[0].public().clone()];
        });
    }
}

async fn serve(mut socket: TcpStream, script: Arc<Mutex<Script>>) {
    let mut read = Vec::new();
    loop {
        let mut part = [0; 4096];
        let Ok(length) = socket.read(&mut part).await else { return };
        if length == 0 {
            return;
        }
        read.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
        });
        if body.len() >= length.unwrap_or(0) {
            break;
        }
    }
    let asked = String::from_utf8(read).unwrap();
    let path = asked.split(' ').nth(1).unwrap().to_owned();
    if script.lock().unwrap().hangs == path {
        std::future::pending::<()>().await;
    }
    let (status, answer) = script.lock().unwrap().answer(&path, asked);
    let answer = answer.to_string();
    let head = format!("HTTP/1.1 {status} x\r\nContent-Length: {}\r\nConnection: close", answer.len());
    let _ = socket.write_all(format!("{head}\r\n\r\n{answer}").as_bytes()).await;
}

impl Script {
    fn answer(&mut self, path: &str, asked: String) -> (u16, Value) {
        self.asked.push(asked);
        match path {
            "/.well-known/openid-configuration" => (200, self.metadata.clone()),
            "/keys" => (200, json!({ "keys": self.published })),
            "/token" | "/login/oauth/access_token" => match &self.token_error {
                Some(error) => error.clone(),
                None => (
                    200,
                    json!({ "access_token": "at", "token_type": "Bearer", "id_token": self.id_token() }),
                ),
            },
            "/userinfo" => (200, self.user_info.clone()),
            "/api/v3/user" => (200, self.github.0.clone()),
            "/api/v3/user/emails" => (200, self.github.1.clone()),
            _ => (404, json!({})),
        }
    }

    fn id_token(&self) -> String {
        let right = self.keys[0].sign(&self.claims).unwrap();
        let parts: Vec<&str> = right.split('.').collect();
        let header = |header: Value| URL_SAFE_NO_PAD.encode(header.to_string());
        match self.signs {
            Signs::Rightly => right,
            Signs::ByAnother => self.keys[1].sign(&self.claims).unwrap(),
            Signs::UnderItsName => {
                let other = self.keys[1].sign(&self.claims).unwrap();
                let signature = other.rsplit('.').next().unwrap();
                format!("{}.{}.{signature}", parts[0], parts[1])
            }
            Signs::NotAtAll => format!("{}.{}.", header(json!({ "alg": "none" })), parts[1]),
            Signs::ByHmac => {
                let kid = self.keys[0].id();
                format!("{}.{}.{}", header(json!({ "alg": "HS256", "kid": kid })), parts[1], parts[2])
            }
        }
    }
}
