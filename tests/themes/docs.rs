//! `docs/themes.md` says what the contract says.

use look::theme::{contract, markdown};

const DOCS: &str = include_str!("../../docs/themes.md");

#[test]
fn the_tables_for_authors_are_the_contracts() {
    let (_, tables) = DOCS.split_once("<!-- vestibule theme contract --format markdown -->\n").unwrap();
    let expected = markdown(&contract().unwrap());
    let differs =
        tables.trim().lines().zip(expected.trim().lines()).find(|(written, wanted)| written != wanted);
    assert_eq!(differs, None, "`make docs` writes them anew");
    assert_eq!(tables.trim().lines().count(), expected.trim().lines().count());
}

#[test]
fn every_command_is_explained() {
    for command in ["new", "check", "dev", "diff", "gallery", "contract"] {
        assert!(DOCS.contains(&format!("vestibule theme {command}")), "{command}");
    }
}
