//! `vestibule import`: the accounts of another product.

mod accounts_read;
mod own_file;
mod run;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use domain::{Clock as _, PictureRef, SystemClock};
use pictures::{PictureFormat, PictureId, Rendition, SIZES};
use readers::{ColumnMap, Format, Options, Wanted};
use recipes::{Recipe, Terms, recipe_of};
use serde_json::json;
use store::{Store, StoreError, imported_accounts};

use super::accounts::role_named;
use super::output::Output;
use super::{beside_server, fault, finish};
use crate::compose::{keys_of, log_to_stderr, mail_parts, passkey_site, reserved_names};
use crate::config::{Config, foreign_secrets};
use crate::flows::administration::import::{Import, LocaleOf, ProviderNames, Rules};

use own_file::own_file;
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
    /// The provider of your settings that a word of the product's stands for, such as `google=google`:
    /// accounts there sign in here. What the product keeps of them must be what the provider calls `sub`.
    #[arg(long, value_name = "THEIRS=OURS", value_parser = pair)]
    provider: Vec<(String, String)>,
    /// Take hashes over that are guessed very fast by whoever has a copy, such as MD5.
    #[arg(long)]
    allow_weak: bool,
    /// Leave second factors out: whoever has one there signs in by the password alone here. Without this
    /// leave they come along, or nothing is imported where this program does not know the product's.
    #[arg(long)]
    without_factors: bool,
    /// What becomes of a record whose address another account here has: that account is left alone, or gets
    /// what the file says of it if both addresses are proven, or the import ends. With `update` accounts that
    /// were imported before get what the file says of them now, too.
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
    Update,
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
    updated: u64,
    conflicts: u64,
    refused: u64,
    without_password: u64,
    /// Why somebody may have a second factor that was not read.
    doubt: Option<String>,
    /// Of those that were made: those that nobody signs in to yet.
    held: u64,
    left_out: BTreeMap<&'static str, u64>,
}

impl Tally {
    fn leave_out(&mut self, left_out: Vec<&'static str>) {
        for what in left_out {
            *self.left_out.entry(what).or_default() += 1;
        }
    }
}

/// Takes the accounts of a file over; prints an error on standard error. The exit status is 1 if a record was
/// refused.
pub fn run(import: &ImportArguments, output: Output) -> ExitCode {
    log_to_stderr();
    let mut refused = false;
    let done = beside_server(async |config, store| {
        let tally = obey(config, store, import, output).await?;
        refused = tally.refused > 0 || tally.held > 0;
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
    let declares_factors = site_of(&arguments.from) == "declared" && column_map(arguments)?.has_totp();
    if !arguments.without_factors && !readers::reads_factors(&arguments.from) && !declares_factors {
        return Err(format!(
            "second factors of {} do not come along: whoever has one there would sign in by the password alone here. Give leave for \
             that by --without-factors",
            arguments.from
        )
        .into());
    }
    let keyring = match arguments.without_factors {
        true => None,
        false => Some(keys_of(config, store).await?),
    };
    let rules = Arc::new(rules(config, store, arguments).await?);
    let source = arguments.source.as_deref().unwrap_or_else(|| site_of(&arguments.from));
    let mut db = store.read().await.map_err(|error| fault(error.into()))?;
    let any_erased = imported_accounts::any_erased(&mut db, source).await;
    let any_erased = any_erased.map_err(|error| fault(error.into()))?;
    drop(db);
    let import = Import {
        source,
        any_erased,
        factors: keyring.as_ref(),
        invite: arguments.invite && !arguments.dry_run,
        now: rules.now,
        held: false,
        update: arguments.on_conflict == OnConflict::Update,
    };
    store.expect_many_rows().await.map_err(|error| fault(error.into()))?;
    let alone = own_file(config, store, arguments).await?;
    let (store, is_alone) = alone.as_ref().map_or((store, false), |alone| (&alone.store, true));
    let tally = Tally::default();
    let run = Run { config, store, alone: is_alone, arguments, output, import, tally, shown: None };
    let done = take_over(run, rules).await;
    if is_alone {
        let given_back = store.give_back().await.map_err(|error| fault(error.into()));
        return done.and_then(|tally| given_back.map(|()| tally));
    }
    done
}

async fn take_over(mut run: Run<'_>, rules: Arc<Rules>) -> Result<Tally, Box<dyn Error>> {
    let Run { store, arguments, .. } = run;
    let beside = run.survey().await?;
    run.import.held = run.tally.doubt.is_some();
    run.accounts(beside, rules).await?;
    if arguments.dry_run {
        run.tally.held = if run.import.held { run.tally.made } else { 0 };
        return Ok(run.tally);
    }
    if run.tally.made > 0 {
        store.look_at_many_rows().await.map_err(|error| fault(error.into()))?;
    }
    if run.import.held {
        let held = store.read().await.map_err(|error| fault(error.into()))?;
        run.tally.held = run.import.incomplete(held).await.map_err(|error| fault(error.into()))?;
        return Ok(run.tally);
    }
    // Accounts of an import that was not finished, with which this one went on.
    loop {
        let completed = store.transact(async |tx| run.import.complete(tx).await).await;
        let (some, without_password) = completed.map_err(|error: StoreError| fault(error.into()))?;
        run.tally.without_password += without_password;
        if some == 0 {
            return Ok(run.tally);
        }
    }
}

async fn rules(config: &Config, store: &Store, arguments: &ImportArguments) -> Result<Rules, Box<dyn Error>> {
    let map = column_map(arguments)?;
    if let Some(unknown) = map.fields().find(|name| config.fields.iter().all(|field| field.name != **name)) {
        return Err(format!("--map: there is no `fields.{unknown}` in the settings").into());
    }
    let mut roles = BTreeMap::new();
    for (theirs, ours) in &arguments.role {
        roles.insert(theirs.clone(), role_named(store, ours).await?);
    }
    // Sentences and templates take 20 MiB, and nothing is rendered.
    let offered = mail_parts(config)?.renderer.catalog().offered().clone();
    let locale: LocaleOf = Box::new(move |code| {
        let found = offered.find(&code.replace('_', "-"))?;
        Some(found.as_str().to_owned())
    });
    Ok(Rules {
        terms: Terms { allow_weak: arguments.allow_weak, ..Terms::default() },
        roles,
        fields: config.fields.clone(),
        locale,
        secrets: foreign_secrets::secrets(&config.settings.foreign_secrets),
        factors: !arguments.without_factors,
        providers: providers(config, arguments)?,
        site: passkey_site(config),
        has_picture: Box::new(pictures_in(config.settings.pictures_folder())),
        reserved: (site_of(&arguments.from) != "vestibule").then(|| reserved_names(config)),
        now: SystemClock.now(),
    })
}

/// Whether the folder of pictures has a picture's files.
fn pictures_in(folder: PathBuf) -> impl Fn(&PictureRef) -> bool {
    move |picture| {
        let format = PictureFormat::ALL.into_iter().find(|format| format.extension() == picture.extension);
        let id: Option<PictureId> = picture.id.parse().ok();
        let (Some(id), Some(format)) = (id, format) else { return false };
        SIZES.into_iter().all(|size| folder.join(Rendition { id, size, format }.path()).is_file())
    }
}

/// Which issuers the product's words for providers stand for.
fn providers(config: &Config, arguments: &ImportArguments) -> Result<ProviderNames, String> {
    if arguments.from == "vestibule" && arguments.provider.is_empty() {
        return Ok(ProviderNames::Issuers);
    }
    let known = config.settings.other_providers();
    let issuer = |(theirs, ours): &(String, String)| {
        let found = known.iter().find(|provider| provider.name == *ours);
        let issuer = found.map(|provider| (theirs.clone(), provider.issuer.clone()));
        issuer.ok_or_else(|| format!("--provider: there is no `providers.{ours}` in the settings"))
    };
    arguments.provider.iter().map(issuer).collect::<Result<_, _>>().map(ProviderNames::Named)
}

fn column_map(arguments: &ImportArguments) -> Result<ColumnMap, String> {
    ColumnMap::parse(arguments.map.iter().map(String::as_str)).map_err(|error| format!("--map: {error}"))
}

fn options(config: &Config, arguments: &ImportArguments, wanted: Wanted) -> Result<Options, Box<dyn Error>> {
    let named = arguments.format.map(|format| match format {
        FileFormat::Json => Format::Json,
        FileFormat::Jsonl => Format::JsonLines,
        FileFormat::Csv => Format::Csv,
    });
    Ok(Options {
        // What is called .json may have an object on each line, which the first bytes tell.
        format: named.or_else(|| Format::of_name(&arguments.file).filter(|format| *format != Format::Json)),
        accounts: arguments.accounts.clone(),
        recipe: arguments.recipe.clone(),
        map: column_map(arguments)?,
        factors: !arguments.without_factors,
        secrets: foreign_secrets::secrets(&config.settings.foreign_secrets),
        wanted,
        ..Options::default()
    })
}

fn tell(tally: &Tally, arguments: &ImportArguments, output: Output) -> Result<(), Box<dyn Error>> {
    let Tally {
        made,
        known,
        readdressed,
        updated,
        conflicts,
        refused,
        without_password,
        held,
        doubt,
        left_out,
    } = tally;
    let would = if arguments.dry_run { " would be" } else { "" };
    let mut said = format!(
        "{made} accounts{would} made; {known} were imported before, {conflicts} have an address that another account has, \
         {refused} records are refused."
    );
    if *refused > 0 && made + known + updated + conflicts == 0 {
        said.push_str(&format!("\nNone was taken: is that of {}?", arguments.from));
    }
    if *updated > 0 {
        let were = if arguments.dry_run { "would be" } else { "were" };
        said.push_str(&format!("\n{updated} that are here already {were} updated."));
    }
    if *without_password > 0 {
        said.push_str(&format!(
            "\n{without_password} have no password: {}.",
            if arguments.invite && !arguments.dry_run {
                "their owners are mailed an invitation to choose one"
            } else {
                "their owners ask for one at the sign-in page, or --invite mails them a link"
            }
        ));
    }
    if *readdressed > 0 {
        said.push_str(&format!(
            "\n{readdressed} of those that were imported before have another address here. If the file is of another site, \
             name that by --source."
        ));
    }
    if *held > 0 {
        said.push_str(&format!(
            "\nNobody signs in to {held}{}, because {}. Mend the file and import it again, or give leave to leave second factors \
             out by --without-factors.",
            if arguments.dry_run { " then" } else { " yet" },
            doubt.as_deref().unwrap_or_default()
        ));
    }
    for (what, count) in left_out {
        said.push_str(&format!("\nLeft out of {count}: {what}."));
    }
    output.done(
        &said,
        &json!({
            "made": made, "known": known, "readdressed": readdressed, "updated": updated, "conflicts": conflicts, "refused": refused,
            "without_password": without_password, "held": held, "why_held": doubt.as_ref().filter(|_| *held > 0), "left_out": left_out, "dry_run": arguments.dry_run,
        }),
    )
}
