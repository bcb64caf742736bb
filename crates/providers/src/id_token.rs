//! Whether an ID token is to be believed (OpenID Connect Core 1.0, section 3.1.3.7). Who signed it is asked
//! before.

use std::time::Duration;

use domain::Millis;
use serde_json::Value;

use crate::error::ProviderError;

/// How far the clock of a provider may be from ours.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60);

/// Whom and what a token must be for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) nonce: &'a str,
}

/// Checks the claims of a token that the provider has signed.
///
/// # Errors
/// `Untrusted` with the first claim that is wrong.
pub(crate) fn check(claims: &Value, expected: &Expected<'_>, now: Millis) -> Result<(), ProviderError> {
    let refused = |what| Err(ProviderError::Untrusted(what));
    if claims["iss"].as_str() != Some(expected.issuer) {
        return refused("another issuer");
    }
    let client = |value: &Value| value.as_str() == Some(expected.client_id);
    let (ours, several) = match &claims["aud"] {
        Value::Array(all) => (all.iter().any(client), all.len() > 1),
        one => (client(one), false),
    };
    if !ours {
        return refused("for another client");
    }
    let party = claims.get("azp").filter(|party| !party.is_null());
    if party.map_or(several, |party| !client(party)) {
        return refused("asked for by another client");
    }
    let seconds = |name: &str| claims[name].as_f64().map(|seconds| (seconds * 1000.0) as i64);
    let late = now.after(CLOCKS_DIFFER).0;
    match seconds("exp") {
        Some(end) if end > now.before(CLOCKS_DIFFER).0 => {}
        _ => return refused("expired"),
    }
    if seconds("iat").is_none_or(|made| made > late) || seconds("nbf").is_some_and(|begin| begin > late) {
        return refused("of the future");
    }
    if claims["nonce"].as_str() != Some(expected.nonce) {
        return refused("for another request");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Millis = Millis(1_767_225_600_000);
    const EXPECTED: Expected<'_> =
        Expected { issuer: "https://id.example.org", client_id: "here", nonce: "n-0S6" };

    fn claims() -> Value {
        let second = NOW.0 / 1000;
        json!({
            "iss": "https://id.example.org", "sub": "17", "aud": "here", "nonce": "n-0S6",
            "iat": second - 1, "exp": second + 600,
        })
    }

    fn with(name: &str, value: Value) -> bool {
        let mut claims = claims();
        claims[name] = value;
        check(&claims, &EXPECTED, NOW).is_ok()
    }

    #[test]
    fn a_token_is_of_the_provider_for_this_server_and_this_request() {
        assert!(check(&claims(), &EXPECTED, NOW).is_ok());
        for name in ["iss", "aud", "nonce", "exp", "iat"] {
            assert!(!with(name, Value::Null), "{name}");
        }
        assert!(!with("iss", "https://id.example.org/".into()));
        assert!(!with("nonce", "n-0S7".into()));
        for other in [json!("there"), json!([]), json!(["there"]), json!(17)] {
            assert!(!with("aud", other));
        }
    }

    #[test]
    fn of_several_audiences_one_has_asked_for_it() {
        assert!(with("aud", json!(["here"])));
        let mut several = claims();
        several["aud"] = json!(["there", "here"]);
        assert!(check(&several, &EXPECTED, NOW).is_err());
        several["azp"] = "there".into();
        assert!(check(&several, &EXPECTED, NOW).is_err());
        several["azp"] = "here".into();
        assert!(check(&several, &EXPECTED, NOW).is_ok());
        assert!(with("azp", "here".into()) && !with("azp", "there".into()));
    }

    #[test]
    fn a_token_is_believed_for_its_time() {
        let second = NOW.0 / 1000;
        assert!(with("exp", (second - 59).into()) && !with("exp", (second - 60).into()));
        assert!(with("iat", (second + 60).into()) && !with("iat", (second + 61).into()));
        assert!(with("nbf", (second + 60).into()) && !with("nbf", (second + 61).into()));
        assert!(!with("exp", "tomorrow".into()));
        // Some providers write fractions.
        assert!(with("exp", json!(second as f64 + 0.5)));
    }
}
