//! Settings that are on or off, or one of a few words.

use serde::Deserialize;

use super::describe::DescribeSetting;
use super::kind::{SettingKind, kinds};

/// `on` or `off` (also `true` or `false`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switch(pub bool);

impl DescribeSetting for Switch {
    fn shown(&self) -> String {
        if self.0 { "`on`" } else { "`off`" }.to_owned()
    }
}

impl<'de> Deserialize<'de> for Switch {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Flag(bool),
            Word(String),
        }
        match Written::deserialize(deserializer) {
            Ok(Written::Flag(flag)) => Ok(Self(flag)),
            Ok(Written::Word(word)) if word == "on" => Ok(Self(true)),
            Ok(Written::Word(word)) if word == "off" => Ok(Self(false)),
            _ => Err(serde::de::Error::custom("should be `on` or `off`")),
        }
    }
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// An object of JSON on each line.
    Json,
}

impl DescribeSetting for LogFormat {
    fn shown(&self) -> String {
        match self {
            Self::Text => "`text`",
            Self::Json => "`json`",
        }
        .to_owned()
    }
}

kinds! {
    Switch => SettingKind::Switch,
    LogFormat => SettingKind::Word(&["json", "text"]),
}
