//! Reading a token back that was signed here.

use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

use crate::ring_provider;

/// The claims of a token that one of the public `keys` has signed; `None` for any other. Whether it is still
/// to be believed, and by whom, is not asked.
pub fn read(token: &str, keys: &[Value]) -> Option<Value> {
    ring_provider::install();
    let keys: JwkSet = serde_json::from_value(json!({ "keys": keys })).ok()?;
    let key = keys.find(decode_header(token).ok()?.kid.as_deref()?)?;
    // The key says by which algorithm, not the token.
    let mut rules = Validation::new(algorithm(key)?);
    rules.required_spec_claims.clear();
    (rules.validate_exp, rules.validate_aud) = (false, false);
    Some(decode(token, &DecodingKey::from_jwk(key).ok()?, &rules).ok()?.claims)
}

fn algorithm(key: &Jwk) -> Option<Algorithm> {
    match key.common.key_algorithm?.to_string().as_str() {
        "ES256" => Some(Algorithm::ES256),
        "RS256" => Some(Algorithm::RS256),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::OsRandom;

    use super::*;
    use crate::{SignatureAlgorithm, SigningKey};

    #[test]
    fn a_token_of_another_key_or_of_no_key_is_none() {
        for algorithm in SignatureAlgorithm::ALL {
            let [own, other] = [(); 2].map(|()| SigningKey::generate(algorithm, &OsRandom).unwrap());
            let token = own.sign(&json!({ "sub": "17", "exp": 1 })).unwrap();
            let keys = [other.public().clone(), own.public().clone()];
            assert_eq!(read(&token, &keys).unwrap()["sub"], "17");
            assert_eq!(read(&token, &keys[..1]), None);
            let (head, rest) = token.split_once('.').unwrap();
            let (body, signature) = rest.split_once('.').unwrap();
            // `{"alg":"none"}`, and a token without its signature.
            let none = "eyJhbGciOiJub25lIn0";
            for wrong in
                [format!("{none}.{body}."), format!("{head}.{body}."), format!("{head}.{body}a.{signature}")]
            {
                assert_eq!(read(&wrong, &keys), None, "{wrong}");
            }
        }
        assert_eq!(read("", &[]), None);
    }
}
