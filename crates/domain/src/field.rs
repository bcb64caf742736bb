//! The operator's own fields (`[default.fields.phone]`), and the check of each kind of value.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{EmailAddress, Field, FieldCode, FieldError, clean_text, trim_unseen};

/// The kind of a field: the key `type` in the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// Any text on one line.
    #[default]
    Text,
    Email,
    /// An absolute `http` or `https` URL.
    Url,
    /// A decimal number, stored with a point before its decimals.
    Number,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// Yes or no, stored as `true` or `false`.
    Boolean,
}

impl FieldKind {
    /// The word in the settings. Templates use it as the `type` of the input.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Email => "email",
            Self::Url => "url",
            Self::Number => "number",
            Self::Date => "date",
            Self::Boolean => "boolean",
        }
    }
}

/// A field that the operator added to accounts.
#[derive(Clone, Debug)]
pub struct CustomField {
    /// The field's name on the wire and in the database.
    pub name: String,
    /// The label of the field's input, by language code.
    pub label: BTreeMap<String, String>,
    /// The kind of the field's values.
    pub kind: FieldKind,
    /// Whether the field must be filled in.
    pub required: bool,
    /// The longest value, in characters.
    pub max_length: usize,
    /// Whether the sign-up page shows the field too.
    pub sign_up: bool,
}

impl CustomField {
    /// The label in `locale`, or else in English, or else in any language, or else the name.
    pub fn label(&self, locale: &str) -> &str {
        self.label
            .get(locale)
            .or_else(|| self.label.get("en"))
            .or_else(|| self.label.values().next())
            .unwrap_or(&self.name)
    }

    /// Converts typed text to the stored form. Empty input gives `""`.
    ///
    /// # Errors
    /// `Required` when a required value is empty, `TextTooLong` above `max_length`, otherwise the code of the
    /// kind.
    pub fn parse(&self, raw: &str) -> Result<String, FieldCode> {
        let raw = if self.kind == FieldKind::Email { trim_unseen(raw) } else { raw };
        let text = clean_text(raw, self.max_length)?;
        if self.kind == FieldKind::Boolean {
            return match text.as_str() {
                "on" | "true" | "1" => Ok("true".into()),
                "" | "off" | "false" | "0" if self.required => Err(FieldCode::Required),
                "" | "off" | "false" | "0" => Ok("false".into()),
                _ => Err(FieldCode::BooleanInvalid),
            };
        }
        if text.is_empty() {
            return if self.required { Err(FieldCode::Required) } else { Ok(text) };
        }
        match self.kind {
            FieldKind::Text | FieldKind::Boolean => Ok(text),
            FieldKind::Email => EmailAddress::parse(&text).map(|address| address.as_str().to_owned()),
            FieldKind::Url if is_web_address(&text) => Ok(text),
            FieldKind::Url => Err(FieldCode::UrlInvalid),
            FieldKind::Number => decimal(&text).ok_or(FieldCode::NumberInvalid),
            FieldKind::Date if is_day(&text) => Ok(text),
            FieldKind::Date => Err(FieldCode::DateInvalid),
        }
    }
}

/// Accepts only URLs that a browser opens as a page. A `javascript:` URL shown as a link would run inside the
/// site.
fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// A number as it is stored: `3,5` and `3.5` are both `3.5`. `None` for `1,234`: English writes a thousand
/// like this, other languages a little more than one, and nothing here tells which was meant.
fn decimal(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let Some((whole, fraction)) = unsigned.split_once(['.', ',']) else {
        return digits(unsigned).then(|| text.to_owned());
    };
    let thousands = text.contains(',') && fraction.len() == 3 && whole != "0";
    (digits(whole) && digits(fraction) && !thousands).then(|| text.replace(',', "."))
}

fn is_day(text: &str) -> bool {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| match i {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok());
    let (true, Some(year), Some(month), Some(day)) = (shaped, number(0..4), number(5..7), number(8..10))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// All of the operator's fields, in the order of the settings.
#[derive(Clone, Debug, Default)]
pub struct CustomFields(Vec<CustomField>);

impl CustomFields {
    /// Takes the fields from the settings.
    pub fn new(fields: Vec<CustomField>) -> Self {
        Self(fields)
    }

    pub fn iter(&self) -> impl Iterator<Item = &CustomField> {
        self.0.iter()
    }

    /// Parses the values that `given` contains. Fields that it lacks are skipped, unless `complete` is set:
    /// then they are parsed as empty.
    ///
    /// # Errors
    /// One [`FieldError`] for each invalid value.
    pub fn parse<'a>(
        &self,
        given: impl Fn(&str) -> Option<&'a str>,
        complete: impl Fn(&CustomField) -> bool,
    ) -> Result<BTreeMap<String, String>, Vec<FieldError>> {
        let mut values = BTreeMap::new();
        let mut errors = Vec::new();
        for field in &self.0 {
            let raw = match given(&field.name) {
                Some(raw) => raw,
                None if complete(field) => "",
                None => continue,
            };
            match field.parse(raw) {
                Ok(value) => {
                    values.insert(field.name.clone(), value);
                }
                Err(code) => errors.push(FieldError { field: Field::Custom(field.name.clone()), code }),
            }
        }
        if errors.is_empty() { Ok(values) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind, required: bool) -> CustomField {
        CustomField {
            name: "x".into(),
            label: BTreeMap::from([("fr".into(), "Téléphone".into())]),
            kind,
            required,
            max_length: 40,
            sign_up: false,
        }
    }

    #[test]
    fn every_kind_refuses_what_it_is_not() {
        let cases = [
            (FieldKind::Email, "ada@example.org", "ada", FieldCode::EmailInvalid),
            (FieldKind::Url, "https://example.org/a", "javascript:alert(1)", FieldCode::UrlInvalid),
            (FieldKind::Number, "-12.5", "1e5", FieldCode::NumberInvalid),
            (FieldKind::Date, "2024-02-29", "2023-02-29", FieldCode::DateInvalid),
            (FieldKind::Boolean, "true", "maybe", FieldCode::BooleanInvalid),
            (FieldKind::Text, "tea", "a\nb", FieldCode::TextInvalid),
        ];
        for (kind, good, bad, code) in cases {
            assert_eq!(field(kind, true).parse(good).as_deref(), Ok(good));
            assert_eq!(field(kind, true).parse(bad), Err(code));
        }
    }

    #[test]
    fn a_decimal_comma_is_stored_as_a_point() {
        let parse = |typed| field(FieldKind::Number, true).parse(typed);
        for (typed, stored) in
            [("3,5", "3.5"), ("-12,25", "-12.25"), ("0,125", "0.125"), ("1.234", "1.234"), ("42", "42")]
        {
            assert_eq!(parse(typed).as_deref(), Ok(stored), "{typed}");
        }
        for typed in ["1,234", "1,234,567", "1,2,3", "1.234,5", ",5", "5,", "-", ","] {
            assert_eq!(parse(typed), Err(FieldCode::NumberInvalid), "{typed}");
        }
    }

    #[test]
    fn an_optional_field_may_be_empty_and_a_required_one_may_not() {
        assert_eq!(field(FieldKind::Date, false).parse("  "), Ok(String::new()));
        assert_eq!(field(FieldKind::Date, true).parse(""), Err(FieldCode::Required));
        assert_eq!(field(FieldKind::Boolean, true).parse("off"), Err(FieldCode::Required));
        assert_eq!(field(FieldKind::Boolean, false).parse(""), Ok("false".into()));
    }

    #[test]
    fn a_label_falls_back_to_what_there_is() {
        assert_eq!(field(FieldKind::Text, false).label("ru"), "Téléphone");
    }
}
