//! Checks the calls in expressions: functions and macros.

use std::collections::HashMap;

use super::value::KnownValue;
use super::walk::Walk;
use crate::files::STYLES;
use crate::loader::RANGE_MAX;
use crate::shape::Shape;
use crate::theme::nearest::did_you_mean;
use crate::theme::parse::tera_tree::Invocation;
use crate::theme_source::Severity;

const ERROR: Severity = Severity::Error;

/// The expected size of a sentence without what it names, in bytes.
const SENTENCE: u64 = 500;

impl<'a> Walk<'a, '_> {
    pub(super) fn function(&mut self, call: &'a Invocation) -> KnownValue<'a> {
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
                        let known = self.context.files.statics.keys().map(String::as_str);
                        let meant = did_you_mean(&path, known);
                        let message = format!("there is no file `{path}` in static/{meant}");
                        self.report(ERROR, "missing-file", &path, message);
                    }
                    Some(path) => drop(self.observed.files.insert(path)),
                    None if !arguments.contains_key("path") => {
                        let message = "`asset` needs the name of a file of static/: asset(path=\"…\")";
                        self.report(ERROR, "missing-file", "asset", message.into());
                    }
                    // Any file may be meant.
                    None => self.observed.files.extend(self.context.files.statics.keys().cloned()),
                }
                KnownValue::made(Shape::Text)
            }
            "theme_styles" => {
                self.observed.files.insert(STYLES.to_owned());
                KnownValue::made(Shape::Text)
            }
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
                    let known = self.context.engine.functions.keys().map(String::as_str);
                    let meant = did_you_mean(name, known.chain(["t", "asset", "theme_styles"]));
                    self.report(
                        ERROR,
                        "unknown-function",
                        name,
                        format!("there is no function `{name}`{meant}"),
                    );
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
            let meant = did_you_mean(key, self.context.sentences.keys());
            let message = format!("locales/ has no sentence `{key}`{meant}");
            return self.report(ERROR, "missing-sentence", key, message);
        };
        for name in needed.iter().filter(|name| !arguments.contains_key(name.as_str())) {
            let message = format!("the sentence `{key}` says ${name}: write t(key=\"{key}\", {name}=…)");
            self.report(ERROR, "missing-sentence", key, message);
        }
    }

    pub(super) fn macro_call(&mut self, namespace: &'a str, call: &'a Invocation) -> KnownValue<'a> {
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
            let meant = did_you_mean(&call.name, parsed.macros().map(|known| known.name.as_str()));
            let message = format!("{file} has no macro `{}`{meant}", call.name);
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
