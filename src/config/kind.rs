//! What may be written for a setting: in words for errors, and as its environment variable is read.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use domain::{SignUpUsername, Verification};
use rocket::figment::value::Value;

/// The least and the most value of a number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) least: u64,
    pub(super) most: u64,
    /// Unit of both bounds, such as `MiB`; may be empty.
    pub(super) unit: &'static str,
}

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SettingKind {
    Text,
    /// An IP address and a port.
    Address,
    Number,
    Switch,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A list of texts.
    List,
    /// Named values.
    Section,
    /// Whatever a theme or a plug-in takes.
    Any,
}

/// A type whose kind is known without a value.
pub(super) trait HasKind {
    const KIND: SettingKind;
}

/// `Type => its kind, …`.
macro_rules! kinds {
    ($($type:ty => $kind:expr),+ $(,)?) => {
        $(impl $crate::config::kind::HasKind for $type {
            const KIND: $crate::config::kind::SettingKind = $kind;
        })+
    };
}
pub(super) use kinds;

kinds! {
    String => SettingKind::Text,
    PathBuf => SettingKind::Text,
    SocketAddr => SettingKind::Address,
    u32 => SettingKind::Number,
    u64 => SettingKind::Number,
    usize => SettingKind::Number,
    Verification => SettingKind::Word(&["off", "optional", "required"]),
    SignUpUsername => SettingKind::Word(&["off", "optional", "required"]),
    Vec<String> => SettingKind::List,
    BTreeMap<String, serde_json::Value> => SettingKind::Section,
}

impl<T: HasKind> HasKind for Option<T> {
    const KIND: SettingKind = T::KIND;
}

impl SettingKind {
    /// The value that the text of an environment variable stands for. A text is taken as it is: digits,
    /// quotes and brackets are part of it.
    pub(super) fn read(self, text: &str) -> Value {
        let as_written = || Value::from(text);
        match self {
            Self::Text | Self::Address | Self::Word(_) => as_written(),
            Self::Number => text.trim().parse::<u64>().map_or_else(|_| as_written(), Value::from),
            Self::Switch | Self::Any => text.parse::<bool>().map_or_else(|_| as_written(), Value::from),
            Self::List => list(text),
            Self::Section => parsed(text),
        }
    }

    /// What a value should be, for an error.
    pub(super) fn words(self, bounds: Option<Bounds>) -> String {
        match (self, bounds) {
            (Self::Text, _) => "text, in quotes".to_owned(),
            (Self::Address, _) => "an IP address and a port such as \"127.0.0.1:9464\"".to_owned(),
            (Self::Number, Some(Bounds { least, most, .. })) => {
                format!("a whole number from {least} to {most}")
            }
            (Self::Number, None) => "a whole number".to_owned(),
            (Self::Switch, _) => "`on` or `off`".to_owned(),
            (Self::Word(words), _) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("one of {}", words.join(", "))
            }
            (Self::List, _) => "a list of texts such as [\"one\", \"two\"]".to_owned(),
            (Self::Section, _) => "a section with settings of its own".to_owned(),
            (Self::Any, _) => "text, a number or `true` or `false`".to_owned(),
        }
    }
}

/// `["one", "two"]`, or `one, two`.
fn list(text: &str) -> Value {
    if text.trim_start().starts_with('[') {
        return parsed(text);
    }
    let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    entries.map(Value::from).collect::<Vec<Value>>().into()
}

/// The value that `text` is in the syntax of figment, which is almost TOML's.
pub(super) fn parsed(text: &str) -> Value {
    text.parse().unwrap_or_else(|never: std::convert::Infallible| match never {})
}
