//! The syntax tree of a template, in the form that the check needs. No other file of the check names the
//! engine's own tree, so a new version of the engine, or another engine, changes only this file.
//!
//! The engine's tree contains no positions. Here each node has the number of its tag. The tree lists tags in
//! the order of the text, so one walk over the tree counts them as
//! [`TemplateText`](crate::theme_source::TemplateText) does.

use tera::ast;

/// A parsed template.
pub(in crate::theme) struct Tree {
    pub nodes: Vec<Node>,
    /// The template that it extends.
    pub parent: Option<String>,
    /// The number of tags in the tree.
    pub tags: usize,
}

/// A tag with its body, or a text between tags.
pub(in crate::theme) struct Node {
    /// The number of the tag, from 0. A text has the number of the tag after it.
    pub tag: usize,
    pub kind: NodeKind,
}

pub(in crate::theme) enum NodeKind {
    Text(String),
    /// `{{ … }}`
    Print(Expr),
    Set {
        name: String,
        value: Expr,
        global: bool,
    },
    If {
        branches: Vec<Branch>,
        otherwise: Vec<Node>,
    },
    For(ForLoop),
    Block(BlockNode),
    Super,
    /// Includes the first of `names` that exists.
    Include {
        names: Vec<String>,
        ignore_missing: bool,
    },
    Import {
        file: String,
        namespace: String,
    },
    Extends(String),
    Macro(Macro),
    /// `{% filter NAME(…) %}`
    FilterSection {
        filter: Invocation,
        body: Vec<Node>,
    },
    /// A tag that neither prints a value nor names another template: `raw`, `break`, `continue`.
    Other,
}

pub(in crate::theme) struct Branch {
    /// The number of the tag with the condition.
    pub tag: usize,
    pub condition: Expr,
    pub body: Vec<Node>,
}

pub(in crate::theme) struct ForLoop {
    pub key: Option<String>,
    pub value: String,
    pub container: Expr,
    pub body: Vec<Node>,
    pub if_empty: Vec<Node>,
}

pub(in crate::theme) struct BlockNode {
    pub name: String,
    pub body: Vec<Node>,
}

pub(in crate::theme) struct Macro {
    pub name: String,
    /// The arguments by name, with their defaults.
    pub arguments: Vec<(String, Option<Expr>)>,
    pub body: Vec<Node>,
}

/// A value with the filters after it.
pub(in crate::theme) struct Expr {
    pub operand: Operand,
    pub negated: bool,
    pub filters: Vec<Invocation>,
}

pub(in crate::theme) enum Operand {
    Text(String),
    Int(i64),
    Float,
    Flag(bool),
    /// A name with dots and brackets.
    Name(String),
    Math(Box<[Expr; 2]>),
    /// `==`, `<`, `in` and similar operators.
    Comparison(Box<[Expr; 2]>),
    And(Box<[Expr; 2]>),
    Or(Box<[Expr; 2]>),
    /// `NAME is TEST`
    Test {
        name: String,
        test: String,
        arguments: Vec<Expr>,
        negated: bool,
    },
    MacroCall {
        namespace: String,
        call: Invocation,
    },
    FunctionCall(Invocation),
    List(Vec<Expr>),
    Concat(Vec<Operand>),
}

/// A filter, function or macro with its arguments by name, in the order of the names.
pub(in crate::theme) struct Invocation {
    pub name: String,
    pub arguments: Vec<(String, Expr)>,
}

impl NodeKind {
    /// The bodies between the node's tags.
    pub fn bodies(&self) -> Vec<&[Node]> {
        match self {
            Self::If { branches, otherwise } => {
                let branches = branches.iter().map(|branch| branch.body.as_slice());
                branches.chain([otherwise.as_slice()]).collect()
            }
            Self::For(forloop) => vec![&forloop.body, &forloop.if_empty],
            Self::Block(BlockNode { body, .. })
            | Self::Macro(Macro { body, .. })
            | Self::FilterSection { body, .. } => vec![body],
            _ => Vec::new(),
        }
    }
}

impl Expr {
    /// Whether the first filter is `default`, which makes an unknown name harmless.
    pub fn has_default(&self) -> bool {
        self.filters.first().is_some_and(|filter| filter.name == "default")
    }

    /// Whether the last filter is `safe`, which switches escaping off.
    pub fn is_marked_safe(&self) -> bool {
        self.filters.last().is_some_and(|filter| filter.name == "safe")
    }
}

impl Tree {
    /// Parses a template.
    ///
    /// # Errors
    /// The engine's error when the text is not a valid template.
    pub fn parse(name: &str, text: &str) -> tera::Result<Self> {
        let template = tera::Template::new(name, None, text)?;
        let mut numbering = Numbering { next: 0 };
        let nodes = numbering.nodes(template.ast);
        Ok(Self { nodes, parent: template.parent, tags: numbering.next })
    }
}

/// Counts tags while it converts the engine's tree.
struct Numbering {
    next: usize,
}

impl Numbering {
    fn tag(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    fn nodes(&mut self, nodes: Vec<ast::Node>) -> Vec<Node> {
        nodes.into_iter().filter_map(|node| self.node(node)).collect()
    }

    /// Converts the nodes between an opening tag, which is already counted, and its closing tag.
    fn body(&mut self, nodes: Vec<ast::Node>) -> Vec<Node> {
        let body = self.nodes(nodes);
        self.tag();
        body
    }

    fn node(&mut self, node: ast::Node) -> Option<Node> {
        let kind = match node {
            ast::Node::Text(text) => return Some(Node { tag: self.next, kind: NodeKind::Text(text) }),
            ast::Node::Comment(..) => return None,
            ast::Node::If(conditional, _) => return Some(self.conditional(conditional)),
            node => node,
        };
        let tag = self.tag();
        let kind = match kind {
            ast::Node::VariableBlock(_, expr) => NodeKind::Print(expr.into()),
            ast::Node::Set(_, set) => {
                NodeKind::Set { name: set.key, value: set.value.into(), global: set.global }
            }
            ast::Node::Super => NodeKind::Super,
            ast::Node::Extends(_, parent) => NodeKind::Extends(parent),
            ast::Node::Include(_, names, ignore_missing) => NodeKind::Include { names, ignore_missing },
            ast::Node::ImportMacro(_, file, namespace) => NodeKind::Import { file, namespace },
            ast::Node::Block(_, block, _) => {
                NodeKind::Block(BlockNode { name: block.name, body: self.body(block.body) })
            }
            ast::Node::FilterSection(_, section, _) => {
                NodeKind::FilterSection { filter: section.filter.into(), body: self.body(section.body) }
            }
            ast::Node::MacroDefinition(_, definition, _) => NodeKind::Macro(Macro {
                name: definition.name,
                arguments: sorted(definition.args, |default| default.map(Expr::from)),
                body: self.body(definition.body),
            }),
            ast::Node::Forloop(_, forloop, _) => NodeKind::For(self.for_loop(forloop)),
            ast::Node::Raw(..) => {
                self.tag();
                NodeKind::Other
            }
            ast::Node::Break(_)
            | ast::Node::Continue(_)
            | ast::Node::Text(_)
            | ast::Node::Comment(..)
            | ast::Node::If(..) => NodeKind::Other,
        };
        Some(Node { tag, kind })
    }

    fn conditional(&mut self, conditional: ast::If) -> Node {
        let first = self.next;
        let branch = |(_, condition, body): (_, ast::Expr, _)| {
            let tag = self.tag();
            Branch { tag, condition: condition.into(), body: self.nodes(body) }
        };
        let branches = conditional.conditions.into_iter().map(branch).collect();
        let otherwise = match conditional.otherwise {
            Some((_, body)) => {
                self.tag();
                self.nodes(body)
            }
            None => Vec::new(),
        };
        self.tag();
        Node { tag: first, kind: NodeKind::If { branches, otherwise } }
    }

    fn for_loop(&mut self, forloop: ast::Forloop) -> ForLoop {
        let body = self.nodes(forloop.body);
        let if_empty = match forloop.empty_body {
            Some(nodes) => {
                self.tag();
                self.nodes(nodes)
            }
            None => Vec::new(),
        };
        self.tag();
        let (key, value, container) = (forloop.key, forloop.value, forloop.container.into());
        ForLoop { key, value, container, body, if_empty }
    }
}

/// The engine keeps arguments without an order. Here they are sorted by name.
fn sorted<T, U>(arguments: std::collections::HashMap<String, T>, of: impl Fn(T) -> U) -> Vec<(String, U)> {
    let mut sorted: Vec<(String, U)> =
        arguments.into_iter().map(|(name, argument)| (name, of(argument))).collect();
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    sorted
}

impl From<ast::FunctionCall> for Invocation {
    fn from(call: ast::FunctionCall) -> Self {
        Self { name: call.name, arguments: sorted(call.args, Expr::from) }
    }
}

impl From<ast::Expr> for Expr {
    fn from(expr: ast::Expr) -> Self {
        let filters = expr.filters.into_iter().map(Invocation::from).collect();
        Self { operand: expr.val.into(), negated: expr.negated, filters }
    }
}

impl From<ast::ExprVal> for Operand {
    fn from(value: ast::ExprVal) -> Self {
        let both = |left: Box<ast::Expr>, right: Box<ast::Expr>| Box::new([(*left).into(), (*right).into()]);
        match value {
            ast::ExprVal::String(text) => Self::Text(text),
            ast::ExprVal::Int(number) => Self::Int(number),
            ast::ExprVal::Float(_) => Self::Float,
            ast::ExprVal::Bool(flag) => Self::Flag(flag),
            ast::ExprVal::Ident(name) => Self::Name(name),
            ast::ExprVal::Math(math) => Self::Math(both(math.lhs, math.rhs)),
            ast::ExprVal::In(within) => Self::Comparison(both(within.lhs, within.rhs)),
            ast::ExprVal::Logic(logic) => match logic.operator {
                ast::LogicOperator::And => Self::And(both(logic.lhs, logic.rhs)),
                ast::LogicOperator::Or => Self::Or(both(logic.lhs, logic.rhs)),
                _ => Self::Comparison(both(logic.lhs, logic.rhs)),
            },
            ast::ExprVal::Test(test) => Self::Test {
                name: test.ident,
                test: test.name,
                arguments: test.args.into_iter().map(Expr::from).collect(),
                negated: test.negated,
            },
            ast::ExprVal::MacroCall(call) => Self::MacroCall {
                namespace: call.namespace,
                call: Invocation { name: call.name, arguments: sorted(call.args, Expr::from) },
            },
            ast::ExprVal::FunctionCall(call) => Self::FunctionCall(call.into()),
            ast::ExprVal::Array(items) => Self::List(items.into_iter().map(Expr::from).collect()),
            ast::ExprVal::StringConcat(concat) => {
                Self::Concat(concat.values.into_iter().map(Self::from).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;
    use crate::theme_source::TemplateText;

    #[test]
    fn the_tree_of_each_of_our_own_templates_has_the_tags_of_its_text() {
        for (name, text) in crate::Files::load(None).unwrap().templates {
            let tree = Tree::parse(&name, &text).unwrap();
            assert_eq!(tree.tags, TemplateText::new(&text).tags.len(), "{name}");
        }
    }
}
