//! `vestibule theme dev`: serves every page in every state of the theme, on loopback, and reloads it on each
//! change.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use listener::{Server, ServerSettings, stop_signal};
use look::theme::{Checked, gallery};
use look::{Look, Renderer};
use rocket::http::{ContentType, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::{Request, Responder, State, get, routes};

use super::preview::{PERSON, checked, escaped, fingerprint, slug};
use super::viewer::{self, Frame, Viewer};
use super::{CommandFailure, Dev};
use crate::web::{Reply, Sandboxed, SecurityHeaders, policy};

const RELOAD: &str = include_str!("dev/reload.js");
const STYLE: &str = include_str!("dev/dev.css");

/// The theme at the last request.
struct Watched {
    folder: PathBuf,
    state: Mutex<Seen>,
}

struct Seen {
    fingerprint: u64,
    version: u64,
    theme: Arc<Checked>,
}

impl Watched {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        // A poisoned lock is safe: a check that panics leaves the state unchanged.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The present theme, and a number that grows with each change.
    fn now(&self) -> (Arc<Checked>, u64) {
        let mut seen = self.lock();
        let fingerprint = fingerprint(&self.folder);
        if seen.fingerprint != fingerprint {
            *seen = Seen { fingerprint, version: seen.version + 1, theme: Arc::new(checked(&self.folder)) };
            eprintln!("{}", seen.theme.report.summary());
        }
        (seen.theme.clone(), seen.version)
    }
}

pub fn run(wanted: &Dev) -> Result<ExitCode, CommandFailure> {
    if !wanted.folder.is_dir() {
        return Err(format!("{} is no folder", wanted.folder.display()).into());
    }
    let seen = Seen {
        fingerprint: fingerprint(&wanted.folder),
        version: 1,
        theme: Arc::new(checked(&wanted.folder)),
    };
    let watched = Watched { folder: wanted.folder.clone(), state: Mutex::new(seen) };
    let figment = rocket::Config::figment().merge(("log_level", "off"));
    let rocket = rocket::custom(figment)
        .manage(watched)
        .attach(SecurityHeaders { hsts: None, policy: policy(&[]).leak() })
        .mount("/", routes![index, frames, page, picture, asset, tool, version]);
    let settings = ServerSettings {
        address: Ipv4Addr::LOCALHOST.into(),
        port: wanted.port,
        ..ServerSettings::default()
    };
    let runtime =
        rocket::tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let server = Server::bind(rocket, settings).await?;
        println!("Open http://{}/", server.local_addr());
        server.run(stop_signal()).await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// The templates that are shown, and the frames of the one that `wanted` picks.
fn shown(
    renderer: &Renderer,
    wanted: impl Fn(&str) -> bool,
) -> (Vec<&'static str>, &'static str, Vec<Frame>) {
    let (mut templates, mut picked, mut frames) = (Vec::new(), "", Vec::new());
    let fallback = renderer.catalog().fallback();
    // The site's language first.
    let others = renderer.catalog().locales().filter(|locale| *locale != fallback);
    for locale in std::iter::once(fallback).chain(others) {
        let (mut last, mut number) = ("", 0);
        for sample in gallery(renderer, Look::Themed, locale, |_| true) {
            if !templates.contains(&sample.template) {
                templates.push(sample.template);
            }
            number = if sample.template == last { number + 1 } else { 0 };
            last = sample.template;
            if wanted(sample.template) {
                picked = sample.template;
                let language = locale.as_str().to_owned();
                let link = format!("/show/{language}/{}/{number}", slug(sample.template));
                let builtin = Some(format!("{link}?theme=builtin"));
                frames.push(Frame { state: sample.state, language, link, builtin });
            }
        }
    }
    (templates, picked, frames)
}

#[get("/")]
fn index(watched: &State<Watched>) -> Reply {
    let (theme, _) = watched.now();
    let notes = report(&theme);
    let viewer = viewer(&theme, &notes);
    let templates = theme.renderer.as_ref().map(|renderer| shown(renderer, |_| false).0);
    Reply::page(Status::Ok, viewer.index(&templates.unwrap_or_default()))
}

#[get("/<file>", rank = 2)]
fn frames(watched: &State<Watched>, file: &str) -> Result<Reply, Status> {
    let (theme, _) = watched.now();
    let notes = report(&theme);
    let viewer = viewer(&theme, &notes);
    let Some(renderer) = &theme.renderer else {
        return Ok(Reply::page(Status::Ok, viewer.index(&[])));
    };
    let (templates, template, frames) = shown(renderer, |template| viewer::link_to(template) == file);
    if frames.is_empty() {
        return Err(Status::NotFound);
    }
    Ok(Reply::page(Status::Ok, viewer.frames(template, &templates, &frames)).with_frames())
}

fn viewer<'a>(theme: &'a Checked, notes: &'a str) -> Viewer<'a> {
    Viewer { theme: &theme.manifest.name, home: "/", tools: "/_dev/", head: TOOLS, notes }
}

/// A page or mail in one state.
#[derive(Responder)]
enum ShownSample {
    Page(Reply),
    Mail(Sandboxed),
    Text((ContentType, String)),
}

#[get("/show/<language>/<name>/<number>?<theme>")]
fn page(
    watched: &State<Watched>,
    framed: InFrame,
    language: &str,
    name: &str,
    number: usize,
    theme: Option<&str>,
) -> Result<ShownSample, Status> {
    let look = if theme == Some("builtin") { Look::Builtin } else { Look::Themed };
    let (theme, _) = watched.now();
    let notes = report(&theme);
    let error = |what: String| {
        let html = frame("Errors", &format!("<pre>{}</pre>{notes}", escaped(&what)));
        Ok(ShownSample::Page(Reply::page(Status::Ok, html).framed_by_this_site()))
    };
    let Some(renderer) = &theme.renderer else { return error(String::new()) };
    let locale = renderer.catalog().find(language).ok_or(Status::NotFound)?;
    let shown = gallery(renderer, look, locale, |template| slug(template) == name);
    let shown = shown.into_iter().nth(number).ok_or(Status::NotFound)?;
    let mail = shown.template.starts_with("mail/");
    match shown.content {
        Ok(text) if !shown.template.ends_with(".html") => Ok(ShownSample::Text((ContentType::Plain, text))),
        Ok(html) if mail => Ok(ShownSample::Mail(Sandboxed(html))),
        Ok(html) => {
            // A page around it loads a frame again, and shows the findings once.
            let html = if framed.0 { html } else { with_tools(&html, &theme) };
            Ok(ShownSample::Page(Reply::page(Status::Ok, html).framed_by_this_site()))
        }
        Err(fault) => error(fault.to_string()),
    }
}

/// Whether the answer is to stand in a frame, as browsers say (`Sec-Fetch-Dest`).
struct InFrame(bool);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for InFrame {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        Outcome::Success(Self(request.headers().get_one("sec-fetch-dest") == Some("iframe")))
    }
}

/// Every person's picture.
#[get("/user/picture/<_..>")]
fn picture() -> (ContentType, &'static str) {
    (ContentType::SVG, PERSON)
}

#[get("/static/<hash>/<name..>")]
fn asset(watched: &State<Watched>, hash: &str, name: PathBuf) -> Option<(ContentType, Vec<u8>)> {
    let (theme, _) = watched.now();
    let name = name.to_str()?;
    let file = theme.renderer.as_ref()?.static_file(name, Some(hash))?;
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let kind = ContentType::from_extension(ending).unwrap_or(ContentType::Binary);
    Some((kind, file.content.to_vec()))
}

/// The scripts and style sheets of the preview itself.
#[get("/_dev/<name>")]
fn tool(name: &str) -> Option<(ContentType, &'static str)> {
    match name {
        "reload.js" => Some((ContentType::JavaScript, RELOAD)),
        "dev.css" => Some((ContentType::CSS, STYLE)),
        "viewer.js" => Some((ContentType::JavaScript, viewer::SCRIPT)),
        "viewer.css" => Some((ContentType::CSS, viewer::STYLE)),
        _ => None,
    }
}

/// Every open page polls this route.
#[get("/_dev/version")]
fn version(watched: &State<Watched>) -> String {
    watched.now().1.to_string()
}

/// The findings as HTML, open where there are errors; empty when there are none.
fn report(theme: &Checked) -> String {
    let report = &theme.report;
    if report.findings.is_empty() {
        return String::new();
    }
    let open = if report.passes() { "" } else { " open" };
    format!(
        "<details class=\"vestibule-dev\" lang=\"en\"{open}><summary>{}</summary><pre>{}</pre></details>",
        escaped(&report.summary()),
        escaped(&report.to_string())
    )
}

fn frame(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>{TOOLS}</head>\
         <body class=\"vestibule-dev-page\"><h1>{title}</h1>{body}</body></html>"
    )
}

/// Separate files, because the preview has the site's content security policy.
const TOOLS: &str =
    "<link rel=\"stylesheet\" href=\"/_dev/dev.css\"><script src=\"/_dev/reload.js\" defer></script>";

fn with_tools(html: &str, theme: &Checked) -> String {
    let html = match html.split_once("</head>") {
        Some((head, rest)) => format!("{head}{TOOLS}</head>{rest}"),
        None => format!("{TOOLS}{html}"),
    };
    match html.rsplit_once("</body>") {
        Some((body, rest)) => format!("{body}{}</body>{rest}", report(theme)),
        None => html + report(theme).as_str(),
    }
}
