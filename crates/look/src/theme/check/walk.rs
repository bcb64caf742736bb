//! Walks through a page's templates as the engine would, with the types of the variables in place of their
//! values.
//!
//! The walk finds faults that the engine ignores: an unknown name in a condition, a block that no page shows.
//! It also finds templates that include themselves without end, which would crash the engine.

use std::collections::{BTreeMap, BTreeSet};

use tera::Tera;

use super::languages::Sentences;
use super::value::KnownValue;
use crate::Files;
use crate::shape::Shape;
use crate::theme::parse::parsed::{ParsedTemplate, ParsedTemplates};
use crate::theme::parse::tera_tree::{BlockNode, ForLoop, Node, NodeKind};
use crate::theme_source::{Finding, Report, Severity, ThemeSettings};

/// The maximum number of nodes of one page, where each inclusion counts again. The built-in pages have some
/// hundreds.
const STEPS_MAX: usize = 100_000;

/// The deepest nesting of templates and macros. A deeper one would overflow the thread's stack.
const DEPTH_MAX: usize = 24;

/// The deepest nesting of bodies: of blocks, conditions, loops, templates and macros together.
const BODIES_MAX: usize = 100;

/// The maximum number of nested loops over independent lists.
const LOOPS_MAX: usize = 2;

/// The data that the walks of all pages share.
pub(super) struct CheckContext<'a> {
    pub templates: &'a ParsedTemplates<'a>,
    /// The engine, asked for the names of filters, functions and tests.
    pub engine: &'a Tera,
    pub files: &'a Files,
    pub sentences: &'a Sentences,
    pub settings: &'a ThemeSettings,
}

/// The observations of the walks over all pages.
#[derive(Default)]
pub(super) struct Observed {
    pub report: Report,
    /// Templates that at least one page uses.
    pub used: BTreeSet<String>,
    /// The names in conditions, by file and offset. The value says whether any page has the name.
    pub tested: BTreeMap<(String, usize, String), bool>,
    /// The keys of the sentences in the theme's templates.
    pub keys: BTreeSet<String>,
    /// The static files that templates name.
    pub files: BTreeSet<String>,
}

/// The names that a template, macro or loop defines.
pub(super) struct NameScope<'a> {
    pub names: Vec<(String, KnownValue<'a>)>,
    /// Whether it belongs to a macro, which does not see names outside of it.
    pub closed: bool,
    pub looping: bool,
}

pub(super) struct Walk<'a, 's> {
    pub context: &'a CheckContext<'a>,
    pub observed: &'s mut Observed,
    pub root: &'a Shape,
    /// The current file and tag.
    pub file: &'a ParsedTemplate<'a>,
    pub file_name: &'a str,
    pub tag: usize,
    /// The page's template and those that it extends.
    chain: Vec<&'a str>,
    /// The open blocks, each with the level of the chain that defines it.
    blocks: Vec<(&'a str, usize)>,
    pub scopes: Vec<NameScope<'a>>,
    /// The open templates and macros.
    pub open: Vec<String>,
    loops: usize,
    steps: usize,
    /// The bodies around the present node.
    bodies: usize,
    /// Whether the walk has ended at something that grows.
    pub ended: bool,
    pub growth: Growth,
}

/// What grows with each turn of a loop.
#[derive(Default)]
pub(super) struct Growth {
    /// How often the present body is gone through.
    pub times: u64,
    /// The nodes, and the bytes of the page, where each turn of a loop counts again.
    pub turns: u64,
    pub printed: u64,
    /// The assignments that outlive their loop.
    pub globals: usize,
}

/// Walks through the template of a page or mail with the variables of `root`.
pub(super) fn walk<'a>(
    context: &'a CheckContext<'a>,
    observed: &mut Observed,
    name: &'a str,
    root: &'a Shape,
) {
    let mut chain = Vec::new();
    let mut next = Some(name);
    while let Some((name, parsed)) = next.and_then(|name| context.templates.get_key_value(name)) {
        observed.used.insert((*name).to_owned());
        if chain.contains(name) {
            // `templates::extends` reports a template that extends itself.
            return;
        }
        chain.push(name);
        next = parsed.parent();
    }
    let Some((top, parsed)) = chain.last().and_then(|top| context.templates.get_key_value(top)) else {
        return;
    };
    let scope = NameScope { names: Vec::new(), closed: false, looping: false };
    let mut walk = Walk {
        context,
        observed,
        root,
        file: parsed,
        file_name: top,
        tag: 0,
        chain,
        blocks: Vec::new(),
        scopes: vec![scope],
        open: vec![name.to_owned()],
        loops: 0,
        steps: 0,
        bodies: 0,
        ended: false,
        growth: Growth { times: 1, ..Growth::default() },
    };
    walk.body(parsed.nodes());
}

impl<'a> Walk<'a, '_> {
    pub(super) fn body(&mut self, nodes: &'a [Node]) {
        if self.bodies == BODIES_MAX {
            return self.grows("the nesting");
        }
        self.bodies += 1;
        self.nodes(nodes);
        self.bodies -= 1;
    }

    fn nodes(&mut self, nodes: &'a [Node]) {
        for node in nodes {
            self.steps += 1;
            if self.steps == STEPS_MAX {
                self.grows("the page");
            }
            if self.ended {
                return;
            }
            self.node(node);
        }
    }

    fn node(&mut self, node: &'a Node) {
        if !matches!(node.kind, NodeKind::Text(_)) {
            self.tag = node.tag;
        }
        self.turned();
        match &node.kind {
            NodeKind::Print(expression) => self.print(expression),
            NodeKind::Set { name, value, global } => {
                let seen = self.value(value);
                self.set(name, seen, *global);
            }
            NodeKind::If { branches, otherwise } => {
                for branch in branches {
                    self.tag = branch.tag;
                    match self.condition(&branch.condition) {
                        Some(false) => {}
                        Some(true) => return self.body(&branch.body),
                        None => self.body(&branch.body),
                    }
                }
                self.body(otherwise);
            }
            NodeKind::For(forloop) => self.forloop(forloop),
            NodeKind::Block(block) => self.block(block, 0),
            NodeKind::Super => {
                if let Some((name, level)) = self.blocks.last().copied()
                    && let Some(block) = self.file.block(name)
                {
                    self.block(block, level + 1);
                }
            }
            NodeKind::Include { names, ignore_missing } => self.include(names, *ignore_missing),
            NodeKind::FilterSection { filter, body } => {
                let size = self.measured(|walk| walk.body(body));
                let seen = KnownValue { size, ..KnownValue::made(Shape::Text) };
                let seen = self.filtered(seen, filter);
                self.printed(seen.size);
            }
            NodeKind::Extends(parent) if self.open.len() > 1 => self.report(
                Severity::Error,
                "include",
                parent,
                "a template that is included cannot extend another one".into(),
            ),
            NodeKind::Text(text) => self.printed(text.len() as u64),
            NodeKind::Extends(_) | NodeKind::Macro(_) | NodeKind::Import { .. } | NodeKind::Other => {}
        }
    }

    fn forloop(&mut self, forloop: &'a ForLoop) {
        let container = self.value(&forloop.container);
        let own = !container.looped && container.constant.is_none();
        let Some(item) = container.item() else {
            let message = format!("a loop goes over a list, and this is a {}", container.shape.kind());
            return self.report(Severity::Error, "wrong-type", "for", message);
        };
        if own {
            self.loops += 1;
            if self.loops > LOOPS_MAX {
                let message =
                    "more than two loops within each other go over lists of their own, which takes too long";
                self.report(Severity::Error, "endless", "for", message.into());
            }
        }
        let mut names = vec![(forloop.value.clone(), item)];
        names.extend(forloop.key.iter().map(|key| (key.clone(), KnownValue::any())));
        self.turns_of(&names, container.items, &forloop.body);
        if own {
            self.loops -= 1;
        }
        self.body(&forloop.if_empty);
    }

    /// Walks through the definition of a block that the page shows: the first one in the chain from `level`
    /// on.
    fn block(&mut self, block: &'a BlockNode, level: usize) {
        let context = self.context;
        let defined = self.chain.iter().enumerate().skip(level).find_map(|(level, name)| {
            let (name, parsed) = context.templates.get_key_value(name)?;
            Some((level, *name, parsed, parsed.block(&block.name)?))
        });
        let Some((level, name, parsed, block)) = defined else {
            if level == 0 {
                self.body(&block.body);
            }
            return;
        };
        self.blocks.push((&block.name, level));
        self.within(parsed, name, |walk| walk.body(&block.body));
        self.blocks.pop();
    }

    fn within(&mut self, parsed: &'a ParsedTemplate<'a>, name: &'a str, then: impl FnOnce(&mut Self)) {
        let before = (self.file, self.file_name, self.tag);
        (self.file, self.file_name) = (parsed, name);
        then(self);
        (self.file, self.file_name, self.tag) = before;
    }

    fn include(&mut self, names: &'a [String], ignore_missing: bool) {
        let context = self.context;
        let Some((name, parsed)) =
            names.iter().find_map(|name| context.templates.get_key_value(name.as_str()))
        else {
            if !ignore_missing && !names.iter().any(|name| self.context.files.templates.contains_key(name)) {
                let wanted = names.join(", ");
                let message = format!("there is no template `{wanted}`");
                self.report(
                    Severity::Error,
                    "missing-template",
                    names.first().map_or("", String::as_str),
                    message,
                );
            }
            return;
        };
        if !self.enter(name) {
            return;
        }
        self.observed.used.insert((*name).to_owned());
        self.scopes.push(NameScope { names: Vec::new(), closed: false, looping: false });
        let outer = (std::mem::replace(&mut self.chain, vec![name]), std::mem::take(&mut self.blocks));
        self.within(parsed, name, |walk| walk.body(parsed.nodes()));
        (self.chain, self.blocks) = outer;
        self.scopes.pop();
        self.open.pop();
    }

    /// Opens a template or macro. Returns `false` if it is already open or nested too deeply.
    pub(super) fn enter(&mut self, name: &str) -> bool {
        if self.open.iter().any(|open| open == name) || self.open.len() > DEPTH_MAX {
            let way = self.open.join(" → ");
            let message = format!("{name} is reached from within itself, without end: {way} → {name}");
            let word = name.rsplit("::").next().unwrap_or(name);
            self.report_even_ours(Severity::Error, "endless", word, message);
            return false;
        }
        self.open.push(name.to_owned());
        true
    }

    /// Walks through a macro with these arguments. Gives the bytes that it makes.
    pub(super) fn call(
        &mut self,
        called: &str,
        file: &'a str,
        body: &'a [Node],
        names: Vec<(String, KnownValue<'a>)>,
    ) -> u64 {
        let Some(parsed) = self.context.templates.get(file) else { return 0 };
        if !self.enter(called) {
            return 0;
        }
        self.scopes.push(NameScope { names, closed: true, looping: false });
        let size = self.measured(|walk| walk.within(parsed, file, |walk| walk.body(body)));
        self.scopes.pop();
        self.open.pop();
        size
    }

    fn set(&mut self, name: &str, seen: KnownValue<'a>, global: bool) {
        self.growth.globals += usize::from(global);
        let at = if global { self.scopes.iter().rposition(|scope| !scope.looping) } else { None };
        let at = at.unwrap_or(self.scopes.len().saturating_sub(1));
        let Some(scope) = self.scopes.get_mut(at) else { return };
        match scope.names.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = seen,
            None => scope.names.push((name.to_owned(), seen)),
        }
    }

    /// The value of a name without dots.
    pub(super) fn find(&self, name: &str) -> Option<KnownValue<'a>> {
        for scope in self.scopes.iter().rev() {
            if let Some((_, seen)) = scope.names.iter().find(|(known, _)| known == name) {
                return Some(seen.clone());
            }
            if name == "loop" && scope.looping {
                return Some(KnownValue { typed: false, ..KnownValue::any() });
            }
            if scope.closed {
                break;
            }
        }
        let given = self.root.variables().iter().find(|variable| variable.name == name);
        given.map(|variable| KnownValue::given(&variable.shape))
    }

    /// Reports a fault if the file belongs to the theme.
    pub(super) fn report(&mut self, severity: Severity, code: &'static str, word: &str, message: String) {
        if self.file.own {
            self.report_even_ours(severity, code, word, message);
        }
    }

    pub(super) fn report_even_ours(
        &mut self,
        severity: Severity,
        code: &'static str,
        word: &str,
        message: String,
    ) {
        let file = format!("templates/{}", self.file_name);
        let at = if word.is_empty() {
            self.file.source.tags.get(self.tag).map_or(0, |tag| tag.start)
        } else {
            self.file.source.find(self.tag, word)
        };
        let finding = Finding::new(severity, code, &file, message);
        let finding = finding.at(self.file.source.text, at, word.len().max(2));
        self.observed.report.add(finding);
    }
}
