//! Formats dates and numbers by the rules of each language (CLDR, through ICU4X).

use icu_calendar::Gregorian;
use icu_calendar::types::RataDie;
use icu_datetime::fieldsets::{YMD, YMDT};
use icu_datetime::input::{Date, DateTime, Time};
use icu_datetime::options::TimePrecision;
use icu_datetime::{DateTimeFormatterPreferences, FixedCalendarDateTimeFormatter};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::Locale;
use parking_lot::Mutex;
use time::OffsetDateTime;

use domain::Millis;

const MINUTE: i64 = 60_000;
const DAY: i64 = 1_440 * MINUTE;

/// Formats times and numbers in one language.
pub struct Dates {
    day: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
    minute: FixedCalendarDateTimeFormatter<Gregorian, YMDT>,
    number: DecimalFormatter,
    decimal_mark: char,
    /// Whether the first of a month is written `1er`. The formats of CLDR lack the ordinal of French.
    ordinal_first: bool,
    days: TextCache,
    minutes: TextCache,
}

impl Dates {
    /// The formats of the language with this code, such as `fr` or `pt-BR`.
    ///
    /// # Errors
    /// A sentence that says why the code does not name a language.
    pub fn of(language: &str) -> Result<Self, String> {
        let locale: Locale = language.parse().map_err(|error| format!("{error}"))?;
        let preferences = DateTimeFormatterPreferences::from(&locale);
        let number = DecimalFormatter::try_new((&locale).into(), Default::default()).map_err(text)?;
        let mut half = Decimal::from(5);
        half.multiply_pow10(-1);
        let decimal_mark = number.format(&half).to_string().chars().find(|mark| !mark.is_numeric());
        let to_the_minute = YMDT::long().with_time_precision(TimePrecision::Minute);
        Ok(Self {
            day: FixedCalendarDateTimeFormatter::try_new(preferences, YMD::long()).map_err(text)?,
            minute: FixedCalendarDateTimeFormatter::try_new(preferences, to_the_minute).map_err(text)?,
            number,
            decimal_mark: decimal_mark.unwrap_or('.'),
            ordinal_first: locale.id.language.as_str() == "fr",
            days: TextCache::new(),
            minutes: TextCache::new(),
        })
    }

    /// `31 January 2026`, in UTC.
    pub fn day(&self, at: Millis) -> String {
        self.days.get(at.0.div_euclid(DAY), || self.first(self.day.format(&moment(at).date).to_string()))
    }

    /// `31 January 2026 at 09:30 UTC`.
    pub fn minute(&self, at: Millis) -> String {
        let minute = || self.first(format!("{} UTC", self.minute.format(&moment(at))));
        self.minutes.get(at.0.div_euclid(MINUTE), minute)
    }

    /// `date` with the ordinal of the first of a month, where the language has one.
    fn first(&self, date: String) -> String {
        match date.strip_prefix("1 ") {
            Some(rest) if self.ordinal_first => format!("1er {rest}"),
            _ => date,
        }
    }

    /// The mark before the decimals of a number: `.` in English, `,` in French and Russian.
    pub fn decimal_mark(&self) -> char {
        self.decimal_mark
    }

    /// `12,500` or `12 500`.
    pub fn number(&self, number: i64) -> String {
        self.number.format(&Decimal::from(number)).to_string()
    }
}

/// Formatted days or minutes, by their number since 1970. Formatting a date takes about a microsecond, and
/// pages show the same few days again and again.
struct TextCache(Mutex<Vec<(i64, String)>>);

impl TextCache {
    /// The number of cached texts. A text is stored at its number modulo this.
    const KEPT: usize = 256;

    fn new() -> Self {
        // `i64::MIN` is not a valid day or minute: a number of milliseconds divided by a day is larger.
        Self(Mutex::new(vec![(i64::MIN, String::new()); Self::KEPT]))
    }

    fn get(&self, number: i64, write: impl FnOnce() -> String) -> String {
        let place = usize::try_from(number.rem_euclid(Self::KEPT as i64)).unwrap_or(0);
        if let Some((kept, text)) = self.0.lock().get(place)
            && *kept == number
        {
            return text.clone();
        }
        let text = write();
        if let Some(slot) = self.0.lock().get_mut(place) {
            *slot = (number, text.clone());
        }
        text
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// 1 January 1970.
const EPOCH: RataDie = RataDie::new(719_163);

/// The date and time of `at`. A time outside the calendar becomes 1 January 1970.
fn moment(at: Millis) -> DateTime<Gregorian> {
    let at =
        OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (hour, minute, second) = at.to_hms();
    let date = Date::try_new_gregorian(at.year(), at.month().into(), at.day());
    let time = Time::try_new(hour, minute, second, 0);
    match (date, time) {
        (Ok(date), Ok(time)) => DateTime { date, time },
        _ => DateTime { date: Date::from_rata_die(EPOCH, Gregorian), time: Time::start_of_day() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_numbers_are_written_as_readers_do() {
        let at = Millis(1_709_258_403_999);
        for (language, day, minute, number) in [
            ("en", "March 1, 2024", "March 1, 2024 at 2:00\u{202f}AM UTC", "12,500"),
            ("en-GB", "1 March 2024", "1 March 2024 at 02:00 UTC", "12,500"),
            ("fr", "1er mars 2024", "1er mars 2024 à 02:00 UTC", "12\u{202f}500"),
            ("ru", "1 марта 2024\u{202f}г.", "1 марта 2024\u{202f}г. в 02:00 UTC", "12\u{a0}500"),
        ] {
            let dates = Dates::of(language).unwrap();
            // The first call formats the text, the second reads the cache.
            for _ in 0..2 {
                assert_eq!((dates.day(at).as_str(), dates.minute(at).as_str()), (day, minute));
            }
            assert_eq!(dates.number(12_500), number);
        }
        assert!(Dates::of("no language").is_err());
    }

    #[test]
    fn the_first_of_a_month_alone_is_an_ordinal() {
        for (day, text) in [(0, "1er janvier 1970"), (1, "2 janvier 1970"), (10, "11 janvier 1970")] {
            assert_eq!(Dates::of("fr-CA").unwrap().day(Millis(day * DAY)), text);
        }
    }

    #[test]
    fn decimals_stand_behind_the_mark_of_the_language() {
        for (language, mark) in [("en", '.'), ("fr", ','), ("ru", ','), ("de-CH", '.')] {
            assert_eq!(Dates::of(language).unwrap().decimal_mark(), mark, "{language}");
        }
    }

    #[test]
    fn moments_in_the_same_place_are_told_apart() {
        let dates = Dates::of("en").unwrap();
        let later = 256 * DAY;
        assert_eq!(dates.day(Millis(0)), "January 1, 1970");
        assert_eq!(dates.day(Millis(later)), "September 14, 1970");
        assert_eq!(dates.day(Millis(0)), "January 1, 1970");
        assert_eq!(dates.day(Millis(i64::MAX)), "January 1, 1970");
    }
}
