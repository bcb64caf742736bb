//! The second factors among the fixtures.

use std::collections::BTreeMap;

use serde_json::Value;
use vestibule_recipes::Pepper;
use vestibule_recipes::factors::{
    BadFactor, allauth_recovery_codes, allauth_totp, better_auth_backup_codes, better_auth_totp,
    flask_security_recovery_codes, flask_security_totp,
};

const FIXTURES: &str = include_str!("../fixtures.json");

fn fixture(form: &str) -> Value {
    let all: Vec<Value> = serde_json::from_str(FIXTURES).unwrap();
    all.into_iter().find(|fixture| fixture["extra"]["form"] == form).unwrap()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

fn pepper(text: &Value) -> Pepper {
    Pepper::from(text.as_str().unwrap())
}

#[test]
fn allauths_secret_and_codes_are_read() {
    let totp = fixture("allauth-totp");
    let secret = allauth_totp(totp["stored"].as_str().unwrap()).unwrap();
    assert_eq!(secret.key().len(), 20);
    assert_eq!((secret.digits, secret.period), (6, 30));

    let recovery = fixture("allauth-recovery");
    let codes = allauth_recovery_codes(recovery["stored"].as_str().unwrap()).unwrap();
    // The first one is used.
    assert_eq!(codes.iter().collect::<Vec<_>>(), texts(&recovery["extra"]["all_codes"])[1..]);
    let migrated = allauth_recovery_codes(r#"{"migrated_codes": ["abc", "def"]}"#).unwrap();
    assert_eq!(migrated.iter().collect::<Vec<_>>(), ["abc", "def"]);
    for junk in ["", "[]", "{}", r#"{"seed": "x"}"#, r#"{"migrated_codes": [1]}"#] {
        assert_eq!(allauth_recovery_codes(junk).unwrap_err().code(), "malformed", "{junk}");
    }
}

#[test]
fn better_auths_secret_and_codes_open_with_the_apps_secret() {
    let totp = fixture("better-auth-totp");
    let extra = &totp["extra"];
    let (stored, app) = (totp["stored"].as_str().unwrap(), pepper(&extra["app_secret"]));
    let secret = better_auth_totp(stored, &app).unwrap();
    assert_eq!(secret.key(), extra["decrypts_to"].as_str().unwrap().as_bytes());
    let codes = better_auth_backup_codes(extra["backup_codes_stored"].as_str().unwrap(), &app).unwrap();
    assert_eq!(codes.iter().collect::<Vec<_>>(), texts(&extra["backup_codes_decrypt_to"]));

    assert_eq!(better_auth_totp(stored, &Pepper::from("another")), Err(BadFactor::WrongSecret));
    assert_eq!(better_auth_totp("$ba$1$00", &app).unwrap_err().code(), "unknown_form");
    assert_eq!(better_auth_totp("zz", &app).unwrap_err().code(), "malformed");
    assert_eq!(better_auth_totp(&stored[..stored.len() - 2], &app), Err(BadFactor::WrongSecret));
}

#[test]
fn flask_securitys_secret_opens_with_the_setting() {
    let totp = fixture("flask-security-totp");
    let settings = totp["extra"]["totp_secrets_setting"].as_object().unwrap();
    let secrets: BTreeMap<_, _> = settings.iter().map(|(name, text)| (name.clone(), pepper(text))).collect();
    let secret = flask_security_totp(totp["stored"].as_str().unwrap(), &secrets).unwrap();
    // What passlib 1.7.4 itself reads: XYL6E7GP3G57PPUXGKDNBGUTOLHDSJ6E.
    let expected: [u8; 20] = [
        0xbe, 0x17, 0xe2, 0x7c, 0xcf, 0xd9, 0xbb, 0xf7, 0xbe, 0x97, 0x32, 0x86, 0xd0, 0x9a, 0x93, 0x72, 0xce,
        0x39, 0x27, 0xc4,
    ];
    assert_eq!(secret.key(), expected);
    let stored = totp["extra"]["recovery_codes_stored"].as_str().unwrap();
    let codes = flask_security_recovery_codes(stored).unwrap();
    assert_eq!((codes.iter().count(), codes.iter().next()), (5, Some("7537-0990-bdc2")));
}
