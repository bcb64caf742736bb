//! `docs/themes.md` explains everything that exists.

const DOCS: &str = include_str!("../../docs/themes.md");

#[test]
fn every_command_is_explained() {
    for command in ["new", "check", "dev", "diff", "show", "eject", "missing", "gallery", "contract"] {
        assert!(DOCS.contains(&format!("vestibule theme {command}")), "{command}");
    }
}
