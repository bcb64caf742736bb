//! Our own export, and the products whose files were not seen but documented.

use std::collections::BTreeMap;

use recipes::factors::TotpDigest;
use vestibule_readers::{Addition, Fact, Format, Identity, Options, OwnPasskey, OwnRecord, Password, Record};

use super::{codes, foreign, opens, parts, secrets, some};

#[test]
fn our_own_export_is_read() {
    let file = b"{\"id\":7,\"email\":\"Ann@example.org\",\"email_verified_at\":1600000000000,\"username\":\"ann\",\
        \"name\":\"Ann O\",\"firstname\":\"Ann\",\"lastname\":\"O\",\"locale\":\"de\",\"role\":\"member\",\
        \"fields\":{\"town\":\"Ulm\"},\"created_at\":1500000000000,\"disabled_at\":null,\
        \"password_hash\":\"$argon2id$v=19$x\",\"totp\":{\"secret\":\"GEZDGNBVGY3TQOJQ\",\"digest\":\"sha256\",\"digits\":8,\"period\":60},\
        \"recovery_codes\":[\"a1\",\"b2\"]}\n{\"id\":8,\"disabled_at\":\"2026-11-28T01:05:32.395Z\",\"totp\":\"GEZDGNBVGY3TQOJQ\"}\n";
    let (records, _) = parts("vestibule", file, Options::default());
    let ann = Record {
        id: "7".to_owned(),
        email: some("Ann@example.org"),
        email_verified: Fact::Since(1_600_000_000_000),
        username: some("ann"),
        name: some("Ann O"),
        firstname: some("Ann"),
        lastname: some("O"),
        locale: some("de"),
        created_at: Some(1_500_000_000_000),
        disabled: Fact::No,
        roles: vec!["member".to_owned()],
        fields: BTreeMap::from([("town".to_owned(), "Ulm".to_owned())]),
        password: records[0].password.clone(),
        totp: records[0].totp.clone(),
        has_factor: false,
        factor_lost: false,
        recovery_codes: records[0].recovery_codes.clone(),
        identities: Vec::new(),
        own: Some(Box::default()),
    };
    assert_eq!(records[0], ann);
    let Password::Ours(hash) = &records[0].password else { panic!("no hash") };
    assert_eq!(hash.as_str(), "$argon2id$v=19$x");
    let totp = records[0].totp.as_ref().unwrap();
    assert_eq!(
        (totp.key(), totp.digest, totp.digits, totp.period),
        (&b"1234567890"[..], TotpDigest::Sha256, 8, 60)
    );
    assert_eq!(records[1].disabled, Fact::Since(1_795_827_932_395));
    assert_eq!(records[1].totp.as_ref().unwrap().digits, 6);
    assert_eq!(
        codes(
            "vestibule",
            b"{\"id\":1,\"totp\":{\"secret\":\"x\",\"digest\":\"md5\"}}\n",
            Options::default()
        ),
        ["malformed"]
    );
}

#[test]
fn what_only_our_own_export_says_is_read() {
    let passkey = "{\"site\":\"example.org\",\"user_handle\":\"AQ\",\"credential_id\":\"Ag\",\"credential\":{\"cred\":{}},\
                   \"model\":\"Aw\",\"name\":\"Key\",\"created_at\":7}";
    let file = format!(
        "{{\"id\":1,\"updated_at\":1,\"password_changed_at\":2,\"password_expires_at\":3,\"approval_wanted_at\":4,\
         \"second_factor_at\":5,\"terms\":\"1\",\"picture\":\"ab.jpg\",\"passkeys\":[{passkey}]}}\n{{\"id\":2,\"second_factor_at\":5}}\n"
    );
    let (records, _) = parts("vestibule", file.as_bytes(), Options::default());
    let own = OwnRecord {
        updated_at: Some(1),
        password_changed_at: Some(2),
        password_expires_at: Some(3),
        approval_wanted_at: Some(4),
        second_factor_at: Some(5),
        terms: some("1"),
        picture: some("ab.jpg"),
        passkeys: vec![OwnPasskey {
            site: "example.org".to_owned(),
            user_handle: "AQ".to_owned(),
            credential_id: "Ag".to_owned(),
            credential: "{\"cred\":{}}".to_owned(),
            model: "Aw".to_owned(),
            name: "Key".to_owned(),
            created_at: 7,
        }],
    };
    assert_eq!(records[0].own.as_deref(), Some(&own));
    assert_eq!((records[0].factor_lost, records[1].factor_lost), (false, true));
    let (without, _) = parts("vestibule", file.as_bytes(), Options { factors: false, ..Options::default() });
    assert!(without[0].own.as_ref().unwrap().passkeys.is_empty() && !without[1].factor_lost);
    for (from, to) in [("\"site\"", "\"sight\""), ("{\"cred\":{}}", "1"), ("\"created_at\":7", "\"made\":7")]
    {
        let file = file.replace(from, to);
        let code = codes("vestibule", file.as_bytes(), Options::default());
        assert_eq!(code, [if from == "\"site\"" { "missing" } else { "malformed" }], "{from}");
    }
}

#[test]
fn aspnet_is_read() {
    let file = br#"{"AspNetUsers":[{"Id":"a","UserName":"ann","TwoFactorEnabled":1,"Email":"Ann@example.org","EmailConfirmed":1,"LockoutEnd":"2026-11-28 01:05:32.3950000 +00:00",
          "PasswordHash":"AQAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg8VptKHmFwPNK/cFfTBpr9t+eVMT4bYuZIXdHG44IDK+w=="}],
        "AspNetUserTokens":[{"UserId":"a","LoginProvider":"[AspNetUserStore]","Name":"AuthenticatorKey","Value":"GEZDGNBVGY3TQOJQ"},
          {"UserId":"a","LoginProvider":"[AspNetUserStore]","Name":"RecoveryCodes","Value":"x;y"}],
        "AspNetUserLogins":[{"UserId":"a","LoginProvider":"Google","ProviderKey":"42"}]}"#;
    let (records, supplements) = parts("aspnet", file, Options::default());
    assert_eq!((records[0].email_verified, records[0].disabled), (Fact::Yes, Fact::Until(1_795_827_932_395)));
    assert!(opens(&records[0].password, "correct horse é", &secrets(&[])));
    assert!(records[0].has_factor);
    assert!(matches!(supplements[0].additions[..], [Addition::TotpIfAsked(_)]));
    let identity = Identity { provider: "Google".to_owned(), subject: "42".to_owned() };
    assert_eq!((&supplements[1].additions[..], supplements.len()), (&[Addition::Identity(identity)][..], 2));
}

#[test]
fn an_account_of_aspnet_says_whether_it_asks_for_a_factor() {
    let row = |flag: &str| format!(r#"{{"AspNetUsers":[{{"Id":"a"{flag}}}]}}"#);
    let has_factor = |flag: &str| {
        let found = parts("aspnet", row(flag).as_bytes(), Options::default());
        found.0[0].has_factor
    };
    assert!(has_factor(r#","TwoFactorEnabled":"t""#));
    assert!(!has_factor(r#","TwoFactorEnabled":0"#));
    assert_eq!(codes("aspnet", row("").as_bytes(), Options::default()), ["missing"]);
    let without = || Options { factors: false, ..Options::default() };
    let (records, _) = parts("aspnet", row(r#","TwoFactorEnabled":true"#).as_bytes(), without());
    assert!(!records[0].has_factor);
    assert_eq!(parts("aspnet", row("").as_bytes(), without()).0.len(), 1);
    // An encrypted one is the account's, which says so, and nobody's who does not.
    let file = br#"{"AspNetUserTokens":[{"UserId":"a","LoginProvider":"[AspNetUserStore]","Name":"AuthenticatorKey","Value":"x:y="}]}"#;
    assert!(parts("aspnet", file, Options::default()).1.is_empty());
}

#[test]
fn kratos_and_auth0_are_read() {
    let file = b"{\"id\":\"k1\",\"state\":\"active\",\"created_at\":\"2026-11-28T01:05:32.395Z\",\"traits\":{\"email\":\"ann@example.org\",\
        \"name\":{\"first\":\"Ann\",\"last\":\"O\"}},\"verifiable_addresses\":[{\"value\":\"ann@example.org\",\"verified\":true,\
        \"verified_at\":\"1970-01-01T00:00:01Z\"}],\"credentials\":{\"password\":{\"config\":{\"hashed_password\":\"$2a$12$x\"}},\
        \"oidc\":{\"config\":{\"providers\":[{\"provider\":\"github\",\"subject\":\"42\"}]}}}}\n";
    let (records, _) = parts("kratos", file, Options::default());
    let right = Record {
        id: "k1".to_owned(),
        email: some("ann@example.org"),
        email_verified: Fact::Since(1000),
        firstname: some("Ann"),
        lastname: some("O"),
        created_at: Some(1_795_827_932_395),
        disabled: Fact::No,
        password: records[0].password.clone(),
        identities: vec![Identity { provider: "github".to_owned(), subject: "42".to_owned() }],
        ..Record::default()
    };
    assert_eq!(records, [right]);
    assert_eq!(foreign(&records[0].password), ("kratos", "$2a$12$x", None, None));

    let file = b"{\"traits\":{\"email\":\"ann@example.org\"},\"credentials\":{\"totp\":{\"config\":{\"totp_url\":\
        \"otpauth://totp/site:ann?algorithm=SHA256&digits=8&issuer=site&period=60&secret=GEZDGNBVGY3TQOJQ\"}},\
        \"lookup_secret\":{\"config\":{\"recovery_codes\":[{\"code\":\"a1\",\"used_at\":\"2026-11-28T01:05:32Z\"},{\"code\":\"b2\"}]}}}}\n";
    let (records, _) = parts("kratos", file, Options::default());
    assert_eq!(records[0].id, "ann@example.org");
    let totp = records[0].totp.as_ref().unwrap();
    assert_eq!(
        (totp.key(), totp.digest, totp.digits, totp.period),
        (&b"1234567890"[..], TotpDigest::Sha256, 8, 60)
    );
    assert_eq!(records[0].recovery_codes.as_ref().unwrap().iter().collect::<Vec<_>>(), ["b2"]);
    let file = b"{\"user_id\":\"auth0|1\",\"email\":\"ann@example.org\",\"email_verified\":true,\"given_name\":\"Ann\",\"blocked\":true,\
        \"identities\":[{\"provider\":\"auth0\",\"user_id\":\"1\"},{\"provider\":\"github\",\"user_id\":42}]}\n\
        {\"_id\":{\"$oid\":\"5f\"},\"email\":\"bob@example.org\",\"passwordHash\":\"$2b$10$x\"}\n";
    let (records, _) = parts("auth0", file, Options::default());
    assert_eq!((records[0].disabled, records[0].identities.len()), (Fact::Yes, 1));
    assert_eq!((records[1].id.as_str(), foreign(&records[1].password).1), ("auth0|5f", "$2b$10$x"));
}

#[test]
fn directus_ghost_and_the_flask_family_are_read() {
    let (records, _) = parts(
        "directus",
        br#"{"directus_users":[{"id":"d","email":"a@example.org","password":"$argon2id$x","tfa_secret":"GEZDGNBVGY3TQOJQ","status":"suspended","role":"r","provider":"default"}]}"#,
        Options::default(),
    );
    assert_eq!(
        (records[0].disabled, records[0].totp.is_some(), records[0].roles.len()),
        (Fact::Yes, true, 1)
    );
    let (records, _) = parts(
        "ghost",
        br#"[{"id":"g","slug":"ann","status":"active","password":"$2b$10$x"}]"#,
        Options::default(),
    );
    assert_eq!((records[0].disabled, foreign(&records[0].password).0), (Fact::No, "ghost"));
    let (records, _) =
        parts("flask", b"id,email,password_hash\n1,a@example.org,scrypt:x\n", Options::default());
    assert_eq!(foreign(&records[0].password), ("werkzeug", "scrypt:x", None, None));
    let options = Options { format: Some(Format::JsonLines), ..Options::default() };
    let lines = b"{\"id\":\"u\",\"hashed_password\":\"$2b$12$x\",\"is_verified\":true,\"is_active\":false,\"is_superuser\":true}\n";
    let (records, _) = parts("fastapi-users", lines, options);
    assert_eq!((records[0].disabled, records[0].roles[0].as_str()), (Fact::Yes, "superuser"));
}
