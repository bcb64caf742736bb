//! Firebase, Flask-Security, Keycloak, Supabase and Devise.

use std::collections::BTreeMap;

use recipes::{Pepper, factors::TotpDigest};
use vestibule_readers::{Addition, Fact, Identity, Options, Password, Record};

use super::{codes, foreign, opens, parts, secrets, some};

const FIREBASE: &[u8] = include_bytes!("../samples/firebase-export.json");
const FLASK: &[u8] = include_bytes!("../samples/flask-security.rows.json");
const KEYCLOAK: &[u8] = include_bytes!("../samples/keycloak-realm.json");

const FIREBASE_HASH: &str =
    "U6UI161pNitHWV35+DsvHRmVZhTgbe7QTIXKywGVDoSF/B5hPbGZw1AjyeNCOxZzwy2BDp6WahW/QZTLrsncJQ==";

fn firebase_user() -> Record {
    Record {
        id: "u1".to_owned(),
        email: some("ann@example.org"),
        email_verified: Fact::Yes,
        name: some("Ann"),
        created_at: Some(1_600_000_000_000),
        disabled: Fact::No,
        identities: vec![Identity { provider: "google.com".to_owned(), subject: "1".to_owned() }],
        ..Record::default()
    }
}

#[test]
fn firebase_is_read() {
    let (records, _) = parts("firebase", FIREBASE, Options::default());
    assert_eq!(records.len(), 1);
    let hash = foreign(&records[0].password);
    assert_eq!(hash, ("firebase", FIREBASE_HASH, Some("m8FMjWQGnTRNSBYS"), None));
    assert_eq!(Record { password: Password::None, ..records[0].clone() }, firebase_user());

    let key = [
        0x8f, 0x1b, 0x29, 0xaf, 0xc2, 0xa2, 0xd1, 0x16, 0x32, 0x71, 0x55, 0x3c, 0xcf, 0x29, 0x1b, 0x74, 0xb1,
        0xa3, 0x15, 0x0d, 0xcc, 0x70, 0x55, 0x07, 0xd2, 0xe8, 0xa2, 0x4e, 0xf0, 0xbc, 0xa5, 0x53, 0x17, 0x02,
        0x7d, 0xb5, 0xd3, 0x08, 0xcb, 0x36, 0x67, 0x59, 0x27, 0x3c, 0x54, 0x10, 0x22, 0x9b, 0x9b, 0x44, 0x2c,
        0x12, 0x66, 0x14, 0x48, 0x3c, 0xd9, 0xbe, 0x98, 0xde, 0x27, 0xd5, 0xa6, 0x5c,
    ];
    let peppers = BTreeMap::from([("firebase".to_owned(), Pepper::new(key.to_vec().into()))]);
    assert!(opens(&records[0].password, "correct horse é", &peppers));
}

#[test]
fn firebase_is_read_without_a_heading() {
    // As its exporter writes them: a comma behind the last value, and more columns in newer versions.
    let known = format!(
        "u1,ann@example.org,true,{FIREBASE_HASH},m8FMjWQGnTRNSBYS,Ann,,1,a@example.org,,,,,,,,,,,,,,,1600000000000,1600000000000,,,"
    );
    let claims = "u2,bob@example.org,false,,,\"Bob, B\",,,,,,,,,,,,,,,,,,1600000000001,,+15555550100,true,\"{\"\"role\"\":\"\"admin\"\"}\",";
    for more in ["", &",".repeat(23)] {
        let file = format!("{known}{more}\n{claims}{more}\n");
        let (records, _) = parts("firebase", file.as_bytes(), Options::default());
        assert_eq!(Record { password: Password::None, ..records[0].clone() }, firebase_user());
        assert_eq!(foreign(&records[0].password).1, FIREBASE_HASH);
        let bob = Record {
            id: "u2".to_owned(),
            email: some("bob@example.org"),
            email_verified: Fact::No,
            name: some("Bob, B"),
            created_at: Some(1_600_000_000_001),
            disabled: Fact::Yes,
            roles: vec!["admin".to_owned()],
            fields: BTreeMap::from([("phoneNumber".to_owned(), "+15555550100".to_owned())]),
            ..Record::default()
        };
        assert_eq!(records[1], bob);
    }
}

#[test]
fn flask_security_is_read() {
    let options = Options {
        secrets: secrets(&[("1", "TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B")]),
        ..Options::default()
    };
    let (records, _) = parts("flask-security", FLASK, options);
    assert_eq!(records.len(), 2);
    let user = |id: &str, username: &str, email: &str, created_at| Record {
        id: id.to_owned(),
        username: some(username),
        email: some(email),
        email_verified: Fact::No,
        created_at: Some(created_at),
        disabled: Fact::No,
        ..Record::default()
    };
    let expected = [
        user("1", "annie", "Ann@example.org", 1_795_828_578_000),
        user("2", "bobby", "bob@example.org", 1_795_828_580_000),
    ];
    for (record, expected) in records.iter().zip(expected) {
        let (password, totp, recovery_codes) = (Password::None, None, None);
        assert_eq!(Record { password, totp, recovery_codes, ..record.clone() }, expected);
    }
    let totp = records[0].totp.as_ref().unwrap();
    assert_eq!((totp.digest, totp.digits, totp.period), (TotpDigest::Sha1, 6, 30));
    let codes: Vec<&str> = records[0].recovery_codes.as_ref().unwrap().iter().collect();
    let expected = ["7537-0990-bdc2", "57d2-74ac-15fa", "04c7-c2a0-1190", "fded-d30d-7125", "7a0e-37df-a248"];
    assert_eq!(codes, expected);
    assert_eq!((records[1].totp.is_none(), records[1].recovery_codes.is_none()), (true, true));

    let hash =
        "$argon2id$v=19$m=65536,t=3,p=4$V2ptrZVSynmvdU7JuXfuPQ$13TabPg48n8lvwuMNknkgJxC4boraRG0fJWCLV9hF0A";
    assert_eq!(foreign(&records[0].password), ("flask-security", hash, None, None));
    let salt = secrets(&[("flask-security", "146585145368132386173505678016728509634")]);
    assert!(opens(&records[0].password, "correct horse battery", &salt));
    assert!(opens(&records[1].password, "cafe\u{301}-Straße ﬁn", &salt));
}

#[test]
fn a_factor_of_flask_security_wants_its_secret() {
    let reader = super::read("flask-security", FLASK, Options::default());
    assert_eq!(reader.len(), 2);
    assert_eq!(codes("flask-security", FLASK, Options::default()), ["factor_wrong_secret"]);
    let (records, _) = parts("flask-security", FLASK, Options { factors: false, ..Options::default() });
    assert_eq!((records.len(), records[0].totp.is_none()), (2, true));
}

#[test]
fn keycloak_is_read() {
    let (records, _) = parts("keycloak", KEYCLOAK, Options::default());
    assert_eq!(records.len(), 2, "an account of a program is none");
    let ann = Record {
        id: "6b1f8c2e-0000-4000-8000-000000000001".to_owned(),
        username: some("ann"),
        email: some("ann@example.org"),
        email_verified: Fact::Yes,
        firstname: some("Ann"),
        lastname: some("Ö"),
        locale: some("de"),
        created_at: Some(1_600_000_000_000),
        disabled: Fact::No,
        roles: vec!["default-roles-site".to_owned(), "editor".to_owned()],
        fields: BTreeMap::from([("town".to_owned(), "Ulm\nBonn".to_owned())]),
        password: records[0].password.clone(),
        totp: records[0].totp.clone(),
        identities: vec![Identity { provider: "github".to_owned(), subject: "42".to_owned() }],
        ..Record::default()
    };
    assert_eq!(records[0], ann);
    let bob =
        Record { id: "bob".to_owned(), username: some("bob"), disabled: Fact::Yes, ..Record::default() };
    assert_eq!(records[1], bob);
    assert!(opens(&records[0].password, "correct horse é", &secrets(&[])));
    let totp = records[0].totp.as_ref().unwrap();
    assert_eq!((totp.key(), totp.digits, totp.period), (&b"ThisIsTheKeyAsText12"[..], 6, 30));
}

#[test]
fn supabase_is_read() {
    let file = br#"{"auth.users":[{"id":"6b1f","email":"ann@example.org","encrypted_password":"$2a$10$3yisKT7TbcF3u8vwmMF.Uu1Er9AVqY0bYMcqyakGcfwyVwp6edgDO",
        "email_confirmed_at":"2026-11-28 01:05:32.395999+00","created_at":"2026-11-28T01:05:32.395Z","banned_until":null,"deleted_at":null,
        "raw_user_meta_data":{"full_name":"Ann \u00d6"},"raw_app_meta_data":"{\"role\":\"editor\"}","phone":"+1555"},
      {"id":"6b20","email":null,"email_confirmed_at":null,"banned_until":"2026-11-28 01:05:32+00","raw_user_meta_data":{}}],
     "auth.identities":[{"user_id":"6b1f","provider":"email","provider_id":"6b1f"},{"user_id":"6b1f","provider":"github","provider_id":"42"}],
     "auth.mfa_factors":[{"user_id":"6b1f","factor_type":"totp","status":"verified","secret":"GEZDGNBVGY3TQOJQ"},
       {"user_id":"6b1f","factor_type":"totp","status":"unverified","secret":"GEZDGNBVGY3TQOJQ"}]}"#;
    let (records, supplements) = parts("supabase", file, Options::default());
    let ann = Record {
        id: "6b1f".to_owned(),
        email: some("ann@example.org"),
        email_verified: Fact::Since(1_795_827_932_395),
        name: some("Ann Ö"),
        created_at: Some(1_795_827_932_395),
        disabled: Fact::No,
        roles: vec!["editor".to_owned()],
        fields: BTreeMap::from([("phone".to_owned(), "+1555".to_owned())]),
        password: records[0].password.clone(),
        ..Record::default()
    };
    assert_eq!(records[0], ann);
    assert!(opens(&records[0].password, "correct horse é", &secrets(&[])));
    assert_eq!(records[1].disabled, Fact::Until(1_795_827_932_000));
    let [Addition::Identity(identity)] = &supplements[0].additions[..] else { panic!("no identity") };
    assert_eq!((identity.provider.as_str(), identity.subject.as_str()), ("github", "42"));
    let [Addition::Totp(totp)] = &supplements[1].additions[..] else { panic!("no secret") };
    assert_eq!((totp.key(), supplements.len()), (&b"1234567890"[..], 2));
}

#[test]
fn devise_is_read() {
    let file = b"id,email,encrypted_password,confirmed_at,created_at,locked_at\n\
        7,ann@example.org,$2a$12$x,2026-11-28 01:05:32.395999,2026-11-28 01:05:32,\n8,bob@example.org,,,,\n";
    let (records, _) =
        parts("devise", file, Options { recipe: some("devise-peppered"), ..Options::default() });
    assert_eq!(records[0].email_verified, Fact::Since(1_795_827_932_395));
    assert_eq!(foreign(&records[0].password), ("devise-peppered", "$2a$12$x", None, None));
    assert_eq!((records[1].email_verified, &records[1].password), (Fact::No, &Password::None));
}
