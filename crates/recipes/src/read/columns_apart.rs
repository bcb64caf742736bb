//! Products that keep salt and parameters in columns beside the digest.

use super::super::check::{ArgonKind, Check};
use super::super::columns::Columns;
use super::super::encoding::{from_base64, from_hex};
use super::super::hash::HashName;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::super::step::Key;
use super::parts::{Params, base64, hex, logarithm, number, two};
use super::{Plan, crypt, phc, php};

/// Payload, whose salt is the text of its digits: since 3.90 with a prefix, before without one.
pub(super) fn payload(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let salt = columns.salt.or_malformed("no column with the salt")?.as_bytes().to_vec();
    let (digits, rounds, bytes) = match columns.value.strip_prefix("pbkdf2-sha256-v1:") {
        Some(rest) => (rest, 600_000, 32),
        None => (columns.value, 25_000, 512),
    };
    let digest = hex(digits)?;
    if digest.len() != bytes {
        return Err(Refusal::Malformed("a digest of another length than Payload's"));
    }
    Ok(Check::Pbkdf2 { hash: HashName::Sha256, rounds, salt, digest }.into())
}

/// Rounds of Discourse where the database is older than the column for them.
const DISCOURSE_ROUNDS: u32 = 64_000;

/// Discourse, whose salt is the text of its digits.
pub(super) fn discourse(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let salt = columns.salt.or_malformed("no column with the salt")?.as_bytes().to_vec();
    let digest = hex(columns.value)?;
    let (hash, rounds, bytes) = match columns.algorithm {
        None => (HashName::Sha256, DISCOURSE_ROUNDS, HashName::Sha256.bytes()),
        Some(algorithm) => phc::pbkdf2_algorithm(algorithm)?,
    };
    if digest.len() != bytes {
        return Err(Refusal::Malformed("a digest of another length than its algorithm says"));
    }
    Ok(Check::Pbkdf2 { hash, rounds, salt, digest }.into())
}

/// A salt of Gitea's that is text, from before it was random bytes.
const GITEA_TEXT_SALT: usize = 10;

/// Gitea and Forgejo: `passwd`, `passwd_hash_algo` and `salt`.
pub(super) fn gitea(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let algorithm = columns.algorithm.unwrap_or_default();
    let fields: Vec<&str> = algorithm.split('$').collect();
    if fields[0] == "bcrypt" {
        return crypt::bcrypt(columns);
    }
    let salt = columns.salt.or_malformed("no column with the salt")?;
    let bytes = if salt.len() == GITEA_TEXT_SALT { None } else { from_hex(salt) };
    let salt = bytes.unwrap_or_else(|| salt.as_bytes().to_vec());
    let digest = hex(columns.value)?;
    let (check, length) = match fields[..] {
        [""] => {
            let hash = HashName::Sha256;
            (Check::Pbkdf2 { hash, rounds: 10_000, salt, digest: digest.clone() }, 50)
        }
        ["pbkdf2", rounds, length] => {
            let (hash, rounds) = (HashName::Sha256, number(rounds)?);
            (Check::Pbkdf2 { hash, rounds, salt, digest: digest.clone() }, number(length)?)
        }
        ["argon2", passes, memory, lanes, length] => {
            let check = Check::Argon2 {
                kind: ArgonKind::Id,
                version: 19,
                memory_kib: number(memory)?,
                passes: number(passes)?,
                lanes: number(lanes)?,
                secret: None,
                data: Vec::new(),
                salt,
                digest: digest.clone(),
            };
            (check, number(length)?)
        }
        ["scrypt", n, block, lanes, length] => {
            let log_n = u8::try_from(logarithm(number(n)?)?).unwrap_or(u8::MAX);
            let (block, lanes) = (number(block)?, number(lanes)?);
            (Check::Scrypt { log_n, block, lanes, salt, digest: digest.clone() }, number(length)?)
        }
        _ => return Err(Refusal::UnknownScheme("no algorithm of Gitea's")),
    };
    if digest.len() != length as usize {
        return Err(Refusal::Malformed("a digest of another length than its algorithm says"));
    }
    Ok(check.into())
}

/// The parameters that a project of Firebase has in common, and its key, which is a secret: without it the
/// hashes cannot be guessed at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FirebaseShape {
    pub(crate) log_n: u8,
    pub(crate) block: u32,
    pub(crate) separator: Vec<u8>,
    pub(crate) key: Key,
}

/// `passwordHash` and `salt`, in either kind of base64.
pub(crate) fn firebase(shape: &FirebaseShape, columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let either = |text: &str| base64(&text.replace('-', "+").replace('_', "/"));
    let mut salt = either(columns.salt.or_malformed("no salt")?)?;
    salt.extend_from_slice(&shape.separator);
    let (log_n, block, key) = (shape.log_n, shape.block, shape.key.clone());
    Ok(Check::Firebase { log_n, block, salt, key, digest: either(columns.value)? }.into())
}

/// Supabase: bcrypt, Argon2, or hashes that it took over from Firebase with the key of their project, as
/// `$fbscrypt$v=1,n=14,r=8,p=1,ss=separator,sk=key$salt$digest`.
pub(super) fn supabase(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let Some(rest) = columns.value.strip_prefix("$fbscrypt$") else { return php::read(columns) };
    let mut fields = rest.split('$');
    let params = Params::read(fields.next().or_malformed("no parameters")?)?;
    params.only(&["v", "n", "r", "p", "ss", "sk"])?;
    if params.text("v") != Some("1") || params.number("p")? != 1 {
        return Err(Refusal::UnknownScheme("another version of Supabase's Firebase hashes"));
    }
    let bytes = |name: &str| base64(params.text(name).or_malformed("a parameter is missing")?);
    let (mut salt, digest) = two(&mut fields, from_base64)?;
    salt.extend(bytes("ss")?);
    let log_n = u8::try_from(params.number("n")?).map_err(|_| Refusal::Malformed("an impossible N"))?;
    let (block, key) = (params.number("r")?, Key::Known(bytes("sk")?));
    Ok(Check::Firebase { log_n, block, salt, key, digest }.into())
}
