//! A record of another product as a row of ours.

use domain::{CustomField, EmailAddress, Field, Millis, ProfileChange, Role, Username, clean_name};
use hasher::PasswordHash;
use readers::{Fact, Password, Record};
use recipes::{Bounds, ForeignHash, NoPeppers, Recipe, Refusal, recipe_of};
use store::accounts::{AccountOrigin, NewAccountRow};

use super::{Import, ImportRefusal};

/// The row, and what stands nowhere in it.
pub(super) struct WantedRow {
    pub(super) row: NewAccountRow,
    pub(super) origin: AccountOrigin,
    /// Names of what the record has and the account cannot have.
    pub(super) left_out: Vec<&'static str>,
}

impl Import<'_> {
    /// Reads a record as an account of ours.
    ///
    /// # Errors
    /// Without an address that is one, with a hash that cannot be verified, or with a second factor.
    pub(super) fn read(&self, record: &Record) -> Result<WantedRow, ImportRefusal> {
        let email = record.email.as_deref().ok_or(ImportRefusal::NoAddress)?;
        let email = EmailAddress::parse(email).map_err(ImportRefusal::Address)?;
        let password_hash = self.hash(&record.password)?;
        let mut left_out = Vec::new();
        let username = record.username.as_deref().and_then(|name| {
            let parsed = Username::parse(name).ok();
            if parsed.is_none() {
                left_out.push("username_invalid");
            }
            parsed
        });
        if !record.identities.is_empty() {
            left_out.push("identities");
        }
        let created_at = record.created_at.and_then(|at| sane(at, self.now)).unwrap_or(self.now);
        let profile = self.profile(record, &mut left_out);
        let row = NewAccountRow {
            email,
            username,
            role: self.role(&record.roles),
            profile,
            password_hash,
            approval_wanted: false,
            terms: None,
        };
        let origin = AccountOrigin {
            created_at,
            verified_at: since(record.email_verified, created_at, self.now),
            locked_at: since(record.disabled, self.now, self.now),
        };
        Ok(WantedRow { row, origin, left_out })
    }

    /// The highest of our roles that one of the source's words stands for.
    pub(super) fn role(&self, words: &[String]) -> Role {
        words.iter().filter_map(|word| self.roles.get(word)).copied().max().unwrap_or(Role::MEMBER)
    }

    fn profile(&self, record: &Record, left_out: &mut Vec<&'static str>) -> ProfileChange {
        let mut errors = Vec::new();
        let mut profile = ProfileChange {
            name: clean_name(Field::Name, record.name.as_deref(), &mut errors),
            firstname: clean_name(Field::Firstname, record.firstname.as_deref(), &mut errors),
            lastname: clean_name(Field::Lastname, record.lastname.as_deref(), &mut errors),
            locale: record.locale.as_deref().and_then(self.locale).map(Some),
            ..ProfileChange::default()
        };
        if !errors.is_empty() {
            left_out.push("name_invalid");
        }
        for field in self.fields.iter() {
            match value(field, record) {
                Some(Ok(value)) => drop(profile.fields.insert(field.name.clone(), value)),
                Some(Err(())) => left_out.push("field_invalid"),
                None => {}
            }
        }
        profile
    }

    /// The text for our column.
    pub(super) fn hash(&self, password: &Password) -> Result<Option<String>, ImportRefusal> {
        let hash = match password {
            Password::None => return Ok(None),
            Password::Ours(text) if ForeignHash::is_text(text.as_str()) => {
                let hash = ForeignHash::from_text(text.as_str(), &Bounds::default());
                hash.and_then(|hash| hash.held_to(&self.terms, &NoPeppers))
            }
            Password::Ours(text) => {
                let hash: PasswordHash = text.as_str().parse().map_err(|_| ImportRefusal::OwnHash)?;
                return Ok(Some(hash.into_string()));
            }
            Password::Foreign(foreign) => {
                let recipe = recipe_of(&foreign.recipe).or_else(|| foreign.recipe.parse::<Recipe>().ok());
                let recipe = recipe.ok_or(ImportRefusal::Recipe)?;
                ForeignHash::read(&recipe, &foreign.columns(), &self.terms, &NoPeppers)
            }
        };
        match hash {
            Ok(hash) if hash.to_text().contains('\0') => Err(ImportRefusal::OwnHash),
            Ok(hash) => Ok(Some(hash.to_text())),
            Err(Refusal::NoPassword) => Ok(None),
            Err(refusal) => Err(ImportRefusal::Hash(refusal)),
        }
    }
}

/// The value of one of the operator's fields, if the record has it.
fn value(field: &CustomField, record: &Record) -> Option<Result<String, ()>> {
    let given = record.fields.get(&field.name)?;
    Some(field.parse(given).map_err(drop))
}

/// A time of the past, since 1970. Anything else is no time of an account.
fn sane(at: i64, now: Millis) -> Option<Millis> {
    (0..=now.0).contains(&at).then_some(Millis(at))
}

/// Since when it is so; `usual` where the source does not say since when.
pub(super) fn since(fact: Fact, usual: Millis, now: Millis) -> Option<Millis> {
    match fact {
        Fact::Unsaid | Fact::No => None,
        Fact::Yes => Some(usual),
        Fact::Since(at) => Some(sane(at, now).unwrap_or(usual)),
        Fact::Until(until) => (until > now.0).then_some(usual),
    }
}
