//! Signatures of messages to sites, by the Standard Webhooks convention (specification 1.0.0): HMAC-SHA256
//! over the message's name, the time of the try and the body.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac::{HMAC_SHA256, Key, sign};
use zeroize::Zeroizing;

/// How a secret begins.
const PREFIX: &str = "whsec_";

/// The fewest and the most bytes of a secret.
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// The secrets of one webhook, the newest first. While they change there are several, and each signs, so
/// that a site that knows any of them takes the message.
#[derive(Clone)]
pub struct WebhookSecrets(Vec<Key>);

/// A secret that is none by the convention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadWebhookSecret;

impl fmt::Display for BadWebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX} and the base64 of {} to {} random bytes", BYTES.start(), BYTES.end())
    }
}

impl std::error::Error for BadWebhookSecret {}

impl fmt::Debug for WebhookSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} redacted]", self.0.len())
    }
}

impl WebhookSecrets {
    /// Reads secrets with commas between.
    ///
    /// # Errors
    /// One of them is none by the convention.
    pub fn parse(written: &str) -> Result<Self, BadWebhookSecret> {
        written.split(',').map(|secret| key(secret.trim_matches(' '))).collect::<Result<_, _>>().map(Self)
    }

    /// The signatures of `body`, as the message `message` at a second since 1970, for the header
    /// `webhook-signature`.
    pub fn sign(&self, message: &str, second: i64, body: &str) -> String {
        let signed = format!("{message}.{second}.{body}");
        let signature = |key| format!("v1,{}", STANDARD.encode(sign(key, signed.as_bytes())));
        self.0.iter().map(signature).collect::<Vec<_>>().join(" ")
    }
}

fn key(secret: &str) -> Result<Key, BadWebhookSecret> {
    let encoded = secret.strip_prefix(PREFIX).ok_or(BadWebhookSecret)?;
    let bytes = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| BadWebhookSecret)?);
    if BYTES.contains(&bytes.len()) { Ok(Key::new(HMAC_SHA256, &bytes)) } else { Err(BadWebhookSecret) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const SIGNATURE: &str = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";

    fn signed(secrets: &str) -> String {
        let body = r#"{"email":"test@example.com","username":"test_user"}"#;
        WebhookSecrets::parse(secrets).unwrap().sign("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, body)
    }

    #[test]
    fn the_value_that_the_convention_publishes_is_made() {
        // From the tests of the convention's own library for Rust.
        assert_eq!(signed(SECRET), SIGNATURE);
        // From those for Go, Python and JavaScript.
        let secrets = WebhookSecrets::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature =
            secrets.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn each_of_several_secrets_signs() {
        let other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let both = signed(&format!("{other}, {SECRET}"));
        assert_eq!(both, format!("{} {SIGNATURE}", signed(other)));
    }

    #[test]
    fn what_is_no_secret_by_the_convention_is_refused() {
        let of = |bytes: usize| format!("whsec_{}", STANDARD.encode(vec![7; bytes]));
        for good in [24, 64] {
            assert!(WebhookSecrets::parse(&of(good)).is_ok(), "{good}");
        }
        let lowercase = "WHSEC_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
        let bare = &SECRET["whsec_".len()..];
        let many = format!("{SECRET},");
        for bad in ["", "whsec_", bare, lowercase, &of(23), &of(65), &many, "whsec_ü", "whsec_C2FVs BQI"] {
            assert_eq!(WebhookSecrets::parse(bad).unwrap_err(), BadWebhookSecret, "{bad}");
        }
    }

    #[test]
    fn no_secret_is_printed() {
        let printed = format!("{:?}", WebhookSecrets::parse(SECRET).unwrap());
        assert!(!printed.contains("C2FV"), "{printed}");
    }
}
