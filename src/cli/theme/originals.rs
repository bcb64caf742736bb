//! `vestibule theme show` and `eject`: the built-in files, to be read or to begin from.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use look::Files;
use look::theme::{nearest, original_mark};

use super::{CommandFailure, Eject};

/// The built-in files, by the names that a theme's files have.
fn originals() -> Result<Vec<(String, Vec<u8>)>, CommandFailure> {
    let files = Files::load(None)?;
    let own = |name: &&String| !name.starts_with("builtin/");
    let templates = files.templates.iter().filter(|(name, _)| own(name));
    let templates = templates.map(|(name, text)| (format!("templates/{name}"), text.clone().into_bytes()));
    let statics = files.statics.iter().map(|(name, file)| (format!("static/{name}"), file.content.to_vec()));
    let locales = files.locales.iter();
    let locales =
        locales.map(|(language, texts)| (format!("locales/{language}.ftl"), texts.concat().into_bytes()));
    Ok(templates.chain(statics).chain(locales).collect())
}

/// The built-in file `name`, which may leave out `templates/`, `static/` or `locales/`.
fn find(name: &str) -> Result<(String, Vec<u8>), CommandFailure> {
    let all = originals()?;
    let short = |path: &str| path.split_once('/').map_or(String::new(), |(_, short)| short.to_owned());
    let name = name.strip_prefix("builtin/").unwrap_or(name);
    if let Some(found) = all.iter().find(|(path, _)| path == name || short(path) == name) {
        return Ok(found.clone());
    }
    let known: Vec<String> = all.iter().flat_map(|(path, _)| [path.clone(), short(path)]).collect();
    let file = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let of_this_name = known.iter().find(|known| file(known) == file(name)).map(String::as_str);
    let meant = of_this_name.or_else(|| nearest(name, known.iter().map(String::as_str)));
    let meant = meant.map_or_else(
        || "; `vestibule theme show` lists them".to_owned(),
        |meant| format!("; did you mean {meant}?"),
    );
    Err(format!("there is no built-in file {name}{meant}").into())
}

/// Prints a built-in file, or the names of all.
///
/// # Errors
/// There is no such file.
pub fn show(file: Option<&str>) -> Result<ExitCode, CommandFailure> {
    let mut out = std::io::stdout().lock();
    match file {
        Some(name) => out.write_all(&find(name)?.1)?,
        None => {
            for (path, _) in originals()? {
                writeln!(out, "{path}")?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Copies a built-in file into a theme.
///
/// # Errors
/// There is no such file, `into` is no theme, or the theme has the file already.
pub fn eject(wanted: &Eject) -> Result<ExitCode, CommandFailure> {
    let Eject { file, into } = wanted;
    let (path, content) = find(file)?;
    if !into.join("theme.toml").is_file() {
        let into = into.display();
        return Err(format!("{into} is no theme: it has no theme.toml. Name the theme with --into").into());
    }
    let to = into.join(&path);
    if to.symlink_metadata().is_ok() {
        return Err(format!("{} is there already", to.display()).into());
    }
    if let Some(parent) = to.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(&to, marked(&path, content))?;
    println!("{}", to.display());
    Ok(ExitCode::SUCCESS)
}

/// The content with a comment that says of which original it is, where it is a template.
fn marked(path: &str, content: Vec<u8>) -> Vec<u8> {
    match String::from_utf8(content) {
        Ok(text) if Path::new(path).starts_with("templates") => {
            format!("{}{text}", original_mark(&text)).into_bytes()
        }
        Ok(text) => text.into_bytes(),
        Err(bytes) => bytes.into_bytes(),
    }
}
