//! `vestibule theme check`: prints the findings of the theme's check.

use std::io::Write as _;
use std::process::ExitCode;

use look::theme::Finding;

use super::preview::checked;
use super::{Check, CommandFailure, Format};
use super::{chromium, seen};

pub fn run(wanted: &Check) -> Result<ExitCode, CommandFailure> {
    if !wanted.folder.exists() {
        return Err(format!("{} is not there", wanted.folder.display()).into());
    }
    let mut checked = checked(&wanted.folder);
    if !wanted.no_browser
        && let Some(renderer) = &checked.renderer
    {
        match chromium::find() {
            Some(browser) => match seen::unseen(browser, renderer) {
                Ok(found) => found.into_iter().for_each(|finding| checked.report.add(finding)),
                Err(error) => eprintln!("what is hidden was not measured: {error}"),
            },
            None => eprintln!("There is no Chromium here, so what is hidden was not measured."),
        }
    }
    let (errors, warnings) = checked.report.counts();
    let mut out = std::io::stdout().lock();
    match wanted.format {
        Format::Text => writeln!(out, "{}", checked.report)?,
        Format::Json => {
            let manifest = &checked.manifest;
            let json = serde_json::json!({
                "theme": { "name": manifest.name, "version": manifest.version, "contract": manifest.contract },
                "errors": errors,
                "warnings": warnings,
                "findings": checked.report.findings,
            });
            writeln!(out, "{json:#}")?;
        }
    }
    let counts = |finding: &Finding| !wanted.allow.iter().any(|code| code == finding.code);
    let bad = errors > 0 || (wanted.strict && checked.report.findings.iter().any(counts));
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
