//! Products that keep the secret in clear: Keycloak and Discourse.

use zeroize::Zeroizing;

use super::{BadFactor, TotpDigest, TotpSecret, base32, json};

/// Keycloak's credential of type `otp`: `secretData`, whose value is text whose bytes are the key unless
/// `credentialData` says that it is base32.
///
/// # Errors
/// [`BadFactor::Malformed`]; [`BadFactor::Unknown`] for codes that are counted and not timed.
pub fn keycloak_otp(secret_data: &str, credential_data: &str) -> Result<TotpSecret, BadFactor> {
    let (secret, data) = (json(secret_data)?, json(credential_data)?);
    if data["subType"] != "totp" {
        return Err(BadFactor::Unknown("codes that are counted"));
    }
    let value = secret["value"].as_str().ok_or(BadFactor::Malformed("no value"))?;
    let key = match data["secretEncoding"].as_str() {
        None => Zeroizing::new(value.as_bytes().to_vec()),
        Some("BASE32") => base32(value)?,
        Some(_) => return Err(BadFactor::Unknown("an encoding of the secret")),
    };
    let digest = match data["algorithm"].as_str() {
        Some("HmacSHA1") => TotpDigest::Sha1,
        Some("HmacSHA256") => TotpDigest::Sha256,
        Some("HmacSHA512") => TotpDigest::Sha512,
        _ => return Err(BadFactor::Unknown("an algorithm")),
    };
    let number = |name: &str| data[name].as_u64().ok_or(BadFactor::Malformed("no digits and period"));
    TotpSecret::new(key, digest, number("digits")?, number("period")?)
}

/// Discourse's `user_second_factors.data` of method 1, in base32.
///
/// # Errors
/// [`BadFactor::Malformed`].
pub fn discourse_totp(data: &str) -> Result<TotpSecret, BadFactor> {
    TotpSecret::usual(base32(data)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_clear_are_read() {
        let data = r#"{"subType":"totp","digits":6,"period":30,"algorithm":"HmacSHA1"}"#;
        let read = keycloak_otp(r#"{"value":"ThisIsTheKeyAsText12"}"#, data).unwrap();
        assert_eq!((read.key(), read.digits, read.period), (&b"ThisIsTheKeyAsText12"[..], 6, 30));
        let data =
            r#"{"subType":"totp","digits":8,"period":60,"algorithm":"HmacSHA256","secretEncoding":"BASE32"}"#;
        let read = keycloak_otp(r#"{"value":"GEZDGNBVGY3TQOJQGEZDGNBV"}"#, data).unwrap();
        assert_eq!(read.key(), b"123456789012345");
        assert_eq!((read.digest, read.digits, read.period), (TotpDigest::Sha256, 8, 60));
        let counted = r#"{"subType":"hotp","digits":6,"algorithm":"HmacSHA1"}"#;
        let refused = keycloak_otp(r#"{"value":"x"}"#, counted).unwrap_err();
        assert_eq!(refused.code(), "unknown_form");
        assert_eq!(discourse_totp("GEZDGNBVGY3TQOJQ").unwrap().key(), b"1234567890");
        assert_eq!(discourse_totp("GEZDGNBV").unwrap_err().code(), "malformed");
    }
}
