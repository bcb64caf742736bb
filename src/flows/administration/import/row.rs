//! What a file says of an account as a row of ours. Nothing here asks the database.

use std::collections::BTreeMap;

use domain::{
    AuthenticatorModel, CustomField, CustomFields, EmailAddress, Field, Millis, PictureRef, ProfileChange,
    ReservedNames, Role, Username, clean_name,
};
use hasher::PasswordHash;
use readers::{Addition, Extra, Fact, Identity, Password, Place, Record};
use recipes::factors::{RecoveryCodes, TotpSecret};
use recipes::{Bounds, ForeignHash, Pepper, Recipe, Refusal, Terms, recipe_of};
use store::accounts::{AccountOrigin, Arrival, EarlierRow, NewAccountRow};

use super::ImportRefusal;

/// Our code for a language of the source.
pub type LocaleOf = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Which issuer a word of the source's stands for.
pub enum ProviderNames {
    /// Those that the operator has named.
    Named(BTreeMap<String, String>),
    /// Each word is an issuer, as in our own export.
    Issuers,
}

impl ProviderNames {
    fn issuer<'a>(&'a self, word: &'a str) -> Option<&'a str> {
        match self {
            Self::Named(issuers) => issuers.get(word).map(String::as_str),
            Self::Issuers => Some(word),
        }
    }
}

/// An account at another provider that signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WantedIdentity {
    pub(super) issuer: String,
    pub(super) subject: String,
}

/// What is taken over of an account, and as what.
pub struct Rules {
    /// Which hashes are taken.
    pub terms: Terms,
    /// Our roles by the source's words for them. An account with no such word is a member.
    pub roles: BTreeMap<String, Role>,
    /// The operator's own fields: those of the same name are taken over.
    pub fields: CustomFields,
    /// Our code for a language of the source.
    pub locale: LocaleOf,
    /// The secrets that hashes were made with there.
    pub secrets: BTreeMap<String, Pepper>,
    /// Whether second factors come along.
    pub factors: bool,
    /// The issuers of accounts at other providers, by the source's words for those.
    pub providers: ProviderNames,
    /// The host that passkeys belong to here; `None` where none can work.
    pub site: Option<String>,
    /// Whether the files of a picture are here.
    pub has_picture: Box<dyn Fn(&PictureRef) -> bool + Send + Sync>,
    /// Usernames that nobody chooses here; `None` if all that the file has are taken over.
    pub reserved: Option<ReservedNames>,
    /// When the import began.
    pub now: Millis,
}

/// What a file says of an account, in all of its places.
pub struct Arriving {
    /// The account's id there.
    pub id: String,
    /// Its address, as the file has it.
    pub email: Option<String>,
    /// The account as it is wanted here, or why it is refused.
    pub(super) wanted: Result<Wanted, ImportRefusal>,
    /// Where something that stands beside its record is refused.
    pub complaints: Vec<(Place, ImportRefusal)>,
}

/// An account as it is wanted here.
#[derive(Clone)]
pub(super) struct Wanted {
    pub(super) arrival: Arrival,
    pub(super) totp: Option<TotpSecret>,
    pub(super) recovery_codes: Option<RecoveryCodes>,
    pub(super) identities: Vec<WantedIdentity>,
    /// The rest of an account that was one of ours.
    pub(super) own: Option<WantedOwn>,
    /// Whether it has a second factor there that does not come along.
    pub(super) factor_lost: bool,
    /// Names of what the file has and the account cannot have.
    pub(super) left_out: Vec<&'static str>,
}

/// What else an account had that was one of ours.
#[derive(Clone)]
pub(super) struct WantedOwn {
    pub(super) row: EarlierRow,
    pub(super) passkeys: Vec<WantedPasskey>,
}

/// A passkey that works here.
#[derive(Clone)]
pub(super) struct WantedPasskey {
    pub(super) user_handle: Vec<u8>,
    pub(super) credential_id: Vec<u8>,
    pub(super) credential: String,
    pub(super) model: AuthenticatorModel,
    pub(super) name: String,
    pub(super) created_at: Millis,
}

impl Wanted {
    /// Whether a second factor guards the account there.
    pub(super) fn has_factor(&self) -> bool {
        let passkeys = self.own.as_ref().is_some_and(|own| !own.passkeys.is_empty());
        self.factor_lost || self.totp.is_some() || passkeys
    }
}

impl Arriving {
    /// The same without a username, for another has it.
    pub(super) fn without_username(&self) -> Self {
        let wanted = self.wanted.clone().map(|mut wanted| {
            wanted.arrival.parts_mut().0.username = None;
            wanted.left_out.push("username_taken");
            wanted
        });
        Self { id: self.id.clone(), email: self.email.clone(), wanted, complaints: Vec::new() }
    }
}

impl Rules {
    /// Reads what a file says of an account.
    pub fn read(&self, record: Record, extras: &[Extra]) -> Arriving {
        let mut complaints = Vec::new();
        let wanted = self.wanted(&record, extras, &mut complaints);
        let email = record.email.or_else(|| primary(extras).map(str::to_owned));
        Arriving { id: record.id, email, wanted, complaints }
    }

    fn wanted(
        &self,
        record: &Record,
        extras: &[Extra],
        complaints: &mut Vec<(Place, ImportRefusal)>,
    ) -> Result<Wanted, ImportRefusal> {
        let email = record.email.as_deref().or_else(|| primary(extras)).ok_or(ImportRefusal::NoAddress)?;
        let email = EmailAddress::parse(email).map_err(ImportRefusal::Address)?;
        let password_hash = self.hash(&record.password)?;
        let mut left_out = Vec::new();
        let username = record.username.as_deref().and_then(|name| {
            let Ok(parsed) = Username::parse(name) else {
                left_out.push("username_invalid");
                return None;
            };
            if self.reserved.as_ref().is_some_and(|reserved| reserved.contains(&parsed)) {
                left_out.push("username_reserved");
                return None;
            }
            Some(parsed)
        });
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
        let mut wanted = Wanted {
            arrival: Arrival::new(row, origin),
            totp: record.totp.clone().filter(|_| self.factors),
            recovery_codes: record.recovery_codes.clone().filter(|_| self.factors),
            identities: Vec::new(),
            own: None,
            factor_lost: record.factor_lost && self.factors,
            left_out,
        };
        if let Some(own) = &record.own {
            self.read_own(&mut wanted, own);
        }
        for identity in &record.identities {
            self.link(&mut wanted, identity);
        }
        for extra in extras {
            for addition in &extra.additions {
                if let Err(refusal) = self.extend(&mut wanted, addition, record.has_factor) {
                    complaints.push((extra.place, refusal));
                }
            }
        }
        let missing = record.has_factor && self.factors && wanted.totp.is_none();
        if (record.factor_lost && self.factors) || (missing && !wanted.factor_lost) {
            wanted.left_out.push("factor");
        }
        wanted.factor_lost |= missing;
        wanted.arrival.wants_second_factor = wanted.has_factor();
        wanted.arrival.keys();
        Ok(wanted)
    }

    /// Adds something that stands beside the record, which says itself whether it asks for a second factor.
    /// What the record says itself stays.
    fn extend(
        &self,
        wanted: &mut Wanted,
        addition: &Addition,
        has_factor: bool,
    ) -> Result<(), ImportRefusal> {
        let (row, origin) = wanted.arrival.parts_mut();
        match addition {
            Addition::Email { email, verified, .. } => {
                let own = EmailAddress::parse(email).is_ok_and(|email| email.key() == row.email.key());
                if own && origin.verified_at.is_none() {
                    origin.verified_at = since(*verified, self.now, self.now);
                }
            }
            Addition::Password(foreign) if row.password_hash.is_none() => {
                row.password_hash = self.hash(&Password::Foreign(foreign.clone()))?;
            }
            Addition::Password(_) => {}
            Addition::Totp(secret) if self.factors => wanted.totp = Some(secret.clone()),
            Addition::TotpIfAsked(secret) if self.factors && has_factor => {
                wanted.totp = Some(secret.clone());
            }
            Addition::RecoveryCodes(codes) if self.factors => wanted.recovery_codes = Some(codes.clone()),
            Addition::FactorLost(why) if self.factors => {
                wanted.factor_lost = true;
                return Err(ImportRefusal::Factor(why.clone()));
            }
            Addition::Totp(_)
            | Addition::TotpIfAsked(_)
            | Addition::RecoveryCodes(_)
            | Addition::FactorLost(_) => {}
            Addition::Roles(words) if row.role == Role::MEMBER => row.role = self.role(words),
            Addition::Roles(_) => {}
            Addition::Firstname(name) => fill(&mut row.profile.firstname, Field::Firstname, name),
            Addition::Lastname(name) => fill(&mut row.profile.lastname, Field::Lastname, name),
            Addition::Locale(code) => {
                if row.profile.locale.is_none() {
                    row.profile.locale = (self.locale)(code).map(Some);
                }
            }
            Addition::Identity(identity) => self.link(wanted, identity),
        }
        Ok(())
    }

    /// Adds an account at another provider, if it is known which provider that is.
    fn link(&self, wanted: &mut Wanted, identity: &Identity) {
        let issuer = self.providers.issuer(&identity.provider);
        match issuer.filter(|_| is_subject(&identity.subject)) {
            Some(issuer) => {
                let link = WantedIdentity { issuer: issuer.to_owned(), subject: identity.subject.clone() };
                if !wanted.identities.contains(&link) {
                    wanted.identities.push(link);
                }
            }
            None if !wanted.left_out.contains(&"identities") => wanted.left_out.push("identities"),
            None => {}
        }
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
            locale: record.locale.as_deref().and_then(&self.locale).map(Some),
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
                hash.and_then(|hash| hash.held_to(&self.terms, &self.secrets))
            }
            Password::Ours(text) => {
                let hash: PasswordHash = text.as_str().parse().map_err(|_| ImportRefusal::OwnHash)?;
                return Ok(Some(hash.into_string()));
            }
            Password::Foreign(foreign) => {
                let recipe = recipe_of(&foreign.recipe).or_else(|| foreign.recipe.parse::<Recipe>().ok());
                let recipe = recipe.ok_or(ImportRefusal::Recipe)?;
                ForeignHash::read(&recipe, &foreign.columns(), &self.terms, &self.secrets)
            }
        };
        match hash {
            Ok(hash) => {
                let text = hash.to_text();
                if text.contains('\0') { Err(ImportRefusal::OwnHash) } else { Ok(Some(text)) }
            }
            Err(Refusal::NoPassword) => Ok(None),
            Err(refusal) => Err(ImportRefusal::Hash(refusal)),
        }
    }
}

/// Whether a provider can name an account so: at most 255 ASCII characters (OpenID Connect Core 1.0, 2).
fn is_subject(subject: &str) -> bool {
    (1..=255).contains(&subject.len()) && subject.bytes().all(|byte| byte.is_ascii() && byte != 0)
}

/// The account's own address, as it stands beside the record.
fn primary(extras: &[Extra]) -> Option<&str> {
    let mut additions = extras.iter().flat_map(|extra| &extra.additions);
    additions.find_map(|addition| match addition {
        Addition::Email { email, primary: true, .. } => Some(email.as_str()),
        _ => None,
    })
}

/// Fills a name that the record does not say.
fn fill(name: &mut Option<String>, field: Field, given: &str) {
    if name.as_ref().is_none_or(String::is_empty) {
        *name = clean_name(field, Some(given), &mut Vec::new());
    }
}

/// The value of one of the operator's fields, if the record has it.
fn value(field: &CustomField, record: &Record) -> Option<Result<String, ()>> {
    let given = record.fields.get(&field.name)?;
    Some(field.parse(given).map_err(drop))
}

/// What is closed for so long, in milliseconds, is closed by whoever runs the site.
const ONE_DAY: i64 = 86_400_000;

/// A time of the past, since 1970. Anything else is no time of an account.
pub(super) fn sane(at: i64, now: Millis) -> Option<Millis> {
    (0..=now.0).contains(&at).then_some(Millis(at))
}

/// Since when it is so; `usual` where the source does not say since when.
pub(super) fn since(fact: Fact, usual: Millis, now: Millis) -> Option<Millis> {
    match fact {
        Fact::Unsaid | Fact::No => None,
        Fact::Yes => Some(usual),
        Fact::Since(at) => Some(sane(at, now).unwrap_or(usual)),
        // Here it would have no end. Wrong guesses close an account for minutes or hours at some products.
        Fact::Until(until) => (until > now.0.saturating_add(ONE_DAY)).then_some(usual),
    }
}
