//! Gitea and Forgejo.

use serde_json::{Value, json};
use vestibule_readers::{Addition, Fact, FactorsSaid, Options, Password, Reader, Record};
use vestibule_readers::{reads_factors, wants_factors_table};

use super::{foreign, opens, parts, secrets, some};

const HASH: &str =
    "b0312ee887af080e3a11b6190796e1d1ea4b01e8a5b9e7743eeb7f08434218fa7cc27e1e2c6163e1459c406eba351e13c8ac";

/// A row of the table `user`, with all columns that the product has.
const ROW: &str = r#"{"id":0,"lower_name":"","name":"","full_name":"","email":"","keep_email_private":0,
    "email_notifications_preference":"enabled","passwd":"","passwd_hash_algo":"pbkdf2$50000$50",
    "must_change_password":0,"login_type":0,"login_source":0,"login_name":"","type":0,"location":"","website":"",
    "rands":"00","language":"de-DE","salt":"000102030405060708090a0b0c0d0e0f","description":"",
    "created_unix":1600000000,"updated_unix":1600000001,"last_login_unix":0,"last_repo_visibility":0,
    "max_repo_creation":-1,"is_active":1,"is_admin":0,"is_restricted":0,"allow_git_hook":0,
    "allow_import_local":0,"allow_create_organization":1,"prohibit_login":0,"avatar":"","avatar_email":"",
    "use_custom_avatar":0,"num_followers":0,"num_following":0,"num_stars":0,"num_repos":0,"num_teams":0,
    "num_members":0,"visibility":0,"repo_admin_change_team_access":0,"diff_view_style":"",
    "theme":"gitea-auto","keep_activity_private":0}"#;

/// Such a row of somebody, with these values instead.
fn row(id: i64, name: &str, other: &str) -> String {
    let mut row: Value = serde_json::from_str(ROW).unwrap();
    let email = format!("{name}@example.org");
    let mut own = json!({ "id": id, "lower_name": name, "name": name, "email": email, "passwd": HASH });
    let other: Value = serde_json::from_str(other).unwrap();
    own.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    for (key, value) in own.as_object().unwrap() {
        assert!(row.get(key).is_some(), "the product has no such column: {key}");
        row[key] = value.clone();
    }
    row.to_string()
}

fn records(other: &str) -> Vec<Record> {
    let file = format!("[{}]", row(1, "ann", other));
    parts("gitea", file.as_bytes(), Options::default()).0
}

#[test]
fn a_whole_row_is_read() {
    let found = records(r#"{"full_name":"Ann O","location":"Ulm"}"#);
    let ann = Record {
        id: "1".to_owned(),
        email: some("ann@example.org"),
        username: some("ann"),
        name: some("Ann O"),
        locale: some("de-DE"),
        created_at: Some(1_600_000_000_000),
        disabled: Fact::No,
        fields: [("location".to_owned(), "Ulm".to_owned())].into(),
        password: found[0].password.clone(),
        ..Record::default()
    };
    assert_eq!(found, [ann]);
    assert!(opens(&found[0].password, "correct horse é", &secrets(&[])));
    let (records, _) = parts("forgejo", format!("[{}]", row(1, "ann", "{}")).as_bytes(), Options::default());
    assert_eq!(foreign(&records[0].password).0, "gitea");
}

#[test]
fn only_people_are_accounts() {
    let others: Vec<String> = (0..=7).map(|kind| row(kind, "x", &format!(r#"{{"type":{kind}}}"#))).collect();
    let (records, _) = parts("gitea", format!("[{}]", others.join(",")).as_bytes(), Options::default());
    assert_eq!(records.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["0"]);
    let sheet = b"id,name,email,passwd,passwd_hash_algo,type,is_admin\n\
        1,ann,ann@example.org,,,0,t\n2,club,,,,1,f\n3,bot,bot@example.org,,,4,f\n";
    let (records, _) = parts("gitea", sheet, Options::default());
    assert_eq!((records.len(), records[0].roles[0].as_str()), (1, "admin"));
}

#[test]
fn flags_are_those_of_the_product() {
    assert_eq!(records(r#"{"prohibit_login":1}"#)[0].disabled, Fact::Yes);
    // Somebody who has not proven the address yet signs in there to do that.
    let waiting = &records(r#"{"is_active":0}"#)[0];
    assert_eq!((waiting.email_verified, waiting.disabled), (Fact::No, Fact::No));
    // Where nobody is asked to prove one, all are active.
    assert_eq!(records("{}")[0].email_verified, Fact::Unsaid);
    assert_eq!(records(r#"{"is_admin":1,"is_restricted":1}"#)[0].roles, ["admin", "restricted"]);
    assert_eq!(records(r#"{"is_admin":0,"is_restricted":0}"#)[0].roles, [] as [&str; 0]);
    let file = format!("[{}]", row(1, "ann", "{}"));
    let map = vestibule_readers::ColumnMap::parse(["email_verified=is_active"]).unwrap();
    let (records, _) = parts("gitea", file.as_bytes(), Options { map, ..Options::default() });
    assert_eq!(records[0].email_verified, Fact::Yes);
}

#[test]
fn a_password_that_another_server_checks_is_none() {
    for (kind, has_one) in
        [(0, true), (1, true), (2, false), (3, false), (4, false), (5, false), (6, true), (7, false)]
    {
        let found = records(&format!(r#"{{"login_type":{kind},"login_source":1}}"#));
        assert_eq!(found[0].password != Password::None, has_one, "{kind}");
    }
}

#[test]
fn addresses_are_supplements() {
    let file = br#"{"email_address":[
        {"id":1,"uid":1,"email":"Ann@example.org","lower_email":"ann@example.org","is_activated":1,"is_primary":1},
        {"id":2,"uid":1,"email":"b@example.org","lower_email":"b@example.org","is_activated":0,"is_primary":0}]}"#;
    let (_, supplements) = parts("gitea", file, Options::default());
    let address =
        |email: &str, verified, primary| vec![Addition::Email { email: email.to_owned(), verified, primary }];
    let found: Vec<_> = supplements.into_iter().map(|one| one.additions).collect();
    assert_eq!(
        found,
        [address("Ann@example.org", Fact::Unsaid, true), address("b@example.org", Fact::No, false)]
    );
}

#[test]
fn every_second_factor_is_lost() {
    let file =
        br#"{"user":[],"two_factor":[{"id":1,"uid":1,"secret":"ZW5j","scratch_salt":"s","scratch_hash":"h",
          "last_used_passcode":"123456","created_unix":1600000000,"updated_unix":1600000000}],
        "webauthn_credential":[{"id":1,"name":"Key","lower_name":"key","user_id":2,"credential_id":"AAAA",
          "public_key":"AA==","attestation_type":"none","aaguid":"","sign_count":1,"clone_warning":0}],
        "u2f_registration":[{"id":1,"name":"Old","user_id":3,"raw":"","counter":1}]}"#;
    let (_, supplements) = parts("forgejo", file, Options::default());
    for (supplement, account) in supplements.iter().zip(["1", "2", "3"]) {
        assert_eq!(supplement.account, account);
        assert!(matches!(supplement.additions[..], [Addition::FactorLost(_)]));
    }
    assert_eq!(supplements.len(), 3);
    let without = Options { factors: false, ..Options::default() };
    assert!(parts("gitea", file, without).1.is_empty());

    let said = |file: &[u8]| {
        let mut reader = Reader::open("gitea", file, Options::default()).unwrap();
        while reader.next().is_some() {}
        reader.factors()
    };
    assert!(["gitea", "forgejo"].iter().all(|name| reads_factors(name) && wants_factors_table(name)));
    assert_eq!(said(file), FactorsSaid::All);
    let missing = FactorsSaid::Unread("the file has no table `webauthn_credential`".to_owned());
    assert_eq!(said(br#"{"user":[],"two_factor":[]}"#), missing);
    assert_eq!(said(b"[]"), FactorsSaid::Nothing);
}
