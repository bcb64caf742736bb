//! What is read of a style sheet.

use super::css::{DEPTH_MAX, FAULTS_MAX, StyleSheet};

fn faults(text: &str) -> Vec<(usize, String)> {
    StyleSheet::read(text).faults.into_iter().map(|fault| (fault.at, fault.message)).collect()
}

#[test]
fn what_browsers_mend_in_silence_is_named() {
    for (text, at, said) in [
        (":root{--accent:red\np { color: blue }", 5, "this `{` is never closed"),
        ("@media print { p { color: red }", 13, "this `{` is never closed"),
        ("p { color: red } }", 17, "one too many"),
        ("p { color: red\n background: blue }", 16, "`;` is missing before `background`"),
        ("p { --a: red\n --b: blue }", 14, "`;` is missing before `--b`"),
        ("p { color red; }", 4, "is no declaration"),
        ("color: red;", 0, "stands in no rule"),
        ("p { content: \"a\n; }", 13, "no second one"),
        ("p { background: url(a b.png); }", 16, "quote it"),
        ("p { width: calc(1px; }", 11, "this `(` is never closed"),
        ("p { color: var(accent) }", 15, "var(--accent)"),
        ("p {} /* no end", 5, "never closed"),
    ] {
        let found = faults(text);
        let fits = found.iter().any(|(place, message)| *place == at && message.contains(said));
        assert!(fits, "{text}: {found:?}");
    }
}

#[test]
fn what_is_right_is_left_alone() {
    for text in [
        "@charset \"utf-8\"; @import url(a.css); p, a:hover > b[x=\"{\"]::before { content: \"}\"; color: red }",
        "@media (min-width: 40rem) { .a { &:hover { color: red } b & { color: blue } } .b { } }",
        ":root { --a: { x: y }; --b:; --c: var(--a, #fff) }\n@keyframes k { 0% { opacity: 0 } to { opacity: 1 } }",
        "@font-face { font-family: \"A\"; src: url(\"a.woff2\") format(\"woff2\"), url(b.woff2) }",
        "<!-- --> a { filter: progid:DXImageTransform.Microsoft.gradient(startColorstr='#1', endColorstr='#2'); }",
        "p { background: url( a.png ) ;; color: red; }\n/* a */ a { /* b */ }",
        "a{color:red}b{--x:1px;--y:2px}",
        "p {\n  color:\n    red;\n}",
    ] {
        assert_eq!(faults(text), [], "{text}");
    }
}

#[test]
fn custom_properties_are_found_with_their_rules() {
    let text = ":root { --a: var(--b); }\n@media (prefers-color-scheme: dark) { :root { --a: #000; --c: var(--d, var(--e)) } }\n@property --f { syntax: \"<color>\"; }";
    let sheet = StyleSheet::read(text);
    let declared: Vec<_> = sheet
        .declarations
        .iter()
        .map(|one| (one.property.as_str(), one.value.as_str(), one.conditions.len()))
        .collect();
    assert_eq!(
        declared,
        [("--a", "var(--b)", 0), ("--a", "#000", 1), ("--c", "var(--d, var(--e))", 1), ("--f", "", 1)]
    );
    assert_eq!(sheet.declarations[1].conditions, ["media (prefers-color-scheme: dark)"]);
    let used: Vec<_> = sheet.uses.iter().map(|used| (used.name.as_str(), used.fallback)).collect();
    assert_eq!(used, [("--b", false), ("--d", true), ("--e", false)]);
    assert!(sheet.uses.iter().all(|used| text[used.at..].starts_with(&used.name)));
}

#[test]
fn nesting_has_a_bound() {
    let deep = |depth: usize| format!("{}{}", "a { ".repeat(depth), "}".repeat(depth));
    assert_eq!(faults(&deep(usize::from(DEPTH_MAX))), []);
    assert_eq!(faults(&deep(100_000)).len(), 1);
    assert!(faults(&"}".repeat(10_000)).len() == FAULTS_MAX);
}
