//! Where settings come from: `Rocket.toml` and the environment.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use rocket::figment::value::Value;

use super::error::ConfigError;
use super::kind::parsed;
use super::lookup::kind_of;
use super::table::ROCKETS_OWN;
use super::variable::{OURS, setting};

/// Names the file of the settings.
const FILE: &str = "ROCKET_CONFIG";

/// Names the section of the file beside `default`.
const PROFILE: &str = "ROCKET_PROFILE";

/// The settings in the environment, with their values: `ROCKET_A` sets `a`, and `VESTIBULE_A__B` sets `a.b`
/// and comes later.
///
/// # Errors
/// Names the variable that is not UTF-8.
pub(super) fn environment() -> Result<Vec<(String, Value)>, ConfigError> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    let variables = env::vars_os().filter_map(|(name, text)| Some((name.into_string().ok()?, text)));
    let mut variables: Vec<(String, OsString)> = variables.collect();
    variables.sort_unstable();
    for prefix in ["ROCKET_", OURS] {
        for (variable, text) in &variables {
            let Some(key) = variable.strip_prefix(prefix).filter(|key| !key.is_empty()) else { continue };
            if [FILE, PROFILE].contains(&variable.as_str()) || is_service_link(key, text) {
                continue;
            }
            let name = if prefix == OURS { setting(key) } else { key.to_ascii_lowercase() };
            match text.to_str() {
                Some(text) => {
                    let value = kind_of(&name).map_or_else(|| parsed(text), |kind| kind.read(text));
                    found.push((name, value));
                }
                None => problems.push(format!("setting `{name}`: the variable {variable} is not UTF-8")),
            }
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(ConfigError(problems)) }
}

/// Whether Kubernetes put a variable there for a service that is called `vestibule`, and not the operator:
/// `VESTIBULE_SERVICE_HOST`, `VESTIBULE_PORT=tcp://10.0.0.1:80`, `VESTIBULE_PORT_80_TCP_ADDR`.
fn is_service_link(key: &str, text: &OsStr) -> bool {
    let address = text.to_str().is_some_and(|text| text.starts_with("tcp://") || text.starts_with("udp://"));
    let numbered =
        key.strip_prefix("PORT_").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    key == "SERVICE_HOST" || key.starts_with("SERVICE_PORT") || numbered || (key == "PORT" && address)
}

/// The text of the settings' file: the one that `ROCKET_CONFIG` names, or else the nearest `Rocket.toml` in
/// the working folder and those above it. Empty when there is none.
///
/// # Errors
/// Names the file that cannot be read, is no TOML, or has its settings outside of a section.
pub(super) fn file() -> Result<String, ConfigError> {
    let named = env::var_os(FILE).filter(|name| !name.is_empty()).map(PathBuf::from);
    let path = match named {
        Some(path) => path,
        None => match nearest("Rocket.toml") {
            Some(path) => path,
            None => return Ok(String::new()),
        },
    };
    let shown = path.display();
    let text = std::fs::read(&path).map_err(|error| {
        let whence = if env::var_os(FILE).is_some() { format!(" ({FILE} names it)") } else { String::new() };
        ConfigError(vec![format!("the settings' file {shown} cannot be read{whence}: {error}")])
    })?;
    let text = String::from_utf8(text)
        .map_err(|_| ConfigError(vec![format!("the settings' file {shown} is not UTF-8")]))?;
    check(&text).map_err(|problems| {
        ConfigError(
            problems.into_iter().map(|problem| format!("the settings' file {shown}{problem}")).collect(),
        )
    })?;
    Ok(text)
}

/// The file `name` in the working folder or the nearest one above it.
fn nearest(name: &str) -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    here.ancestors().map(|folder: &Path| folder.join(name)).find(|path| path.exists())
}

/// Checks that `text` is TOML in which every setting stands in a section. The parser's own message would
/// repeat the line, which may hold a password.
fn check(text: &str) -> Result<(), Vec<String>> {
    let document: toml_edit::DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let place = error.span().map(|span| place(text, span.start)).unwrap_or_default();
        let why = error.message().lines().next().unwrap_or_default();
        vec![format!("{place}: this is not TOML: {why}")]
    })?;
    let lost = document.iter().filter_map(|(name, item)| {
        let section = item.is_table() || item.is_inline_table();
        if !section {
            return Some(format!(": `{name}` stands outside of a section; write it below [default]"));
        }
        let ours = kind_of(name).is_some() || ROCKETS_OWN.contains(&name);
        ours.then(|| format!(": [{name}] should be [default.{name}]"))
    });
    let lost: Vec<String> = lost.collect();
    if lost.is_empty() { Ok(()) } else { Err(lost) }
}

/// Line and column, both from 1, of the byte `at`.
fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!(":{line}:{column}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_is_told_by_its_place_and_without_its_text() {
        for (text, place) in [
            ("[default]\nport = 8000\nsite.name = hunter2\n", ":3:13: "),
            ("[default\n", ":1:9: "),
            ("[default.smtp]\npassword = 'hunter2'\npassword = 'hunter2'\n", ":3:1: "),
            ("[default.smtp]\npassword = 0123hunter2\n", ":2:13: "),
            ("[default]\nsite = 'hä\n", ":2:11: "),
        ] {
            let said = check(text).unwrap_err().join("\n");
            assert!(said.starts_with(place), "{text:?}: {said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
    }

    #[test]
    fn what_kubernetes_says_of_a_service_is_no_setting() {
        let link = |key: &str, text: &str| is_service_link(key, OsStr::new(text));
        for (key, text) in [
            ("SERVICE_HOST", "10.0.0.1"),
            ("SERVICE_PORT_HTTP", "80"),
            ("PORT", "tcp://10.0.0.1:80"),
            ("PORT_80_TCP_ADDR", "10.0.0.1"),
        ] {
            assert!(link(key, text), "{key}");
        }
        for (key, text) in [("PORT", "8000"), ("SERVICE", "x"), ("PORTS_80", "x"), ("SMTP_URL", "tcp://x")] {
            assert!(!link(key, text), "{key}");
        }
    }

    #[test]
    fn a_setting_that_no_section_holds_is_named() {
        for (text, name) in [("port = 1", "`port`"), ("[smtp]\nurl = 'x'", "[smtp]"), ("[site]", "[site]")] {
            assert!(check(text).unwrap_err().join("\n").contains(name), "{text}");
        }
        for text in ["", "# nothing", "[default]\n[release.smtp]\nurl = 'x'", "default = { port = 1 }"] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }
}
