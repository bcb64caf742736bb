//! Every record has its place, and reading goes on behind one.

use vestibule_readers::{Options, Place, ReadError};

use super::read;

const SHEET: &[u8] =
    b"id,email,encrypted_password\n1,\"a\n@example.org\",x\n2,b@example.org\n\n3,c@example.org,x\n";
const DOCUMENT: &[u8] = b"{\"users\":[{\"localId\":\"a\"},\n{},{\"localId\":\"c\"}]}";

fn places(product: &str, file: &[u8], skip: u64) -> Vec<(Place, bool)> {
    let items = read(product, file, Options { skip, ..Options::default() });
    let place = |item| match item {
        Ok(vestibule_readers::Found { place, .. }) => (place, true),
        Err(ReadError::Row(bad)) => (bad.place, false),
        Err(ReadError::File(bad)) => panic!("{bad}"),
    };
    items.into_iter().map(place).collect()
}

#[test]
fn places_are_lines_or_numbers_and_bytes() {
    let place = |line, record, offset| Place { line, record, offset };
    let sheet =
        [(place(Some(2), 1, 28), true), (place(Some(4), 2, 49), false), (place(Some(6), 3, 66), true)];
    assert_eq!(places("devise", SHEET, 0), sheet);
    let document = [(place(None, 1, 10), true), (place(None, 2, 27), false), (place(None, 3, 30), true)];
    assert_eq!(places("firebase", DOCUMENT, 0), document);
    assert_eq!(sheet[0].0.to_string(), "line 2");
    assert_eq!(document[0].0.to_string(), "record 1, at byte 10");
}

#[test]
fn reading_goes_on_behind_any_record() {
    for (product, file) in [("devise", SHEET), ("firebase", DOCUMENT)] {
        let whole = places(product, file, 0);
        for skip in 0..=4 {
            let rest = places(product, file, skip);
            assert_eq!(rest, whole[usize::try_from(skip).unwrap().min(3)..], "{product} behind {skip}");
        }
    }
}
