//! Our own export, and the products whose files were not seen but documented.

use std::collections::BTreeMap;

use recipes::factors::TotpDigest;
use vestibule_readers::{Addition, Fact, Format, Identity, Options, Password, Record};

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
        recovery_codes: records[0].recovery_codes.clone(),
        identities: Vec::new(),
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
fn aspnet_is_read() {
    let file = br#"{"AspNetUsers":[{"Id":"a","UserName":"ann","Email":"Ann@example.org","EmailConfirmed":1,"LockoutEnd":"2026-11-28 01:05:32.3950000 +00:00",
          "PasswordHash":"AQAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg8VptKHmFwPNK/cFfTBpr9t+eVMT4bYuZIXdHG44IDK+w=="}],
        "AspNetUserTokens":[{"UserId":"a","LoginProvider":"[AspNetUserStore]","Name":"AuthenticatorKey","Value":"GEZDGNBVGY3TQOJQ"},
          {"UserId":"a","LoginProvider":"[AspNetUserStore]","Name":"RecoveryCodes","Value":"x;y"}],
        "AspNetUserLogins":[{"UserId":"a","LoginProvider":"Google","ProviderKey":"42"}]}"#;
    let (records, supplements) = parts("aspnet", file, Options::default());
    assert_eq!((records[0].email_verified, records[0].disabled), (Fact::Yes, Fact::Until(1_795_827_932_395)));
    assert!(opens(&records[0].password, "correct horse é", &secrets(&[])));
    assert!(matches!(supplements[0].additions[..], [Addition::Totp(_)]));
    let identity = Identity { provider: "Google".to_owned(), subject: "42".to_owned() };
    assert_eq!((&supplements[1].additions[..], supplements.len()), (&[Addition::Identity(identity)][..], 2));
}

#[test]
fn gitea_is_read() {
    let file = b"id,name,full_name,email,passwd,salt,passwd_hash_algo,is_active,is_admin,prohibit_login,created_unix,type,language\n\
        1,ann,Ann O,ann@example.org,b0312ee887af080e3a11b6190796e1d1ea4b01e8a5b9e7743eeb7f08434218fa7cc27e1e2c6163e1459c406eba351e13c8ac,000102030405060708090a0b0c0d0e0f,pbkdf2$50000$50,1,1,0,1600000000,0,de-DE\n\
        2,club,,,,,,0,0,0,1600000000,1,\n";
    let (records, _) = parts("gitea", file, Options::default());
    assert_eq!(records.len(), 1);
    assert_eq!(
        (records[0].created_at, records[0].locale.as_deref()),
        (Some(1_600_000_000_000), Some("de-DE"))
    );
    assert_eq!((records[0].roles.as_slice(), records[0].disabled), (&["admin".to_owned()][..], Fact::No));
    assert!(opens(&records[0].password, "correct horse é", &secrets(&[])));
}

#[test]
fn discourse_is_read() {
    let file = br#"{"users":[{"id":-1,"username":"system"},{"id":7,"username":"ann","name":"Ann O","active":true,"admin":true,"created_at":"2026-11-28 01:05:32"}],
        "user_emails":[{"user_id":7,"email":"ann@example.org","primary":true}],
        "user_passwords":[{"user_id":7,"password_hash":"54261c1cadcaf72aef6b0b2f809eb954bd97903f69c71bcb4da2c4441a4a682d",
          "password_salt":"0123456789abcdef0123456789abcdef","password_algorithm":"$pbkdf2-sha256$i=600000,l=32$"}],
        "user_second_factors":[{"user_id":7,"method":1,"data":"GEZDGNBVGY3TQOJQ","enabled":true},{"user_id":7,"method":2,"data":"x","enabled":true}],
        "user_associated_accounts":[{"user_id":7,"provider_name":"github","provider_uid":"42"}]}"#;
    let (records, supplements) = parts("discourse", file, Options::default());
    assert_eq!((records.len(), records[0].email_verified, records[0].roles.len()), (1, Fact::Yes, 1));
    assert_eq!(supplements.len(), 4);
    let [Addition::Password(password)] = &supplements[1].additions[..] else { panic!("no password") };
    assert!(opens(&Password::Foreign(password.clone()), "correct horse é", &secrets(&[])));
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
    let wrong = String::from_utf8_lossy(file).replace("otpauth", "http");
    assert_eq!(codes("kratos", wrong.as_bytes(), Options::default()), ["malformed"]);

    let file = b"{\"user_id\":\"auth0|1\",\"email\":\"ann@example.org\",\"email_verified\":true,\"given_name\":\"Ann\",\"blocked\":true,\
        \"identities\":[{\"provider\":\"auth0\",\"user_id\":\"1\"},{\"provider\":\"github\",\"user_id\":42}]}\n\
        {\"_id\":{\"$oid\":\"5f\"},\"email\":\"bob@example.org\",\"passwordHash\":\"$2b$10$x\"}\n";
    let (records, _) = parts("auth0", file, Options::default());
    assert_eq!((records[0].disabled, records[0].identities.len()), (Fact::Yes, 1));
    assert_eq!((records[1].id.as_str(), foreign(&records[1].password).1), ("auth0|5f", "$2b$10$x"));
}

#[test]
fn directus_ghost_strapi_and_the_flask_family_are_read() {
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
    let (records, _) = parts(
        "strapi",
        br#"[{"id":1,"confirmed":true,"blocked":false,"created_at":1600000000000}]"#,
        Options::default(),
    );
    assert_eq!((records[0].email_verified, records[0].created_at), (Fact::Yes, Some(1_600_000_000_000)));
    let (records, _) =
        parts("flask", b"id,email,password_hash\n1,a@example.org,scrypt:x\n", Options::default());
    assert_eq!(foreign(&records[0].password), ("werkzeug", "scrypt:x", None, None));
    let options = Options { format: Some(Format::JsonLines), ..Options::default() };
    let lines = b"{\"id\":\"u\",\"hashed_password\":\"$2b$12$x\",\"is_verified\":true,\"is_active\":false,\"is_superuser\":true}\n";
    let (records, _) = parts("fastapi-users", lines, options);
    assert_eq!((records[0].disabled, records[0].roles[0].as_str()), (Fact::Yes, "superuser"));
}
