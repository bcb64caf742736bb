//! `vestibule import`: the accounts of another product.

mod run;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use domain::{Clock as _, SystemClock};
use readers::{ColumnMap, Format, Options, Wanted};
use recipes::{Recipe, Terms, recipe_of};
use serde_json::json;
use store::{Store, StoreError};

use super::accounts::role_named;
use super::output::Output;
use super::{beside_server, fault, finish};
use crate::compose::{log_to_stderr, mail_parts};
use crate::config::Config;
use crate::flows::administration::import::Import;

use run::Run;

/// `vestibule import …`
#[derive(Args)]
pub struct ImportArguments {
    /// What the product exported: JSON, JSON lines or CSV.
    file: PathBuf,
    /// The product, such as `django` or `wordpress`; it is never guessed. `declared` is a file with columns
    /// of your own, see --map and --recipe.
    #[arg(long, value_name = "PRODUCT", value_parser = product)]
    from: String,
    /// What to call the site that the file is from, if you import several sites of one product: their
    /// accounts have the same ids. The product's name by default.
    #[arg(long, value_name = "NAME", value_parser = source)]
    source: Option<String>,
    /// The format, if neither the file's name nor its beginning tells it.
    #[arg(long)]
    format: Option<FileFormat>,
    /// The table or Django model of the accounts, if the site chose its own.
    #[arg(long, value_name = "TABLE")]
    accounts: Option<String>,
    /// A column of your own for what is called otherwise here, such as `email=mail`.
    #[arg(long, value_name = "OURS=THEIRS")]
    map: Vec<String>,
    /// How the passwords were hashed, if that is not the product's own way: a product's name, or steps such
    /// as `nfkc | hex(sha512) | bcrypt`.
    #[arg(long, value_parser = recipe)]
    recipe: Option<String>,
    /// The role that a word of the product's stands for, such as `editor=editor`. All others are members.
    #[arg(long, value_name = "THEIRS=OURS", value_parser = pair)]
    role: Vec<(String, String)>,
    /// Take hashes over that are guessed very fast by whoever has a copy, such as MD5.
    #[arg(long)]
    allow_weak: bool,
    /// Take accounts over without the second factor that some of them may have: those are not taken over yet,
    /// and whoever has one there signs in by the password alone here. Nothing is imported without this leave.
    #[arg(long, required = true)]
    without_factors: bool,
    /// What becomes of a record whose address another account here has: it is left alone, or ends the import.
    #[arg(long, value_enum, default_value_t = OnConflict::Skip)]
    on_conflict: OnConflict,
    /// Mail the owners of accounts without a password an invitation to choose one.
    #[arg(long)]
    invite: bool,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FileFormat {
    Json,
    Jsonl,
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OnConflict {
    Skip,
    Fail,
}

fn product(word: &str) -> Result<String, String> {
    if readers::products().any(|name| name == word) {
        return Ok(word.to_owned());
    }
    let names: Vec<&str> = readers::products().collect();
    Err(format!("there are {}", names.join(", ")))
}

/// What a site is called that nobody has given a name: the first one of the names that its product goes by.
fn site_of(product: &str) -> &str {
    match product {
        "django-allauth" => "django",
        "forgejo" => "gitea",
        "flask" => "werkzeug",
        "csv" | "jsonl" => "declared",
        other => other,
    }
}

fn source(name: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if (1..=64).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(name.to_owned());
    }
    Err("should have 1 to 64 letters, digits, dots, hyphens and underscores".to_owned())
}

fn recipe(text: &str) -> Result<String, String> {
    match recipe_of(text).map_or_else(|| text.parse::<Recipe>().map(drop), |_| Ok(())) {
        Ok(()) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (theirs, ours) = text.split_once('=').ok_or("should be a word of theirs, `=`, and a role")?;
    Ok((theirs.to_owned(), ours.to_owned()))
}

/// What became of the records.
#[derive(Default)]
struct Tally {
    made: u64,
    known: u64,
    /// Of the known ones: those with another address here.
    readdressed: u64,
    conflicts: u64,
    refused: u64,
    without_password: u64,
    left_out: BTreeMap<&'static str, u64>,
}

/// Takes the accounts of a file over; prints an error on standard error. The exit status is 1 if a record was
/// refused.
pub fn run(import: &ImportArguments, output: Output) -> ExitCode {
    log_to_stderr();
    let mut refused = false;
    let done = beside_server(async |config, store| {
        let tally = obey(config, store, import, output).await?;
        refused = tally.refused > 0;
        tell(&tally, import, output)
    });
    match finish(done) {
        ExitCode::SUCCESS if refused => ExitCode::FAILURE,
        status => status,
    }
}

async fn obey(
    config: &Config,
    store: &Store,
    arguments: &ImportArguments,
    output: Output,
) -> Result<Tally, Box<dyn Error>> {
    let mut roles = BTreeMap::new();
    for (theirs, ours) in &arguments.role {
        roles.insert(theirs.clone(), role_named(store, ours).await?);
    }
    let parts = mail_parts(config)?;
    let locale = |code: &str| {
        let found = parts.renderer.catalog().find(&code.replace('_', "-"))?;
        Some(found.as_str().to_owned())
    };
    let import = Import {
        source: arguments.source.as_deref().unwrap_or_else(|| site_of(&arguments.from)),
        terms: Terms { allow_weak: arguments.allow_weak, ..Terms::default() },
        roles,
        fields: &config.fields,
        locale: &locale,
        invite: arguments.invite && !arguments.dry_run,
        now: SystemClock.now(),
    };
    let mut run = Run { store, arguments, output, import, tally: Tally::default(), shown: 0 };
    for wanted in [Wanted::Accounts, Wanted::Supplements] {
        // Without accounts there is nothing to add to.
        if !(arguments.dry_run && wanted == Wanted::Supplements) {
            run.pass(wanted).await?;
        }
    }
    if arguments.dry_run {
        return Ok(run.tally);
    }
    loop {
        let completed = store.transact(async |tx| run.import.complete(tx).await).await;
        let (some, without_password) = completed.map_err(|error: StoreError| fault(error.into()))?;
        run.tally.without_password += without_password;
        if some == 0 {
            return Ok(run.tally);
        }
    }
}

fn options(arguments: &ImportArguments, wanted: Wanted) -> Result<Options, Box<dyn Error>> {
    let named = arguments.format.map(|format| match format {
        FileFormat::Json => Format::Json,
        FileFormat::Jsonl => Format::JsonLines,
        FileFormat::Csv => Format::Csv,
    });
    let map = ColumnMap::parse(arguments.map.iter().map(String::as_str))
        .map_err(|error| format!("--map: {error}"))?;
    Ok(Options {
        // What is called .json may have an object on each line, which the first bytes tell.
        format: named.or_else(|| Format::of_name(&arguments.file).filter(|format| *format != Format::Json)),
        accounts: arguments.accounts.clone(),
        recipe: arguments.recipe.clone(),
        map,
        factors: false,
        wanted,
        ..Options::default()
    })
}

fn tell(tally: &Tally, arguments: &ImportArguments, output: Output) -> Result<(), Box<dyn Error>> {
    let Tally { made, known, readdressed, conflicts, refused, without_password, left_out } = tally;
    let would = if arguments.dry_run { " would be" } else { "" };
    let mut said = format!(
        "{made} accounts{would} made; {known} were imported before, {conflicts} have an address that another account has, \
         {refused} records are refused."
    );
    if *without_password > 0 {
        said.push_str(&format!(
            "\n{without_password} have no password: their owners ask for one at the sign-in page, or --invite mails them a link."
        ));
    }
    if *readdressed > 0 {
        said.push_str(&format!(
            "\n{readdressed} of those that were imported before have another address here. If the file is of another site, \
             name that by --source."
        ));
    }
    for (what, count) in left_out {
        said.push_str(&format!("\nLeft out of {count}: {what}."));
    }
    output.done(
        &said,
        &json!({
            "made": made, "known": known, "readdressed": readdressed, "conflicts": conflicts, "refused": refused,
            "without_password": without_password, "left_out": left_out, "dry_run": arguments.dry_run,
        }),
    )
}
