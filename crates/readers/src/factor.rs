//! Second factors that stand in clear.

use recipes::factors::{self, BadFactor};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::record::Record;
use super::row::Row;
use super::row_fault::RowFault;

/// A secret in base32.
pub(crate) fn totp(row: &Row, key: &str) -> Result<Option<factors::TotpSecret>, RowFault> {
    row.text(key)?.map(|text| factors::discourse_totp(&text)).transpose().map_err(RowFault::Factor)
}

/// Puts the secret of an app into the record, or that there is one that is not of the product's form.
///
/// # Errors
/// Without the secret that opens it: whoever gives that reads the record again.
pub(crate) fn take(
    record: &mut Record,
    read: Result<Option<factors::TotpSecret>, RowFault>,
) -> Result<(), RowFault> {
    match read {
        Ok(secret) => record.totp = secret.or(record.totp.take()),
        Err(fault @ RowFault::Factor(BadFactor::WrongSecret)) => return Err(fault),
        Err(_) => record.factor_lost = true,
    }
    Ok(())
}

/// Codes in clear: a list, or text with commas.
pub(crate) fn recovery_codes(row: &Row, key: &str) -> Result<Option<factors::RecoveryCodes>, RowFault> {
    let codes = match row.get(key) {
        None => return Ok(None),
        Some(Value::String(text)) if !text.starts_with('[') => {
            text.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect()
        }
        Some(_) => row.texts(key)?,
    };
    codes_of(codes)
}

/// Codes in clear.
pub(crate) fn codes_of(codes: Vec<String>) -> Result<Option<factors::RecoveryCodes>, RowFault> {
    if codes.is_empty() {
        return Ok(None);
    }
    let clear = Zeroizing::new(json!({ "migrated_codes": codes }).to_string());
    factors::allauth_recovery_codes(&clear).map(Some).map_err(RowFault::Factor)
}

/// A secret in base32 with what its codes are made by.
pub(crate) struct Parameters<'a> {
    pub(crate) secret: &'a str,
    /// `sha1`, `sha256` or `sha512`, in either case.
    pub(crate) digest: &'a str,
    pub(crate) digits: Value,
    pub(crate) period: Value,
}

/// A secret with its parameters, which are checked. `key` is the column that is told if they are wrong.
pub(crate) fn totp_with(parts: Parameters<'_>, key: &str) -> Result<factors::TotpSecret, RowFault> {
    let algorithm = match parts.digest.to_ascii_lowercase().as_str() {
        "sha1" => "HmacSHA1",
        "sha256" => "HmacSHA256",
        "sha512" => "HmacSHA512",
        _ => return Err(RowFault::Malformed(key.to_owned())),
    };
    let value = Zeroizing::new(json!({ "value": parts.secret }).to_string());
    let data = json!({
        "subType": "totp",
        "secretEncoding": "BASE32",
        "algorithm": algorithm,
        "digits": parts.digits,
        "period": parts.period,
    });
    factors::keycloak_otp(&value, &data.to_string()).map_err(RowFault::Factor)
}
