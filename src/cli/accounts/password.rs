//! The password of an account that the operator makes: typed at the terminal, or piped in, and never an
//! argument, which other users of the machine can read.

use std::error::Error;
use std::io::{BufRead as _, IsTerminal as _, Read as _, stdin};

use domain::Password;
use zeroize::Zeroizing;

use super::in_words;
use crate::compose;
use crate::config::Config;

/// Longest line that is read from standard input, in bytes.
const LONGEST: u64 = 4_096;

/// Reads a password, checks it against the rules for one's own, and hashes it. `own` are words that belong to
/// the account.
///
/// # Errors
/// Nothing was typed, the two tries differ, or the password breaks a rule.
pub async fn hashed(config: &Config, own: &[&str]) -> Result<String, Box<dyn Error>> {
    let typed = if stdin().is_terminal() { asked()? } else { piped()? };
    let password = Password::parse(&typed).map_err(|code| format!("password: {}", in_words(&code)))?;
    let rules = compose::password_policy(config);
    rules.check(&password, own).map_err(|code| format!("password: {}", in_words(&code)))?;
    let hasher = compose::single_hasher(&config.settings)?;
    let hash = hasher.hash(Zeroizing::new(password.as_bytes().to_vec()), 0).await;
    Ok(hash.map_err(|error| format!("the password was not hashed: {error}"))?.into_string())
}

fn asked() -> Result<Zeroizing<String>, Box<dyn Error>> {
    let typed = Zeroizing::new(rpassword::prompt_password("Password: ")?);
    let again = Zeroizing::new(rpassword::prompt_password("Once more: ")?);
    if *typed == *again { Ok(typed) } else { Err("the two passwords differ".into()) }
}

/// The first line of standard input.
fn piped() -> Result<Zeroizing<String>, Box<dyn Error>> {
    let mut line = Zeroizing::new(String::new());
    stdin().lock().take(LONGEST).read_line(&mut line)?;
    let end = line.trim_end_matches(['\n', '\r']).len();
    line.truncate(end);
    if line.is_empty() {
        return Err("standard input has no password: pipe one in, or use a terminal".into());
    }
    Ok(line)
}
