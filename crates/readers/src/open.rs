//! From a product's name and the options to what a reader needs.

use std::fmt;
use std::io::Read;

use recipes::{Recipe, recipe_of};

use super::document::Document;
use super::file_fault::BadFile;
use super::input::Input;
use super::lines::Lines;
use super::options::{Format, Options};
use super::products::{DECLARED, shape_of};
use super::source::Source;
use super::table::{Shape, Table};
use super::target::Target;

/// Why a file is not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadOptions {
    /// No product has this name.
    UnknownProduct(String),
    /// The product has no such table.
    UnknownTable(String),
    /// Neither the name of a product's recipe nor a recipe.
    BadRecipe(String),
    /// The beginning of the file is not what it should be.
    File(BadFile),
}

impl BadOptions {
    /// A stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownProduct(_) => "unknown_product",
            Self::UnknownTable(_) => "unknown_table",
            Self::BadRecipe(_) => "bad_recipe",
            Self::File(bad) => bad.fault.code(),
        }
    }
}

impl fmt::Display for BadOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownProduct(name) => write!(f, "no product is named `{name}`"),
            Self::UnknownTable(name) => write!(f, "the product has no table `{name}` that is read"),
            Self::BadRecipe(why) => write!(f, "the recipe is none: {why}"),
            Self::File(bad) => bad.fmt(f),
        }
    }
}

impl std::error::Error for BadOptions {}

impl From<BadFile> for BadOptions {
    fn from(bad: BadFile) -> Self {
        Self::File(bad)
    }
}

/// The tables of a product under the names of one site.
#[derive(Clone)]
pub(crate) struct Tables {
    shape: &'static Shape,
    /// The name of the accounts' table, if the site chose its own.
    accounts: Option<String>,
}

impl Tables {
    /// The table of this name.
    pub(crate) fn named(&self, name: &str) -> Option<&'static Table> {
        let chosen = self.accounts.as_ref().map(|chosen| plain(chosen) == plain(name));
        self.shape.tables.iter().find(|table| match chosen {
            Some(is_accounts) if table.accounts => is_accounts,
            _ => table.is(name),
        })
    }

    /// A table of second factors that a file with these lists should have and has not.
    pub(crate) fn lacks(&self, lists: &[String]) -> Option<&'static str> {
        let wanted = self.shape.factors_beside.unwrap_or_default().iter().copied();
        let mut missing = wanted.filter(|wanted| {
            let table = self.shape.tables.iter().find(|table| table.is(wanted));
            !lists.iter().any(|list| table.is_some_and(|table| table.is(list)))
        });
        missing.next()
    }

    /// The product's recipe; empty text if it has none of its own.
    pub(crate) fn recipe(&self) -> &'static str {
        self.shape.names.iter().copied().find(|name| recipe_of(name).is_some()).unwrap_or_default()
    }

    /// Whether the file is of the product with this name.
    pub(crate) fn is_of(&self, product: &str) -> bool {
        self.shape.names.contains(&product)
    }
}

/// Django writes a model with a dot and in small letters, and its table with a line.
fn plain(name: &str) -> String {
    name.replace('.', "_").to_ascii_lowercase()
}

/// A file that is ready to be read.
pub(crate) struct Opened<R> {
    pub(crate) source: Source<R>,
    pub(crate) tables: Tables,
    /// The table of a file that has rows of one alone.
    pub(crate) table: &'static Table,
}

pub(crate) fn open<R: Read>(product: &str, source: R, options: &Options) -> Result<Opened<R>, BadOptions> {
    let shape = shape_of(product).ok_or_else(|| BadOptions::UnknownProduct(product.to_owned()))?;
    if let Some(text) = &options.recipe
        && recipe_of(text).is_none()
    {
        text.parse::<Recipe>().map_err(|bad| BadOptions::BadRecipe(bad.to_string()))?;
    }
    let tables = Tables { shape, accounts: options.accounts.clone() };
    let table = match &options.table {
        Some(name) => tables.named(name).ok_or_else(|| BadOptions::UnknownTable(name.clone()))?,
        None => shape
            .tables
            .first()
            .ok_or_else(|| BadOptions::UnknownTable(options.accounts.clone().unwrap_or_default()))?,
    };
    let mut input = Input::new(source)?;
    let format = match (options.format, input.peek_behind_blanks()?) {
        (Some(format), _) => format,
        (None, Some(b'[')) => Format::Json,
        (None, Some(b'{')) if !shape.lines => Format::Json,
        (None, Some(b'{') | None) => Format::JsonLines,
        (None, Some(_)) => Format::Csv,
    };
    let source = match format {
        Format::Json => {
            let wanted = tables.clone();
            Source::Document(Document::new(input, move |list| wanted.named(list).is_some()))
        }
        Format::JsonLines => Source::Lines(Lines::new(input)),
        Format::Csv => {
            let mapped = options.map.pairs().map(|(_, theirs)| theirs);
            // Without an address there is no account here.
            let has_address = options.map.pairs().any(|(target, _)| *target == Target::Email);
            let address = (tables.is_of(DECLARED) && !has_address).then_some("email");
            let needed: Vec<&str> = mapped.chain([table.needs]).chain(address).collect();
            Source::sheet(input, shape.columns, &needed)?
        }
    };
    Ok(Opened { source, tables, table })
}
