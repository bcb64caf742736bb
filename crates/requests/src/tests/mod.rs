//! What callers see, whatever the kind of body: the rules that hold for all three alike.

mod bodies;
mod random;
mod streams;
mod uploads;
