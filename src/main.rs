//! The program `vestibule`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

/// glibc keeps the memory of pictures and bursts; this allocator gives it back and serves pages faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    vestibule::command_line()
}
