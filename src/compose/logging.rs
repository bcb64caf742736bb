//! The log, on standard error.

use std::io::Write as _;

/// Writes warnings, and our own messages of level `info`, to standard error. Rocket is silent because it logs
/// request lines with their queries, sqlx below `error` because it logs whole statements. Only the first call
/// of a process has an effect.
pub fn log_to_stderr() {
    let begun = env_logger::Builder::new()
        .filter_level(log::LevelFilter::Warn)
        .filter_module("vestibule", log::LevelFilter::Info)
        .filter_module("rocket", log::LevelFilter::Off)
        .filter_module("_", log::LevelFilter::Off)
        .filter_module("sqlx", log::LevelFilter::Error)
        .format(|line, record| {
            // Rocket's macros log from modules of this name inside ours, each refused body for one.
            if record.target().ends_with("::_") {
                return Ok(());
            }
            let (time, level, target) = (line.timestamp(), record.level(), record.target());
            writeln!(line, "{time} {level:<5} {target}: {}", record.args())
        })
        .try_init();
    if begun.is_err() {
        log::debug!("this process has a logger already");
    }
}
