//! The rules that hold for all three encodings, as callers see them.

mod bodies;
mod random;
mod streams;
mod uploads;
