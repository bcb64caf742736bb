//! PHC strings: those of Argon2, and what three products make of the form for scrypt, PBKDF2 and bcrypt.

use super::super::check::{ArgonKind, Check};
use super::super::columns::Columns;
use super::super::encoding::{from_base64, from_hex};
use super::super::hash::HashName;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::super::step::PepperName;
use super::{Plan, crypt, ldap};

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

fn scrypt_with(
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

/// The logarithm of a power of two.
pub(super) fn logarithm(n: u32) -> Result<u32, Refusal> {
    if n.is_power_of_two() { Ok(n.ilog2()) } else { Err(Refusal::Malformed("an N that is no power of two")) }
}

/// AdonisJS: `n` is N itself, and bcrypt is taken apart, its version as a number and in ordinary base64.
pub(super) fn adonis(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let text = columns.value;
    if text.starts_with("$argon2") {
        return argon2(text, None).map(Plan::from);
    }
    if text.starts_with("$scrypt$") {
        return scrypt_with(text, |params| logarithm(params.number("n")?), "n").map(Plan::from);
    }
    let mut fields = text.strip_prefix("$bcrypt$").or_malformed("no scheme of AdonisJS")?.split('$');
    // 98 is the letter `b` of `$2b$`.
    if fields.next() != Some("v=98") {
        return Err(Refusal::UnknownScheme("a version of AdonisJS' bcrypt other than 98"));
    }
    let params = Params::read(fields.next().or_malformed("no rounds of bcrypt")?)?;
    params.only(&["r"])?;
    let (salt, digest) = two(&mut fields, from_base64)?;
    crypt::bcrypt_of_bytes(params.number("r")?, &salt, &digest).map(Plan::from)
}

/// Ory Kratos: `ln` is N itself, and PBKDF2 is nearly a PHC string.
pub(super) fn kratos(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let text = columns.value;
    if text.starts_with("$argon2") {
        return argon2(text, None).map(Plan::from);
    }
    if text.starts_with("$2") {
        return crypt::bcrypt(columns);
    }
    if text.starts_with("$scrypt$") {
        return scrypt_with(text, |params| logarithm(params.number("ln")?), "ln").map(Plan::from);
    }
    if text.starts_with("$pbkdf2-") {
        return pbkdf2(text).map(Plan::from);
    }
    if text.starts_with("{SSHA") {
        return ldap::read(columns);
    }
    let crypt = [("$md5-crypt$", "$1$"), ("$sha256-crypt$", "$5$"), ("$sha512-crypt$", "$6$")];
    for (ours, theirs) in crypt {
        if let Some(rest) = text.strip_prefix(ours) {
            return crypt::read(&Columns::of(&format!("{theirs}{rest}")));
        }
    }
    Err(Refusal::UnknownScheme("a form of Kratos with the scheme's own template"))
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

/// Salt and digest at the end of a form.
pub(super) fn two<'a>(
    fields: &mut impl Iterator<Item = &'a str>,
    decode: fn(&str) -> Option<Vec<u8>>,
) -> Result<(Vec<u8>, Vec<u8>), Refusal> {
    let salt = fields.next().and_then(decode).or_malformed("no salt")?;
    let digest = fields.next().and_then(decode).or_malformed("no digest")?;
    if fields.next().is_some() {
        Err(Refusal::Malformed("more than salt and digest"))
    } else {
        Ok((salt, digest))
    }
}

/// Parameters such as `m=65536,t=3,p=4`, each once.
pub(super) struct Params<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Params<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, Refusal> {
        let pairs: Option<Vec<_>> = text.split(',').map(|pair| pair.split_once('=')).collect();
        Ok(Self(pairs.or_malformed("parameters that are not `name=value`")?))
    }

    /// Refuses other names than these, and a name that comes twice.
    pub(super) fn only(&self, names: &[&str]) -> Result<(), Refusal> {
        let once = |name: &str| self.0.iter().filter(|(other, _)| *other == name).count() == 1;
        let known = self.0.iter().all(|(name, _)| names.contains(name) && once(name));
        if known { Ok(()) } else { Err(Refusal::Malformed("a parameter that the scheme does not have")) }
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
    }

    pub(super) fn number(&self, name: &str) -> Result<u32, Refusal> {
        number(self.text(name).or_malformed("a parameter is missing")?)
    }
}

/// A number in decimal digits, without a sign.
pub(super) fn number(text: &str) -> Result<u32, Refusal> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().or_malformed("a number that is none")
}

/// Hexadecimal digits, or the refusal.
pub(super) fn hex(text: &str) -> Result<Vec<u8>, Refusal> {
    from_hex(text).or_malformed("no hexadecimal digits")
}

/// Base64, or the refusal.
pub(super) fn base64(text: &str) -> Result<Vec<u8>, Refusal> {
    from_base64(text).or_malformed("no base64")
}
