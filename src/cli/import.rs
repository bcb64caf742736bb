//! `vestibule import`: the accounts of another product.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use domain::{Clock as _, SystemClock};
use readers::{BadRow, ColumnMap, Format, Found, Options, Part, ReadError, Reader, Wanted};
use recipes::{Recipe, Terms, recipe_of};
use serde_json::json;
use store::{Store, StoreError, imported_accounts};

use super::accounts::role_named;
use super::output::{Output, print};
use super::{beside_server, fault, finish};
use crate::compose::{log_to_stderr, mail_parts};
use crate::config::Config;
use crate::flows::administration::import::{Import, ImportRefusal, Imported};

/// `vestibule import …`
#[derive(Args)]
pub struct ImportArguments {
    /// What the product exported: JSON, JSON lines or CSV.
    file: PathBuf,
    /// The product, such as `django` or `wordpress`; it is never guessed. `declared` is a file with columns
    /// of your own, see --map and --recipe.
    #[arg(long, value_name = "PRODUCT", value_parser = product)]
    from: String,
    /// The format, if neither the file's name nor its beginning tells it.
    #[arg(long)]
    format: Option<FileFormat>,
    /// The table whose rows the file has, if it has those of one that is not the accounts', such as
    /// `wp_usermeta`.
    #[arg(long)]
    table: Option<String>,
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
    /// Take accounts over without the second factor that they have. Otherwise they are refused.
    #[arg(long)]
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

/// How many records one transaction takes over.
const AT_ONCE: usize = 200;

/// So many refused records, and none taken, say that the file is not what it was called.
const HOPELESS: u64 = 1_000;

/// What became of the records.
#[derive(Default)]
struct Tally {
    made: u64,
    known: u64,
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
        product: &arguments.from,
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
    if !arguments.dry_run {
        let completed =
            store.transact(async |tx| imported_accounts::complete(tx, &arguments.from).await).await;
        completed.map_err(|error| fault(error.into()))?;
    }
    Ok(run.tally)
}

/// An import under way.
struct Run<'a> {
    store: &'a Store,
    arguments: &'a ImportArguments,
    output: Output,
    import: Import<'a>,
    tally: Tally,
    /// How far it was when that was shown last, in hundredths.
    shown: u64,
}

impl Run<'_> {
    async fn pass(&mut self, wanted: Wanted) -> Result<(), Box<dyn Error>> {
        let shown = self.arguments.file.display();
        let file = File::open(&self.arguments.file).map_err(|error| format!("{shown}: {error}"))?;
        let length = file.metadata().map(|about| about.len()).unwrap_or_default();
        let options = options(self.arguments, wanted)?;
        let mut reader =
            Reader::open(&self.arguments.from, file, options).map_err(|error| format!("{shown}: {error}"))?;
        let mut batch = Vec::with_capacity(AT_ONCE);
        loop {
            match reader.next() {
                Some(Ok(found)) => batch.push(Ok(found)),
                Some(Err(ReadError::Row(bad))) => batch.push(Err(bad)),
                Some(Err(error @ ReadError::File(_))) => {
                    self.take(&mut batch).await?;
                    return Err(format!("{shown}: {error}; what stands before was taken over").into());
                }
                None => break,
            }
            if batch.len() == AT_ONCE {
                self.take(&mut batch).await?;
                self.show(reader.offset(), length);
            }
        }
        self.take(&mut batch).await?;
        self.show(length, length);
        Ok(())
    }

    /// Takes over what was read. Whatever somebody else's sign-up makes fail is tried once more, one by one.
    async fn take(&mut self, batch: &mut Vec<ReadRow>) -> Result<(), Box<dyn Error>> {
        let read = std::mem::take(batch);
        match self.transact(&read).await {
            Ok(done) => return self.count(&read, done),
            Err(StoreError::Conflict(_)) => {}
            Err(error) => return Err(fault(error.into())),
        }
        for one in read {
            let one = [one];
            let done = self.transact(&one).await.map_err(|error| fault(error.into()))?;
            self.count(&one, done)?;
        }
        Ok(())
    }

    async fn transact(&self, read: &[ReadRow]) -> Result<Vec<Taken>, StoreError> {
        let mut done = Vec::with_capacity(read.len());
        let written = self.store.transact(async |tx| {
            for found in read.iter().flatten() {
                done.push(match &found.part {
                    Part::Account(record) => self.import.account(tx, record).await?.map(Some),
                    Part::Supplement(supplement) => {
                        self.import.supplement(tx, supplement.clone()).await?.map(|()| None)
                    }
                });
            }
            if self.arguments.dry_run { Err(Ended::DryRun) } else { Ok(()) }
        });
        match written.await {
            Ok(()) | Err(Ended::DryRun) => Ok(done),
            Err(Ended::Store(error)) => Err(error),
        }
    }

    /// Counts what became of each, in the order of the file.
    fn count(&mut self, read: &[ReadRow], done: Vec<Taken>) -> Result<(), Box<dyn Error>> {
        let mut done = done.into_iter();
        for read in read {
            let found = match read {
                Ok(found) => found,
                Err(bad) => {
                    self.refuse(&bad.place.to_string(), bad.fault.code(), &bad.fault.to_string())?;
                    continue;
                }
            };
            match done.next().unwrap_or(Ok(None)) {
                Ok(None) => {}
                Ok(Some(Imported::Known)) => self.tally.known += 1,
                Ok(Some(Imported::Conflict)) if self.arguments.on_conflict == OnConflict::Fail => {
                    let why = "another account here has the address; what stands before was taken over";
                    return Err(format!("{}: {why}", found.place).into());
                }
                Ok(Some(Imported::Conflict)) => self.tally.conflicts += 1,
                Ok(Some(Imported::Made { has_password, left_out })) => {
                    self.tally.made += 1;
                    self.tally.without_password += u64::from(!has_password);
                    for what in left_out {
                        *self.tally.left_out.entry(what).or_default() += 1;
                    }
                }
                Err(refusal) => {
                    self.refuse(&found.place.to_string(), refusal.code(), &refusal.to_string())?;
                }
            }
        }
        Ok(())
    }

    fn refuse(&mut self, place: &str, code: &str, said: &str) -> Result<(), Box<dyn Error>> {
        self.tally.refused += 1;
        if self.output.is_json() {
            print(&format!("{}\n", json!({ "refused": place, "code": code, "why": said })))?;
        } else {
            eprintln!("{place}: {said} ({code})");
        }
        if self.tally.refused == HOPELESS && self.tally.made + self.tally.known == 0 {
            let product = &self.arguments.from;
            return Err(format!(
                "{HOPELESS} records were refused, and none was taken: is that of {product}?"
            )
            .into());
        }
        Ok(())
    }

    /// Shows on a terminal how far it is.
    fn show(&mut self, offset: u64, length: u64) {
        let hundredths = offset.saturating_mul(100).checked_div(length).unwrap_or(100).min(100);
        if !io::stderr().is_terminal() || hundredths == self.shown {
            return;
        }
        self.shown = hundredths;
        // Nothing is lost with it.
        let _ = write!(io::stderr(), "\r{hundredths} %, {} accounts", self.tally.made);
        if hundredths == 100 {
            eprintln!();
        }
    }
}

/// A record, or why it was not read.
type ReadRow = Result<Found, BadRow>;

/// What became of a record: of an account, or of what supplements one.
type Taken = Result<Option<Imported>, ImportRefusal>;

/// Why a transaction is undone.
enum Ended {
    DryRun,
    Store(StoreError),
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
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
        table: arguments.table.clone(),
        accounts: arguments.accounts.clone(),
        recipe: arguments.recipe.clone(),
        map,
        factors: !arguments.without_factors,
        wanted,
        ..Options::default()
    })
}

fn tell(tally: &Tally, arguments: &ImportArguments, output: Output) -> Result<(), Box<dyn Error>> {
    let Tally { made, known, conflicts, refused, without_password, left_out } = tally;
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
    for (what, count) in left_out {
        said.push_str(&format!("\nLeft out of {count}: {what}."));
    }
    output.done(
        &said,
        &json!({
            "made": made, "known": known, "conflicts": conflicts, "refused": refused,
            "without_password": without_password, "left_out": left_out, "dry_run": arguments.dry_run,
        }),
    )
}
