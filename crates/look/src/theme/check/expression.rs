//! What a template says in a tag: names, filters, calls.

use std::collections::HashMap;

use tera::ast::{Expr, ExprVal, FunctionCall, LogicOperator, MacroCall};

use super::value::{Seen, names};
use super::walk::Walk;
use crate::loader::RANGE_MAX;
use crate::shape::Shape;
use crate::theme::finding::Severity;

const ERROR: Severity = Severity::Error;

impl<'a> Walk<'a, '_> {
    /// `{{ expression }}`
    pub(super) fn print(&mut self, expression: &'a Expr) {
        let seen = self.value(expression);
        if expression.is_marked_safe() && seen.is_typed() {
            let message =
                "`safe` switches escaping off for what somebody typed, who can then write into the page";
            self.report(ERROR, "unescaped", "safe", message.into());
        }
        if matches!(*seen.shape, Shape::List(_) | Shape::Record(_)) && expression.filters.is_empty() {
            let word = if let ExprVal::Ident(name) = &expression.val { name.as_str() } else { "" };
            let inside = match &*seen.shape {
                Shape::Record(variables) => format!(": it holds {}", names(variables)),
                _ => String::new(),
            };
            let message = format!("`{word}` is a {} and no text{inside}", seen.shape.kind());
            self.report(ERROR, "wrong-type", word, message);
        }
    }

    /// The value of an expression; a name that nothing has is reported.
    pub(super) fn value(&mut self, expression: &'a Expr) -> Seen<'a> {
        let defaulted = expression.has_default_filter();
        let mut seen = match &expression.val {
            ExprVal::Ident(name) => match self.lookup(name) {
                Some(seen) => seen,
                None => {
                    if defaulted {
                        self.tested(name, false);
                    } else {
                        self.unknown(name);
                    }
                    Seen::any()
                }
            },
            other => self.plain(other),
        };
        if expression.negated {
            seen = Seen::made(Shape::Flag);
        }
        for filter in &expression.filters {
            seen = self.filtered(seen, filter);
        }
        seen
    }

    fn plain(&mut self, value: &'a ExprVal) -> Seen<'a> {
        match value {
            ExprVal::String(text) => Seen::constant(text),
            ExprVal::Int(number) => Seen { constant: Some(number.to_string()), ..Seen::made(Shape::Number) },
            ExprVal::Float(_) => Seen::made(Shape::Number),
            ExprVal::Bool(_) => Seen::made(Shape::Flag),
            ExprVal::Ident(name) => self.lookup(name).unwrap_or_else(|| {
                self.unknown(name);
                Seen::any()
            }),
            ExprVal::Math(math) => {
                self.value(&math.lhs);
                self.value(&math.rhs);
                Seen::made(Shape::Number)
            }
            ExprVal::Logic(_) | ExprVal::Test(_) | ExprVal::In(_) => {
                self.decide(value);
                Seen::made(Shape::Flag)
            }
            ExprVal::MacroCall(call) => self.macro_call(call),
            ExprVal::FunctionCall(call) => self.function(call),
            ExprVal::Array(items) => {
                let seen: Vec<_> = items.iter().map(|item| self.value(item)).collect();
                let typed = seen.iter().any(Seen::is_typed);
                let of = seen.into_iter().next().map_or(Shape::Any, |first| first.shape.into_owned());
                // Its length stands in the template.
                let constant = Some(String::new());
                Seen { typed, constant, ..Seen::made(Shape::List(Box::new(of))) }
            }
            ExprVal::StringConcat(concat) => {
                let seen: Vec<_> = concat.values.iter().map(|value| self.plain(value)).collect();
                let typed = seen.iter().any(Seen::is_typed);
                let constant: Option<String> = seen.into_iter().map(|seen| seen.constant).collect();
                Seen { typed, constant, ..Seen::made(Shape::Text) }
            }
        }
    }

    /// Whether a condition holds, as far as the names alone tell.
    pub(super) fn condition(&mut self, expression: &'a Expr) -> Option<bool> {
        let decided = match &expression.val {
            ExprVal::Ident(name) if expression.filters.is_empty() => {
                let found = self.lookup(name).is_some();
                self.tested(name, found);
                if found { None } else { Some(false) }
            }
            value if expression.filters.is_empty() => self.decide(value),
            _ => {
                self.value(expression);
                None
            }
        };
        decided.map(|holds| holds != expression.negated)
    }

    fn decide(&mut self, value: &'a ExprVal) -> Option<bool> {
        match value {
            ExprVal::Logic(logic) => match logic.operator {
                LogicOperator::And => match self.condition(&logic.lhs) {
                    Some(false) => Some(false),
                    left => match (left, self.condition(&logic.rhs)) {
                        (_, Some(false)) => Some(false),
                        (Some(true), right) => right,
                        _ => None,
                    },
                },
                LogicOperator::Or => match self.condition(&logic.lhs) {
                    Some(true) => Some(true),
                    left => match (left, self.condition(&logic.rhs)) {
                        (_, Some(true)) => Some(true),
                        (Some(false), right) => right,
                        _ => None,
                    },
                },
                _ => {
                    self.value(&logic.lhs);
                    self.value(&logic.rhs);
                    None
                }
            },
            ExprVal::Test(test) => {
                if !self.house.engine.testers.contains_key(&test.name) {
                    self.report(
                        ERROR,
                        "unknown-test",
                        &test.name,
                        format!("there is no test `{}`", test.name),
                    );
                }
                for argument in &test.args {
                    self.value(argument);
                }
                let found = self.lookup(&test.ident).is_some();
                match test.name.as_str() {
                    "defined" | "undefined" => {
                        self.tested(&test.ident, found);
                        let holds = found == (test.name == "defined");
                        Some(holds != test.negated)
                    }
                    _ => {
                        if !found {
                            self.unknown(&test.ident);
                        }
                        None
                    }
                }
            }
            ExprVal::In(within) => {
                self.value(&within.lhs);
                self.value(&within.rhs);
                None
            }
            ExprVal::Bool(holds) => Some(*holds),
            ExprVal::Ident(name) => {
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

    /// What a dotted name stands for.
    fn lookup(&mut self, path: &str) -> Option<Seen<'a>> {
        let (path, indexed) = match path.split_once('[') {
            Some((before, _)) => (before, true),
            None => (path, false),
        };
        let mut parts = path.split('.');
        let first = parts.next()?;
        let found = parts.try_fold(self.find(first)?, |seen, name| seen.member(name))?;
        if first == "theme"
            && let Some(setting) = path.strip_prefix("theme.").and_then(|name| self.house.settings.get(name))
        {
            // The operator's, who may write into the page.
            return Some(Seen { typed: false, constant: Some(setting.as_text()), ..found });
        }
        // What is behind an index that is known when the page is filled, is not known here.
        Some(if indexed { Seen { looped: found.looped, ..Seen::any() } } else { found })
    }

    fn tested(&mut self, name: &str, found: bool) {
        if self.file.own {
            let at = self.file.source.find(self.tag, name);
            let key = (self.file_name.to_owned(), at, name.to_owned());
            *self.seeing.tested.entry(key).or_default() |= found;
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

    fn filtered(&mut self, seen: Seen<'a>, filter: &'a FunctionCall) -> Seen<'a> {
        self.known_filter(&filter.name);
        let arguments: HashMap<&str, Seen<'a>> =
            filter.args.iter().map(|(name, argument)| (name.as_str(), self.value(argument))).collect();
        let typed = seen.is_typed() || arguments.values().any(Seen::is_typed);
        let looped = seen.looped;
        let made = |shape: Shape| Seen { typed, looped, ..Seen::made(shape) };
        match filter.name.as_str() {
            "safe" => seen,
            "default" => Seen { typed, ..seen },
            // From here on it is markup that shows what was typed.
            "escape" | "escape_html" => Seen { looped, ..Seen::made(Shape::Text) },
            "length" | "wordcount" | "round" | "abs" | "int" | "float" => made(Shape::Number),
            "split" => made(Shape::List(Box::new(Shape::Text))),
            "first" | "last" | "nth" => seen.item().map_or_else(Seen::any, |item| Seen { looped, ..item }),
            "reverse" | "sort" | "slice" | "unique" | "filter" | "concat" => Seen { typed, ..seen },
            "upper" | "lower" | "trim" | "truncate" | "replace" | "capitalize" | "title" | "join"
            | "urlencode" | "addslashes" | "trim_start" | "trim_end" | "linebreaksbr" | "striptags"
            | "spaceless" => made(Shape::Text),
            _ => made(Shape::Any),
        }
    }

    /// Says so where there is no such filter.
    pub(super) fn known_filter(&mut self, name: &str) {
        if name != "safe" && !self.house.engine.filters.contains_key(name) {
            self.report(ERROR, "unknown-filter", name, format!("there is no filter `{name}`"));
        }
    }

    fn function(&mut self, call: &'a FunctionCall) -> Seen<'a> {
        let arguments: HashMap<&str, Seen<'a>> =
            call.args.iter().map(|(name, argument)| (name.as_str(), self.value(argument))).collect();
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
                Seen { typed: arguments.values().any(Seen::is_typed), ..Seen::made(Shape::Text) }
            }
            "asset" => {
                match constant("path") {
                    Some(path) if !self.house.files.statics.contains_key(&path) => {
                        let message = format!("there is no file `{path}` in static/");
                        self.report(ERROR, "missing-file", &path, message);
                    }
                    None if !arguments.contains_key("path") => {
                        let message = "`asset` needs the name of a file of static/: asset(path=\"…\")";
                        self.report(ERROR, "missing-file", "asset", message.into());
                    }
                    _ => {}
                }
                Seen::made(Shape::Text)
            }
            "theme_styles" => Seen::made(Shape::Text),
            "range" => {
                let end = constant("end").and_then(|end| end.parse::<u64>().ok());
                if end.is_some_and(|end| end > RANGE_MAX as u64) {
                    let message = format!("a range has {RANGE_MAX} numbers at most");
                    self.report(ERROR, "endless", "range", message);
                }
                Seen::made(Shape::List(Box::new(Shape::Number)))
            }
            "get_env" => {
                let message = "a theme reaches no environment: there is no `get_env`";
                self.report(ERROR, "unknown-function", "get_env", message.into());
                Seen::any()
            }
            name => {
                if !self.house.engine.functions.contains_key(name) {
                    self.report(ERROR, "unknown-function", name, format!("there is no function `{name}`"));
                }
                Seen { typed: false, ..Seen::any() }
            }
        }
    }

    fn sentence(&mut self, key: &str, arguments: &HashMap<&str, Seen<'a>>) {
        if self.file.own {
            self.seeing.keys.insert(key.to_owned());
        }
        let Some(needed) = self.house.sentences.placeholders(key) else {
            let message = format!("locales/ has no sentence `{key}`");
            return self.report(ERROR, "missing-sentence", key, message);
        };
        for name in needed.iter().filter(|name| !arguments.contains_key(name.as_str())) {
            let message = format!("the sentence `{key}` says ${name}: write t(key=\"{key}\", {name}=…)");
            self.report(ERROR, "missing-sentence", key, message);
        }
    }

    fn macro_call(&mut self, call: &'a MacroCall) -> Seen<'a> {
        let mut names: Vec<(String, Seen<'a>)> =
            call.args.iter().map(|(name, argument)| (name.clone(), self.value(argument))).collect();
        let made = Seen::made(Shape::Text);
        let house = self.house;
        let file =
            if call.namespace == "self" { Some(self.file_name) } else { self.file.imported(&call.namespace) };
        let Some((file, parsed)) = file.and_then(|file| house.templates.get_key_value(file)) else {
            // A file that is imported and does not parse is reported where it is.
            if self.file.imported(&call.namespace).is_none() {
                let message = format!(
                    "`{0}` is imported nowhere in this file: {{% import \"pieces/….html\" as {0} %}}",
                    call.namespace
                );
                self.report(ERROR, "macro", &call.namespace, message);
            }
            return made;
        };
        let Some(definition) = parsed.macro_called(&call.name) else {
            let message = format!("{file} has no macro `{}`", call.name);
            self.report(ERROR, "macro", &call.name, message);
            return made;
        };
        for (name, default) in &definition.args {
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
        for (name, _) in call.args.iter().filter(|(name, _)| !definition.args.contains_key(*name)) {
            let message = format!("the macro `{}` takes no `{name}`, and drops it", call.name);
            self.report(Severity::Warning, "macro", name, message);
        }
        self.call(&format!("{file}::{}", call.name), file, &definition.body, names);
        made
    }
}
