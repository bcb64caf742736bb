//! Digests without a form of their own, and the forms that operators declare.

use super::super::check::Check;
use super::super::columns::Columns;
use super::super::encoding::{from_base64, from_hex};
use super::super::hash::HashName;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::super::step::{Spelling, Step};
use super::Plan;
use super::parts::hex;

/// Hexadecimal digits of a digest of the password alone.
pub(super) fn digest(text: &str, hash: HashName) -> Result<Plan, Refusal> {
    let digest = hex(text)?;
    if digest.len() != hash.bytes() {
        return Err(Refusal::Malformed("a digest of another length"));
    }
    Ok(Check::Digest { hash, rounds: 1, before: Vec::new(), after: Vec::new(), digest }.into())
}

/// `*` and the SHA-1 of the SHA-1, as MySQL has it since 4.1.
pub(super) fn mysql(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let rest = columns.value.strip_prefix('*').or_malformed("no `*`")?;
    let first = Step::Digest { spelling: Spelling::Raw, hash: HashName::Sha1, before: Vec::new() };
    Ok(Plan { steps: vec![first], check: digest(rest, HashName::Sha1)?.check })
}

/// `md5` and the digest of password and user name, as PostgreSQL had it before SCRAM.
pub(super) fn postgres(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let rest = columns.value.strip_prefix("md5").or_malformed("no `md5`")?;
    let after = columns.user.or_malformed("the user's name is part of the hash")?.as_bytes().to_vec();
    let (hash, digest) = (HashName::Md5, hex(rest)?);
    Ok(Check::Digest { hash, rounds: 1, before: Vec::new(), after, digest }.into())
}

/// How a column has its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextForm {
    /// The text itself is the bytes.
    Text,
    Hex,
    Base64,
}

impl TextForm {
    /// The word in recipes.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Hex => "hex",
            Self::Base64 => "base64",
        }
    }

    /// Reads what [`text`](Self::text) writes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Text, Self::Hex, Self::Base64].into_iter().find(|form| form.text() == text)
    }

    fn bytes(self, text: &str) -> Result<Vec<u8>, Refusal> {
        let bytes = match self {
            Self::Text => Some(text.as_bytes().to_vec()),
            Self::Hex => from_hex(text),
            Self::Base64 => from_base64(text),
        };
        bytes.or_malformed("a column in another form than the recipe says")
    }
}

/// Where the salt stands in what is digested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SaltPlace {
    Nowhere,
    Before,
    After,
}

impl SaltPlace {
    /// The word in recipes.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Nowhere => "none",
            Self::Before => "before",
            Self::After => "after",
        }
    }

    /// Reads what [`text`](Self::text) writes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Nowhere, Self::Before, Self::After].into_iter().find(|place| place.text() == text)
    }
}

/// Salt and digest, in columns of their own or as `salt:digest`.
fn apart(columns: &Columns<'_>, salt: TextForm, digest: TextForm) -> Result<(Vec<u8>, Vec<u8>), Refusal> {
    let (salt_text, digest_text) = match columns.salt {
        Some(salt) => (salt, columns.value),
        None => columns.value.split_once(':').or_malformed("no column with a salt and no `salt:digest`")?,
    };
    Ok((salt.bytes(salt_text)?, digest.bytes(digest_text)?))
}

/// scrypt with the same parameters for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScryptShape {
    pub(crate) log_n: u8,
    pub(crate) block: u32,
    pub(crate) lanes: u32,
    pub(crate) salt: TextForm,
    pub(crate) digest: TextForm,
}

impl ScryptShape {
    pub(crate) fn read(self, columns: &Columns<'_>) -> Result<Plan, Refusal> {
        let (salt, digest) = apart(columns, self.salt, self.digest)?;
        Ok(Check::Scrypt { log_n: self.log_n, block: self.block, lanes: self.lanes, salt, digest }.into())
    }
}

/// PBKDF2 with the same parameters for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pbkdf2Shape {
    pub(crate) hash: HashName,
    pub(crate) rounds: u32,
    pub(crate) salt: TextForm,
    pub(crate) digest: TextForm,
}

impl Pbkdf2Shape {
    pub(crate) fn read(self, columns: &Columns<'_>) -> Result<Plan, Refusal> {
        let (salt, digest) = apart(columns, self.salt, self.digest)?;
        Ok(Check::Pbkdf2 { hash: self.hash, rounds: self.rounds, salt, digest }.into())
    }
}

/// A digest, salted or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DigestShape {
    pub(crate) hash: HashName,
    pub(crate) place: SaltPlace,
    pub(crate) salt: TextForm,
    pub(crate) digest: TextForm,
}

impl DigestShape {
    pub(crate) fn read(self, columns: &Columns<'_>) -> Result<Plan, Refusal> {
        let (salt, digest) = match self.place {
            SaltPlace::Nowhere => (Vec::new(), self.digest.bytes(columns.value)?),
            SaltPlace::Before | SaltPlace::After => apart(columns, self.salt, self.digest)?,
        };
        let (before, after) = match self.place {
            SaltPlace::After => (Vec::new(), salt),
            SaltPlace::Before | SaltPlace::Nowhere => (salt, Vec::new()),
        };
        if digest.len() != self.hash.bytes() {
            return Err(Refusal::Malformed("a digest of another length than the recipe's"));
        }
        Ok(Check::Digest { hash: self.hash, rounds: 1, before, after, digest }.into())
    }
}
