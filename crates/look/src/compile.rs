//! From Tera's syntax templates to a [`Program`], which does what Tera would do.

use std::collections::HashMap;

use serde_json::Value;
use tera::ast::{Block, Expr, ExprVal, FunctionCall, LogicOperator, MacroCall, Node};

use super::loader::{TemplateTree, Templates};
use super::program::{Condition, Instruction, LoopField, Path, Program, Segment, ValueSource};
use super::settle;

/// Templates within templates; more are left to Tera, which may fail at them.
const DEPTH_MAX: usize = 40;

/// Nodes of one page, where each inclusion counts again; more are left to Tera, which goes through them only
/// where they are shown. Our own pages have some hundreds.
const NODES_MAX: usize = 100_000;

/// The program of the template `name`; `None` where a template does what only Tera can.
pub(super) fn compile(templates: &Templates, name: &str) -> Option<Program> {
    let entry = templates.tree(name)?;
    let mut chain = vec![entry];
    while let Some(parent) = &chain.last()?.template.parent {
        chain.push(templates.tree(parent).filter(|_| chain.len() < DEPTH_MAX)?);
    }
    let root = *chain.last()?;
    let mut compiler = Compiler {
        templates,
        entry,
        root,
        active: vec![entry],
        blocks: Vec::new(),
        branches: 0,
        depth: 0,
        seen: 0,
    };
    let mut steps = Vec::new();
    compiler.nodes(root, &root.template.ast, &mut steps)?;
    Some(Program { steps, html: name.ends_with(".html") })
}

struct Compiler<'a> {
    templates: &'a Templates,
    /// The template that is filled, and the one at the end of what it extends.
    entry: TemplateTree<'a>,
    root: TemplateTree<'a>,
    /// The entry, then the included pieces and macros within which we are.
    active: Vec<TemplateTree<'a>>,
    /// Blocks in the order in which they began, with the template that has them and how far up that is. Tera
    /// takes them off this list for `super()` alone, and finds macros by its end.
    blocks: Vec<(&'a str, &'a str, usize)>,
    /// Branches and loops around, which may not be gone through.
    branches: usize,
    depth: usize,
    /// The nodes so far.
    seen: usize,
}

impl<'a> Compiler<'a> {
    /// `home` is the template whose nodes these are.
    fn nodes(&mut self, home: TemplateTree<'a>, nodes: &'a [Node], out: &mut Vec<Instruction>) -> Option<()> {
        self.depth += 1;
        self.seen += nodes.len();
        if self.depth > DEPTH_MAX || self.seen > NODES_MAX {
            return None;
        }
        nodes.iter().try_for_each(|node| self.node(home, node, out))?;
        self.depth -= 1;
        Some(())
    }

    fn node(&mut self, home: TemplateTree<'a>, node: &'a Node, out: &mut Vec<Instruction>) -> Option<()> {
        match node {
            Node::Text(text) | Node::Raw(_, text, _) => write(home, text, out),
            Node::VariableBlock(_, value) => match &value.val {
                ExprVal::MacroCall(call) if value.filters.is_empty() && !value.negated => {
                    self.macro_call(call, out)?;
                }
                _ => out.push(print(value)?),
            },
            Node::Set(_, set) if !set.global && set.key != "loop" => {
                out.push(Instruction::Set { name: set.key.clone(), value: operand(&set.value)? });
            }
            Node::If(branches, _) => {
                let mut compiled = Vec::new();
                for (_, condition, body) in &branches.conditions {
                    compiled.push((self::condition(condition)?, self.branch(home, body)?));
                }
                let otherwise = branches.otherwise.as_ref();
                let otherwise = otherwise.map_or(Some(Vec::new()), |(_, body)| self.branch(home, body))?;
                out.push(Instruction::If { branches: compiled, otherwise });
            }
            Node::Forloop(_, each, _) if each.key.is_none() && each.value != "loop" => {
                let ValueSource::Path(items) = operand(&each.container)? else { return None };
                let body = self.branch(home, &each.body)?;
                let empty = each.empty_body.as_ref();
                let empty = empty.map_or(Some(Vec::new()), |body| self.branch(home, body))?;
                out.push(Instruction::For { name: each.value.clone(), items, body, empty });
            }
            Node::Include(_, names, ignore_missing) => {
                match names.iter().find(|name| self.templates.names().any(|known| known == name.as_str())) {
                    Some(name) => self.include(self.templates.tree(name)?, out)?,
                    None => return ignore_missing.then_some(()),
                }
            }
            Node::Block(_, block, _) if self.branches == 0 => self.block(home, block, out)?,
            Node::Super if self.branches == 0 => self.super_block(out)?,
            Node::Comment(..) | Node::ImportMacro(..) | Node::MacroDefinition(..) => {}
            _ => return None,
        }
        Some(())
    }

    fn branch(&mut self, home: TemplateTree<'a>, nodes: &'a [Node]) -> Option<Vec<Instruction>> {
        let mut steps = Vec::new();
        self.branches += 1;
        self.nodes(home, nodes, &mut steps)?;
        self.branches -= 1;
        Some(steps)
    }

    fn include(&mut self, piece: TemplateTree<'a>, out: &mut Vec<Instruction>) -> Option<()> {
        let mut body = Vec::new();
        self.active.push(piece);
        self.nodes(piece, &piece.template.ast, &mut body)?;
        self.active.pop();
        if sets(&body) {
            out.push(Instruction::Scope(body));
        } else {
            body.into_iter().for_each(|step| add(step, out));
        }
        Some(())
    }

    fn block(&mut self, home: TemplateTree<'a>, block: &'a Block, out: &mut Vec<Instruction>) -> Option<()> {
        let mut level = 0;
        let mut tree = Some(*self.active.last()?);
        while let Some(candidate) = tree {
            if let Some(own) = candidate.template.blocks.get(&block.name) {
                self.blocks.push((&block.name, candidate.name, level));
                return self.nodes(candidate, &own.body, out);
            }
            level += 1;
            tree = self.parent(candidate);
        }
        self.nodes(home, &block.body, out)
    }

    fn super_block(&mut self, out: &mut Vec<Instruction>) -> Option<()> {
        let (name, _, level) = *self.blocks.last()?;
        let mut parents = Vec::new();
        let mut tree = self.entry;
        while let Some(parent) = self.parent(tree) {
            parents.push(parent);
            tree = parent;
        }
        for (at, parent) in parents.iter().enumerate().skip(level) {
            if let Some(block) = parent.template.blocks.get(name) {
                self.blocks.push((name, parent.name, at + 1));
                self.nodes(*parent, &block.body, out)?;
                self.blocks.pop();
                if at + 1 >= parents.len() {
                    self.blocks.pop();
                }
                return Some(());
            }
        }
        None
    }

    fn parent(&self, tree: TemplateTree<'_>) -> Option<TemplateTree<'a>> {
        self.templates.tree(tree.template.parent.as_ref()?)
    }

    fn macro_call(&mut self, call: &'a MacroCall, out: &mut Vec<Instruction>) -> Option<()> {
        let caller = match self.blocks.last() {
            Some((_, name, _)) => self.templates.tree(name)?,
            None if self.entry.name != self.root.name => self.root,
            None => *self.active.last()?,
        };
        let home = *self.namespaces(caller, 0)?.get(call.namespace.as_str())?;
        let definition = home.template.macros.get(&call.name)?;
        let mut arguments = Vec::new();
        for (name, default) in &definition.args {
            let value = call.args.get(name).or(default.as_ref())?;
            if name == "loop" {
                return None;
            }
            arguments.push((name.clone(), operand(value)?));
        }
        let mut body = Vec::new();
        self.active.push(home);
        self.nodes(home, &definition.body, &mut body)?;
        self.active.pop();
        out.push(Instruction::Macro { arguments, body });
        Some(())
    }

    /// The templates whose macros `tree` can call, by what it calls them.
    fn namespaces(&self, tree: TemplateTree<'a>, depth: usize) -> Option<HashMap<&'a str, TemplateTree<'a>>> {
        if depth > DEPTH_MAX {
            return None;
        }
        let mut known: HashMap<&str, TemplateTree<'_>> = HashMap::new();
        if !tree.template.macros.is_empty() {
            known.insert("self", tree);
        }
        for (file, namespace) in &tree.template.imported_macro_files {
            let imported = self.templates.tree(file)?;
            known.insert(namespace, imported);
            for (namespace, home) in self.namespaces(imported, depth + 1)? {
                known.entry(namespace).or_insert(home);
            }
        }
        let mut parent = self.parent(tree);
        while let Some(tree) = parent {
            for (namespace, home) in self.namespaces(tree, depth + 1)? {
                known.entry(namespace).or_insert(home);
            }
            parent = self.parent(tree);
        }
        Some(known)
    }
}

/// Adds text with the sentences that stand in it.
fn write(home: TemplateTree<'_>, text: &str, out: &mut Vec<Instruction>) {
    if home.marked {
        for part in settle::parts(text) {
            match part {
                settle::MarkedText::Text(text) => add(Instruction::Text(text.to_owned()), out),
                settle::MarkedText::Sentence(number) => out.push(Instruction::Sentence(number)),
            }
        }
    } else {
        add(Instruction::Text(text.to_owned()), out);
    }
}

/// Adds a step, text to the text before it.
fn add(step: Instruction, out: &mut Vec<Instruction>) {
    match (step, out.last_mut()) {
        (Instruction::Text(text), _) if text.is_empty() => {}
        (Instruction::Text(text), Some(Instruction::Text(before))) => before.push_str(&text),
        (step, _) => out.push(step),
    }
}

/// Whether something is set that the steps after these would know.
fn sets(steps: &[Instruction]) -> bool {
    steps.iter().any(|step| match step {
        Instruction::Set { .. } => true,
        Instruction::If { branches, otherwise } => {
            branches.iter().any(|(_, body)| sets(body)) || sets(otherwise)
        }
        Instruction::For { empty, .. } => sets(empty),
        _ => false,
    })
}

fn print(value: &Expr) -> Option<Instruction> {
    let safe = match value.filters.as_slice() {
        [] => false,
        [filter] => filter.name == "safe",
        _ => return None,
    };
    let plain = Expr::new(value.val.clone());
    let printed = matches!(value.val, ExprVal::Ident(_) | ExprVal::FunctionCall(_) | ExprVal::String(_));
    let known = !value.negated && printed && (value.filters.is_empty() || safe);
    known.then(|| operand(&plain)).flatten().map(|value| Instruction::Print { value, safe })
}

fn operand(value: &Expr) -> Option<ValueSource> {
    if value.negated || !value.filters.is_empty() {
        return None;
    }
    Some(match &value.val {
        ExprVal::String(text) if !settle::has_marks(text) => ValueSource::Literal(Value::from(text.as_str())),
        ExprVal::Int(number) => ValueSource::Literal(Value::from(*number)),
        ExprVal::Bool(flag) => ValueSource::Literal(Value::from(*flag)),
        ExprVal::Ident(name) => match name.as_str() {
            "loop.index" => ValueSource::Loop(LoopField::Index),
            "loop.index0" => ValueSource::Loop(LoopField::Index0),
            "loop.first" => ValueSource::Loop(LoopField::First),
            "loop.last" => ValueSource::Loop(LoopField::Last),
            name => ValueSource::Path(path(name)?),
        },
        ExprVal::FunctionCall(call) => self::call(call)?,
        ExprVal::StringConcat(joined) => {
            let parts = joined.values.iter().map(|part| operand(&Expr::new(part.clone())));
            ValueSource::Joined(parts.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

fn call(call: &FunctionCall) -> Option<ValueSource> {
    let arguments = call.args.iter().map(|(name, value)| Some((name.clone(), operand(value)?)));
    (call.name == "t").then(|| arguments.collect::<Option<Vec<_>>>()).flatten().map(ValueSource::Call)
}

/// A name with nothing but dots in it.
fn path(name: &str) -> Option<Path> {
    let plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let mut parts = name.split('.');
    let root = parts.next()?.to_owned();
    if !name.split('.').all(plain) || root == "loop" || root == "__tera_context" {
        return None;
    }
    let segment = |part: &str| {
        let index = (part == "0" || !part.starts_with('0')).then(|| part.parse().ok()).flatten();
        Segment { field: part.to_owned(), index }
    };
    Some(Path { root, tail: parts.map(segment).collect() })
}

fn condition(expression: &Expr) -> Option<Condition> {
    if !expression.filters.is_empty() {
        return None;
    }
    let compiled = match &expression.val {
        ExprVal::Ident(_) | ExprVal::Bool(_) | ExprVal::Int(_) | ExprVal::String(_) => {
            Condition::Truthy(operand(&Expr::new(expression.val.clone()))?)
        }
        ExprVal::Test(test) if test.args.is_empty() => {
            let defined = Condition::Defined(path(&test.ident)?);
            match (test.name.as_str(), test.negated) {
                ("defined", false) | ("undefined", true) => defined,
                ("defined", true) | ("undefined", false) => Condition::Not(Box::new(defined)),
                _ => return None,
            }
        }
        ExprVal::Logic(logic) => {
            let both = || Some((Box::new(condition(&logic.lhs)?), Box::new(condition(&logic.rhs)?)));
            let different = match logic.operator {
                LogicOperator::And => {
                    let (left, right) = both()?;
                    return Some(negate(Condition::And(left, right), expression.negated));
                }
                LogicOperator::Or => {
                    let (left, right) = both()?;
                    return Some(negate(Condition::Or(left, right), expression.negated));
                }
                LogicOperator::Eq => false,
                LogicOperator::NotEq => true,
                _ => return None,
            };
            let compared = |side: &Expr| {
                let known = matches!(side.val, ExprVal::Ident(_) | ExprVal::String(_) | ExprVal::Int(_));
                known.then(|| operand(side)).flatten()
            };
            let (left, right) = (compared(&logic.lhs)?, compared(&logic.rhs)?);
            return Some(Condition::Equal { left, right, negated: different != expression.negated });
        }
        _ => return None,
    };
    Some(negate(compiled, expression.negated))
}

fn negate(condition: Condition, negated: bool) -> Condition {
    if negated { Condition::Not(Box::new(condition)) } else { condition }
}
