//! What passlib, LDAP servers and GRUB write for PBKDF2, FSHP and SCRAM.

use super::super::check::Check;
use super::super::encoding::{from_base64, from_base64url, from_passlib};
use super::super::hash::HashName;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::parts::{hex, number, salt_first, two};

/// `rounds$salt$digest` in passlib's base64. It looks like a PHC string and is none.
pub(super) fn passlib(rest: &str, hash: HashName) -> Result<Check, Refusal> {
    let mut fields = rest.split('$');
    let rounds = number(fields.next().or_malformed("no rounds")?)?;
    let (salt, digest) = two(&mut fields, from_passlib)?;
    Ok(Check::Pbkdf2 { hash, rounds, salt, digest })
}

/// Atlassian's `{PKCS5S2}`: 16 bytes of salt, 10000 rounds of SHA-1.
pub(super) fn atlassian(rest: &str) -> Result<Check, Refusal> {
    let (salt, digest) = salt_first(rest, 16)?;
    Ok(Check::Pbkdf2 { hash: HashName::Sha1, rounds: 10_000, salt, digest })
}

/// `$p5k2$rounds$salt$digest`, the rounds in hexadecimal digits. Of its two kinds, Cryptacular's digest is 20
/// bytes in base64 for URLs and its salt is bytes; Dwayne Litzenberger's has 24 bytes, and all that stands
/// before the digest is the salt.
pub(super) fn p5k2(text: &str) -> Result<Check, Refusal> {
    let (setting, digest) = text.rsplit_once('$').or_malformed("no digest")?;
    let fields: Vec<&str> = setting.split('$').collect();
    let ["", "p5k2", rounds, salt] = fields[..] else {
        return Err(Refusal::Malformed("not rounds, salt and digest"));
    };
    let rounds = u32::from_str_radix(rounds, 16).map_err(|_| Refusal::Malformed("no rounds"))?;
    let hash = HashName::Sha1;
    if digest.ends_with('=') {
        let salt = from_base64url(salt).or_malformed("no salt")?;
        let digest = from_base64url(digest).or_malformed("no digest")?;
        return Ok(Check::Pbkdf2 { hash, rounds, salt, digest });
    }
    let digest = from_passlib(digest).or_malformed("no digest")?;
    Ok(Check::Pbkdf2 { hash, rounds, salt: setting.as_bytes().to_vec(), digest })
}

/// `grub.pbkdf2.sha512.rounds.salt.digest`.
pub(super) fn grub(rest: &str) -> Result<Check, Refusal> {
    let fields: Vec<&str> = rest.split('.').collect();
    let [rounds, salt, digest] = fields[..] else {
        return Err(Refusal::Malformed("not rounds, salt and digest"));
    };
    Ok(Check::Pbkdf2 {
        hash: HashName::Sha512,
        rounds: number(rounds)?,
        salt: hex(salt)?,
        digest: hex(digest)?,
    })
}

/// Dovecot's `{PBKDF2}$1$salt$rounds$hex`: SHA-1, the salt as text.
pub(super) fn dovecot(rest: &str) -> Result<Check, Refusal> {
    let fields: Vec<&str> = rest.split('$').collect();
    let ["", "1", salt, rounds, digest] = fields[..] else {
        return Err(Refusal::Malformed("not salt, rounds and digest"));
    };
    let salt = salt.as_bytes().to_vec();
    Ok(Check::Pbkdf2 { hash: HashName::Sha1, rounds: number(rounds)?, salt, digest: hex(digest)? })
}

/// `{FSHP1|16|480000}` and salt and digest: the salt is digested first, and the digest again.
pub(super) fn fshp(scheme: &str, rest: &str) -> Result<Check, Refusal> {
    let fields: Vec<&str> = scheme.split('|').collect();
    let [variant, salt, rounds] = fields[..] else {
        return Err(Refusal::Malformed("not variant, salt and rounds"));
    };
    let hash = match variant {
        "FSHP0" => HashName::Sha1,
        "FSHP1" => HashName::Sha256,
        "FSHP2" => HashName::Sha384,
        "FSHP3" => HashName::Sha512,
        _ => return Err(Refusal::UnknownScheme("no variant of FSHP")),
    };
    let (before, digest) = salt_first(rest, number(salt)? as usize)?;
    if digest.len() != hash.bytes() {
        return Err(Refusal::Malformed("a digest of another length"));
    }
    Ok(Check::Digest { hash, rounds: number(rounds)?, before, after: Vec::new(), digest })
}

/// `{SCRAM-SHA-256}rounds,salt,stored key,server key`.
pub(super) fn scram(rest: &str, hash: HashName) -> Result<Check, Refusal> {
    let fields: Vec<&str> = rest.split(',').collect();
    let [rounds, salt, stored, _server] = fields[..] else {
        return Err(Refusal::Malformed("not rounds, salt and two keys"));
    };
    let salt = from_base64(salt).or_malformed("no salt")?;
    let digest = from_base64(stored).or_malformed("no stored key")?;
    Ok(Check::Scram { hash, rounds: number(rounds)?, salt, digest })
}

/// passlib's `$scram$rounds$salt$sha-1=…,sha-256=…`: of the salted passwords, the one of the longest digest.
pub(super) fn passlib_scram(rest: &str) -> Result<Check, Refusal> {
    let fields: Vec<&str> = rest.split('$').collect();
    let [rounds, salt, digests] = fields[..] else {
        return Err(Refusal::Malformed("not rounds, salt and digests"));
    };
    let known = [("sha-512=", HashName::Sha512), ("sha-256=", HashName::Sha256), ("sha-1=", HashName::Sha1)];
    let find = |name: &str| digests.split(',').find_map(|digest| digest.strip_prefix(name));
    let found = known.iter().find_map(|(name, hash)| Some((find(name)?, *hash)));
    let (digest, hash) = found.or_malformed("no digest that is known")?;
    let salt = from_passlib(salt).or_malformed("no salt")?;
    let digest = from_passlib(digest).or_malformed("no digest")?;
    Ok(Check::Pbkdf2 { hash, rounds: number(rounds)?, salt, digest })
}
