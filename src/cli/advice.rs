//! Advice on a command line that cannot be read, below clap's own message.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::config;

/// Prints clap's message and the advice on it, or the help or version that was asked for. Returns the exit
/// status.
pub fn refuse(error: &clap::Error, program: &clap::Command) -> ExitCode {
    // Nobody reads a message that cannot be printed.
    let _ = error.print();
    let typed: Vec<String> =
        std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    if let Some(advice) = advice(error, program, &typed) {
        eprintln!("\n{advice}");
    }
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn advice(error: &clap::Error, program: &clap::Command, typed: &[String]) -> Option<String> {
    match error.kind() {
        ErrorKind::InvalidSubcommand if typed.first().is_some_and(|word| word == "version") => {
            Some("`vestibule --version` prints the version.".into())
        }
        ErrorKind::InvalidSubcommand => {
            let mut command = program;
            for word in typed {
                match command.find_subcommand(word) {
                    Some(found) => command = found,
                    None => break,
                }
            }
            let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
            Some(format!("The commands of `{}` are {}.", command.get_name(), names.join(", ")))
        }
        ErrorKind::UnknownArgument => {
            let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else { return None };
            let name = option.trim_start_matches('-').replace('-', "_");
            if ["config", "c"].contains(&name.as_str()) {
                return Some(
                    "The settings' file is Rocket.toml in the working folder, or the one that ROCKET_CONFIG names.".into(),
                );
            }
            if name == "max_role" {
                return Some("The roles of a key are listed, each with --role: `--role editor`.".into());
            }
            let variable = config::variable_of(&name)?;
            Some(format!("That is a setting: write it below [default] in Rocket.toml, or set {variable}."))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::super::Arguments;
    use super::*;

    #[test]
    fn a_line_that_cannot_be_read_is_advised_on() {
        for (typed, advised) in [
            ("--port 8080", "set ROCKET_PORT"),
            ("serve --port 8080", "set ROCKET_PORT"),
            ("--public-url https://a.example", "set VESTIBULE_PUBLIC_URL"),
            ("--smtp-url=smtp://a.example", "set VESTIBULE_SMTP_URL"),
            ("--config x.toml", "ROCKET_CONFIG"),
            ("-c x.toml", "ROCKET_CONFIG"),
            ("key create shop --max-role editor", "`--role editor`"),
            ("version", "`vestibule --version`"),
            ("keys list", "The commands of `vestibule` are serve, key, "),
            ("user list", "The commands of `vestibule` are serve, key, "),
            ("key ls", "The commands of `key` are create, list, revoke"),
            ("mail send x", "The commands of `mail` are test, list, retry"),
        ] {
            let words: Vec<String> = typed.split(' ').map(str::to_owned).collect();
            let parsed = Arguments::try_parse_from(["vestibule"].into_iter().chain(typed.split(' ')));
            let Err(error) = parsed else { panic!("{typed} is taken") };
            let said = advice(&error, &Arguments::command(), &words).unwrap_or_default();
            assert!(said.contains(advised), "{typed}: {said:?}");
        }
    }
}
