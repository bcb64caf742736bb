//! Second factors of Ory Kratos, as its interface for administrators gives them and its import takes them.

use vestibule_readers::{Options, Record};

use super::{codes, parts};

/// An identity with these credentials beside a password.
fn line(credentials: &str) -> String {
    let line = format!(
        r#"{{"id":"9f425a8d-0000-4000-8000-000000000001","schema_id":"default","schema_url":"https://id.example.org/schemas/x",
        "state":"active","state_changed_at":"2026-11-28T01:05:32Z","traits":{{"email":"ann@example.org"}},
        "verifiable_addresses":[],"recovery_addresses":[],"metadata_public":null,"metadata_admin":null,
        "created_at":"2026-11-28T01:05:32Z","updated_at":"2026-11-28T01:05:32Z","organization_id":null,
        "credentials":{{{credentials}}}}}"#
    );
    format!("{}\n", line.replace('\n', " "))
}

fn record(credentials: &str) -> Record {
    let beside = r#""password":{"type":"password","identifiers":["ann@example.org"],"config":{"hashed_password":"$2a$12$x"},"version":0}"#;
    let line = line(&format!("{beside},{credentials}"));
    let without = Options { factors: false, ..Options::default() };
    let (records, _) = parts("kratos", line.as_bytes(), without);
    assert_eq!((records[0].factor_lost, &records[0].totp, &records[0].recovery_codes), (false, &None, &None));
    parts("kratos", line.as_bytes(), Options::default()).0.remove(0)
}

const TOTP: &str = r#""totp":{"type":"totp","identifiers":["9f425a8d"],"config":{"totp_url":
    "otpauth://totp/site:ann@example.org?algorithm=SHA1&digits=6&issuer=site&period=30&secret=GEZDGNBVGY3TQOJQ"},"version":0}"#;
const CODES: &str = r#""lookup_secret":{"type":"lookup_secret","config":{"recovery_codes":[
    {"code":"a1","used_at":"2026-11-28T01:05:32Z"},{"code":"b2","used_at":null},{"code":"c3"}]}}"#;

#[test]
fn an_app_comes_along() {
    let both = record(&format!("{TOTP},{CODES}"));
    assert_eq!((both.totp.as_ref().unwrap().key(), both.factor_lost), (&b"1234567890"[..], false));
    assert_eq!(both.recovery_codes.as_ref().unwrap().iter().collect::<Vec<_>>(), ["b2", "c3"]);
    let for_import = CODES.replace("recovery_codes", "codes");
    let both = record(&format!("{TOTP},{for_import}"));
    assert_eq!(both.recovery_codes.as_ref().unwrap().iter().count(), 2);
    // One is enough to ask for.
    let key = r#""webauthn":{"config":{"credentials":[{"id":"AA","is_passwordless":false}]}}"#;
    let both = record(&format!("{TOTP},{key}"));
    assert_eq!((both.totp.is_some(), both.factor_lost), (true, false));
}

#[test]
fn every_other_kind_is_lost_or_weakens_nobody() {
    for (credentials, lost) in [
        (CODES, true),
        (r#""lookup_secret":{"config":{"recovery_codes":[]}}"#, false),
        // Kinds that were not asked for come without what they are made of.
        (r#""totp":{"type":"totp","identifiers":["9f425a8d"],"version":0}"#, true),
        (r#""lookup_secret":{"type":"lookup_secret","version":0}"#, true),
        (r#""webauthn":{"type":"webauthn","version":0}"#, true),
        (r#""totp":{"config":{"totp_url":"http://totp/site?secret=GEZDGNBVGY3TQOJQ"}}"#, true),
        (r#""totp":{"config":{"totp_url":"otpauth://totp/site?secret=no!"}}"#, true),
        (r#""webauthn":{"config":{"credentials":[{"id":"AA","is_passwordless":false}]}}"#, true),
        (r#""webauthn":{"config":{"credentials":[{"id":"AA"}]}}"#, true),
        (
            r#""webauthn":{"config":{"credentials":[{"is_passwordless":true},{"is_passwordless":false}]}}"#,
            true,
        ),
        (r#""webauthn":{"config":{"credentials":[{"is_passwordless":true}]}}"#, false),
        (r#""webauthn":{"config":{"credentials":[]}}"#, false),
        (r#""passkey":{"config":{"credentials":[{"id":"AA"}]}}"#, false),
        (r#""oidc":{"config":{"providers":[{"provider":"github","subject":"42"}]}}"#, false),
        (r#""code":{"type":"code","config":{"addresses":[{"channel":"sms","address":"+1555"}]}}"#, true),
        (r#""deviceauthn":{"type":"deviceauthn"}"#, true),
        (r#""totp":null,"code":null"#, false),
    ] {
        let found = record(credentials);
        assert_eq!((found.factor_lost, found.totp), (lost, None), "{credentials}");
    }
}

#[test]
fn codes_alone_are_no_second_factor() {
    let file = line(r#""code":{"type":"code","config":{"addresses":[]}}"#);
    let (records, _) = parts("kratos", file.as_bytes(), Options::default());
    assert!(!records[0].factor_lost);
}

#[test]
fn an_identity_without_its_credentials_is_refused() {
    let file = line("").replace("\"credentials\"", "\"other\"");
    assert_eq!(codes("kratos", file.as_bytes(), Options::default()), ["missing"]);
    let without = Options { factors: false, ..Options::default() };
    assert_eq!(parts("kratos", file.as_bytes(), without).0.len(), 1);
    assert_eq!(parts("kratos", line("").as_bytes(), Options::default()).0.len(), 1);
}
