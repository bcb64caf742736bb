//! A walk through Tera's syntax tree that may change what it meets.

use tera::ast::{Expr, ExprVal, FunctionCall, MacroDefinition, Node};

/// Shows `see` every text in `nodes`: between tags, and between quotes in a tag.
pub(super) fn walk(nodes: &mut [Node], see: &mut dyn FnMut(&mut String)) {
    for node in nodes {
        match node {
            Node::Text(text) | Node::Raw(_, text, _) => see(text),
            Node::VariableBlock(_, value) => expression(value, see),
            Node::Set(_, set) => expression(&mut set.value, see),
            Node::MacroDefinition(_, definition, _) => walk_macro(definition, see),
            Node::FilterSection(_, section, _) => {
                call(&mut section.filter, see);
                walk(&mut section.body, see);
            }
            Node::Block(_, block, _) => walk(&mut block.body, see),
            Node::Forloop(_, for_loop, _) => {
                expression(&mut for_loop.container, see);
                walk(&mut for_loop.body, see);
                for_loop.empty_body.iter_mut().for_each(|body| walk(body, see));
            }
            Node::If(branches, _) => {
                for (_, condition, body) in &mut branches.conditions {
                    expression(condition, see);
                    walk(body, see);
                }
                branches.otherwise.iter_mut().for_each(|(_, body)| walk(body, see));
            }
            Node::Super
            | Node::Extends(..)
            | Node::Include(..)
            | Node::ImportMacro(..)
            | Node::Break(_)
            | Node::Continue(_)
            | Node::Comment(..) => {}
        }
    }
}

/// As [`walk`], through a macro with the defaults of its arguments.
pub(super) fn walk_macro(definition: &mut MacroDefinition, see: &mut dyn FnMut(&mut String)) {
    definition.args.values_mut().flatten().for_each(|default| expression(default, see));
    walk(&mut definition.body, see);
}

fn expression(of: &mut Expr, see: &mut dyn FnMut(&mut String)) {
    value(&mut of.val, see);
    of.filters.iter_mut().for_each(|filter| call(filter, see));
}

fn call(of: &mut FunctionCall, see: &mut dyn FnMut(&mut String)) {
    of.args.values_mut().for_each(|argument| expression(argument, see));
}

fn value(of: &mut ExprVal, see: &mut dyn FnMut(&mut String)) {
    match of {
        ExprVal::String(text) => see(text),
        ExprVal::Math(math) => {
            expression(&mut math.lhs, see);
            expression(&mut math.rhs, see);
        }
        ExprVal::Logic(logic) => {
            expression(&mut logic.lhs, see);
            expression(&mut logic.rhs, see);
        }
        ExprVal::In(within) => {
            expression(&mut within.lhs, see);
            expression(&mut within.rhs, see);
        }
        ExprVal::Test(test) => test.args.iter_mut().for_each(|argument| expression(argument, see)),
        ExprVal::MacroCall(of) => of.args.values_mut().for_each(|argument| expression(argument, see)),
        ExprVal::FunctionCall(of) => call(of, see),
        ExprVal::Array(items) => items.iter_mut().for_each(|item| expression(item, see)),
        ExprVal::StringConcat(parts) => parts.values.iter_mut().for_each(|part| value(part, see)),
        ExprVal::Ident(_) | ExprVal::Int(_) | ExprVal::Float(_) | ExprVal::Bool(_) => {}
    }
}
