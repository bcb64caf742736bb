//! The Rocket behind the tests, and a record of its handlers.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use listener::{AnsweredBy, Events, FileBody, Incoming, IncomingBody, answered_by};
use rocket::data::{Data, ToByteUnit};
use rocket::fairing::AdHoc;
use rocket::futures::stream::{self, StreamExt as _};
use rocket::http::uri::Host;
use rocket::http::{Cookie, CookieJar, Status};
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest};
use rocket::response::stream::{Event, EventStream};
use rocket::response::{self, Redirect, Responder, Response};
use rocket::tokio::time::sleep;
use rocket::{Build, Request, Rocket, State, catch, catchers, get, post, routes};

#[derive(Default)]
pub struct Seen {
    pub lifted_off: AtomicBool,
    pub shut_down: AtomicBool,
    pub stream_dropped: AtomicBool,
    pub streams_dropped: AtomicUsize,
    pub started: AtomicUsize,
    pub finished: AtomicUsize,
    /// Handlers that were dropped before they finished.
    pub given_up: AtomicUsize,
    pub largest_chunk: AtomicU64,
    pub files: Mutex<Vec<PathBuf>>,
}

impl Drop for Seen {
    fn drop(&mut self) {
        for file in self.files.get_mut().unwrap() {
            let _ = std::fs::remove_file(file);
        }
    }
}

pub fn rocket(seen: Arc<Seen>) -> Rocket<Build> {
    let config = rocket::Config { log_level: rocket::log::LogLevel::Off, ..rocket::Config::default() };
    let (up, down) = (Arc::clone(&seen), Arc::clone(&seen));
    rocket::custom(config)
        .manage(seen)
        .attach(AdHoc::on_liftoff("up", move |_| {
            Box::pin(async move { up.lifted_off.store(true, Ordering::SeqCst) })
        }))
        .attach(AdHoc::on_shutdown("down", move |_| {
            Box::pin(async move { down.shut_down.store(true, Ordering::SeqCst) })
        }))
        .attach(AdHoc::on_response("who answers", |request, _| {
            Box::pin(async move {
                let route = request.route().filter(|route| route.method != rocket::http::Method::Trace);
                if let Some(route) = route {
                    let route = route.uri.path().to_owned().leak();
                    answered_by(AnsweredBy { door: "test", route });
                }
            })
        }))
        .mount("/", routes![hello, cookies, nothing, ip, panic, slow, commit, huge, port])
        .mount("/", routes![echo, sink, moved, too_big, guarded])
        .mount("/", routes![events, told, brief, flood, file, host])
        .register("/", catchers![other])
        .register("/api", catchers![api])
}

#[get("/hello")]
fn hello() -> &'static str {
    "hello"
}

#[get("/port")]
fn port(config: &rocket::Config) -> String {
    config.port.to_string()
}

#[get("/cookies")]
fn cookies(jar: &CookieJar<'_>) -> String {
    let seen = ["a", "b"].map(|name| jar.get(name).map_or("none", |cookie| cookie.value()));
    let answer = seen.join(" ");
    jar.add(Cookie::new("c", "3"));
    jar.add(Cookie::new("d", "4"));
    answer
}

#[get("/nothing")]
fn nothing() -> Status {
    Status::NoContent
}

#[get("/ip")]
fn ip(remote: std::net::SocketAddr) -> String {
    remote.ip().to_string()
}

/// The host as Rocket knows it, and as the header says.
#[get("/host")]
fn host(host: &Host<'_>, headers: Headers) -> String {
    format!("{host} {}", headers.0)
}

struct Headers(String);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Headers {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let hosts: Vec<&str> = request.headers().get("host").collect();
        Outcome::Success(Headers(hosts.join(" ")))
    }
}

#[get("/panic")]
fn panic() -> &'static str {
    panic!("on purpose")
}

#[get("/slow?<ms>")]
async fn slow(ms: u64, seen: &State<Arc<Seen>>) -> &'static str {
    work(ms, seen).await
}

#[post("/commit?<ms>")]
async fn commit(ms: u64, seen: &State<Arc<Seen>>) -> &'static str {
    work(ms, seen).await
}

async fn work(ms: u64, seen: &Seen) -> &'static str {
    let mut job = Job { seen, done: false };
    seen.started.fetch_add(1, Ordering::SeqCst);
    sleep(Duration::from_millis(ms)).await;
    job.done = true;
    "done"
}

struct Job<'a> {
    seen: &'a Seen,
    done: bool,
}

impl Drop for Job<'_> {
    fn drop(&mut self) {
        let count = if self.done { &self.seen.finished } else { &self.seen.given_up };
        count.fetch_add(1, Ordering::SeqCst);
    }
}

#[get("/huge?<bytes>")]
fn huge(bytes: usize) -> String {
    "x".repeat(bytes)
}

/// A file of `bytes` bytes, of which the answer says that it has `more`.
#[get("/file?<bytes>&<more>")]
fn file(bytes: usize, more: u64, seen: &State<Arc<Seen>>) -> Sent {
    let path = std::env::temp_dir().join(format!("vestibule-{}-{bytes}-{more}", std::process::id()));
    std::fs::write(&path, "f".repeat(bytes)).unwrap();
    seen.files.lock().unwrap().push(path.clone());
    Sent(path, bytes as u64 + more)
}

struct Sent(PathBuf, u64);

impl<'r> Responder<'r, 'static> for Sent {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::new();
        FileBody::new(self.0, self.1).answer(&mut answer).unwrap();
        Ok(answer)
    }
}

struct Noted(Arc<Seen>);

impl Drop for Noted {
    fn drop(&mut self) {
        self.0.streams_dropped.fetch_add(1, Ordering::SeqCst);
        self.0.stream_dropped.store(true, Ordering::SeqCst);
    }
}

#[get("/events")]
fn events(seen: &State<Arc<Seen>>) -> EventStream![] {
    let noted = Noted(Arc::clone(seen));
    EventStream! {
        let _noted = noted;
        yield Event::data("one");
        yield Event::data("two");
        std::future::pending::<()>().await;
    }
}

/// As `/events`, but written by the listener's own event type.
#[get("/told")]
fn told(seen: &State<Arc<Seen>>) -> Events {
    let noted = Noted(Arc::clone(seen));
    let events = stream::iter(["one", "two"]).chain(stream::pending());
    Events(Box::pin(events.map(move |text| {
        let _noted = &noted;
        listener::Event::json("number", &text)
    })))
}

#[get("/brief")]
fn brief() -> Events {
    Events(Box::pin(stream::iter(["one", "two"]).map(|text| listener::Event::json("number", &text))))
}

/// Sends more than a socket's buffers hold.
#[get("/flood")]
fn flood(seen: &State<Arc<Seen>>) -> Events {
    let noted = Noted(Arc::clone(seen));
    Events(Box::pin(stream::repeat("x".repeat(1 << 20)).map(move |text| {
        let _noted = &noted;
        listener::Event::json("flood", &text)
    })))
}

#[post("/echo", data = "<data>")]
async fn echo(data: Data<'_>) -> String {
    data.open(1.mebibytes()).into_string().await.unwrap().into_inner()
}

struct Upload(IncomingBody);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Upload {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        match Incoming::of(request).and_then(Incoming::take) {
            Some(body) => {
                assert!(Incoming::of(request).unwrap().take().is_none());
                Outcome::Success(Upload(body))
            }
            None => Outcome::Error((Status::LengthRequired, ())),
        }
    }
}

#[post("/sink")]
async fn sink(upload: Upload, seen: &State<Arc<Seen>>) -> Result<String, Status> {
    let Upload(mut body) = upload;
    loop {
        match body.chunk().await {
            Ok(Some(chunk)) => {
                seen.largest_chunk.fetch_max(chunk.len() as u64, Ordering::SeqCst);
            }
            Ok(None) => return Ok(format!("{} of {:?}", body.received(), body.content_length())),
            Err(error) if error.kind() == ErrorKind::TimedOut => return Err(Status::RequestTimeout),
            Err(_) => return Err(Status::BadRequest),
        }
    }
}

#[post("/moved")]
fn moved() -> Redirect {
    Redirect::permanent("/hello")
}

#[post("/too-big")]
fn too_big() -> Status {
    Status::PayloadTooLarge
}

struct Nobody;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Nobody {
    type Error = ();

    async fn from_request(_: &'r Request<'_>) -> request::Outcome<Self, ()> {
        Outcome::Error((Status::Unauthorized, ()))
    }
}

#[post("/guarded")]
fn guarded(_nobody: Nobody) -> &'static str {
    "in"
}

#[catch(default)]
fn other(status: Status, _: &Request<'_>) -> String {
    format!("page {}", status.code)
}

#[catch(default)]
fn api(status: Status, _: &Request<'_>) -> String {
    format!("api {}", status.code)
}
