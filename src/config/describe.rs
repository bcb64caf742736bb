//! Self-describing settings. One line in [`settings!`] declares a field, its default, its bounds, and its row
//! in the table of `docs/operating.md`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use domain::{SignUpUsername, Verification};

use super::kind::{Bounds, SettingKind};
use super::variable::variables;

/// The declaration of a field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declared<'a> {
    /// The full name, such as `password.min_length`.
    pub(super) name: &'a str,
    /// The lines of its doc comment.
    pub(super) meaning: &'a [&'a str],
    /// The default in words, if the value is computed at the start.
    pub(super) shown: Option<&'a str>,
    pub(super) bounds: Option<Bounds>,
    pub(super) kind: SettingKind,
}

impl Declared<'_> {
    /// The section around all settings.
    pub(super) const ALL: Declared<'static> =
        Declared { name: "", meaning: &[], shown: None, bounds: None, kind: SettingKind::Section };
}

/// A row of the settings' table.
#[derive(Clone, Debug)]
pub struct SettingRow {
    /// The full name, such as `password.min_length`.
    pub name: String,
    /// The environment variables that set it.
    pub variables: Vec<String>,
    /// The default, as Markdown.
    pub default: String,
    /// The bounds with their unit; empty if there are none.
    pub bounds: String,
    /// The meaning, as Markdown.
    pub meaning: String,
}

impl SettingRow {
    /// The variables as Markdown.
    pub(super) fn written_variables(&self) -> String {
        self.variables.iter().map(|variable| format!("`{variable}`")).collect::<Vec<_>>().join(" ")
    }
}

/// Joins the name of a section and the name of a field.
pub(super) fn full_name(section: &str, field: &str) -> String {
    if section.is_empty() { field.to_owned() } else { format!("{section}.{field}") }
}

/// The type of a setting, or of a section of settings.
pub(super) trait DescribeSetting {
    /// This value as a default, in Markdown.
    fn shown(&self) -> String;

    /// This value if it is a text.
    fn text(&self) -> Option<&str> {
        None
    }

    /// This value if it is a number with bounds.
    fn number(&self) -> Option<u64> {
        None
    }

    /// Adds the row of this setting, or the rows of this section. `self` is the default value.
    fn describe(&self, declared: &Declared<'_>, rows: &mut Vec<SettingRow>) {
        let default = declared.shown.map_or_else(|| self.shown(), str::to_owned);
        let bounds = declared.bounds.map(|bounds| {
            let Bounds { least, most, unit } = bounds;
            format!("{least} to {most} {unit}").trim_end().to_owned()
        });
        rows.push(SettingRow {
            name: declared.name.to_owned(),
            variables: variables(declared.name),
            default,
            bounds: bounds.unwrap_or_default(),
            meaning: declared.meaning.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" "),
        });
    }

    /// Calls `each` with the declaration of this setting, or of this section's settings.
    fn declare(&self, declared: &Declared<'_>, each: &mut dyn FnMut(&Declared<'_>)) {
        each(declared);
    }

    /// Adds the full names of what is a secret.
    fn secrets(&self, _declared: &Declared<'_>, _names: &mut Vec<String>) {}

    /// Adds a sentence for each value outside its bounds, and for a text with a line break at its end, as a
    /// file or a careless script leaves it.
    fn check(&self, declared: &Declared<'_>, problems: &mut Vec<String>) {
        if let (Some(value), Some(bounds)) = (self.number(), declared.bounds)
            && !(bounds.least..=bounds.most).contains(&value)
        {
            let (name, words) = (declared.name, declared.kind.words(Some(bounds)));
            problems.push(format!("setting `{name}` should be {words}"));
        }
        if self.text().is_some_and(|text| text.ends_with(['\n', '\r'])) {
            let name = declared.name;
            problems.push(format!(
                "setting `{name}` ends with a line break, which would be part of it; leave that out, as $(cat FILE) does"
            ));
        }
    }
}

macro_rules! described_numbers {
    ($($type:ty),+) => {
        $(impl DescribeSetting for $type {
            fn shown(&self) -> String {
                format!("`{self}`")
            }

            fn number(&self) -> Option<u64> {
                u64::try_from(*self).ok()
            }
        })+
    };
}
described_numbers!(u32, u64, usize);

impl DescribeSetting for String {
    fn shown(&self) -> String {
        format!("`{self}`")
    }

    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl DescribeSetting for PathBuf {
    fn shown(&self) -> String {
        format!("`{}`", self.display())
    }

    fn text(&self) -> Option<&str> {
        self.to_str()
    }
}

impl DescribeSetting for SocketAddr {
    fn shown(&self) -> String {
        format!("`{self}`")
    }
}

impl DescribeSetting for SignUpUsername {
    fn shown(&self) -> String {
        let word = match self {
            Self::Off => "off",
            Self::Optional => "optional",
            Self::Required => "required",
        };
        format!("`{word}`")
    }
}

impl DescribeSetting for Verification {
    fn shown(&self) -> String {
        let word = match self {
            Self::Off => "off",
            Self::Optional => "optional",
            Self::Required => "required",
        };
        format!("`{word}`")
    }
}

impl<T: DescribeSetting> DescribeSetting for Option<T> {
    fn shown(&self) -> String {
        self.as_ref().map_or_else(|| "none".to_owned(), T::shown)
    }

    fn text(&self) -> Option<&str> {
        self.as_ref()?.text()
    }

    fn number(&self) -> Option<u64> {
        self.as_ref()?.number()
    }

    fn secrets(&self, declared: &Declared<'_>, names: &mut Vec<String>) {
        if let Some(value) = self {
            value.secrets(declared, names);
        }
    }
}

impl DescribeSetting for Vec<String> {
    fn shown(&self) -> String {
        "none".to_owned()
    }
}

impl<T: DescribeSetting> DescribeSetting for BTreeMap<String, T> {
    fn shown(&self) -> String {
        "none".to_owned()
    }

    fn describe(&self, declared: &Declared<'_>, rows: &mut Vec<SettingRow>) {
        let name = full_name(declared.name, "NAME");
        self.shown().describe(&Declared { name: &name, shown: Some("none"), ..*declared }, rows);
    }

    fn secrets(&self, declared: &Declared<'_>, names: &mut Vec<String>) {
        for (key, value) in self {
            let name = full_name(declared.name, key);
            value.secrets(&Declared { name: &name, ..*declared }, names);
        }
    }

    fn check(&self, declared: &Declared<'_>, problems: &mut Vec<String>) {
        for (key, value) in self {
            let name = full_name(declared.name, key);
            value.check(&Declared { name: &name, ..*declared }, problems);
        }
    }
}

impl DescribeSetting for serde_json::Value {
    fn shown(&self) -> String {
        format!("`{self}`")
    }
}

/// Declares a section: `/// meaning`, then `name: Type = default[, shown "words"][, range LEAST to MOST
/// ["unit"]];`.
macro_rules! settings {
    (
        $(#[doc = $about:literal])+
        $section:ident {
            $(
                $(#[doc = $meaning:literal])+
                $field:ident: $type:ty = $default:expr
                    $(, shown $shown:literal)?
                    $(, range $least:tt to $most:tt $($unit:literal)?)?;
            )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $section {
            $($(#[doc = $meaning])+ pub $field: $type,)+
        }

        impl Default for $section {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        impl $section {
            /// Calls `each` with every field and its declaration.
            fn each(&self, section: &str, mut each: impl FnMut(&dyn DescribeSetting, &Declared<'_>)) {
                $(
                    let name = full_name(section, stringify!($field));
                    let bounds = None $(.or(Some(Bounds {
                        least: $least,
                        most: $most,
                        unit: concat!("" $(, $unit)?),
                    })))?;
                    let shown = None $(.or(Some($shown)))?;
                    let kind = <$type as HasKind>::KIND;
                    let meaning = &[$($meaning),+];
                    each(&self.$field, &Declared { name: &name, meaning, shown, bounds, kind });
                )+
            }
        }

        impl DescribeSetting for $section {
            fn shown(&self) -> String {
                String::new()
            }

            fn describe(&self, declared: &Declared<'_>, rows: &mut Vec<SettingRow>) {
                self.each(declared.name, |field, declared| field.describe(declared, rows));
            }

            fn declare(&self, declared: &Declared<'_>, each: &mut dyn FnMut(&Declared<'_>)) {
                each(declared);
                self.each(declared.name, |field, declared| field.declare(declared, each));
            }

            fn secrets(&self, declared: &Declared<'_>, names: &mut Vec<String>) {
                self.each(declared.name, |field, declared| field.secrets(declared, names));
            }

            fn check(&self, declared: &Declared<'_>, problems: &mut Vec<String>) {
                self.each(declared.name, |field, declared| field.check(declared, problems));
            }
        }

        impl HasKind for $section {
            const KIND: SettingKind = SettingKind::Section;
        }
    };
}
pub(super) use settings;
