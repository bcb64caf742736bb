//! `vestibule doctor`: looks at everything that a server needs, and says of each what is right, what is not
//! and what to do. Changes nothing.

mod database;
mod files;
mod network;

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::finish;
use super::output::{Output, on_one_line, print, value_line};
use crate::compose::{self, quiet_log};
use crate::config::Config;

/// What was found of one thing.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// What was looked at: `settings`, `folders`, `disk`, `database`, `clock`, `keys`, `outbox`, `theme`,
    /// `hashing`, `address` or `mail`.
    about: &'static str,
    verdict: DoctorsVerdict,
    /// What was found, and what to do.
    said: String,
}

/// How it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoctorsVerdict {
    Ok,
    /// It works, and may not be what is wanted.
    Warning,
    /// It does not work.
    Error,
}

impl DoctorsVerdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Diagnosis {
    fn ok(about: &'static str, said: impl Into<String>) -> Self {
        Self { about, verdict: DoctorsVerdict::Ok, said: said.into() }
    }

    fn warning(about: &'static str, said: impl Into<String>) -> Self {
        Self { about, verdict: DoctorsVerdict::Warning, said: said.into() }
    }

    fn error(about: &'static str, said: impl Into<String>) -> Self {
        Self { about, verdict: DoctorsVerdict::Error, said: said.into() }
    }
}

/// Looks at everything. The exit status is 1 if anything does not work.
pub fn run(output: Output) -> ExitCode {
    quiet_log();
    let found = match look() {
        Ok(found) => found,
        Err(error) => return finish(Err(error)),
    };
    let sick = found.iter().any(|one| one.verdict == DoctorsVerdict::Error);
    let printed = if output.is_json() {
        value_line(&Value::Array(found.iter().map(value).collect()))
    } else {
        print(&found.iter().map(line).collect::<String>())
    };
    match printed {
        // Also where nobody has read it to its end.
        _ if sick => ExitCode::FAILURE,
        other => finish(other),
    }
}

fn look() -> Result<Vec<Diagnosis>, Box<dyn Error>> {
    let config = match Config::load() {
        Ok(config) => config,
        // Nothing else can be looked at without settings.
        Err(error) => return Ok(vec![Diagnosis::error("settings", error.to_string())]),
    };
    let mut found = settings(&config);
    found.extend(files::look(&config.settings));
    found.push(theme(&config));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        found.push(hashing(&config).await);
        found.extend(database::look(&config).await);
        found.extend(network::address(&config).await);
        found.push(network::mail(&config).await);
    });
    Ok(found)
}

fn settings(config: &Config) -> Vec<Diagnosis> {
    let exposures = config.exposures(compose::mail_page_wanted(config));
    let mut found: Vec<Diagnosis> =
        exposures.into_iter().map(|said| Diagnosis::error("settings", said)).collect();
    found.extend(config.warnings().into_iter().map(|said| Diagnosis::warning("settings", said)));
    if found.is_empty() {
        found.push(Diagnosis::ok("settings", "each is known and within its bounds"));
    }
    found
}

fn theme(config: &Config) -> Diagnosis {
    let Some(folder) = &config.settings.theme else { return Diagnosis::ok("theme", "the built-in look") };
    let checked = super::theme::checked(folder);
    let (errors, warnings) = checked.report.counts();
    let shown = folder.display();
    let hint = format!("`vestibule theme check {shown}` lists them");
    match (errors, warnings) {
        (0, 0) => Diagnosis::ok("theme", format!("{shown} passes the check")),
        (0, _) => Diagnosis::warning("theme", format!("{shown} has {warnings} warnings; {hint}")),
        _ => Diagnosis::error(
            "theme",
            format!("{shown} has {errors} errors, so files of it are not served; {hint}"),
        ),
    }
}

/// Shorter than that, a hash is cheap to guess at; longer, people wait.
const HASH_SHORTEST: Duration = Duration::from_millis(10);
const HASH_LONGEST: Duration = Duration::from_secs(1);

async fn hashing(config: &Config) -> Diagnosis {
    let hasher = match compose::single_hasher(&config.settings) {
        Ok(hasher) => hasher,
        Err(error) => return Diagnosis::error("hashing", error.to_string()),
    };
    let begun = Instant::now();
    let hashed = hasher.hash(Zeroizing::new(b"a password of nobody".to_vec()), 0).await;
    let took = begun.elapsed();
    let password = &config.settings.password;
    let (memory, passes) = (password.memory_kib / 1024, password.passes);
    let shown = format!("one hash ({memory} MiB, {passes} passes) takes {} ms", took.as_millis());
    match hashed {
        Err(error) => Diagnosis::error("hashing", format!("no hash can be computed: {error}")),
        Ok(_) if took > HASH_LONGEST => Diagnosis::warning(
            "hashing",
            format!("{shown}: people wait; lower `password.memory_kib` or `password.passes`"),
        ),
        Ok(_) if took < HASH_SHORTEST => {
            Diagnosis::warning("hashing", format!("{shown}: raise `password.passes`, guesses are cheap"))
        }
        Ok(_) => Diagnosis::ok("hashing", shown),
    }
}

fn line(found: &Diagnosis) -> String {
    let (verdict, about, said) = (found.verdict.as_str(), found.about, on_one_line(&found.said));
    format!("{verdict:<8} {about:<9} {said}\n")
}

fn value(found: &Diagnosis) -> Value {
    json!({ "about": found.about, "verdict": found.verdict.as_str(), "said": found.said })
}
