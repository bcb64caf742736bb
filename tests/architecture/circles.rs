//! No file may depend on itself through other files.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Item, ItemMod, ItemUse, Path, UseTree, Visibility};

use super::{Source, sources};

/// The path of a module from the crate's root.
type Module = Vec<String>;

/// The dependencies of a file.
#[derive(Default)]
struct File {
    name: String,
    /// Paths to items of this crate, from its root.
    paths: BTreeSet<Module>,
    /// Re-exports: the exported name, and the path that it stands for.
    exports: BTreeMap<String, Module>,
}

/// Collects the paths of one file.
struct Reader<'a> {
    module: &'a [String],
    /// Names of the enclosing inline modules.
    depth: Vec<String>,
    file: File,
}

impl Reader<'_> {
    /// The path from the crate's root, if it certainly leads to an item of this crate.
    fn absolute(&self, names: &[String]) -> Option<Module> {
        let here: Vec<String> = self.module.iter().chain(&self.depth).cloned().collect();
        match names.first()?.as_str() {
            "crate" => Some(names[1..].to_vec()),
            "self" => Some([&here, &names[1..]].concat()),
            "super" => {
                let climbs = names.iter().take_while(|name| *name == "super").count();
                let above = here.len().checked_sub(climbs)?;
                Some([&here[..above], &names[climbs..]].concat())
            }
            _ => None,
        }
    }

    fn use_tree(&mut self, before: &[String], tree: &UseTree, exported: bool) {
        let with = |name: &dyn ToString| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.use_tree(&with(&path.ident), &path.tree, exported),
            UseTree::Name(name) => self.used(with(&name.ident), &name.ident.to_string(), exported),
            UseTree::Rename(name) => self.used(with(&name.ident), &name.rename.to_string(), exported),
            UseTree::Glob(_) => self.used(before.to_vec(), "*", exported),
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.use_tree(before, tree, exported));
            }
        }
    }

    fn used(&mut self, names: Module, name: &str, exported: bool) {
        // A re-export may name a child without `self::`.
        let path = self.absolute(&names).or_else(|| exported.then(|| [self.module, &names].concat()));
        let Some(path) = path else { return };
        if exported {
            self.file.exports.insert(name.to_owned(), path);
        } else {
            self.file.paths.insert(path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        // Tests may depend on anything.
        if module.attrs.iter().any(|attribute| attribute.path().is_ident("cfg")) {
            return;
        }
        self.depth.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.depth.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let exported = !matches!(item.vis, Visibility::Inherited) && self.depth.is_empty();
        self.use_tree(&[], &item.tree, exported);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.file.paths.extend(self.absolute(&names));
        visit::visit_path(self, path);
    }
}

fn read(source: &Source, module: &[String]) -> File {
    let tree = syn::parse_file(&source.text).unwrap_or_else(|error| panic!("{}: {error}", source.name));
    let file = File { name: source.name.clone(), ..File::default() };
    let mut reader = Reader { module, depth: Vec::new(), file };
    tree.items.iter().filter(|item| !matches!(item, Item::Macro(_))).for_each(|item| reader.visit_item(item));
    reader.file
}

/// The files of the crate in `folder`, by module.
fn files(folder: &str) -> BTreeMap<Module, File> {
    let mut found = BTreeMap::new();
    for source in sources(&[folder]) {
        let name = source.name.strip_prefix(folder).unwrap().trim_start_matches('/').to_owned();
        let mut module: Module = name.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        // Tests may depend on anything, and `main` is a crate of its own.
        if module.iter().any(|part| part == "tests") || module[0] == "main" {
            continue;
        }
        module.pop_if(|last| ["mod", "lib"].contains(&last.as_str()));
        let file = read(&source, &module);
        found.insert(module, file);
    }
    found
}

/// The module that `path` leads to, through re-exports.
fn target(files: &BTreeMap<Module, File>, path: &[String]) -> Module {
    let mut path = path.to_vec();
    for _ in 0..8 {
        let length = (0..=path.len()).rev().find(|length| files.contains_key(&path[..*length])).unwrap();
        let (module, rest) = path.split_at(length);
        let export = rest.first().and_then(|name| files[module].exports.get(name));
        match export {
            // A re-export of another crate ends the search.
            Some(export) if *export != path[..=length] => path = [export.as_slice(), &rest[1..]].concat(),
            _ => return module.to_vec(),
        }
    }
    panic!("re-exports lead nowhere: {}", path.join("::"))
}

/// The dependencies between modules. A parent consists of its children, so its use of them does not count.
fn arrows(files: &BTreeMap<Module, File>) -> BTreeMap<&Module, BTreeSet<Module>> {
    let mut arrows = BTreeMap::new();
    for (module, file) in files {
        let needed = file.paths.iter().map(|path| target(files, path));
        arrows.insert(module, needed.filter(|needed| !needed.starts_with(module)).collect());
    }
    arrows
}

/// A path of dependencies from a file back to itself, if one exists.
fn circle(folder: &str) -> Option<Vec<String>> {
    let files = files(folder);
    let arrows = arrows(&files);
    for start in files.keys() {
        let mut came_from: BTreeMap<Module, Module> = BTreeMap::new();
        let mut open = vec![start.clone()];
        while let Some(module) = open.pop() {
            for next in &arrows[&module] {
                if next == start {
                    let mut way = vec![files[start].name.clone()];
                    let mut at = module.clone();
                    while at != *start {
                        way.push(files[&at].name.clone());
                        at = came_from[&at].clone();
                    }
                    way.push(files[start].name.clone());
                    way.reverse();
                    return Some(way);
                }
                if !came_from.contains_key(next) {
                    came_from.insert(next.clone(), module.clone());
                    open.push(next.clone());
                }
            }
        }
    }
    None
}

#[test]
fn no_files_know_each_other() {
    let crates = std::fs::read_dir(super::root().join("crates")).unwrap();
    let crates = crates.map(|entry| format!("crates/{}/src", entry.unwrap().file_name().to_str().unwrap()));
    let mut folders: Vec<_> = crates.chain(["src".to_owned()]).collect();
    folders.sort();
    let circles: Vec<_> = folders.iter().filter_map(|folder| circle(folder)).collect();
    let shown: Vec<_> = circles.iter().map(|way| way.join(" → ")).collect();
    assert!(circles.is_empty(), "circles:\n{}", shown.join("\n"));
}

/// Each part of the program with the parts below it, which are all that it may use.
const BELOW: [(&str, &[&str]); 9] = [
    ("urls", &[]),
    ("config", &[]),
    ("flows", &["urls"]),
    ("web", &["flows", "urls"]),
    ("pages", &["web", "flows", "urls"]),
    ("api", &["web", "flows", "urls"]),
    ("compose", &["api", "pages", "web", "flows", "config", "urls"]),
    ("plugin", &["compose", "web", "flows", "config"]),
    ("cli", &["compose", "web", "flows", "config", "urls"]),
];

#[test]
fn each_part_of_the_program_uses_only_what_is_below_it() {
    let files = files("src");
    let mut seen = BTreeSet::new();
    for (module, needed) in arrows(&files).iter().filter(|(module, _)| !module.is_empty()) {
        let part = module[0].as_str();
        let (part, below) =
            BELOW.iter().find(|(known, _)| *known == part).unwrap_or_else(|| panic!("{part} has no line"));
        seen.insert(*part);
        for other in needed.iter().filter_map(|path| path.first()).filter(|other| other != part) {
            assert!(below.contains(&other.as_str()), "{} uses {other}", files[*module].name);
        }
    }
    assert_eq!(seen.len(), BELOW.len(), "{seen:?}");
}

/// What pages and programs speak of stays above: a flow that named a status or a cookie would know its door.
#[test]
fn flows_know_nothing_of_http() {
    for source in sources(&["src/flows"]) {
        for word in ["rocket", "hyper", "listener", "requests"] {
            let named = format!("{word}::");
            // A module's name may end with a crate's.
            let whole = |at: usize| !source.text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let uses = source.text.match_indices(&named).any(|(at, _)| whole(at));
            assert!(!uses, "{} uses {word}", source.name);
        }
    }
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let text = "use crate::{a::{B, c::D}, e}; pub use child::{F, inner::G as H};\n\
                fn x(y: &super::i::J) { crate::k::l(); } mod m { use super::super::n; } // crate::o\n\
                #[cfg(test)] mod tests { use crate::p; }";
    let source = Source { name: "src/one/two.rs".to_owned(), text: text.to_owned() };
    let file = read(&source, &["one".to_owned(), "two".to_owned()]);
    let paths: Vec<_> = file.paths.iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["a::B", "a::c::D", "e", "k::l", "one::i::J", "one::n"]);
    assert_eq!(file.exports["F"].join("::"), "one::two::child::F");
    assert_eq!(file.exports["H"].join("::"), "one::two::child::inner::G");
}
