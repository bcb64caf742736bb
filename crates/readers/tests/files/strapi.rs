//! Strapi.

use vestibule_readers::{Addition, Fact, Options, Password, Record};

use super::{foreign, parts, some};

const HASH: &str = "$2a$10$3yisKT7TbcF3u8vwmMF.Uu1Er9AVqY0bYMcqyakGcfwyVwp6edgDO";

/// A row of version 5 as the product has it, but for what is said otherwise.
fn records(other: &str) -> Vec<Record> {
    let file = format!(
        r#"[{{"document_id":"k1","email":"ann@example.org","password":"{HASH}",
          "reset_password_token":null,"confirmation_token":null,"created_at":1600000000000,
          "updated_at":1600000000000,"published_at":1600000000000,"created_by_id":null,"updated_by_id":null,
          "locale":null,"id":1,"username":"Ann",{other}}}]"#
    );
    parts("strapi", file.as_bytes(), Options::default()).0
}

#[test]
fn a_whole_row_is_read() {
    let found = records(r#""provider":"local","confirmed":1,"blocked":0"#);
    let ann = Record {
        id: "1".to_owned(),
        email: some("ann@example.org"),
        username: some("Ann"),
        created_at: Some(1_600_000_000_000),
        disabled: Fact::No,
        password: found[0].password.clone(),
        ..Record::default()
    };
    assert_eq!(found, [ann]);
    assert_eq!(foreign(&found[0].password), ("strapi", HASH, None, None));
    let text = br#"[{"id":1,"createdAt":"2026-11-28T01:05:32.395Z"}]"#;
    let (records, _) = parts("strapi", text, Options::default());
    assert_eq!(records[0].created_at, Some(1_795_827_932_395));
}

#[test]
fn flags_are_those_of_the_product() {
    assert_eq!(records(r#""blocked":true"#)[0].disabled, Fact::Yes);
    assert_eq!(records(r#""blocked":null"#)[0].disabled, Fact::No);
    assert_eq!(records(r#""confirmed":false"#)[0].email_verified, Fact::No);
    // Where nobody is asked to confirm one, all are confirmed.
    assert_eq!(records(r#""confirmed":true"#)[0].email_verified, Fact::Unsaid);
}

#[test]
fn an_account_of_a_provider_has_no_password() {
    let google = &records(r#""provider":"google","confirmed":1"#)[0];
    assert_eq!((&google.password, google.email.as_deref()), (&Password::None, Some("ann@example.org")));
    assert_ne!(records(r#""provider":null"#)[0].password, Password::None);
    // What the product writes for a provider that gives no address.
    let file = |provider: &str| {
        let row = format!(r#"[{{"id":1,"email":"ann@strapi.io","provider":"{provider}"}}]"#);
        parts("strapi", row.as_bytes(), Options::default()).0[0].email.clone()
    };
    assert_eq!((file("reddit"), file("local")), (None, some("ann@strapi.io")));
}

#[test]
fn roles_stand_in_the_row_or_beside_it() {
    assert_eq!(records(r#""role":{"id":3,"name":"Editor","type":"editor"}"#)[0].roles, ["editor"]);
    assert_eq!(records(r#""role":3"#)[0].roles, ["3"]);
    assert_eq!(records(r#""role":null"#)[0].roles, [] as [&str; 0]);
    for table in ["up_users_role_lnk", "up_users_role_links"] {
        let file = format!(
            r#"{{"up_users":[],"{table}":[{{"id":1,"user_id":1,"role_id":3,"user_ord":1}},{{"id":2,"user_id":null,"role_id":3}}]}}"#
        );
        let (_, supplements) = parts("strapi", file.as_bytes(), Options::default());
        assert_eq!((supplements.len(), supplements[0].account.as_str()), (1, "1"));
        assert_eq!(supplements[0].additions, [Addition::Roles(vec!["3".to_owned()])]);
    }
}
