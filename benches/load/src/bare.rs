//! The yardsticks: a Rocket that answers from memory, behind its own listener and behind Vestibule's.

use std::io::Write as _;
use std::sync::OnceLock;

use clap::{Args, ValueEnum};
use listener::{Server, ServerSettings};
use rocket::fairing::AdHoc;
use rocket::response::content::{RawHtml, RawJson};
use rocket::response::{self, Responder, Response};
use rocket::{Build, Request, Rocket, get, post, routes};

use crate::Outcome;

#[derive(Args)]
pub struct Shape {
    #[arg(long, value_enum)]
    listener: Listener,
    /// Bytes of the page.
    #[arg(long)]
    page: usize,
    /// Bytes of the JSON.
    #[arg(long)]
    json: usize,
    /// A header of the answer that has nothing else, as `Name: value`.
    #[arg(long = "header")]
    headers: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Listener {
    /// Rocket's own.
    Stock,
    /// Vestibule's.
    Ours,
}

static PAGE: OnceLock<String> = OnceLock::new();
static JSON: OnceLock<String> = OnceLock::new();
static HEADERS: OnceLock<Vec<(String, String)>> = OnceLock::new();

fn text(content: &'static OnceLock<String>) -> &'static str {
    content.get().map_or("", String::as_str)
}

#[get("/page")]
fn page() -> RawHtml<&'static str> {
    RawHtml(text(&PAGE))
}

#[get("/json")]
fn json() -> RawJson<&'static str> {
    RawJson(text(&JSON))
}

/// An answer without a body.
struct Headers;

impl<'r> Responder<'r, 'static> for Headers {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::new();
        for (name, value) in HEADERS.get().map_or(&[][..], Vec::as_slice) {
            answer.set_raw_header(name.as_str(), value.as_str());
        }
        Ok(answer)
    }
}

#[get("/headers")]
fn headers() -> Headers {
    Headers
}

/// Reads a small body first, as every call with a body has to.
#[post("/json", data = "<_body>")]
fn posted(_body: String) -> RawJson<&'static str> {
    RawJson(text(&JSON))
}

fn rocket() -> Rocket<Build> {
    let figment = rocket::Config::figment().merge(("port", 0)).merge(("log_level", "off"));
    rocket::custom(figment).mount("/", routes![page, json, posted, headers])
}

fn say(address: impl std::fmt::Display) {
    println!("http://{address}");
    // Flushing fails only if nobody reads the output, and then nobody needs it.
    let _ = std::io::stdout().flush();
}

/// Serves until the process is ended.
pub fn serve(shape: &Shape) -> Outcome<()> {
    PAGE.get_or_init(|| "x".repeat(shape.page));
    JSON.get_or_init(|| "x".repeat(shape.json));
    HEADERS.get_or_init(|| {
        let split = |line: &String| line.split_once(": ").map(|(name, value)| (name.into(), value.into()));
        shape.headers.iter().filter_map(split).collect()
    });
    match shape.listener {
        Listener::Stock => {
            let announce = AdHoc::on_liftoff("announce", |rocket| {
                Box::pin(async move {
                    let config = rocket.config();
                    say(std::net::SocketAddr::new(config.address, config.port));
                })
            });
            rocket::execute(rocket().attach(announce).launch()).map_err(|error| error.to_string())?;
        }
        Listener::Ours => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            runtime.block_on(async {
                let settings = ServerSettings { port: 0, ..ServerSettings::default() };
                let server = Server::bind(rocket(), settings).await?;
                say(server.local_addr());
                server.run(std::future::pending()).await
            })?;
        }
    }
    Ok(())
}
