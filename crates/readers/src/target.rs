//! What a column of a table becomes in the record.

use std::borrow::Cow;
use std::str::FromStr;

use super::context::Context;
use super::factor::{recovery_codes, totp};
use super::password::{ForeignPassword, Password, SecretText};
use super::record::{Fact, Record};
use super::row::Row;
use super::row_fault::RowFault;

/// What a column becomes. Operators write these names on the left of `--map`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Id,
    Email,
    /// A flag, or a time since when.
    EmailVerified,
    Username,
    Name,
    Firstname,
    Lastname,
    Locale,
    CreatedAt,
    CreatedAtMillis,
    CreatedAtSeconds,
    /// A flag, or a time since when.
    Disabled,
    /// The opposite flag.
    Enabled,
    /// A time until when.
    DisabledUntil,
    Role,
    Password,
    Salt,
    Algorithm,
    /// The name that a hash is over.
    PasswordUser,
    /// Base32.
    Totp,
    /// A list, or codes between commas.
    RecoveryCodes,
    Field(Cow<'static, str>),
}

/// The names of the targets, but for `fields.NAME`.
pub(crate) const NAMES: &[(&str, Target)] = &[
    ("id", Target::Id),
    ("email", Target::Email),
    ("email_verified", Target::EmailVerified),
    ("username", Target::Username),
    ("name", Target::Name),
    ("firstname", Target::Firstname),
    ("lastname", Target::Lastname),
    ("locale", Target::Locale),
    ("created_at", Target::CreatedAt),
    ("created_at_millis", Target::CreatedAtMillis),
    ("created_at_seconds", Target::CreatedAtSeconds),
    ("disabled", Target::Disabled),
    ("enabled", Target::Enabled),
    ("disabled_until", Target::DisabledUntil),
    ("role", Target::Role),
    ("password", Target::Password),
    ("password_salt", Target::Salt),
    ("password_algorithm", Target::Algorithm),
    ("password_user", Target::PasswordUser),
    ("totp", Target::Totp),
    ("recovery_codes", Target::RecoveryCodes),
];

impl FromStr for Target {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        if let Some(field) = name.strip_prefix("fields.").filter(|field| !field.is_empty()) {
            return Ok(Self::Field(Cow::Owned(field.to_owned())));
        }
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, target)| target.clone()).ok_or(())
    }
}

impl Target {
    /// Puts the column of this name into the record.
    pub(crate) fn fill(
        &self,
        record: &mut Record,
        key: &str,
        row: &Row,
        recipe: &str,
        context: &Context,
    ) -> Result<(), RowFault> {
        let foreign = |record: &mut Record, part: Beside, text: Option<String>| {
            if let (Password::Foreign(password), Some(text)) = (&mut record.password, text) {
                let text = Some(SecretText::new(text));
                match part {
                    Beside::Salt => password.salt = text,
                    Beside::Algorithm => password.algorithm = text,
                    Beside::User => password.user = text,
                }
            }
        };
        match self {
            Self::Id if row.get(key).is_none() => {}
            Self::Id => record.id = row.id(key)?,
            Self::Email => record.email = row.text(key)?,
            Self::EmailVerified => record.email_verified = row.fact(key)?,
            Self::Username => record.username = row.text(key)?,
            Self::Name => record.name = row.text(key)?,
            Self::Firstname => record.firstname = row.text(key)?,
            Self::Lastname => record.lastname = row.text(key)?,
            Self::Locale => record.locale = row.text(key)?,
            Self::CreatedAt => record.created_at = row.time(key)?,
            Self::CreatedAtMillis => record.created_at = row.millis(key)?,
            Self::CreatedAtSeconds => record.created_at = row.seconds(key)?,
            Self::Disabled => record.disabled = row.fact(key)?,
            Self::Enabled => {
                let fact = |enabled| if enabled { Fact::No } else { Fact::Yes };
                record.disabled = row.flag(key)?.map_or(Fact::Unsaid, fact);
            }
            Self::DisabledUntil => {
                if let Some(until) = row.time(key)? {
                    record.disabled = Fact::Until(until);
                }
            }
            Self::Role => record.roles.extend(row.text(key)?),
            Self::Password => {
                if let Some(value) = row.text(key)? {
                    let recipe = context.recipe(recipe);
                    if recipe.is_empty() {
                        return Err(RowFault::NoRecipe);
                    }
                    record.password = Password::Foreign(Box::new(ForeignPassword::new(recipe, value)));
                }
            }
            Self::Salt => foreign(record, Beside::Salt, row.text(key)?),
            Self::Algorithm => foreign(record, Beside::Algorithm, row.text(key)?),
            Self::PasswordUser => foreign(record, Beside::User, row.text(key)?),
            Self::Totp | Self::RecoveryCodes if !context.factors => {}
            // A column that a row lacks takes nothing away that the product's own has said.
            Self::Totp => record.totp = totp(row, key)?.or(record.totp.take()),
            Self::RecoveryCodes => {
                record.recovery_codes = recovery_codes(row, key)?.or(record.recovery_codes.take());
            }
            Self::Field(name) => {
                if let Some(text) = row.text(key)? {
                    record.fields.insert(name.to_string(), text);
                }
            }
        }
        Ok(())
    }
}

enum Beside {
    Salt,
    Algorithm,
    User,
}

/// Reads the columns of a table into a record. A list names a password before its salt.
pub(crate) fn read_columns<'a>(
    columns: impl IntoIterator<Item = (&'a Target, &'a str)>,
    row: &Row,
    recipe: &str,
    context: &Context,
) -> Result<Record, RowFault> {
    let mut record = Record::default();
    for (target, key) in columns {
        target.fill(&mut record, key, row, recipe, context)?;
    }
    Ok(record)
}
