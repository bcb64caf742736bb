//! The program `vestibule`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

/// mimalloc. glibc's allocator does not return the memory of pictures and bursts to the system; this one
/// does, and serves pages faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    vestibule::command_line()
}
