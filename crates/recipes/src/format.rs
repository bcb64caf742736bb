//! How a recipe's last part reads the stored columns: the form of a product, or one that an operator
//! declares.

use std::fmt;

use super::call::{BadRecipe, Call};
use super::columns::Columns;
use super::encoding::to_base64url;
use super::hash::HashName;
use super::read::{
    DigestShape, FORMS, FirebaseShape, Pbkdf2Shape, Plan, Reader, SaltPlace, ScryptShape, TextForm, argon2,
    firebase,
};
use super::refusal::Refusal;
use super::step::{Key, PepperName};

/// The last part of a recipe.
#[derive(Clone, Debug)]
pub(crate) enum Format {
    /// A form without arguments, with its name.
    Form(&'static str, Reader),
    /// PHC strings of Argon2, with or without a secret of the server.
    Argon2(Option<PepperName>),
    Digest(DigestShape),
    Firebase(FirebaseShape),
    Pbkdf2(Pbkdf2Shape),
    Scrypt(ScryptShape),
}

impl Format {
    /// Reads the columns of one account.
    pub(crate) fn read(&self, columns: &Columns<'_>) -> Result<Plan, Refusal> {
        match self {
            Self::Form(_, read) => read(columns),
            Self::Argon2(secret) => argon2(columns.value, secret.clone()).map(Plan::from),
            Self::Digest(shape) => shape.read(columns),
            Self::Firebase(shape) => firebase(shape, columns),
            Self::Pbkdf2(shape) => shape.read(columns),
            Self::Scrypt(shape) => shape.read(columns),
        }
    }

    /// Reads the part of a recipe; `None` if the word names no form.
    pub(crate) fn parse(call: &mut Call<'_>) -> Result<Option<Self>, BadRecipe> {
        if let Some((name, read)) = FORMS.iter().find(|(name, _)| *name == call.name()) {
            return Ok(Some(Self::Form(name, *read)));
        }
        Ok(Some(match call.name() {
            "argon2" => Self::Argon2(match call.take("secret") {
                None => None,
                Some(name) => {
                    Some(PepperName::parse(name).ok_or_else(|| call.bad("`secret=name`, or nothing"))?)
                }
            }),
            "digest" => {
                let hash = hash(call)?;
                let place = match call.take("place") {
                    None => SaltPlace::Nowhere,
                    Some(place) => SaltPlace::parse(place)
                        .ok_or_else(|| call.bad("`place=before`, `place=after` or `place=none`"))?,
                };
                Self::Digest(DigestShape { hash, place, salt: salt(call)?, digest: digest(call)? })
            }
            "firebase" => Self::Firebase(FirebaseShape {
                log_n: number(call, "mem-cost")?,
                block: number(call, "rounds")?,
                separator: call.bytes("separator", "`separator=base64url`")?,
                key: Key::take(call)?,
            }),
            "pbkdf2" => {
                let (hash, rounds) = (hash(call)?, number(call, "rounds")?);
                Self::Pbkdf2(Pbkdf2Shape { hash, rounds, salt: salt(call)?, digest: digest(call)? })
            }
            "scrypt" => {
                let n: u32 = number(call, "n")?;
                if !n.is_power_of_two() {
                    return Err(call.bad("a power of two as `n`"));
                }
                Self::Scrypt(ScryptShape {
                    log_n: u8::try_from(n.ilog2()).unwrap_or(u8::MAX),
                    block: number(call, "r")?,
                    lanes: number(call, "p")?,
                    salt: salt(call)?,
                    digest: digest(call)?,
                })
            }
            _ => return Ok(None),
        }))
    }
}

fn hash(call: &mut Call<'_>) -> Result<HashName, BadRecipe> {
    let name = call.word().and_then(HashName::parse);
    name.ok_or_else(|| call.bad("a digest such as `sha256` first"))
}

fn number<T: std::str::FromStr>(call: &mut Call<'_>, name: &str) -> Result<T, BadRecipe> {
    call.number(name, "all of its parameters, as numbers")
}

/// How the salt is written; without a word for it, as text.
fn salt(call: &mut Call<'_>) -> Result<TextForm, BadRecipe> {
    let form = call.take("salt").map_or(Some(TextForm::Text), TextForm::parse);
    form.ok_or_else(|| call.bad("`salt=text`, `salt=hex` or `salt=base64`"))
}

/// How the digest is written; without a word for it, in hexadecimal digits.
fn digest(call: &mut Call<'_>) -> Result<TextForm, BadRecipe> {
    let form = call.take("digest").map_or(Some(TextForm::Hex), TextForm::parse);
    let binary = form.filter(|form| *form != TextForm::Text);
    binary.ok_or_else(|| call.bad("`digest=hex` or `digest=base64`"))
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(name, _) => f.write_str(name),
            Self::Argon2(None) => f.write_str("argon2"),
            Self::Argon2(Some(secret)) => write!(f, "argon2(secret={})", secret.as_str()),
            Self::Digest(DigestShape { hash, place, salt, digest }) => {
                let (hash, place, salt) = (hash.text(), place.text(), salt.text());
                write!(f, "digest({hash},place={place},salt={salt},digest={})", digest.text())
            }
            Self::Firebase(FirebaseShape { log_n, block, separator, key }) => {
                write!(f, "firebase(mem-cost={log_n},rounds={block}")?;
                if !separator.is_empty() {
                    write!(f, ",separator={}", to_base64url(separator))?;
                }
                write!(f, ",{key})")
            }
            Self::Pbkdf2(Pbkdf2Shape { hash, rounds, salt, digest }) => {
                let (hash, salt, digest) = (hash.text(), salt.text(), digest.text());
                write!(f, "pbkdf2({hash},rounds={rounds},salt={salt},digest={digest})")
            }
            Self::Scrypt(ScryptShape { log_n, block, lanes, salt, digest }) => {
                let (n, salt, digest) = (1_u64 << log_n, salt.text(), digest.text());
                write!(f, "scrypt(n={n},r={block},p={lanes},salt={salt},digest={digest})")
            }
        }
    }
}
