//! Solar Designer's portable hashes: `$P$`, phpBB's `$H$`, and Drupal's `$S$` with SHA-512.

use super::super::check::Check;
use super::super::columns::Columns;
use super::super::encoding::{crypt_digit, from_crypt};
use super::super::hash::HashName;
use super::super::refusal::{OrMalformed as _, Refusal};
use super::Plan;

/// The characters of the salt, which is used as text.
const SALT: usize = 8;

/// The characters of a digest of MD5, and of what Drupal leaves of SHA-512 when it cuts at 55.
const MD5_DIGEST: usize = 22;
const DRUPAL_DIGEST: usize = 43;

pub(super) fn read(columns: &Columns<'_>) -> Result<Plan, Refusal> {
    text(columns.value).map(Plan::from)
}

/// Any of the three.
pub(super) fn text(text: &str) -> Result<Check, Refusal> {
    let (rest, hash, digits) = if let Some(rest) = text.strip_prefix("$S$") {
        (rest, HashName::Sha512, DRUPAL_DIGEST)
    } else {
        let rest = text.strip_prefix("$P$").or_else(|| text.strip_prefix("$H$"));
        (rest.or_malformed("none of `$P$`, `$H$` and `$S$`")?, HashName::Md5, MD5_DIGEST)
    };
    let log_rounds = rest.bytes().next().and_then(crypt_digit).or_malformed("no rounds")?;
    let salt = rest.get(1..=SALT).or_malformed("no salt")?.as_bytes().to_vec();
    let digest = rest.get(1 + SALT..).filter(|digest| digest.len() == digits);
    let digest = digest.and_then(from_crypt).or_malformed("a digest of another length")?;
    Ok(Check::Phpass { hash, log_rounds, salt, digest })
}
