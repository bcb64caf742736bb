//! Checks the expressions in tags: names, conditions, filters.

use std::collections::HashMap;

use super::growth::grown;
use super::value::{KnownValue, names};
use super::walk::Walk;
use crate::shape::Shape;
use crate::theme::nearest::did_you_mean;
use crate::theme::parse::tera_tree::{Expr, Invocation, Operand};
use crate::theme_source::Severity;

const ERROR: Severity = Severity::Error;

impl<'a> Walk<'a, '_> {
    /// `{{ expression }}`
    pub(super) fn print(&mut self, expression: &'a Expr) {
        let seen = self.value(expression);
        self.printed(seen.size);
        if expression.is_marked_safe() && seen.is_typed() {
            let message =
                "`safe` switches escaping off for what somebody typed, who can then write into the page";
            self.report(ERROR, "unescaped", "safe", message.into());
        }
        if matches!(*seen.shape, Shape::List(_) | Shape::Record(_)) && expression.filters.is_empty() {
            let word = if let Operand::Name(name) = &expression.operand { name.as_str() } else { "" };
            let inside = match &*seen.shape {
                Shape::Record(variables) => format!(": it holds {}", names(variables)),
                _ => String::new(),
            };
            let message = format!("`{word}` is a {} and no text{inside}", seen.shape.kind());
            self.report(ERROR, "wrong-type", word, message);
        }
    }

    /// The value of an expression. Reports unknown names.
    pub(super) fn value(&mut self, expression: &'a Expr) -> KnownValue<'a> {
        let defaulted = expression.has_default();
        let mut seen = match &expression.operand {
            Operand::Name(name) => match self.lookup(name) {
                Some(seen) => seen,
                None => {
                    if defaulted {
                        self.tested(name, false);
                    } else {
                        self.unknown(name);
                    }
                    KnownValue::any()
                }
            },
            other => self.plain(other),
        };
        if expression.negated {
            seen = KnownValue::made(Shape::Flag);
        }
        for filter in &expression.filters {
            seen = self.filtered(seen, filter);
        }
        self.bounded(seen)
    }

    fn plain(&mut self, operand: &'a Operand) -> KnownValue<'a> {
        match operand {
            Operand::Text(text) => KnownValue::constant(text),
            Operand::Int(number) => {
                KnownValue { constant: Some(number.to_string()), ..KnownValue::made(Shape::Number) }
            }
            Operand::Float => KnownValue::made(Shape::Number),
            Operand::Flag(_) => KnownValue::made(Shape::Flag),
            Operand::Name(name) => self.lookup(name).unwrap_or_else(|| {
                self.unknown(name);
                KnownValue::any()
            }),
            Operand::Math(sides) => {
                sides.iter().for_each(|side| drop(self.value(side)));
                KnownValue::made(Shape::Number)
            }
            Operand::Comparison(_) | Operand::And(_) | Operand::Or(_) | Operand::Test { .. } => {
                self.decide(operand);
                KnownValue::made(Shape::Flag)
            }
            Operand::MacroCall { namespace, call } => self.macro_call(namespace, call),
            Operand::FunctionCall(call) => self.function(call),
            Operand::List(items) => {
                let seen: Vec<_> = items.iter().map(|item| self.value(item)).collect();
                let typed = seen.iter().any(KnownValue::is_typed);
                let size = seen.iter().map(|seen| seen.size).sum();
                let of = seen.into_iter().next().map_or(Shape::Any, |first| first.shape.into_owned());
                // The template states the array's length, so a loop over it is bounded.
                let constant = Some(String::new());
                let items = items.len() as u64;
                KnownValue { typed, constant, size, items, ..KnownValue::made(Shape::List(Box::new(of))) }
            }
            Operand::Concat(parts) => {
                let seen: Vec<_> = parts.iter().map(|part| self.plain(part)).collect();
                let typed = seen.iter().any(KnownValue::is_typed);
                let size = seen.iter().map(|seen| seen.size).sum();
                let constant: Option<String> = seen.into_iter().map(|seen| seen.constant).collect();
                KnownValue { typed, constant, size, ..KnownValue::made(Shape::Text) }
            }
        }
    }

    /// The outcome of a condition if it follows from which names exist; `None` if it depends on values.
    pub(super) fn condition(&mut self, expression: &'a Expr) -> Option<bool> {
        let decided = match &expression.operand {
            Operand::Name(name) if expression.filters.is_empty() => {
                let found = self.lookup(name).is_some();
                self.tested(name, found);
                if found { None } else { Some(false) }
            }
            operand if expression.filters.is_empty() => self.decide(operand),
            _ => {
                self.value(expression);
                None
            }
        };
        decided.map(|holds| holds != expression.negated)
    }

    fn decide(&mut self, operand: &'a Operand) -> Option<bool> {
        match operand {
            Operand::And(sides) => self.decide_both(sides, false),
            Operand::Or(sides) => self.decide_both(sides, true),
            Operand::Comparison(sides) => {
                sides.iter().for_each(|side| drop(self.value(side)));
                None
            }
            Operand::Test { name, test, arguments, negated } => {
                if !self.context.engine.testers.contains_key(test) {
                    self.report(ERROR, "unknown-test", test, format!("there is no test `{test}`"));
                }
                arguments.iter().for_each(|argument| drop(self.value(argument)));
                let found = self.lookup(name).is_some();
                match test.as_str() {
                    "defined" | "undefined" => {
                        self.tested(name, found);
                        let holds = found == (test == "defined");
                        Some(holds != *negated)
                    }
                    _ => {
                        if !found {
                            self.unknown(name);
                        }
                        None
                    }
                }
            }
            Operand::Flag(holds) => Some(*holds),
            Operand::Name(name) => {
                let found = self.lookup(name).is_some();
                self.tested(name, found);
                if found { None } else { Some(false) }
            }
            other => {
                self.plain(other);
                None
            }
        }
    }

    /// Decides `and`, which one false side settles (`settled` is `false`), or `or`, which one true side
    /// settles.
    fn decide_both(&mut self, sides: &'a [Expr; 2], settled: bool) -> Option<bool> {
        let [left, right] = sides;
        let left = self.condition(left);
        if left == Some(settled) {
            return left;
        }
        let right = self.condition(right);
        if left.is_some() || right == Some(settled) { right } else { None }
    }

    /// The value of a dotted name.
    fn lookup(&mut self, path: &str) -> Option<KnownValue<'a>> {
        let (path, indexed) = match path.split_once('[') {
            Some((before, _)) => (before, true),
            None => (path, false),
        };
        let mut parts = path.split('.');
        let first = parts.next()?;
        let found = parts.try_fold(self.find(first)?, |seen, name| seen.member(name))?;
        if first == "theme"
            && let Some(setting) =
                path.strip_prefix("theme.").and_then(|name| self.context.settings.get(name))
        {
            // Settings are the operator's, who may write markup.
            let constant = setting.as_text();
            let size = constant.len() as u64;
            return Some(KnownValue { typed: false, constant: Some(constant), size, ..found });
        }
        // An index in brackets is evaluated at run time, so the type behind it is unknown here.
        Some(if indexed { KnownValue { looped: found.looped, ..KnownValue::any() } } else { found })
    }

    fn tested(&mut self, name: &str, found: bool) {
        if self.file.own {
            let at = self.file.source.find(self.tag, name);
            let key = (self.file_name.to_owned(), at, name.to_owned());
            *self.observed.tested.entry(key).or_default() |= found;
        }
    }

    fn unknown(&mut self, path: &str) {
        if path == "__tera_context" {
            let message = "`__tera_context` writes everything that the page knows into it";
            return self.report(ERROR, "unknown-variable", path, message.into());
        }
        let plain = path.split('[').next().unwrap_or(path);
        let mut known = String::new();
        let mut missing = plain;
        let parts: Vec<&str> = plain.split('.').collect();
        for end in (1..parts.len()).rev() {
            let above = parts[..end].join(".");
            if let Some(seen) = self.lookup(&above) {
                missing = parts[end];
                known = match &*seen.shape {
                    Shape::Record(variables) => format!("`{above}` has {}", names(variables)),
                    other => format!("`{above}` is a {}", other.kind()),
                };
                break;
            }
        }
        if known.is_empty() {
            known = format!("known everywhere are {}", names(self.root.variables()));
        }
        self.report(ERROR, "unknown-variable", path, format!("there is no `{missing}` in `{path}`; {known}"));
    }

    pub(super) fn filtered(&mut self, seen: KnownValue<'a>, filter: &'a Invocation) -> KnownValue<'a> {
        self.known_filter(&filter.name);
        let arguments: HashMap<&str, KnownValue<'a>> =
            filter.arguments.iter().map(|(name, argument)| (name.as_str(), self.value(argument))).collect();
        let typed = seen.is_typed() || arguments.values().any(KnownValue::is_typed);
        let looped = seen.looped;
        let (size, items) = grown(&seen, &filter.name, &arguments);
        let made = |shape: Shape| KnownValue { typed, looped, ..KnownValue::made(shape) };
        let seen = match filter.name.as_str() {
            "safe" => seen,
            "default" => KnownValue { typed, ..seen },
            // The text is escaped from here on.
            "escape" | "escape_html" => KnownValue { looped, ..KnownValue::made(Shape::Text) },
            "length" | "wordcount" | "round" | "abs" | "int" | "float" => made(Shape::Number),
            "split" => made(Shape::List(Box::new(Shape::Text))),
            "first" | "last" | "nth" => {
                seen.item().map_or_else(KnownValue::any, |item| KnownValue { looped, ..item })
            }
            "reverse" | "sort" | "slice" | "unique" | "filter" | "concat" => KnownValue { typed, ..seen },
            "upper" | "lower" | "trim" | "truncate" | "replace" | "capitalize" | "title" | "join"
            | "urlencode" | "addslashes" | "trim_start" | "trim_end" | "linebreaksbr" | "striptags"
            | "spaceless" => made(Shape::Text),
            _ => made(Shape::Any),
        };
        KnownValue { size, items, ..seen }
    }

    /// Reports an unknown filter.
    pub(super) fn known_filter(&mut self, name: &str) {
        if name != "safe" && !self.context.engine.filters.contains_key(name) {
            let meant = did_you_mean(name, self.context.engine.filters.keys().map(String::as_str));
            self.report(ERROR, "unknown-filter", name, format!("there is no filter `{name}`{meant}"));
        }
    }
}
