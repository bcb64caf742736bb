//! The forms of Unix' `crypt`, as libxcrypt writes them, and Apache's.

use super::super::check::{APACHE, Check, MD5_ORDER, SHA1_ORDER, sha_order};
use super::super::columns::Columns;
use super::super::encoding::{crypt_digit, from_crypt, from_crypt_number, to_bcrypt};
use super::super::hash::HashName;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::super::step::Step;
use super::parts::{hex, number, two};
use super::{Plan, RestReader};

/// Rounds of `$5$` and `$6$` that name none (Drepper, section "Specification").
const SHA_CRYPT_ROUNDS: u32 = 5000;

/// The characters of a DES hash.
const DES_LENGTH: usize = 13;

/// `$2a$`, `$2b$` or `$2y$` as the whole value.
pub(super) fn bcrypt(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    bcrypt_text(columns.value).map(Plan::from)
}

pub(super) fn bcrypt_text(text: &str) -> Result<Check, Refusal> {
    if text.starts_with("$2x$") || text.starts_with("$2$") {
        return Err(Refusal::UnknownScheme(
            "bcrypt with a mistake of before 2011, which `bcrypt` does not repeat",
        ));
    }
    let check = Check::Bcrypt { text: text.to_owned() };
    if check.is_possible() { Ok(check) } else { Err(Refusal::Malformed("not the 60 characters of bcrypt")) }
}

/// bcrypt that a product has taken apart into bytes.
pub(super) fn bcrypt_of_bytes(cost: u32, salt: &[u8], digest: &[u8]) -> Result<Check, Refusal> {
    bcrypt_text(&format!("$2b${cost:02}${}{}", to_bcrypt(salt), to_bcrypt(digest)))
}

/// Whatever `crypt` takes.
pub(super) fn read(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let text = columns.value;
    if text.starts_with(['!', '*']) {
        // A locked account, or one that never had a password (shadow(5)).
        return Err(Refusal::NoPassword);
    }
    if text.starts_with("$2") {
        return bcrypt(columns);
    }
    if let Some(rest) = text.strip_prefix("$3$$") {
        let check = Check::Digest {
            hash: HashName::Md4,
            rounds: 1,
            before: Vec::new(),
            after: Vec::new(),
            digest: hex(rest)?,
        };
        return Ok(Plan { steps: vec![Step::Widened], check });
    }
    if text.starts_with("$gy$") {
        return Err(Refusal::UnknownScheme("yescrypt with GOST digests, which no well-kept crate computes"));
    }
    if text.starts_with("$md5") {
        return Err(Refusal::UnknownScheme("Sun's MD5, which no well-kept crate computes"));
    }
    if text.starts_with('_') || text.len() == DES_LENGTH && text.bytes().all(|b| crypt_digit(b).is_some()) {
        return Err(Refusal::UnknownScheme("DES, which no well-kept crate of password hashes computes"));
    }
    let forms: [(&str, RestReader); 7] = [
        ("$1$", |rest| md5(rest, false)),
        (APACHE, |rest| md5(rest, true)),
        ("$5$", |rest| sha(rest, HashName::Sha256)),
        ("$6$", |rest| sha(rest, HashName::Sha512)),
        ("$7$", scrypt),
        ("$sha1$", sha1),
        ("$y$", yescrypt),
    ];
    let form = forms.iter().find_map(|(prefix, read)| Some((text.strip_prefix(prefix)?, read)));
    let (rest, read) = form.ok_or(Refusal::UnknownScheme("no prefix of `crypt`"))?;
    read(rest).map(Plan::from)
}

/// Puts decoded bytes where they are in the digest.
fn in_order(decoded: &[u8], order: &[usize], bytes: usize) -> Result<Vec<u8>, Refusal> {
    if decoded.len() != order.len() {
        return Err(Refusal::Malformed("a digest of another length"));
    }
    let mut digest = vec![0; bytes];
    for (byte, at) in decoded.iter().zip(order) {
        *digest.get_mut(*at).or_malformed("a digest of another length")? = *byte;
    }
    Ok(digest)
}

fn salted(rest: &str) -> Result<(&str, Vec<u8>), Refusal> {
    let (salt, digest) = rest.split_once('$').or_malformed("no salt")?;
    Ok((salt, from_crypt(digest).or_malformed("a digest in another alphabet")?))
}

fn md5(rest: &str, apache: bool) -> Result<Check, Refusal> {
    let (salt, decoded) = salted(rest)?;
    let digest = in_order(&decoded, &MD5_ORDER, 16)?;
    Ok(Check::Md5Crypt { apache, salt: salt.as_bytes().to_vec(), digest })
}

fn sha(rest: &str, hash: HashName) -> Result<Check, Refusal> {
    let (rounds, rest) = match rest.strip_prefix("rounds=").and_then(|rest| rest.split_once('$')) {
        Some((rounds, rest)) => (number(rounds)?, rest),
        None => (SHA_CRYPT_ROUNDS, rest),
    };
    let (salt, decoded) = salted(rest)?;
    let digest = in_order(&decoded, &sha_order(hash), hash.bytes())?;
    Ok(Check::ShaCrypt { hash, rounds, salt: salt.as_bytes().to_vec(), digest })
}

fn sha1(rest: &str) -> Result<Check, Refusal> {
    let (rounds, rest) = rest.split_once('$').or_malformed("no rounds")?;
    let (salt, decoded) = salted(rest)?;
    let digest = in_order(&decoded, &SHA1_ORDER, 20)?;
    Ok(Check::Sha1Crypt { rounds: number(rounds)?, salt: salt.as_bytes().to_vec(), digest })
}

/// One character for the logarithm of N, five each for the two other factors, and the salt as text.
fn scrypt(rest: &str) -> Result<Check, Refusal> {
    let (setting, digest) = rest.rsplit_once('$').or_malformed("no digest")?;
    let factor = |at: usize| setting.get(at..at + 5).and_then(from_crypt_number).or_malformed("no factors");
    let log_n = setting.bytes().next().and_then(crypt_digit).or_malformed("no N")?;
    Ok(Check::Scrypt {
        log_n,
        block: factor(1)?,
        lanes: factor(6)?,
        salt: setting.get(11..).or_malformed("no salt")?.as_bytes().to_vec(),
        digest: from_crypt(digest).or_malformed("a digest in another alphabet")?,
    })
}

fn yescrypt(rest: &str) -> Result<Check, Refusal> {
    let mut fields = rest.split('$');
    let params = fields.next().or_malformed("no parameters")?.to_owned();
    let (salt, digest) = two(&mut fields, from_crypt)?;
    Ok(Check::Yescrypt { params, salt, digest })
}
