//! Checks the expressions in tags: names, filters, functions, macros.

use std::collections::HashMap;

use super::growth::grown;
use super::value::{KnownValue, names};
use super::walk::Walk;
use crate::loader::RANGE_MAX;
use crate::shape::Shape;
use crate::theme::parse::tera_tree::{Expr, Invocation, Operand};
use crate::theme_source::Severity;

const ERROR: Severity = Severity::Error;

/// The expected size of a sentence without what it names, in bytes.
const SENTENCE: u64 = 500;

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
            self.report(ERROR, "unknown-filter", name, format!("there is no filter `{name}`"));
        }
    }

    fn function(&mut self, call: &'a Invocation) -> KnownValue<'a> {
        let arguments: HashMap<&str, KnownValue<'a>> =
            call.arguments.iter().map(|(name, argument)| (name.as_str(), self.value(argument))).collect();
        let constant = |name: &str| arguments.get(name).and_then(|seen| seen.constant.clone());
        match call.name.as_str() {
            "t" => {
                match constant("key") {
                    Some(key) => self.sentence(&key, &arguments),
                    None if !arguments.contains_key("key") => {
                        self.report(
                            ERROR,
                            "sentence",
                            "t",
                            "`t` needs the key of a sentence: t(key=\"…\")".into(),
                        );
                    }
                    None => {}
                }
                KnownValue {
                    typed: arguments.values().any(KnownValue::is_typed),
                    size: SENTENCE + arguments.values().map(|seen| seen.size).sum::<u64>(),
                    ..KnownValue::made(Shape::Text)
                }
            }
            "asset" => {
                match constant("path") {
                    Some(path) if !self.context.files.statics.contains_key(&path) => {
                        let message = format!("there is no file `{path}` in static/");
                        self.report(ERROR, "missing-file", &path, message);
                    }
                    None if !arguments.contains_key("path") => {
                        let message = "`asset` needs the name of a file of static/: asset(path=\"…\")";
                        self.report(ERROR, "missing-file", "asset", message.into());
                    }
                    _ => {}
                }
                KnownValue::made(Shape::Text)
            }
            "theme_styles" => KnownValue::made(Shape::Text),
            "range" => {
                let end = constant("end").and_then(|end| end.parse::<u64>().ok());
                if end.is_some_and(|end| end > RANGE_MAX as u64) {
                    let message = format!("a range has {RANGE_MAX} numbers at most");
                    self.report(ERROR, "endless", "range", message);
                }
                let start = constant("start").and_then(|start| start.parse::<u64>().ok()).unwrap_or(0);
                let items =
                    end.map_or(RANGE_MAX as u64, |end| end.saturating_sub(start).min(RANGE_MAX as u64));
                KnownValue { items, ..KnownValue::made(Shape::List(Box::new(Shape::Number))) }
            }
            "get_env" => {
                let message = "a theme reaches no environment: there is no `get_env`";
                self.report(ERROR, "unknown-function", "get_env", message.into());
                KnownValue::any()
            }
            name => {
                if !self.context.engine.functions.contains_key(name) {
                    self.report(ERROR, "unknown-function", name, format!("there is no function `{name}`"));
                }
                KnownValue { typed: false, ..KnownValue::any() }
            }
        }
    }

    fn sentence(&mut self, key: &str, arguments: &HashMap<&str, KnownValue<'a>>) {
        if self.file.own {
            self.observed.keys.insert(key.to_owned());
        }
        let Some(needed) = self.context.sentences.placeholders(key) else {
            let message = format!("locales/ has no sentence `{key}`");
            return self.report(ERROR, "missing-sentence", key, message);
        };
        for name in needed.iter().filter(|name| !arguments.contains_key(name.as_str())) {
            let message = format!("the sentence `{key}` says ${name}: write t(key=\"{key}\", {name}=…)");
            self.report(ERROR, "missing-sentence", key, message);
        }
    }

    fn macro_call(&mut self, namespace: &'a str, call: &'a Invocation) -> KnownValue<'a> {
        let mut names: Vec<(String, KnownValue<'a>)> =
            call.arguments.iter().map(|(name, argument)| (name.clone(), self.value(argument))).collect();
        let made = KnownValue::made(Shape::Text);
        let context = self.context;
        let file = if namespace == "self" { Some(self.file_name) } else { self.file.imported(namespace) };
        let Some((file, parsed)) = file.and_then(|file| context.templates.get_key_value(file)) else {
            // A file that is imported and does not parse has a finding of its own.
            if self.file.imported(namespace).is_none() {
                let message = format!(
                    "`{namespace}` is imported nowhere in this file: \
                     {{% import \"pieces/….html\" as {namespace} %}}"
                );
                self.report(ERROR, "macro", namespace, message);
            }
            return made;
        };
        let Some(definition) = parsed.macro_called(&call.name) else {
            let message = format!("{file} has no macro `{}`", call.name);
            self.report(ERROR, "macro", &call.name, message);
            return made;
        };
        for (name, default) in &definition.arguments {
            if names.iter().any(|(known, _)| known == name) {
                continue;
            }
            match default {
                Some(default) => {
                    let seen = self.value(default);
                    names.push((name.clone(), seen));
                }
                None => {
                    let message = format!("the macro `{}` needs `{name}`", call.name);
                    self.report(ERROR, "macro", &call.name, message);
                    return made;
                }
            }
        }
        for (name, _) in call
            .arguments
            .iter()
            .filter(|(name, _)| !definition.arguments.iter().any(|(known, _)| known == name))
        {
            let message = format!("the macro `{}` takes no `{name}`, and drops it", call.name);
            self.report(Severity::Warning, "macro", name, message);
        }
        let size = self.call(&format!("{file}::{}", call.name), file, &definition.body, names);
        KnownValue { size, ..made }
    }
}
