//! Runs every target over its corpus and over seeded mutations of it.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::cell::RefCell;
use std::panic::{catch_unwind, set_hook};
use std::path::{Path, PathBuf};
use std::sync::Once;

use vestibule_fuzzing::{FuzzTarget, TARGETS, is_ours};

/// The number of mutations for a target. A picture takes some thousand times as long as a header.
fn inputs(name: &str) -> usize {
    match name {
        "picture" => 100,
        "import" | "jpeg" => 2_000,
        _ => 10_000,
    }
}

/// A small generator (xorshift) with a fixed seed, so that a failure is reproducible.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        const TELLING: [u8; 16] = *b"\x00\x01\x7f\x80\xff\xd9\xda\"\\\r\n-;=%$";
        if self.below(3) == 0 { TELLING[self.below(TELLING.len())] } else { self.next() as u8 }
    }

    /// An input of `corpus` with a few bytes changed, inserted, removed, repeated or grafted from another
    /// input.
    fn mutated(&mut self, corpus: &[Vec<u8>]) -> Vec<u8> {
        let mut input = corpus[self.below(corpus.len())].clone();
        for _ in 0..=self.below(4) {
            let at = self.below(input.len());
            let length = self.below(16).min(input.len() - at);
            match self.below(6) {
                0 if at < input.len() => input[at] = self.byte(),
                1 if at < input.len() => input[at] ^= 1 << self.below(8),
                2 => input.insert(at, self.byte()),
                3 => drop(input.drain(at..at + length)),
                4 => input.extend_from_within(at..at + length),
                5 => {
                    let other = &corpus[self.below(corpus.len())];
                    let from = self.below(other.len());
                    let graft = &other[from..(from + length).min(other.len())];
                    input.splice(at..at, graft.iter().copied());
                }
                _ => input.truncate(at),
            }
        }
        input
    }
}

fn corpus(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

thread_local! {
    /// The places of panics of our own code on this thread, including caught ones.
    static PANICS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Records panics of our own code, and keeps panics of libraries from filling the output.
fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        set_hook(Box::new(|panic| {
            if panic.location().is_none_or(|place| is_ours(place.file())) {
                eprintln!("{panic}");
                PANICS.with_borrow_mut(|panics| panics.push(panic.to_string()));
            }
        }));
    });
}

/// Whether `target` accepts `input` without a panic of our own code.
fn holds(target: FuzzTarget, input: &[u8]) -> bool {
    catch_unwind(|| target(input)).is_ok() & PANICS.take().is_empty()
}

fn check(name: &str, target: FuzzTarget) {
    watch();
    let files = corpus(name);
    for (path, input) in &files {
        assert!(holds(target, input), "{}", path.display());
    }
    let corpus: Vec<_> = files.into_iter().map(|(_, input)| input).collect();
    let mut random = Random(0x5eed_f00d_cafe_0001);
    for _ in 0..inputs(name) {
        let input = random.mutated(&corpus);
        assert!(holds(target, &input), "{name}: {}", input.escape_ascii());
    }
}

macro_rules! tests {
    ($($name:ident),+ $(,)?) => {
        $(#[test] fn $name() {
            let (_, target) = TARGETS.into_iter().find(|(name, _)| *name == stringify!($name)).unwrap();
            check(stringify!($name), target);
        })+

        #[test]
        fn every_target_is_tested_and_has_its_file_for_libfuzzer() {
            let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, [$(stringify!($name)),+]);
            let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
            let manifest = std::fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
            for name in names {
                assert!(fuzz.join(format!("fuzz_targets/{name}.rs")).is_file(), "{name}");
                assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
            }
        }
    };
}

tests!(accept, foreign_hash, form, heads, import, jpeg, json, multipart, phc, picture, recipe);
