//! Times as products write them, in milliseconds since 1970.

use time::{Date, Month, PrimitiveDateTime, Time, UtcOffset};

/// The end of the year 9999.
const LAST: i64 = 253_402_300_799_999;

/// A time in milliseconds since 1970.
pub(crate) fn of_millis(millis: i64) -> Option<i64> {
    (0..=LAST).contains(&millis).then_some(millis)
}

/// A time in seconds since 1970.
pub(crate) fn of_seconds(seconds: i64) -> Option<i64> {
    seconds.checked_mul(1000).and_then(of_millis)
}

/// A time in text: `2026-11-28T01:05:32.395Z`, `2026-11-28 01:05:32.395123` and with a zone, the fourteen
/// digits `20261128010532`, or a day, `2026-11-28`. Without a zone it is UTC. More digits than milliseconds
/// have are cut off.
pub(crate) fn of_text(text: &str) -> Option<i64> {
    if !text.is_ascii() {
        return None;
    }
    if text.len() == 14 {
        let date = (number(&text[..4])?, number(&text[4..6])?, number(&text[6..8])?);
        return instant(date, (number(&text[8..10])?, number(&text[10..12])?, number(&text[12..])?), 0, 0);
    }
    let (date, rest) = text.split_at_checked(10)?;
    let mut parts = date.split('-');
    let date = (fixed(parts.next()?, 4)?, fixed(parts.next()?, 2)?, fixed(parts.next()?, 2)?);
    if parts.next().is_some() {
        return None;
    }
    if rest.is_empty() {
        return instant(date, (0, 0, 0), 0, 0);
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let mut parts = clock.split(':');
    let clock = (fixed(parts.next()?, 2)?, fixed(parts.next()?, 2)?, fixed(parts.next()?, 2)?);
    if parts.next().is_some() {
        return None;
    }
    let (millis, zone) = match rest.strip_prefix('.') {
        None => (0, rest),
        Some(rest) => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if !(1..=9).contains(&digits) {
                return None;
            }
            let (digits, zone) = rest.split_at(digits);
            (number(&format!("{digits:0<3}")[..3])?, zone)
        }
    };
    instant(date, clock, millis, minutes_east(zone)?)
}

/// A zone, perhaps behind a blank: none, `Z`, `UTC`, or hours and minutes to the east, as `+02:00`, `+0200`
/// or `+02`.
fn minutes_east(zone: &str) -> Option<i32> {
    let zone = match zone.strip_prefix(' ') {
        Some("") => return None,
        Some(zone) => zone,
        None => zone,
    };
    let (sign, digits) = match zone.as_bytes().first() {
        None => return Some(0),
        Some(b'+') => (1, &zone[1..]),
        Some(b'-') => (-1, &zone[1..]),
        _ => return matches!(zone, "Z" | "z" | "UTC").then_some(0),
    };
    let (hours, minutes) = match digits.len() {
        2 => (digits, "00"),
        4 => digits.split_at(2),
        5 => digits.split_once(':')?,
        _ => return None,
    };
    let (hours, minutes) = (fixed(hours, 2)?, fixed(minutes, 2)?);
    (hours < 24 && minutes < 60).then(|| sign * i32::from(hours * 60 + minutes))
}

fn instant(date: (u16, u16, u16), clock: (u16, u16, u16), millis: u16, east: i32) -> Option<i64> {
    let month = Month::try_from(u8::try_from(date.1).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::from(date.0), month, u8::try_from(date.2).ok()?).ok()?;
    let small = |number: u16| u8::try_from(number).ok();
    let time = Time::from_hms_milli(small(clock.0)?, small(clock.1)?, small(clock.2)?, millis).ok()?;
    let zone = UtcOffset::from_whole_seconds(east * 60).ok()?;
    let instant = PrimitiveDateTime::new(date, time).assume_offset(zone);
    of_millis(i64::try_from(instant.unix_timestamp_nanos() / 1_000_000).ok()?)
}

fn fixed(digits: &str, length: usize) -> Option<u16> {
    if digits.len() == length { number(digits) } else { None }
}

/// Digits and nothing else: the standard library takes a sign.
fn number(digits: &str) -> Option<u16> {
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_all_products_are_read() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-11-28T01:05:32.395Z", 1_795_827_932_395),
            ("2026-11-28 01:05:32", 1_795_827_932_000),
            ("2026-11-28 01:05:32.395999", 1_795_827_932_395),
            ("2026-11-28 01:05:32.3+00", 1_795_827_932_300),
            ("2026-11-28 03:05:32.395+02:00", 1_795_827_932_395),
            ("2026-11-27T20:35:32-0430", 1_795_827_932_000),
            ("2026-11-28 01:05:32 UTC", 1_795_827_932_000),
            ("2026-11-28 01:05:32.3950000 +00:00", 1_795_827_932_395),
            ("20261128010532", 1_795_827_932_000),
            ("2026-11-28", 1_795_824_000_000),
        ] {
            assert_eq!(of_text(text), Some(millis), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "2026-11-28T",
            "2026-02-30 00:00:00",
            "0000-00-00 00:00:00",
            "1969-12-31 23:59:59",
            "2026-11-28 24:00:00",
            "2026-11-28 +1:05:32",
            "2026-11-28T01:05:32.Z",
            "2026-11-28T01:05:32ZZ",
            "2026-11-28T01:05:32+1",
            "2026-11-28T01:05:32+99:00",
            "2026112801053",
            "2026112801053é",
            "infinity",
        ] {
            assert_eq!(of_text(text), None, "{text}");
        }
        assert_eq!((of_millis(-1), of_millis(LAST + 1), of_seconds(i64::MAX)), (None, None, None));
        assert_eq!((of_millis(0), of_seconds(1_600_000_000)), (Some(0), Some(1_600_000_000_000)));
    }
}
