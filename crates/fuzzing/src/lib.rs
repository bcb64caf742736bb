//! Properties that must hold for any bytes: one function for each parser of strangers' input.
//!
//! The functions panic when a property does not hold. libFuzzer calls them with inputs that it derives from
//! their coverage (`tools/fuzz`). A test calls them with the corpus and with seeded mutations of it
//! (`tests/corpus.rs`).
#![forbid(unsafe_code)]

mod files;
mod hashes;
mod headers;
mod images;
mod requests;

pub use files::import;
pub use hashes::{foreign_hash, recipe};
pub use headers::{accept, phc};
pub use images::{jpeg, picture};
pub use requests::{form, heads, json, multipart};

/// Checks one input. Panics when a property does not hold.
pub type FuzzTarget = fn(&[u8]);

/// Every target, under the name of its folder in `fuzz/corpus` and of its file in `fuzz/fuzz_targets`.
pub const TARGETS: [(&str, FuzzTarget); 11] = [
    ("accept", accept),
    ("foreign_hash", foreign_hash),
    ("form", form),
    ("heads", heads),
    ("import", import),
    ("jpeg", jpeg),
    ("json", json),
    ("multipart", multipart),
    ("phc", phc),
    ("picture", picture),
    ("recipe", recipe),
];

/// Whether a panic at `file` comes from this workspace. Pictures are decoded behind `catch_unwind`, so a
/// panic of a library means that the file is broken. A panic of our own code is always a bug.
pub fn is_ours(file: &str) -> bool {
    file.contains("crates/") && !file.contains("/registry/")
}

/// Aborts the process at a panic of our own code, even if it would be caught, and lets panics of libraries be
/// caught. Without this, libFuzzer aborts at every panic.
pub fn abort_on_panics_of_ours() {
    std::panic::set_hook(Box::new(|panic| {
        if panic.location().is_none_or(|place| is_ours(place.file())) {
            eprintln!("{panic}");
            std::process::abort();
        }
    }));
}
