//! Finds the static files of a theme that nothing loads.

use std::collections::BTreeSet;

use crate::Files;
use crate::theme::nearest::nearest;
use crate::theme_source::{Finding, Report, Severity, ThemeFolder};

/// The endings of files that pages load. Others, such as the licence of a font, lie there for people.
const LOADED: [&str; 14] = [
    ".css", ".js", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico", ".woff", ".woff2",
    ".ttf", ".otf",
];

/// The style sheet of a theme, which every page links.
const STYLES: &str = "theme.css";

/// Reports files that no template, style sheet or script names. `named` are those that templates do.
pub(super) fn check(theme: &ThemeFolder, ours: &Files, named: &BTreeSet<String>, report: &mut Report) {
    let texts: Vec<(&str, &str)> = theme
        .statics
        .iter()
        .filter(|(name, _)| {
            [".css", ".js", ".svg", ".json", ".webmanifest"].iter().any(|end| name.ends_with(end))
        })
        .filter_map(|(name, text)| Some((name.as_str(), std::str::from_utf8(text).ok()?)))
        .collect();
    for (name, _) in &theme.statics {
        let file = name.rsplit('/').next().unwrap_or(name);
        let loaded = !LOADED.iter().any(|ending| name.ends_with(ending))
            || named.contains(name)
            || ours.statics.contains_key(name)
            || texts.iter().any(|(other, text)| other != name && text.contains(file));
        if loaded {
            continue;
        }
        let known = ours.statics.keys().map(String::as_str).chain([STYLES]);
        let meant = nearest(name, known.filter(|known| !theme.statics.iter().any(|(own, _)| own == known)));
        let no_styles = !theme.statics.iter().any(|(own, _)| own == STYLES);
        let hint = match meant {
            Some(meant) => format!("; did you mean `{meant}`?"),
            None if name.ends_with(".css") && no_styles => {
                format!("; did you mean `{STYLES}`, which every page links?")
            }
            None => String::new(),
        };
        let message = format!("nothing loads `{name}`{hint}");
        report.add(Finding::new(Severity::Warning, "unused-file", &format!("static/{name}"), message));
    }
}
