//! Opens a theme's pages in Chromium, beside ours, and finds the fields and buttons that ours shows and the
//! theme's does not. A style sheet has more ways to hide something than can be read from its text.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::Stdio;

use look::theme::{Finding, Severity, gallery};
use look::{Look, Renderer};
use percent_encoding::percent_decode_str;

use super::chromium;
use super::gallery::{here, static_files};
use super::gallery_folder::write_files;
use super::preview::escaped;

const SCRIPT: &str = include_str!("seen.js");

/// The page without which there is no other.
const SIGN_IN: &str = "pages/sign_in.html";

/// The most fields and buttons that one finding names.
const NAMED_MAX: usize = 3;

/// The widths, in pixels: a phone and a screen.
const WIDTHS: [usize; 2] = [390, 1280];

/// The most states of a page that are opened: the first, and those with errors.
const STATES_MAX: usize = 3;

/// The time of the page's own clock within which all frames have loaded, in milliseconds.
const PATIENCE: &str = "20000";

/// The controls of a page, and whether each can be seen.
type Controls = BTreeMap<String, bool>;

/// A page in one state and width, in the theme's look and in ours.
struct Pair {
    template: &'static str,
    state: String,
    width: usize,
}

/// What the theme hides, as warnings: it may be shown by a press on something else.
///
/// # Errors
/// Files that cannot be written, and a Chromium that gives no answer.
pub fn unseen(browser: &str, renderer: &Renderer) -> io::Result<Vec<Finding>> {
    let folder = tempfile::tempdir()?;
    let (pairs, document) = document(renderer)?;
    let mut files = static_files(renderer);
    files.insert("pages/seen.js".to_owned(), SCRIPT.into());
    files.insert("pages/seen.html".to_owned(), document.into());
    write_files(folder.path(), &files)?;
    let seen = open(browser, &folder.path().join("profile"), &folder.path().join("pages/seen.html"))?;
    if seen.len() != pairs.len() * 2 {
        return Err(io::Error::other("it did not show every page"));
    }
    let mut found = Vec::new();
    for (pair, looks) in pairs.iter().zip(seen.chunks_exact(2)) {
        let [theirs, ours] = looks else { continue };
        let hidden: Vec<&str> = theirs
            .iter()
            .filter(|(name, seen)| !**seen && ours.get(*name) == Some(&true))
            .map(|(name, _)| name.as_str())
            .collect();
        if hidden.is_empty() {
            continue;
        }
        let Pair { template, state, width } = pair;
        let mut named = hidden.iter().take(NAMED_MAX).map(|name| format!("the {name}")).collect::<Vec<_>>();
        if hidden.len() > NAMED_MAX {
            named.push(format!("{} more", hidden.len() - NAMED_MAX));
        }
        let message = format!(
            "when {template} opens at {width} pixels, nobody sees or can press: {}",
            named.join(", ")
        );
        // Whoever cannot sign in cannot look for another way either.
        let severity = if *template == SIGN_IN { Severity::Error } else { Severity::Warning };
        found.push(Finding::new(severity, "unseen", "static/theme.css", message).seen_in(state));
    }
    Ok(found)
}

/// A document with two frames for each pair, and the pairs in their order.
fn document(renderer: &Renderer) -> io::Result<(Vec<Pair>, String)> {
    let locale = renderer.catalog().fallback();
    let samples = |look| gallery(renderer, look, locale, |template| template.starts_with("pages/"));
    let (mut pairs, mut frames) = (Vec::new(), String::new());
    let mut opened: BTreeMap<&str, usize> = BTreeMap::new();
    for (theirs, ours) in samples(Look::Themed).into_iter().zip(samples(Look::Builtin)) {
        let known = opened.entry(theirs.template).or_default();
        if *known > 0 && !theirs.state.contains("error") || *known >= STATES_MAX {
            continue;
        }
        *known += 1;
        let (theirs_text, ours_text) =
            (theirs.content.map_err(io::Error::other)?, ours.content.map_err(io::Error::other)?);
        for width in WIDTHS {
            for text in [&theirs_text, &ours_text] {
                // Its own scripts do not run: the frame shares its origin with the document and no more.
                frames.push_str(&format!(
                    "<iframe sandbox=\"allow-same-origin\" width=\"{width}\" height=\"800\" srcdoc=\"{}\"></iframe>\n",
                    escaped(&here(text))
                ));
            }
            pairs.push(Pair { template: theirs.template, state: theirs.state.clone(), width });
        }
    }
    let document = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Seen</title>\
         <script src=\"seen.js\"></script></head><body>\n{frames}</body></html>\n"
    );
    Ok((pairs, document))
}

/// The controls of each frame.
fn open(browser: &str, profile: &Path, page: &Path) -> io::Result<Vec<Controls>> {
    let output = chromium::command(browser, profile)
        .arg("--window-size=1300,900")
        .arg(format!("--virtual-time-budget={PATIENCE}"))
        .arg("--dump-dom")
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let seen = text.split_once("<pre id=\"seen\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let (seen, _) = seen.ok_or_else(|| io::Error::other("Chromium gave no answer"))?;
    let seen = percent_decode_str(seen).decode_utf8().map_err(io::Error::other)?;
    serde_json::from_str(&seen).map_err(io::Error::other)
}
