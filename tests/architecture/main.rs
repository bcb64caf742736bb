//! The rules of the house that the compiler does not hold: who may know whom, and which folder may use which
//! library. See docs/architecture.md.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod source;

use source::{Source, sources};

/// Each part of the program with the parts it may know: those below it, never a sibling.
const MAY_KNOW: [(&str, &[&str]); 15] = [
    ("domain", &[]),
    ("store", &["domain"]),
    ("infra", &["domain"]),
    ("view", &["domain"]),
    ("flows", &["store", "infra", "view", "domain"]),
    ("web", &["flows", "store", "infra", "view", "domain"]),
    ("pages", &["web", "flows", "store", "infra", "view", "domain"]),
    ("api", &["web", "flows", "store", "infra", "view", "domain"]),
    ("server", &["web"]),
    ("config", &["domain", "infra"]),
    ("plugin", &["config", "web", "store", "view"]),
    ("logging", &[]),
    ("mail", &["config", "flows", "infra", "view"]),
    ("theme", &["config", "view"]),
    (
        "lib",
        &[
            "config", "server", "plugin", "logging", "mail", "theme", "pages", "api", "web", "flows",
            "store", "infra", "view", "domain",
        ],
    ),
];

/// Each library that has a place, with the files that begin with one of these.
const PLACES: [(&[&str], &[&str]); 9] = [
    (&["lettre"], &["infra/mailer/"]),
    (&["sqlx", "rusqlite"], &["store/"]),
    (&["argon2", "base64ct"], &["infra/hasher/"]),
    (
        &["image", "png", "gif", "jpeg_decoder", "jpeg_encoder", "fast_image_resize", "moxcms"],
        &["infra/picture/"],
    ),
    (&["tera", "fluent_bundle", "unic_langid"], &["view/"]),
    (&["hyper", "hyper_util"], &["server/", "web/incoming.rs"]),
    (&["rocket_dyn_templates"], &["lib.rs"]),
    (&["rocket_db_pools"], &["lib.rs", "store/pool.rs"]),
    (
        &["rocket"],
        &[
            "main.rs",
            "cli.rs",
            "cli/theme/dev.rs",
            "lib.rs",
            "plugin.rs",
            "config/",
            "server/",
            "pages/",
            "api/",
            "web/",
            "store/pool.rs",
        ],
    ),
];

#[test]
fn every_part_knows_only_what_is_below_it() {
    let mut parts_seen = Vec::new();
    for source in sources() {
        let part = source.part();
        if ["main", "cli"].contains(&part) {
            // Commands share among themselves what they print.
            let depth = source.name.matches('/').count();
            let climbs = |path: &str| path.split("::").take_while(|name| *name == "super").count();
            let leaves = |path: &&str| path.starts_with("crate::") || climbs(path) > depth;
            let ours = source.paths().filter(leaves);
            assert_eq!(ours.count(), 0, "{} is not a caller of the library like any other", source.name);
            continue;
        }
        let (_, may_know) = MAY_KNOW
            .iter()
            .find(|(known, _)| *known == part)
            .unwrap_or_else(|| panic!("{} belongs to no known part", source.name));
        for known in source.parts_known() {
            assert!(
                known == part || may_know.contains(&known.as_str()),
                "{} knows `{known}`, and `{part}` may know only {may_know:?}",
                source.name
            );
        }
        if !parts_seen.contains(&part.to_owned()) {
            parts_seen.push(part.to_owned());
        }
    }
    for part in ["domain", "store", "infra", "view", "flows", "web", "pages", "server", "config", "lib"] {
        assert!(parts_seen.iter().any(|seen| seen == part), "`{part}` was not looked at");
    }
}

#[test]
fn every_library_stays_in_its_place() {
    for (libraries, places) in PLACES {
        for library in libraries {
            for source in sources().iter().filter(|source| source.uses_library(library)) {
                let at_home = places.iter().any(|place| source.name.starts_with(place));
                assert!(at_home, "{} uses {library}, whose place is {places:?}", source.name);
            }
        }
    }
    let used = |library: &str| sources().iter().any(|source| source.uses_library(library));
    for library in ["sqlx", "argon2", "image", "tera", "hyper", "rocket", "rocket_db_pools"] {
        assert!(used(library), "{library} is used nowhere: is it still looked for as it is written?");
    }
}

#[test]
fn flows_and_everything_below_know_nothing_of_http() {
    for source in
        sources().iter().filter(|source| ["domain", "flows", "infra", "view"].contains(&source.part()))
    {
        for word in ["http", "Cookie", "Status"] {
            assert!(
                !source.paths().any(|path| path.split("::").any(|part| part == word)),
                "{}: {word}",
                source.name
            );
        }
    }
}

#[test]
fn unsafe_code_is_forbidden_in_both_crates() {
    for root in ["lib.rs", "main.rs"] {
        let source = sources().iter().find(|source| source.name == root).unwrap();
        assert!(source.text.contains("#![forbid(unsafe_code)]"), "{root}");
    }
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    for folder in ["src", "tests", "benches", "examples"] {
        for Source { name, text, .. } in source::below(folder) {
            let lines = text.lines().count();
            assert!(lines <= 400, "{folder}/{name} has {lines} lines");
        }
    }
}

#[test]
fn no_warning_is_waved_through() {
    for folder in ["src", "tests", "benches", "examples"] {
        for Source { name, text, .. } in source::below(folder) {
            let waved = ["#[", "#!["].iter().any(|opening| text.contains(&format!("{opening}allow(")));
            assert!(
                !waved,
                "{folder}/{name} allows what is warned of; `expect` with a reason can be checked"
            );
        }
    }
}
