//! Runs a check on a thread of its own.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// The stack of the thread, in bytes, of which only what is used takes memory. What is nested as deep as the
/// bounds allow takes a hundredth of it.
const STACK: usize = 64 << 20;

/// The longest that the caller waits. Whatever a theme may contain is counted, and ends long before, also on
/// a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// The result of `work`.
///
/// # Errors
/// A sentence that says why there is none: it panicked, or took too long. In the latter case it goes on,
/// because nothing can end a thread.
pub(super) fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
    run_within(PATIENCE, work)
}

fn run_within<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    let (done, result) = channel();
    let thread = thread::Builder::new().name("theme check".into()).stack_size(STACK);
    let started = thread.spawn(move || {
        // Fails when the caller has gone.
        let _ = done.send(work());
    });
    started.map_err(|error| format!("the theme cannot be checked: {error}"))?;
    result.recv_timeout(patience).map_err(|error| match error {
        RecvTimeoutError::Timeout => format!("the check took more than {} s", patience.as_secs()),
        RecvTimeoutError::Disconnected => "the check stopped at a fault of the program".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_ends_too_late_or_with_a_panic_stops_nobody() {
        assert_eq!(run(|| 7), Ok(7));
        assert!(run(|| assert!(std::hint::black_box(false))).unwrap_err().contains("fault"));
        let (until, wait) = channel::<()>();
        let late = run_within(Duration::ZERO, move || wait.recv().is_ok());
        assert!(late.unwrap_err().contains("took more than"));
        drop(until);
    }

    #[test]
    fn the_thread_has_room_for_what_is_nested() {
        fn deep(left: usize) -> usize {
            let page = std::hint::black_box([left; 512]);
            if left == 0 { 0 } else { deep(left - 1) + page.len() }
        }
        // Ten mebibytes and more.
        assert_eq!(run(|| deep(2_500)), Ok(512 * 2_500));
    }
}
