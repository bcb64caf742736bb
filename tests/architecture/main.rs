//! The rules of the project that the compiler does not enforce. See docs/architecture.md.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod circles;
mod crates;
mod deploy;
mod docs;
mod names;
mod text;

use std::path::{Path, PathBuf};

/// A Rust file of this project.
struct Source {
    /// Path from the project's folder, with `/`.
    name: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below these folders of the project.
fn sources(folders: &[&str]) -> Vec<Source> {
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("target") {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
                found.push(Source { name, text: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// Every Rust file of this project.
fn all_sources() -> Vec<Source> {
    let found = sources(&["src", "crates", "tests", "benches", "examples", "fuzz"]);
    assert!(found.len() > 300, "only {} files were found", found.len());
    found
}
