//! Files of nobody's product, and columns of the site's own.

use std::collections::BTreeMap;

use vestibule_readers::{ColumnMap, Fact, Options, Password, Record};

use super::{codes, foreign, opens, parts, secrets, some};

fn mapped(pairs: &[&str], recipe: Option<&str>) -> Options {
    let map = ColumnMap::parse(pairs.iter().copied()).unwrap();
    Options { map, recipe: recipe.map(str::to_owned), ..Options::default() }
}

#[test]
fn columns_with_our_names_need_no_map() {
    let file = b"id,email,email_verified,username,name,firstname,lastname,locale,created_at,disabled,role,totp,recovery_codes,other\n\
        7,Ann@example.org,yes,ann,Ann O,Ann,O,de,2026-11-28T01:05:32.395Z,0,editor,GEZDGNBVGY3TQOJQ,\"a1,b2\",x\n";
    let (records, _) = parts("declared", file, Options::default());
    let right = Record {
        id: "7".to_owned(),
        email: some("Ann@example.org"),
        email_verified: Fact::Yes,
        username: some("ann"),
        name: some("Ann O"),
        firstname: some("Ann"),
        lastname: some("O"),
        locale: some("de"),
        created_at: Some(1_795_827_932_395),
        disabled: Fact::No,
        roles: vec!["editor".to_owned()],
        totp: records[0].totp.clone(),
        recovery_codes: records[0].recovery_codes.clone(),
        ..Record::default()
    };
    assert_eq!(records, [right]);
    assert_eq!(records[0].totp.as_ref().unwrap().key(), b"1234567890");
    assert_eq!(records[0].recovery_codes.as_ref().unwrap().iter().collect::<Vec<_>>(), ["a1", "b2"]);
}

#[test]
fn a_map_names_columns_and_a_recipe_reads_the_hash() {
    let options = || {
        mapped(
            &[
                "id=nr",
                "email=mail,created_at_seconds=joined",
                "enabled=open",
                "fields.town=city",
                "password_salt=salt,password=hash",
            ],
            Some("hex(sha1) | digest(sha1,place=before,salt=text,digest=hex)"),
        )
    };
    let sheet = b"nr,mail,joined,open,city,salt,hash\n\
        7,Ann@example.org,1600000000,false,Ulm,abcdef0123456789abcdef0123456789,24a8455aefae07f5539dc2f5faa3ae748cbdb022\n";
    let (records, _) = parts("csv", sheet, options());
    let right = Record {
        id: "7".to_owned(),
        email: some("Ann@example.org"),
        created_at: Some(1_600_000_000_000),
        disabled: Fact::Yes,
        fields: BTreeMap::from([("town".to_owned(), "Ulm".to_owned())]),
        password: records[0].password.clone(),
        ..Record::default()
    };
    assert_eq!(records, [right]);
    assert!(opens(&records[0].password, "correct horse é", &secrets(&[])));
    let lines = b"{\"nr\":7,\"mail\":\"Ann@example.org\",\"joined\":1600000000,\"open\":false,\"city\":\"Ulm\",\
        \"salt\":\"abcdef0123456789abcdef0123456789\",\"hash\":\"24a8455aefae07f5539dc2f5faa3ae748cbdb022\"}\n";
    assert_eq!(parts("jsonl", lines, options()).0, records);
}

#[test]
fn an_address_is_an_id_where_there_is_no_other() {
    let (records, _) = parts("csv", b"mail\nAnn@example.org\n", mapped(&["email=mail"], None));
    assert_eq!(records[0].id, "Ann@example.org");
    assert_eq!(codes("csv", b"id,email,name\n,,Ann\n", Options::default()), ["missing"]);
}

#[test]
fn a_hash_without_a_recipe_is_refused() {
    let file = b"id,email,password\n7,a@example.org,$2b$12$x\n8,b@example.org,\n";
    assert_eq!(codes("csv", file, Options::default()), ["recipe_missing"]);
    let (records, _) = parts("csv", file, mapped(&[], Some("bcrypt")));
    assert_eq!(foreign(&records[0].password), ("bcrypt", "$2b$12$x", None, None));
    assert_eq!(records[1].password, Password::None);
}

#[test]
fn a_map_works_over_a_products_columns() {
    let file =
        br#"[{"id":1,"email":"a@example.org","encrypted_password":"","crypted":"$2a$12$x","nick":"ann"}]"#;
    let (records, _) = parts("devise", file, mapped(&["username=nick,password=crypted"], None));
    assert_eq!(records[0].username.as_deref(), Some("ann"));
    assert_eq!(foreign(&records[0].password), ("devise", "$2a$12$x", None, None));
}

#[test]
fn a_mapped_column_has_to_be_there() {
    let opened = |file: &'static [u8], map: &[&str]| {
        vestibule_readers::Reader::open("csv", file, mapped(map, None)).err().map(|bad| bad.code())
    };
    assert_eq!(opened(b"id,email\n7,x\n", &["name=nick"]), Some("missing_column"));
    // Without an address there is no account.
    assert_eq!(opened(b"id,Email\n7,x\n", &[]), Some("missing_column"));
    assert_eq!(opened(b"id,Email\n7,x\n", &["email=Email"]), None);
}
