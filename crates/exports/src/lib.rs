#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod file;
mod folder;
#[cfg(test)]
mod tests;

pub use file::{ExportFile, FinishedExport};
pub use folder::ExportFolder;
