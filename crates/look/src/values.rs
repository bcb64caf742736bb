//! Values that several pages and mails pass to their templates: fields of forms, choices and times.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{Dates, Problem};
use domain::Millis;

/// One line that was typed, and what is wrong with it.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct FieldView {
    /// The typed value, to be shown again.
    pub value: String,
    /// Problems of the value.
    pub errors: Vec<Problem>,
}

/// A password: what is wrong with it, never what was typed.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct SecretView {
    /// Problems of the value.
    pub errors: Vec<Problem>,
}

/// The box by which somebody who signs up agrees to the terms of use.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct TermsView {
    /// Where they can be read; empty where there are none, and no box.
    pub url: String,
    /// Whether the box was ticked.
    pub agreed: bool,
    /// Problems of the box.
    pub errors: Vec<Problem>,
}

/// A field that the operator defined.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomFieldView {
    /// Name of the input.
    pub name: String,
    /// Label, in the language of the page.
    pub label: String,
    /// `text`, `email`, `url`, `number`, `date` or `boolean`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The value, or what was typed, to be shown again. A number that is one has a point before its decimals,
    /// as `type="number"` wants it.
    pub value: String,
    /// The same as a person reads it: a number has the decimal mark of the page's language.
    pub shown: String,
    /// Whether a `boolean` is on.
    pub checked: bool,
    /// Whether it must be filled in.
    pub required: bool,
    /// Longest value in characters.
    pub max_length: usize,
    /// Problems of the value.
    pub errors: Vec<Problem>,
}

/// A choice of one option.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ChoiceView {
    /// Value of the chosen option; may be empty.
    pub value: String,
    /// The options.
    pub options: Vec<OptionView>,
    /// Problems of the value.
    pub errors: Vec<Problem>,
}

/// An option of a choice.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OptionView {
    /// Value that the form sends.
    pub value: String,
    /// Label, in the language of the page.
    pub label: String,
    /// Whether this option is chosen.
    pub selected: bool,
}

/// A moment.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct TimeView {
    /// For `datetime="…"`.
    pub iso: String,
    /// For people, in the language of the page: `31 January 2026`, or to the minute, in UTC.
    pub text: String,
}

impl TimeView {
    /// A time to the day.
    pub fn day(at: Millis, dates: &Dates) -> Self {
        Self { iso: iso(at), text: dates.day(at) }
    }

    /// A time to the minute.
    pub fn minute(at: Millis, dates: &Dates) -> Self {
        Self { iso: iso(at), text: dates.minute(at) }
    }

    /// Like [`minute`](Self::minute), with plain spaces instead of the narrow ones of English, so that an
    /// English mail is ASCII.
    pub fn in_mail(at: Millis, dates: &Dates) -> Self {
        let moment = Self::minute(at, dates);
        Self { text: moment.text.replace('\u{202f}', " "), ..moment }
    }
}

/// `2026-01-31T09:30:00Z` (RFC 3339).
pub fn iso(at: Millis) -> String {
    let at = time::OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000))
        .unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let (hour, minute, second) = at.to_hms();
    let mut iso = *b"0000-00-00T00:00:00Z";
    // Every page has several of these, and `format!` would take ten times as long.
    write_digits(&mut iso[0..4], at.year().unsigned_abs());
    for (start, part) in [(5, u8::from(at.month())), (8, at.day()), (11, hour), (14, minute), (17, second)] {
        write_digits(&mut iso[start..start + 2], part.into());
    }
    iso.map(char::from).iter().collect()
}

fn write_digits(places: &mut [u8], number: u32) {
    let mut left = number;
    for place in places.iter_mut().rev() {
        *place = b'0' + (left % 10) as u8;
        left /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_for_machines_and_for_people() {
        let at = TimeView::minute(Millis(1_709_258_403_999), &Dates::of("en-GB").unwrap());
        assert_eq!(
            (at.iso.as_str(), at.text.as_str()),
            ("2024-03-01T02:00:03Z", "1 March 2024 at 02:00 UTC")
        );
        assert_eq!(iso(Millis(0)), "1970-01-01T00:00:00Z");
    }
}
