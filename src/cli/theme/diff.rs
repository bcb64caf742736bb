//! `vestibule theme diff`: compares the theme's files with the built-in ones.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use imara_diff::{Algorithm, BasicLineDiffPrinter, Diff, InternedInput, UnifiedDiffConfig};
use look::Files;
use look::theme::ThemeFolder;

use super::CommandFailure;

/// Prints a diff of each file of the theme and the built-in file of the same name. Files without a built-in
/// counterpart are listed by name.
///
/// # Errors
/// The theme's folder cannot be read.
pub fn run(folder: &Path) -> Result<ExitCode, CommandFailure> {
    let theme = ThemeFolder::read(folder);
    if let Some(fault) = theme.faults.iter().find(|fault| fault.file == ".") {
        return Err(fault.message.clone().into());
    }
    let ours = Files::load(None)?;
    let mut out = std::io::stdout().lock();
    let mut alone = Vec::new();
    for (name, text) in &theme.templates {
        match ours.templates.get(name) {
            Some(builtin) => write!(out, "{}", template(name, builtin, text))?,
            None => alone.push(format!("templates/{name}")),
        }
    }
    for (name, content) in &theme.statics {
        let file = format!("static/{name}");
        let Some(builtin) = ours.statics.get(name) else {
            alone.push(file);
            continue;
        };
        match (std::str::from_utf8(&builtin.content), std::str::from_utf8(content)) {
            (Ok(builtin), Ok(text)) => write!(out, "{}", unified(&file, builtin, text))?,
            _ if builtin.content.as_ref() == content.as_slice() => {}
            _ => writeln!(out, "builtin/{file} and {file} are no texts, and differ")?,
        }
    }
    for file in alone {
        writeln!(out, "{file} is the theme's own")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A template that extends the built-in one is compared block by block, because it inherits everything else.
fn template(name: &str, ours: &str, theirs: &str) -> String {
    let file = format!("templates/{name}");
    if !theirs.contains(&format!("{{% extends \"builtin/{name}\"")) {
        return unified(&file, ours, theirs);
    }
    let known = blocks(ours);
    let mut out = String::new();
    for (block, text) in blocks(theirs) {
        let ours = known.iter().find(|(known, _)| *known == block).map_or("", |(_, text)| text);
        out.push_str(&unified(&format!("{file} ({block})"), ours, text));
    }
    out
}

/// The blocks of a template: name, and text between the tags.
fn blocks(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (start, _) in text.match_indices("{%") {
        let Some(end) = text[start..].find("%}").map(|end| start + end + 2) else { break };
        let mut words = text[start + 2..end - 2].trim_matches('-').split_whitespace();
        match (words.next(), words.next()) {
            (Some("block"), Some(name)) => open.push((name, end)),
            (Some("endblock"), _) => {
                found.extend(open.pop().map(|(name, from)| (name, &text[from..start])));
            }
            _ => {}
        }
    }
    found
}

/// A unified diff; empty when both are the same.
fn unified(file: &str, ours: &str, theirs: &str) -> String {
    let lines = InternedInput::new(ours, theirs);
    let mut diff = Diff::compute(Algorithm::Myers, &lines);
    diff.postprocess_lines(&lines);
    if diff.hunks().next().is_none() {
        return String::new();
    }
    let printer = BasicLineDiffPrinter(&lines.interner);
    let hunks = diff.unified_diff(&printer, UnifiedDiffConfig::default(), &lines);
    format!("--- builtin/{file}\n+++ {file}\n{hunks}")
}
