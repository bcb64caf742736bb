//! Vestibule with the notes plug-in.
#![forbid(unsafe_code)]

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    vestibule::plugin::run(|config| Ok(vec![vestibule_notes::plugin(config)?]))
}
