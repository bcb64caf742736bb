//! The log, on standard error: one line for each event, as text or as JSON.
//!
//! What is ours says it through `log` or, where a line has values of its own, through `tracing`; libraries
//! use either. Both end here, with the id of the request that the task works at.

use std::fmt;
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};

use listener::with_present_request;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata};

use crate::config::{LogFormat, LogSettings};

/// The name of the value in which an event of `tracing` has its sentence.
const MESSAGE: &str = "message";

/// The names of the values that tell whose request a line belongs to.
const REQUEST_ID: &str = "request_id";
const TRACE_ID: &str = "trace_id";

/// Whether lines are JSON. The log begins before the settings are read, which say so.
static JSON: AtomicBool = AtomicBool::new(false);

/// Whether events of the audit log have lines.
static EVENTS: AtomicBool = AtomicBool::new(false);

/// The target of the lines of events.
const EVENT: &str = "vestibule::event";

/// Logs to standard error: warnings, and Vestibule's own messages from level `info`. Rocket is silenced
/// because it logs request lines with their queries. sqlx logs errors only, because its other messages
/// contain whole statements. Only the first call in a process has an effect.
pub fn log_to_stderr() {
    let begun = log::set_logger(&StandardError).is_ok();
    if !begun || tracing::subscriber::set_global_default(StandardError).is_err() {
        log::debug!("this process has a logger already");
    }
    if begun {
        log::set_max_level(log::LevelFilter::Info);
    }
}

/// Logs nothing: for a command that says itself what is wrong.
pub fn quiet_log() {
    log::set_max_level(log::LevelFilter::Off);
}

/// Writes lines as the settings say from now on, those about panics too.
pub(super) fn write_as(settings: &LogSettings) {
    EVENTS.store(settings.events.0, Ordering::Relaxed);
    if settings.format == LogFormat::Json {
        JSON.store(true, Ordering::Relaxed);
        // What panics write by themselves has several lines.
        std::panic::set_hook(Box::new(|panic| {
            Line::new(log::Level::Error, "vestibule::panic", panic_in_words(panic)).write();
        }));
    }
}

/// Writes why the program ends: as a line of the log where lines are JSON, else for whoever typed its name.
pub(super) fn write_end(error: &dyn fmt::Display) {
    if JSON.load(Ordering::Relaxed) {
        Line::new(log::Level::Error, "vestibule", error.to_string()).write();
    } else {
        eprintln!("vestibule: {error}");
    }
}

/// Writes to standard output that the server is ready, for whoever started it. Programs that collect JSON get
/// an object there, too. Nobody need listen.
pub(super) fn write_ready(said: String) {
    let text = if JSON.load(Ordering::Relaxed) {
        Line::new(log::Level::Info, "vestibule", said).json(OffsetDateTime::now_utc())
    } else {
        format!("{said}\n")
    };
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

fn panic_in_words(panic: &PanicHookInfo<'_>) -> String {
    let thread = std::thread::current();
    let (name, said) = (thread.name().unwrap_or("<unnamed>"), panic.payload_as_str().unwrap_or("no words"));
    match panic.location() {
        Some(place) => format!("thread '{name}' panicked at {place}: {said}"),
        None => format!("thread '{name}' panicked: {said}"),
    }
}

/// Whether the log has messages of `target` at `level`. Rocket's macros log every refused body, from modules
/// named `_` inside our modules.
fn is_wanted(target: &str, level: log::Level) -> bool {
    let most = match target {
        target if target.ends_with("::_") || target.starts_with('_') => log::LevelFilter::Off,
        EVENT if !EVENTS.load(Ordering::Relaxed) => log::LevelFilter::Off,
        target if target.starts_with("rocket") => log::LevelFilter::Off,
        target if target.starts_with("vestibule") => log::LevelFilter::Info,
        target if target.starts_with("sqlx") => log::LevelFilter::Error,
        _ => log::LevelFilter::Warn,
    };
    level <= most
}

/// Takes what is logged by `log` and by `tracing`.
struct StandardError;

impl log::Log for StandardError {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        is_wanted(metadata.target(), metadata.level())
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            Line::new(record.level(), record.target(), record.args().to_string()).write();
        }
    }

    fn flush(&self) {}
}

fn level_of(metadata: &Metadata<'_>) -> log::Level {
    match *metadata.level() {
        tracing::Level::ERROR => log::Level::Error,
        tracing::Level::WARN => log::Level::Warn,
        tracing::Level::INFO => log::Level::Info,
        tracing::Level::DEBUG => log::Level::Debug,
        _ => log::Level::Trace,
    }
}

/// Spans are not kept: the request's id is what they would say, and it costs a look-up in place of a span.
impl tracing::Subscriber for StandardError {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        // Whether there are lines of events is known later.
        match metadata.target() {
            EVENT => Interest::sometimes(),
            _ if self.enabled(metadata) => Interest::always(),
            _ => Interest::never(),
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && is_wanted(metadata.target(), level_of(metadata))
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let mut line = Line::new(level_of(metadata), metadata.target(), String::new());
        event.record(&mut line);
        line.write();
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// One line.
struct Line<'a> {
    level: log::Level,
    target: &'a str,
    message: String,
    values: Vec<(&'static str, Value)>,
}

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value.into());
    }
}

impl<'a> Line<'a> {
    fn new(level: log::Level, target: &'a str, message: String) -> Self {
        Self { level, target, message, values: Vec::new() }
    }

    fn add(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            (MESSAGE, Value::String(message)) => self.message = message,
            (name, value) => self.values.push((name, value)),
        }
    }

    fn write(mut self) {
        if !self.values.iter().any(|(name, _)| *name == REQUEST_ID) {
            with_present_request(|ids| {
                self.values.push((REQUEST_ID, ids.id.to_string().into()));
                self.values.extend(ids.trace.map(|trace| (TRACE_ID, trace.to_string().into())));
            });
        }
        let now = OffsetDateTime::now_utc();
        let text = if JSON.load(Ordering::Relaxed) { self.json(now) } else { self.text(now) };
        // Nobody is left to tell when standard error is closed. One call, so that lines do not mix.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    /// `2026-01-01T00:00:00Z WARN  target: message name=value`
    fn text(&self, at: OffsetDateTime) -> String {
        let Self { level, target, message, values } = self;
        let mut line = format!("{} {level:<5} {target}: {message}", timestamp(at));
        for (name, value) in values {
            if !line.ends_with(' ') {
                line.push(' ');
            }
            match value {
                Value::String(plain) if is_plain(plain) => line.push_str(&format!("{name}={plain}")),
                other => line.push_str(&format!("{name}={other}")),
            }
        }
        line.push('\n');
        line
    }

    /// An object on one line.
    fn json(self, at: OffsetDateTime) -> String {
        let mut object = Map::new();
        object.insert("time".to_owned(), exact(at).into());
        object.insert("level".to_owned(), self.level.as_str().into());
        object.insert("target".to_owned(), self.target.into());
        if !self.message.is_empty() {
            object.insert(MESSAGE.to_owned(), self.message.into());
        }
        object.extend(self.values.into_iter().map(|(name, value)| (name.to_owned(), value)));
        format!("{}\n", Value::Object(object))
    }
}

/// Whether a value needs no quotes.
fn is_plain(value: &str) -> bool {
    !value.is_empty()
        && !value.contains(|c: char| c.is_whitespace() || c.is_control() || c == '"' || c == '=')
}

/// `at` as in RFC 3339, in whole seconds: `2026-01-01T00:00:00Z`.
pub(super) fn timestamp(at: OffsetDateTime) -> String {
    let (hour, minute, second) = at.to_hms();
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", at.date())
}

/// `at` as in RFC 3339, in milliseconds: `2026-01-01T00:00:00.000Z`.
fn exact(at: OffsetDateTime) -> String {
    let (hour, minute, second, milli) = at.to_hms_milli();
    format!("{}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z", at.date())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line<'static> {
        let mut line = Line::new(log::Level::Warn, "vestibule::x", "two\nlines \"quoted\"".to_owned());
        line.values = vec![("route", "/user/<id>".into()), ("status", 200.into()), ("said", "a b=c".into())];
        line
    }

    fn at() -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + std::time::Duration::from_millis(1_767_225_601_999)
    }

    #[test]
    fn a_line_begins_with_the_second() {
        assert_eq!(timestamp(at()), "2026-01-01T00:00:01Z");
        let text = line().text(at());
        let values = "route=/user/<id> status=200 said=\"a b=c\"\n";
        assert_eq!(text, format!("2026-01-01T00:00:01Z WARN  vestibule::x: two\nlines \"quoted\" {values}"));
    }

    #[test]
    fn a_line_of_json_is_one_line() {
        let json = line().json(at());
        assert_eq!(json.matches('\n').count(), 1, "{json}");
        let read: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["time"], "2026-01-01T00:00:01.999Z");
        assert_eq!((&read["level"], &read["target"]), (&"WARN".into(), &"vestibule::x".into()));
        assert_eq!(read["message"], "two\nlines \"quoted\"");
        assert_eq!((&read["status"], &read["route"]), (&200.into(), &"/user/<id>".into()));
    }

    #[test]
    fn what_has_secrets_is_not_wanted() {
        use log::Level::{Error, Info, Warn};
        for (target, level, wanted) in [
            ("vestibule::flows", Info, true),
            ("vestibule_listener::server", Info, true),
            ("vestibule::pages::_", Error, false),
            ("_", Error, false),
            ("rocket::server", Error, false),
            ("rocket_db_pools", Error, false),
            ("sqlx::query", Warn, false),
            ("sqlx_core::pool", Error, true),
            ("hyper", Warn, true),
            ("hyper", Info, false),
        ] {
            assert_eq!(is_wanted(target, level), wanted, "{target} {level}");
        }
    }

    #[test]
    fn a_panic_says_where_and_why() {
        let words = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
        let heard = words.clone();
        std::panic::set_hook(Box::new(move |panic| *heard.lock().unwrap() = panic_in_words(panic)));
        let panicked = std::panic::catch_unwind(|| panic!("out of {}", "order"));
        let _ = std::panic::take_hook();
        assert!(panicked.is_err());
        let words = words.lock().unwrap().clone();
        assert!(
            words.contains("panicked at src/compose/logging.rs:") && words.ends_with(": out of order"),
            "{words}"
        );
    }
}
