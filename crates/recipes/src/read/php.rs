//! PHP's `password_hash`, and the products that store it beside older forms of their own.

use super::super::check::Check;
use super::super::columns::Columns;
use super::super::encoding::from_base64url;
use super::super::hash::HashName;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::super::step::{Key, PepperName, Spelling, Step};
use super::parts::hex;
use super::phc::argon2;
use super::{Plan, bare, crypt, ldap, phpass};

/// The key of WordPress' prehash since 6.8 (`wp_hash_password`).
const WORDPRESS_KEY: &[u8] = b"wp-sha384";
/// The key of its fast hash (`wp_fast_hash`).
const WORDPRESS_FAST_KEY: &[u8] = b"wp_fast_hash_6.8+";
/// The characters of a hexadecimal MD5.
const MD5_DIGITS: usize = 32;

/// bcrypt or Argon2 over the password as it is.
pub(super) fn read(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    if columns.value.starts_with("$argon2") {
        return argon2(columns.value, None).map(Plan::from);
    }
    crypt::bcrypt(columns)
}

fn is_md5(text: &str) -> bool {
    text.len() == MD5_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_phpass(text: &str) -> bool {
    ["$P$", "$H$"].iter().any(|prefix| text.starts_with(prefix))
}

/// PHP's hash, or `$H$` of older versions.
pub(super) fn phpbb(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    if is_phpass(columns.value) { phpass::read(columns) } else { read(columns) }
}

/// `$wp$2y$…` over base64 of an HMAC, and whatever else still signs in.
pub(super) fn wordpress(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let text = columns.value;
    if let Some(rest) = text.strip_prefix("$wp") {
        let key = Key::Known(WORDPRESS_KEY.to_vec());
        let step = Step::Hmac { spelling: Spelling::Base64, hash: HashName::Sha384, key };
        return Ok(Plan { steps: vec![step], check: crypt::bcrypt_text(rest)? });
    }
    if text.starts_with('*') {
        // What is stored where hashing failed.
        return Err(Refusal::NoPassword);
    }
    if is_phpass(text) {
        return phpass::read(columns);
    }
    if is_md5(text) {
        return bare::digest(text, HashName::Md5);
    }
    read(columns)
}

/// `$generic$` and base64 for URLs: 24 letters and digits that are shown with blanks between them.
pub(super) fn wordpress_application(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let rest = columns.value.strip_prefix("$generic$");
    let rest = rest.ok_or(Refusal::UnknownScheme("an application password of before WordPress 6.8"))?;
    let digest = from_base64url(rest).or_malformed("no base64 for URLs")?;
    let check = Check::Blake2b { key: WORDPRESS_FAST_KEY.to_vec(), digest };
    Ok(Plan { steps: vec![Step::Alphanumeric], check })
}

/// A version, a bar and PHP's hash; before that, bcrypt with a secret of the server behind the password, or
/// bare SHA-1.
pub(super) fn nextcloud(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let text = columns.value;
    if let Some((version, rest)) = text.split_once('|') {
        if !["1", "2", "3"].contains(&version) {
            return Err(Refusal::UnknownScheme("a version of Nextcloud's hashes other than 1 to 3"));
        }
        return read(&Columns::of(rest));
    }
    if text.starts_with("$2") {
        let name = PepperName::parse("nextcloud").or_malformed("no secret")?;
        return Ok(Plan { steps: vec![Step::Appended(name)], check: crypt::bcrypt_text(text)? });
    }
    bare::digest(text, HashName::Sha1)
}

/// PHP's hash or `$S$`; `U` before it says that the password was MD5 already, in Drupal 6.
pub(super) fn drupal(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let text = columns.value;
    let (text, steps) = match text.strip_prefix('U') {
        Some(rest) => {
            (rest, vec![Step::Digest { spelling: Spelling::Hex, hash: HashName::Md5, before: Vec::new() }])
        }
        None => (text, Vec::new()),
    };
    let check = if text.starts_with("$S$") || is_phpass(text) {
        phpass::text(text)?
    } else {
        read(&Columns::of(text))?.check
    };
    Ok(Plan { steps, check })
}

/// PHP's hash, `$P$`, or of older versions a digest with its salt behind a colon.
pub(super) fn joomla(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let text = columns.value;
    if is_phpass(text) {
        return phpass::read(columns);
    }
    if text.starts_with('$') {
        return read(columns);
    }
    let (hash, rest) = match text.strip_prefix("{SHA256}") {
        Some(rest) => (HashName::Sha256, rest),
        None => (HashName::Md5, text),
    };
    let (digest, salt) = rest.split_once(':').unwrap_or((rest, ""));
    let (digest, after) = (hex(digest)?, salt.as_bytes().to_vec());
    if digest.len() != hash.bytes() {
        return Err(Refusal::Malformed("a digest of another length"));
    }
    Ok(Check::Digest { hash, rounds: 1, before: Vec::new(), after, digest }.into())
}

/// What `conf/users.auth.php` may hold: most of what others write, told apart by its beginning.
pub(super) fn dokuwiki(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    let text = columns.value;
    if text.starts_with('*') {
        return bare::mysql(columns);
    }
    if text.starts_with("{SSHA") {
        return ldap::read(columns);
    }
    if is_phpass(text) {
        return phpass::read(columns);
    }
    if text.starts_with("$argon2") {
        return argon2(text, None).map(Plan::from);
    }
    if is_md5(text) {
        return bare::digest(text, HashName::Md5);
    }
    crypt::read(columns)
}
