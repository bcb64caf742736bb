//! The rules of the house that the compiler does not hold. Which part may know which is held by the crates'
//! dependencies. See docs/architecture.md.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::path::Path;

/// Folders with Rust of ours.
const FOLDERS: [&str; 5] = ["src", "crates", "tests", "benches", "examples"];

/// Every Rust file of ours: its name below the project and its text.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open: Vec<_> = FOLDERS.iter().map(|folder| root.join(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(found.len() > 300, "only {} files were found", found.len());
    found
}

#[test]
fn unsafe_code_is_forbidden_in_every_crate() {
    let roots = |name: &str| name.ends_with("src/lib.rs") || name.ends_with("src/main.rs");
    for (name, text) in sources().iter().filter(|(name, _)| roots(name)) {
        assert!(text.contains("#![forbid(unsafe_code)]"), "{name}");
    }
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    for (name, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= 400, "{name} has {lines} lines");
    }
}

#[test]
fn no_warning_is_waved_through() {
    for (name, text) in sources() {
        let waved = ["#[", "#!["].iter().any(|opening| text.contains(&format!("{opening}allow(")));
        assert!(!waved, "{name} allows what is warned of; `expect` with a reason can be checked");
    }
}
