//! The tables of a product, and what their rows become.

use recipes::factors::BadFactor;

use super::context::Context;
use super::record::{Identity, Record};
use super::row::Row;
use super::row_fault::RowFault;
use super::supplement::{Addition, Part, Supplement};
use super::target::{Target, read_columns};

/// Makes a part of a row, or nothing if the row says nothing that is taken over.
pub(crate) type Make = fn(&Row, &Context) -> Result<Option<Part>, RowFault>;

/// A table of a product.
pub(crate) struct Table {
    /// Its names. A star stands for a prefix that the site chose.
    pub(crate) names: &'static [&'static str],
    /// Whether its rows are accounts.
    pub(crate) accounts: bool,
    /// Whether its rows say who has a second factor.
    pub(crate) factors: bool,
    /// A column without which a CSV file is not of this table.
    pub(crate) needs: &'static str,
    pub(crate) make: Make,
}

impl Table {
    pub(crate) const fn accounts(names: &'static [&'static str], needs: &'static str, make: Make) -> Self {
        Self { names, accounts: true, factors: false, needs, make }
    }

    pub(crate) const fn beside(names: &'static [&'static str], needs: &'static str, make: Make) -> Self {
        Self { names, accounts: false, factors: false, needs, make }
    }

    pub(crate) const fn factors(names: &'static [&'static str], needs: &'static str, make: Make) -> Self {
        Self { names, accounts: false, factors: true, needs, make }
    }

    /// Whether a table of this name is it, in any case: a schema or a Django app may stand before a dot.
    pub(crate) fn is(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let (joined, last) = (name.replace('.', "_"), name.rsplit('.').next().unwrap_or_default());
        self.names.iter().any(|known| match known.strip_prefix('*') {
            Some(end) => joined.ends_with(&end.to_ascii_lowercase()),
            None => [joined.as_str(), last].contains(&known.to_ascii_lowercase().as_str()),
        })
    }
}

/// Whether a table of this name may say who has a second factor.
pub(crate) fn sounds_like_factors(name: &str) -> bool {
    const WORDS: [&str; 20] = [
        "mfa",
        "multifactor",
        "multi_factor",
        "secondfactor",
        "second_factor",
        "securitykey",
        "security_key",
        "2fa",
        "tfa",
        "otp",
        "twofactor",
        "two_factor",
        "webauthn",
        "passkey",
        "fido",
        "u2f",
        "yubikey",
        "authenticator",
        "trench",
        "staticdevice",
    ];
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// A product as its files are read.
pub(crate) struct Shape {
    /// Its names.
    pub(crate) names: &'static [&'static str],
    /// Its tables, the accounts' first.
    pub(crate) tables: &'static [Table],
    /// Whether a file that begins with an object has an object a line.
    pub(crate) lines: bool,
    /// The columns of its CSV files without a heading.
    pub(crate) columns: Option<&'static [&'static str]>,
    /// For products whose accounts do not say themselves who has a second factor: the tables of which a file
    /// has to have each one. Without any of them, one of the product's tables of factors is enough.
    pub(crate) factors_beside: Option<&'static [&'static str]>,
}

impl Shape {
    pub(crate) const fn of(names: &'static [&'static str], tables: &'static [Table]) -> Self {
        Self { names, tables, lines: false, columns: None, factors_beside: None }
    }
}

/// The record of a row by a product's columns.
pub(crate) fn record(
    columns: &[(Target, &str)],
    row: &Row,
    recipe: &str,
    context: &Context,
) -> Result<Record, RowFault> {
    read_columns(columns.iter().map(|(target, key)| (target, *key)), row, recipe, context)
}

/// An account as a part.
pub(crate) fn account(record: Record) -> Result<Option<Part>, RowFault> {
    Ok(Some(Part::Account(Box::new(record))))
}

/// Additions to an account as a part; nothing if there are none.
pub(crate) fn additions(account: String, additions: Vec<Addition>) -> Result<Option<Part>, RowFault> {
    Ok((!additions.is_empty()).then_some(Part::Supplement(Supplement { account, additions })))
}

/// What becomes of an account whose second factor cannot be read.
pub(crate) fn lost(why: BadFactor) -> Addition {
    Addition::FactorLost(why.to_string())
}

/// What stands in tables that say nothing of an account and whose names sound as if they did.
pub(crate) fn nothing(_row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    Ok(None)
}

/// An identity as a part.
pub(crate) fn identity(
    row: &Row,
    account: &str,
    provider: &str,
    subject: &str,
) -> Result<Option<Part>, RowFault> {
    let identity = Identity { provider: row.id(provider)?, subject: row.id(subject)? };
    additions(row.id(account)?, vec![Addition::Identity(identity)])
}
