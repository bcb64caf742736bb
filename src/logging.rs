//! What is written to standard error.

use std::io::Write as _;

/// Writes warnings and our own news to standard error. Rocket's lines would show request lines with their queries,
/// sqlx's whole statements. Only the first call of a process has an effect.
pub fn log_to_stderr() {
    let begun = env_logger::Builder::new()
        .filter_level(log::LevelFilter::Warn)
        .filter_module("vestibule", log::LevelFilter::Info)
        .filter_module("rocket", log::LevelFilter::Off)
        .filter_module("_", log::LevelFilter::Off)
        .filter_module("sqlx", log::LevelFilter::Error)
        .format(|line, record| {
            // What Rocket's macros put into our own modules, such as each body that was refused.
            if record.target().ends_with("::_") {
                return Ok(());
            }
            let (time, level, target) = (line.timestamp(), record.level(), record.target());
            writeln!(line, "{time} {level:<5} {target}: {}", record.args())
        })
        .try_init();
    if begun.is_err() {
        log::debug!("somebody keeps the log already");
    }
}
