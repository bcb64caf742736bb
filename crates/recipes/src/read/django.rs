//! Django's and Werkzeug's forms: a name, parameters, the salt as text and the digest.

use super::super::check::Check;
use super::super::columns::Columns;
use super::super::hash::HashName;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::super::step::{Spelling, Step};
use super::parts::{base64, hex, logarithm, number};
use super::{Plan, bare, crypt, phc};

/// `algorithm$…`, as `make_password` writes it.
pub(super) fn read(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let text = columns.value;
    if text.starts_with('!') {
        // What `set_unusable_password` writes.
        return Err(Refusal::NoPassword);
    }
    let Some((algorithm, rest)) = text.split_once('$') else {
        // The unsalted MD5 of Django before 1.4.
        return bare::digest(text, HashName::Md5);
    };
    match algorithm {
        "pbkdf2_sha256" => pbkdf2(rest, HashName::Sha256),
        "pbkdf2_sha1" => pbkdf2(rest, HashName::Sha1),
        "scrypt" => scrypt(rest),
        "argon2" => phc::argon2(&format!("${rest}"), None).map(Plan::from),
        "bcrypt" => crypt::bcrypt_text(rest).map(Plan::from),
        "bcrypt_sha256" => {
            let step = Step::Digest { spelling: Spelling::Hex, hash: HashName::Sha256, before: Vec::new() };
            Ok(Plan { steps: vec![step], check: crypt::bcrypt_text(rest)? })
        }
        "md5" => salted(rest, HashName::Md5),
        "sha1" => salted(rest, HashName::Sha1),
        _ => Err(Refusal::UnknownScheme("no algorithm of Django's")),
    }
}

fn pbkdf2(rest: &str, hash: HashName) -> Result<Plan, Refusal> {
    let (rounds, salt, digest) = three(rest)?;
    let salt = salt.as_bytes().to_vec();
    Ok(Check::Pbkdf2 { hash, rounds: number(rounds)?, salt, digest: base64(digest)? }.into())
}

/// The salt stands between N and the other factors.
fn scrypt(rest: &str) -> Result<Plan, Refusal> {
    let fields: Vec<&str> = rest.split('$').collect();
    let [n, salt, block, lanes, digest] = fields[..] else {
        return Err(Refusal::Malformed("not the five parts of Django's scrypt"));
    };
    Ok(Check::Scrypt {
        log_n: log_n(n)?,
        block: number(block)?,
        lanes: number(lanes)?,
        salt: salt.as_bytes().to_vec(),
        digest: base64(digest)?,
    }
    .into())
}

fn salted(rest: &str, hash: HashName) -> Result<Plan, Refusal> {
    let (salt, digest) = rest.split_once('$').or_malformed("no salt")?;
    let (before, digest) = (salt.as_bytes().to_vec(), hex(digest)?);
    Ok(Check::Digest { hash, rounds: 1, before, after: Vec::new(), digest }.into())
}

fn log_n(n: &str) -> Result<u8, Refusal> {
    u8::try_from(logarithm(number(n)?)?).map_err(|_| Refusal::Malformed("an impossible N"))
}

fn three(text: &str) -> Result<(&str, &str, &str), Refusal> {
    let mut fields = text.split('$');
    match (fields.next(), fields.next(), fields.next(), fields.next()) {
        (Some(first), Some(second), Some(third), None) => Ok((first, second, third)),
        _ => Err(Refusal::Malformed("not three parts between `$`")),
    }
}

/// `scrypt:32768:8:1$salt$hex` or `pbkdf2:sha256:1000000$salt$hex`; before 2.3 also an HMAC under the salt,
/// `sha256$salt$hex`, as many a tutorial has it.
pub(super) fn werkzeug(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    if columns.value.starts_with("plain$") {
        return Err(Refusal::PasswordInClear);
    }
    let (method, salt, digest) = three(columns.value)?;
    let (salt, digest) = (salt.as_bytes().to_vec(), hex(digest)?);
    let fields: Vec<&str> = method.split(':').collect();
    match fields[..] {
        ["scrypt", n, block, lanes] => {
            let (block, lanes) = (number(block)?, number(lanes)?);
            Ok(Check::Scrypt { log_n: log_n(n)?, block, lanes, salt, digest }.into())
        }
        ["pbkdf2", hash, rounds] => {
            let hash = HashName::parse(hash).or_malformed("no digest of Werkzeug's")?;
            Ok(Check::Pbkdf2 { hash, rounds: number(rounds)?, salt, digest }.into())
        }
        [hash] => {
            let hash = HashName::parse(hash).ok_or(Refusal::UnknownScheme("no method of Werkzeug's"))?;
            Ok(Check::Hmac { hash, salt, digest }.into())
        }
        _ => Err(Refusal::UnknownScheme("no method of Werkzeug's")),
    }
}

/// Whether the text has one of Django's names, which passlib writes as well.
pub(super) fn knows(text: &str) -> bool {
    let names = ["pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt", "bcrypt_sha256", "md5", "sha1"];
    text.split_once('$').is_some_and(|(name, _)| names.contains(&name))
}
