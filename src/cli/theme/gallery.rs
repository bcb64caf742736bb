//! `vestibule theme gallery`: writes every page in every state and language to files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use look::Renderer;
use look::theme::gallery;

use super::preview::{checked, escaped, slug};
use super::{CommandFailure, Gallery};
use crate::urls;

/// Replaces a person's picture.
const PERSON: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\">\
<path fill=\"#888\" d=\"M0 0h8v8H0z\"/></svg>";

const STYLE: &str = include_str!("gallery/gallery.css");

/// Names of the executables that are tried as Chromium.
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

pub fn run(wanted: &Gallery) -> Result<ExitCode, CommandFailure> {
    let theme = checked(&wanted.folder);
    let Some(renderer) = &theme.renderer else {
        eprintln!("{}", theme.report);
        return Ok(ExitCode::FAILURE);
    };
    let out = &wanted.out;
    let pages = out.join("pages");
    std::fs::create_dir_all(&pages)?;
    for (name, file) in renderer.static_files() {
        write(&out.join("static").join(name), &file.content)?;
    }
    write(&out.join("static/person.svg"), PERSON.as_bytes())?;
    write(&out.join("gallery.css"), STYLE.as_bytes())?;
    let written = pages_of(renderer, &pages)?;
    write(&out.join("index.html"), index(&theme.manifest.name, &written).as_bytes())?;
    println!("{}", out.join("index.html").display());
    if wanted.png {
        pictures(&pages, &written)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One page in one state and language.
struct GalleryPage {
    template: &'static str,
    state: String,
    language: String,
    file: String,
}

fn pages_of(renderer: &Renderer, folder: &Path) -> Result<Vec<GalleryPage>, CommandFailure> {
    let mut written = Vec::new();
    for locale in renderer.catalog().locales() {
        for shown in gallery(renderer, locale, |_| true) {
            let language = locale.as_str().to_owned();
            let text = shown.content?;
            let ending = if shown.template.ends_with(".html") { "html" } else { "txt" };
            let file = format!("{}.{}.{language}.{ending}", slug(shown.template), slug(&shown.state));
            write(&folder.join(&file), here(&text).as_bytes())?;
            written.push(GalleryPage { template: shown.template, state: shown.state, language, file });
        }
    }
    written.sort_by(|one, other| one.template.cmp(other.template).then_with(|| one.state.cmp(&other.state)));
    Ok(written)
}

/// Converts URLs of the site to paths relative to the page's file. Drops a static file's hash, so that style
/// sheets find the files that they name.
fn here(html: &str) -> String {
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

fn index(name: &str, written: &[GalleryPage]) -> String {
    let name = escaped(name);
    let mut out = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{name}</title>\
         <link rel=\"stylesheet\" href=\"gallery.css\"></head><body><h1>{name}</h1>"
    );
    let mut template = "";
    for page in written {
        // Writing to a `String` cannot fail.
        if page.template != template {
            template = page.template;
            let _ = write!(out, "<h2>{template}</h2>");
        }
        let (state, language, file) = (escaped(&page.state), &page.language, &page.file);
        let _ =
            write!(out, "<figure><figcaption>{state}, <a href=\"pages/{file}\">{language}</a></figcaption>");
        for scheme in ["light", "dark"] {
            let title = format!("{state}, {language}, {scheme}");
            let _ = write!(
                out,
                "<iframe class=\"{scheme}\" loading=\"lazy\" title=\"{title}\" src=\"pages/{file}\"></iframe>"
            );
        }
        out.push_str("</figure>");
    }
    out + "</body></html>\n"
}

/// A picture of each page, light and dark, beside it.
fn pictures(folder: &Path, written: &[GalleryPage]) -> Result<(), CommandFailure> {
    let there = |name: &&&str| {
        let found = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        found.is_ok_and(|status| status.success())
    };
    let Some(browser) = CHROMIUM.iter().find(there) else {
        eprintln!("There is no Chromium here, so there are no pictures.");
        return Ok(());
    };
    let profile = tempfile::tempdir()?;
    let folder = folder.canonicalize()?;
    for page in written.iter().filter(|page| page.file.ends_with(".html")) {
        for (scheme, number) in [("dark", 0), ("light", 1)] {
            let picture: PathBuf =
                folder.join(format!("{}.{scheme}.png", page.file.trim_end_matches(".html")));
            let status = Command::new(browser)
                .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
                .arg("--allow-file-access-from-files")
                .arg("--window-size=1280,1600")
                .arg(format!("--blink-settings=preferredColorScheme={number}"))
                .arg(format!("--user-data-dir={}", profile.path().display()))
                .arg(format!("--screenshot={}", picture.display()))
                .arg(format!("file://{}", folder.join(&page.file).display()))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()?;
            if !status.success() || !picture.exists() {
                return Err(format!("Chromium could not take a picture of {}", page.file).into());
            }
        }
    }
    Ok(())
}

fn write(path: &Path, content: &[u8]) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(path, content)
}
