//! What files have in common, whatever their product.

use vestibule_readers::{BadOptions, Format, Options, Reader};

use super::{parts, read, some};

#[test]
fn byte_order_marks_and_line_ends_are_passed_over() {
    let sheet = b"\xef\xbb\xbfid,email,encrypted_password\r\n\r\n7,Ann@example.org,\\N\r\n";
    let (records, _) = parts("devise", sheet, Options::default());
    assert_eq!((records[0].id.as_str(), records[0].email.as_deref()), ("7", Some("Ann@example.org")));
    let lines = b"\xef\xbb\xbf\r\n{\"id\":7,\"email\":\"Ann@example.org\"}\r\n \n";
    let (records, _) = parts("vestibule", lines, Options::default());
    assert_eq!(records[0].email.as_deref(), Some("Ann@example.org"));
}

#[test]
fn a_list_of_rows_lines_and_csv_say_the_same() {
    let list = br#"[ {"id":7,"email":"Ann@example.org","encrypted_password":"","confirmed_at":null} ]"#;
    let lines =
        b"{\"id\":7,\"email\":\"Ann@example.org\",\"encrypted_password\":null,\"confirmed_at\":null}\n";
    let sheet = b"id,email,encrypted_password,confirmed_at\n7,Ann@example.org,,\n";
    let (first, _) = parts("devise", list, Options::default());
    let options = Options { format: Some(Format::JsonLines), ..Options::default() };
    let (second, _) = parts("devise", lines, options);
    let (third, _) = parts("devise", sheet, Options::default());
    assert_eq!((first.clone(), first.len()), (second, 1));
    assert_eq!(first, third);
}

#[test]
fn formats_are_told_by_names() {
    for (name, format) in [
        ("a.json", Some(Format::Json)),
        ("a.b/users.NDJSON", Some(Format::JsonLines)),
        ("users.jsonl", Some(Format::JsonLines)),
        ("users.csv", Some(Format::Csv)),
        ("users", None),
        ("users.xml", None),
    ] {
        assert_eq!(Format::of_name(name.as_ref()), format, "{name}");
    }
}

#[test]
fn wrong_options_are_named() {
    let open = |product, options| Reader::open(product, &b"[]"[..], options).err();
    assert_eq!(open("joomla", Options::default()), Some(BadOptions::UnknownProduct("joomla".to_owned())));
    let options = Options { table: some("wp_posts"), ..Options::default() };
    assert_eq!(open("wordpress", options), Some(BadOptions::UnknownTable("wp_posts".to_owned())));
    let options = Options { recipe: some("nfq | bcrypt"), ..Options::default() };
    let refused = open("devise", options).unwrap();
    assert_eq!((refused.code(), refused.to_string().contains("nfq")), ("bad_recipe", true));
    let options = Options { recipe: some("devise-peppered"), ..Options::default() };
    assert!(open("devise", options).is_none());
}

#[test]
fn an_empty_list_has_no_accounts_and_no_mistake() {
    assert!(read("django", b"[]", Options::default()).is_empty());
    assert!(read("firebase", b"{\"users\":[]}", Options::default()).is_empty());
    assert!(read("vestibule", b"", Options::default()).is_empty());
}
