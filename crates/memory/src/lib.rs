#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

/// Disables transparent huge pages for this process. Huge pages that exist already stay. Does nothing on
/// systems other than Linux, or if the kernel refuses.
pub fn disable_huge_pages() {
    set(HugePages::Off);
}

/// Runs `work` with transparent huge pages enabled, even after [`disable_huge_pages`].
pub fn with_huge_pages<T>(work: impl FnOnce() -> T) -> T {
    // When two threads are here at the same time, the first to end disables huge pages for both. The other
    // thread only becomes slower.
    let switched = are_disabled() && set(HugePages::On);
    let done = work();
    if switched {
        set(HugePages::Off);
    }
    done
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum HugePages {
    On,
    Off,
}

#[cfg(target_os = "linux")]
fn set(switch: HugePages) -> bool {
    rustix::thread::disable_transparent_huge_pages(switch == HugePages::Off).is_ok()
}

#[cfg(target_os = "linux")]
fn are_disabled() -> bool {
    rustix::thread::transparent_huge_pages_are_disabled().unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
fn set(_: HugePages) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn are_disabled() -> bool {
    false
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn huge_pages_are_on_for_the_work_alone_and_only_where_they_were_off() {
        assert!(with_huge_pages(|| !are_disabled()) && !are_disabled());
        disable_huge_pages();
        assert!(with_huge_pages(|| !are_disabled()) && are_disabled());
    }
}
