//! `vestibule theme dev`: serves every page in every state of the theme, on loopback, and reloads it on each
//! change.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use listener::{Server, ServerSettings, stop_signal};
use look::theme::{Checked, gallery};
use rocket::http::{ContentType, Status};
use rocket::response::content::RawHtml;
use rocket::{State, get, routes};

use super::preview::{checked, escaped, fingerprint, languages, slug, templates};
use super::{CommandFailure, Dev};
use crate::web::SecurityHeaders;

const SCRIPT: &str = include_str!("dev/reload.js");
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
            let (errors, warnings) = seen.theme.report.counts();
            eprintln!("{errors} errors, {warnings} warnings");
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
        .attach(SecurityHeaders { hsts: None })
        .mount("/", routes![index, page, asset, reload, style, version]);
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

#[get("/")]
fn index(watched: &State<Watched>) -> Result<RawHtml<String>, Status> {
    let (theme, _) = watched.now();
    let mut body = report(&theme);
    if let Some(renderer) = &theme.renderer {
        let fallback = renderer.catalog().fallback().clone();
        let mut states: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for shown in gallery(renderer, &fallback, |_| true) {
            states.entry(shown.template).or_default().push(shown.state);
        }
        for name in templates().map_err(|_| Status::InternalServerError)? {
            let Some(states) = states.get(name.as_str()) else { continue };
            // Writing to a `String` cannot fail.
            let _ = write!(body, "<h2>{}</h2><ul>", escaped(&name));
            for (number, state) in states.iter().enumerate() {
                let link = |code: &str| format!("/show/{code}/{}/{number}", slug(&name));
                let languages = languages(renderer.catalog().locales(), link);
                let _ = write!(body, "<li>{}{languages}</li>", escaped(state));
            }
            body.push_str("</ul>");
        }
    }
    Ok(RawHtml(frame("Theme", &body)))
}

#[get("/show/<language>/<name>/<number>")]
fn page(
    watched: &State<Watched>,
    language: &str,
    name: &str,
    number: usize,
) -> Result<(ContentType, String), Status> {
    let (theme, _) = watched.now();
    let Some(renderer) = &theme.renderer else {
        return Ok((ContentType::HTML, frame("Errors", &report(&theme))));
    };
    let locale = renderer.catalog().find(language).ok_or(Status::NotFound)?;
    let shown = gallery(renderer, locale, |template| slug(template) == name);
    let shown = shown.into_iter().nth(number).ok_or(Status::NotFound)?;
    match shown.content {
        Ok(text) if !shown.template.ends_with(".html") => Ok((ContentType::Plain, text)),
        Ok(html) => Ok((ContentType::HTML, with_tools(&html, &theme))),
        Err(error) => {
            let body = format!("<pre>{}</pre>{}", escaped(&error.to_string()), report(&theme));
            Ok((ContentType::HTML, frame("Errors", &body)))
        }
    }
}

#[get("/static/<_>/<name..>")]
fn asset(watched: &State<Watched>, name: PathBuf) -> Option<(ContentType, Vec<u8>)> {
    let (theme, _) = watched.now();
    let name = name.to_str()?;
    let file = theme.renderer.as_ref()?.static_file(name, None)?;
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let kind = ContentType::from_extension(ending).unwrap_or(ContentType::Binary);
    Some((kind, file.content.to_vec()))
}

#[get("/_dev/reload.js")]
fn reload() -> (ContentType, &'static str) {
    (ContentType::JavaScript, SCRIPT)
}

#[get("/_dev/dev.css")]
fn style() -> (ContentType, &'static str) {
    (ContentType::CSS, STYLE)
}

/// Every open page polls this route.
#[get("/_dev/version")]
fn version(watched: &State<Watched>) -> String {
    watched.now().1.to_string()
}

/// The findings as HTML; empty when there are none.
fn report(theme: &Checked) -> String {
    if theme.report.findings.is_empty() {
        return String::new();
    }
    format!(
        "<aside class=\"vestibule-dev\" lang=\"en\"><pre>{}</pre></aside>",
        escaped(&theme.report.to_string())
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
