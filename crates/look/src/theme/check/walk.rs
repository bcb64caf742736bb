//! Goes through a page's templates as the engine would, with the kinds of its variables in place of their values.
//!
//! What the engine passes over in silence – a name in a condition that nothing has, a block that no page shows – is
//! found here, and so is what it would not survive: templates that include themselves without end.

use std::collections::{BTreeMap, BTreeSet};

use tera::Tera;
use tera::ast::{Block, Expr, Forloop, Node};

use super::parsed::{Parsed, Templates};
use super::value::Seen;
use crate::shape::Shape;
use crate::theme::finding::{Finding, Report, Severity};
use crate::theme::settings::Settings;
use crate::{Files, theme::check::languages::Sentences};

/// Nodes that one page may be made of, each inclusion counted anew. Ours have some hundreds.
const STEPS_MAX: usize = 100_000;

/// Templates and macros within each other. More would take the thread's stack.
const DEPTH_MAX: usize = 24;

/// Loops within each other that go over lists of their own.
const LOOPS_MAX: usize = 2;

/// What all pages share.
pub(super) struct House<'a> {
    pub templates: &'a Templates<'a>,
    /// For the names of filters, functions and tests.
    pub engine: &'a Tera,
    pub files: &'a Files,
    pub sentences: &'a Sentences,
    pub settings: &'a Settings,
}

/// What was seen on the way, over all pages.
#[derive(Default)]
pub(super) struct Seeing {
    pub report: Report,
    /// Templates that some page uses.
    pub used: BTreeSet<String>,
    /// Names in conditions, by file and place: whether any page has them.
    pub tested: BTreeMap<(String, usize, String), bool>,
    /// Keys of sentences that the theme's templates name.
    pub keys: BTreeSet<String>,
}

/// What a name may stand for, until the frame ends.
pub(super) struct Scope<'a> {
    names: Vec<(String, Seen<'a>)>,
    /// A macro's: what is outside is not seen.
    closed: bool,
    looping: bool,
}

pub(super) struct Walk<'a, 's> {
    pub house: &'a House<'a>,
    pub seeing: &'s mut Seeing,
    pub root: &'a Shape,
    /// Where we are.
    pub file: &'a Parsed<'a>,
    pub file_name: &'a str,
    pub tag: usize,
    /// The page's template and those that it extends.
    chain: Vec<&'a str>,
    /// The block that is open and how far up the chain it was found.
    blocks: Vec<(&'a str, usize)>,
    scopes: Vec<Scope<'a>>,
    /// Templates and macros that are open.
    open: Vec<String>,
    loops: usize,
    steps: usize,
}

/// Goes through the template of a page or mail, which may name what `root` holds.
pub(super) fn walk<'a>(house: &'a House<'a>, seeing: &mut Seeing, name: &'a str, root: &'a Shape) {
    let mut chain = Vec::new();
    let mut next = Some(name);
    while let Some((name, parsed)) = next.and_then(|name| house.templates.get_key_value(name)) {
        seeing.used.insert((*name).to_owned());
        if chain.contains(name) {
            // Said already, where it extends itself.
            return;
        }
        chain.push(name);
        next = parsed.parent();
    }
    let Some((top, parsed)) = chain.last().and_then(|top| house.templates.get_key_value(top)) else { return };
    let scope = Scope { names: Vec::new(), closed: false, looping: false };
    let mut walk = Walk {
        house,
        seeing,
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
    };
    walk.body(parsed.nodes());
}

impl<'a> Walk<'a, '_> {
    fn body(&mut self, nodes: &'a [Node]) {
        for node in nodes {
            self.steps += 1;
            if self.steps > STEPS_MAX {
                return;
            }
            if self.steps == STEPS_MAX {
                let message = format!("the page grows without end: {}", self.open.join(" → "));
                self.report(Severity::Error, "endless", "", message);
                return;
            }
            self.node(node);
        }
    }

    fn node(&mut self, node: &'a Node) {
        let tag = self.file.tag(node);
        if tag != usize::MAX {
            self.tag = tag;
        }
        match node {
            Node::VariableBlock(_, expression) => self.print(expression),
            Node::Set(_, set) => {
                let seen = self.value(&set.value);
                self.set(&set.key, seen, set.global);
            }
            Node::If(conditions, _) => {
                for (_, condition, body) in &conditions.conditions {
                    self.tag_of(condition);
                    match self.condition(condition) {
                        Some(false) => {}
                        Some(true) => return self.body(body),
                        None => self.body(body),
                    }
                }
                if let Some((_, body)) = &conditions.otherwise {
                    self.body(body);
                }
            }
            Node::Forloop(_, forloop, _) => self.forloop(forloop),
            Node::Block(_, block, _) => self.block(block, 0),
            Node::Super => {
                if let Some((name, level)) = self.blocks.last().copied()
                    && let Some(block) = self.file.block(name)
                {
                    self.block(block, level + 1);
                }
            }
            Node::Include(_, names, ignore_missing) => self.include(names, *ignore_missing),
            Node::FilterSection(_, section, _) => {
                self.known_filter(&section.filter.name);
                self.body(&section.body);
            }
            Node::Extends(_, name) if self.open.len() > 1 => self.report(
                Severity::Error,
                "include",
                name,
                "a template that is included cannot extend another one".into(),
            ),
            Node::Extends(..)
            | Node::Text(_)
            | Node::MacroDefinition(..)
            | Node::ImportMacro(..)
            | Node::Raw(..)
            | Node::Break(_)
            | Node::Continue(_)
            | Node::Comment(..) => {}
        }
    }

    fn tag_of(&mut self, condition: &Expr) {
        let tag = self.file.tag(condition);
        if tag != usize::MAX {
            self.tag = tag;
        }
    }

    fn forloop(&mut self, forloop: &'a Forloop) {
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
        names.extend(forloop.key.iter().map(|key| (key.clone(), Seen::any())));
        self.scopes.push(Scope { names, closed: false, looping: true });
        self.body(&forloop.body);
        self.scopes.pop();
        if own {
            self.loops -= 1;
        }
        if let Some(empty) = &forloop.empty_body {
            self.body(empty);
        }
    }

    /// Walks the block as the page has it: from `level` of the chain on, whoever is first to define it.
    fn block(&mut self, block: &'a Block, level: usize) {
        let house = self.house;
        let defined = self.chain.iter().enumerate().skip(level).find_map(|(level, name)| {
            let (name, parsed) = house.templates.get_key_value(name)?;
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

    fn within(&mut self, parsed: &'a Parsed<'a>, name: &'a str, then: impl FnOnce(&mut Self)) {
        let before = (self.file, self.file_name, self.tag);
        (self.file, self.file_name) = (parsed, name);
        then(self);
        (self.file, self.file_name, self.tag) = before;
    }

    fn include(&mut self, names: &'a [String], ignore_missing: bool) {
        let house = self.house;
        let Some((name, parsed)) = names.iter().find_map(|name| house.templates.get_key_value(name.as_str()))
        else {
            if !ignore_missing && !names.iter().any(|name| self.house.files.templates.contains_key(name)) {
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
        self.seeing.used.insert((*name).to_owned());
        self.scopes.push(Scope { names: Vec::new(), closed: false, looping: false });
        let outer = (std::mem::replace(&mut self.chain, vec![name]), std::mem::take(&mut self.blocks));
        self.within(parsed, name, |walk| walk.body(parsed.nodes()));
        (self.chain, self.blocks) = outer;
        self.scopes.pop();
        self.open.pop();
    }

    /// Opens a template or a macro, unless it is open already or too many are.
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

    /// Goes through a macro with these arguments.
    pub(super) fn call(
        &mut self,
        called: &str,
        file: &'a str,
        body: &'a [Node],
        names: Vec<(String, Seen<'a>)>,
    ) {
        let Some(parsed) = self.house.templates.get(file) else { return };
        if !self.enter(called) {
            return;
        }
        self.scopes.push(Scope { names, closed: true, looping: false });
        self.within(parsed, file, |walk| walk.body(body));
        self.scopes.pop();
        self.open.pop();
    }

    fn set(&mut self, name: &str, seen: Seen<'a>, global: bool) {
        let at = if global { self.scopes.iter().rposition(|scope| !scope.looping) } else { None };
        let at = at.unwrap_or(self.scopes.len().saturating_sub(1));
        let Some(scope) = self.scopes.get_mut(at) else { return };
        match scope.names.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = seen,
            None => scope.names.push((name.to_owned(), seen)),
        }
    }

    /// What a name without dots stands for.
    pub(super) fn find(&self, name: &str) -> Option<Seen<'a>> {
        for scope in self.scopes.iter().rev() {
            if let Some((_, seen)) = scope.names.iter().find(|(known, _)| known == name) {
                return Some(seen.clone());
            }
            if name == "loop" && scope.looping {
                return Some(Seen { typed: false, ..Seen::any() });
            }
            if scope.closed {
                break;
            }
        }
        let given = self.root.variables().iter().find(|variable| variable.name == name);
        given.map(|variable| Seen::given(&variable.shape))
    }

    /// Says what is wrong, if it is in the theme's own file.
    pub(super) fn report(&mut self, severity: Severity, code: &'static str, word: &str, message: String) {
        if self.file.own {
            self.report_even_ours(severity, code, word, message);
        }
    }

    fn report_even_ours(&mut self, severity: Severity, code: &'static str, word: &str, message: String) {
        let file = format!("templates/{}", self.file_name);
        let at = if word.is_empty() {
            self.file.source.tags.get(self.tag).map_or(0, |tag| tag.start)
        } else {
            self.file.source.find(self.tag, word)
        };
        let finding = Finding::new(severity, code, &file, message);
        let finding = finding.at(self.file.source.text, at, word.len().max(2));
        self.seeing.report.add(finding);
    }
}
