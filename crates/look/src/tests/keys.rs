//! Every sentence is used, and every used key has a sentence.

use std::collections::BTreeSet;
use std::path::Path;

use super::renderer;
use crate::Files;
use crate::pages::NOTICES;
use domain::FieldCode;

/// The keys of the English sentences. Every language has the same keys.
fn keys(files: &Files) -> BTreeSet<String> {
    let source = files.locales["en"].concat();
    let starts = source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    starts.filter_map(|line| line.split_once('=')).map(|(key, _)| key.trim().to_owned()).collect()
}

/// The keys that templates use.
fn keys_in_templates(files: &Files) -> BTreeSet<String> {
    let texts = files.templates.iter().filter(|(name, _)| !name.starts_with("builtin/"));
    let mut found = BTreeSet::new();
    for (name, text) in texts {
        for call in text.split("t(key=").skip(1) {
            let literal = call.strip_prefix('"').and_then(|call| call.split_once('"'));
            let (key, _) =
                literal.unwrap_or_else(|| panic!("{name} makes up a key, which nothing can check"));
            found.insert(key.to_owned());
        }
    }
    found
}

/// The program's code without comments, tests and the pages, whose samples use keys too.
fn program() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut open = vec![root.join("src"), root.join("crates")];
    let mut text = String::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let left_out = path.ends_with("look/src/tests") || path.ends_with("look/src/pages");
            if path.is_dir() && !left_out {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let code = std::fs::read_to_string(path).unwrap();
                let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
                lines.for_each(|line| text.extend([line, "\n"]));
            }
        }
    }
    text
}

fn key_of(code: &FieldCode) -> String {
    format!("error-{}", code.code().replace('_', "-"))
}

#[test]
fn every_key_that_a_template_names_has_a_sentence() {
    let files = Files::load(None).unwrap();
    let (written, named) = (keys(&files), keys_in_templates(&files));
    assert!(named.len() > 50, "{named:?}");
    let missing: Vec<_> = named.difference(&written).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn everything_that_can_be_wrong_with_a_field_has_a_sentence_that_names_its_number() {
    let renderer = renderer();
    for locale in renderer.catalog().locales() {
        for code in FieldCode::samples() {
            let said = renderer.problem(locale, &code).message;
            assert_ne!(said, key_of(&code), "{}", locale.as_str());
            if let Some((_, number)) = code.argument() {
                let digits: String = said.chars().filter(char::is_ascii_digit).collect();
                assert!(digits.contains(&number.to_string()), "{said}");
            }
        }
    }
}

#[test]
fn no_sentence_is_written_for_nobody() {
    let files = Files::load(None).unwrap();
    let named = keys_in_templates(&files);
    let codes: BTreeSet<String> = FieldCode::samples().iter().map(key_of).collect();
    let program = program();
    let said = |key: &str| {
        let code = key.strip_prefix("alert-").or_else(|| key.strip_prefix("notice-"));
        // Error pages and refused calls find their sentences by status.
        key.starts_with("error-page-")
            || key.starts_with("error-call-")
            || program.contains(&format!("\"{key}\""))
            || code.is_some_and(|code| program.contains(&format!("\"{}\"", code.replace('-', "_"))))
    };
    let idle: Vec<_> = keys(&files)
        .into_iter()
        .filter(|key| !named.contains(key) && !codes.contains(key) && !said(key))
        .collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn every_message_that_a_redirect_leaves_has_a_sentence() {
    let written = keys(&Files::load(None).unwrap());
    let program = program();
    let calls = program.split("cookies.notice(\"").skip(1).filter_map(|call| call.split_once('"'));
    let left: BTreeSet<&str> = calls.map(|(code, _)| code).chain(NOTICES.iter().copied()).collect();
    assert!(left.contains("signed_out"), "are they still left as it is written? {left:?}");
    for code in left {
        let key = code.replace('_', "-");
        let said = ["notice", "alert"].iter().any(|kind| written.contains(&format!("{kind}-{key}")));
        assert!(said, "{code}");
    }
}
