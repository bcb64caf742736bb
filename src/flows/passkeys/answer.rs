//! What an authenticator answered, as browsers write it (`PublicKeyCredential.toJSON`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::AuthenticatorModel;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

/// An answer, and the challenge that it says it is for.
pub(super) struct AuthenticatorAnswer<T> {
    pub(super) credential: T,
    pub(super) challenge: Vec<u8>,
}

/// The longest number of a credential, in bytes (W3C Web Authentication, level 3, section 4).
const LONGEST_ID: usize = 1023;

/// What a browser writes of where it was asked.
#[derive(Deserialize)]
struct ClientData {
    challenge: String,
}

impl AuthenticatorAnswer<RegisterPublicKeyCredential> {
    /// Reads the answer of an authenticator that has made a passkey.
    pub(super) fn to_registration(text: &str) -> Option<Self> {
        let credential: RegisterPublicKeyCredential = read(text)?;
        let challenge = challenge(&credential.type_, &credential.response.client_data_json)?;
        Some(Self { credential, challenge }).filter(|answer| answer.credential.raw_id.len() <= LONGEST_ID)
    }
}

impl AuthenticatorAnswer<PublicKeyCredential> {
    /// Reads the answer of an authenticator that has used a passkey.
    pub(super) fn to_request(text: &str) -> Option<Self> {
        let credential: PublicKeyCredential = read(text)?;
        let challenge = challenge(&credential.type_, &credential.response.client_data_json)?;
        Some(Self { credential, challenge })
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let mut credential: Value = serde_json::from_str(text).ok()?;
    // Browsers leave it out where the authenticator says nothing.
    let response = credential.get_mut("response")?.as_object_mut()?;
    response.entry("userHandle").or_insert(Value::Null);
    serde_json::from_value(credential).ok()
}

fn challenge(kind: &str, client_data: &[u8]) -> Option<Vec<u8>> {
    let said: ClientData = serde_json::from_slice(client_data).ok()?;
    URL_SAFE_NO_PAD.decode(said.challenge).ok().filter(|_| kind == "public-key")
}

/// The model of the authenticator that has made a passkey, from an attestation object that was checked: the
/// AAGUID stands 37 bytes behind the begin of the authenticator data, which is `site`, the hash of the host.
pub(super) fn model(attestation: &[u8], site: &[u8; 32]) -> AuthenticatorModel {
    const BEHIND: usize = 32 + 1 + 4;
    let data = attestation.windows(site.len()).position(|window| window == site);
    let model = data.and_then(|at| attestation.get(at + BEHIND..at + BEHIND + 16));
    AuthenticatorModel(model.and_then(|model| model.try_into().ok()).unwrap_or_default())
}
