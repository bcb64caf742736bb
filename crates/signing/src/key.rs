//! A private key with its public half.

use std::fmt;

use domain::Random;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use serde::Serialize;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::drawn::Drawn;
use crate::ring_provider;

/// Bits of an RSA key: the fewest that RFC 7518, section 3.3, permits, and what every client knows.
const RSA_BITS: usize = 2048;

/// How a token is signed (RFC 7518, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, which OpenID Connect Core 1.0, section 15.1, has every client know.
    Rs256,
}

impl SignatureAlgorithm {
    /// Every algorithm; the first is used unless a client wants another.
    pub const ALL: [Self; 2] = [Self::Es256, Self::Rs256];

    /// The name in tokens, in settings and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == word)
    }

    const fn of_jwt(self) -> Algorithm {
        match self {
            Self::Es256 => Algorithm::ES256,
            Self::Rs256 => Algorithm::RS256,
        }
    }
}

/// A key could not be made or read, or did not sign.
#[derive(Debug)]
pub struct SigningError(Box<dyn std::error::Error + Send + Sync>);

impl SigningError {
    fn of(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a signing key: {}", self.0)
    }
}

impl std::error::Error for SigningError {}

/// A key that signs. It prints its public half alone.
pub struct SigningKey {
    algorithm: SignatureAlgorithm,
    /// PKCS #8 for P-256, PKCS #1 for RSA.
    der: Zeroizing<Vec<u8>>,
    encoding: EncodingKey,
    header: Header,
    public: Value,
}

impl SigningKey {
    /// Draws a key. One for RSA takes a second of one core.
    ///
    /// # Errors
    /// The library cannot write the key that it drew.
    pub fn generate(algorithm: SignatureAlgorithm, random: &dyn Random) -> Result<Self, SigningError> {
        let der = match algorithm {
            SignatureAlgorithm::Es256 => {
                let drawn =
                    EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
                let drawn = drawn.map_err(|_| SigningError::of(std::io::Error::other("none was drawn")))?;
                Zeroizing::new(drawn.as_ref().to_vec())
            }
            // `ring` makes none.
            SignatureAlgorithm::Rs256 => {
                let key = RsaPrivateKey::new(&mut Drawn(random), RSA_BITS).map_err(SigningError::of)?;
                Zeroizing::new(key.to_pkcs1_der().map_err(SigningError::of)?.as_bytes().to_vec())
            }
        };
        Self::from_der(algorithm, der)
    }

    /// Reads what [`der`](Self::der) returned.
    ///
    /// # Errors
    /// It is no private key for `algorithm`.
    pub fn from_der(algorithm: SignatureAlgorithm, der: Zeroizing<Vec<u8>>) -> Result<Self, SigningError> {
        ring_provider::install();
        let encoding = match algorithm {
            SignatureAlgorithm::Es256 => EncodingKey::from_ec_der(&der),
            SignatureAlgorithm::Rs256 => EncodingKey::from_rsa_der(&der),
        };
        let mut public = Jwk::from_encoding_key(&encoding, algorithm.of_jwt()).map_err(SigningError::of)?;
        let id = public.thumbprint(ThumbprintHash::SHA256).map_err(SigningError::of)?;
        public.common.key_id = Some(id.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        let public = serde_json::to_value(&public).map_err(SigningError::of)?;
        let mut header = Header::new(algorithm.of_jwt());
        header.kid = Some(id);
        Ok(Self { algorithm, der, encoding, header, public })
    }

    /// How the key signs.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The private key, which whoever keeps it encrypts.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The key's name in tokens: the thumbprint of its public half (RFC 7638).
    pub fn id(&self) -> &str {
        self.header.kid.as_deref().unwrap_or_default()
    }

    /// The public half, as a JSON Web Key (RFC 7517).
    pub fn public(&self) -> &Value {
        &self.public
    }

    /// A token with these claims, signed.
    ///
    /// # Errors
    /// The claims cannot be written as JSON, or the key does not sign.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, SigningError> {
        encode(&self.header, claims, &self.encoding).map_err(SigningError::of)
    }

    /// As [`sign`](Self::sign), with a `typ` of its own in the token (RFC 8725, section 3.11).
    ///
    /// # Errors
    /// As [`sign`](Self::sign).
    pub fn sign_as(&self, kind: &str, claims: &impl Serialize) -> Result<String, SigningError> {
        let header = Header { typ: Some(kind.to_owned()), ..self.header.clone() };
        encode(&header, claims, &self.encoding).map_err(SigningError::of)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.id())
    }
}

#[cfg(test)]
mod tests {
    use domain::OsRandom;
    use jsonwebtoken::{DecodingKey, Validation, decode};
    use serde_json::json;

    use super::*;

    fn read(token: &str, public: &Value, algorithm: Algorithm) -> jsonwebtoken::errors::Result<Value> {
        let jwk: Jwk = serde_json::from_value(public.clone()).unwrap();
        let mut rules = Validation::new(algorithm);
        rules.required_spec_claims.clear();
        rules.validate_exp = false;
        rules.validate_aud = false;
        decode(token, &DecodingKey::from_jwk(&jwk).unwrap(), &rules).map(|read| read.claims)
    }

    #[test]
    fn a_signed_token_is_read_by_the_public_half_alone() {
        for algorithm in SignatureAlgorithm::ALL {
            let key = SigningKey::generate(algorithm, &OsRandom).unwrap();
            let claims = json!({ "sub": "17", "name": "Žofie" });
            let token = key.sign(&claims).unwrap();
            assert_eq!(read(&token, key.public(), algorithm.of_jwt()).unwrap(), claims);
            let other = SigningKey::generate(algorithm, &OsRandom).unwrap();
            assert!(read(&token, other.public(), algorithm.of_jwt()).is_err());
            assert_ne!(key.id(), other.id());
        }
    }

    #[test]
    fn the_public_half_has_nothing_of_the_private_one() {
        for (algorithm, fields) in [
            (SignatureAlgorithm::Es256, vec!["alg", "crv", "kid", "kty", "use", "x", "y"]),
            (SignatureAlgorithm::Rs256, vec!["alg", "e", "kid", "kty", "n", "use"]),
        ] {
            let key = SigningKey::generate(algorithm, &OsRandom).unwrap();
            let mut names: Vec<&str> = key.public().as_object().unwrap().keys().map(String::as_str).collect();
            names.sort_unstable();
            assert_eq!(names, fields);
            assert_eq!(
                (key.public()["alg"].as_str(), key.public()["use"].as_str()),
                (Some(algorithm.as_str()), Some("sig"))
            );
            assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.id()));
        }
    }

    #[test]
    fn a_key_is_read_back_from_its_bytes_and_nothing_else_is_one() {
        let key = SigningKey::generate(SignatureAlgorithm::Es256, &OsRandom).unwrap();
        let again = SigningKey::from_der(key.algorithm(), Zeroizing::new(key.der().to_vec())).unwrap();
        assert_eq!(again.id(), key.id());
        for (algorithm, bytes) in [
            (SignatureAlgorithm::Es256, vec![]),
            (SignatureAlgorithm::Es256, vec![7; 40]),
            (SignatureAlgorithm::Rs256, key.der().to_vec()),
        ] {
            assert!(SigningKey::from_der(algorithm, Zeroizing::new(bytes)).is_err());
        }
    }

    #[test]
    fn an_algorithm_is_read_back_from_its_name() {
        for algorithm in SignatureAlgorithm::ALL {
            assert_eq!(SignatureAlgorithm::parse(algorithm.as_str()), Some(algorithm));
        }
        for other in ["none", "HS256", "es256", ""] {
            assert_eq!(SignatureAlgorithm::parse(other), None);
        }
    }
}
