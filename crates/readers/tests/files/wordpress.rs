//! WordPress and MediaWiki.

use std::collections::BTreeMap;

use vestibule_readers::{Addition, Fact, Options, Password, Record, Wanted};

use super::{codes, foreign, opens, parts, some};

const WORDPRESS: &[u8] = include_bytes!("../samples/wordpress.rows.json");
const MEDIAWIKI: &[u8] = include_bytes!("../samples/mediawiki.rows.json");

#[test]
fn wordpress_users_are_read() {
    let (records, supplements) = parts("wordpress", WORDPRESS, Options::default());
    let expected = [
        (
            "1",
            "admin",
            "admin@example.org",
            "admin",
            1_795_828_967_000,
            "$wp$2y$10$eRfbFac7tcMCatQzbvSQT.zFJXPKNqVtMhIBy5wwg8zjGI4oBxDty",
        ),
        (
            "2",
            "Ann Example",
            "Ann@Example.org",
            "Ann Ö",
            1_795_829_006_000,
            "$wp$2y$10$MuXGh6f7EiWHAStkVb8gbeFcrIRezUj3fPVW.91hBN4I5D6.tZkX2",
        ),
        (
            "3",
            "bob",
            "bob@example.org",
            "bob",
            1_795_829_006_000,
            "$wp$2y$10$SsBsVgOJG4B5LtaprZHvVOIZJvGOEf1sVusrDLdbOc/laLoQzRjCq",
        ),
        (
            "4",
            "old1",
            "old1@example.org",
            "old1",
            1_795_829_009_000,
            "$wp$2y$10$YZ.gBjfl2Nwh5PwcG5IfZ.V28L9fVPlYmr/87//I5Ua8sOqllVyDO",
        ),
        (
            "5",
            "old2",
            "old2@example.org",
            "old2",
            1_795_829_009_000,
            "$wp$2y$10$eaIrGma2.clLJnjIVmu3/.X77TCJAEIS5Y2x6ziPMvl7uMX8SJYcu",
        ),
        (
            "6",
            "old3",
            "old3@example.org",
            "old3",
            1_795_829_010_000,
            "$wp$2y$10$4v4/py2/t6KQIC5LFyH1TegnOjuzOovXrKTZDrN6Vr4AaYK2IRIRu",
        ),
        (
            "7",
            "old4",
            "old4@example.org",
            "old4",
            1_795_829_011_000,
            "$wp$2y$10$QjKRnJW67MX5oh8F1qRjJObB7yjd3OtA3fhy7AOLHnqM6dRBcG9Gy",
        ),
        (
            "8",
            "quote",
            "quote@example.org",
            "quote",
            1_795_829_034_000,
            "$wp$2y$10$Wcn1HhA08C/vl4ioMz2hn.QPzLIg86o8zlXzEEDePHo.mwBVqZ9Uq",
        ),
        (
            "9",
            "wasm84",
            "wasm84@example.org",
            "wasm84",
            1_795_829_156_000,
            "$wp$2y$12$6VypSOApLnRfX.DnfMblI.YdIa6ka8QgpS.lWMfQn.8EEVY/jpLoi",
        ),
        (
            "10",
            "wasm85",
            "wasm85@example.org",
            "wasm85",
            1_795_829_171_000,
            "$wp$2y$12$DJA5YiqsJOmZO3AhY6IzLeRATgxZrQ7KTu/VIx3b3zh3SQY4UOWJK",
        ),
    ];
    assert_eq!(records.len(), expected.len());
    for (record, (id, username, email, name, created_at, hash)) in records.iter().zip(expected) {
        assert_eq!(foreign(&record.password), ("wordpress", hash, None, None));
        let mut right = Record {
            id: id.to_owned(),
            username: some(username),
            email: some(email),
            name: some(name),
            created_at: Some(created_at),
            password: record.password.clone(),
            ..Record::default()
        };
        if id == "1" {
            right.fields = BTreeMap::from([("user_url".to_owned(), "http://localhost".to_owned())]);
        }
        assert_eq!(*record, right);
    }
    // Of what stands about them, the names and the language are empty, and an application's password is not
    // the account's.
    assert_eq!(supplements.len(), 1);
    assert_eq!(supplements[0].account, "2");
    assert_eq!(supplements[0].additions, [Addition::Roles(vec!["subscriber".to_owned()])]);

    let peppers = super::secrets(&[]);
    assert!(opens(&records[1].password, "correct horse battery", &peppers));
    assert!(opens(&records[2].password, "cafe\u{301}-Straße ﬁn", &peppers));
    assert!(opens(&records[3].password, "old phpass pass", &peppers));
    assert!(opens(&records[7].password, "O'Neil \"x\" pass", &peppers));
}

#[test]
fn wordpress_tables_are_read_as_csv() {
    let users = b"ID,user_login,user_pass,user_email,user_registered,display_name\r\n\
        5,\"Ann \"\"A\"\", Example\",$P$Bfg6lt5Ah.nSYfFHqWAnMImCA0PtZ21,Ann@Example.org,0000-00-00 00:00:00,\"Ann\n\xc3\x96\"\r\n";
    let (records, _) = parts("wordpress", users, Options::default());
    assert_eq!(records[0].username.as_deref(), Some("Ann \"A\", Example"));
    assert_eq!((records[0].name.as_deref(), records[0].created_at), (Some("Ann\nÖ"), None));
    let meta = b"umeta_id,user_id,meta_key,meta_value\n\
        1,5,first_name,Ann\n2,5,last_name,\xc3\x96\n3,5,locale,de_DE\n4,5,site7_capabilities,\"a:1:{s:6:\"\"editor\"\";b:1;}\"\n\
        5,5,site7_capabilities,editor\n6,5,nickname,x\n";
    let table = || Options { table: some("site7_usermeta"), ..Options::default() };
    assert_eq!(codes("wordpress", meta, table()), ["malformed"]);
    let broken = b"umeta_id,user_id,meta_key,meta_value\n1,5,first_name,\xff\n2,5,first_name,Ann\n";
    for (wanted, expected) in [(Wanted::Accounts, None), (Wanted::Supplements, Some("not_utf8"))] {
        let told = codes("wordpress", broken, Options { wanted, ..table() });
        assert_eq!(told.first().copied(), expected);
    }
    let found: Vec<_> = super::read("wordpress", meta, table()).into_iter().filter_map(Result::ok).collect();
    let additions: Vec<_> = found
        .iter()
        .map(|found| match &found.part {
            vestibule_readers::Part::Supplement(supplement) => supplement.additions[0].clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        Addition::Firstname("Ann".to_owned()),
        Addition::Lastname("Ö".to_owned()),
        Addition::Locale("de_DE".to_owned()),
        Addition::Roles(vec!["editor".to_owned()]),
    ];
    assert_eq!(additions, expected);
}

#[test]
fn mediawiki_users_are_read() {
    let (records, _) = parts("mediawiki", MEDIAWIKI, Options::default());
    let expected = [
        ("1", "Admin", 1_795_829_517_000),
        ("2", "MediaWiki default", 1_795_829_517_000),
        ("3", "Bob", 1_795_829_518_000),
        ("4", "Nfd user", 1_795_829_571_000),
    ];
    assert_eq!(records.len(), 4);
    for (record, (id, username, created_at)) in records.iter().zip(expected) {
        let right = Record {
            id: id.to_owned(),
            username: some(username),
            email_verified: Fact::No,
            created_at: Some(created_at),
            password: record.password.clone(),
            ..Record::default()
        };
        assert_eq!(*record, right);
    }
    assert_eq!(records[1].password, Password::None);
    let hash = ":pbkdf2:sha512:30000:64:Y80Hr17xYbzZPq7oHN5JAQ==:RRKLH/N4dcJ2NPlfNxZJPq9DshM2t7ECohxVK/+XCqEXJJCRt1PKdcF6v1Ge5FtJTUzVqE5Oi4cm9afDRF5a/g==";
    assert_eq!(foreign(&records[2].password), ("mediawiki", hash, None, None));
    assert!(opens(&records[3].password, "cafe\u{301}-Straße ﬁn", &super::secrets(&[])));

    let proven = b"user_id,user_name,user_email,user_email_authenticated,user_password\n\
        9,Ann,Ann@example.org,20261128013157,\n";
    let (records, _) = parts("mediawiki", proven, Options::default());
    assert_eq!(records[0].email_verified, Fact::Since(1_795_829_517_000));
}
