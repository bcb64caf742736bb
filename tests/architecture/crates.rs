//! The permitted dependencies between crates. The compiler enforces the declared ones; this test limits the
//! declarations.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::DocumentMut;

use super::root;

/// Each crate with the crates of this project that it may use.
const MAY_USE: [(&str, &[&str]); 24] = [
    ("archive", &[]),
    ("colours", &[]),
    ("domain", &[]),
    ("exports", &[]),
    ("fuzzing", &["hasher", "jpeg", "pictures", "readers", "recipes", "requests"]),
    ("hasher", &["memory", "recipes", "turns"]),
    ("jpeg", &[]),
    ("limiter", &[]),
    ("listener", &["requests", "turns"]),
    ("look", &["domain"]),
    ("mailer", &["trust"]),
    ("memory", &[]),
    ("metrics", &[]),
    ("outbound", &["trust"]),
    ("pictures", &["colours", "jpeg", "memory", "turns"]),
    ("providers", &["domain", "outbound", "signing"]),
    ("readers", &["recipes"]),
    ("recipes", &[]),
    ("requests", &[]),
    ("secrets", &["domain"]),
    ("signing", &["domain"]),
    ("store", &["domain", "turns"]),
    ("trust", &[]),
    ("turns", &[]),
];

/// Libraries that only these crates use, except in tests.
const HOMES: [(&str, &[&str]); 33] = [
    ("aes", &["recipes"]),
    ("argon2", &["hasher", "recipes"]),
    ("bcrypt", &["recipes"]),
    ("blake2", &["recipes"]),
    ("chacha20poly1305", &["recipes", "secrets"]),
    ("csscolorparser", &["look"]),
    ("cssparser", &["look"]),
    ("ctr", &["recipes"]),
    ("fast_image_resize", &["pictures"]),
    ("fluent-bundle", &["look"]),
    ("hmac", &["recipes"]),
    ("html5gum", &["look"]),
    ("hyper-rustls", &["outbound"]),
    ("jsonwebtoken", &["signing"]),
    ("lettre", &["mailer"]),
    ("md4", &["recipes"]),
    ("moxcms", &["colours"]),
    ("multer", &["requests"]),
    ("pbkdf2", &["recipes"]),
    ("prometheus-client", &["metrics"]),
    ("ring", &["signing"]),
    ("rsa", &["signing"]),
    ("rusqlite", &["readers", "store"]),
    ("rustls", &["mailer", "trust"]),
    ("rustls-webpki", &["trust"]),
    ("scrypt", &["recipes"]),
    ("sha-crypt", &["recipes"]),
    ("sqlx", &["store"]),
    ("tokio-rustls", &["mailer"]),
    ("totp-rs", &["domain"]),
    ("webpki-roots", &["trust"]),
    ("yescrypt", &["recipes"]),
    ("zip", &["exports"]),
];

/// The names in `[dependencies]` of each crate in `crates/`, and of the program as `vestibule`.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let folders = std::fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    let crates = folders.map(|folder| (folder.file_name().unwrap().to_str().unwrap().to_owned(), folder));
    let program = ("vestibule".to_owned(), root().to_owned());
    crates
        .chain([program])
        .map(|(name, folder)| {
            let text = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
            let manifest: DocumentMut = text.parse().unwrap();
            let table = manifest.get("dependencies").and_then(|item| item.as_table_like());
            let names = table.into_iter().flat_map(|table| table.iter().map(|(name, _)| name.to_owned()));
            (name, names.collect())
        })
        .collect()
}

#[test]
fn crates_use_only_what_is_below_them() {
    let all = dependencies();
    let known: BTreeSet<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = all.keys().map(String::as_str).filter(|name| *name != "vestibule").collect();
    assert_eq!(found, known, "each crate has its line above");
    for (name, may_use) in MAY_USE {
        for used in all[name].iter().filter(|used| known.contains(used.as_str())) {
            assert!(may_use.contains(&used.as_str()), "{name} uses {used}");
        }
    }
    assert!(!all["vestibule"].contains("fuzzing"));
}

#[test]
fn every_library_stays_in_its_place() {
    for (name, used) in dependencies() {
        for (library, homes) in HOMES {
            assert!(!used.contains(library) || homes.contains(&name.as_str()), "{name} uses {library}");
        }
    }
}
