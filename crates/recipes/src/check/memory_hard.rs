//! bcrypt, scrypt and yescrypt, by their crates.

use bcrypt::HashParts;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::super::refusal::VerifyError;

/// Where the salt begins in bcrypt's text, behind `$2b$12$`.
const SALT_AT: usize = 7;

/// Compares by the function that cuts the input at 72 bytes, as all but a few producers do. The other one,
/// `non_truncating_verify`, refuses an input of 72 bytes already, which nobody cuts.
pub(super) fn bcrypt_matches(text: &str, input: &[u8]) -> Result<bool, VerifyError> {
    let parts: HashParts = text.parse().map_err(|_| VerifyError::Library)?;
    let computed = bcrypt::hash_with_salt_bytes(input, parts.get_cost(), parts.get_salt_raw());
    let computed = Zeroizing::new(computed.map_err(|_| VerifyError::Library)?);
    let stored = text.as_bytes().get(SALT_AT..).ok_or(VerifyError::Library)?;
    Ok(computed[SALT_AT..].ct_eq(stored).into())
}

pub(super) fn scrypt(
    input: &[u8],
    salt: &[u8],
    (log_n, block, lanes): (u8, u32, u32),
    bytes: usize,
) -> Result<Zeroizing<Vec<u8>>, VerifyError> {
    let params = scrypt::Params::new(log_n, block, lanes).map_err(|_| VerifyError::Library)?;
    let mut computed = Zeroizing::new(vec![0; bytes]);
    scrypt::scrypt(input, salt, &params, &mut computed).map_err(|_| VerifyError::Library)?;
    Ok(computed)
}

/// More than any bound allows. The library does not print every number that it reads.
const MOST_YESCRYPT_N: u64 = 1 << 30;
const MOST_YESCRYPT_BLOCK: u32 = 1 << 10;

/// The parameters of `$y$` with nothing but the flavour that everybody uses, N and the block size. Whatever
/// else yescrypt knows – lanes, more time, a table on disk – no system writes.
pub(super) fn yescrypt_params(text: &str) -> Option<yescrypt::Params> {
    let read: yescrypt::Params = text.parse().ok()?;
    let plain = yescrypt::Params::new(yescrypt::Mode::default(), read.n(), read.r(), 1).ok()?;
    let is_plain = plain == read && read.n() <= MOST_YESCRYPT_N && read.r() <= MOST_YESCRYPT_BLOCK;
    // The library takes anything behind the parameters, and a stored text is read by its brackets and bars.
    (is_plain && plain.to_string() == text).then_some(read)
}

pub(super) fn yescrypt(
    input: &[u8],
    salt: &[u8],
    params: &str,
    bytes: usize,
) -> Result<Zeroizing<Vec<u8>>, VerifyError> {
    let params = yescrypt_params(params).ok_or(VerifyError::Library)?;
    let mut computed = Zeroizing::new(vec![0; bytes]);
    yescrypt::yescrypt(input, salt, &params, &mut computed).map_err(|_| VerifyError::Library)?;
    Ok(computed)
}
