//! Parses templates and keeps the position of every tag.

use std::collections::BTreeMap;

use super::open_tags;
use super::tera_tree::{BlockNode, Macro, Node, NodeKind, Tree};
use crate::loader;
use crate::theme_source::{Finding, Position, Report, Severity, TemplateText};

pub(in crate::theme) struct ParsedTemplate<'a> {
    pub source: TemplateText<'a>,
    /// Whether it is the theme's rather than built in.
    pub own: bool,
    tree: Tree,
}

impl ParsedTemplate<'_> {
    pub fn nodes(&self) -> &[Node] {
        &self.tree.nodes
    }

    /// The template that it extends.
    pub fn parent(&self) -> Option<&str> {
        self.tree.parent.as_deref()
    }

    /// The file that it imports as `namespace`.
    pub fn imported(&self, namespace: &str) -> Option<&str> {
        self.import_tags().find(|(_, known)| *known == namespace).map(|(file, _)| file)
    }

    pub fn imports(&self) -> impl Iterator<Item = &str> {
        self.import_tags().map(|(file, _)| file)
    }

    fn import_tags(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tree.nodes.iter().filter_map(|node| match &node.kind {
            NodeKind::Import { file, namespace } => Some((file.as_str(), namespace.as_str())),
            _ => None,
        })
    }

    /// The names of the templates that it includes.
    pub fn includes(&self) -> Vec<&str> {
        let mut found = Vec::new();
        all_includes(&self.tree.nodes, &mut found);
        found
    }

    pub fn macro_called(&self, name: &str) -> Option<&Macro> {
        self.macros().find(|definition| definition.name == name)
    }

    /// The macros that it defines.
    pub fn macros(&self) -> impl Iterator<Item = &Macro> {
        self.tree.nodes.iter().filter_map(|node| match &node.kind {
            NodeKind::Macro(definition) => Some(definition),
            _ => None,
        })
    }

    pub fn block(&self, name: &str) -> Option<&BlockNode> {
        self.block_nodes().into_iter().map(|(_, block)| block).find(|block| block.name == name)
    }

    /// The names of all blocks, in the order of the text.
    pub fn blocks(&self) -> Vec<&str> {
        self.block_nodes().into_iter().map(|(_, block)| block.name.as_str()).collect()
    }

    pub fn block_nodes(&self) -> Vec<(&Node, &BlockNode)> {
        let mut found = Vec::new();
        all_blocks(&self.tree.nodes, &mut found);
        found
    }
}

fn all_blocks<'n>(nodes: &'n [Node], found: &mut Vec<(&'n Node, &'n BlockNode)>) {
    for node in nodes {
        if let NodeKind::Block(block) = &node.kind {
            found.push((node, block));
            all_blocks(&block.body, found);
        }
    }
}

fn all_includes<'n>(nodes: &'n [Node], found: &mut Vec<&'n str>) {
    for node in nodes {
        if let NodeKind::Include { names, .. } = &node.kind {
            found.extend(names.iter().map(String::as_str));
        }
        node.kind.bodies().into_iter().for_each(|body| all_includes(body, found));
    }
}

/// All templates by name.
pub(in crate::theme) type ParsedTemplates<'a> = BTreeMap<&'a str, ParsedTemplate<'a>>;

/// Parses every template. Reports those that do not parse, and leaves them out.
pub(in crate::theme) fn parse<'a>(
    files: &'a BTreeMap<String, String>,
    own: impl Fn(&str) -> bool,
    report: &mut Report,
) -> ParsedTemplates<'a> {
    let mut templates = ParsedTemplates::new();
    for (name, text) in loader::needed(files) {
        let own = own(name);
        match Tree::parse(name, text) {
            Ok(tree) => {
                let mut source = TemplateText::new(text);
                if tree.tags != source.tags.len() {
                    // The text and the tree disagree on the number of tags. No place is better than a wrong
                    // one.
                    source.tags.clear();
                }
                templates.insert(name, ParsedTemplate { source, own, tree });
            }
            Err(error) if own => report.add(unparsed(name, text, &error)),
            Err(_) => {}
        }
    }
    templates
}

/// The macros that the template `text` defines; none where it does not parse.
pub(in crate::theme) fn macros_of(name: &str, text: &str) -> Vec<Macro> {
    if !text.contains("macro") {
        return Vec::new();
    }
    let nodes = Tree::parse(name, text).map(|tree| tree.nodes).unwrap_or_default();
    nodes
        .into_iter()
        .filter_map(|node| match node.kind {
            NodeKind::Macro(definition) => Some(definition),
            _ => None,
        })
        .collect()
}

fn unparsed(name: &str, text: &str, error: &tera::Error) -> Finding {
    let file = format!("templates/{name}");
    if let Some(finding) = open_tags::check(&file, text) {
        return finding;
    }
    let said = causes(error);
    // pest writes ` --> 3:12`, then the line with a caret, then ` = expected …`.
    let place = said.split_once(" --> ").and_then(|(_, rest)| {
        let (line, rest) = rest.split_once(':')?;
        let column: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some(Position { line: line.parse().ok()?, column: column.parse().ok()? })
    });
    if let Some(place) = place {
        let expected = said.rsplit_once(" = ").map_or("", |(_, expected)| expected).replace('\n', " ");
        let message = format!("the template cannot be understood here: {}", expected.trim());
        return Finding::new(Severity::Error, "syntax", &file, message).on(text, place);
    }
    // Other errors, such as "Block `x` is duplicated", name the culprit between backticks.
    let finding = Finding::new(Severity::Error, "syntax", &file, said.replace('\n', " "));
    let named = said.split('`').nth(1).unwrap_or_default();
    let twice = text.match_indices(named).filter(|_| !named.is_empty()).map(|(at, _)| at);
    let tags = TemplateText::new(text).tags;
    let in_tag = |at: &usize| tags.iter().any(|tag| (tag.start..tag.end).contains(at));
    let opening = |at: &usize| {
        !text[..*at].trim_end().ends_with("endblock") && !text[..*at].trim_end().ends_with("endmacro")
    };
    match twice.filter(in_tag).filter(opening).nth(1) {
        Some(at) => finding.at(text, at, named.len()),
        None => finding,
    }
}

/// An error with its chain of causes.
pub(in crate::theme) fn causes(error: &tera::Error) -> String {
    let mut said = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        said.push_str(": ");
        said.push_str(&cause.to_string());
        source = cause.source();
    }
    said
}
