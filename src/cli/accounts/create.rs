//! Making accounts and inviting people.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use domain::{
    AccountError, EmailAddress, Field, FieldCode, FieldError, ProfileChange, Role, SystemClock, Username,
    clean_name,
};
use serde_json::{Value, json};
use store::Store;

use super::show::account_value;
use super::{address, password, refused, role_named, sentence, username};
use crate::cli::output::{Output, on_one_line};
use crate::cli::{beside_server, finish};
use crate::compose::log_to_stderr;
use crate::config::Config;
use crate::flows::administration::creation::{self, WantedAccount};
use crate::flows::administration::{Order, OrderError};

#[derive(Args, Clone, Debug)]
pub struct CreateAccount {
    #[arg(value_parser = address)]
    address: EmailAddress,
    #[arg(long, value_parser = username)]
    username: Option<Username>,
    /// First name.
    #[arg(long, value_name = "NAME")]
    firstname: Option<String>,
    /// Last name.
    #[arg(long, value_name = "NAME")]
    lastname: Option<String>,
    /// The role's name or number, such as `administrator`.
    #[arg(long, default_value = "member")]
    role: String,
    /// Its address counts as proven.
    #[arg(long)]
    verified: bool,
    /// Ask for its password at the terminal, or read it from standard input; otherwise its owner is mailed an
    /// invitation to choose one.
    #[arg(long)]
    password: bool,
}

/// Makes an account.
///
/// # Errors
/// It was refused, or standard output cannot be written to.
pub async fn create(
    config: &Config,
    store: &Store,
    new: &CreateAccount,
    output: Output,
) -> Result<(), Box<dyn Error>> {
    let role = role_named(store, &new.role).await?;
    let mut errors = Vec::new();
    let profile = ProfileChange {
        firstname: clean_name(Field::Firstname, new.firstname.as_deref(), &mut errors),
        lastname: clean_name(Field::Lastname, new.lastname.as_deref(), &mut errors),
        ..ProfileChange::default()
    };
    if !errors.is_empty() {
        return Err(errors.iter().map(sentence).collect::<Vec<_>>().join("; ").into());
    }
    let password_hash = if new.password {
        let named = new.username.as_ref().map_or("", Username::as_str);
        let own = [new.address.as_str(), new.address.local_part(), named];
        Some(password::hashed(config, &own).await?)
    } else {
        None
    };
    let wanted = WantedAccount {
        email: new.address.clone(),
        username: new.username.clone(),
        profile,
        role,
        password_hash,
        verified: new.verified,
    };
    let made = creation::create(store, &SystemClock, Order::of_operator(), &wanted).await;
    let account = made.map_err(|error| refused(error, None))?;
    let address = on_one_line(account.email.as_str());
    let then = if new.password { "Its owner signs in with the password." } else { whence(config) };
    let said = format!("The account {} ({address}) has the role {}. {then}", account.id, new.role);
    output.done(&said, &account_value(&account))
}

/// How an invitation gets to whom it is for.
fn whence(config: &Config) -> &'static str {
    if config.settings.smtp.url.is_some() {
        "Its owner is mailed an invitation to choose a password; see `vestibule mail list`."
    } else {
        "There is no mail server (`smtp.url`): the invitation becomes a file in the folder `mail` of `data_dir`."
    }
}

/// `vestibule invite …`
#[derive(Args, Clone, Debug)]
pub struct Invite {
    /// Whom to invite.
    #[arg(value_parser = address, required_unless_present = "csv")]
    addresses: Vec<EmailAddress>,
    /// A file with one person on each line: address, first name, last name, with commas between; the last two
    /// may be missing. A first line that begins with `email` or `address` is a heading.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// The role that they get, by name or number.
    #[arg(long, default_value = "member")]
    role: String,
}

/// Somebody who is to be invited.
struct Invited {
    email: EmailAddress,
    profile: ProfileChange,
}

/// Makes an account for each address that has none, and mails its owner an invitation.
pub fn invite(invite: &Invite, output: Output) -> ExitCode {
    log_to_stderr();
    finish(obey(invite, output))
}

fn obey(invite: &Invite, output: Output) -> Result<(), Box<dyn Error>> {
    // A file that cannot be read whole invites nobody.
    let mut people: Vec<Invited> = invite.addresses.iter().map(without_names).collect();
    if let Some(file) = &invite.csv {
        people.extend(read_csv(file)?);
    }
    beside_server(async |config, store| {
        let role = role_named(store, &invite.role).await?;
        invite_all(config, store, people, role, output).await
    })
}

fn without_names(email: &EmailAddress) -> Invited {
    Invited { email: email.clone(), profile: ProfileChange::default() }
}

async fn invite_all(
    config: &Config,
    store: &Store,
    people: Vec<Invited>,
    role: Role,
    output: Output,
) -> Result<(), Box<dyn Error>> {
    let (mut invited, mut had) = (Vec::new(), Vec::new());
    for Invited { email, profile } in people {
        let address = email.as_str().to_owned();
        let wanted =
            WantedAccount { email, username: None, profile, role, password_hash: None, verified: false };
        match creation::create(store, &SystemClock, Order::of_operator(), &wanted).await {
            Ok(account) => invited.push(account_value(&account)),
            Err(OrderError::Account(AccountError::Invalid(errors))) if is_taken(&errors) => {
                had.push(Value::String(address));
            }
            Err(error) => {
                let why = refused(error, None);
                return Err(format!("{address}: {why}; invited before it: {}", invited.len()).into());
            }
        }
    }
    let already = if had.is_empty() {
        String::new()
    } else {
        let named: Vec<String> = had.iter().filter_map(Value::as_str).map(on_one_line).collect();
        format!(" These have accounts already: {}.", named.join(", "))
    };
    let unsent = if config.settings.smtp.url.is_some() || invited.is_empty() {
        ""
    } else {
        " There is no mail server (`smtp.url`): the invitations become files in the folder `mail` of `data_dir`."
    };
    let said = format!("Invited: {}.{already}{unsent}", invited.len());
    output.done(&said, &json!({ "invited": invited, "had_accounts": had }))
}

fn is_taken(errors: &[FieldError]) -> bool {
    errors.iter().all(|error| error.field == Field::Email && error.code == FieldCode::EmailTaken)
}

/// The people that a file lists.
fn read_csv(file: &Path) -> Result<Vec<Invited>, Box<dyn Error>> {
    let shown = file.display();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_path(file)
        .map_err(|error| format!("--csv: {shown}: {error}"))?;
    let mut people = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|error| format!("--csv: {shown}: {error}"))?;
        let line = record.position().map_or(0, csv::Position::line);
        // A spreadsheet writes a mark at the beginning of the file.
        let first = record.get(0).unwrap_or_default().trim_start_matches('\u{FEFF}');
        let heading = ["email", "address", "e-mail"].contains(&first.to_lowercase().as_str());
        if first.is_empty() || (row == 0 && heading) {
            continue;
        }
        let wrong = |what: &str| format!("--csv: {shown}, line {line}: {what}; nobody is invited");
        let email = EmailAddress::parse(first)
            .map_err(|_| wrong("should begin with an address such as ada@example.org"))?;
        let mut errors = Vec::new();
        let profile = ProfileChange {
            firstname: clean_name(Field::Firstname, record.get(1), &mut errors),
            lastname: clean_name(Field::Lastname, record.get(2), &mut errors),
            ..ProfileChange::default()
        };
        if let Some(error) = errors.first() {
            return Err(wrong(&sentence(error)).into());
        }
        people.push(Invited { email, profile });
    }
    Ok(people)
}
