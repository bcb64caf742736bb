//! better-auth, Payload and NodeBB.

use std::collections::BTreeMap;

use vestibule_readers::{Addition, Fact, Identity, Options, Password, Record};

use super::{foreign, opens, parts, read, secrets, some};

const BETTER_AUTH: &[u8] = include_bytes!("../samples/better-auth.rows.json");
const PAYLOAD: &[u8] = include_bytes!("../samples/payload.rows.json");
const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";

fn with_secret() -> Options {
    Options { secrets: secrets(&[("better-auth", APP_SECRET)]), ..Options::default() }
}

#[test]
fn better_auth_is_read() {
    let (records, supplements) = parts("better-auth", BETTER_AUTH, with_secret());
    let user = |id: &str, name: &str, email: &str, created_at, username: Option<(&str, &str)>| Record {
        id: id.to_owned(),
        name: some(name),
        email: some(email),
        email_verified: Fact::No,
        username: username.map(|(_, shown)| shown.to_owned()),
        created_at: Some(created_at),
        disabled: Fact::No,
        roles: vec!["user".to_owned()],
        fields: username
            .map(|(_, shown)| BTreeMap::from([("displayUsername".to_owned(), shown.to_owned())]))
            .unwrap_or_default(),
        ..Record::default()
    };
    let (ann, bob, tom) = (
        "rBrdDEm551ev13byRJhuWz05uSJv6mas",
        "XnZx8KWDEb6ZTlbWNmAwVGBHeRjvUiOu",
        "okK61O5B598BISYCr4TAMaQd3aGkNyc2",
    );
    let expected = [
        user(ann, "Ann Ö", "ann@example.org", 1_795_827_932_395, Some(("ann.example", "Ann.Example"))),
        user(bob, "Bob", "bob@example.org", 1_795_827_932_846, None),
        Record {
            has_factor: true,
            ..user(tom, "Tom", "tom@example.org", 1_795_827_933_328, Some(("tom", "tom")))
        },
    ];
    assert_eq!(records, expected);

    let accounts: Vec<&str> = supplements.iter().map(|supplement| supplement.account.as_str()).collect();
    assert_eq!(accounts, [ann, bob, tom, tom]);
    let typed = ["correct horse battery", "cafe\u{301}-Straße ﬁn", "two factor pass"];
    for (supplement, typed) in supplements.iter().zip(typed) {
        let [Addition::Password(password)] = &supplement.additions[..] else { panic!("no password") };
        assert_eq!(password.recipe, "better-auth");
        assert!(opens(&Password::Foreign(password.clone()), typed, &secrets(&[])), "{typed}");
    }
    let [Addition::Totp(totp), Addition::RecoveryCodes(codes)] = &supplements[3].additions[..] else {
        panic!("no factors")
    };
    assert_eq!(totp.key(), b"q08ZRsNb7ct7tcu2LMMqnFAvQO9Olmu_");
    let expected = [
        "THDsx-IqTgU",
        "M4jt2-ZmAQ0",
        "7yIir-HkqhR",
        "WmV3w-lzx2x",
        "f06CT-A2Nnr",
        "iVBo5-7o7wl",
        "9Is9G-YuIgx",
        "zRuyc-OpXE9",
        "ZYm5A-wfgZy",
        "7iClL-lOXCH",
    ];
    assert_eq!(codes.iter().collect::<Vec<_>>(), expected);
}

#[test]
fn factors_of_better_auth_want_the_secret() {
    // The account has a factor all the same, and whose it is is said.
    for given in [&[][..], &[("better-auth", "another")]] {
        let options = Options { secrets: secrets(given), ..Options::default() };
        let (_, supplements) = parts("better-auth", BETTER_AUTH, options);
        let lost = supplements.iter().filter(|one| matches!(one.additions[..], [Addition::FactorLost(_)]));
        assert_eq!(
            lost.map(|one| one.account.as_str()).collect::<Vec<_>>(),
            ["okK61O5B598BISYCr4TAMaQd3aGkNyc2"]
        );
    }
    let options = Options { factors: false, ..Options::default() };
    assert_eq!(read("better-auth", BETTER_AUTH, options).len(), 6);
}

#[test]
fn corners_of_better_auth() {
    let file = br#"{"session":[{"id":1}],"twoFactor":[{"userId":"a","secret":"x","backupCodes":"y","verified":false}],
        "account":[{"userId":"a","providerId":"github","accountId":"42","password":null},
          {"userId":"a","providerId":"credential","accountId":"a","password":null}],
        "user":[{"id":"a","email":"a@example.org","emailVerified":true,"banned":true,"banExpires":"1970-01-01T00:00:01Z"},
          {"id":"b","email":"b@example.org","emailVerified":1,"banned":1}]}"#;
    let (records, supplements) = parts("better-auth", file, with_secret());
    assert_eq!(records[0].disabled, Fact::Until(1000));
    assert_eq!((records[0].email_verified, records[1].disabled), (Fact::Yes, Fact::Yes));
    let identity = Identity { provider: "github".to_owned(), subject: "42".to_owned() };
    assert_eq!(supplements.len(), 1);
    assert_eq!(supplements[0].additions, [Addition::Identity(identity)]);
}

#[test]
fn a_username_of_better_auth_is_as_its_owner_typed_it() {
    for (row, username, name) in [
        (r#""username":"ann.example","displayUsername":"Ann.Example","name":"Ann""#, "Ann.Example", "Ann"),
        (r#""username":"ann.example","displayUsername":"Ann.Example","name":"""#, "Ann.Example", ""),
        (r#""username":"élan","displayUsername":"ÉLAN""#, "ÉLAN", ""),
        // A text of its own, and a site that changes more than the case.
        (r#""username":"ann","displayUsername":"Ann O","name":"Ann""#, "ann", "Ann"),
        (r#""username":"ann","displayUsername":"Ann O","name":"""#, "ann", "Ann O"),
        (r#""username":"ann","displayUsername":"4nn""#, "ann", "4nn"),
        (r#""username":"ann","displayUsername":null,"name":"Ann""#, "ann", "Ann"),
        (r#""username":null,"displayUsername":"Ann O""#, "", "Ann O"),
    ] {
        let file = format!(r#"{{"user":[{{"id":"a","email":"a@example.org",{row}}}]}}"#);
        let (records, _) = parts("better-auth", file.as_bytes(), Options::default());
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        assert_eq!(
            (text(&records[0].username), text(&records[0].name)),
            (username.to_owned(), name.to_owned())
        );
    }
}

#[test]
fn payload_is_read() {
    let (records, _) = parts("payload", PAYLOAD, Options::default());
    let expected = [
        (
            "1",
            "ann",
            "ann@example.org",
            1_795_828_753_220,
            "pbkdf2-sha256-v1:b32ffcfa3ef6d1719de81ff47a8832427db1dbbeaa1b23c897562c7fe1281539",
            "ea4ad70e46c05b4436f36dba51f48b4ff31521fbb9ec30d3efe19ce048954b3b",
        ),
        (
            "2",
            "bob",
            "bob@example.org",
            1_795_828_754_416,
            "pbkdf2-sha256-v1:7e65cf08d1acef4ee428d9caa969d38cc54bd01561a87cea9722a08849e21897",
            "50fb691de6c3fc037d8501914e56fe8161d04cf3b7acc2f4f3efd7ca47db34cf",
        ),
    ];
    assert_eq!(records.len(), 2);
    for (record, (id, username, email, created_at, hash, salt)) in records.iter().zip(expected) {
        assert_eq!(foreign(&record.password), ("payload", hash, Some(salt), None));
        let right = Record {
            id: id.to_owned(),
            username: some(username),
            email: some(email),
            created_at: Some(created_at),
            password: record.password.clone(),
            ..Record::default()
        };
        assert_eq!(*record, right);
    }
    assert!(opens(&records[0].password, "correct horse battery", &secrets(&[])));
    assert!(opens(&records[1].password, "cafe\u{301}-Straße ﬁn", &secrets(&[])));
}

#[test]
fn nodebb_objects_are_read() {
    let file = b"{\"_key\":\"user:7\",\"uid\":7,\"username\":\"ann\",\"email\":\"ann@example.org\",\"email:confirmed\":1,\
        \"joindate\":1600000000000,\"password:shaWrapped\":1,\
        \"password\":\"$2b$12$q5/VWa75bWULcIekupTcp.hrokMgPhyEDgAJwlAbtCnHyarIKoyeW\"}\n\
        {\"_key\":\"user:7:settings\",\"uid\":7}\n{\"_key\":\"global\"}\n\
        {\"_key\":\"user:8\",\"uid\":8,\"username\":\"bob\",\"password\":\"$2a$12$x\",\"banned\":1}\n";
    let (records, _) = parts("nodebb", file, Options::default());
    assert_eq!(records.len(), 2);
    assert_eq!((records[0].id.as_str(), records[0].email_verified), ("7", Fact::Yes));
    assert_eq!(records[0].created_at, Some(1_600_000_000_000));
    assert!(opens(&records[0].password, "correct horse é", &secrets(&[])));
    assert_eq!(foreign(&records[1].password).0, "nodebb-unwrapped");
    assert_eq!(records[1].disabled, Fact::Yes);
}
