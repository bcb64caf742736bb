//! The HTTP part of a browser. It keeps cookies, and follows redirects only when asked to.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use reqwest::{Client, Method, redirect};
use serde_json::Value;

use super::body::Body;

/// The `Accept` of a browser that opens a link or sends a form.
pub const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[derive(Clone)]
pub struct Visitor {
    address: SocketAddr,
    http: Client,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Visitor {
    pub fn new(address: SocketAddr) -> Self {
        let http = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().unwrap();
        Self { address, http, cookies: Arc::default() }
    }

    pub fn ask(&self, method: &str, path: &str) -> Ask {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let headers = vec![("accept".to_owned(), BROWSER.to_owned())];
        Ask { visitor: self.clone(), method, path: path.to_owned(), headers, body: None }
    }

    pub fn get(&self, path: &str) -> Ask {
        self.ask("GET", path)
    }

    pub fn post(&self, path: &str) -> Ask {
        self.ask("POST", path)
    }

    /// Signs in with JSON answers.
    pub async fn log_in(&self, identifier: &str, password: &str) -> Answer {
        let form = [("email", identifier), ("password", password)];
        self.post("/user/login").wants_json().form(&form).send().await
    }

    /// The account as JSON. Panics without a session.
    pub async fn account(&self) -> Value {
        let answer = self.get("/user/profil").wants_json().send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// Whether the browser has a session.
    pub async fn is_signed_in(&self) -> bool {
        match self.get("/user/profil").wants_json().send().await.status {
            200 => true,
            401 => false,
            other => panic!("the profile answered {other}"),
        }
    }

    pub async fn profile_page(&self) -> String {
        let answer = self.get("/user/profil").send().await;
        assert_eq!(answer.status, 200);
        answer.text()
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    fn cookie_header(&self) -> Option<String> {
        let cookies = self.cookies.lock().unwrap();
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn keep_cookies(&self, answer: &Answer) {
        let mut cookies = self.cookies.lock().unwrap();
        for set in answer.all("set-cookie") {
            let (pair, attributes) = set.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// A request that is being built.
#[derive(Clone)]
pub struct Ask {
    visitor: Visitor,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Body>,
}

impl Ask {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub fn wants_json(self) -> Self {
        self.header("accept", "application/json")
    }

    pub fn body(mut self, body: Body) -> Self {
        self.body = Some(body);
        self
    }

    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        self.body(Body::form(fields))
    }

    pub async fn send(&self) -> Answer {
        let url = format!("http://{}{}", self.visitor.address, self.path);
        let mut request = self.visitor.http.request(self.method.clone(), url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(cookies) = self.visitor.cookie_header() {
            request = request.header("cookie", cookies);
        }
        if let Some(Body { content_type, content }) = &self.body {
            if !content_type.is_empty() {
                request = request.header("content-type", content_type);
            }
            request = request.body(content.clone());
        }
        let answer = Answer::of(request.send().await.unwrap()).await;
        self.visitor.keep_cookies(&answer);
        answer
    }

    /// Sends the request and follows redirects as browsers do: 308 repeats the request, 303 sends a `GET`.
    pub async fn follow(&self) -> Journey {
        let mut ask = self.clone();
        let mut hops = Vec::new();
        loop {
            let answer = ask.send().await;
            let Some(location) = answer.header("location").map(str::to_owned) else {
                return Journey { hops, answer };
            };
            match answer.status {
                308 => {}
                303 => (ask.method, ask.body) = (Method::GET, None),
                other => panic!("{other} with a location"),
            }
            assert_eq!(answer.header("cache-control"), Some("no-store"), "of the redirect to {location}");
            assert!(hops.len() < 8, "round in a circle: {hops:?}");
            hops.push((answer.status, location.clone()));
            ask.path = location;
        }
    }
}

/// The redirects that a request led through.
pub struct Journey {
    hops: Vec<(u16, String)>,
    /// The last answer.
    pub answer: Answer,
}

impl Journey {
    #[track_caller]
    pub fn went(&self, hops: &[(u16, &str)]) {
        let seen: Vec<(u16, &str)> = self.hops.iter().map(|(status, to)| (*status, to.as_str())).collect();
        assert_eq!(seen, hops);
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub content: Vec<u8>,
}

impl Answer {
    async fn of(answer: reqwest::Response) -> Self {
        let status = answer.status().as_u16();
        let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap().to_owned();
        let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let content = answer.bytes().await.unwrap().to_vec();
        Self { status, headers, content }
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The headers without those that no two answers share.
    pub fn shared_headers(&self) -> Vec<(String, String)> {
        let own = |name: &str| ["date", "x-request-id"].contains(&name);
        self.headers.iter().filter(|(name, _)| !own(name)).cloned().collect()
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        let first = values.next().map(|(_, value)| value.as_str());
        assert!(name == "set-cookie" || values.next().is_none(), "two headers `{name}`");
        first
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.content.clone()).unwrap()
    }

    pub fn is_page(&self) -> bool {
        self.header("content-type") == Some("text/html; charset=utf-8")
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.content).unwrap()
    }

    /// Checks for a problem document (RFC 9457) with this status, and returns it.
    #[track_caller]
    pub fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        let document = self.json();
        assert_eq!(document["status"], status);
        for name in ["type", "title", "detail"] {
            assert!(document[name].as_str().is_some_and(|text| !text.is_empty()), "{name} of {document}");
        }
        assert!(document["errors"].is_object(), "{document}");
        document
    }

    /// Checks for a refusal of exactly these fields.
    #[track_caller]
    pub fn refused_fields(&self, status: u16, fields: &[&str]) {
        let document = self.problem(status);
        let errors = document["errors"].as_object().unwrap();
        let mut named: Vec<&str> = errors.keys().map(String::as_str).collect();
        named.sort_unstable();
        assert_eq!(named, fields, "{document}");
        for messages in errors.values() {
            let messages = messages.as_array().unwrap();
            assert!(messages.iter().all(|message| message.as_str().is_some_and(|text| !text.is_empty())));
        }
    }

    /// Checks for a page with this status in the site's frame, and returns it.
    #[track_caller]
    pub fn refusal_page(&self, status: u16) -> String {
        let html = self.text();
        assert_eq!(self.status, status, "{html}");
        assert!(self.is_page(), "{:?}", self.headers);
        assert!(html.starts_with("<!doctype html>") && html.contains("</html>"), "{html}");
        html
    }
}
