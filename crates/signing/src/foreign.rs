//! Reading a token that another server signed.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;

use crate::ring_provider;

/// The public keys that a server signs with (RFC 7517), as far as they are for ES256 or RS256. Others are
/// left out: a server may have keys that only others know what to do with.
#[derive(Clone, Debug, Default)]
pub struct KeySet(Vec<Jwk>);

/// Why a token is not to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsigned {
    /// None of the keys has its name. The server may have published another meanwhile.
    KeyUnknown,
    /// It is no token, or its key did not sign it, or not by the key's algorithm.
    Refused,
}

impl KeySet {
    /// The keys of a published set; `None` where `document` is none.
    pub fn parse(document: &Value) -> Option<Self> {
        let keys = document.get("keys")?.as_array()?;
        let known = keys.iter().filter_map(|key| serde_json::from_value::<Jwk>(key.clone()).ok());
        Some(Self(known.filter(|key| algorithm(key).is_some()).collect()))
    }

    /// The claims of a token that one of the keys has signed. Whether they are still to be believed, and by
    /// whom, is not asked. The key says by which algorithm, never the token. A token that names no key is
    /// read by the only one that there is (OpenID Connect Core 1.0, section 10.1).
    ///
    /// # Errors
    /// See [`Unsigned`].
    pub fn read(&self, token: &str) -> Result<Value, Unsigned> {
        ring_provider::install();
        let header = decode_header(token).map_err(|_| Unsigned::Refused)?;
        let key = match (&header.kid, self.0.as_slice()) {
            (Some(name), keys) => keys.iter().find(|key| key.common.key_id.as_ref() == Some(name)),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        let key = key.ok_or(Unsigned::KeyUnknown)?;
        let mut rules = Validation::new(algorithm(key).ok_or(Unsigned::Refused)?);
        rules.required_spec_claims.clear();
        (rules.validate_exp, rules.validate_aud) = (false, false);
        let public = DecodingKey::from_jwk(key).map_err(|_| Unsigned::Refused)?;
        decode(token, &public, &rules).map(|read| read.claims).map_err(|_| Unsigned::Refused)
    }
}

/// How a key signs. One that does not say so signs by what its kind is mostly used for.
fn algorithm(key: &Jwk) -> Option<Algorithm> {
    if key.common.public_key_use.as_ref().is_some_and(|wanted| *wanted != PublicKeyUse::Signature) {
        return None;
    }
    let of_kind = match &key.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => Algorithm::ES256,
        _ => return None,
    };
    let said = key.common.key_algorithm.as_ref().map(ToString::to_string);
    let name = if of_kind == Algorithm::RS256 { "RS256" } else { "ES256" };
    said.is_none_or(|said| said == name).then_some(of_kind)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use domain::OsRandom;
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::json;

    use super::*;
    use crate::{SignatureAlgorithm, SigningKey};

    fn drawn() -> [SigningKey; 2] {
        SignatureAlgorithm::ALL.map(|algorithm| SigningKey::generate(algorithm, &OsRandom).unwrap())
    }

    fn set(keys: &[&Value]) -> KeySet {
        KeySet::parse(&json!({ "keys": keys })).unwrap()
    }

    fn without(key: &Value, field: &str) -> Value {
        let mut key = key.clone();
        key.as_object_mut().unwrap().remove(field);
        key
    }

    #[test]
    fn a_token_is_read_by_the_key_that_it_names() {
        let keys = drawn();
        let both = set(&[keys[0].public(), keys[1].public()]);
        for (at, key) in keys.iter().enumerate() {
            let token = key.sign(&json!({ "sub": "17" })).unwrap();
            assert_eq!(both.read(&token).unwrap()["sub"], "17");
            let plain = set(&[&without(key.public(), "alg")]);
            assert_eq!(plain.read(&token).unwrap()["sub"], "17");
            assert_eq!(set(&[keys[1 - at].public()]).read(&token), Err(Unsigned::KeyUnknown));
            // A set with its name and another's key.
            let mut other = SigningKey::generate(key.algorithm(), &OsRandom).unwrap().public().clone();
            other["kid"] = key.id().into();
            assert_eq!(set(&[&other]).read(&token), Err(Unsigned::Refused));
            let other = json!({ "kty": "oct", "kid": key.id(), "k": "AAAA", "alg": "HS256" });
            assert_eq!(set(&[&other]).read(&token), Err(Unsigned::KeyUnknown));
        }
    }

    #[test]
    fn keys_of_other_kinds_are_left_out() {
        let key = &drawn()[0];
        let mut encrypts = key.public().clone();
        encrypts["use"] = "enc".into();
        let mut foreign = key.public().clone();
        foreign["alg"] = "ES384".into();
        let odd = [json!({ "kty": "AKP", "alg": "ML-DSA-44" }), json!({}), json!(7), json!({ "kty": "EC" })];
        let all: Vec<&Value> = odd.iter().chain([&encrypts, &foreign]).collect();
        let token = key.sign(&json!({ "sub": "17" })).unwrap();
        assert_eq!(set(&all).read(&token), Err(Unsigned::KeyUnknown));
        let all: Vec<&Value> = odd.iter().chain([&encrypts, &foreign, key.public()]).collect();
        assert!(set(&all).read(&token).is_ok());
        for none in [json!({}), json!([]), json!({ "keys": {} })] {
            assert!(KeySet::parse(&none).is_none(), "{none}");
        }
    }

    #[test]
    fn a_token_without_a_key_of_its_own_is_refused() {
        ring_provider::install();
        for key in &drawn() {
            let keys = set(&[key.public()]);
            let token = key.sign(&json!({ "sub": "17" })).unwrap();
            let parts: Vec<&str> = token.split('.').collect();
            let header = |header: Value| URL_SAFE_NO_PAD.encode(header.to_string());
            let kid = key.id();
            for wrong in [
                format!("{}.{}.", header(json!({ "alg": "none" })), parts[1]),
                format!("{}.{}.", header(json!({ "alg": "none", "kid": kid })), parts[1]),
                format!("{}.{}.", parts[0], parts[1]),
                format!("{}.{}.{}", header(json!({ "alg": "HS256", "kid": kid })), parts[1], parts[2]),
                format!("{}.{}a.{}", parts[0], parts[1], parts[2]),
                format!("{}.{}", parts[0], parts[1]),
                String::new(),
            ] {
                assert!(keys.read(&wrong).is_err(), "{wrong}");
            }
            let other = if key.algorithm() == SignatureAlgorithm::Es256 { "RS256" } else { "ES256" };
            let confused = header(json!({ "alg": other, "kid": kid }));
            assert_eq!(keys.read(&format!("{confused}.{}.{}", parts[1], parts[2])), Err(Unsigned::Refused));
        }
        // The provider of signatures has no HMAC at all, so a token by the public key as a secret cannot even
        // be made with it.
        let secret = EncodingKey::from_secret(b"the public key, as a text of some length");
        assert!(secret.and_then(|secret| encode(&Header::default(), &json!({}), &secret)).is_err());
    }

    #[test]
    fn a_token_that_names_no_key_is_read_by_the_only_one() {
        let keys = drawn();
        let [es, rs] = &keys;
        let token = {
            let der = EncodingKey::from_ec_der(es.der());
            encode(&Header::new(Algorithm::ES256), &json!({ "sub": "17" }), &der).unwrap()
        };
        assert!(set(&[es.public()]).read(&token).is_ok());
        assert_eq!(set(&[rs.public()]).read(&token), Err(Unsigned::Refused));
        assert_eq!(set(&[es.public(), rs.public()]).read(&token), Err(Unsigned::KeyUnknown));
    }
}
