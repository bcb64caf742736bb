//! What passlib and libpass write. Their strings name their scheme, but for the bare digests.

use super::super::columns::Columns;
use super::super::hash::HashName;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::super::step::{Form, Key, Spelling, Step};
use super::parts::number;
use super::{Plan, RestReader, bare, crypt, django, ldap, pbkdf2_forms, phc, phpass};

/// The characters of bcrypt's salt.
const BCRYPT_SALT: usize = 22;

pub(super) fn read(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let text = columns.value;
    if let Some(rest) = text.strip_prefix("$bcrypt-sha256$") {
        return bcrypt_sha256(rest);
    }
    if let Some(rest) = text.strip_prefix("$scram$") {
        // The password is prepared by SASLprep (RFC 4013), whose chief part is NFKC.
        let check = pbkdf2_forms::passlib_scram(rest)?;
        return Ok(Plan { steps: vec![Step::Normal(Form::Nfkc)], check });
    }
    let forms: [(&str, RestReader); 4] = [
        ("$pbkdf2$", |rest| pbkdf2_forms::passlib(rest, HashName::Sha1)),
        ("$pbkdf2-sha256$", |rest| pbkdf2_forms::passlib(rest, HashName::Sha256)),
        ("$pbkdf2-sha512$", |rest| pbkdf2_forms::passlib(rest, HashName::Sha512)),
        ("grub.pbkdf2.sha512.", pbkdf2_forms::grub),
    ];
    if let Some((rest, read)) = forms.iter().find_map(|(name, read)| Some((text.strip_prefix(name)?, read))) {
        return read(rest).map(Plan::from);
    }
    if text.starts_with("$argon2") {
        return phc::argon2(text, None).map(Plan::from);
    }
    if text.starts_with("$scrypt$") {
        return phc::scrypt(text).map(Plan::from);
    }
    if text.starts_with("$P$") || text.starts_with("$H$") {
        return phpass::read(columns);
    }
    if text.starts_with("$p5k2$") {
        return pbkdf2_forms::p5k2(text).map(Plan::from);
    }
    if django::knows(text) {
        return django::read(columns);
    }
    if text.starts_with('{') {
        return ldap::read(columns);
    }
    if text.starts_with('*') {
        return bare::mysql(columns);
    }
    if text.len() == 35 && text.starts_with("md5") {
        return bare::postgres(columns);
    }
    let bare = [HashName::Md5, HashName::Sha1, HashName::Sha256, HashName::Sha512];
    let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match bare.iter().find(|hash| hex && text.len() == 2 * hash.bytes()) {
        Some(hash) => bare::digest(text, *hash),
        None => crypt::read(columns),
    }
}

/// bcrypt over base64: since 1.7.3 of the HMAC keyed with the salt's text, before that of the digest alone.
fn bcrypt_sha256(rest: &str) -> Result<Plan, Refusal> {
    let fields: Vec<&str> = rest.split('$').collect();
    let [head, salt, digest] = fields[..] else {
        return Err(Refusal::Malformed("not parameters, salt and digest"));
    };
    if salt.len() != BCRYPT_SALT {
        return Err(Refusal::Malformed("a salt of another length"));
    }
    let (spelling, hash) = (Spelling::Base64, HashName::Sha256);
    let (step, rounds) = match head.strip_prefix("v=2,t=2b,r=") {
        Some(rounds) => (Step::Hmac { spelling, hash, key: Key::Known(salt.as_bytes().to_vec()) }, rounds),
        None => {
            let old = head.strip_prefix("2b,").or_else(|| head.strip_prefix("2a,"));
            let rounds = old.or_malformed("no version of bcrypt-sha256")?;
            (Step::Digest { spelling, hash, before: Vec::new() }, rounds)
        }
    };
    let check = crypt::bcrypt_text(&format!("$2b${:02}${salt}{digest}", number(rounds)?))?;
    Ok(Plan { steps: vec![step], check })
}
