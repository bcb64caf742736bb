//! `vestibule config …`: whether the settings are right, and what is in force.

use std::error::Error;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};

use super::finish;
use super::output::{Output, print, value_line};
use crate::compose::{log_to_stderr, mail_page_wanted};
use crate::config::{Config, SettingInForce};

#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Say whether the settings are right, or what is wrong first. Opens nothing.
    Check,
    /// Print every setting with the value that it has. Secrets are masked.
    Show {
        /// Only what the settings' file or a variable says.
        #[arg(long)]
        set: bool,
    },
}

/// Runs `command`; prints an error on standard error.
pub fn run(command: &ConfigCommand, output: Output) -> ExitCode {
    log_to_stderr();
    finish(obey(command, output))
}

fn obey(command: &ConfigCommand, output: Output) -> Result<(), Box<dyn Error>> {
    let config = Config::load()?;
    match command {
        ConfigCommand::Check => {
            let mut warnings = config.exposures(mail_page_wanted(&config));
            warnings.extend(config.warnings());
            let more = warnings.iter().map(|warning| format!("\nwarning: {warning}")).collect::<String>();
            output.done(
                &format!("The settings are right. What they name, such as files and servers, `vestibule doctor` looks at.{more}"),
                &json!({ "right": true, "warnings": warnings }),
            )
        }
        ConfigCommand::Show { set } => {
            let shown = config.in_force().into_iter().filter(|setting| setting.set || !set);
            if output.is_json() {
                return value_line(&Value::Array(shown.map(value).collect()));
            }
            print(&shown.map(line).collect::<String>())
        }
    }
}

fn value(setting: SettingInForce) -> Value {
    json!({ "name": setting.name, "value": setting.value, "set": setting.set })
}

/// `name = value`; a default stands behind a `#`, as it would in the settings' file.
fn line(setting: SettingInForce) -> String {
    let SettingInForce { name, value, set } = setting;
    let value = match value {
        Value::String(text) if !set => text,
        other => other.to_string(),
    };
    if set { format!("{name} = {value}\n") } else { format!("# {name} = {value}\n") }
}
