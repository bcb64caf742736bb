//! PHC strings of Argon2 and scrypt, and what resembles them for PBKDF2.

use super::super::check::{ArgonKind, Check};
use super::super::encoding::from_base64;
use super::super::hash::HashName;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::super::step::PepperName;
use super::parts::{Params, two};

/// What the text means that names no version (the reference implementation, `encoding.c`).
const VERSION_WITHOUT_A_WORD: u32 = 16;

/// The associated data that `argon2` takes at most, in bytes.
const LONGEST_DATA: usize = 32;

/// `$argon2id$v=19$m=…,t=…,p=…$salt$digest` and its kin, parameters in any order.
pub(crate) fn argon2(text: &str, secret: Option<PepperName>) -> Result<Check, Refusal> {
    let mut fields = text.strip_prefix('$').or_malformed("no `$argon2`")?.split('$').peekable();
    let kind = fields.next().and_then(ArgonKind::parse).or_malformed("no kind of Argon2")?;
    let version = match fields.peek().and_then(|field| field.strip_prefix("v=")) {
        None => VERSION_WITHOUT_A_WORD,
        Some("16") => 16,
        Some("19") => 19,
        Some(_) => return Err(Refusal::UnknownScheme("a version of Argon2 that there is not")),
    };
    if fields.peek().is_some_and(|field| field.starts_with("v=")) {
        fields.next();
    }
    let params = Params::read(fields.next().or_malformed("no parameters of Argon2")?)?;
    let data = match params.text("data") {
        None => Vec::new(),
        Some(text) => from_base64(text).or_malformed("associated data that are no base64")?,
    };
    if data.len() > LONGEST_DATA {
        return Err(Refusal::UnknownScheme("Argon2 with more than 32 bytes of associated data"));
    }
    let (salt, digest) = two(&mut fields, from_base64)?;
    params.only(&["m", "t", "p", "data", "keyid"])?;
    let (memory_kib, passes) = (params.number("m")?, params.number("t")?);
    Ok(Check::Argon2 {
        kind,
        version,
        memory_kib,
        passes,
        lanes: params.number("p")?,
        secret,
        data,
        salt,
        digest,
    })
}

/// `$scrypt$ln=16,r=8,p=1$salt$digest`, as the form has it: `ln` is the logarithm of N.
pub(super) fn scrypt(text: &str) -> Result<Check, Refusal> {
    scrypt_with(text, |params| params.number("ln"), "ln")
}

/// The same with another reading of N, by the parameter of this name.
pub(super) fn scrypt_with(
    text: &str,
    log_n: impl Fn(&Params<'_>) -> Result<u32, Refusal>,
    name: &str,
) -> Result<Check, Refusal> {
    let mut fields = text.strip_prefix("$scrypt$").or_malformed("no `$scrypt$`")?.split('$');
    let params = Params::read(fields.next().or_malformed("no parameters of scrypt")?)?;
    params.only(&[name, "r", "p"])?;
    let (salt, digest) = two(&mut fields, from_base64)?;
    let log_n = u8::try_from(log_n(&params)?).map_err(|_| Refusal::Malformed("an impossible N"))?;
    Ok(Check::Scrypt { log_n, block: params.number("r")?, lanes: params.number("p")?, salt, digest })
}

/// `$pbkdf2-sha256$i=…,l=…$salt$digest`, of which Discourse's column has the beginning.
pub(super) fn pbkdf2(text: &str) -> Result<Check, Refusal> {
    let (hash, params, mut rest) = pbkdf2_head(text)?;
    let (salt, digest) = two(&mut rest, from_base64)?;
    if params.text("l").is_some() && params.number("l")? as usize != digest.len() {
        return Err(Refusal::Malformed("a digest of another length than the parameters say"));
    }
    Ok(Check::Pbkdf2 { hash, rounds: params.number("i")?, salt, digest })
}

/// The same without salt and digest: hash, rounds, and the length of the digest.
pub(super) fn pbkdf2_algorithm(text: &str) -> Result<(HashName, u32, usize), Refusal> {
    let (hash, params, mut rest) = pbkdf2_head(text)?;
    if rest.any(|field| !field.is_empty()) {
        return Err(Refusal::Malformed("more in the algorithm than parameters"));
    }
    Ok((hash, params.number("i")?, params.number("l")? as usize))
}

type Head<'a> = (HashName, Params<'a>, std::str::Split<'a, char>);

fn pbkdf2_head(text: &str) -> Result<Head<'_>, Refusal> {
    let mut fields = text.strip_prefix("$pbkdf2-").or_malformed("no `$pbkdf2-`")?.split('$');
    let hash = fields.next().and_then(HashName::parse).or_malformed("no digest of PBKDF2")?;
    let params = Params::read(fields.next().or_malformed("no parameters of PBKDF2")?)?;
    params.only(&["i", "l"])?;
    Ok((hash, params, fields))
}
