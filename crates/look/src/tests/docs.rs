//! The tables of `docs/themes.md` are generated from the contract. `make docs` regenerates them by this test.

use std::path::Path;

use crate::theme::{contract, markdown};

/// The line above the generated tables.
const MARK: &str = "<!-- vestibule theme contract --format markdown -->\n";

#[test]
fn the_tables_for_authors_are_the_contracts() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/themes.md");
    let docs = std::fs::read_to_string(&path).unwrap();
    let (text, tables) = docs.split_once(MARK).unwrap();
    let expected = markdown(&contract().unwrap());
    if std::env::var_os("VESTIBULE_WRITE_DOCS").is_some() {
        std::fs::write(path, format!("{text}{MARK}{}\n", expected.trim_end())).unwrap();
        return;
    }
    let differs =
        tables.trim().lines().zip(expected.trim().lines()).find(|(written, wanted)| written != wanted);
    assert_eq!(differs, None, "`make docs` writes them anew");
    assert_eq!(
        tables.trim().lines().count(),
        expected.trim().lines().count(),
        "`make docs` writes them anew"
    );
}
