//! `vestibule theme check`: prints the findings of the theme's check.

use std::io::Write as _;
use std::process::ExitCode;

use look::theme::Finding;

use super::preview::checked;
use super::{Check, CommandFailure, Format};

pub fn run(wanted: &Check) -> Result<ExitCode, CommandFailure> {
    if !wanted.folder.exists() {
        return Err(format!("{} is not there", wanted.folder.display()).into());
    }
    let checked = checked(&wanted.folder);
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
