//! MediaWiki's `:type:parameters:…`, with the wrapped forms in which old hashes were hashed again.

use super::super::check::Check;
use super::super::columns::Columns;
use super::super::hash::HashName;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::super::step::{Spelling, Step};
use super::parts::{base64, hex, number};
use super::phc::argon2;
use super::{Plan, crypt};

/// The characters of bcrypt's salt.
const BCRYPT_SALT: usize = 22;

pub(super) fn read(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let inner =
        columns.value.strip_prefix(':').or_malformed("no `:type:`; the product refuses it as well")?;
    let (kind, rest) = inner.split_once(':').or_malformed("no `:type:`")?;
    match kind {
        "A" => Ok(md5(Vec::new(), rest)?.into()),
        "B" => {
            let (salt, digest) = rest.split_once(':').or_malformed("no salt")?;
            Ok(Plan { steps: vec![hex_md5(Vec::new())], check: md5(salted(salt), digest)? })
        }
        "pbkdf2" => {
            let fields: Vec<&str> = rest.split(':').collect();
            let [hash, rounds, length, salt, digest] = fields[..] else {
                return Err(Refusal::Malformed("not the five parts of PBKDF2"));
            };
            pbkdf2([hash, rounds, length], salt, digest).map(Plan::from)
        }
        "pbkdf2-legacyA" => wrapped(rest, |_| vec![hex_md5(Vec::new())]),
        "pbkdf2-legacyB" => wrapped(rest, |salt| vec![hex_md5(Vec::new()), hex_md5(salted(salt))]),
        "bcrypt" => {
            let (cost, rest) = rest.split_once('$').or_malformed("no cost")?;
            let (salt, digest) = rest.split_once('$').or_malformed("no salt")?;
            if salt.len() != BCRYPT_SALT {
                return Err(Refusal::Malformed("a salt of another length"));
            }
            let text = format!("$2y${:02}${salt}{digest}", number(cost)?);
            crypt::bcrypt_text(&text).map(Plan::from)
        }
        "argon2" => argon2(rest, None).map(Plan::from),
        _ => Err(Refusal::UnknownScheme("no type of MediaWiki's")),
    }
}

/// The parameters of both layers come first, then the arguments of both.
fn wrapped(rest: &str, steps: impl Fn(&str) -> Vec<Step>) -> Result<Plan, Refusal> {
    let fields: Vec<&str> = rest.split('!').collect();
    let ["", params, inner_salt, salt, digest] = fields[..] else {
        return Err(Refusal::Malformed("not the parts of a hash that was hashed again"));
    };
    let params: Vec<&str> = params.split(':').collect();
    let [hash, rounds, length] = params[..] else {
        return Err(Refusal::Malformed("not the three parameters of PBKDF2"));
    };
    Ok(Plan { steps: steps(inner_salt), check: pbkdf2([hash, rounds, length], salt, digest)? })
}

fn pbkdf2([hash, rounds, length]: [&str; 3], salt: &str, digest: &str) -> Result<Check, Refusal> {
    let hash = HashName::parse(hash).or_malformed("no digest that is known")?;
    let (salt, digest) = (base64(salt)?, base64(digest)?);
    if number(length)? as usize != digest.len() {
        return Err(Refusal::Malformed("a digest of another length than the parameters say"));
    }
    Ok(Check::Pbkdf2 { hash, rounds: number(rounds)?, salt, digest })
}

fn hex_md5(before: Vec<u8>) -> Step {
    Step::Digest { spelling: Spelling::Hex, hash: HashName::Md5, before }
}

/// What stands before the inner MD5 of type B.
fn salted(salt: &str) -> Vec<u8> {
    format!("{salt}-").into_bytes()
}

fn md5(before: Vec<u8>, digest: &str) -> Result<Check, Refusal> {
    let digest = hex(digest)?;
    if digest.len() != HashName::Md5.bytes() {
        return Err(Refusal::Malformed("a digest of another length"));
    }
    Ok(Check::Digest { hash: HashName::Md5, rounds: 1, before, after: Vec::new(), digest })
}
