//! Django and django-allauth.

use recipes::factors::TotpDigest;
use vestibule_readers::{Addition, Fact, Format, Options, Password, Record, Supplement, Wanted};

use super::{codes, foreign, opens, parts, read, some};

const DUMPDATA: &[u8] = include_bytes!("../samples/django-allauth.dumpdata.json");
const ROWS: &[u8] = include_bytes!("../samples/django-allauth.sqlite-rows.json");

const ANN: &str = "pbkdf2_sha256$1500000$FKRUJKmAcYj4dnW7ZH1UeV$OUNnHOpewepMSPb8q6vgrRVFJrF7o/d316xAE8G7CFI=";
const BOB: &str = "pbkdf2_sha256$1500000$4HIP1ugnCqp29XiDbxz3Zr$3scc5ChySuZ9HuyP3wSriUe+1RNcOHBhRXwCQam1n7I=";
const TOM: &str = "pbkdf2_sha256$1500000$cm6j7gQjDN6vYmaHHR26Xo$/X1SNc7Uf+/FMGEFGhJF/n3lGgZDhvfyGD2AIUGtdZ4=";
const GONE: &str =
    "pbkdf2_sha256$1500000$2QtQMXNFLC4kUIG4eRmGvL$YSQEUIxAQ8BP8IMBpPKrXMC0ORloL0+Pmksk2SalLWg=";

/// Whatever of an account has no value of its own here is not in the file.
fn user(id: &str, username: &str, email: &str, created_at: i64, disabled: Fact) -> Record {
    Record {
        id: id.to_owned(),
        username: some(username),
        email: some(email),
        created_at: Some(created_at),
        disabled,
        ..Record::default()
    }
}

fn check(records: &[Record], supplements: &[Supplement]) {
    let hashes = [Some(ANN), Some(BOB), Some(TOM), None, Some(GONE)];
    let expected = [
        user("1", "Ann.Example", "ann@example.org", 1_795_828_182_392, Fact::No),
        user("2", "bob", "bob@example.org", 1_795_828_185_197, Fact::No),
        user("3", "tom", "tom+x@example.org", 1_795_828_188_015, Fact::No),
        user("4", "nopass", "NoPass@example.org", 1_795_828_192_954, Fact::No),
        user("5", "inactive", "x@example.org", 1_795_828_193_041, Fact::Yes),
    ];
    assert_eq!(records.len(), 5);
    for ((record, expected), hash) in records.iter().zip(expected).zip(hashes) {
        match hash {
            Some(hash) => assert_eq!(foreign(&record.password), ("django", hash, None, None)),
            None => assert_eq!(record.password, Password::None),
        }
        assert_eq!(Record { password: Password::None, ..record.clone() }, expected);
    }

    let accounts: Vec<&str> = supplements.iter().map(|supplement| supplement.account.as_str()).collect();
    assert_eq!(accounts, ["1", "2", "3", "3", "3"]);
    for (supplement, (email, verified)) in supplements.iter().zip([
        ("ann@example.org", Fact::No),
        ("bob@example.org", Fact::No),
        ("tom+x@example.org", Fact::Yes),
    ]) {
        let address = Addition::Email { email: email.to_owned(), verified, primary: true };
        assert_eq!(supplement.additions, [address]);
    }
    let [Addition::Totp(totp)] = &supplements[3].additions[..] else { panic!("no secret") };
    let key = [
        0x6e, 0xdf, 0x78, 0x20, 0x58, 0x04, 0x5c, 0xb8, 0x91, 0x11, 0xd3, 0xad, 0x6f, 0xe6, 0x67, 0xa0, 0x48,
        0x62, 0x4b, 0x11,
    ];
    assert_eq!((totp.key(), totp.digest, totp.digits, totp.period), (&key[..], TotpDigest::Sha1, 6, 30));
    let [Addition::RecoveryCodes(codes)] = &supplements[4].additions[..] else { panic!("no codes") };
    let unused = [
        "56951917", "78776654", "43514337", "25947612", "12406588", "92895730", "80197619", "93716824",
        "49258041",
    ];
    assert_eq!(codes.iter().collect::<Vec<_>>(), unused);
}

#[test]
fn dumpdata_is_read() {
    let (records, supplements) = parts("django", DUMPDATA, Options::default());
    check(&records, &supplements);
    let peppers = super::secrets(&[]);
    assert!(opens(&records[0].password, "correct horse battery", &peppers));
    assert!(!opens(&records[0].password, "correct horse batterz", &peppers));
    assert!(opens(&records[1].password, "cafe\u{301}-Straße ﬁn", &peppers));
}

#[test]
fn rows_of_its_tables_are_read() {
    let (records, supplements) = parts("django-allauth", ROWS, Options::default());
    check(&records, &supplements);
}

#[test]
fn a_file_is_read_in_two_passes() {
    let pass = |wanted| parts("django", DUMPDATA, Options { wanted, ..Options::default() });
    let (records, none) = pass(Wanted::Accounts);
    assert!(none.is_empty());
    let (none, supplements) = pass(Wanted::Supplements);
    assert!(none.is_empty());
    check(&records, &supplements);
}

#[test]
fn what_is_refused_is_told_in_one_of_two_passes() {
    let file = br#"{"account_emailaddress":[{"id":1}],"auth_user":[{"email":"x"},{"id":1}],"mfa_authenticator":[7]}"#;
    let pass = |wanted| {
        let items = read("django", file, Options { wanted, ..Options::default() });
        items.iter().map(|item| item.as_ref().map_or_else(|error| error.code(), |_| "")).collect::<Vec<_>>()
    };
    assert_eq!(pass(Wanted::Accounts), ["missing", ""]);
    assert_eq!(pass(Wanted::Supplements), ["missing", "not_an_object"]);
    assert_eq!(pass(Wanted::All), ["missing", "missing", "", "not_an_object"]);
}

#[test]
fn factors_can_be_left() {
    let options = Options { factors: false, ..Options::default() };
    let (records, supplements) = parts("django", DUMPDATA, options);
    assert_eq!((records.len(), supplements.len()), (5, 3));
}

#[test]
fn a_factor_that_cannot_be_read_is_its_accounts_all_the_same() {
    for (model, fields) in [
        ("mfa.authenticator", r#""type":"totp","data":{}"#),
        ("mfa.authenticator", r#""type":"webauthn","data":{"credential":{}}"#),
        ("otp_totp.totpdevice", r#""confirmed":true,"key":"00""#),
        ("otp_email.emaildevice", r#""name":"x""#),
    ] {
        let file = format!(r#"[{{"model":"{model}","pk":1,"fields":{{"user":7,{fields}}}}}]"#);
        let (_, supplements) = parts("django", file.as_bytes(), Options::default());
        assert_eq!(supplements[0].account, "7", "{model}");
        assert!(matches!(supplements[0].additions[..], [Addition::FactorLost(_)]), "{model} {fields}");
        let options = Options { factors: false, ..Options::default() };
        assert_eq!(read("django", file.as_bytes(), options).len(), 0, "{model}");
    }
    let unused =
        br#"[{"model":"otp_totp.totpdevice","pk":1,"fields":{"user":7,"confirmed":false,"key":"00"}}]"#;
    assert_eq!(read("django", unused, Options::default()).len(), 0);
}

#[test]
fn a_site_has_its_own_model() {
    let file = br#"[{"model":"sessions.session","pk":"x","fields":{}},
        {"model":"people.person","pk":"8f14","fields":{"email":"Ann@example.org","is_superuser":true,
         "is_staff":true,"is_active":true,"password":""}},
        {"model":"socialaccount.socialaccount","pk":1,"fields":{"user":"8f14","provider":"google","uid":"77"}}]"#;
    let own = Options { accounts: some("people.Person"), ..Options::default() };
    let (records, supplements) = parts("django", file, own);
    assert_eq!((records[0].id.as_str(), records[0].email.as_deref()), ("8f14", Some("Ann@example.org")));
    assert_eq!(records[0].roles, ["superuser", "staff"]);
    let identity = vestibule_readers::Identity { provider: "google".to_owned(), subject: "77".to_owned() };
    assert_eq!(supplements[0].additions, [Addition::Identity(identity)]);
    let usual = read("django", file, Options::default());
    assert_eq!(usual.len(), 1, "no account, and what stands about one");
}

#[test]
fn lines_and_a_table_alone_are_read() {
    let lines = b"{\"model\":\"auth.user\",\"pk\":1,\"fields\":{\"email\":\"a@example.org\"}}\n\
        {\"model\":\"account.emailaddress\",\"pk\":1,\"fields\":{\"user\":1,\"email\":\"a@example.org\",\"verified\":true}}\n";
    let options = Options { format: Some(Format::JsonLines), ..Options::default() };
    let (records, supplements) = parts("django", lines, options);
    assert_eq!((records.len(), supplements.len()), (1, 1));
    let sheet = b"id,username,email,is_active,date_joined,password\n\
        7,ann,a@example.org,t,2026-11-28 01:09:42.392627+00,!x\n";
    let (records, _) = parts("django", sheet, Options::default());
    assert_eq!(records, [user("7", "ann", "a@example.org", 1_795_828_182_392, Fact::No)]);
    let addresses = b"id,user_id,email,verified,primary\n1,7,a@example.org,f,t\n";
    let options = Options { table: some("account_emailaddress"), ..Options::default() };
    let (_, supplements) = parts("django", addresses, options);
    assert_eq!(supplements[0].account, "7");
}

#[test]
fn objects_that_are_no_rows_are_refused() {
    for (file, expected) in [
        (r#"[{"model":"auth.user","pk":1,"fields":{"is_active":2}}]"#, "not_yes_or_no"),
        (r#"[{"model":"auth.user","pk":1,"fields":[]}]"#, "malformed"),
        (r#"[{"model":"auth.user","pk":1.5,"fields":{}}]"#, "not_text"),
        (r#"[{"model":"auth.user","fields":{}}]"#, "missing"),
        (r#"[{"model":"auth.user","pk":1,"fields":{"date_joined":"soon"}}]"#, "not_a_time"),
        (r#"[{"model":"auth.user","pk":1,"fields":{"email":5}}]"#, "not_text"),
        (r#"[{"model":"account.emailaddress","pk":1,"fields":{"user":1,"email":"x"}}]"#, "missing"),
        (r#"[{"model":"mfa.authenticator","pk":1,"fields":{"type":"totp","data":{}}}]"#, "missing"),
    ] {
        assert_eq!(codes("django", file.as_bytes(), Options::default())[0], expected, "{file}");
    }
}
