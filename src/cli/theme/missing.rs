//! `vestibule theme missing`: the sentences that a language lacks, to be translated.

use std::io::Write as _;
use std::process::ExitCode;

use look::theme::{ThemeFolder, missing_sentences};

use super::{CommandFailure, Missing};

/// Prints the sentences in English, as a file of `locales/` has them. What lies in the theme is left out.
///
/// # Errors
/// `language` is no language's code, or the theme's folder cannot be read.
pub fn run(wanted: &Missing) -> Result<ExitCode, CommandFailure> {
    let theme = wanted.theme.as_deref().map(ThemeFolder::read);
    if let Some(fault) = theme.iter().flat_map(|theme| &theme.faults).find(|fault| fault.file == ".") {
        return Err(fault.message.clone().into());
    }
    let text = missing_sentences(&wanted.language, theme.as_ref())?;
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
