//! No two types of a crate share a name: a reader who meets one knows which it is. Crates that do not meet
//! may name their private types alike.

use std::collections::BTreeMap;

use syn::Item;

use super::sources;

/// The published words of a dialect are its own, and each dialect names them alike.
fn speaks_a_dialect(name: &str) -> bool {
    name.starts_with("src/api/") && (name.ends_with("/wire.rs") || name.ends_with("/calls.rs"))
}

fn types(items: &[Item], found: &mut Vec<String>) {
    for item in items {
        let (ident, attributes) = match item {
            Item::Struct(item) => (&item.ident, &item.attrs),
            Item::Enum(item) => (&item.ident, &item.attrs),
            Item::Trait(item) => (&item.ident, &item.attrs),
            Item::Type(item) => (&item.ident, &item.attrs),
            Item::Mod(module) => {
                // Tests have types of their own.
                if !module.attrs.iter().any(|attribute| attribute.path().is_ident("cfg")) {
                    types(module.content.as_ref().map_or(&[], |(_, items)| items), found);
                }
                continue;
            }
            _ => continue,
        };
        if !attributes.iter().any(|attribute| attribute.path().is_ident("cfg")) {
            found.push(ident.to_string());
        }
    }
}

#[test]
fn no_two_types_share_a_name() {
    let mut homes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources(&["src", "crates"]) {
        if source.name.contains("/tests") || speaks_a_dialect(&source.name) {
            continue;
        }
        let tree = syn::parse_file(&source.text).unwrap_or_else(|error| panic!("{}: {error}", source.name));
        let mut found = Vec::new();
        types(&tree.items, &mut found);
        let mut folders = source.name.split('/');
        let home = match folders.next() {
            Some("crates") => folders.next().unwrap().to_owned(),
            _ => "vestibule".to_owned(),
        };
        for name in found {
            homes.entry(format!("{home}::{name}")).or_default().push(source.name.clone());
        }
    }
    assert!(homes.len() > 200, "only {} types were found", homes.len());
    homes.retain(|_, files| files.len() > 1);
    assert!(homes.is_empty(), "{homes:#?}");
}
