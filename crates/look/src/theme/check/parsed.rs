//! Templates as the engine understands them, with the place of everything.

use std::collections::{BTreeMap, HashMap};

use tera::ast::{Block, MacroDefinition, Node};

use super::source::{Source, address, number};
use crate::loader;
use crate::theme::finding::{Finding, Place, Report, Severity};

/// A template.
pub(in crate::theme) struct Parsed<'a> {
    pub source: Source<'a>,
    /// Whether it is the theme's rather than ours.
    pub own: bool,
    template: tera::Template,
    tags: HashMap<usize, usize>,
}

impl Parsed<'_> {
    pub fn nodes(&self) -> &[Node] {
        &self.template.ast
    }

    /// The template that it extends.
    pub fn parent(&self) -> Option<&str> {
        self.template.parent.as_deref()
    }

    /// The file that it imports under a name.
    pub fn imported(&self, namespace: &str) -> Option<&str> {
        let known = self.template.imported_macro_files.iter();
        known.clone().find(|(_, known)| known == namespace).map(|(file, _)| file.as_str())
    }

    pub fn imports(&self) -> impl Iterator<Item = &str> {
        self.template.imported_macro_files.iter().map(|(file, _)| file.as_str())
    }

    /// Templates that it includes by their names.
    pub fn includes(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for tag in &self.source.tags {
            let inside = &self.source.text[tag.start..tag.end];
            if inside.trim_start_matches("{%").trim_start_matches('-').trim_start().starts_with("include") {
                found.extend(inside.split('"').skip(1).step_by(2));
            }
        }
        found
    }

    /// A macro that is defined here: not the engine's copy, whose nodes have no place.
    pub fn macro_called(&self, name: &str) -> Option<&MacroDefinition> {
        self.template.ast.iter().find_map(|node| match node {
            Node::MacroDefinition(_, definition, _) if definition.name == name => Some(definition),
            _ => None,
        })
    }

    pub fn block(&self, name: &str) -> Option<&Block> {
        find_block(&self.template.ast, name)
    }

    /// Names of all blocks, in the order in which they stand.
    pub fn blocks(&self) -> Vec<&str> {
        let mut found = Vec::new();
        all_blocks(&self.template.ast, &mut found);
        found.iter().map(|(_, block)| block.name.as_str()).collect()
    }

    pub fn block_nodes(&self) -> Vec<(&Node, &Block)> {
        let mut found = Vec::new();
        all_blocks(&self.template.ast, &mut found);
        found
    }

    /// The number of the tag that a node or a condition was made of.
    pub fn tag<T>(&self, of: &T) -> usize {
        self.tags.get(&address(of)).copied().unwrap_or(usize::MAX)
    }
}

fn find_block<'n>(nodes: &'n [Node], name: &str) -> Option<&'n Block> {
    nodes.iter().find_map(|node| match node {
        Node::Block(_, block, _) if block.name == name => Some(block),
        Node::Block(_, block, _) => find_block(&block.body, name),
        _ => None,
    })
}

fn all_blocks<'n>(nodes: &'n [Node], found: &mut Vec<(&'n Node, &'n Block)>) {
    for node in nodes {
        if let Node::Block(_, block, _) = node {
            found.push((node, block));
            all_blocks(&block.body, found);
        }
    }
}

/// All templates by name.
pub(in crate::theme) type Templates<'a> = BTreeMap<&'a str, Parsed<'a>>;

/// Parses every template; what cannot be parsed is reported and left out.
pub(in crate::theme) fn parse<'a>(
    files: &'a BTreeMap<String, String>,
    own: impl Fn(&str) -> bool,
    report: &mut Report,
) -> Templates<'a> {
    let mut templates = Templates::new();
    for (name, text) in loader::needed(files) {
        let own = own(name);
        match tera::Template::new(name, None, text) {
            Ok(template) => {
                let source = Source::new(text);
                let (mut tags, mut next) = (HashMap::new(), 0);
                number(&template.ast, &mut next, &mut tags);
                if next != source.tags.len() {
                    // Better no place than a wrong one.
                    tags.clear();
                }
                templates.insert(name, Parsed { source, own, template, tags });
            }
            Err(error) if own => report.add(unparsed(name, text, &error)),
            Err(_) => {}
        }
    }
    templates
}

fn unparsed(name: &str, text: &str, error: &tera::Error) -> Finding {
    let file = format!("templates/{name}");
    let said = causes(error);
    // pest writes ` --> 3:12`, then the line with a caret, then ` = expected …`.
    let place = said.split_once(" --> ").and_then(|(_, rest)| {
        let (line, rest) = rest.split_once(':')?;
        let column: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some(Place { line: line.parse().ok()?, column: column.parse().ok()? })
    });
    if let Some(place) = place {
        let expected = said.rsplit_once(" = ").map_or("", |(_, expected)| expected).replace('\n', " ");
        let message = format!("the template cannot be understood here: {}", expected.trim());
        return Finding::new(Severity::Error, "syntax", &file, message).on(text, place);
    }
    // `Block `x` is duplicated` and the like name what they mean.
    let finding = Finding::new(Severity::Error, "syntax", &file, said.replace('\n', " "));
    let named = said.split('`').nth(1).unwrap_or_default();
    let twice = text.match_indices(named).filter(|_| !named.is_empty()).map(|(at, _)| at);
    let tags = Source::new(text).tags;
    let in_tag = |at: &usize| tags.iter().any(|tag| (tag.start..tag.end).contains(at));
    let opening = |at: &usize| {
        !text[..*at].trim_end().ends_with("endblock") && !text[..*at].trim_end().ends_with("endmacro")
    };
    match twice.filter(in_tag).filter(opening).nth(1) {
        Some(at) => finding.at(text, at, named.len()),
        None => finding,
    }
}

/// What went wrong and why, all the way down.
pub(super) fn causes(error: &tera::Error) -> String {
    let mut said = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        said.push_str(": ");
        said.push_str(&cause.to_string());
        source = cause.source();
    }
    said
}
