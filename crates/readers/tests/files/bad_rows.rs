//! What is wrong with a record is told by its place and a code, and the next record is read.

use vestibule_readers::{FileFault, Format, Options, ReadError, Reader};

use super::{codes, read};

/// Each line with the code that it is refused with, if it is.
const LINES: &[(&str, Option<&str>)] = &[
    (r#"{"id":1,"email":"a@example.org"}"#, None),
    (r#"{"id":2,"email":"a@example.org","email":"b@example.org"}"#, Some("duplicate_key")),
    (r#"{"id":3,"fields":{"town":"Ulm","town":"Bonn"}}"#, Some("duplicate_key")),
    (r#"{"email":"a@example.org"}"#, Some("missing")),
    (r#"{"id":null}"#, Some("missing")),
    (r#"{"id":""}"#, Some("missing")),
    (r#"{"id":1.5}"#, Some("not_text")),
    (r#"{"id":[1]}"#, Some("not_text")),
    (r#"{"id":4,"email":null}"#, None),
    (r#"{"id":5,"email":5}"#, Some("not_text")),
    (r#"{"id":6,"email":{"a":{"b":[]}}}"#, Some("not_text")),
    (r#"{"id":7,"fields":"x"}"#, Some("malformed")),
    (r#"{"id":8,"fields":{"town":5}}"#, Some("not_text")),
    (r#"{"id":9,"created_at":"soon"}"#, Some("not_a_time")),
    (r#"{"id":10,"created_at":-1}"#, Some("not_a_time")),
    (r#"{"id":11,"created_at":true}"#, Some("not_a_time")),
    (r#"{"id":12,"shoe_size":42}"#, Some("unknown_key")),
    (r#"{"id":13,"totp":"1"}"#, Some("factor_malformed")),
    (r#"{"id":14,"recovery_codes":[5]}"#, Some("malformed")),
    (r#"{"id":15,"#, Some("not_json")),
    ("id,email", Some("not_json")),
    ("[1]", Some("not_an_object")),
    ("null", Some("not_an_object")),
    (r#"{"id":16} x"#, Some("not_json")),
    (r#"{"id":17,"name":"\ud800"}"#, Some("not_json")),
    (r#"{"id":18}"#, None),
];

#[test]
fn each_line_is_read_or_refused_by_itself() {
    let file: String = LINES.iter().map(|(line, _)| format!("{line}\n")).collect();
    let options = Options { format: Some(Format::JsonLines), ..Options::default() };
    let items = read("vestibule", file.as_bytes(), options);
    assert_eq!(items.len(), LINES.len());
    for ((item, (line, code)), number) in items.iter().zip(LINES).zip(1..) {
        match item {
            Ok(found) => assert_eq!((found.place.line, *code), (Some(number), None), "{line}"),
            Err(ReadError::Row(bad)) => {
                assert_eq!((bad.place.line, Some(bad.fault.code())), (Some(number), *code), "{line}");
                let sentence = bad.to_string();
                assert!(sentence.starts_with(&format!("line {number}: ")), "{sentence}");
                assert!(!sentence.contains("example") && !sentence.contains("Ulm"), "{sentence}");
            }
            Err(error) => panic!("{line}: {error}"),
        }
    }
}

#[test]
fn an_unknown_key_is_named_if_it_looks_like_a_name() {
    let file = b"{\"id\":1,\"shoe_size\":42}\n{\"id\":2,\"ann@example.org\":1}\n{\"id\":3}\n";
    let items = read("vestibule", file, Options::default());
    let said: Vec<String> =
        items.iter().filter_map(|item| item.as_ref().err()).map(ToString::to_string).collect();
    assert_eq!(said, ["line 1: no key is named `shoe_size`", "line 2: a key is none of the format's"]);
}

#[test]
fn long_deep_and_broken_records_are_passed_over() {
    let long = format!("{{\"id\":1,\"name\":\"{}\"}}\n{{\"id\":2}}\n", "x".repeat(1024 * 1024));
    assert_eq!(codes("vestibule", long.as_bytes(), Options::default()), ["record_too_long"]);
    let text = format!("{{\"id\":1,\"name\":\"{}\"}}\n{{\"id\":2}}\n", "x".repeat(65 * 1024));
    assert_eq!(codes("vestibule", text.as_bytes(), Options::default()), ["text_too_long"]);
    let deep = |depth: usize| format!("{{\"id\":1,\"fields\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    let lines = format!("{}\n{}\n{{\"id\":2}}\n", deep(40), deep(500));
    let codes_of_lines = codes("vestibule", lines.as_bytes(), Options::default());
    assert_eq!(codes_of_lines, ["record_too_deep", "record_too_deep"]);
    let document = format!(
        "{{\"users\":[{},{},{{\"localId\":\"{}\"}},{{\"localId\":\"u1\"}}]}}",
        deep(40),
        deep(100_000),
        "x".repeat(1024 * 1024)
    );
    let items = read("firebase", document.as_bytes(), Options::default());
    assert_eq!(
        codes("firebase", document.as_bytes(), Options::default()),
        ["record_too_deep", "record_too_deep", "record_too_long"]
    );
    assert!(items.last().unwrap().is_ok());
    let broken = b"{\"id\":1,\"name\":\"\xff\"}\n{\"id\":2}\n";
    assert_eq!(codes("vestibule", broken, Options::default()), ["not_utf8"]);
    let sheet = b"id,email,encrypted_password\n1,\xff,x\n2,b@example.org,x\n3,c@example.org\n4,d,x,y\n5,e,x";
    assert_eq!(
        codes("devise", sheet, Options::default()),
        ["not_utf8", "wrong_columns", "wrong_columns", "no_line_end"]
    );
}

/// The fault that ends a file, and its byte.
fn end(product: &str, file: &[u8]) -> (FileFault, u64) {
    let bad = match Reader::open(product, file, Options::default()) {
        Err(vestibule_readers::BadOptions::File(bad)) => bad,
        Err(other) => panic!("{other}"),
        Ok(reader) => match reader.last() {
            Some(Err(ReadError::File(bad))) => bad,
            other => panic!("{other:?}"),
        },
    };
    assert!(!bad.to_string().contains("ann@"));
    (bad.fault, bad.offset)
}

#[test]
fn a_file_ends_where_it_cannot_be_read_any_further() {
    for (product, file, fault, offset) in [
        ("firebase", &b"{\"users\":[{\"localId\":\"u1\"}"[..], FileFault::Truncated, 26),
        ("firebase", b"{\"users\":[{\"localId\":\"u1\"}]", FileFault::Truncated, 27),
        ("firebase", b"{\"users\":[{\"localId\":\"u1\"]]}", FileFault::Structure, 25),
        ("firebase", b"{\"users\":[{\"localId\":\"u1\"} {}]}", FileFault::Structure, 27),
        ("firebase", b"{\"users\":[{\"localId\":\"u1\"}]} x", FileFault::Structure, 29),
        ("firebase", b"{\"users\":[{\"localId\":\"\xff1\"}]}", FileFault::NotUtf8, 22),
        ("firebase", b"{\"users\":[],\"users\":[]}", FileFault::TwiceList, 20),
        ("firebase", b"{\"accounts\":[{\"localId\":\"u1\"}]}", FileFault::NotThisProduct, 31),
        ("firebase", b"\xff\xfe{\x00", FileFault::NotUtf8, 0),
        ("declared", b"PK\x03\x04 no archive", FileFault::Packed, 0),
        ("django", b"\x1f\x8b\x08\x00", FileFault::Packed, 0),
        ("django", b"[{\"model\":\"blog.post\",\"pk\":1,\"fields\":{}}]", FileFault::NotThisProduct, 42),
        ("devise", b"id,email\n1,ann@example.org\n", FileFault::NoColumn("encrypted_password".to_owned()), 9),
        ("devise", b"id,id,encrypted_password\n", FileFault::TwiceColumn, 25),
        ("devise", b"id,email,encrypted_password\n1,\"ann@example.org\n", FileFault::Truncated, 47),
        ("devise", b"id,email,encrypted_pass", FileFault::Truncated, 23),
        ("vestibule", b"x\n", FileFault::NoColumn("id".to_owned()), 2),
    ] {
        assert_eq!(end(product, file), (fault, offset), "{}", String::from_utf8_lossy(file));
    }
}
