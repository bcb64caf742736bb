//! Rules about the text of files.

use super::{all_sources, sources};

/// Columns of a line, as in `rustfmt.toml`, which does not wrap comments.
const COLUMNS: usize = 110;

#[test]
fn unsafe_code_is_forbidden_in_every_crate() {
    let is_root = |name: &str| {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let programs = folder == "src" || folder.ends_with("/src");
        programs && (name.ends_with("/lib.rs") || name.ends_with("/main.rs"))
    };
    let roots: Vec<_> = all_sources().into_iter().filter(|source| is_root(&source.name)).collect();
    assert!(roots.len() > 10, "only {} crates were found", roots.len());
    for source in roots {
        assert!(source.text.contains("#![forbid(unsafe_code)]"), "{}", source.name);
    }
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    for source in all_sources() {
        let lines = source.text.lines().count();
        assert!(lines <= 400, "{} has {lines} lines", source.name);
    }
}

#[test]
fn no_warning_is_waved_through() {
    for source in all_sources() {
        let waved = ["#[", "#!["].iter().any(|opening| source.text.contains(&format!("{opening}allow(")));
        assert!(!waved, "{} allows what is warned of; `expect` with a reason can be checked", source.name);
    }
}

#[test]
fn only_the_store_begins_and_ends_transactions() {
    let words = [".commit()", ".rollback()", "\"BEGIN", "\"COMMIT", "\"ROLLBACK"];
    let outside = sources(&["src", "crates"]).into_iter().filter(|s| !s.name.starts_with("crates/store/"));
    for source in outside {
        for line in source.text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let named = words.iter().find(|word| line.contains(**word));
            assert!(named.is_none(), "{}: {}", source.name, line.trim());
        }
    }
}

#[test]
fn no_comment_is_wider_than_code_may_be() {
    let mut wide = Vec::new();
    for source in all_sources() {
        for (number, line) in (1..).zip(source.text.lines()) {
            if line.trim_start().starts_with("//") && line.chars().count() > COLUMNS {
                wide.push(format!("{}:{number}", source.name));
            }
        }
    }
    assert!(wide.is_empty(), "comments of more than {COLUMNS} columns:\n{}", wide.join("\n"));
}
