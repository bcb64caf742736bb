//! What the documents name exists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::root;

/// Our Markdown files for readers.
fn documents() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    for folder in ["docs", "docs/api"] {
        let files = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        found.extend(files.filter(|path| path.extension().is_some_and(|ending| ending == "md")));
    }
    assert!(found.len() > 10, "only {found:?}");
    found
}

/// `text` without its fenced blocks, whose commands make files of their own.
fn prose(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

/// The words of `text` between back-ticks that consist of the characters of a path. A word with a part in
/// capitals, such as `templates/pages/NAME.html`, stands for many.
fn quoted_paths(text: &str) -> Vec<&str> {
    let part = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let stands_for_many = |word: &str| word.split(['/', '.']).any(|part| part == "NAME");
    let lines = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    lines.filter(|word| word.chars().all(part) && !stands_for_many(word)).collect()
}

/// The names of our folders, and of all files in them.
fn tree() -> (BTreeSet<String>, Vec<String>) {
    let made_by_programs = |name: &str| name.starts_with('.') || ["target", "data"].contains(&name);
    let (mut folders, mut files) = (BTreeSet::new(), Vec::new());
    let mut open = vec![root().to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
            if !path.is_dir() {
                files.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
            } else if !made_by_programs(&name) {
                open.push(path);
                if folder == root() {
                    folders.insert(name);
                }
            }
        }
    }
    (folders, files)
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let (folders, files) = tree();
    let (mut named, mut missing) = (0, Vec::new());
    for document in documents() {
        let text = prose(&std::fs::read_to_string(&document).unwrap());
        for path in quoted_paths(&text) {
            let ours = path.split_once('/').is_some_and(|(first, _)| folders.contains(first));
            if ours || path.ends_with(".rs") {
                named += 1;
                // A path is often named from the folder of a crate, a theme or a plug-in.
                let below = format!("/{path}");
                if !root().join(path).exists() && !files.iter().any(|file| file.ends_with(&below)) {
                    missing.push(format!("{}: `{path}`", document.display()));
                }
            }
        }
    }
    assert!(named > 100, "only {named} paths were found");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// What the links and pictures of `text` lead to.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let after = |opening: &'static str, closing: char| {
        text.split(opening).skip(1).filter_map(move |rest| rest.split_once(closing)).map(|(target, _)| target)
    };
    after("](", ')').chain(after("src=\"", '"'))
}

/// The names by which links lead to the headings of `text`: small letters and digits, with a hyphen for each
/// space.
fn anchors(text: &str) -> Vec<String> {
    let name = |heading: &str| {
        let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    text.lines()
        .filter_map(|line| line.strip_prefix('#'))
        .map(|line| name(line.trim_start_matches('#')))
        .collect()
}

#[test]
fn every_link_from_a_document_leads_to_a_file() {
    let (mut followed, mut missing) = (0, Vec::new());
    for document in documents() {
        let text = prose(&std::fs::read_to_string(&document).unwrap());
        for link in targets(&text).filter(|link| !link.contains(':')) {
            followed += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let path = match file {
                "" => document.clone(),
                file => document.parent().unwrap_or(Path::new("")).join(file),
            };
            let there = match anchor {
                "" => path.exists(),
                anchor => std::fs::read_to_string(&path)
                    .is_ok_and(|text| anchors(&prose(&text)).iter().any(|name| name == anchor)),
            };
            if !there {
                missing.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(followed > 10, "only {followed} links were found");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn a_word_that_is_no_path_is_left_alone() {
    let text = "See `src/a.rs`, `x = 1`, `templates/NAME.html` and\n`Store::read`; `tests`.\n```\n`b`\n```\n";
    assert_eq!(quoted_paths(&prose(text)), ["src/a.rs", "tests"]);
}
