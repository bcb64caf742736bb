//! Lengths of time on the command line: `90d`, `12h`, `30m` or `2w`.

use std::time::Duration;

/// Reads a number of minutes, hours, days or weeks; `None` for anything else, and for nothing.
pub fn parse(text: &str) -> Option<Duration> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[number.len()..] {
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return None,
    };
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = number.parse::<u64>().ok().filter(|_| digits).and_then(|number| number.checked_mul(unit));
    seconds.map(Duration::from_secs).filter(|lasts| !lasts.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_hours_days_and_weeks_are_read_and_nothing_else() {
        for (text, seconds) in [("30m", 1_800), ("12h", 43_200), ("90d", 7_776_000), ("2w", 1_209_600)] {
            assert_eq!(parse(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "d", "0d", "5", "5s", "-1d", "1.5d", "9d9", "99999999999999999999w"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
