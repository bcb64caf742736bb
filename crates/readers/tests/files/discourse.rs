//! Discourse, whose accounts stand in several tables.

use vestibule_readers::{Addition, Fact, FactorsSaid, Identity, Options, Password, Reader, Record, Wanted};
use vestibule_readers::{reads_factors, wants_factors_table};

use super::{codes, opens, parts, secrets, some};

const ROWS: &str = include_str!("../samples/discourse.rows.json");

#[test]
fn whole_rows_are_read() {
    let (records, supplements) = parts("discourse", ROWS.as_bytes(), Options::default());
    let user = |id: &str, username: &str, name: &str, created_at| Record {
        id: id.to_owned(),
        email_verified: Fact::Yes,
        username: some(username),
        name: some(name),
        created_at: Some(created_at),
        disabled: Fact::No,
        ..Record::default()
    };
    // Neither the product's own account nor one of somebody who only sent mail.
    let expected = [
        Record {
            locale: some("de"),
            roles: vec!["admin".to_owned()],
            ..user("7", "Ann", "Ann Ö", 1_795_827_932_395)
        },
        Record {
            email_verified: Fact::No,
            disabled: Fact::Until(33_260_893_532_000),
            ..user("8", "bob", "Bob", 1_795_827_933_000)
        },
        user("9", "tom", "Tom", 1_795_827_934_000),
    ];
    assert_eq!(records, expected);

    let of = |id: &str| -> Vec<&Addition> {
        let mine = supplements.iter().filter(|supplement| supplement.account == id);
        mine.flat_map(|supplement| &supplement.additions).collect()
    };
    // An address that is the account's own, and whether it was proven stands in its record.
    let address =
        |email: &str, primary| Addition::Email { email: email.to_owned(), verified: Fact::Unsaid, primary };
    let ann = of("7");
    assert_eq!((ann[0], ann[1]), (&address("ann@example.org", true), &address("ann2@example.org", false)));
    let Addition::Password(password) = ann[2] else { panic!("no password: {ann:?}") };
    let password = Password::Foreign(password.clone());
    assert!(opens(&password, "correct horse é", &secrets(&[])));
    assert!(!opens(&password, "correct horse e", &secrets(&[])));
    let Addition::Totp(totp) = ann[3] else { panic!("no secret: {ann:?}") };
    assert_eq!((totp.key(), totp.digits, totp.period), (&b"12345678901234567890"[..], 6, 30));
    let identity = Identity { provider: "github".to_owned(), subject: "42".to_owned() };
    assert_eq!((ann[4], ann.len()), (&Addition::Identity(identity), 5));

    // A password that ran out and a passkey, and a key that is a second factor.
    assert_eq!(of("8"), [&address("bob@example.org", true)]);
    let [own, Addition::FactorLost(_)] = of("9")[..] else { panic!("no key: {:?}", of("9")) };
    assert_eq!(own, &address("tom@example.org", true));
}

#[test]
fn people_without_a_name_have_no_address() {
    let file = br#"{"users":[{"id":7,"username":"anonymous7","active":true}],
        "user_emails":[{"user_id":7,"email":"0123@anonymous.invalid","primary":true}]}"#;
    let (records, supplements) = parts("discourse", file, Options::default());
    assert_eq!((records[0].email.as_deref(), supplements.len()), (None, 0));
}

#[test]
fn older_databases_have_addresses_and_hashes_in_the_users_table() {
    let file = br#"[{"id":7,"username":"ann","email":"ann@example.org","active":true,"salt":"0123",
        "password_hash":"54261c","password_algorithm":"$pbkdf2-sha256$i=64000,l=32$"}]"#;
    let (records, _) = parts("discourse", file, Options::default());
    assert_eq!(records[0].email.as_deref(), Some("ann@example.org"));
    let hash = ("discourse", "54261c", Some("0123"), Some("$pbkdf2-sha256$i=64000,l=32$"));
    assert_eq!(super::foreign(&records[0].password), hash);
}

#[test]
fn every_kind_of_second_factor_is_read_or_lost() {
    for (table, row, is_factor) in [
        ("user_second_factors", r#""method":1,"data":"GEZDGNBVGY3TQOJQ","enabled":false"#, false),
        ("user_second_factors", r#""method":2,"data":"{}","enabled":true"#, false),
        ("user_second_factors", r#""method":1,"data":"no base32!","enabled":true"#, true),
        ("user_second_factors", r#""method":3,"data":"x","enabled":true"#, true),
        ("user_security_keys", r#""factor_type":0,"enabled":true"#, true),
        ("user_security_keys", r#""factor_type":"0","enabled":"t""#, true),
        ("user_security_keys", r#""factor_type":0,"enabled":false"#, false),
        ("user_security_keys", r#""factor_type":1,"enabled":true"#, false),
        ("user_security_keys", r#""factor_type":2"#, true),
    ] {
        let file = format!(r#"{{"{table}":[{{"user_id":7,{row}}}]}}"#);
        let (_, supplements) = parts("discourse", file.as_bytes(), Options::default());
        let lost =
            matches!(supplements.first().map(|one| &one.additions[..]), Some([Addition::FactorLost(_)]));
        assert_eq!((lost, supplements.len()), (is_factor, usize::from(is_factor)), "{row}");
        let without = Options { factors: false, ..Options::default() };
        assert!(parts("discourse", file.as_bytes(), without).1.is_empty(), "{row}");
    }
    let nobodys = br#"{"user_security_keys":[{"user_id":7}]}"#;
    assert_eq!(codes("discourse", nobodys, Options::default()), ["missing"]);
}

#[test]
fn a_file_without_one_of_the_tables_of_factors_is_doubted() {
    let said = |file: &str, wanted| {
        let options = Options { wanted, ..Options::default() };
        let mut reader = Reader::open("discourse", file.as_bytes(), options).unwrap();
        while reader.next().is_some() {}
        reader.factors()
    };
    assert!(reads_factors("discourse") && wants_factors_table("discourse"));
    for wanted in [Wanted::Accounts, Wanted::Supplements, Wanted::All] {
        assert_eq!(said(ROWS, wanted), FactorsSaid::All);
        let missing = |name: &str| FactorsSaid::Unread(format!("the file has no table `{name}`"));
        let without = |name: &str| ROWS.replace(&format!("\"{name}\""), "\"other\"");
        assert_eq!(said(&without("user_security_keys"), wanted), missing("user_security_keys"));
        assert_eq!(said(&without("user_second_factors"), wanted), missing("user_second_factors"));
        assert_eq!(said(r#"{"users":[],"user_emails":[]}"#, wanted), FactorsSaid::Nothing);
        let empty = r#"{"users":[],"user_second_factors":[],"public.user_security_keys":[]}"#;
        assert_eq!(said(empty, wanted), FactorsSaid::All);
    }
}
