//! An authenticator in software: it makes passkeys of P-256 and uses them, as a browser hands its answers
//! over. What it says can be wrong in every part.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 4;
const ATTESTED: u8 = 64;

/// The COSE number of ECDSA with SHA-256.
pub const ES256: i64 = -7;

/// One passkey, and the browser around it.
pub struct Authenticator {
    key: SigningKey,
    /// By what it is found.
    pub id: Vec<u8>,
    /// By what it knows the account; set when it makes its passkey.
    pub handle: Vec<u8>,
    pub counter: u32,
    pub model: [u8; 16],
    /// Where the browser says that it was asked.
    pub origin: String,
    /// The host that the passkey is for, as it says.
    pub rp_id: String,
    /// Whether it has recognised its holder.
    pub verifies: bool,
    /// The algorithm that it says its key is for.
    pub algorithm: i64,
    /// Bytes that it adds to its attestation.
    pub padding: usize,
}

impl Authenticator {
    /// One in a browser at `origin`, a scheme and a host with a port.
    pub fn at(origin: &str) -> Self {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).unwrap();
        let mut id = vec![0; 32];
        getrandom::fill(&mut id).unwrap();
        let host = origin.split("//").nth(1).unwrap().split(':').next().unwrap();
        Self {
            key: SigningKey::from_slice(&secret).unwrap(),
            id,
            handle: Vec::new(),
            counter: 0,
            model: [0; 16],
            origin: origin.to_owned(),
            rp_id: host.to_owned(),
            verifies: true,
            algorithm: ES256,
            padding: 0,
        }
    }

    /// Makes its passkey, for these options.
    pub fn create(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        self.handle = BASE64.decode(options["user"]["id"].as_str().unwrap()).unwrap();
        let client = self.client_data("webauthn.create", options);
        let mut data = self.data(ATTESTED);
        data.extend(self.model);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key());
        // {"fmt": "none", "attStmt": {}, "authData": …}, to which the padding adds a member.
        let mut object = vec![if self.padding > 0 { 0xa4 } else { 0xa3 }];
        object.extend(b"\x63fmt\x64none\x67attStmt\xa0\x68authData");
        object.extend(byte_string(&data));
        if self.padding > 0 {
            object.extend(b"\x67padding");
            object.extend(byte_string(&vec![0; self.padding]));
        }
        self.credential(json!({
            "clientDataJSON": BASE64.encode(&client),
            "attestationObject": BASE64.encode(&object),
            "transports": ["internal", "smoke"],
        }))
    }

    /// Uses its passkey, for these options.
    pub fn get(&mut self, options: &Value) -> Value {
        let client = self.client_data("webauthn.get", &options["publicKey"]);
        let data = self.data(0);
        let signed = [&data[..], &Sha256::digest(&client)[..]].concat();
        let signature: DerSignature = self.key.sign(&signed);
        self.credential(json!({
            "clientDataJSON": BASE64.encode(&client),
            "authenticatorData": BASE64.encode(&data),
            "signature": BASE64.encode(signature.as_bytes()),
            "userHandle": BASE64.encode(&self.handle),
        }))
    }

    fn credential(&self, response: Value) -> Value {
        let id = BASE64.encode(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "response": response,
            "clientExtensionResults": {}, "authenticatorAttachment": "platform",
        })
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let (challenge, origin) = (&options["challenge"], &self.origin);
        json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let verified = if self.verifies { USER_VERIFIED } else { 0 };
        let mut data = Sha256::digest(&self.rp_id).to_vec();
        data.push(flags | USER_PRESENT | verified);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn public_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut key = b"\xa5\x01\x02\x03".to_vec();
        let algorithm = u16::try_from(-1 - self.algorithm).unwrap();
        match algorithm {
            0..24 => key.push(0x20 + u8::try_from(algorithm).unwrap()),
            _ => {
                key.push(0x39);
                key.extend(algorithm.to_be_bytes());
            }
        }
        key.extend(b"\x20\x01\x21\x58\x20");
        key.extend(point.x().unwrap());
        key.extend(b"\x22\x58\x20");
        key.extend(point.y().unwrap());
        key
    }
}

/// A byte string in CBOR.
fn byte_string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap();
    let mut text = vec![0x5a];
    text.extend(length.to_be_bytes());
    text.extend(bytes);
    text
}
