//! AdonisJS' and Ory Kratos' forms, which look like PHC strings and are none.

use super::super::columns::Columns;
use super::super::encoding::from_base64;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::parts::{Params, logarithm, two};
use super::phc::{argon2, pbkdf2, scrypt_with};
use super::{Plan, crypt, ldap};

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
