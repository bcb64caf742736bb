//! `{SCHEME}value`, as Dovecot, LDAP servers, Apache and passlib write it. Dovecot may say `.HEX` or `.B64`.

use super::super::check::Check;
use super::super::columns::Columns;
use super::super::hash::HashName;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::parts::{base64, hex};
use super::pbkdf2_forms;
use super::phc::argon2;
use super::{Plan, crypt};

/// How a digest is written that does not say it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Usual {
    Hex,
    Base64,
}

pub(super) fn read(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let inner = columns.value.strip_prefix('{').or_malformed("no `{SCHEME}`")?;
    let (scheme, rest) = inner.split_once('}').or_malformed("no `{SCHEME}`")?;
    // Dovecot and LDAP servers read the name in either case.
    let scheme = scheme.to_ascii_uppercase();
    let (scheme, spelled) = match scheme.rsplit_once('.') {
        Some((scheme, "HEX")) => (scheme, Some(Usual::Hex)),
        Some((scheme, "B64" | "BASE64")) => (scheme, Some(Usual::Base64)),
        _ => (scheme.as_str(), None),
    };
    let digest = |hash, salted, usual| digest(rest, hash, salted, spelled.unwrap_or(usual));
    match scheme {
        // What begins so is MD5-crypt: Dovecot's own meaning of the word.
        "MD5" if rest.starts_with("$1$") => crypt::read(&Columns::of(rest)),
        "MD5" | "LDAP-MD5" => digest(HashName::Md5, false, Usual::Base64),
        "PLAIN-MD5" => digest(HashName::Md5, false, Usual::Hex),
        "PLAIN-MD4" => digest(HashName::Md4, false, Usual::Hex),
        "SHA" | "SHA1" => digest(HashName::Sha1, false, Usual::Base64),
        "SHA256" => digest(HashName::Sha256, false, Usual::Base64),
        "SHA512" => digest(HashName::Sha512, false, Usual::Base64),
        "SMD5" => digest(HashName::Md5, true, Usual::Base64),
        "SSHA" => digest(HashName::Sha1, true, Usual::Base64),
        "SSHA256" => digest(HashName::Sha256, true, Usual::Base64),
        "SSHA512" => digest(HashName::Sha512, true, Usual::Base64),
        "DIGEST-MD5" => realm_digest(columns, &hex(rest)?),
        "PLAIN" | "CLEAR" | "CLEARTEXT" => Err(Refusal::PasswordInClear),
        "CRAM-MD5" | "HMAC-MD5" => {
            Err(Refusal::UnknownScheme("the inner state of HMAC-MD5, which no well-kept crate starts from"))
        }
        "OTP" => Err(Refusal::UnknownScheme("one-time passwords, which are no hash of a password")),
        _ if spelled.is_some() => Err(Refusal::UnknownScheme("an encoding of what is no digest")),
        "CRYPT" | "DES-CRYPT" | "MD5-CRYPT" | "SHA256-CRYPT" | "SHA512-CRYPT" | "BLF-CRYPT" => {
            crypt::read(&Columns::of(rest))
        }
        "ARGON2" | "ARGON2I" | "ARGON2ID" => argon2(rest, None).map(Plan::from),
        "PBKDF2" => pbkdf2_forms::dovecot(rest).map(Plan::from),
        "PBKDF2-SHA256" => pbkdf2_forms::passlib(rest, HashName::Sha256).map(Plan::from),
        "PBKDF2-SHA512" => pbkdf2_forms::passlib(rest, HashName::Sha512).map(Plan::from),
        "PKCS5S2" => pbkdf2_forms::atlassian(rest).map(Plan::from),
        "SCRAM-SHA-1" => pbkdf2_forms::scram(rest, HashName::Sha1).map(Plan::from),
        "SCRAM-SHA-256" => pbkdf2_forms::scram(rest, HashName::Sha256).map(Plan::from),
        _ if scheme.starts_with("FSHP") => pbkdf2_forms::fshp(scheme, rest).map(Plan::from),
        _ => Err(Refusal::UnknownScheme("no scheme in braces that is known")),
    }
}

/// Apache's file: `{SHA}`, or what `crypt` takes and `$apr1$`.
pub(super) fn htpasswd(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    if columns.value.starts_with("{SHA}") { read(columns) } else { crypt::read(columns) }
}

/// A digest, and behind it the salt if it is salted.
fn digest(text: &str, hash: HashName, salted: bool, usual: Usual) -> Result<Plan, Refusal> {
    let bytes = if usual == Usual::Hex { hex(text)? } else { base64(text)? };
    let (digest, salt) = bytes.split_at_checked(hash.bytes()).or_malformed("shorter than its digest")?;
    if salt.is_empty() == salted {
        return Err(Refusal::Malformed("a salt where there is none, or none where there is one"));
    }
    let (digest, after) = (digest.to_vec(), salt.to_vec());
    Ok(Check::Digest { hash, rounds: 1, before: Vec::new(), after, digest }.into())
}

/// The digest of `user:realm:password`, as Digest authentication has it.
fn realm_digest(columns: &Columns<'_>, digest: &[u8]) -> Result<Plan, Refusal> {
    let user = columns.user.or_malformed("the user's name is part of the hash")?;
    let (user, realm) = user.split_once('@').unwrap_or((user, ""));
    let before = format!("{user}:{realm}:").into_bytes();
    let digest = digest.to_vec();
    Ok(Check::Digest { hash: HashName::Md5, rounds: 1, before, after: Vec::new(), digest }.into())
}
