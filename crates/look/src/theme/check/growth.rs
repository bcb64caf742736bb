//! Counts what a page's templates make of short values: a loop within loops, or a value that is put together
//! from itself, becomes longer than any memory in a few lines.

use std::collections::HashMap;

use super::value::KnownValue;
use super::walk::{Growth, NameScope, Walk};
use crate::theme::parse::tera_tree::Node;
use crate::theme_source::Severity;

/// The most nodes that the engine goes through for one page, where each turn of a loop counts again. The
/// check fills each page some six times, for its samples and languages, and the server once for each request.
/// Our own longest page, the description of the APIs, takes more than a tenth of it.
const TURNS_MAX: u64 = 200_000;

/// The longest page that a theme's templates may make of short values, in bytes.
const PAGE_MAX: u64 = 8 << 20;

/// The longest value that a page may compute, in bytes or items.
const VALUE_MAX: u64 = 256 * 1024;

/// The expected size of a part of a text that is split, in bytes.
const SPLIT: u64 = 8;

/// How often the body of a loop is walked through to see what grows: the difference of two turns is a growth,
/// and two growths tell whether it grows itself.
const LOOKS: usize = 4;

impl<'a> Walk<'a, '_> {
    /// Walks through the body of a loop, again if it changes what outlives it: such a value may grow with
    /// each turn.
    pub(super) fn turns_of(&mut self, names: &[(String, KnownValue<'a>)], turns: u64, body: &'a [Node]) {
        let times = self.growth.times;
        self.growth.times = times.saturating_mul(turns.max(1));
        let mut sizes: Vec<Vec<u64>> = Vec::with_capacity(LOOKS);
        while sizes.len() < LOOKS && !self.ended {
            let Growth { printed, turns, globals, .. } = self.growth;
            self.scopes.push(NameScope { names: names.to_vec(), closed: false, looping: true });
            self.body(body);
            self.scopes.pop();
            if self.growth.globals == globals {
                break;
            }
            if !sizes.is_empty() {
                (self.growth.printed, self.growth.turns) = (printed, turns);
            }
            sizes.push(self.sizes());
        }
        self.growth.times = times;
        let [_, first, second, third] = sizes.as_slice() else { return };
        let growth = |from: &[u64], to: &[u64]| {
            from.iter().zip(to).map(|(from, to)| to.saturating_sub(*from)).collect()
        };
        let (then, now): (Vec<u64>, Vec<u64>) = (growth(first, second), growth(second, third));
        let faster = then.iter().zip(&now).any(|(then, now)| now > then);
        let last = now.iter().zip(third).map(|(now, size)| size.saturating_add(now.saturating_mul(turns)));
        if faster || last.max().is_some_and(|last| last > VALUE_MAX) {
            self.grows("a value");
        }
    }

    /// The sizes of all values, from the outermost scope on.
    fn sizes(&self) -> Vec<u64> {
        let names = self.scopes.iter().flat_map(|scope| &scope.names);
        names.map(|(_, seen)| seen.size.saturating_add(seen.items)).collect()
    }

    /// Counts a node.
    pub(super) fn turned(&mut self) {
        self.growth.turns = self.growth.turns.saturating_add(self.growth.times);
        if self.growth.turns > TURNS_MAX {
            self.grows("what is gone through");
        }
    }

    /// Counts bytes of the page.
    pub(super) fn printed(&mut self, size: u64) {
        self.growth.printed = self.growth.printed.saturating_add(size.saturating_mul(self.growth.times));
        if self.growth.printed > PAGE_MAX {
            self.grows("the page");
        }
    }

    /// The bytes that `then` prints in one turn.
    pub(super) fn measured(&mut self, then: impl FnOnce(&mut Self)) -> u64 {
        let before = self.growth.printed;
        then(self);
        self.growth.printed.saturating_sub(before) / self.growth.times.max(1)
    }

    /// The value, which may not be longer than any page.
    pub(super) fn bounded(&mut self, seen: KnownValue<'a>) -> KnownValue<'a> {
        if seen.size.max(seen.items) > VALUE_MAX {
            self.grows("a value");
        }
        KnownValue { size: seen.size.min(VALUE_MAX), items: seen.items.min(VALUE_MAX), ..seen }
    }

    /// Reports that `what` grows, once, and ends the walk.
    pub(super) fn grows(&mut self, what: &str) {
        if !self.ended {
            self.ended = true;
            let way = self.open.join(" → ");
            let message = format!("{what} grows without end, or beyond what any page needs: {way}");
            self.report_even_ours(Severity::Error, "endless", "", message);
        }
    }
}

/// The size and the items of `seen` after a filter.
pub(super) fn grown(
    seen: &KnownValue<'_>,
    filter: &str,
    arguments: &HashMap<&str, KnownValue<'_>>,
) -> (u64, u64) {
    let given = arguments.values().map(|argument| argument.size).fold(0, u64::saturating_add);
    let size = match filter {
        // The argument may come between all letters or items.
        "replace" | "join" | "indent" => seen.size.saturating_mul(given.saturating_add(1)),
        "escape" | "escape_html" | "escape_xml" | "json_encode" | "linebreaksbr" => {
            seen.size.saturating_mul(6)
        }
        "urlencode" | "urlencode_strict" | "addslashes" | "slugify" => seen.size.saturating_mul(3),
        "date" | "filesizeformat" => seen.size.saturating_add(given.saturating_mul(20)),
        "length" | "wordcount" | "round" | "abs" | "int" | "float" => 20,
        _ => seen.size.saturating_add(given),
    };
    let items = match filter {
        "split" => seen.size.div_ceil(SPLIT),
        "concat" => arguments.values().map(|argument| argument.items).fold(seen.items, u64::saturating_add),
        _ => seen.items,
    };
    (size, items)
}
