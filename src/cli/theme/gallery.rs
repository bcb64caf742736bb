//! `vestibule theme gallery`: writes every page in every state and language to files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use look::theme::gallery;
use look::{Look, Renderer};

use super::chromium;
use super::gallery_folder::GalleryFolder;
use super::preview::{PERSON, checked, slug};
use super::viewer::{self, Frame, Viewer};
use super::{CommandFailure, Gallery};
use crate::urls;

/// The schemes of the pictures, each with Chromium's number for it.
const SCHEMES: [(&str, u8); 2] = [("dark", 0), ("light", 1)];

pub fn run(wanted: &Gallery) -> Result<ExitCode, CommandFailure> {
    if !wanted.folder.is_dir() {
        return Err(format!("{} is no folder", wanted.folder.display()).into());
    }
    let out = GalleryFolder::open(&wanted.out, &wanted.folder)?;
    let theme = checked(&wanted.folder);
    let Some(renderer) = &theme.renderer else {
        eprintln!("{}", theme.report);
        return Ok(ExitCode::FAILURE);
    };
    let mut files = static_files(renderer);
    files.insert("viewer.css".to_owned(), viewer::STYLE.into());
    files.insert("viewer.js".to_owned(), viewer::SCRIPT.into());
    let pages = pages_of(renderer, &mut files)?;
    let names: Vec<&str> = pages.iter().map(|(template, _)| *template).collect();
    let viewer = Viewer { theme: &theme.manifest.name, home: "index.html", tools: "", head: "", notes: "" };
    files.insert("index.html".to_owned(), viewer.index(&names).into());
    for (template, frames) in &pages {
        files.insert(viewer::link_to(template), viewer.frames(template, &names, frames).into());
    }
    let shown: Vec<String> = files.keys().filter(|name| is_page(name)).cloned().collect();
    let pictures: Vec<String> =
        shown.iter().flat_map(|page| SCHEMES.map(|(scheme, _)| picture_of(page, scheme))).collect();
    out.replace(&files, if wanted.png { &pictures } else { &[] })
        .map_err(|error| format!("{} cannot be written: {error}", out.path().display()))?;
    println!("{}", wanted.out.join("index.html").display());
    if wanted.png {
        take_pictures(out.path(), &shown)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The static files of the look and everybody's picture, where [`here`] leads.
pub fn static_files(renderer: &Renderer) -> BTreeMap<String, Vec<u8>> {
    let named = renderer.static_files().map(|(name, file)| (format!("static/{name}"), file.content.to_vec()));
    named.chain([("static/person.svg".to_owned(), PERSON.into())]).collect()
}

/// Whether a file of the gallery is a page that can be photographed.
fn is_page(name: &str) -> bool {
    name.starts_with("pages/") && name.ends_with(".html")
}

/// Adds every page in every state and language to `files`. Gives the frames of each template.
fn pages_of(
    renderer: &Renderer,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<Vec<(&'static str, Vec<Frame>)>, CommandFailure> {
    let mut pages: Vec<(&'static str, Vec<Frame>)> = Vec::new();
    for locale in renderer.catalog().locales() {
        for shown in gallery(renderer, Look::Themed, locale, |_| true) {
            let language = locale.as_str().to_owned();
            let text = shown.content?;
            let ending = if shown.template.ends_with(".html") { "html" } else { "txt" };
            let name = format!("{}.{}.{language}.{ending}", slug(shown.template), slug(&shown.state));
            let link = format!("pages/{name}");
            files.insert(link.clone(), here(&text).into());
            let frame = Frame { state: shown.state, language, link, builtin: None };
            match pages.iter_mut().find(|(template, _)| *template == shown.template) {
                Some((_, frames)) => frames.push(frame),
                None => pages.push((shown.template, vec![frame])),
            }
        }
    }
    Ok(pages)
}

/// Converts URLs of the site to paths relative to the page's file. Drops a static file's hash, so that style
/// sheets find the files that they name.
pub fn here(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let folder = format!("{}/", urls::STATIC);
    let html = html.replace(&folder.replace('/', "&#x2F;"), &folder);
    let mut parts = html.split(&folder);
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let name = part.split_once('/').filter(|(hash, _)| hash.bytes().all(|b| b.is_ascii_hexdigit()));
        out.push_str("../static/");
        out.push_str(name.map_or(part, |(_, name)| name));
    }
    let pictures = urls::PICTURE.split('<').next().unwrap_or_default();
    for path in [pictures, &pictures.replace('/', "&#x2F;")] {
        let mut parts = out.split(path);
        let mut next = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            next.push_str("../static/person.svg");
            next.push_str(part.find('"').map_or("", |end| &part[end..]));
        }
        out = next;
    }
    out
}

/// The file of the picture of a page.
fn picture_of(page: &str, scheme: &str) -> String {
    format!("{}.{scheme}.png", page.trim_end_matches(".html"))
}

/// Takes a picture of each page, light and dark.
fn take_pictures(folder: &Path, pages: &[String]) -> Result<(), CommandFailure> {
    let Some(browser) = chromium::find() else {
        eprintln!("There is no Chromium here, so there are no pictures.");
        return Ok(());
    };
    let profile = tempfile::tempdir()?;
    for page in pages {
        for (scheme, number) in SCHEMES {
            let picture: PathBuf = folder.join(picture_of(page, scheme));
            let status = chromium::command(browser, profile.path())
                .arg("--window-size=1280,1600")
                .arg(format!("--blink-settings=preferredColorScheme={number}"))
                .arg(format!("--screenshot={}", picture.display()))
                .arg(format!("file://{}", folder.join(page).display()))
                .stdout(Stdio::null())
                .status()?;
            if !status.success() || !picture.exists() {
                return Err(format!("Chromium could not take a picture of {page}").into());
            }
        }
    }
    Ok(())
}
