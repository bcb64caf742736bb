//! Rust files as far as these rules need them: without comments and literals, as paths.

use std::path::Path;
use std::sync::LazyLock;

pub struct Source {
    /// Relative to its folder, with `/`.
    pub name: String,
    pub text: String,
    paths: Vec<String>,
}

/// The program's own files.
pub fn sources() -> &'static [Source] {
    static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| below("src"));
    assert!(SOURCES.len() > 50, "only {} files were found", SOURCES.len());
    &SOURCES
}

/// Every Rust file of a folder of the project.
pub fn below(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut open = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                let text = std::fs::read_to_string(&path).unwrap();
                let paths = paths(&code(&text));
                found.push(Source { name, text, paths });
            }
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

impl Source {
    /// The part of the program it belongs to: its first folder, or its own name.
    pub fn part(&self) -> &str {
        let first = self.name.split('/').next().unwrap();
        first.trim_end_matches(".rs")
    }

    /// Every path that is written in it, groups spelled out.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// The parts of the program that it names.
    pub fn parts_known(&self) -> Vec<String> {
        self.paths().filter_map(|path| self.absolute(path)).collect()
    }

    /// The first name below the crate's root that `path` leads to, if it leads there.
    fn absolute(&self, path: &str) -> Option<String> {
        let mut names: Vec<&str> = path.split("::").collect();
        if names[0] == "crate" {
            return names.get(1).map(|name| (*name).to_owned());
        }
        if self.name == "lib.rs" && MODULES.contains(&names[0]) {
            return Some(names[0].to_owned());
        }
        let mut module: Vec<&str> = self.name.trim_end_matches(".rs").split('/').collect();
        if module.last() == Some(&"mod") {
            module.pop();
        }
        let climbs = names.iter().take_while(|name| **name == "super").count();
        names.drain(..climbs);
        // An inline module is one level deeper, so this may only see too much, never too little.
        (climbs > 0 && climbs >= module.len())
            .then(|| names.first().map(|name| (*name).to_owned()))
            .flatten()
            .filter(|name| MODULES.contains(&name.as_str()))
    }

    /// Whether it names this library.
    pub fn uses_library(&self, library: &str) -> bool {
        let start = format!("{library}::");
        self.paths().any(|path| path.starts_with(&start))
    }
}

const MODULES: [&str; 12] = [
    "domain", "store", "infra", "view", "flows", "web", "pages", "api", "server", "config", "plugin",
    "logging",
];

/// `text` without comments, and with empty literals.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(raw) = raw_string(rest) {
            code.push_str("\"\"");
            raw
        } else if c == '"' {
            code.push_str("\"\"");
            string(rest)
        } else if c == '\'' {
            code.push('\'');
            character(rest)
        } else {
            code.push(c);
            c.len_utf8()
        };
        rest = &rest[skipped..];
    }
    code
}

fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let content = after[hashes..].strip_prefix('"')?;
    let closing = format!("\"{}", "#".repeat(hashes));
    let end = content.find(&closing)?;
    Some(rest.len() - content.len() + end + closing.len())
}

fn string(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// A character, or the apostrophe of a lifetime.
fn character(rest: &str) -> usize {
    let after = &rest[1..];
    let end = match after.strip_prefix('\\') {
        Some(escaped) => escaped.get(1..).and_then(|tail| tail.find('\'')).map(|end| end + 2),
        None => {
            let mut characters = after.char_indices();
            characters.next();
            characters.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at)
        }
    };
    end.map_or(1, |end| 1 + end + 1)
}

/// Every path in `code`; `a::{b, c::{d}}` is `a::b` and `a::c::d`.
fn paths(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut prefixes: Vec<String> = Vec::new();
    let mut path = String::new();
    let mut characters = code.chars().peekable();
    while let Some(c) = characters.next() {
        if c.is_alphanumeric() || c == '_' {
            path.push(c);
        } else if c == ':' && characters.peek() == Some(&':') {
            characters.next();
            path.push_str("::");
        } else if c == '{' && path.ends_with("::") {
            let outer = prefixes.last().cloned().unwrap_or_default();
            prefixes.push(outer + &std::mem::take(&mut path));
        } else {
            if !path.is_empty() {
                let prefix = prefixes.last().map_or("", String::as_str);
                found.push(format!("{prefix}{}", std::mem::take(&mut path)));
            }
            match c {
                // A brace that opens no group closes as one that adds nothing.
                '{' => prefixes.push(prefixes.last().cloned().unwrap_or_default()),
                '}' => drop(prefixes.pop()),
                _ => {}
            }
        }
    }
    if !path.is_empty() {
        found.push(path);
    }
    found
}

#[test]
fn paths_are_found_in_groups_and_not_in_comments_or_texts() {
    let text = "// crate::a\nuse crate::{b::{C, d::E}, f}; /* crate::g */\n\
                fn x<'a>() -> char { let _ = \"crate::h \\\" crate::i\"; r#\"crate::j\"#; super::super::k::L; '\"' }\n\
                m::n!('\\'', '\\u{1F600}', 'é'); o::P";
    let found = paths(&code(text));
    for path in ["crate::b::C", "crate::b::d::E", "crate::f", "super::super::k::L", "m::n", "o::P"] {
        assert!(found.iter().any(|found| found == path), "{path} in {found:?}");
    }
    for letter in ["a", "g", "h", "i", "j"] {
        assert!(!found.iter().any(|found| found == &format!("crate::{letter}")), "{letter} in {found:?}");
    }
}
