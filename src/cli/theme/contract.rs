//! `vestibule theme contract`: prints what a theme can rely on.

use std::io::Write as _;
use std::process::ExitCode;

use look::theme::{contract, markdown};

use super::{CommandFailure, Listing};

pub fn run(listing: Listing) -> Result<ExitCode, CommandFailure> {
    let contract = contract()?;
    let mut out = std::io::stdout().lock();
    match listing {
        Listing::Json => writeln!(out, "{}", serde_json::to_string_pretty(&contract)?)?,
        Listing::Markdown => write!(out, "{}", markdown(&contract))?,
        Listing::Text => write!(out, "{contract}")?,
    }
    Ok(ExitCode::SUCCESS)
}
