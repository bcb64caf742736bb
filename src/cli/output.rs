//! What commands print: sentences and tables for people, JSON for programs.

use std::error::Error;
use std::io::{self, Write as _};

use clap::Args;
use serde_json::Value;

use super::table;

/// How a command prints.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Output {
    /// Print what was done or found as JSON on standard output.
    #[arg(long, global = true)]
    json: bool,
}

impl Output {
    /// Whether a program reads it.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Says what was done: a sentence on standard error, or a value on standard output.
    ///
    /// # Errors
    /// Standard output cannot be written to.
    pub fn done(self, said: &str, value: &Value) -> Result<(), Box<dyn Error>> {
        if self.json {
            return value_line(value);
        }
        eprintln!("{said}");
        Ok(())
    }

    /// Prints what was found: a table, or an array of values.
    ///
    /// # Errors
    /// Standard output cannot be written to.
    pub fn table<const N: usize>(
        self,
        head: [&str; N],
        rows: impl Iterator<Item = ([String; N], Value)>,
    ) -> Result<(), Box<dyn Error>> {
        if self.json {
            return value_line(&Value::Array(rows.map(|(_, value)| value).collect()));
        }
        table::print(head, rows.map(|(row, _)| row))?;
        Ok(())
    }
}

/// Prints a value on a line of its own.
///
/// # Errors
/// Standard output cannot be written to.
pub fn value_line(value: &Value) -> Result<(), Box<dyn Error>> {
    print(&format!("{value}\n"))
}

/// Prints text on standard output.
///
/// # Errors
/// Standard output cannot be written to.
pub fn print(text: &str) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Whether an error says that nobody reads standard output any more: `vestibule audit | head` has what it
/// wanted.
pub fn nobody_reads(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Replaces control characters and those that nobody sees: text from elsewhere must not move the terminal's
/// cursor, nor turn what is read around.
pub fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || domain::is_forbidden(c) { ' ' } else { c }).collect()
}
