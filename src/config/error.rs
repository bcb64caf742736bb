//! Wrong settings, in words. No error repeats a value: it could be a password that stands in the wrong place.

use std::fmt;

use rocket::figment;
use rocket::figment::error::Kind;

use super::kind::SettingKind;
use super::lookup::{bounds_of, kind_of};
use super::nearest::nearest;

/// The settings with wrong values: for each its name and its valid values.
#[derive(Debug)]
pub struct ConfigError(pub Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ConfigError {}

impl From<figment::Error> for ConfigError {
    fn from(errors: figment::Error) -> Self {
        Self(errors.into_iter().map(|error| in_words(&error)).collect())
    }
}

/// What Rocket's own settings should be.
const ROCKETS: [(&str, &str); 7] = [
    ("address", "an IP address such as 127.0.0.1"),
    ("port", "a port from 0 to 65535"),
    ("workers", "a whole number from 1 to 256"),
    ("ident", "text or `false`"),
    ("ip_header", "the name of a header, or `false`"),
    ("limits", "a section of sizes such as \"64 KiB\""),
    ("temp_dir", "the path of a folder"),
];

/// The sentence about one error. Its path may begin with the names of the sections around it.
pub(super) fn in_words(error: &figment::Error) -> String {
    let path = error.path.join(".");
    if let Some((list, entry)) = entry_of(&path) {
        return format!("setting `{list}`: entry {entry} should be {}", SettingKind::Text.words(None));
    }
    match &error.kind {
        Kind::UnknownField(name, known) => {
            let full =
                if path.split('.').next_back() == Some(name) { path } else { format!("{path}.{name}") };
            let full = full.trim_start_matches('.');
            match nearest(name, known.iter().copied()) {
                Some(meant) => format!("unknown setting `{full}`; did you mean `{meant}`?"),
                None => format!("unknown setting `{full}`; known here: {}", known.join(", ")),
            }
        }
        Kind::MissingField(name) if path.is_empty() => format!("setting `{name}` is missing"),
        Kind::MissingField(name) => format!("setting `{path}` lacks `{name}`"),
        Kind::DuplicateField(name) => format!("setting `{path}` has `{name}` twice"),
        kind if path.is_empty() => format!("the settings should be {}", expected(kind)),
        kind => format!("setting `{path}` should be {}", should_be(&path, kind)),
    }
}

/// The list of ours whose entry `path` names, and the entry, from 1.
fn entry_of(path: &str) -> Option<(&str, usize)> {
    let (list, entry) = path.rsplit_once('.')?;
    let entry: usize = entry.parse().ok()?;
    (kind_of(list) == Some(SettingKind::List)).then_some((list, entry + 1))
}

fn should_be(name: &str, kind: &Kind) -> String {
    if let Kind::UnknownVariant(_, known) = kind {
        let known: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
        return format!("one of {}", known.join(", "));
    }
    if name.starts_with("fields.") && name.ends_with(".label") {
        return "the label in each language, such as { en = \"Phone\", fr = \"Téléphone\" }".to_owned();
    }
    if let Some(ours) = kind_of(name) {
        return ours.words(bounds_of(name));
    }
    let top = name.split('.').next().unwrap_or_default();
    match ROCKETS.iter().find(|(rockets, _)| *rockets == top) {
        Some((_, words)) => (*words).to_owned(),
        None => expected(kind),
    }
}

/// What a plug-in's type expects, in words instead of Rust's names.
fn expected(kind: &Kind) -> String {
    let (Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) | Kind::InvalidLength(_, expected)) =
        kind
    else {
        return match kind {
            Kind::Message(sentence) => format!("right: {sentence}"),
            _ => "something else".to_owned(),
        };
    };
    let expected = expected.trim();
    let word = match expected {
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => "a whole number, not below zero and not too large",
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "bool" | "boolean" | "a boolean" => "`true` or `false`",
        "a string" | "string" | "a borrowed string" | "str" | "path string" => "text, in quotes",
        "a character" | "char" => "one character",
        "sequence" | "a sequence" => "a list",
        "map" | "a map" => "a section with settings of its own",
        other if other.starts_with("struct ") => "a section with settings of its own",
        other if other.starts_with("enum ") => "one of a few words",
        other => other,
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use rocket::figment::Figment;
    use rocket::figment::providers::Serialized;

    use super::*;

    #[test]
    fn what_a_plug_in_expects_is_said_without_rusts_names() {
        #[derive(Debug, serde::Deserialize)]
        #[expect(dead_code, reason = "only its errors are read")]
        struct Own {
            number: u16,
            flag: bool,
            list: Vec<String>,
        }
        for (name, number, flag, list, words) in [
            ("number", "many", "true", "[]", "a whole number"),
            ("number", "-1", "true", "[]", "a whole number"),
            ("flag", "1", "perhaps", "[]", "`true` or `false`"),
            ("list", "1", "true", "one", "a list"),
        ] {
            let values = [("number", number), ("flag", flag), ("list", list)];
            let figment = values.iter().fold(Figment::new(), |figment, (key, text)| {
                figment.merge(Serialized::default(key, super::super::kind::parsed(text)))
            });
            let said = ConfigError::from(figment.extract::<Own>().unwrap_err()).to_string();
            assert!(said.contains(&format!("`{name}`")) && said.contains(words), "{said}");
            assert!(!said.contains("many") && !said.contains("perhaps") && !said.contains("u16"), "{said}");
        }
    }
}
