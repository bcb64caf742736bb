//! The signatures that `jsonwebtoken` asks for, by `ring`, which is in the program for TLS anyway. The
//! features that the crate has for it want a release of `rsa` that passkeys cannot be built with.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error as JwtError, ErrorKind};
use jsonwebtoken::jwk::{EllipticCurve, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair as RsaKeyPair, PublicKeyComponents};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use signature::{Error, Signer, Verifier};

/// ES256 and RS256, and no other algorithm: nothing signed by another is ever read or written.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |der| {
            let parts = PublicKeyComponents::<Vec<u8>>::from(rsa(der)?.public());
            Ok((parts.n, parts.e))
        },
        rsa_pub_components_from_public_key: |_| Err(ErrorKind::InvalidAlgorithm.into()),
        ec_pub_components_from_private_key: |der, _| {
            let pair = ecdsa(der)?;
            // SEC 1, section 2.3.3: 4, and two coordinates.
            let (_, point) = pair.public_key().as_ref().split_first().ok_or(ErrorKind::InvalidEcdsaKey)?;
            let (x, y) = point.split_at(point.len() / 2);
            Ok((EllipticCurve::P256, x.to_vec(), y.to_vec()))
        },
        ed_pub_components_from_private_key: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
        compute_digest: |bytes, hash| match hash {
            ThumbprintHash::SHA256 => Ok(digest(&SHA256, bytes).as_ref().to_vec()),
            _ => Err(ErrorKind::InvalidAlgorithm.into()),
        },
    },
};

/// Has `jsonwebtoken` sign and verify by these. The first call in a process counts.
pub(crate) fn install() {
    // It is there already.
    let _ = PROVIDER.install_default();
}

fn ecdsa(der: &[u8]) -> Result<EcdsaKeyPair, JwtError> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new())
        .map_err(|_| ErrorKind::InvalidEcdsaKey.into())
}

fn rsa(der: &[u8]) -> Result<RsaKeyPair, JwtError> {
    RsaKeyPair::from_der(der).map_err(|why| ErrorKind::InvalidRsaKey(why.to_string()).into())
}

struct EcdsaSigner(EcdsaKeyPair);

impl Signer<Vec<u8>> for EcdsaSigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signed = self.0.sign(&SystemRandom::new(), message);
        Ok(signed.map_err(|_| Error::new())?.as_ref().to_vec())
    }
}

impl JwtSigner for EcdsaSigner {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

struct RsaSigner(RsaKeyPair);

impl Signer<Vec<u8>> for RsaSigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let mut signed = vec![0; self.0.public().modulus_len()];
        let done = self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signed);
        done.map(|()| signed).map_err(|_| Error::new())
    }
}

impl JwtSigner for RsaSigner {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, JwtError> {
    match algorithm {
        Algorithm::ES256 => Ok(Box::new(EcdsaSigner(ecdsa(key.as_bytes())?))),
        Algorithm::RS256 => Ok(Box::new(RsaSigner(rsa(key.as_bytes())?))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

enum PublicKey {
    Ecdsa(Vec<u8>),
    Rsa(RsaPublicKeyComponents<Vec<u8>>),
}

impl Verifier<Vec<u8>> for PublicKey {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        let verified = match self {
            Self::Ecdsa(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            Self::Rsa(parts) => parts.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
        };
        verified.map_err(|_| Error::new())
    }
}

impl JwtVerifier for PublicKey {
    fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ecdsa(_) => Algorithm::ES256,
            Self::Rsa(_) => Algorithm::RS256,
        }
    }
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, JwtError> {
    let public = match (algorithm, key.kind()) {
        (Algorithm::ES256, _) => PublicKey::Ecdsa(key.try_get_as_bytes()?.to_vec()),
        (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            PublicKey::Rsa(RsaPublicKeyComponents { n: n.clone(), e: e.clone() })
        }
        _ => return Err(ErrorKind::InvalidAlgorithm.into()),
    };
    Ok(Box::new(public))
}
