//! The test vectors of W3C Web Authentication, level 3, section "Test Vectors", at `https://example.org`.
//! They are in `vectors.json`, in base64url.

use serde_json::{Value, json};
use store::passkey_challenges::ChallengePurpose;
use url::Url;
use webauthn_rs::prelude::{Passkey, PasskeyRegistration, Uuid, WebauthnError};

use super::RelyingParty;
use super::answer::{AuthenticatorAnswer, model};
use sha2::{Digest as _, Sha256};

fn site() -> RelyingParty {
    RelyingParty::at(&Url::parse("https://example.org").unwrap(), "Example").unwrap()
}

/// The state of a ceremony as the database has it, with the challenge of a vector.
fn with_challenge(state: impl serde::Serialize, challenge: &Value) -> String {
    let mut state = serde_json::to_value(state).unwrap();
    let inner = if state.get("rs").is_some() { "rs" } else { "ast" };
    state[inner]["challenge"] = challenge.clone();
    state.to_string()
}

fn credential(id: &Value, response: &Value) -> String {
    json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {} })
        .to_string()
}

fn register(vector: &Value) -> Result<Passkey, WebauthnError> {
    let site = site();
    let said = &vector["registration"];
    let (_, state) = site.webauthn.start_passkey_registration(Uuid::nil(), "a", "A", None).unwrap();
    let state: PasskeyRegistration =
        serde_json::from_str(&with_challenge(state, &said["challenge"])).unwrap();
    let answer = AuthenticatorAnswer::to_registration(&credential(&said["id"], said)).unwrap();
    site.webauthn.finish_passkey_registration(&answer.credential, &state)
}

fn sign_in(vector: &Value, passkey: &Passkey) -> Result<u32, WebauthnError> {
    let site = site();
    let said = &vector["authentication"];
    let (_, state) = site.webauthn.start_discoverable_authentication().unwrap();
    let state = with_challenge(state, &said["challenge"]);
    let answer = AuthenticatorAnswer::to_request(&credential(&vector["registration"]["id"], said)).unwrap();
    let checked = site.check(ChallengePurpose::SignIn, &answer.credential, &state, passkey).unwrap();
    checked.map(|result| result.counter())
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors.json")).unwrap()
}

#[test]
fn what_verifies_its_user_by_an_algorithm_that_was_asked_for_is_accepted() {
    let vectors = vectors();
    for (name, signs_in) in [("packed-es256", true), ("packed-self-es256", false)] {
        let passkey = register(&vectors[name]).unwrap_or_else(|error| panic!("{name}: {error}"));
        match (sign_in(&vectors[name], &passkey), signs_in) {
            (Ok(0), true) | (Err(WebauthnError::UserNotVerified), false) => {}
            (other, _) => panic!("{name}: {other:?}"),
        }
        // Neither another vector's signature nor a changed one is this one's.
        let mut forged = vectors[name].clone();
        forged["authentication"]["signature"] =
            vectors["packed-es384"]["authentication"]["signature"].clone();
        assert!(sign_in(&forged, &passkey).is_err(), "{name}");
    }
}

#[test]
fn what_does_not_or_comes_from_inside_another_site_is_refused() {
    let vectors = vectors();
    for (name, why) in [
        ("none-es256", "UserNotVerified"),
        ("packed-es384", "UserNotVerified"),
        ("packed-eddsa", "UserNotVerified"),
        ("none-es256-crossOrigin", "CredentialCrossOrigin"),
    ] {
        let refused = register(&vectors[name]).unwrap_err();
        assert_eq!(format!("{refused:?}"), why, "{name}");
    }
    // The library knows no TPM that signs with ECDSA, nor the RSA key of this vector. Browsers send no
    // statement of a TPM, for none is asked for.
    for name in ["tpm-es256", "packed-rs256"] {
        assert!(register(&vectors[name]).is_err(), "{name}");
    }
    // Not one of the algorithms that were asked for.
    assert!(register(&vectors["packed-es512"]).is_err());
}

#[test]
fn the_model_stands_in_the_attestation() {
    let vectors = vectors();
    let said = &vectors["none-es256"]["registration"];
    let answer = AuthenticatorAnswer::to_registration(&credential(&said["id"], said)).unwrap();
    let host: [u8; 32] = Sha256::digest("example.org").into();
    let model = model(&answer.credential.response.attestation_object, &host);
    assert_eq!(model.0, 0x8446ccb9_ab1db374_750b2367_ff6f3a1f_u128.to_be_bytes());
}
