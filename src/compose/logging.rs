//! The log, on standard error.

use std::io::Write as _;

use time::OffsetDateTime;

/// Logs to standard error: warnings, and Vestibule's own messages from level `info`. Rocket is silenced
/// because it logs request lines with their queries. sqlx logs errors only, because its other messages
/// contain whole statements. Only the first call in a process has an effect.
pub fn log_to_stderr() {
    let begun = env_logger::Builder::new()
        .filter_level(log::LevelFilter::Warn)
        .filter_module("vestibule", log::LevelFilter::Info)
        .filter_module("rocket", log::LevelFilter::Off)
        .filter_module("_", log::LevelFilter::Off)
        .filter_module("sqlx", log::LevelFilter::Error)
        .format(|line, record| {
            // Rocket's macros log every refused body, from modules of this name inside our modules.
            if record.target().ends_with("::_") {
                return Ok(());
            }
            let (time, level, target) =
                (timestamp(OffsetDateTime::now_utc()), record.level(), record.target());
            writeln!(line, "{time} {level:<5} {target}: {}", record.args())
        })
        .try_init();
    if begun.is_err() {
        log::debug!("this process has a logger already");
    }
}

/// Logs nothing: for a command that says itself what is wrong.
pub fn quiet_log() {
    log::set_max_level(log::LevelFilter::Off);
}

/// `at` as in RFC 3339, in whole seconds: `2026-01-01T00:00:00Z`.
pub(super) fn timestamp(at: OffsetDateTime) -> String {
    let (hour, minute, second) = at.to_hms();
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", at.date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_begins_with_the_second() {
        let at = OffsetDateTime::UNIX_EPOCH + std::time::Duration::from_millis(1_767_225_601_999);
        assert_eq!(timestamp(at), "2026-01-01T00:00:01Z");
    }
}
