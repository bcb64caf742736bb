//! The settings of a theme, which its author defines and an operator can change.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

/// The settings of a theme by name.
pub type ThemeSettings = BTreeMap<String, SettingValue>;

/// A value of `[settings]`. The type of the default is the type of the setting.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingValue {
    /// A CSS colour, such as `#0b5d5b`.
    Colour(String),
    /// A CSS length, such as `12px`.
    Length(String),
    /// Any text on one line.
    Text(String),
    /// A whole number.
    Number(i64),
    /// `true` or `false`.
    Flag(bool),
}

/// The longest text of a setting, in characters.
const TEXT_MAX: usize = 1_000;

impl SettingValue {
    /// Parses a value of `theme.toml`.
    ///
    /// # Errors
    /// A sentence that says why it cannot be the value of a setting.
    pub fn written(value: &Value) -> Result<Self, String> {
        match value {
            Value::Bool(flag) => Ok(Self::Flag(*flag)),
            Value::Number(number) => number.as_i64().map(Self::Number).ok_or_else(|| WANTED.to_owned()),
            Value::String(text) if is_colour(text) => Ok(Self::Colour(text.clone())),
            Value::String(text) if text.starts_with('#') => {
                Err(format!("`{text}` is no colour: # is followed by 3, 4, 6 or 8 digits of 0-9 and a-f"))
            }
            Value::String(text) if is_length(text) => Ok(Self::Length(text.clone())),
            Value::String(text) if text.chars().any(char::is_control) || text.chars().count() > TEXT_MAX => {
                Err(format!("a text is one line of {TEXT_MAX} characters at most"))
            }
            Value::String(text) => Ok(Self::Text(text.clone())),
            _ => Err(WANTED.to_owned()),
        }
    }

    /// The setting with the operator's value.
    ///
    /// # Errors
    /// A sentence that says why the setting cannot have that value, for example because its type differs.
    pub fn changed_to(&self, value: &Value) -> Result<Self, String> {
        let wanted = match self {
            Self::Colour(_) => "a colour such as #0b5d5b",
            Self::Length(_) => "a length such as 12px",
            Self::Text(_) => "a text",
            Self::Number(_) => "a whole number",
            Self::Flag(_) => "true or false",
        };
        let refused = || format!("should be {wanted}, as in theme.toml");
        let written = match (self, value) {
            // A text setting also accepts text that looks like a colour or a length.
            (Self::Text(_), Value::String(text)) if !text.chars().any(char::is_control) => {
                return Ok(Self::Text(text.clone()));
            }
            _ => Self::written(value).map_err(|_| refused())?,
        };
        if std::mem::discriminant(self) == std::mem::discriminant(&written) {
            Ok(written)
        } else {
            Err(refused())
        }
    }

    /// The value of the variable in templates.
    pub fn as_value(&self) -> Value {
        match self {
            Self::Colour(text) | Self::Length(text) | Self::Text(text) => Value::from(text.as_str()),
            Self::Number(number) => Value::from(*number),
            Self::Flag(flag) => Value::from(*flag),
        }
    }

    /// The text that a page prints for the setting.
    pub fn as_text(&self) -> String {
        match self {
            Self::Colour(text) | Self::Length(text) | Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}

const WANTED: &str = "a setting is a text, a whole number, or true or false";

/// Whether `name` is a valid name: it becomes a variable and a part of a CSS property.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Accepts `#rgb` and longer, or a colour function that contains nothing that could end the declaration.
fn is_colour(text: &str) -> bool {
    if let Some(digits) = text.strip_prefix('#') {
        return matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    }
    let functions = ["rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch("];
    let inside = functions.iter().find_map(|start| text.strip_prefix(start)?.strip_suffix(')'));
    inside.is_some_and(|inside| {
        !inside.is_empty() && inside.chars().all(|c| c.is_ascii_alphanumeric() || " .,%/+-".contains(c))
    })
}

fn is_length(text: &str) -> bool {
    let number = text.trim_end_matches(|c: char| c.is_ascii_lowercase() || c == '%');
    let units = ["px", "rem", "em", "ch", "ex", "%", "vw", "vh", "vmin", "vmax", "pt", "mm", "cm"];
    units.contains(&&text[number.len()..])
        && number.parse::<f64>().is_ok_and(f64::is_finite)
        && number.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-')
}

/// A CSS rule with the colours and lengths as custom properties: `accent_dark` is `--theme-accent-dark`.
/// Empty if there are none.
pub(crate) fn stylesheet(settings: &ThemeSettings) -> String {
    let mut rules = String::new();
    for (name, value) in settings {
        if let SettingValue::Colour(text) | SettingValue::Length(text) = value {
            // Writing to a `String` never fails.
            let _ = writeln!(rules, "  --theme-{}: {text};", name.replace('_', "-"));
        }
    }
    if rules.is_empty() { rules } else { format!(":root {{\n{rules}}}\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> &'static str {
        match SettingValue::written(&Value::from(text)) {
            Ok(SettingValue::Colour(_)) => "colour",
            Ok(SettingValue::Length(_)) => "length",
            Ok(SettingValue::Text(_)) => "text",
            Ok(_) => "other",
            Err(_) => "refused",
        }
    }

    #[test]
    fn a_text_is_what_it_looks_like() {
        for text in ["#fff", "#0B5D5B", "#0b5d5bcc", "rgb(1 2 3 / 50%)", "oklch(.6 .1 200deg)"] {
            assert_eq!(kind(text), "colour", "{text}");
        }
        for text in ["12px", ".5rem", "-1.5em", "100%"] {
            assert_eq!(kind(text), "length", "{text}");
        }
        for text in ["logo.svg", "12", "px", "rgb(1;2)", "red", "", "1e9px"] {
            assert_eq!(kind(text), "text", "{text}");
        }
        for text in ["#12345", "#ggg", "two\nlines"] {
            assert_eq!(kind(text), "refused", "{text}");
        }
    }

    #[test]
    fn an_operator_changes_the_value_and_not_its_kind() {
        let colour = SettingValue::Colour("#fff".into());
        assert_eq!(colour.changed_to(&Value::from("#000")), Ok(SettingValue::Colour("#000".into())));
        for wrong in [Value::from("red; }"), Value::from("12px"), Value::from(3), Value::Null] {
            assert!(colour.changed_to(&wrong).unwrap_err().contains("#0b5d5b"), "{wrong}");
        }
    }
}
