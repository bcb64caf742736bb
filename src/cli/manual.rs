//! The manual page, and what completes commands in a shell: both are made from the commands themselves.

use std::error::Error;

use clap::Command;
use clap_complete::Shell;

use super::output::print;

/// Prints what completes commands in `shell`.
///
/// # Errors
/// Standard output cannot be written to.
pub fn completions(shell: Shell, mut program: Command) -> Result<(), Box<dyn Error>> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut program, "vestibule", &mut text);
    print(&String::from_utf8(text)?)
}

/// Prints the manual page: the program, then each of its commands.
///
/// # Errors
/// Standard output cannot be written to.
pub fn page(mut program: Command) -> Result<(), Box<dyn Error>> {
    program.build();
    let mut text = Vec::new();
    clap_mangen::Man::new(program.clone()).render(&mut text)?;
    for command in program.get_subcommands().filter(|command| !command.is_hide_set()) {
        add(command, &mut text)?;
    }
    print(&String::from_utf8(text)?)
}

/// Adds a section for `command` and those below it.
fn add(command: &Command, text: &mut Vec<u8>) -> Result<(), Box<dyn Error>> {
    if command.get_name() == "help" {
        return Ok(());
    }
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_uppercase();
    text.extend_from_slice(format!(".SH {name}\n").as_bytes());
    let manual = clap_mangen::Man::new(command.clone());
    manual.render_synopsis_section(text)?;
    manual.render_description_section(text)?;
    manual.render_options_section(text)?;
    for below in command.get_subcommands() {
        add(below, text)?;
    }
    Ok(())
}
