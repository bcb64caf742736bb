//! Where settings come from: `Rocket.toml` and the environment.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use rocket::figment::value::Value;

use super::error::ConfigError;
use super::kind::parsed;
use super::lookup::{kind_of, setting};
use super::sections;
use super::variable::OURS;

/// Names the file of the settings.
const FILE: &str = "ROCKET_CONFIG";

/// Names the section of the file beside `default`.
const PROFILE: &str = "ROCKET_PROFILE";

/// The settings' file.
#[derive(Default)]
pub(super) struct SettingsFile {
    /// Its text; empty when there is none.
    pub(super) text: String,
    /// A sentence about each section of it that this start does not use.
    pub(super) unused: Vec<String>,
}

/// The settings in the environment, with their values: `ROCKET_A` sets `a`. `VESTIBULE_A_B` and
/// `VESTIBULE_A__B` set `a.b` and come later.
///
/// # Errors
/// Names the variable that is not UTF-8, and two variables of one setting.
pub(super) fn environment() -> Result<Vec<(String, Value)>, ConfigError> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    let variables = env::vars_os().filter_map(|(name, text)| Some((name.into_string().ok()?, text)));
    let mut variables: Vec<(String, OsString)> = variables.collect();
    variables.sort_unstable();
    for prefix in ["ROCKET_", OURS] {
        let mut set_by: BTreeMap<String, &str> = BTreeMap::new();
        for (variable, text) in &variables {
            let Some(key) = variable.strip_prefix(prefix).filter(|key| !key.is_empty()) else { continue };
            if [FILE, PROFILE].contains(&variable.as_str()) || is_service_link(key, text) {
                continue;
            }
            let name = setting(key);
            if let Some(other) = set_by.insert(name.clone(), variable) {
                problems.push(format!("setting `{name}` is set by {other} and by {variable}; leave one out"));
            }
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

/// Whether Kubernetes put a variable there for a service, and not the operator. A service that is called
/// `vestibule` brings `VESTIBULE_SERVICE_HOST`, `VESTIBULE_PORT=tcp://10.0.0.1:80` and
/// `VESTIBULE_PORT_80_TCP_ADDR`; one that is called `vestibule-web` brings `VESTIBULE_WEB_SERVICE_HOST`.
fn is_service_link(key: &str, text: &OsStr) -> bool {
    // The name of a service has no two dashes in a row that end up as `__`; a setting's own name may.
    if key.contains("__") {
        return false;
    }
    let key = format!("_{key}");
    let address = |text: &str| ["tcp://", "udp://", "sctp://"].iter().any(|kind| text.starts_with(kind));
    let of_port = |rest: &str| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let kind = rest.get(digits..).unwrap_or_default();
        digits > 0 && ["_TCP", "_UDP", "_SCTP"].iter().any(|known| kind.starts_with(known))
    };
    key.ends_with("_SERVICE_HOST")
        || key.ends_with("_SERVICE_PORT")
        || key.contains("_SERVICE_PORT_")
        || key.rsplit_once("_PORT_").is_some_and(|(_, rest)| of_port(rest))
        || (key.ends_with("_PORT") && text.to_str().is_some_and(address))
}

/// The section beside `default` that the operator selects.
pub(super) fn profile() -> Option<String> {
    let name = env::var_os(PROFILE)?.into_string().ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The settings' file: the one that `ROCKET_CONFIG` names, or else the nearest `Rocket.toml` in the working
/// folder and those above it.
///
/// # Errors
/// Names the file that cannot be read, is no TOML, has settings outside of a section or a section that is no
/// profile, and says that there is none for the profile.
pub(super) fn file() -> Result<SettingsFile, ConfigError> {
    let named = env::var_os(FILE).filter(|name| !name.is_empty()).map(PathBuf::from);
    let selected = profile();
    let path = match named {
        Some(path) => path,
        None => match nearest("Rocket.toml") {
            Some(path) => path,
            None => {
                let none = |wrong: Vec<String>| {
                    let none = |why: String| format!("there is no Rocket.toml here or above{why}");
                    ConfigError(wrong.into_iter().map(none).collect())
                };
                check("", selected.as_deref()).map_err(none)?;
                return Ok(SettingsFile::default());
            }
        },
    };
    let shown = path.display();
    let text = std::fs::read(&path).map_err(|error| {
        let whence = if env::var_os(FILE).is_some() { format!(" ({FILE} names it)") } else { String::new() };
        ConfigError(vec![format!("the settings' file {shown} cannot be read{whence}: {error}")])
    })?;
    let text = String::from_utf8(text)
        .map_err(|_| ConfigError(vec![format!("the settings' file {shown} is not UTF-8")]))?;
    let unused = check(&text, selected.as_deref()).map_err(|problems| {
        ConfigError(
            problems.into_iter().map(|problem| format!("the settings' file {shown}{problem}")).collect(),
        )
    })?;
    let unused = unused.into_iter().map(|name| {
        format!(
            "the section [{name}] of the settings' file {shown} is not used: ROCKET_PROFILE does not name it"
        )
    });
    Ok(SettingsFile { unused: unused.collect(), text })
}

/// The file `name` in the working folder or the nearest one above it.
fn nearest(name: &str) -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    here.ancestors().map(|folder: &Path| folder.join(name)).find(|path| path.exists())
}

/// Checks that `text` is TOML, and its sections. The parser's own message would repeat the line, which may
/// hold a password. Returns the sections that are not used.
fn check(text: &str, selected: Option<&str>) -> Result<Vec<String>, Vec<String>> {
    let document: toml_edit::DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let place = error.span().map(|span| place(text, span.start)).unwrap_or_default();
        let why = error.message().lines().next().unwrap_or_default();
        vec![format!("{place}: this is not TOML: {why}")]
    })?;
    sections::check(&document, selected)
        .map_err(|wrong| wrong.into_iter().map(|problem| format!(": {problem}")).collect())
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
            let said = check(text, None).unwrap_err().join("\n");
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
            ("PORT_80_TCP", "tcp://10.0.0.1:80"),
            ("PORT_80_TCP_PORT", "80"),
            ("WEB_SERVICE_HOST", "10.0.0.1"),
            ("WEB_SERVICE_PORT", "80"),
            ("WEB_PORT", "tcp://10.0.0.1:80"),
            ("WEB_PORT_80_UDP_PROTO", "udp"),
            ("EXPORT_80_PORT_80_TCP_PORT", "80"),
        ] {
            assert!(link(key, text), "{key}");
        }
        for (key, text) in [
            ("PORT", "8000"),
            ("SERVICE", "x"),
            ("PORTS_80", "x"),
            ("PORT_EIGHTY", "x"),
            ("SMTP_URL", "tcp://x"),
            ("PLUGINS__SHOP__SERVICE_HOST", "10.0.0.1"),
        ] {
            assert!(!link(key, text), "{key}");
        }
    }
}
